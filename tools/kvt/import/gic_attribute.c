// SPDX-License-Identifier: MIT
/*
 * The registers of a GIC as attributes of its device.
 *
 * The names are those of the kernel's headers, through uapi.tsv.  How many bits
 * a register has for each interrupt is in no header but in the architecture,
 * and so is that a redistributor has the same registers as the distributor, in
 * its second frame, for the interrupts of its own vCPU.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "import/gic_attribute.h"
#include "kernel/uapi.h"

enum { PRIVATE = 32, INTIDS = 1024, SGI_FRAME = 0x10000 };

/* Registers that come as a row, one behind the other, for all interrupts. */
struct gic_row {
	const char *name;
	unsigned bits;		/* for each interrupt */
};

static const struct gic_row rows[] = {
	{ "GICD_IGROUPR", 1 },
	{ "GICD_ISENABLER", 1 },
	{ "GICD_ICENABLER", 1 },
	{ "GICD_ISPENDR", 1 },
	{ "GICD_ICPENDR", 1 },
	{ "GICD_ISACTIVER", 1 },
	{ "GICD_ICACTIVER", 1 },
	{ "GICD_IPRIORITYR", 8 },
	{ "GICD_ITARGETSR", 8 },
	{ "GICD_ICFGR", 2 },
	{ "GICD_IGRPMODR", 1 },
	{ "GICD_IROUTER", 64 },
};

static void put_intids(struct buf *out, uint64_t first, uint64_t count)
{
	if (count > 1)
		buf_printf(out, "INTIDs %" PRIu64 "-%" PRIu64, first,
			   first + count - 1);
	else
		buf_printf(out, "INTID %" PRIu64, first);
}

/*
 * Appends the register at OFFSET of a row for INTIDS interrupts, as one whose
 * name begins with PREFIX in place of "GICD".
 */
static bool put_row(struct buf *out, const char *prefix, uint64_t offset,
		    uint64_t intids)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct gic_row *r = &rows[i];
		uint64_t size = r->bits > 32 ? 8 : 4;
		uint64_t at = offset - name_value("gicd", r->name);

		if (at >= intids * r->bits / 8 || at % 4)
			continue;
		buf_printf(out, "%s%s%" PRIu64 "%s (", prefix,
			   r->name + strlen("GICD"), at / size,
			   at % size ? "+4" : "");
		put_intids(out, at / size * size * 8 / r->bits,
			   size * 8 / r->bits);
		buf_puts(out, ")");
		return true;
	}
	return false;
}

/* Appends the register of a table that begins at OFFSET, or 4 bytes before. */
static bool put_register(struct buf *out, const char *kind, uint64_t offset)
{
	static const char *const wide[] = { "GICR_TYPER", "GICR_PROPBASER",
					    "GICR_PENDBASER" };
	const char *name = value_name(kind, offset);

	if (name) {
		buf_puts(out, name);
		return true;
	}
	name = value_name(kind, offset - 4);
	for (size_t i = 0; name && i < sizeof(wide) / sizeof(*wide); i++)
		if (!strcmp(name, wide[i])) {
			buf_printf(out, "%s+4", name);
			return true;
		}
	return false;
}

static bool put_distributor(struct buf *out, uint64_t offset)
{
	return put_row(out, "GICD", offset, INTIDS) ||
	       put_register(out, "gicd", offset);
}

static bool put_redistributor(struct buf *out, uint64_t offset)
{
	if (offset < SGI_FRAME)
		return put_register(out, "gicr", offset);
	return put_row(out, "GICR", offset - SGI_FRAME, PRIVATE);
}

/* What the kernel calls registers of a GICv2, and the architecture. */
static const struct v2_register {
	const char *kernel, *name;
	unsigned number;	/* how many, one behind the other */
} cpu_registers[] = {
	{ "GIC_CPU_CTRL", "GICC_CTLR", 1 },
	{ "GIC_CPU_PRIMASK", "GICC_PMR", 1 },
	{ "GIC_CPU_BINPOINT", "GICC_BPR", 1 },
	{ "GIC_CPU_INTACK", "GICC_IAR", 1 },
	{ "GIC_CPU_EOI", "GICC_EOIR", 1 },
	{ "GIC_CPU_RUNNINGPRI", "GICC_RPR", 1 },
	{ "GIC_CPU_HIGHPRI", "GICC_HPPIR", 1 },
	{ "GIC_CPU_ALIAS_BINPOINT", "GICC_ABPR", 1 },
	{ "GIC_CPU_ACTIVEPRIO", "GICC_APR", 4 },
	{ "GIC_CPU_IDENT", "GICC_IIDR", 1 },
	{ "GIC_CPU_DEACTIVATE", "GICC_DIR", 1 },
	{ }
}, sgi_registers[] = {
	{ "GIC_DIST_SOFTINT", "GICD_SGIR", 1 },
	{ "GIC_DIST_SGI_PENDING_CLEAR", "GICD_CPENDSGIR", 4 },
	{ "GIC_DIST_SGI_PENDING_SET", "GICD_SPENDSGIR", 4 },
	{ }
};

static bool put_v2(struct buf *out, const char *kind,
		   const struct v2_register *r, uint64_t offset)
{
	for (; r->name; r++) {
		uint64_t at = offset - name_value(kind, r->kernel);

		if (at >= r->number * 4 || at % 4)
			continue;
		buf_puts(out, r->name);
		if (r->number > 1)
			buf_printf(out, "%" PRIu64, at / 4);
		return true;
	}
	return false;
}

/* GITS_BASER is a row of eight. */
static bool put_its(struct buf *out, uint64_t offset)
{
	uint64_t at = offset - name_value("vgic_its", "GITS_BASER");

	if (at >= 64 || at % 8)
		return put_register(out, "vgic_its", offset);
	buf_printf(out, "GITS_BASER%" PRIu64, at / 8);
	return true;
}

/* The levels of 32 lines, the first of which is a multiple of 32. */
static bool put_levels(struct buf *out, uint64_t info)
{
	if (info >= INTIDS || info % 32)
		return false;
	put_intids(out, info, 32);
	return true;
}

/* KVM gives the vCPUs affinities of 16, 256 and more at each level. */
static void put_vcpu(struct buf *out, uint64_t affinity)
{
	if ((affinity & 0xff) < 16 && affinity < 1 << 24)
		buf_printf(out, " vcpu %" PRIu64, (affinity & 0xf) |
			   (affinity >> 8 & 0xff) << 4 | affinity >> 16 << 12);
	else
		buf_printf(out, " affinity 0x%" PRIx64, affinity);
}

/* A register of the CPU interface, by its number in an instruction. */
static bool put_sysreg_name(struct buf *out, uint64_t encoding)
{
	const char *name = value_name("sysreg", encoding);

	if (!name)
		name = value_name("icc", encoding);
	if (name)
		buf_puts(out, name);
	return name;
}

/* A GICv2's attributes have the number of a vCPU in the upper half. */
static bool put_v2_attribute(struct buf *out, const char *group,
			     uint64_t number)
{
	uint64_t low = number & 0xffffffff;

	if (!strcmp(group, "KVM_DEV_ARM_VGIC_GRP_DIST_REGS")) {
		if (!put_row(out, "GICD", low, INTIDS) &&
		    !put_register(out, "gicd", low) &&
		    !put_v2(out, "gicd_v2", sgi_registers, low))
			return false;
	} else if (strcmp(group, "KVM_DEV_ARM_VGIC_GRP_CPU_REGS") ||
		   !put_v2(out, "gicc", cpu_registers, low)) {
		return false;
	}
	buf_printf(out, " vcpu %" PRIu64, number >> 32 & 0xff);
	return true;
}

bool gic_attribute_print(struct buf *out, const char *device,
			 const char *group, uint64_t number)
{
	const char *name = group + strlen("KVM_DEV_ARM_VGIC_GRP_");
	uint64_t low = number & 0xffffffff;
	bool done = false;

	if (!strcmp(device, "KVM_DEV_TYPE_ARM_VGIC_V2"))
		return put_v2_attribute(out, group, number);
	if (!strcmp(name, "DIST_REGS"))
		return put_distributor(out, low);
	if (!strcmp(name, "ITS_REGS"))
		return put_its(out, number);
	if (!strcmp(name, "REDIST_REGS"))
		done = put_redistributor(out, low);
	else if (!strcmp(name, "LEVEL_INFO"))
		done = put_levels(out, low);
	else if (!strcmp(name, "CPU_SYSREGS"))
		done = put_sysreg_name(out, low);
	if (done)
		put_vcpu(out, number >> 32);
	return done;
}
