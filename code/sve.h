/* SPDX-License-Identifier: MIT */
/* SVE: vectors whose length the program chooses.  Chapter 26. */
/* [sve-headers] */
#ifndef SVE_H
#define SVE_H

#include "vmm.h"
/* [/sve-headers] */

/* [wide] */
/* Reads a register of any size into VALUE, or ends the program. */
static inline void get_wide(int vcpu, uint64_t id, void *value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
		  "This vCPU has no such register, or not yet.");
}

/* Sets it to what is in VALUE, or ends the program. */
static inline void set_wide(int vcpu, uint64_t id, const void *value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register, or no longer.");
}
/* [/wide] */

/* [lengths] */
/* A set of vector lengths: bit N is there for (N + 1) * 16 bytes. */
struct lengths {
	uint64_t words[KVM_ARM64_SVE_VLS_WORDS];
};

/* The longest of a set, in bytes; 0 if there is none. */
static inline int longest(const struct lengths *set)
{
	for (int n = 64 * KVM_ARM64_SVE_VLS_WORDS - 1; n >= 0; n--)
		if (set->words[n / 64] >> n % 64 & 1)
			return (n + 1) * 16;
	return 0;
}
/* [/lengths] */

/* [limit] */
/*
 * Lets a vCPU, before finish_sve(), have the vector lengths of the host
 * up to so many BYTES, at least 16.  Returns the longest.
 */
static inline int limit_vectors(int vcpu, int bytes)
{
	struct lengths set;

	get_wide(vcpu, KVM_REG_ARM64_SVE_VLS, &set);
	for (int n = bytes / 16; n < 64 * KVM_ARM64_SVE_VLS_WORDS; n++)
		set.words[n / 64] &= ~(1ULL << n % 64);
	set_wide(vcpu, KVM_REG_ARM64_SVE_VLS, &set);
	return longest(&set);
}
/* [/limit] */

/* [finish] */
/* Ends what there is to choose: now the vCPU can run, with SVE. */
static inline void finish_sve(int vcpu)
{
	int feature = KVM_ARM_VCPU_SVE;

	kvm_ioctl(vcpu, KVM_ARM_VCPU_FINALIZE, &feature,
		  "It has no SVE, is finished, or no memory is left.");
}
/* [/finish] */

/* [sve-end] */
#endif
/* [/sve-end] */
