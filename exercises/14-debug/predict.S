/* SPDX-License-Identifier: MIT */
/* Exercise 14, predict: the guest. */
	.section .rodata
	.global	guest, guest_count, guest_end
	.balign	8
guest:
	mov	x1, #0x09000000		/* a device */
	adr	x2, guest_count
	mov	x4, #3
again:
	ldr	x0, [x2]
	add	x0, x0, #1
	str	x0, [x2]
	mrs	x3, id_aa64pfr0_el1
	sub	x4, x4, #1
	cbnz	x4, again		/* three times in all */
	brk	#3
	strb	w0, [x1]
	.balign	8
guest_count:
	.quad	0
guest_end:
