/* SPDX-License-Identifier: MIT */
/* Exercise 26, predict: a guest that asks how long its vectors are. */
	.arch	armv8.5-a+sve
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x0, #0x330000
	msr	cpacr_el1, x0		/* vectors do not trap */
	isb
	rdvl	x0, #1
	str	x0, [x9]
	mov	x0, #2
	msr	zcr_el1, x0
	isb
	rdvl	x0, #1
	str	x0, [x9, #8]
	mov	x0, #15
	msr	zcr_el1, x0
	isb
	index	z0.b, #1, #0		/* each byte is 1 */
	ptrue	p0.b
	uaddv	d0, p0, z0.b		/* all of them together */
	fmov	x0, d0
	str	x0, [x9, #16]
guest_end:
