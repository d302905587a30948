/* SPDX-License-Identifier: MIT */
/*
 * Interrupts that the program raises itself, at the pins of a vCPU.
 * Chapter 17 explains it.
 */
/* [headers] */
#ifndef IRQ_H
#define IRQ_H

#include "bus.h"
/* [/headers] */

/* [pin] */
/* How KVM_IRQ_LINE names a pin of a vCPU, KVM_ARM_IRQ_CPU_... */
static inline uint32_t cpu_pin(unsigned int vcpu_id, uint32_t pin)
{
	return KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT |
	       vcpu_id / 256 << KVM_ARM_IRQ_VCPU2_SHIFT |
	       vcpu_id % 256 << KVM_ARM_IRQ_VCPU_SHIFT | pin;
}
/* [/pin] */

/* [set-line] */
/* Makes a line high or low.  Any thread may do that at any time. */
static inline void set_line(int vm, uint32_t irq, bool level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	kvm_ioctl(vm, KVM_IRQ_LINE, &line,
		  "There is no such vCPU, or no such line.");
}
/* [/set-line] */

/* [run-once] */
/*
 * Runs a vCPU until there is something to do, which the run page
 * explains.  That may be KVM_EXIT_INTR: then KVM_RUN failed with EINTR.
 */
static inline void run_once(int vcpu, const struct kvm_run *run)
{
	int result = ioctl(vcpu, KVM_RUN, 0);

	if (result < 0 && errno == EINTR &&
	    run->exit_reason == KVM_EXIT_INTR)
		return;
	must(result, "The guest cannot run.");
}
/* [/run-once] */

/* [end] */
#endif
/* [/end] */
