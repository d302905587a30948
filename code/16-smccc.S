/* SPDX-License-Identifier: MIT */
/* Chapter 16: a guest that calls functions of the program. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	w0, #0x80000000		/* SMCCC_VERSION */
	hvc	#0			/* x0 = call(x0) */
	mov	x20, x0			/* keep the answer */
	mov	w0, #0x86000000		/* KVM's features */
	hvc	#0			/* x0 = call(x0) */
	mov	x21, x0

	mov	w1, #'#'		/* the argument */
	mov	w0, #0xc6000000		/* PUTCHAR */
	hvc	#0			/* x0 = call(x0, x1) */
	mov	w0, #0xc6000000		/* PUTCHAR */
	smc	#0			/* the same by SMC */

	adr	x19, text		/* x19 = address of text */
call:
	ldrb	w1, [x19], #1		/* x1 = *(uint8_t *)x19++ */
	cbz	w1, store		/* if (x1 == 0) goto store */
	mov	w0, #0xc6000000		/* PUTCHAR */
	hvc	#0			/* x0 = call(x0, x1) */
	b	call			/* goto call */

store:
	mov	x22, x0			/* keep the last answer */
	adr	x19, text
	mov	x2, #0x09000000		/* the UART */
next:
	ldrb	w1, [x19], #1		/* x1 = *(uint8_t *)x19++ */
	cbz	w1, off			/* if (x1 == 0) goto off */
	strb	w1, [x2]		/* *(uint8_t *)x2 = x1 */
	b	next			/* goto next */
off:
	mov	x2, #0x09020000		/* the power switch */
	str	wzr, [x2]		/* *(uint32_t *)x2 = 0 */
text:
	.asciz	"Hi\n"
guest_end:
/* [/guest] */
