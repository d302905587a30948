/* SPDX-License-Identifier: MIT */
/* Chapter 22: a guest that maps the events of two devices to LPIs. */
/* [commands] */
	.macro	mapc	collection, vcpu
	.quad	0x09, 0, 1 << 63 | \vcpu << 16 | \collection, 0
	.endm

	.macro	mapd	device, itt, bits
	.quad	\device << 32 | 0x08, \bits - 1, 1 << 63 | \itt, 0
	.endm

	.macro	mapti	device, event, lpi, collection
	.quad	\device << 32 | 0x0a, \lpi << 32 | \event
	.quad	\collection, 0
	.endm

	.macro	inv	device, event
	.quad	\device << 32 | 0x0c, \event, 0, 0
	.endm

	.macro	movi	device, event, collection
	.quad	\device << 32 | 0x01, \event, \collection, 0
	.endm

	.macro	sync	vcpu
	.quad	0x05, 0, \vcpu << 16, 0
	.endm
/* [/commands] */

/* [queue] */
	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:					/* 0x40000000: the queue */
	mapc	0, 0			/* collection 0: vCPU 0 */
	mapc	1, 1
	mapd	0x08, 0x50040000, 1	/* the disk: 1 bit of event */
	mapti	0x08, 0, 8192, 0	/* event 0: LPI 8192 */
	mapd	0x10, 0x50040100, 1	/* the card */
	mapti	0x10, 0, 8193, 0
	mapti	0x10, 1, 8194, 0
	sync	0
mapped:
	inv	0x10, 1			/* its property has changed */
	sync	0
enabled:
	movi	0x10, 0, 1		/* to collection 1 */
	sync	0
moved:

	.org	guest + 0x1000		/* the properties of LPIs */
	.byte	0xa3, 0xa3, 0xa2	/* 8192, 8193; 8194 is off */
/* [/queue] */

/* [macros] */
	.macro	step	number		/* the program does a part */
	mov	x1, #\number
	str	x1, [x9, #8]
	.endm

	.macro	commands until		/* have been queued */
	mov	x1, #\until - guest
	str	x1, [x11, #0x88]	/* GITS_CWRITER */
	.endm
/* [/macros] */

/* [lpis] */
	.org	guest + 0x3000
	adr	x1, vectors
	msr	vbar_el1, x1		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	ldr	x10, =0x080a0000	/* this vCPU's redistributor */
	add	x10, x10, x0, lsl #17
	ldr	x1, =0x40001000 | 13	/* LPIs have 14 bits */
	str	x1, [x10, #0x70]	/* GICR_PROPBASER */
	ldr	x1, =0x50020000
	add	x1, x1, x0, lsl #16
	str	x1, [x10, #0x78]	/* GICR_PENDBASER */
	mov	w1, #1
	str	w1, [x10]		/* GICR_CTLR: LPIs may come */
	mov	x1, #0xf0
	msr	icc_pmr_el1, x1		/* more urgent than 0xf0 */
	mov	x1, #1
	msr	icc_igrpen1_el1, x1	/* those of group 1 */
	isb
	msr	daifclr, #2		/* PSTATE.I = 0 */
	cbnz	x0, second		/* which processor are we? */
/* [/lpis] */

/* [its] */
	ldr	x10, =0x08000000	/* the distributor */
	mov	w1, #2
	str	w1, [x10]		/* GICD_CTLR: group 1 */
	ldr	x11, =0x08080000	/* the ITS */
	ldr	x1, =1 << 63 | 0x50000000
	str	x1, [x11, #0x100]	/* GITS_BASER0: devices */
	ldr	x1, =1 << 63 | 0x50010000
	str	x1, [x11, #0x108]	/* GITS_BASER1: collections */
	ldr	x1, =1 << 63 | 0x40000000
	str	x1, [x11, #0x80]	/* GITS_CBASER: the queue */
	mov	w1, #1
	str	w1, [x11]		/* GITS_CTLR: on */
	commands until=mapped
/* [/its] */

/* [steps] */
	step	2			/* the disk */
	step	3			/* once more */
	step	4			/* the card, by its irqfd */
	msr	daifset, #2
	step	5			/* once more, while we sleep */
	mov	x19, #0
sleep:
	wfi
	msr	daifclr, #2		/* now the handler may run */
	isb
	msr	daifset, #2
	cbz	x19, sleep
	msr	daifclr, #2
	step	6			/* event 1, which is off */
	ldr	x10, =0x40001000	/* so switch it on */
	mov	w1, #0xa3
	strb	w1, [x10, #2]
	dsb	sy
	dc	civac, x10		/* KVM reads it by its cache */
	dsb	sy
	commands until=enabled
	step	7			/* now move event 0 */
	commands until=moved
	step	8

second:
	step	1			/* vCPU 1 is ready for LPIs */
	step	9			/* and has taken one */
	.ltorg
/* [/steps] */

/* [handler] */
irq:
	mrs	x2, icc_iar1_el1	/* acknowledge: which is it? */
	str	x2, [x9]		/* tell the program */
	add	x19, x19, #1
	msr	icc_eoir1_el1, x2	/* end of interrupt */
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/handler] */
