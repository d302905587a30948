/* SPDX-License-Identifier: MIT */
/* Exercise 17, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x9, #0x09000000		/* a device */
	mov	x20, #0
	wfi
	msr	daifclr, #2		/* PSTATE.I = 0 */
	msr	daifset, #2		/* PSTATE.I = 1 */
	str	wzr, [x9, #8]
	wfi
	wfi
	str	w20, [x9]		/* the end */

irq:
	add	x20, x20, #1
	str	w20, [x9, #16]
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
