/* SPDX-License-Identifier: MIT */
/* Exercise 26, build: a guest that tags every other 16 bytes. */
	.arch	armv8.5-a+memtag
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	ldr	x1, =0x40004000		/* a page table */
	ldr	x2, =0x0060000000000401	/* devices */
	ldr	x3, =0x0000000040000705	/* and tagged memory */
	stp	x2, x3, [x1]
	dsb	ish
	msr	ttbr0_el1, x1
	mov	x0, #0xf000
	msr	mair_el1, x0
	ldr	x0, =0x2000803519
	msr	tcr_el1, x0
	isb
	mrs	x0, sctlr_el1
	ldr	x1, =0x90000001005
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb

	ldr	x10, =0x40006000	/* the page */
	ldr	x1, [x9, #24]		/* the tag of its even granules */
	ldr	x2, [x9, #32]		/* and of the odd ones */
	orr	x1, x10, x1, lsl #56
	orr	x2, x10, x2, lsl #56
	mov	x3, #128
1:	stg	x1, [x1], #32
	stg	x2, [x2, #16]
	add	x2, x2, #32
	subs	x3, x3, #1
	b.ne	1b
	str	x10, [x9]		/* it is tagged */

	ldr	x2, [x9, #32]
	orr	x2, x10, x2, lsl #56
	mov	x3, #256
	mov	x20, #0
2:	ldr	x0, [x2], #16		/* with the tag of the odd ones */
	subs	x3, x3, #1
	b.ne	2b
	str	x20, [x9, #8]		/* so many faults */
	.ltorg

fault:
	add	x20, x20, #1
	add	x2, x2, #16		/* which the load has not done */
	mrs	x0, elr_el1
	add	x0, x0, #4
	msr	elr_el1, x0
	eret

	.balign	2048
vectors:
	.org	vectors + 0x200		/* synchronous, at EL1 */
	b	fault
guest_end:
