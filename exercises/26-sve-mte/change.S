/* SPDX-License-Identifier: MIT */
/* Exercise 26, change: a guest that adds up what is in a vector. */
	.arch	armv8.5-a+sve
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x0, #0x330000
	msr	cpacr_el1, x0		/* vectors do not trap */
	mov	x0, #15
	msr	zcr_el1, x0		/* as long as they can be */
	isb
	rdvl	x0, #1
	str	x0, [x9]
	ptrue	p0.b
	uaddv	d1, p0, z0.b		/* nobody here has set z0 */
	fmov	x0, d1
	str	x0, [x9, #8]
guest_end:
