/* SPDX-License-Identifier: MIT */
/* Chapter 15: a guest with two processors. */
/* [first] */
#include "psci.S"

	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #1			/* which processor: number 1 */
	adr	x2, second		/* where it is to begin */
	mov	x3, #20			/* what it finds in its x0 */
	psci	0xc4000003		/* x0 = CPU_ON(x1, x2, x3) */
	mov	x21, x0
	cbnz	x0, failed		/* if (x0 != 0) goto failed */

	mov	x1, #1
	psci	0xc4000003		/* the same once more */
	mov	x22, x0
	mov	x1, #2
	psci	0xc4000003		/* and for a number 2 */
	mov	x23, x0
/* [/first] */

/* [wait] */
	adr	x20, words
	mov	w0, #22
	str	w0, [x20]		/* for number 1 */
no_answer:
	ldr	w24, [x20, #4]
	cbz	w24, no_answer		/* until it is not 0 */
still_on:
	mov	x1, #1
	mov	x2, #0
	psci	0xc4000004		/* x0 = AFFINITY_INFO(x1, x2) */
	cbz	x0, still_on		/* 0 means: on */
/* [/wait] */

/* [system] */
	adr	x1, resume		/* where to go on */
	mov	x2, #7			/* what to find in x0 */
	psci	0xc400000e		/* SYSTEM_SUSPEND(x1, x2) */
resume:
	mov	x25, x0
	psci	0x84000008		/* SYSTEM_OFF() */
	mov	x26, x0
	movz	w0, #0x8400, lsl #16
	movk	w0, #9
	smc	#0			/* SYSTEM_RESET() */
failed:
	mov	x1, #0			/* nothing is there */
	str	x0, [x1]
/* [/system] */

/* [second] */
second:					/* x0 is what CPU_ON said */
	adr	x20, words
no_word:
	ldr	w1, [x20]
	cbz	w1, no_word		/* until it is not 0 */
	add	w0, w0, w1
	str	w0, [x20, #4]		/* for number 0 */
	psci	0x84000002		/* CPU_OFF() */
	b	failed			/* nobody comes here */

	.balign	4
words:
	.word	0, 0			/* to number 1, and back */
guest_end:
/* [/second] */
