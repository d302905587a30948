/* SPDX-License-Identifier: MIT */
/* Where a small kernel for the tests enters its guest, once for each EL. */
	.text
	.globl __guest_enter
	.type __guest_enter, %function
__guest_enter:
	eret
	.size __guest_enter, . - __guest_enter

	.globl __kvm_nvhe___guest_enter
	.type __kvm_nvhe___guest_enter, %function
__kvm_nvhe___guest_enter:
	eret
	.size __kvm_nvhe___guest_enter, . - __kvm_nvhe___guest_enter
