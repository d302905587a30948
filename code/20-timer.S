/* SPDX-License-Identifier: MIT */
/* Chapter 20: a guest that ticks, ten times a second. */
/* [steps] */
	.macro	step	number		/* the program does its part */
	mov	x0, #\number
	str	x0, [x9]
	.endm

	.macro	clocks			/* tells what time it is, */
	mrs	x0, cntvct_el0
	udiv	x0, x0, x21		/* in tenths of a second */
	str	x0, [x9, #8]
	mrs	x0, cntpct_el0
	udiv	x0, x0, x21
	str	x0, [x9, #16]
	.endm
/* [/steps] */

/* [sleep] */
	.macro	report			/* of the last interrupt: */
	str	x23, [x9, #32]		/* who it was */
	str	x20, [x9, #24]		/* ticks that were missed */
	.endm

	.macro	sleep			/* until the handler has run */
	mov	x19, #0
1:	wfi
	msr	daifclr, #2		/* now it may */
	isb
	msr	daifset, #2
	cbz	x19, 1b
	report
	.endm
/* [/sleep] */

/* [gic] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	ldr	x10, =0x08000000	/* the distributor */
	ldr	x11, =0x080b0000	/* vCPU 0's SGIs and PPIs */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: forward them */
	ldr	w0, =1 << 27 | 1 << 22
	str	w0, [x11, #0x100]	/* GICR_ISENABLER0: these two */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0		/* of any priority */
	mov	x0, #1
	msr	icc_igrpen1_el1, x0	/* and here they come in */
	isb
/* [/gic] */

/* [tick] */
	mrs	x21, cntfrq_el0		/* how often it counts, in Hz */
	mov	x0, #10
	udiv	x21, x21, x0		/* a tenth of a second */
	clocks
	mov	x0, #10
	udiv	x1, x21, x0		/* the first tick comes soon */
	mrs	x22, cntvct_el0
	add	x22, x22, x1		/* when the next one is due */
	msr	cntv_cval_el0, x22
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	mov	x19, #0
	msr	daifclr, #2
busy:
	cbz	x19, busy		/* until the handler has run */
	msr	daifset, #2
	report
	step	1
	sleep
	step	2			/* the program takes a break */
	sleep
	step	3			/* and now holds the clock */
	sleep
	step	4
	add	x22, x22, x21, lsl #3	/* now for a longer sleep */
	msr	cntv_cval_el0, x22
	sleep
/* [/tick] */

/* [physical] */
	msr	cntv_ctl_el0, xzr
	step	5
	msr	cntp_tval_el0, x21	/* the other timer */
	mov	x0, #1
	msr	cntp_ctl_el0, x0
	mov	x20, #0
	sleep
	step	6			/* a new offset */
	clocks
	ldr	x8, =0x09020000
	str	wzr, [x8]		/* power off */
	.ltorg
/* [/physical] */

/* [handler] */
irq:
	mrs	x23, icc_iar1_el1	/* who is it? */
	cmp	x23, #27
	b.ne	physical
	mrs	x1, cntvct_el0
	subs	x1, x1, x22		/* how late are we? */
	b.mi	done			/* not at all: too early */
	udiv	x20, x1, x21		/* this many missed */
	madd	x22, x20, x21, x22
	add	x22, x22, x21		/* the next one */
	msr	cntv_cval_el0, x22	/* quiet until then */
	b	ticked
physical:
	msr	cntp_ctl_el0, xzr
ticked:
	add	x19, x19, #1
done:
	isb
	msr	icc_eoir1_el1, x23	/* done with it */
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/handler] */
