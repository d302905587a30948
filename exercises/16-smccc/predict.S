/* SPDX-License-Identifier: MIT */
/* Exercise 16, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	4

	.macro	call	id		/* x0 = call(id) by HVC */
	movz	w0, #\id >> 16, lsl #16
	movk	w0, #\id & 0xffff
	hvc	#0
	add	w20, w20, w0
	.endm

guest:
	mov	w20, #100
	call	0xc6000001
	call	0xc6000010
	call	0xc6000020
	call	0x84000008		/* SYSTEM_OFF */
	mov	w0, #0xc6000000
	smc	#1
	add	w20, w20, w0
	mov	w0, #0xc6000000
	smc	#0
	add	w20, w20, w0
	mov	x1, #0x09000000
	strb	w20, [x1]
guest_end:
