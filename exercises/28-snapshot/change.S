/* SPDX-License-Identifier: MIT */
/* Exercise 28, change: a guest that ticks, and has a disk. */
	.section .rodata
	.global	guest, guest_end
	.balign	4096
guest:					/* the queue of the ITS */
	.quad	0x09, 0, 1 << 63, 0	/* MAPC */
	.quad	8 << 32 | 0x08, 0, 1 << 63 | 0x40030000, 0	/* MAPD */
	.quad	8 << 32 | 0x0a, 8192 << 32, 0, 0	/* MAPTI */
	.quad	0x05, 0, 0, 0		/* SYNC */
mapped:
	.org	guest + 0x1000
	.byte	0xa3			/* LPI 8192: enabled */

	.org	guest + 0x2000
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* the program */
	ldr	x10, =0x08000000	/* the distributor */
	mov	w0, #2
	str	w0, [x10]
	str	wzr, [x10, #0xc08]	/* levels, from 32 on */
	str	wzr, [x10, #0xc0c]	/* and from 48 on */
	mov	w0, #-1
	str	w0, [x10, #0x104]	/* 32 to 63 */
	ldr	x10, =0x080a0000	/* the redistributor */
	ldr	x0, =0x40001000 | 13
	str	x0, [x10, #0x70]
	ldr	x0, =0x40040000
	str	x0, [x10, #0x78]
	mov	w0, #1
	str	w0, [x10]
	add	x10, x10, #0x10000
	mov	w0, #1 << 27
	str	w0, [x10, #0x100]	/* the timer */
	ldr	x10, =0x08080000	/* the ITS */
	ldr	x0, =1 << 63 | 0x40010000
	str	x0, [x10, #0x100]
	ldr	x0, =1 << 63 | 0x40020000
	str	x0, [x10, #0x108]
	ldr	x0, =1 << 63 | 0x40000000
	str	x0, [x10, #0x80]
	mov	w0, #1
	str	w0, [x10]
	mov	x0, #mapped - guest
	str	x0, [x10, #0x88]

	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	mrs	x21, cntfrq_el0
	mov	x0, #10
	udiv	x21, x21, x0		/* a tenth of a second */
	mrs	x22, cntvct_el0
	add	x22, x22, x21		/* when the next tick is due */
	msr	cntv_cval_el0, x22
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	mov	x19, #0			/* ticks */
	msr	daifclr, #2
	isb
sleep:
	wfi
	b	sleep
	.ltorg

irq:
	mrs	x0, icc_iar1_el1
	cmp	x0, #27
	b.ne	other
	mrs	x1, cntvct_el0
	subs	x1, x1, x22
	b.mi	done			/* too early */
	udiv	x20, x1, x21		/* this many were missed */
	madd	x22, x20, x21, x22
	add	x22, x22, x21
	msr	cntv_cval_el0, x22
	isb
	cbz	x20, 1f
	str	x20, [x9, #16]
1:	add	x19, x19, #1
	str	x19, [x9, #8]		/* how many ticks so far */
	b	done
other:
	str	x0, [x9]		/* which interrupt */
done:
	msr	icc_eoir1_el1, x0
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
