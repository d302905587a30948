/* SPDX-License-Identifier: MIT */
/* A vector table for guests, for #include.  Chapter 13 explains it. */
/* [report] */
	.macro	report			/* an exception */
	str	xzr, [x9]		/* tell the program */
	msr	elr_el1, x20		/* go on where we planned to */
	eret
	.endm
/* [/report] */

/* [table] */
	.macro	vector_table name, entry
	.balign	2048
\name:
	.rept	16			/* times the same */
	.balign	128
	\entry
	.endr
	.endm
/* [/table] */
