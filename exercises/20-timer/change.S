/* SPDX-License-Identifier: MIT */
/* Exercise 20, change: a guest that counts what it misses. */
	.macro	sleep			/* until the handler has run */
	mov	x19, #0
1:	wfi
	msr	daifclr, #2
	isb
	msr	daifset, #2
	cbz	x19, 1b
	.endm

	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x08000000	/* the distributor */
	mov	w11, #0x080b0000	/* vCPU 0's SGIs and PPIs */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR */
	mov	w0, #0xffff0000
	str	w0, [x11, #0x100]	/* GICR_ISENABLER0: all PPIs */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	ldr	x24, [x9, #24]		/* how many breaks? */
	mov	x25, #0			/* ticks that were missed */
	mrs	x21, cntfrq_el0
	mov	x0, #10
	udiv	x21, x21, x0		/* a tenth of a second */
	mrs	x22, cntvct_el0
	add	x22, x22, x21		/* when the next tick is due */
	msr	cntv_cval_el0, x22
	mov	x0, #1
	msr	cntv_ctl_el0, x0
breaks:
	sleep
	add	x25, x25, x20
	cbz	x24, all
	sub	x24, x24, #1
	mrs	x26, cntpct_el0
	str	x26, [x9, #8]		/* the program takes a break */
	mrs	x0, cntpct_el0
	sub	x0, x0, x26
	udiv	x0, x0, x21
	str	x0, [x9, #16]		/* how many periods it took */
	b	breaks
all:
	str	x25, [x9]
irq:
	mrs	x23, icc_iar1_el1	/* who is it? */
	mrs	x1, cntvct_el0
	subs	x1, x1, x22
	b.mi	early
	add	x19, x19, #1
	udiv	x20, x1, x21		/* ticks that were missed */
	madd	x22, x20, x21, x22
	add	x22, x22, x21		/* the next one */
	msr	cntv_cval_el0, x22
early:
	isb
	msr	icc_eoir1_el1, x23
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
