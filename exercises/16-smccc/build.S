/* SPDX-License-Identifier: MIT */
/* Exercise 16, build: a guest that talks to its firmware. */
	.section .rodata
	.global	guest, guest_end
	.balign	4

	.macro	id	number		/* w0 = number */
	movz	w0, #\number >> 16, lsl #16
	movk	w0, #\number & 0xffff
	.endm

guest:
	mov	x19, #0x09000000
	id	0x84000000		/* PSCI_VERSION */
	hvc	#0
	str	w0, [x19]
	id	0x84000000		/* the same by SMC */
	smc	#0
	str	w0, [x19]
	id	0x80000000		/* SMCCC_VERSION */
	hvc	#0
	str	w0, [x19, #4]
	mov	x1, #1
	mov	x2, #0
	id	0xc4000004		/* AFFINITY_INFO */
	smc	#0
	str	x0, [x19, #8]
	id	0x8400001f		/* the last of PSCI's */
	hvc	#0
	str	x0, [x19, #16]
	id	0x84000020		/* no longer PSCI's */
	hvc	#0
	str	x0, [x19, #24]
	id	0x84000008		/* SYSTEM_OFF */
	smc	#0
	str	w0, [x19, #32]		/* nobody should come here */
guest_end:
