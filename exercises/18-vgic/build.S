/* SPDX-License-Identifier: MIT */
/* Exercise 18, build: reads GICR_TYPER in the second place. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x0a000000		/* the second region */
	mov	x10, #0x09000000	/* a device */
	ldr	x0, [x9, #8]		/* GICR_TYPER */
	str	x0, [x10]
guest_end:
