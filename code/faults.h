/* SPDX-License-Identifier: MIT */
/*
 * What a program sees of a guest's exceptions, and how it lets a load
 * or a store fail.  Chapter 13 explains it; vectors.S is the guest's
 * side.
 */
/* [headers] */
#ifndef FAULTS_H
#define FAULTS_H

#include "bus.h"
/* [/headers] */

/* [system] */
/* Three registers of EL1: why, from where, and with which address. */
#define ESR_EL1	ARM64_SYS_REG(3, 0, 5, 2, 0)
#define ELR_EL1	CORE_REG(elr_el1)
#define FAR_EL1	ARM64_SYS_REG(3, 0, 6, 0, 0)
/* [/system] */

/* [print-exception] */
/* Says what the guest's registers say of its last exception. */
static inline void print_exception(int vcpu)
{
	uint64_t esr = get_reg(vcpu, ESR_EL1);
	int class = esr >> 26 & 0x3f;

	printf("  ESR 0x%08llx, %s, ELR 0x%llx",
	       (unsigned long long)esr, exception_name(esr),
	       (unsigned long long)get_reg(vcpu, ELR_EL1));
	if (class == 0x21 || class == 0x25)
		printf(", FAR 0x%llx",
		       (unsigned long long)get_reg(vcpu, FAR_EL1));
	printf("\n");
}
/* [/print-exception] */

/* [let-fail] */
/* Says what the guest does, and lets it end in an external abort. */
static inline void let_fail(int vcpu, const struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.ext_dabt_pending = 1,
	};

	print_exit(vcpu, run);
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
}
/* [/let-fail] */

/* [handle-report] */
/* Where the guest's vectors store. */
enum { REPORT_AT = 0x09030000 };

/* Prints an exception that the vectors report; the bus has the rest. */
static inline bool handle_report(int vcpu, struct kvm_run *run)
{
	if (run->mmio.phys_addr != REPORT_AT)
		return handle_mmio(vcpu, run);
	print_exception(vcpu);
	return true;
}
/* [/handle-report] */

/* [end] */
#endif
/* [/end] */
