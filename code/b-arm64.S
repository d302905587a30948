/* SPDX-License-Identifier: MIT */
/* Appendix B: a guest to step through.  Change it, and run it again. */
/* [main] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	movz	x7, #0x0900, lsl #16	/* the address of a device */
	adr	x1, numbers		/* the address of our data */
	mov	x2, #3			/* how many there are */
	add	x0, x1, #1024		/* memory for a stack, ... */
	mov	sp, x0			/* ... which grows down */
	bl	sum			/* call */
	str	w0, [x7]		/* store to the device */
	cmp	x0, #100		/* compare: sets the flags */
	b.lt	less			/* they decide */
	brk	#1			/* never reached */
less:
	tst	x0, #2			/* is bit 1 set? */
	mrs	x3, CurrentEL		/* read a system register */
	adr	x4, vectors
	msr	vbar_el1, x4		/* write a system register */
	svc	#7			/* take an exception */
	movz	w0, #0x0008		/* 0x84000008 in two steps: */
	movk	w0, #0x8400, lsl #16	/* PSCI, switch off */
	hvc	#0			/* call the hypervisor */
/* [/main] */

/* [sum] */
sum:					/* x0 = sum of x2 words at x1 */
	stp	x29, x30, [sp, #-16]!	/* keep the link register */
	mov	x0, #0
again:
	ldr	w3, [x1], #4		/* load, then x1 = x1 + 4 */
	add	x0, x0, x3
	subs	x2, x2, #1		/* one less; sets the flags */
	b.ne	again			/* not zero: once more */
	ldp	x29, x30, [sp], #16
	ret				/* to the address in x30 */

	.balign	16
numbers:
	.word	10, 20, 12
/* [/sum] */

/* [vectors] */
	.balign	2048
vectors:
	.org	vectors + 0x200		/* from EL1, on its own stack */
	mrs	x5, esr_el1		/* why are we here? */
	eret				/* go back */
guest_end:
/* [/vectors] */
