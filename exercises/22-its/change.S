/* SPDX-License-Identifier: MIT */
/* Exercise 22, change: a guest with an SPI and an LPI. */
	.equ	PENDING, 0x50020000
	.macro	mapc	collection, vcpu
	.quad	0x09, 0, 1 << 63 | \vcpu << 16 | \collection, 0
	.endm
	.macro	mapd	device, itt, bits
	.quad	\device << 32 | 0x08, \bits - 1, 1 << 63 | \itt, 0
	.endm
	.macro	mapti	device, event, lpi, collection
	.quad	\device << 32 | 0x0a, \lpi << 32 | \event
	.quad	\collection, 0
	.endm

	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:
	mapc	0, 0
	mapd	6, 0x50030000, 3
	mapti	6, 5, 8200, 0
mapped:
	.org	guest + 0x1000		/* the properties of LPIs */
	.fill	16, 1, 0xa3
	.org	guest + 0x3000
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
	mov	w1, #1 << 17
	str	w1, [x10, #0xc08]	/* GICD_ICFGR2: 40 is an edge */
	mov	w1, #1 << 8
	str	w1, [x10, #0x104]	/* GICD_ISENABLER1: 40 */
	ldr	x11, =0x08080000	/* the ITS */
	ldr	x1, =1 << 63 | 0x50000000
	str	x1, [x11, #0x100]	/* GITS_BASER0 */
	ldr	x1, =1 << 63 | 0x50010000
	str	x1, [x11, #0x108]	/* GITS_BASER1 */
	ldr	x1, =1 << 63 | 0x40000000
	str	x1, [x11, #0x80]	/* GITS_CBASER */
	mov	w1, #1
	str	w1, [x11]		/* GITS_CTLR */
	mov	x1, #mapped - guest
	str	x1, [x11, #0x88]	/* GITS_CWRITER */
	msr	daifclr, #2
	ldr	x24, [x9, #24]		/* how many rounds? */
	mrs	x21, cntfrq_el0
	lsr	x21, x21, #4
round:
	cbz	x24, done
	sub	x24, x24, #1
	mov	x19, #0
	str	xzr, [x9, #8]		/* both devices, please */
	mrs	x22, cntvct_el0
	add	x22, x22, x21		/* a moment from now */
wait:
	cmp	x19, #2
	b.hs	round
	mrs	x1, cntvct_el0
	cmp	x1, x22
	b.lo	wait
	b	round
done:
	str	xzr, [x9, #16]
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
