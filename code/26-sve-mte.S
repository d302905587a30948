/* SPDX-License-Identifier: MIT */
/* Chapter 26: a guest with vectors, and another with tagged memory. */
/* [vectors] */
	.arch	armv8.5-a+sve+memtag
	.section .rodata
	.global	guest, guest_tags, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #32, #4		/* its field SVE */
	str	x0, [x9]
	mov	x0, #0x330000		/* ZEN and FPEN: no traps */
	msr	cpacr_el1, x0		/* of EL1's own */
	isb
	rdvl	x0, #1			/* bytes of a vector, times 1 */
	str	x0, [x9, #8]
	mov	x0, #15
	msr	zcr_el1, x0		/* as long as it can be */
	isb
	rdvl	x0, #1
	str	x0, [x9, #8]
	index	z0.b, #0, #1		/* bytes: 0, 1, 2, ... */
/* [/vectors] */

/* [sum] */
	ptrue	p0.b			/* all of them count */
sum:
	uaddv	d1, p0, z0.b		/* add them up */
	fmov	x0, d1
	str	x0, [x9, #16]
	b	sum
/* [/sum] */

/* [translate] */
guest_tags:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09040000
	ldr	x1, =0x40004000		/* a page table */
	ldr	x2, =0x0060000000000401	/* 1 GB, attribute 0 */
	ldr	x3, =0x0000000040000705	/* and attribute 1 */
	stp	x2, x3, [x1]
	dsb	ish
	msr	ttbr0_el1, x1
	mov	x0, #0xf000		/* 0: device, 1: tagged */
	msr	mair_el1, x0
	ldr	x0, =0x2000803519	/* 39 bits, tags ignored */
	msr	tcr_el1, x0
	isb
	mrs	x0, sctlr_el1
	ldr	x1, =0x90000001005	/* ATA, TCF = 1, I, C, M */
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb				/* from here on, translated */
/* [/translate] */

/* [tag] */
	mov	x0, #1
	msr	gcr_el1, x0		/* any tag but 0 */
	mov	x0, #0x100
	msr	rgsr_el1, x0		/* where the series begins */
	ldr	x1, =0x40006000
	irg	x1, x1			/* the pointer gets a tag */
	stg	x1, [x1]		/* and so do 16 bytes */
	lsr	x0, x1, #56
	str	x0, [x9, #24]
	str	x0, [x1]		/* the tags are equal */
next:
	mov	x19, #1
	ldr	x0, [x1, #16]		/* and of what is behind? */
	str	x19, [x9, #48]		/* 0: not loaded */
	b	next
	.ltorg
/* [/tag] */

/* [handler] */
report:
	mrs	x2, esr_el1
	mrs	x3, far_el1
	ubfx	x3, x3, #0, #56		/* without the tag */
	str	x2, [x9, #32]
	str	x3, [x9, #40]
	mrs	x2, elr_el1
	add	x2, x2, #4		/* go on behind it */
	msr	elr_el1, x2
	mov	x19, #0
	eret

	.balign	2048
vectors:
	.org	vectors + 0x200		/* synchronous, at EL1 */
	b	report
guest_end:
/* [/handler] */
