/* SPDX-License-Identifier: MIT */
/* Exercise 27, predict: a guest that counts three events. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mrs	x0, pmcr_el0
	ubfx	x0, x0, #11, #5		/* N */
	str	x0, [x9]

	mov	x0, #-1
	msr	pmcntenclr_el0, x0
	msr	pmintenclr_el1, x0
	msr	pmovsclr_el0, x0
	mov	x0, #7
	msr	pmcr_el0, x0		/* all 0, and go */
	msr	pmevtyper0_el0, xzr	/* counter 0: event 0 */
	mov	x0, #8
	msr	pmevtyper1_el0, x0	/* counter 1: instructions */
	mov	x0, #0x11
	msr	pmevtyper2_el0, x0	/* counter 2: cycles */

	mov	x1, #1
	msr	pmswinc_el0, x1
	mov	x0, #7
	msr	pmcntenset_el0, x0	/* all three of them */
	mov	x0, #10
	msr	pmevcntr0_el0, x0
	msr	pmswinc_el0, x1
	msr	pmswinc_el0, x1
	mov	x0, #2
	msr	pmswinc_el0, x0
	isb
	mrs	x0, pmevcntr0_el0
	str	x0, [x9, #8]
	mrs	x0, pmevcntr1_el0
	str	x0, [x9, #16]
	mrs	x0, pmevcntr2_el0
	cmp	x0, #0
	cset	x0, ne
	str	x0, [x9, #24]		/* 1: some cycles; 0: none */
guest_end:
