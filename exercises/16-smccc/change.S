/* SPDX-License-Identifier: MIT */
/* Exercise 16, change: a guest that has others compute. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x19, #0x09000000	/* where results are printed */
	mov	x1, #6
	mov	x2, #7
	mov	w0, #0xc6000000		/* MULTIPLY */
	hvc	#0			/* x0 = call(x0, x1, x2) */
	str	x0, [x19]
	mov	x1, #1000
	mov	x2, #58
	movz	w0, #0xc600, lsl #16
	movk	w0, #1			/* SUBTRACT */
	smc	#0			/* x0 = call(x0, x1, x2) */
	str	x0, [x19]

	mov	x20, #1			/* the product */
	mov	x21, #5			/* of 5, 4, 3 and 2 */
	mov	x22, #4			/* four times: */
next:
	mov	x1, x20
	mov	x2, x21
	mov	w0, #0xc6000000		/* MULTIPLY */
	smc	#0
	mov	x20, x0
	mov	x1, x21
	mov	x2, #1
	movz	w0, #0xc600, lsl #16
	movk	w0, #1			/* SUBTRACT */
	hvc	#0
	mov	x21, x0
	sub	x22, x22, #1
	cbnz	x22, next
	str	x20, [x19]

	movz	w0, #0xc600, lsl #16
	movk	w0, #2			/* a function that nobody has */
	hvc	#0
	str	x0, [x19]
	mov	w0, #0x80000000		/* SMCCC_VERSION */
	hvc	#0
	str	x0, [x19]
	str	wzr, [x19, #8]		/* power off */
guest_end:
