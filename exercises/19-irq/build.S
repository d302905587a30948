/* SPDX-License-Identifier: MIT */
/* Exercise 19, build: vCPU 0 calls vCPU 1; x0 says which one we are. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x1, vectors
	msr	vbar_el1, x1
	mov	x9, #0x09000000		/* a device */
	mov	x20, #0			/* calls so far */
	cbnz	x0, second

	mov	x10, #0x08000000	/* the distributor */
	mov	w1, #2
	str	w1, [x10]		/* GICD_CTLR: group 1 */
	ldr	x1, =3 << 24 | 1 << 1
call:
	msr	icc_sgi1r_el1, x1	/* SGI 3, to vCPU 1 */
	str	wzr, [x9, #16]		/* called */
	b	call

second:
	mov	x1, #0xf0
	msr	icc_pmr_el1, x1
	mov	x1, #1
	msr	icc_igrpen1_el1, x1
	isb
	msr	daifclr, #2
wait:
	b	wait

irq:
	mrs	x1, icc_iar1_el1
	add	x20, x20, #1
	msr	icc_eoir1_el1, x1
	str	w20, [x9, #8]		/* heard */
	eret
	.ltorg

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
