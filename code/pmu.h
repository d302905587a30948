/* SPDX-License-Identifier: MIT */
/*
 * A vCPU's event counters, and its stolen time: the attributes by which
 * a program asks for them.  Chapter 27 explains it.
 */
/* [headers] */
#ifndef PMU_H
#define PMU_H

#include "gic.h"

#ifndef KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS /* headers before 6.16 */
#define KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS 4
#endif
/* [/headers] */

/* [attributes] */
/* The INTID by which a full counter tells, the usual one. */
enum { PMU_INTID = 23 };

/* An attribute of the PMU, and the value that VALUE points to. */
static inline struct kvm_device_attr pmu_attr(uint64_t what,
					      const void *value)
{
	return (struct kvm_device_attr) {
		.group = KVM_ARM_VCPU_PMU_V3_CTRL, .attr = what,
		.addr = (uintptr_t)value,
	};
}

static inline void set_pmu(int vcpu, uint64_t what, const void *value)
{
	struct kvm_device_attr attr = pmu_attr(what, value);

	kvm_ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr,
		  "No PMU, not this value, too late, or an old KVM.");
}
/* [/attributes] */

/* [deny] */
/* Takes an event from all guests of the VM that a vCPU belongs to. */
static inline void deny_event(int vcpu, uint16_t event)
{
	struct kvm_pmu_event_filter filter = {
		.base_event = event, .nevents = 1,
		.action = KVM_PMU_EVENT_DENY,
	};

	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, &filter);
}
/* [/deny] */

/* [finish] */
/* The last step, after the GIC has been built. */
static inline void finish_pmu(int vcpu)
{
	int intid = PMU_INTID;

	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &intid);
	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL);
}
/* [/finish] */

/* [stolen] */
/* The attribute that says where a vCPU's record of stolen time is. */
static inline struct kvm_device_attr
stolen_attr(const uint64_t *address)
{
	return (struct kvm_device_attr) {
		.group = KVM_ARM_VCPU_PVTIME_CTRL,
		.attr = KVM_ARM_VCPU_PVTIME_IPA,
		.addr = (uintptr_t)address,
	};
}

/* Puts the record at a guest address, a multiple of 64. */
static inline void add_stolen_time(int vcpu, uint64_t address)
{
	struct kvm_device_attr attr = stolen_attr(&address);

	kvm_ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr,
		  "No memory there, there is a record, or this kernel"
		  " counts no delays.");
}
/* [/stolen] */

/* [end] */
#endif
/* [/end] */
