/* SPDX-License-Identifier: MIT */
/* Chapter 28: a guest that ticks, ten times a second, and says so. */
/* [commands] */
	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:					/* 0x40000000: the queue */
	.quad	0x09, 0, 1 << 63, 0	/* MAPC: collection 0, vCPU 0 */
	.quad	8 << 32 | 0x08, 0	/* MAPD: device 8, its events */
	.quad	1 << 63 | 0x40030000, 0	/* are in this table */
	.quad	8 << 32 | 0x0a		/* MAPTI: its event 0 */
	.quad	8192 << 32, 0, 0	/* is LPI 8192 */
	.quad	0x05, 0, 0, 0		/* SYNC */
mapped:
	.org	guest + 0x1000		/* the properties of LPIs */
	.byte	0xa3			/* 8192: enabled */
/* [/commands] */

/* [gic] */
	.org	guest + 0x2000
	adr	x0, vectors
	msr	vbar_el1, x0		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	ldr	x10, =0x08000000	/* the distributor */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: forward them */
	mov	w0, #3 << 18		/* 40 is 0, 41 is 3 */
	str	w0, [x10, #0xc08]	/* GICD_ICFGR2: level, edge */
	mov	w0, #3 << 8
	str	w0, [x10, #0x104]	/* GICD_ISENABLER1: 40, 41 */
	ldr	x10, =0x080a0000	/* the redistributor */
	ldr	x0, =0x40001000 | 13
	str	x0, [x10, #0x70]	/* GICR_PROPBASER */
	ldr	x0, =0x40040000
	str	x0, [x10, #0x78]	/* GICR_PENDBASER */
	mov	w0, #1
	str	w0, [x10]		/* GICR_CTLR: LPIs may come */
	add	x10, x10, #0x10000
	mov	w0, #1 << 27
	str	w0, [x10, #0x100]	/* GICR_ISENABLER0: 27 */
/* [/gic] */

/* [its] */
	ldr	x10, =0x08080000	/* the ITS */
	ldr	x0, =1 << 63 | 0x40010000
	str	x0, [x10, #0x100]	/* GITS_BASER0: devices */
	ldr	x0, =1 << 63 | 0x40020000
	str	x0, [x10, #0x108]	/* GITS_BASER1: collections */
	ldr	x0, =1 << 63 | 0x40000000
	str	x0, [x10, #0x80]	/* GITS_CBASER: the queue */
	mov	w0, #1
	str	w0, [x10]		/* GITS_CTLR: on */
	mov	x0, #mapped - guest
	str	x0, [x10, #0x88]	/* GITS_CWRITER */
/* [/its] */

/* [tick] */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0		/* of any priority */
	mov	x0, #1
	msr	icc_igrpen1_el1, x0	/* and here they come in */
	mrs	x21, cntfrq_el0
	mov	x0, #10
	udiv	x21, x21, x0		/* a tenth of a second */
	mov	x22, x21		/* when the next tick is due */
	msr	cntv_cval_el0, x22
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	msr	daifclr, #2
	isb
sleep:
	wfi
	b	sleep
	.ltorg
/* [/tick] */

/* [handler] */
irq:
	mrs	x0, icc_iar1_el1	/* who is it? */
	mov	x20, #0
	cmp	x0, #27
	b.ne	report
	mrs	x1, cntvct_el0
	subs	x1, x1, x22		/* how late are we? */
	b.mi	done			/* not at all: too early */
	udiv	x20, x1, x21		/* this many ticks missed */
	madd	x22, x20, x21, x22
	add	x22, x22, x21		/* the next one */
	msr	cntv_cval_el0, x22
	isb
report:
	mrs	x1, cntvct_el0
	udiv	x1, x1, x21		/* the time, in tenths */
	orr	x1, x0, x1, lsl #32
	orr	x1, x1, x20, lsl #16
	str	x1, [x9]		/* tell the program */
done:
	msr	icc_eoir1_el1, x0	/* done with it */
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/handler] */
