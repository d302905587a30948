/* SPDX-License-Identifier: MIT */
/*
 * The registers of a GIC that a program reads and writes as attributes of its
 * device: which one a number means, for which interrupts, of which vCPU.
 */
#ifndef KVT_GIC_ATTRIBUTE_H
#define KVT_GIC_ATTRIBUTE_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

/*
 * Appends what the attribute NUMBER of a GROUP (KVM_DEV_ARM_VGIC_GRP_...) of a
 * DEVICE (KVM_DEV_TYPE_..., a GIC or an ITS) means: "GICR_ISENABLER0 (INTIDs
 * 0-31) vcpu 1".  Appends nothing and returns false where there is no such
 * register, or the group has none.
 */
bool gic_attribute_print(struct buf *out, const char *device,
			 const char *group, uint64_t number);

#endif
