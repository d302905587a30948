/* SPDX-License-Identifier: MIT */
/* Exercise 15, change: a guest that switches on what it finds. */
#include "psci.S"

	.section .rodata
	.global	guest, guest_end
	.balign	4

guest:
	mov	x19, #1			/* how many are on */
	adr	x20, words
next:
	mov	x1, x19
	adr	x2, other
	mov	x3, x19
	psci	0xc4000003		/* x0 = CPU_ON(x1, x2, x3) */
	cbnz	x0, off			/* no more: goto off */
no_answer:
	ldr	w4, [x20, x19, lsl #2]	/* x4 = words[x19] */
	cbz	w4, no_answer		/* until it is not 0 */
	add	x19, x19, #1
	b	next
off:
	psci	0x84000008		/* SYSTEM_OFF() */

other:					/* x0 is its number */
	adr	x20, words
	mov	w1, #1
	str	w1, [x20, x0, lsl #2]	/* words[x0] = 1 */
	psci	0x84000002		/* CPU_OFF() */

	.balign	4
words:
	.word	0, 0, 0, 0, 0, 0, 0, 0
guest_end:
