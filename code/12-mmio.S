/* SPDX-License-Identifier: MIT */
/* Chapter 12: a guest that talks to devices. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #0x09010000		/* the counter */
	mov	x2, #-1			/* all 64 bits are 1 */
	ldr	w2, [x1]		/* x2 = *(uint32_t *)x1 */
	ldr	w3, [x1]		/* x3 = *(uint32_t *)x1 */
	ldrsb	x4, [x1]		/* x4 = *(int8_t *)x1 */
	ldrsb	w5, [x1]		/* the same, in 32 bits */
	ldrb	w6, [x1]		/* x6 = *(uint8_t *)x1 */

	mov	x1, #0x09000000		/* the UART */
	adr	x0, text		/* x0 = address of text */
next:
	ldrb	w7, [x0], #1		/* x7 = *(uint8_t *)x0++ */
	cbz	w7, flash		/* if (x7 == 0) goto flash */
	strb	w7, [x1]		/* *(uint8_t *)x1 = x7 */
	b	next			/* goto next */
flash:
	mov	x1, #0x08000000		/* the flash */
	ldrb	w7, [x1]		/* x7 = *(uint8_t *)x1 */
	strb	w7, [x1, #5]		/* *(uint8_t *)(x1 + 5) = x7 */

	mov	x1, #0x09020000		/* the power switch */
	str	wzr, [x1]		/* *(uint32_t *)x1 = 0 */
text:
	.asciz	"Hi\n"
guest_end:
/* [/guest] */
