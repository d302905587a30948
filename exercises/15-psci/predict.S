/* SPDX-License-Identifier: MIT */
/* Exercise 15, predict: the guest. */
#include "psci.S"

	.section .rodata
	.global	guest, guest_end
	.balign	4

	.macro	cpu_on	number		/* x0 = CPU_ON(number) */
	mov	x1, #\number
	adr	x2, other
	mov	x3, #\number
	psci	0xc4000003
	.endm

	.macro	info	number		/* x0 = AFFINITY_INFO(number) */
	mov	x1, #\number
	mov	x2, #0
	psci	0xc4000004
	.endm

guest:
	mov	x9, #0x09000000		/* a device */
	cpu_on	2
	cpu_on	1

	mov	x10, #0
	info	0
	add	x10, x10, x0		/* x10 += x0 */
	info	1
	add	x10, x10, x0, lsl #1	/* x10 += 2 * x0 */
	info	2
	add	x10, x10, x0, lsl #2	/* x10 += 4 * x0 */
	info	3
	add	x10, x10, x0, lsl #3	/* x10 += 8 * x0 */
	strb	w10, [x9]
	psci	0x84000008		/* SYSTEM_OFF() */
other:
	strb	w0, [x9, #8]
guest_end:
