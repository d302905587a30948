/* SPDX-License-Identifier: MIT */
/*
 * The state of a machine with one vCPU, a GICv3 and an ITS: what there
 * is, who has it, and how to read it and to put it back.  Chapter 28
 * explains it.
 */
/* [headers] */
#ifndef STATE_H
#define STATE_H

#include "its.h"
/* [/headers] */

/* [machine] */
/* The descriptors of a machine, and its memory. */
struct machine {
	int vm, vcpu, gic, its;
	struct kvm_run *run;
	char *ram;
};
/* [/machine] */

/* [record] */
/* What there is to save, in the order in which it may be restored. */
enum part {
	DIST, REDIST, BASES, LPIS, CPU, LEVELS,	/* of the GIC */
	ITS_REGS, ITS_ON, VCPU,
};

/* One register, or one attribute of a device, and its value. */
struct record {
	uint64_t part, number, value[2];
};

enum { MAX_RECORDS = 512 };

struct state {
	struct kvm_mp_state mp;
	struct kvm_vcpu_events events;
	int count;
	struct record records[MAX_RECORDS];
};
/* [/record] */

/* [groups] */
/* The group of attributes that a part is; a vCPU has registers. */
static const uint32_t groups[] = {
	[DIST] = KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
	[REDIST] = KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
	[BASES] = KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
	[LPIS] = KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
	[CPU] = KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
	[LEVELS] = KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
	[ITS_REGS] = KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
	[ITS_ON] = KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
	[VCPU] = 0,
};
/* [/groups] */

/* [one] */
/* Reads (KVM_GET_) or writes a record; -1 and errno if KVM refuses. */
static inline int move_record(const struct machine *m,
			      struct record *r, bool write)
{
	struct kvm_one_reg reg = {
		.id = r->number, .addr = (uintptr_t)r->value,
	};
	struct kvm_device_attr attr = {
		.group = groups[r->part], .attr = r->number,
		.addr = (uintptr_t)r->value,
	};
	int device = r->part < ITS_REGS ? m->gic : m->its;

	if (r->part == VCPU)
		return ioctl(m->vcpu, write ? KVM_SET_ONE_REG :
			     KVM_GET_ONE_REG, &reg);
	return ioctl(device, write ? KVM_SET_DEVICE_ATTR :
		     KVM_GET_DEVICE_ATTR, &attr);
}

static inline void save_record(const struct machine *m,
			       struct state *s, enum part part,
			       uint64_t number)
{
	struct record *r = &s->records[s->count++];

	*r = (struct record) { .part = part, .number = number };
	must(move_record(m, r, false), "There is no such state.");
}
/* [/one] */

/* [registers] */
/* Every register that KVM lists, in the order of its list. */
static inline void save_registers(const struct machine *m,
				  struct state *s)
{
	uint64_t buffer[1 + MAX_RECORDS];
	struct kvm_reg_list *list = (struct kvm_reg_list *)buffer;

	list->n = MAX_RECORDS;
	kvm_ioctl(m->vcpu, KVM_GET_REG_LIST, list,
		  "There are more, or the vCPU is not finished.");
	for (size_t i = 0; i < list->n; i++) {
		uint64_t size = list->reg[i] & KVM_REG_SIZE_MASK;

		errno = EOVERFLOW;
		must(size > KVM_REG_SIZE_U128 ? -1 : 0,
		     "With SVE, no record has room for a register.");
		save_record(m, s, VCPU, list->reg[i]);
	}
	kvm_ioctl(m->vcpu, KVM_GET_MP_STATE, &s->mp,
		  "This cannot fail.");
	kvm_ioctl(m->vcpu, KVM_GET_VCPU_EVENTS, &s->events,
		  "This cannot fail.");
}
/* [/registers] */

/* [gic-registers] */
/* Registers of the GIC with 64 INTIDs: where, and how many bytes. */
struct span {
	enum part part;
	uint32_t offset, bytes, step;
};

static const struct span spans[] = {
	{ DIST, 0x0008, 4, 4 },		/* GICD_IIDR: first of all */
	{ DIST, 0x0000, 4, 4 },		/* GICD_CTLR */
	{ DIST, 0x0084, 4, 4 },		/* GICD_IGROUPR1 */
	{ DIST, 0x0104, 4, 4 },		/* GICD_ISENABLER1 */
	{ DIST, 0x0c08, 8, 4 },		/* GICD_ICFGR2 */
	{ DIST, 0x0420, 32, 4 },	/* GICD_IPRIORITYR8 */
	{ DIST, 0x6100, 256, 8 },	/* GICD_IROUTER32 */
	{ DIST, 0x0204, 4, 4 },		/* GICD_ISPENDR1 */
	{ DIST, 0x0304, 4, 4 },		/* GICD_ISACTIVER1 */
	{ REDIST, 0x10080, 4, 4 },	/* GICR_IGROUPR0 */
	{ REDIST, 0x10100, 4, 4 },	/* GICR_ISENABLER0 */
	{ REDIST, 0x10c00, 8, 4 },	/* GICR_ICFGR0 */
	{ REDIST, 0x10400, 32, 4 },	/* GICR_IPRIORITYR0 */
	{ REDIST, 0x10200, 4, 4 },	/* GICR_ISPENDR0 */
	{ REDIST, 0x10300, 4, 4 },	/* GICR_ISACTIVER0 */
	{ BASES, 0x0070, 8, 4 },	/* GICR_PROPBASER */
	{ BASES, 0x0078, 8, 4 },	/* GICR_PENDBASER */
	{ LPIS, 0x0000, 4, 4 },		/* GICR_CTLR: then LPIs on */
/* [/gic-registers] */
/* [cpu] */
#define ICC(crn, crm, op2) (ARM64_SYS_REG(3, 0, crn, crm, op2) & 0xffff)
	{ CPU, ICC(12, 12, 5), 8, 8 },	/* ICC_SRE_EL1 */
	{ CPU, ICC(12, 12, 4), 8, 8 },	/* ICC_CTLR_EL1 */
	{ CPU, ICC(12, 8, 3), 8, 8 },	/* ICC_BPR0_EL1 */
	{ CPU, ICC(12, 8, 4), 8, 8 },	/* ICC_AP0R0_EL1 */
	{ CPU, ICC(12, 9, 0), 8, 8 },	/* ICC_AP1R0_EL1 */
	{ CPU, ICC(12, 12, 3), 8, 8 },	/* ICC_BPR1_EL1 */
	{ CPU, ICC(4, 6, 0), 8, 8 },	/* ICC_PMR_EL1 */
	{ CPU, ICC(12, 12, 6), 8, 8 },	/* ICC_IGRPEN0_EL1 */
	{ CPU, ICC(12, 12, 7), 8, 8 },	/* ICC_IGRPEN1_EL1 */
	{ LEVELS, 0, 1, 1 },		/* the lines of 0 to 31 */
	{ LEVELS, 32, 1, 1 },		/* and of 32 to 63 */
/* [/cpu] */
/* [its-registers] */
	{ ITS_REGS, 0x0004, 4, 4 },	/* GITS_IIDR: which tables */
	{ ITS_REGS, 0x0080, 8, 8 },	/* GITS_CBASER */
	{ ITS_REGS, 0x0088, 8, 8 },	/* GITS_CWRITER: after it */
	{ ITS_REGS, 0x0090, 8, 8 },	/* GITS_CREADR: after it, too */
	{ ITS_REGS, 0x0100, 16, 8 },	/* GITS_BASER0 and 1 */
	{ ITS_ON, 0x0000, 4, 4 },	/* GITS_CTLR: last of all */
};
/* [/its-registers] */

/* [save] */
/* Has KVM write what it keeps of the guest's tables into memory. */
static inline void save_tables(const struct machine *m)
{
	set_gic(m->gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, NULL);
	set_gic(m->its, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_ITS_SAVE_TABLES, NULL);
}

/* All that KVM has of a machine whose vCPU stands still. */
static inline void save_state(const struct machine *m, struct state *s)
{
	s->count = 0;
	save_registers(m, s);
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		for (uint32_t n = 0; n < spans[i].bytes;
		     n += spans[i].step)
			save_record(m, s, spans[i].part,
				    spans[i].offset + n);
	save_tables(m);
}
/* [/save] */

/* [restore] */
/* Puts a part back; -1 and errno at the first that KVM refuses. */
static inline int restore_part(const struct machine *m,
			       struct state *s, enum part part)
{
	for (int i = 0; i < s->count; i++)
		if (s->records[i].part == part &&
		    move_record(m, &s->records[i], true) < 0)
			return -1;
	return 0;
}

/* Has the ITS do something that takes no value; -1 if it refuses. */
static inline int control_its(const struct machine *m,
			      uint64_t attribute)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_CTRL, .attr = attribute,
	};

	return ioctl(m->its, KVM_SET_DEVICE_ATTR, &attr);
}

/* Has KVM make its lists of the tables in the guest's memory. */
static inline int restore_tables(const struct machine *m)
{
	return control_its(m, KVM_DEV_ARM_ITS_RESTORE_TABLES);
}

/* Switches the SGIs off, which are on in a new GIC. */
static inline void disable_sgis(const struct machine *m)
{
	struct record r = { .part = REDIST, .value = { ~0U } };

	r.number = 0x10180;		/* GICR_ICENABLER0 */
	must(move_record(m, &r, true), "Is a vCPU running?");
}

/* Puts all back, in a machine as new, whose memory is there. */
static inline void restore_state(const struct machine *m,
				 struct state *s)
{
	disable_sgis(m);
	for (enum part part = DIST; part <= VCPU; part++) {
		if (part == ITS_ON)
			must(restore_tables(m), "Other memory?");
		must(restore_part(m, s, part), "Another host?");
	}
	kvm_ioctl(m->vcpu, KVM_SET_MP_STATE, &s->mp,
		  "This vCPU cannot be in such a state.");
	kvm_ioctl(m->vcpu, KVM_SET_VCPU_EVENTS, &s->events,
		  "This host cannot have such an SError.");
}
/* [/restore] */

/* [end] */
#endif
/* [/end] */
