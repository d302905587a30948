/* SPDX-License-Identifier: MIT */
/*
 * An interrupt controller in the kernel, a GICv3: how to create one,
 * place it, and build it.  Chapter 18 explains it.
 */
/* [headers] */
#ifndef GIC_H
#define GIC_H

#include "vmm.h"
/* [/headers] */

/* [places] */
/* Where the guest finds the distributor, and the redistributors. */
enum { GICD_AT = 0x08000000, GICR_AT = 0x080a0000 };
/* [/places] */

/* [create-gic] */
/* Creates a VM's GIC; returns its descriptor, or ends the program. */
static inline int create_gic(int vm)
{
	struct kvm_create_device device = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
	};

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &device,
		  "The VM has a GIC or a vCPU that has run, or this"
		  " host has no GICv3.");
	return device.fd;
}
/* [/create-gic] */

/* [attributes] */
/*
 * Sets an attribute of the GIC to the value that VALUE points to, whose
 * size depends on the attribute.  Ends the program if KVM refuses.
 */
static inline void set_gic(int gic, uint32_t group, uint64_t attribute,
			   const void *value)
{
	struct kvm_device_attr attr = {
		.group = group, .attr = attribute,
		.addr = (uintptr_t)value,
	};

	kvm_ioctl(gic, KVM_SET_DEVICE_ATTR, &attr,
		  "Not this attribute, not this value, or not now.");
}

/* The value of an attribute of 8 or 4 bytes; else ends the program. */
static inline uint64_t get_gic(int gic, uint32_t group,
			       uint64_t attribute)
{
	uint64_t value = 0;
	struct kvm_device_attr attr = {
		.group = group, .attr = attribute,
		.addr = (uintptr_t)&value,
	};

	kvm_ioctl(gic, KVM_GET_DEVICE_ATTR, &attr,
		  "Not this attribute, or not yet.");
	return value;
}
/* [/attributes] */

/* [finish-gic] */
/*
 * Places the GIC, gives it that many INTIDs, private ones included, and
 * builds it.  Afterwards the VM gets no more vCPUs.
 */
static inline void finish_gic(int gic, uint32_t irqs)
{
	uint64_t dist = GICD_AT, redist = GICR_AT;

	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &irqs);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}
/* [/finish-gic] */

/* [end] */
#endif
/* [/end] */
