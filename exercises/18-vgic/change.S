/* SPDX-License-Identifier: MIT */
/* Exercise 18, change: counts redistributors, reads GICD_TYPER. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x08000000		/* the distributor */
	mov	x10, #0x09000000	/* a device */
	mov	w11, #0x080a0000	/* the first redistributor */
	mov	x1, #0
next:
	ldr	x0, [x11, #8]		/* GICR_TYPER */
	add	x1, x1, #1
	add	x11, x11, #0x20000
	tbz	x0, #4, next		/* not the last one? */
	ldr	w0, [x9, #4]		/* GICD_TYPER */
	orr	x0, x0, x1, lsl #32
	str	x0, [x10]
guest_end:
