/* SPDX-License-Identifier: MIT */
/* Exercise 22, build: a guest that leaves the ITS to others. */
	.equ	PENDING, 0x40000000
	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:
	.org	guest + 0x1000		/* the properties of LPIs */
	.fill	0x2000, 1, 0xa3
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	ldr	x10, =0x080a0000	/* the redistributor */
	ldr	x1, =0x40001000 | 13
	str	x1, [x10, #0x70]	/* GICR_PROPBASER */
	ldr	x1, =PENDING
	str	x1, [x10, #0x78]	/* GICR_PENDBASER */
	mov	w1, #1
	str	w1, [x10]		/* GICR_CTLR: LPIs may come */
	ldr	x10, =0x08000000	/* the distributor */
	mov	w1, #2
	str	w1, [x10]		/* GICD_CTLR */
	mov	x1, #0xff
	msr	icc_pmr_el1, x1
	mov	x1, #1
	msr	icc_igrpen1_el1, x1
	isb
	msr	daifclr, #2
	mov	x19, #0
	mrs	x21, cntfrq_el0
	lsr	x21, x21, #4
	str	xzr, [x9, #8]		/* set up the ITS, please */
	mrs	x22, cntvct_el0
	add	x22, x22, x21		/* a moment from now */
wait:
	cbnz	x19, done
	mrs	x1, cntvct_el0
	cmp	x1, x22
	b.lo	wait
done:
	str	xzr, [x9, #16]		/* the end */
irq:
	mrs	x2, icc_iar1_el1	/* which is it? */
	and	x3, x2, #0x1fff	/* of an LPI, less 8192 */
	str	x3, [x9]
	add	x19, x19, #1
	msr	icc_eoir1_el1, x2
	eret
	.ltorg

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
