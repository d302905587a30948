/* SPDX-License-Identifier: MIT */
/* Exercise 11, build: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	/* still to be written */
guest_end:
