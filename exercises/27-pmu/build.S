/* SPDX-License-Identifier: MIT */
/* Exercise 27, build: a guest that asks for its record. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	ldr	w0, =0xc5000020		/* PV_TIME_FEATURES */
	ldr	w1, =0xc5000021
	hvc	#0
	str	x0, [x9]
	cbnz	x0, end
	ldr	w0, =0xc5000021		/* PV_TIME_ST */
	hvc	#0
	mov	x1, #0x40000000
	sub	x0, x0, x1
	lsr	x0, x0, #6		/* the number of the record */
	str	x0, [x9, #8]
end:
	str	xzr, [x9, #16]
	b	end
	.ltorg
guest_end:
