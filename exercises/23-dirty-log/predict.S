/* SPDX-License-Identifier: MIT */
/* Exercise 23, predict: a guest that loads and stores, page by page. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* page 0 */
	add	x11, x10, #0x1000	/* page 1 */
	add	x12, x10, #0x2000
	add	x13, x10, #0x3000
	add	x14, x10, #0x4000
	add	x15, x10, #0x5000	/* page 5 */

	str	w0, [x10]		/* page 0, three times */
	str	w0, [x10, #4]
	str	w0, [x10, #8]
	ldr	w1, [x11]		/* page 1: a load */
	str	w0, [x12]		/* page 2 */
	str	wzr, [x9]		/* the first turn is over */

	str	w0, [x13]		/* pages 3, 4 and 5 */
	str	w0, [x14]
	str	w0, [x15]
	str	wzr, [x9]		/* the second */

	str	w0, [x14]		/* page 4 again */
	str	w0, [x11]		/* and page 1 */
	str	wzr, [x9]		/* the third */
guest_end:
