/* SPDX-License-Identifier: MIT */
/* Chapter 14: a guest that counts, and knows nothing of a debugger. */
/* [guest] */
	.section .rodata
	.global	guest, guest_add, guest_mrs, guest_count, guest_end
	.balign	64
guest:
	mov	x1, #0x09000000		/* the UART */
	adr	x2, guest_count		/* x2 = address of the count */
again:
	ldr	x0, [x2]		/* x0 = *(uint64_t *)x2 */
guest_add:
	add	x0, x0, #1		/* x0 = x0 + 1 */
	str	x0, [x2]		/* *(uint64_t *)x2 = x0 */
guest_mrs:
	mrs	x3, id_aa64pfr0_el1	/* x3 = a system register */
	strb	w0, [x1]		/* *(uint8_t *)x1 = x0 */
	b	again			/* goto again */

	.balign	64			/* away from the code */
guest_count:
	.quad	'A'			/* the count, 64 bits */
guest_end:
/* [/guest] */
