/* SPDX-License-Identifier: MIT */
/* Chapter 17: a guest that is interrupted. */
/* [steps] */
	.macro	step	number		/* the program does its part */
	mov	x0, #\number
	str	x0, [x9]
	.endm

	.macro	pending			/* tells what waits for us */
	mrs	x0, isr_el1
	str	x0, [x9, #8]
	.endm
/* [/steps] */

/* [masked] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0		/* exceptions go there */
	isb
	mov	x9, #0x09040000		/* our board */
	mov	x20, #0			/* how often we were asked */

	step	1			/* IRQ goes high */
	pending
	msr	daifclr, #2		/* PSTATE.I = 0 */
	msr	daifset, #2		/* PSTATE.I = 1 */
	step	2			/* FIQ goes high */
	pending
	msr	daifclr, #1		/* PSTATE.F = 0 */
	msr	daifset, #1
/* [/masked] */

/* [wfi] */
	step	3			/* IRQ goes high */
	wfi				/* wait for what is there */
	step	4			/* IRQ goes low ... */
	wfi				/* ... and high, some time */
	msr	daifclr, #2
	msr	daifset, #2
	step	5			/* the same again */
	wfi
	msr	daifclr, #2
/* [/wfi] */

/* [timer] */
	step	6
	mov	x21, #0
	mov	x0, #1000
	msr	cntv_tval_el0, x0	/* 1,000 ticks from now, */
	mov	x0, #1
	msr	cntv_ctl_el0, x0	/* interrupt me */
no_tick:
	cbz	x21, no_tick		/* until the handler has run */
	mov	x8, #0x09020000
	str	wzr, [x8]		/* power off */
/* [/timer] */

/* [handlers] */
irq:
	ldr	x0, [x9, #16]		/* who is it? */
	cmp	x0, #27
	b.eq	tick			/* the timer */
	add	x20, x20, #1
	cmp	x20, #1
	b.eq	out			/* the first time, forget it */
	b	done
tick:
	msr	cntv_ctl_el0, xzr	/* quiet now */
	mov	x21, #1
done:
	str	x0, [x9, #24]		/* taken care of */
out:
	eret

fiq:
	mov	x0, #0
	str	x0, [x9, #24]
	eret
/* [/handlers] */

/* [vectors] */
	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
	.org	vectors + 0x300		/* an FIQ, at EL1 */
	b	fiq
guest_end:
/* [/vectors] */
