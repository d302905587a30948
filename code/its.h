/* SPDX-License-Identifier: MIT */
/*
 * The ITS, which makes an interrupt of a message: how to create one,
 * and how to send it what a device would.  Chapter 22 explains it.
 */
/* [headers] */
#ifndef ITS_H
#define ITS_H

#include "gic.h"
/* [/headers] */

/* [place] */
/* Where the guest finds the ITS, and the register devices store to. */
enum { ITS_AT = 0x08080000, DOORBELL_AT = ITS_AT + 0x10040 };
/* [/place] */

/* [create-its] */
/*
 * Creates an ITS and places it; the VM needs a GIC for it, too.
 * Returns its descriptor, or ends the program.
 */
static inline int create_its(int vm)
{
	uint64_t at = ITS_AT;
	struct kvm_create_device device = {
		.type = KVM_DEV_TYPE_ARM_VGIC_ITS,
	};

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &device,
		  "This host has no GICv3, or no memory is left.");
	set_gic(device.fd, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_ITS_ADDR_TYPE, &at);
	set_gic(device.fd, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	return device.fd;
}
/* [/create-its] */

/* [message] */
/* What a device sends for one of its events. */
static inline struct kvm_msi message(uint32_t device, uint32_t event)
{
	return (struct kvm_msi) {
		.address_lo = DOORBELL_AT, .data = event,
		.flags = KVM_MSI_VALID_DEVID, .devid = device,
	};
}
/* [/message] */

/* [signal] */
/* Sends it; false if the guest has not mapped that event. */
static inline bool signal_msi(int vm, struct kvm_msi msi)
{
	return kvm_ioctl(vm, KVM_SIGNAL_MSI, &msi,
			 "There is no ITS there, or it is off.");
}
/* [/signal] */

/* [route] */
/* Makes GSI a name for a message, and takes away all other names. */
static inline void route_msi(int vm, uint32_t gsi, struct kvm_msi msi)
{
	struct kvm_irq_routing *table = map(-1, 4096);

	table->nr = 1;
	table->entries[0] = (struct kvm_irq_routing_entry) {
		.gsi = gsi, .type = KVM_IRQ_ROUTING_MSI,
		.flags = msi.flags,
		.u.msi = {
			.address_lo = msi.address_lo, .data = msi.data,
			.devid = msi.devid,
		},
	};
	kvm_ioctl(vm, KVM_SET_GSI_ROUTING, table,
		  "No such GSI, or two routes for one.");
	munmap(table, 4096);
}
/* [/route] */

/* [end] */
#endif
/* [/end] */
