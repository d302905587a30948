/* SPDX-License-Identifier: MIT */
/* Exercise 17, change: a guest that counts ticks; x19 is how many. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x9, #0x09000000		/* a device */
	mov	x20, #0			/* ticks so far */
	msr	daifclr, #2		/* PSTATE.I = 0 */
next:
	mov	x21, #0
	mov	x0, #1000
	msr	cntv_tval_el0, x0	/* 1,000 ticks from now, */
	mov	x0, #1
	msr	cntv_ctl_el0, x0	/* interrupt me */
no_tick:
	cbz	x21, no_tick
	cmp	x20, x19
	b.lo	next
	str	w20, [x9]		/* the end */

irq:
	ldr	w0, [x9, #8]		/* is it the timer? */
	cbz	w0, out			/* no, nobody */
	msr	cntv_ctl_el0, xzr	/* quiet now */
	mov	x21, #1
	add	x20, x20, #1
	str	wzr, [x9, #16]		/* taken care of */
out:
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
