/* SPDX-License-Identifier: MIT */
/* Exercise 27, change: a guest that tells what it has counted. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x0, #-1
	msr	pmcntenclr_el0, x0
	msr	pmintenclr_el1, x0
	msr	pmovsclr_el0, x0
	mov	x0, #0x11
	msr	pmevtyper0_el0, x0	/* counter 0: cycles */
	mov	x0, #8
	msr	pmevtyper1_el0, x0	/* counter 1: instructions */
	msr	pmevtyper2_el0, xzr	/* counter 2: event 0 */
	mov	x0, #7
	msr	pmcntenset_el0, x0
	msr	pmcr_el0, x0		/* all 0, and go */
	isb
	ldr	x1, [x9, #24]		/* how many increments? */
	mov	x0, #4
next:
	msr	pmswinc_el0, x0
	subs	x1, x1, #1
	b.ne	next
	mrs	x0, pmevcntr0_el0
	mrs	x1, pmevcntr1_el0
	mrs	x2, pmevcntr2_el0
	str	x0, [x9]
	str	x1, [x9, #8]
	str	x2, [x9, #16]
guest_end:
