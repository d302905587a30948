/* SPDX-License-Identifier: MIT */
/* Exercise 24, predict: a guest that loads and stores, page by page. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* page 0 */
	add	x11, x10, #0x1000	/* page 1 */
	add	x12, x10, #0x2000
	add	x13, x10, #0x3000	/* page 3 */

	str	w0, [x10]		/* page 0, three times */
	str	w0, [x10, #4]
	str	w0, [x10, #8]
	ldr	w1, [x11]		/* page 1: a load */
	str	w0, [x12]		/* page 2 */
	str	wzr, [x9]		/* the first turn is over */

	str	w0, [x10]		/* pages 0, 2 and 3 */
	str	w0, [x12]
	str	w0, [x13]
	str	wzr, [x9]		/* the second */

	str	w0, [x12]		/* page 2, twice */
	str	w0, [x12, #4]
	ldr	w1, [x10]		/* page 0: a load */
	str	w0, [x13]		/* page 3 */
	str	wzr, [x9]		/* the third */
guest_end:
