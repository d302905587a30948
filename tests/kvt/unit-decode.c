// SPDX-License-Identifier: MIT
/* Unit tests of import/decode.h: flags, syndromes, registers and the rules that choose them. */
#include "unit.h"
#include "base/buf.h"
#include "import/decode.h"
#include "kernel/uapi.h"
#include "kernel/btf.h"

static void test_flags(void **state)
{
	(void)state;
	APPENDS(flags_print(out, "open_flag", 0), "O_RDONLY");
	APPENDS(flags_print(out, "open_flag", 02000002), "O_RDWR|O_CLOEXEC");
	APPENDS(flags_print(out, "prot_flag", 3), "PROT_READ|PROT_WRITE");
	APPENDS(flags_print(out, "map_flag", 0x22), "MAP_PRIVATE|MAP_ANONYMOUS");
	APPENDS(flags_print(out, "mem_flag", 0), "0");
	APPENDS(flags_print(out, "mem_flag", 0x101),
	       "KVM_MEM_LOG_DIRTY_PAGES|0x100");
}

static void test_syndromes(void **state)
{
	(void)state;
	APPENDS(esr_print(out, 0x92000046),
	       "0x92000046 (DABT_LOW, level 2 translation fault, write)");
	APPENDS(esr_print(out, 0x9200000f),
	       "0x9200000f (DABT_LOW, level 3 permission fault, read)");
	APPENDS(esr_print(out, 0x92000147),
	       "0x92000147 (DABT_LOW, level 3 translation fault,"
	       " cache maintenance)");
	APPENDS(esr_print(out, 0x82000087),
	       "0x82000087 (IABT_LOW, level 3 translation fault, table walk)");
	/* mrs x0, cntpct_el0; msr to a register without a name */
	APPENDS(esr_print(out, 0x6232f801), "0x6232f801 (SYS64, read CNTPCT_EL0)");
	APPENDS(esr_print(out, 0x6230f818), "0x6230f818 (SYS64, write PMEVTYPER0_EL0)");
	APPENDS(esr_print(out, 0x623cf877), "0x623cf877 (SYS64, read PMEVCNTR30_EL0)");
	APPENDS(esr_print(out, 0x623ffc1e), "0x623ffc1e (SYS64, write S3_7_C15_C15_7)");
	APPENDS(esr_print(out, 0x5a000007), "0x5a000007 (HVC64, #7)");
	APPENDS(esr_print(out, 0x06000001), "0x6000001 (WFx, WFE)");
	APPENDS(esr_print(out, 0x0a000000), "0xa000000");
}

static void test_registers(void **state)
{
	(void)state;
	APPENDS(reg_print(out, NULL, 0x603000000013c005),
	       "KVM_REG_ARM64_SYSREG MPIDR_EL1");
	APPENDS(reg_print(out, NULL, 0x602000000013c005),
	       "KVM_REG_ARM64_SYSREG MPIDR_EL1 KVM_REG_SIZE_U32");
	/* The kernel once swapped the names of these two, for good. */
	APPENDS(reg_print(out, NULL, 0x603000000013df02), "KVM_REG_ARM_TIMER_CVAL");
	APPENDS(reg_print(out, NULL, 0x603000000013df1a), "KVM_REG_ARM_TIMER_CNT");
	APPENDS(reg_print(out, NULL, 0x6030000000140000), "KVM_REG_ARM_PSCI_VERSION");
	APPENDS(reg_print(out, NULL, 0x12345), "0x12345");
}

static void test_registers_of_sve(void **state)
{
	(void)state;
	APPENDS(reg_print(out, NULL, 0x606000000015ffff), "KVM_REG_ARM64_SVE_VLS");
	APPENDS(reg_print(out, NULL, 0x6080000000150000),
	       "KVM_REG_ARM64_SVE_ZREG(0, 0)");
	APPENDS(reg_print(out, NULL, 0x60800000001503ff),
	       "KVM_REG_ARM64_SVE_ZREG(31, 31)");
	APPENDS(reg_print(out, NULL, 0x6050000000150400),
	       "KVM_REG_ARM64_SVE_PREG(0, 0)");
	APPENDS(reg_print(out, NULL, 0x60500000001505e1),
	       "KVM_REG_ARM64_SVE_PREG(15, 1)");
	APPENDS(reg_print(out, NULL, 0x6050000000150600),
	       "KVM_REG_ARM64_SVE_FFR(0)");
	/* Behind the last, and of a size that no such register has. */
	APPENDS(reg_print(out, NULL, 0x6050000000150620),
	       "KVM_REG_ARM64_SVE 0x620 KVM_REG_SIZE_U256");
	APPENDS(reg_print(out, NULL, 0x6040000000150020),
	       "KVM_REG_ARM64_SVE_ZREG(1, 0) KVM_REG_SIZE_U128");
	APPENDS(reg_print(out, NULL, 0x6080000000150400),
	       "KVM_REG_ARM64_SVE_PREG(0, 0) KVM_REG_SIZE_U2048");
}

/* Writes what a rule makes of WORD, or that there is no rule. */
static void print_decoded(struct buf *out, const struct decode *d, const char *name,
			  const struct value_type *t, uint64_t word)
{
	if (!decode_value(out, d, name, t, word))
		buf_puts(out, "unknown");
}

#define DECODES(where, name, class, size, before, word, wanted)		\
	do {								\
		const struct value_type t = { class, size, "", 0, 0 };	\
		const struct decode d = { where, NULL, before, NULL };	\
		APPENDS(print_decoded(out, &d, name, &t, word), wanted);	\
	} while (0)

static void test_rules(void **state)
{
	const enum value_class s = VALUE_SIGNED, u = VALUE_UNSIGNED;

	(void)state;
	DECODES("kvm_vcpu_ioctl", "ioctl", u, 4, 0, 0x4010aeab, "KVM_GET_ONE_REG");
	DECODES("kvm_vm_ioctl", "ioctl", u, 4, 0, 0x4010aeab,
		"KVM_ARM_SET_DEVICE_ADDR");
	DECODES("kvm_vm_ioctl", "arg", u, 8, 0xae03, 66, "KVM_CAP_MAX_VCPUS");
	DECODES("kvm_vm_ioctl", "arg", u, 8, 0xae41, 66, "unknown");
	DECODES("kvm_exit", "ret", s, 4, 0, 2, "TRAP");
	DECODES("kvm_exit", "esr_ec", u, 4, 2, 0x24, "DABT_LOW");
	DECODES("kvm_exit", "esr_ec", u, 4, 0, 0, "unknown");
	DECODES("kvm_userspace_exit", "reason", u, 4, 0, 6, "KVM_EXIT_MMIO");
	DECODES("kvm_userspace_exit", "errno", s, 4, 0, -4, "-EINTR");
	DECODES("kvm_userspace_exit", "errno", s, 4, 0, 0, "unknown");
	DECODES("kvm_forward_sysreg_trap", "sysreg", u, 4, 0, 0x1800a0,
		"MPIDR_EL1");
	DECODES("kvm_hvc_arm64", "r0", u, 8, 0, 0x84000008,
		"PSCI_0_2_FN_SYSTEM_OFF");
	DECODES("kvm_hvc_arm64", "r0", u, 8, 0, 0x80000000,
		"ARM_SMCCC_VERSION_FUNC_ID");
	DECODES("kvm_inject_serror_esr", "esr", u, 8, 0, 0x92000046, "unknown");
	/* What no two runs agree on. */
	DECODES("__compute_hcr", "return", u, 8, 0, 0x80003c847f623f,
		"0x80003c847f223f (without TWE)");
	DECODES("__compute_hcr", "return", u, 8, 0, 0x80003c847f22bf,
		"0x80003c847f22bf (without TWE)");
	DECODES("kvm_counter_compute_delta", "val", u, 8, 0, 0xaf98f50, "...");
	DECODES("arch_timer_set_user", "val", u, 8, 0, 0x254324c, "...");
	DECODES("arch_timer_set_user", "val", u, 8, 0, 0, "unknown");
	DECODES("kvm_irq_level", "irq", u, 4, 0, 0x1201001b,
		"KVM_ARM_IRQ_TYPE_PPI 27 vcpu 257");
	DECODES("kvm_vcpu_init", "features", u, 4, 0, 0x8004,
		"KVM_ARM_VCPU_PSCI_0_2|1<<15");
	DECODES("kvm_device_attr", "group", u, 4, 0, 1, "unknown");
	DECODES("kvm_handle_guest_abort", "vcpu", VALUE_POINTER, 8, 0, 1,
		"unknown");
}

/* Slots have an address space above their number, and pages are bits. */
static void test_dirty_logs(void **state)
{
	const enum value_class u = VALUE_UNSIGNED;

	(void)state;
	DECODES("kvm_dirty_log", "slot", u, 4, 0, 0x1ffff, "65535 of space 1");
	DECODES("kvm_clear_dirty_log", "slot", u, 4, 0, 0x10002, "2 of space 1");
	DECODES("kvm_dirty_log", "slot", u, 4, 0, 0xffff, "unknown");
	DECODES("kvm_dirty_ring_push", "slot", u, 4, 0, 0x10001, "1 of space 1");
	DECODES("kvm_reset_dirty_gfn", "slot", u, 4, 0, 0x20000, "0 of space 2");
	DECODES("kvm_reset_dirty_gfn", "mask", u, 8, 0, 7, "0x7");
	DECODES("kvm_arch_mmu_enable_log_dirty_pt_masked", "mask", u, 8, 0, 17,
		"0x11");
}

static void test_guest_memory(void **state)
{
	const enum value_class u = VALUE_UNSIGNED;

	(void)state;
	DECODES("kvm_create_guest_memfd", "flags", u, 8, 0, 3,
		"GUEST_MEMFD_FLAG_MMAP|GUEST_MEMFD_FLAG_INIT_SHARED");
	DECODES("__kvm_gmem_create", "flags", u, 8, 0, 5,
		"GUEST_MEMFD_FLAG_MMAP|0x4");
	DECODES("kvm_arm_copy_mte_tags", "flags", u, 8, 0, 0,
		"KVM_ARM_TAGS_TO_GUEST");
	DECODES("kvm_arm_copy_mte_tags", "flags", u, 8, 0, 3,
		"KVM_ARM_TAGS_FROM_GUEST|0x2");
	DECODES("kvm_arm_copy_mte_tags", "guest_ipa", u, 8, 0, 0x40006000,
		"0x40006000");
	DECODES("kvm_gmem_fallocate", "mode", VALUE_SIGNED, 4, 0, 3,
		"FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE");
}

/* Writes what a capability is enabled with. */
#define ENABLED(cap, word, wanted)					\
	do {								\
		const struct value_type t = { VALUE_UNSIGNED, 8, "", 0, 0 }; \
		const struct decode d = { "kvm_enable_cap", NULL, 0, cap }; \
		APPENDS(print_decoded(out, &d, "args", &t, word), wanted); \
	} while (0)

static void test_arguments_of_capabilities(void **state)
{
	(void)state;
	ENABLED("KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2", 3,
		"KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE|KVM_DIRTY_LOG_INITIALLY_SET");
	ENABLED("KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2", 0, "0");
	ENABLED("KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE", 3, "unknown");
	ENABLED(NULL, 3, "unknown");
}

/* Writes the same of an attribute, whose names depend on its owner. */
#define ATTRIBUTE(whose, name, before, word, wanted)			\
	do {								\
		const struct value_type t = { VALUE_UNSIGNED, 8, "", 0, 0 }; \
		const struct decode d = { "kvm_device_attr", NULL, before, whose }; \
		APPENDS(print_decoded(out, &d, name, &t, word), wanted); \
	} while (0)

static void test_groups_and_attributes(void **state)
{
	static const char gic[] = "KVM_DEV_TYPE_ARM_VGIC_V3";

	(void)state;
	ATTRIBUTE(gic, "group", 0, 0, "KVM_DEV_ARM_VGIC_GRP_ADDR");
	ATTRIBUTE(gic, "attr", 0, 2, "KVM_VGIC_V3_ADDR_TYPE_DIST");
	ATTRIBUTE(gic, "attr", 4, 0, "KVM_DEV_ARM_VGIC_CTRL_INIT");
	ATTRIBUTE(gic, "attr", 3, 0, "unknown");
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_ITS", "attr", 4, 1,
		  "KVM_DEV_ARM_ITS_SAVE_TABLES");
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_ITS", "attr", 8, 0x90, "GITS_CREADR");
	ATTRIBUTE("vcpu", "group", 0, 0, "KVM_ARM_VCPU_PMU_V3_CTRL");
	ATTRIBUTE("vcpu", "attr", 0, 1, "KVM_ARM_VCPU_PMU_V3_INIT");
	ATTRIBUTE("vcpu", "attr", 1, 0, "KVM_ARM_VCPU_TIMER_IRQ_VTIMER");
	ATTRIBUTE("vcpu", "attr", 2, 0, "KVM_ARM_VCPU_PVTIME_IPA");
	ATTRIBUTE("vm", "group", 0, 0, "KVM_ARM_VM_SMCCC_CTRL");
	ATTRIBUTE("vm", "attr", 0, 0, "KVM_ARM_VM_SMCCC_FILTER");
	ATTRIBUTE("KVM_DEV_TYPE_VFIO", "group", 0, 1, "KVM_DEV_VFIO_FILE");
	ATTRIBUTE("KVM_DEV_TYPE_VFIO", "attr", 1, 2, "KVM_DEV_VFIO_FILE_DEL");
	/* The numbers of an unknown device are unknown, too. */
	ATTRIBUTE(NULL, "group", 0, 0, "unknown");
	ATTRIBUTE("KVM_DEV_TYPE_XICS", "group", 0, 0, "unknown");
}

/* Writes a register of a GIC, of one of the groups that have registers. */
#define DIST(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V3", "attr", 1, word, wanted)
#define REDIST(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V3", "attr", 5, word, wanted)
#define SYSREG(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V3", "attr", 6, word, wanted)
#define LEVELS(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V3", "attr", 7, word, wanted)
#define ITS(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_ITS", "attr", 8, word, wanted)

static void test_registers_of_a_distributor(void **state)
{
	(void)state;
	DIST(0, "GICD_CTLR");
	DIST(8, "GICD_IIDR");
	DIST(0xc, "GICD_TYPER2");
	DIST(0x40, "unknown");
	DIST(0x80, "GICD_IGROUPR0 (INTIDs 0-31)");
	DIST(0x104, "GICD_ISENABLER1 (INTIDs 32-63)");
	DIST(0x17c, "GICD_ISENABLER31 (INTIDs 992-1023)");
	DIST(0x180, "GICD_ICENABLER0 (INTIDs 0-31)");
	DIST(0x104 + 2, "unknown");
	DIST(0x204, "GICD_ISPENDR1 (INTIDs 32-63)");
	DIST(0x304, "GICD_ISACTIVER1 (INTIDs 32-63)");
	DIST(0x420, "GICD_IPRIORITYR8 (INTIDs 32-35)");
	DIST(0x7fc, "GICD_IPRIORITYR255 (INTIDs 1020-1023)");
	DIST(0xc08, "GICD_ICFGR2 (INTIDs 32-47)");
	DIST(0x6140, "GICD_IROUTER40 (INTID 40)");
	DIST(0x6144, "GICD_IROUTER40+4 (INTID 40)");
	DIST(0x8000, "unknown");
	/* Of any vCPU, it is the same. */
	DIST(1ull << 32, "GICD_CTLR");
	DIST(0xf00, "unknown");
}

#define DIST2(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V2", "attr", 1, word, wanted)
#define CPU2(word, wanted)						\
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V2", "attr", 2, word, wanted)

/* A GICv2's distributor has the same offsets and a few more, and each vCPU may
 * see something else in it. */
static void test_registers_of_a_gicv2(void **state)
{
	(void)state;
	DIST2(0x104, "GICD_ISENABLER1 (INTIDs 32-63) vcpu 0");
	DIST2(0x820, "GICD_ITARGETSR8 (INTIDs 32-35) vcpu 0");
	DIST2(8 | 1ull << 32, "GICD_IIDR vcpu 1");
	DIST2(0xf00, "GICD_SGIR vcpu 0");
	DIST2(0xf04, "unknown");
	DIST2(0xf10 | 7ull << 32, "GICD_CPENDSGIR0 vcpu 7");
	DIST2(0xf2c, "GICD_SPENDSGIR3 vcpu 0");
	DIST2(0xf2e, "unknown");
	DIST2(0xf30, "unknown");
	CPU2(0, "GICC_CTLR vcpu 0");
	CPU2(4 | 1ull << 32, "GICC_PMR vcpu 1");
	CPU2(0x1c, "GICC_ABPR vcpu 0");
	CPU2(0xd0, "GICC_APR0 vcpu 0");
	CPU2(0xdc, "GICC_APR3 vcpu 0");
	CPU2(0xe0, "unknown");
	CPU2(0xfc, "GICC_IIDR vcpu 0");
	CPU2(0x1000, "GICC_DIR vcpu 0");
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V2", "attr", 6, 0, "unknown");
	ATTRIBUTE("KVM_DEV_TYPE_ARM_VGIC_V2", "attr", 0, 1,
		  "KVM_VGIC_V2_ADDR_TYPE_CPU");
}

static void test_registers_of_a_redistributor(void **state)
{
	(void)state;
	REDIST(0, "GICR_CTLR vcpu 0");
	REDIST(0x70, "GICR_PROPBASER vcpu 0");
	REDIST(0x74, "GICR_PROPBASER+4 vcpu 0");
	REDIST(0x7c, "GICR_PENDBASER+4 vcpu 0");
	REDIST(4, "GICR_IIDR vcpu 0");
	REDIST(0x18, "unknown");
	REDIST(0x100, "unknown");
	REDIST(0x10100 | 1ull << 32, "GICR_ISENABLER0 (INTIDs 0-31) vcpu 1");
	REDIST(0x10104, "unknown");
	REDIST(0x1041c | 0x102ull << 32,
	       "GICR_IPRIORITYR7 (INTIDs 28-31) vcpu 18");
	REDIST(0x10420, "unknown");
	REDIST(0x10c04 | 0xfull << 32, "GICR_ICFGR1 (INTIDs 16-31) vcpu 15");
	REDIST(0x10200ull << 32, "GICR_CTLR vcpu 4128");
	REDIST(0x10ull << 32, "GICR_CTLR affinity 0x10");
	REDIST(1ull << 56, "GICR_CTLR affinity 0x1000000");
}

static void test_other_state_of_a_gic(void **state)
{
	(void)state;
	SYSREG(0xc230, "ICC_PMR_EL1 vcpu 0");
	SYSREG(0xc230 | 1ull << 32, "ICC_PMR_EL1 vcpu 1");
	SYSREG(0xc644, "ICC_AP0R0_EL1 vcpu 0");
	SYSREG(0xc649, "ICC_AP1R1_EL1 vcpu 0");
	SYSREG(0xffff, "unknown");
	LEVELS(0, "INTIDs 0-31 vcpu 0");
	LEVELS(32 | 1ull << 32, "INTIDs 32-63 vcpu 1");
	LEVELS(40, "unknown");
	LEVELS(1 << 10, "unknown");
	ITS(0x80, "GITS_CBASER");
	ITS(0x100, "GITS_BASER0");
	ITS(0x108, "GITS_BASER1");
	ITS(0x138, "GITS_BASER7");
	ITS(0x140, "unknown");
	ITS(0x104, "unknown");
	ITS(0xf8, "unknown");
}

/* Addresses of the guest are numbers, always in hexadecimal. */
static void test_addresses_of_the_guest(void **state)
{
	const enum value_class u = VALUE_UNSIGNED, p = VALUE_PHYSICAL;

	(void)state;
	DECODES("kvm_entry", "vcpu_pc", u, 8, 0, 0xffff800080010000,
		"0xffff800080010000");
	DECODES("kvm_exit", "vcpu_pc", u, 8, 0, 512, "0x200");
	DECODES("kvm_guest_fault", "hxfar", u, 8, 0, 0xffff000000001000,
		"0xffff000000001000");
	DECODES("kvm_guest_fault", "ipa", u, 8, 0, 0, "0");
	DECODES("stage2_apply_range", "addr", p, 8, 0, 0x40000000, "0x40000000");
	DECODES("stage2_apply_range", "end", p, 8, 0, 0x40010000, "0x40010000");
	DECODES("vgic_check_iorange", "ioaddr", p, 8, 0, 0x8000000, "0x8000000");
	/* The type decides about addresses of the host. */
	DECODES("kvm_phys_addr_ioremap", "pa", p, 8, 0, 0x8000000, "unknown");
	DECODES("kvm_pgtable_stage2_map", "phys", p, 8, 0, 0x8000000, "unknown");
	/* A pointer is a pointer, whatever its name. */
	DECODES("clean_dcache_guest_page", "va", VALUE_POINTER, 8, 0, 4096,
		"unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_syndromes),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_registers_of_sve),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_dirty_logs),
		cmocka_unit_test(test_guest_memory),
		cmocka_unit_test(test_arguments_of_capabilities),
		cmocka_unit_test(test_groups_and_attributes),
		cmocka_unit_test(test_registers_of_a_distributor),
		cmocka_unit_test(test_registers_of_a_gicv2),
		cmocka_unit_test(test_registers_of_a_redistributor),
		cmocka_unit_test(test_other_state_of_a_gic),
		cmocka_unit_test(test_addresses_of_the_guest),
	};

	return RUN_UNIT_TESTS(tests);
}
