/* SPDX-License-Identifier: MIT */
/* How a guest calls PSCI, for #include.  Chapter 15 explains it. */
/* [psci] */
	.macro	psci	function	/* asks whoever is above us */
	movz	w0, #\function >> 16, lsl #16
	movk	w0, #\function & 0xffff
	hvc	#0
	.endm
/* [/psci] */
