/* SPDX-License-Identifier: MIT */
/* Chapter 11: the first guest. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x0, #6			/* x0 = 6 */
	mov	x1, #7			/* x1 = 7 */
	mul	x0, x0, x1		/* x0 = x0 * x1 */
	mov	x2, #0x09000000		/* no memory there */
again:
	str	w0, [x2]		/* *(uint32_t *)x2 = x0 */
	add	x0, x0, #1		/* x0 = x0 + 1 */
	b	again			/* goto again */
guest_end:
/* [/guest] */
