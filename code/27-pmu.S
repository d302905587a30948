/* SPDX-License-Identifier: MIT */
/* Chapter 27: a guest that counts, and that asks what it has lost. */
/* [count] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	mrs	x0, pmcr_el0
	ubfx	x0, x0, #11, #5		/* N: how many counters */
	str	x0, [x9]
	mrs	x0, pmceid0_el0		/* a bit for each event */
	ubfx	x0, x0, #0x11, #1	/* that of 0x11: cycles */
	str	x0, [x9, #8]

	mov	x0, #-1			/* nobody has cleared these */
	msr	pmcntenclr_el0, x0
	msr	pmintenclr_el1, x0
	msr	pmovsclr_el0, x0
	mov	x0, #0x11
	msr	pmevtyper0_el0, x0	/* counter 0: cycles */
	msr	pmevtyper1_el0, xzr	/* counter 1: event 0 */
	mov	x0, #3
	msr	pmcntenset_el0, x0	/* both of them */
	mov	x0, #7
	msr	pmcr_el0, x0		/* all 0, and go */
	isb
	mov	x1, #1000
work:
	subs	x1, x1, #1
	b.ne	work
	mov	x0, #2
	msr	pmswinc_el0, x0		/* here is an event 0 */
	msr	pmswinc_el0, x0
	msr	pmswinc_el0, x0
	mrs	x1, pmevcntr0_el0
	mrs	x2, pmevcntr1_el0
	str	x1, [x9, #16]
	msr	pmcr_el0, xzr		/* stop */
	str	x2, [x9, #24]
/* [/count] */

/* [overflow] */
	ldr	x10, =0x08000000	/* the distributor */
	ldr	x11, =0x080b0000	/* vCPU 0's SGIs and PPIs */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: forward them */
	mov	w0, #1 << 23
	str	w0, [x11, #0x100]	/* GICR_ISENABLER0 */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0		/* of any priority */
	mov	x0, #1
	msr	icc_igrpen1_el1, x0	/* and here they come in */
	msr	pmintenset_el1, x0	/* counter 0 may interrupt */
	ldr	w0, =-100000
	msr	pmevcntr0_el0, x0	/* it is full soon */
	mov	x0, #1
	msr	pmcr_el0, x0		/* go on */
	mov	x19, #0
	msr	daifclr, #2
busy:
	cbz	x19, busy		/* until the handler has run */
	msr	daifset, #2
	msr	pmcr_el0, xzr
	str	x23, [x9, #32]		/* who it was */
/* [/overflow] */

/* [ask] */
ask:
	ldr	w0, =0xc5000020		/* PV_TIME_FEATURES */
	ldr	w1, =0xc5000021		/* do you have PV_TIME_ST? */
	hvc	#0
	str	x0, [x9, #40]
	cbnz	x0, ask			/* not yet */
	ldr	w0, =0xc5000021		/* PV_TIME_ST */
	hvc	#0
	str	x0, [x9, #48]
	mov	x10, x0			/* the record */
	mrs	x11, cntfrq_el0
	mov	x0, #50
	udiv	x11, x11, x0		/* 20 ms */
/* [/ask] */

/* [lose] */
	mov	x14, #0			/* how much it may lose */
lose:
	ldr	x12, [x10, #8]		/* stolen so far, in ns */
	mrs	x13, cntvct_el0
spin:
	isb
	mrs	x0, cntvct_el0
	sub	x0, x0, x13
	cmp	x0, x11
	b.lo	spin			/* 20 ms are not over */
	ldr	x0, [x10, #8]
	sub	x0, x0, x12		/* stolen meanwhile */
	cmp	x0, x14
	b.lo	spin			/* not yet that much */
	str	x0, [x9, #56]
	ldr	x14, =5000000		/* 5 ms */
	b	lose
	.ltorg
/* [/lose] */

/* [handler] */
irq:
	mrs	x23, icc_iar1_el1	/* who is it? */
	mov	x0, #1
	msr	pmovsclr_el0, x0	/* seen, be quiet */
	isb
	mov	x19, #1
	msr	icc_eoir1_el1, x23	/* done with it */
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/handler] */
