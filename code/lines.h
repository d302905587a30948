/* SPDX-License-Identifier: MIT */
/*
 * The lines of a GIC in the kernel: how a program names them, and what
 * it can read of them.  Chapter 19 explains it.
 */
/* [headers] */
#ifndef LINES_H
#define LINES_H

#include "gic.h"
#include "irq.h"
/* [/headers] */

/* [names] */
/* How KVM_IRQ_LINE names a line of the whole machine. */
static inline uint32_t spi(uint32_t intid)
{
	return KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid;
}

/* How it names a line of one vCPU, whose ID is below 256. */
static inline uint32_t ppi(uint32_t vcpu_id, uint32_t intid)
{
	return KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT |
	       vcpu_id << KVM_ARM_IRQ_VCPU_SHIFT | intid;
}
/* [/names] */

/* [state] */
/* Offsets in the distributor, of the bits for INTIDs 32 to 63. */
enum { GICD_ISPENDR1 = 0x204, GICD_ISACTIVER1 = 0x304 };

/* Prints what KVM knows of an INTID from 32 to 63. */
static inline void print_line(int gic, int intid, const char *when)
{
	uint64_t level, latch, active;

	level = get_gic(gic, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 32);
	latch = get_gic(gic, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
			GICD_ISPENDR1);
	active = get_gic(gic, KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
			 GICD_ISACTIVER1);
	printf("    %d %s: level %d, latch %d, active %d\n", intid,
	       when, (int)(level >> (intid - 32) & 1),
	       (int)(latch >> (intid - 32) & 1),
	       (int)(active >> (intid - 32) & 1));
}
/* [/state] */

/* [end] */
#endif
/* [/end] */
