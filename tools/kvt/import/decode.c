// SPDX-License-Identifier: MIT
/*
 * Words as names.
 *
 * The place of a word tells what it means: an argument of a function, a field
 * of a tracepoint, or a field of a struct that a program passed.  The rules
 * below map places to meanings.  Names and layouts come from the kernel's
 * headers through uapi.tsv.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <linux/ioctl.h>

#include "base/buf.h"
#include "import/decode.h"
#include "import/gic_attribute.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/uapi.h"

enum { KVMIO = 0xae };		/* the type of KVM's ioctls */
static const uint64_t HCR_TWE = 1 << 14;	/* HCR_EL2: WFE is trapped */

enum how {
	NUMBER,			/* plain: an exception to a later rule */
	NAME,			/* a constant of KIND */
	SHORT_NAME,		/* the same, without the prefix of KIND */
	FLAGS,			/* bits of KIND */
	SYNDROME,		/* ESR_ELx */
	CLASS,			/* the class of one, if the exit was a trap */
	REGISTER,		/* an id, as in KVM_GET_ONE_REG */
	SYSREG,			/* a number, as sys_reg() in the kernel makes it */
	REQUEST,		/* of an ioctl */
	IOCTL_ARG,		/* the argument of the request before it */
	ERRNO,
	TIME,			/* on the host: no two runs agree */
	HCR,			/* of HCR_EL2, without TWE */
	CALL,			/* from the guest: PSCI or another SMCCC call */
	FEATURES,		/* a set of bits, each with a name */
	INTERRUPT,		/* of KVM_IRQ_LINE: type, vCPU, number */
	GROUP, ATTRIBUTE,	/* of a device, vCPU or VM */
	CAP_ARGUMENT,		/* of KVM_ENABLE_CAP, by the capability */
	SLOT,			/* of memory: its address space, and its id there */
	BITS,			/* of pages, which have no names */
	GUEST,			/* an address of the guest, or its code */
	USER,			/* an address in the program */
	USER_END,		/* the end of a range that the word before begins */
	HYP,			/* an address of EL2 */
};

/* The first match wins; NULL matches every function. */
static const struct decode_rule {
	const char *where, *name;
	enum how how;
	const char *kind;
} rules[] = {
	{ NULL, "ioctl", REQUEST, NULL },
	{ "kvm_vm_ioctl_check_extension", "ext", NAME, "cap" },
	{ "kvm_vm_ioctl_check_extension_generic", "arg", NAME, "cap" },
	{ NULL, "arg", IOCTL_ARG, "cap" },
	{ "kvm_arm_vcpu_finalize", "feature", NAME, "feature" },
	{ "anon_inode_getfd", "flags", FLAGS, "open_flag" },
	{ "anon_inode_getfile", "flags", FLAGS, "open_flag" },
	{ "anon_inode_getfile_fmode", "flags", FLAGS, "open_flag" },
	{ "kvm_prepare_system_event", "type", NAME, "system_event" },
	{ "kvm_uevent_notify_change", "type", NAME, "vm_event" },
	{ "kvm_vgic_create", "type", NAME, "device" },
	{ "vgic_create", "type", NAME, "device" },
	{ "vgic_its_create", "type", NAME, "device" },
	{ "kvm_vfio_create", "type", NAME, "device" },
	{ "kvm_register_vgic_device", "type", NAME, "device" },
	{ "get_reg_by_id", "id", REGISTER, NULL },
	{ "id_to_sys_reg_desc", "id", REGISTER, NULL },
	{ "demux_c15_set", "id", REGISTER, NULL },
	{ NULL, "encoding", SYSREG, NULL },
	{ "kvm_set_vm_id_reg", "reg", SYSREG, NULL },
	{ "limit_nv_id_reg", "reg", SYSREG, NULL },
	{ "kvm_forward_sysreg_trap", "sysreg", SYSREG, NULL },
	{ NULL, "exception_index", SHORT_NAME, "arm_exception" },
	/* This one has no class. */
	{ "kvm_inject_serror_esr", "esr", NUMBER, NULL },
	{ NULL, "esr", SYNDROME, NULL },
	{ NULL, "esr_el2", SYNDROME, NULL },
	{ NULL, "hsr", SYNDROME, NULL },
	{ "kvm_exit", "ret", SHORT_NAME, "arm_exception" },
	{ "kvm_exit", "esr_ec", CLASS, "esr_ec" },
	{ "kvm_userspace_exit", "reason", NAME, "exit" },
	{ "kvm_userspace_exit", "errno", ERRNO, NULL },
	{ "kvm_mmio", "type", NAME, "mmio" },
	{ "kvm_irq_line", "type", NAME, "irq_type" },
	{ "kvm_hvc_arm64", "r0", CALL, NULL },
	{ NULL, "cntvoff", TIME, NULL },
	{ NULL, "cntpoff", TIME, NULL },
	{ NULL, "cval", TIME, NULL },
	{ "timer_get_cval", "return", TIME, NULL },
	{ "kvm_phys_timer_read", "return", TIME, NULL },
	{ "kvm_counter_compute_delta", "val", TIME, NULL },
	{ "arch_timer_set_user", "val", TIME, NULL },
	{ "__compute_hcr", "return", HCR, NULL },
	/* Durations of polling and sleeping. */
	{ "kvm_vcpu_wakeup", "ns", TIME, NULL },
	/*
	 * Addresses.  A guest kernel runs at the same addresses as the host's,
	 * so nothing but these rules keeps its pointers from being taken for
	 * objects of the host.
	 */
	{ NULL, "vcpu_pc", GUEST, NULL },
	{ NULL, "pc", GUEST, NULL },
	{ NULL, "elr_el2", GUEST, NULL },
	{ NULL, "spsr_el2", GUEST, NULL },
	{ NULL, "cpsr", GUEST, NULL },
	{ NULL, "instr", GUEST, NULL },
	{ NULL, "far", GUEST, NULL },
	{ NULL, "hxfar", GUEST, NULL },
	{ NULL, "vaddr", GUEST, NULL },
	{ NULL, "ipa", GUEST, NULL },
	{ NULL, "fault_ipa", GUEST, NULL },
	{ NULL, "guest_ipa", GUEST, NULL },
	{ NULL, "gipa", GUEST, NULL },
	{ NULL, "gpa", GUEST, NULL },
	{ "kvm_guest_get_ip", "return", GUEST, NULL },
	{ "kvm_arch_vcpu_get_ip", "return", GUEST, NULL },
	{ "inject_abt64", "addr", GUEST, NULL },
	{ "__kvm_inject_sea", "addr", GUEST, NULL },
	{ "kvm_inject_sea", "addr", GUEST, NULL },
	{ "kvm_inject_nested_sea", "addr", GUEST, NULL },
	{ "walk_s1", "va", GUEST, NULL },
	{ "setup_s1_walk", "va", GUEST, NULL },
	{ "__kvm_translate_va", "va", GUEST, NULL },
	{ "__kvm_find_s1_desc_level", "va", GUEST, NULL },
	{ "__kvm_tlbi_s1e2", "va", GUEST, NULL },
	{ "compute_pac", "ptr", GUEST, NULL },
	/* The guest's, although their type is the host's phys_addr_t. */
	{ "stage2_apply_range", "addr", GUEST, NULL },
	{ "stage2_apply_range", "end", GUEST, NULL },
	{ "__unmap_stage2_range", "start", GUEST, NULL },
	{ "kvm_stage2_unmap_range", "start", GUEST, NULL },
	{ "kvm_stage2_flush_range", "addr", GUEST, NULL },
	{ "kvm_stage2_flush_range", "end", GUEST, NULL },
	{ "kvm_stage2_wp_range", "addr", GUEST, NULL },
	{ "kvm_stage2_wp_range", "end", GUEST, NULL },
	{ "kvm_nested_s2_wp", "addr", GUEST, NULL },
	{ "read_guest_s2_desc", "pa", GUEST, NULL },
	{ "kvm_arch_mmu_enable_log_dirty_pt_masked", "mask", BITS, NULL },
	{ "kvm_reset_dirty_gfn", "mask", BITS, NULL },
	{ "kvm_reset_dirty_gfn", "slot", SLOT, NULL },
	{ "kvm_dirty_ring_push", "slot", SLOT, NULL },
	{ "vgic_check_iorange", "ioaddr", GUEST, NULL },
	{ "vgic_check_iorange", "addr", GUEST, NULL },
	{ "vgic_check_iorange", "alignment", GUEST, NULL },
	{ "vgic_check_iorange", "size", GUEST, NULL },
	{ "__kvm_tlb_flush_vmid_range", "start", GUEST, NULL },
	{ "kvm_tlb_flush_vmid_range", "addr", GUEST, NULL },
	{ NULL, "hva", USER, NULL },
	{ NULL, "userspace_addr", USER, NULL },
	{ "kvm_unmap_hva_range", "start", USER, NULL },
	{ "kvm_unmap_hva_range", "end", USER_END, NULL },
	{ "kvm_age_hva", "start", USER, NULL },
	{ "kvm_age_hva", "end", USER_END, NULL },
	{ "kvm_mmu_notifier_clear_young", "start", USER, NULL },
	{ "kvm_mmu_notifier_clear_young", "end", USER_END, NULL },
	{ "kvm_mmu_notifier_clear_flush_young", "start", USER, NULL },
	{ "kvm_mmu_notifier_clear_flush_young", "end", USER_END, NULL },
	{ "kvm_mmu_notifier_test_young", "address", USER, NULL },
	{ "__gfn_to_hva_many", "return", USER, NULL },
	{ "gfn_to_hva", "return", USER, NULL },
	{ "gfn_to_hva_memslot", "return", USER, NULL },
	{ "gfn_to_hva_memslot_prot", "return", USER, NULL },
	{ "gfn_to_hva_prot", "return", USER, NULL },
	{ "kvm_vcpu_gfn_to_hva", "return", USER, NULL },
	{ "kvm_vcpu_gfn_to_hva_prot", "return", USER, NULL },
	{ "__create_hyp_mappings", "start", HYP, NULL },
	{ "kvm_pgtable_hyp_map", "addr", HYP, NULL },
	{ "kvm_pgtable_hyp_unmap", "addr", HYP, NULL },
	/* It also walks the tables of guests, whose addresses are smaller. */
	{ "kvm_pgtable_walk", "addr", HYP, NULL },
	/* What programs pass. */
	{ "kvm_one_reg", "addr", USER, NULL },
	{ "kvm_device_attr", "addr", USER, NULL },
	{ "reg_mask_range", "addr", USER, NULL },
	{ "kvm_userspace_memory_region", "flags", FLAGS, "mem_flag" },
	{ "kvm_userspace_memory_region2", "flags", FLAGS, "mem_flag" },
	{ "kvm_create_guest_memfd", "flags", FLAGS, "gmem_flag" },
	{ "__kvm_gmem_create", "flags", FLAGS, "gmem_flag" },
	{ "kvm_gmem_fallocate", "mode", FLAGS, "falloc_flag" },
	{ "kvm_one_reg", "id", REGISTER, NULL },
	{ "kvm_create_device", "type", NAME, "device" },
	{ "kvm_create_device", "flags", FLAGS, "device_flag" },
	{ "kvm_device_attr", "group", GROUP, NULL },
	{ "kvm_device_attr", "attr", ATTRIBUTE, NULL },
	{ "kvm_vcpu_init", "target", NAME, "target" },
	{ "kvm_vcpu_init", "features", FEATURES, "feature" },
	{ "kvm_enable_cap", "cap", NAME, "cap" },
	{ "kvm_enable_cap", "args", CAP_ARGUMENT, NULL },
	{ "kvm_dirty_log", "slot", SLOT, NULL },
	{ "kvm_clear_dirty_log", "slot", SLOT, NULL },
	{ "kvm_irq_level", "irq", INTERRUPT, "irq_type" },
	{ "kvm_mp_state", "mp_state", NAME, "mp_state" },
	{ "kvm_irqfd", "flags", FLAGS, "irqfd_flag" },
	{ "kvm_ioeventfd", "flags", FLAGS, "ioeventfd_flag" },
	{ "kvm_guest_debug", "control", FLAGS, "guestdbg_flag" },
	{ "kvm_msi", "flags", FLAGS, "msi_flag" },
	{ "kvm_arm_copy_mte_tags", "flags", FLAGS, "tags_flag" },
};

/* Prefixes that repeat the kind and say nothing more. */
static const struct { const char *kind, *prefix; } prefixes[] = {
	{ "arm_exception", "ARM_EXCEPTION_" },
	{ "esr_ec", "ESR_ELx_EC_" },
	{ "esr_wfx", "ESR_ELx_WFx_ISS_" },
};

static const char *short_name(const char *kind, uint64_t value)
{
	const char *name = value_name(kind, value);

	for (size_t i = 0; name && i < sizeof(prefixes) / sizeof(*prefixes);
	     i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (!strcmp(kind, prefixes[i].kind) &&
		    !strncmp(name, prefixes[i].prefix, n))
			return name + n;
	}
	return name;
}

/* The bits of WORD under a mask from the headers, shifted down to bit 0. */
static uint64_t part(uint64_t word, const char *kind, const char *mask)
{
	uint64_t bits = name_value(kind, mask);

	return (word & bits) / (bits & -bits);
}

/* The number of a system register, as it is in an id of KVM_GET_ONE_REG. */
static uint64_t sysreg_number(const uint64_t piece[5])
{
	static const char *const mask[] = {
		"KVM_REG_ARM64_SYSREG_OP0_MASK",
		"KVM_REG_ARM64_SYSREG_OP1_MASK",
		"KVM_REG_ARM64_SYSREG_CRN_MASK",
		"KVM_REG_ARM64_SYSREG_CRM_MASK",
		"KVM_REG_ARM64_SYSREG_OP2_MASK",
	};
	uint64_t number = 0;

	for (int i = 0; i < 5; i++) {
		uint64_t bits = name_value("reg_mask", mask[i]);

		number |= piece[i] * (bits & -bits);
	}
	return number;
}

/* --- syndromes ------------------------------------------------------ */

static void abort_print(struct buf *out, const char *class, uint64_t esr)
{
	const char *fault = value_name("fault",
				       part(esr, "esr", "ESR_ELx_FSC"));

	if (fault)
		buf_printf(out, ", %s", fault);
	if (part(esr, "esr", "ESR_ELx_S1PTW"))
		buf_puts(out, ", table walk");
	if (strncmp(class, "DABT", 4))
		return;
	if (part(esr, "esr", "ESR_ELx_CM"))
		buf_puts(out, ", cache maintenance");
	else if (part(esr, "esr", "ESR_ELx_WNR"))
		buf_puts(out, ", write");
	else
		buf_puts(out, ", read");
}

static void sys64_print(struct buf *out, uint64_t esr)
{
	const uint64_t piece[] = {
		part(esr, "esr", "ESR_ELx_SYS64_ISS_OP0_MASK"),
		part(esr, "esr", "ESR_ELx_SYS64_ISS_OP1_MASK"),
		part(esr, "esr", "ESR_ELx_SYS64_ISS_CRN_MASK"),
		part(esr, "esr", "ESR_ELx_SYS64_ISS_CRM_MASK"),
		part(esr, "esr", "ESR_ELx_SYS64_ISS_OP2_MASK"),
	};
	const char *name = value_name("sysreg", sysreg_number(piece));

	if (!name)
		name = value_name("counter_reg", sysreg_number(piece));
	buf_printf(out, ", %s ", part(esr, "esr", "ESR_ELx_SYS64_ISS_DIR_MASK") ?
		"read" : "write");
	if (name)
		buf_puts(out, name);
	else	/* as assemblers write it */
		buf_printf(out, "S%" PRIu64 "_%" PRIu64 "_C%" PRIu64 "_C%" PRIu64
			"_%" PRIu64, piece[0], piece[1], piece[2], piece[3],
			piece[4]);
}

void esr_print(struct buf *out, uint64_t esr)
{
	const char *class = short_name("esr_ec",
				       part(esr, "esr", "ESR_ELx_EC_MASK"));

	buf_printf(out, "0x%" PRIx64, esr);
	if (!class)
		return;
	buf_printf(out, " (%s", class);
	if (!strncmp(class, "DABT", 4) || !strncmp(class, "IABT", 4))
		abort_print(out, class, esr);
	else if (!strcmp(class, "SYS64"))
		sys64_print(out, esr);
	else if (!strcmp(class, "HVC64") || !strcmp(class, "SMC64"))
		buf_printf(out, ", #%" PRIu64,
			part(esr, "esr", "ESR_ELx_xVC_IMM_MASK"));
	else if (!strcmp(class, "WFx") &&
		 short_name("esr_wfx", part(esr, "esr", "ESR_ELx_WFx_ISS_TI")))
		buf_printf(out, ", %s", short_name("esr_wfx",
			part(esr, "esr", "ESR_ELx_WFx_ISS_TI")));
	buf_putc(out, ')');
}

/* --- registers ------------------------------------------------------ */

/* KVM numbers core registers by their place in struct kvm_regs, counted in
 * 32-bit units.  Returns the size in bytes, or 0 if no register is there. */
static unsigned int core_print(struct buf *out, struct types *types,
			       uint64_t number)
{
	char path[64];
	unsigned int size = types_path(types, "kvm_regs", number * 4, path,
				       sizeof(path));

	if (size)
		buf_printf(out, " %s", path);
	else
		buf_printf(out, " 0x%" PRIx64, number);
	return size;
}

/*
 * A register of SVE has a place of 32 slices, of which KVM uses the first.
 * Returns its size in bytes, or 0 if no register is there.
 */
static unsigned int sve_print(struct buf *out, uint64_t number)
{
	static const struct {
		const char *base, *name;
		unsigned int count, size;
	} kinds[] = {
		{ "KVM_REG_ARM64_SVE_ZREG_BASE", "ZREG", 32, 256 },
		{ "KVM_REG_ARM64_SVE_PREG_BASE", "PREG", 16, 32 },
		{ "KVM_REG_ARM64_SVE_FFR_BASE", "FFR", 1, 32 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		uint64_t at = number - name_value("sve_base", kinds[i].base);

		if (at / 32 >= kinds[i].count)
			continue;
		buf_printf(out, "_%s(", kinds[i].name);
		if (kinds[i].count > 1)
			buf_printf(out, "%" PRIu64 ", ", at / 32);
		buf_printf(out, "%" PRIu64 ")", at % 32);
		return kinds[i].size;
	}
	buf_printf(out, " 0x%" PRIx64, number);
	return 0;
}

void reg_print(struct buf *out, struct types *types, uint64_t id)
{
	const uint64_t arch = name_value("reg_mask", "KVM_REG_ARCH_MASK"),
		       width = name_value("reg_mask", "KVM_REG_SIZE_MASK"),
		       coproc = name_value("reg_mask",
					   "KVM_REG_ARM_COPROC_MASK");
	const char *type = value_name("reg_type", id & coproc), *name;
	uint64_t number = id & ~(arch | width | coproc);
	unsigned int size = 0;

	if (value_name("reg", id)) {
		buf_puts(out, value_name("reg", id));
		return;
	}
	if ((id & arch) != name_value("reg_arch", "KVM_REG_ARM64") || !type) {
		buf_printf(out, "0x%" PRIx64, id);
		return;
	}
	buf_puts(out, type);
	name = value_name("sysreg", number);
	if (!strcmp(type, "KVM_REG_ARM_CORE")) {
		size = core_print(out, types, number);
	} else if (!strcmp(type, "KVM_REG_ARM64_SVE")) {
		size = sve_print(out, number);
	} else if (!strcmp(type, "KVM_REG_ARM64_SYSREG") && name) {
		buf_printf(out, " %s", name);
		size = 8;
	} else {
		buf_printf(out, " 0x%" PRIx64, number);
	}
	/* Shows a size that is not the register's, because KVM refuses it. */
	name = value_name("reg_size", id & width);
	if (name && size != 1u << part(id, "reg_mask", "KVM_REG_SIZE_MASK"))
		buf_printf(out, " %s", name);
}

/* --- rules ---------------------------------------------------------- */

const struct decode_rule *decode_rule(const char *where, const char *name,
				      const struct value_type *t)
{
	if (t->class != VALUE_UNSIGNED && t->class != VALUE_SIGNED &&
	    t->class != VALUE_PHYSICAL)
		return NULL;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (!strcmp(rules[i].name, name) &&
		    (!rules[i].where || !strcmp(rules[i].where, where)))
			return &rules[i];
	return NULL;
}

static bool put(struct buf *out, const char *name)
{
	if (name)
		buf_puts(out, name);
	return name;
}

static bool is_trap(uint64_t code)
{
	return code == name_value("arm_exception", "ARM_EXCEPTION_TRAP");
}

/* sys_reg() shifts the number left by five bits, as an instruction does. */
static bool put_sysreg(struct buf *out, uint64_t word)
{
	enum { KERNEL_SHIFT = 5 };

	return put(out, value_name("sysreg", word >> KERNEL_SHIFT));
}

static bool put_errno(struct buf *out, int32_t n)
{
	if (n >= 0 || n < -4095 || !errno_name(-n))
		return false;
	buf_printf(out, "-%s", errno_name(-n));
	return true;
}

static bool put_features(struct buf *out, const char *kind, uint64_t bits)
{
	const char *between = "";

	if (!bits)
		return false;
	for (int bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		buf_puts(out, between);
		if (!put(out, value_name(kind, bit)))
			buf_printf(out, "1<<%d", bit);
		between = "|";
	}
	return true;
}

static bool put_interrupt(struct buf *out, const char *kind, uint64_t irq)
{
	const char *type = value_name(kind, part(irq, "irq",
						 "KVM_ARM_IRQ_TYPE_MASK"));

	if (!type)
		return false;
	buf_printf(out, "%s %" PRIu64, type,
		part(irq, "irq", "KVM_ARM_IRQ_NUM_MASK"));
	buf_printf(out, " vcpu %" PRIu64,
		part(irq, "irq", "KVM_ARM_IRQ_VCPU_MASK") +
		256 * part(irq, "irq", "KVM_ARM_IRQ_VCPU2_MASK"));
	return true;
}

const char *attribute_groups(const char *about)
{
	static const struct { const char *about, *kind; } known[] = {
		{ "vcpu", "vcpu_group" },
		{ "vm", "vm_group" },
		{ "KVM_DEV_TYPE_ARM_VGIC_V2", "vgic_group" },
		{ "KVM_DEV_TYPE_ARM_VGIC_V3", "vgic_group" },
		{ "KVM_DEV_TYPE_ARM_VGIC_ITS", "vgic_group" },
		{ "KVM_DEV_TYPE_VFIO", "vfio_group" },
	};

	for (size_t i = 0; about && i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(about, known[i].about))
			return known[i].kind;
	return NULL;
}

static const char *group_name(const char *about, uint64_t group)
{
	const char *kind = attribute_groups(about);

	return kind ? value_name(kind, group) : NULL;
}

/* Decodes an attribute's number, which depends on its group. */
static bool put_attribute(struct buf *out, const struct decode *d,
			  uint64_t number)
{
	static const struct { const char *group, *kind; } known[] = {
		{ "KVM_DEV_ARM_VGIC_GRP_ADDR", "vgic_addr" },
		{ "KVM_DEV_ARM_VGIC_GRP_CTRL", "vgic_ctrl" },
		{ "KVM_ARM_VCPU_TIMER_CTRL", "vcpu_timer" },
		{ "KVM_ARM_VCPU_PMU_V3_CTRL", "vcpu_pmu" },
		{ "KVM_ARM_VCPU_PVTIME_CTRL", "vcpu_pvtime" },
		{ "KVM_ARM_VM_SMCCC_CTRL", "vm_smccc" },
		{ "KVM_DEV_VFIO_FILE", "vfio_file" },
	};
	const char *group = group_name(d->about, d->before);

	for (size_t i = 0; group && i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(group, known[i].group))
			return put(out, value_name(known[i].kind, number));
	return group && !strcmp(attribute_groups(d->about), "vgic_group") &&
	       gic_attribute_print(out, d->about, group, number);
}

/* Decodes what a capability is enabled with, where that has names. */
static bool put_cap_argument(struct buf *out, const struct decode *d,
			     uint64_t word)
{
	static const struct { const char *cap, *kind; } known[] = {
		{ "KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2", "dirty_log_flag" },
	};

	for (size_t i = 0; d->about && i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(d->about, known[i].cap)) {
			flags_print(out, known[i].kind, word);
			return true;
		}
	return false;
}

/* Slots of the first address space, which is arm64's only one, are numbers. */
static bool put_slot(struct buf *out, uint64_t slot)
{
	if (slot >> 16 == 0)
		return false;
	buf_printf(out, "%" PRIu64 " of space %" PRIu64, slot & 0xffff,
		   slot >> 16);
	return true;
}

/* Decodes an ioctl's argument: a capability, an address or a number, depending
 * on the request. */
static bool put_ioctl_arg(struct buf *out, const struct decode *d,
			  uint64_t word)
{
	const char *request = ioctl_name(d->before, false);

	if (request && !strcmp(request, "KVM_CHECK_EXTENSION"))
		return put(out, value_name("cap", word));
	if (!_IOC_SIZE(d->before) || _IOC_TYPE(d->before) != KVMIO)
		return false;
	user_print(out, d->objects, word);
	return true;
}

static void put_hexadecimal(struct buf *out, uint64_t word)
{
	if (word)
		buf_puts(out, "0x");
	buf_hex(out, word);
}

static bool put_address(struct buf *out, const struct decode *d,
			enum how how, uint64_t word)
{
	switch (how) {
	case GUEST:
	case BITS:
		put_hexadecimal(out, word);
		return true;
	case USER:
		user_print(out, d->objects, word);
		return true;
	case USER_END:
		user_end_print(out, d->objects, d->before, word);
		return true;
	case HYP:
		hyp_print(out, d->objects, word);
		return true;
	default:
		return false;
	}
}

bool decode_by_rule(struct buf *out, const struct decode *d,
		    const struct decode_rule *r, const struct value_type *t,
		    uint64_t word)
{
	if (t->size < 8)
		word &= (1ULL << (8 * t->size)) - 1;
	switch (r->how) {
	case NUMBER:
		return false;
	case NAME:
		return put(out, value_name(r->kind, word));
	case SHORT_NAME:
		return put(out, short_name(r->kind, word));
	case FLAGS:
		flags_print(out, r->kind, word);
		return true;
	case SYNDROME:
		esr_print(out, word);
		return true;
	case CLASS:
		return is_trap(d->before) && put(out, short_name(r->kind, word));
	case REGISTER:
		reg_print(out, objects_types(d->objects), word);
		return true;
	case SYSREG:
		return put_sysreg(out, word);
	case REQUEST:
		return put(out, ioctl_name(word, strstr(d->where, "vcpu")));
	case IOCTL_ARG:
		return put_ioctl_arg(out, d, word);
	case ERRNO:
		return put_errno(out, word);
	case TIME:
		return word && put(out, "...");
	case HCR:
		/* KVM sets TWE where another task wants the CPU: no two runs agree. */
		buf_puts(out, "0x");
		buf_hex(out, word & ~HCR_TWE);
		buf_puts(out, " (without TWE)");
		return true;
	case CALL:
		return put(out, value_name("psci", word)) ||
		       put(out, value_name("smccc", word));
	case FEATURES:
		return put_features(out, r->kind, word);
	case INTERRUPT:
		return put_interrupt(out, r->kind, word);
	case GROUP:
		return put(out, group_name(d->about, word));
	case ATTRIBUTE:
		return put_attribute(out, d, word);
	case CAP_ARGUMENT:
		return put_cap_argument(out, d, word);
	case SLOT:
		return put_slot(out, word);
	default:
		return put_address(out, d, r->how, word);
	}
}

bool decode_value(struct buf *out, const struct decode *d, const char *name,
		  const struct value_type *t, uint64_t word)
{
	const struct decode_rule *r = decode_rule(d->where, name, t);

	return r && decode_by_rule(out, d, r, t, word);
}
