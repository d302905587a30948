/* SPDX-License-Identifier: MIT */
/* Exercise 18, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x08000000		/* the distributor */
	mov	x10, #0x09000000	/* a device */
	ldr	w0, [x9, #4]		/* GICD_TYPER */
	and	w0, w0, #31
	str	w0, [x10]
guest_end:
