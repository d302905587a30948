/* SPDX-License-Identifier: MIT */
/* Chapter 18: the guest reads four registers of its GIC. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	ldr	x9, =0x09030000		/* our board */
	ldr	x10, =0x08000000	/* the distributor */
	ldr	x11, =0x080a0000	/* vCPU 0's redistributor */
	add	x12, x11, #0x20000	/* vCPU 1's */

	ldr	w0, [x10, #4]		/* GICD_TYPER */
	ldr	w1, [x10, #8]		/* GICD_IIDR */
	ldr	x2, [x11, #8]		/* GICR_TYPER */
	ldr	x3, [x12, #8]		/* the other one's */

	str	x0, [x9]
	str	x1, [x9, #8]
	str	x2, [x9, #16]
	str	x3, [x9, #24]
	ldr	x9, =0x09020000		/* the power switch */
	str	wzr, [x9]
	.ltorg
guest_end:
/* [/guest] */
