/* SPDX-License-Identifier: MIT */
/* Chapter 29: a guest that is a hypervisor, and its own guest. */
/* [tables] */
	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:
	adr	x10, vectors
	msr	vbar_el2, x10		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	mrs	x10, CurrentEL
	lsr	x10, x10, #2
	str	x10, [x9]

	ldr	x11, =0x40004000	/* stage 2: level 1, */
	ldr	x12, =0x40005000	/* level 2, */
	ldr	x13, =0x40006000	/* level 3 */
	add	x10, x12, #3		/* a table */
	str	x10, [x11]
	add	x10, x13, #3
	str	x10, [x12]
	ldr	x10, =0x400017ff	/* a page: its code */
	str	x10, [x13]
	ldr	x10, =0x090404c3	/* a page: our board */
	str	x10, [x13, #2 * 8]
/* [/tables] */

/* [enter] */
	msr	vttbr_el2, x11		/* stage 2 is there, */
	ldr	x10, =0x80023560	/* and has 32 bits */
	msr	vtcr_el2, x10
	ldr	x10, =0x480000019	/* RW, E2H, IMO, FMO, VM */
	msr	hcr_el2, x10
	mrs	x10, hcr_el2
	str	x10, [x9, #8]
	msr	elr_el2, xzr		/* begin at 0, */
	mov	x10, #0x3c5
	msr	spsr_el2, x10		/* at EL1 */
	dsb	ish
	isb
	eret
/* [/enter] */

/* [trap] */
trap:
	mrs	x14, esr_el2		/* why? */
	lsr	x15, x14, #26
	cmp	x15, #0x16		/* it calls */
	b.eq	call
	cmp	x15, #0x24		/* it has no such page */
	b.eq	fault
	str	x14, [x9, #64]
fault:
	mrs	x16, hpfar_el2
	lsl	x16, x16, #8		/* which one? */
	str	x16, [x9, #24]
	ldr	x17, =0x400027ff
	lsr	x16, x16, #12 - 3
	str	x17, [x13, x16]		/* now it has */
	dsb	ish
	eret
/* [/trap] */

/* [call] */
call:
	str	x0, [x9, #32]
	tbz	x14, #0, inject		/* hvc #0 */
	str	xzr, [x13, #8]		/* hvc #1: the page goes */
	dsb	ish
	mov	x10, #1
	tlbi	ipas2e1is, x10		/* forget 0x1000, */
	dsb	ish
	tlbi	vmalle1is		/* and what came of it */
	dsb	ish
	isb
	eret
/* [/call] */

/* [inject] */
inject:
	ldr	x10, =0x08000000	/* the distributor */
	mov	w16, #2
	str	w16, [x10]		/* GICD_CTLR: forward them */
	ldr	x10, =0x080b0000	/* our SGIs and PPIs */
	mov	w16, #1 << 25
	str	w16, [x10, #0x100]	/* GICR_ISENABLER0 */
	mov	x10, #0xff
	msr	icc_pmr_el1, x10
	mov	x10, #1
	msr	icc_igrpen1_el1, x10
	ldr	x10, =0x5080020000000028
	msr	ich_lr0_el2, x10	/* 40 is pending; tell us */
	mov	x10, #1
	msr	ich_hcr_el2, x10	/* its interrupts are on */
	isb
	eret

maintain:
	mrs	x10, icc_iar1_el1	/* who is it? */
	mrs	x14, ich_misr_el2	/* why? */
	msr	ich_lr0_el2, xzr
	msr	icc_eoir1_el1, x10
	str	x14, [x9, #56]
	b	.
/* [/inject] */

/* [vectors] */
	.ltorg
	.balign	2048
vectors:
	.org	vectors + 0x400		/* from EL1 */
	b	trap
	.org	vectors + 0x480		/* an IRQ, from EL1 */
	b	maintain
/* [/vectors] */

/* [inner] */
	.org	guest + 0x1000		/* the guest's guest */
inner:
	mrs	x0, CurrentEL
	lsr	x0, x0, #2
	mov	x1, #0x2000		/* the board, as we know it */
	str	x0, [x1, #16]
	mov	x2, #0x1000
	mov	x0, #42
	str	x0, [x2]		/* there is no such page */
	hvc	#1			/* and here it goes */
	ldr	x0, [x2]
	str	x0, [x1, #40]
	adr	x0, inner_vectors
	msr	vbar_el1, x0
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	msr	daifclr, #2
	hvc	#0			/* an interrupt, please */
	b	.

irq:
	mrs	x0, icc_iar1_el1
	str	x0, [x1, #48]
	msr	icc_eoir1_el1, x0	/* done with it */
	eret

	.org	inner + 0x800
inner_vectors:
	.org	inner_vectors + 0x280	/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/inner] */
