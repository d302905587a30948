/* SPDX-License-Identifier: MIT */
/* Chapter 10: read and write the registers of a vCPU. */
#include "vmm.h"

/* [system] */
/* Two system registers: who made the CPU, and what it can do. */
#define MIDR_EL1	ARM64_SYS_REG(3, 0, 0, 0, 0)
#define ID_AA64PFR0_EL1	ARM64_SYS_REG(3, 0, 0, 4, 0)
/* [/system] */

/* [capability] */
#ifndef KVM_CAP_ARM_WRITABLE_IMP_ID_REGS /* headers before 6.15 */
#define KVM_CAP_ARM_WRITABLE_IMP_ID_REGS 239
#endif
/* [/capability] */

/* [set-fails] */
/* The same id, but of a register of 4 bytes. */
#define IN_4_BYTES(id) ((id) - KVM_REG_SIZE_U64 + KVM_REG_SIZE_U32)

/* Like set_reg(), for what KVM must refuse. */
static void set_fails(int vcpu, const char *what, uint64_t id,
		      uint64_t value, int error)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	printf("%s: ", what);
	kvm_ioctl_fails(vcpu, KVM_SET_ONE_REG, &reg, error);
}
/* [/set-fails] */

/* [show] */
static void show(int vcpu, const char *name, uint64_t id)
{
	printf("%s is 0x%llx\n", name,
	       (unsigned long long)get_reg(vcpu, id));
}
/* [/show] */

/* [print-id] */
#define PART(id, part)						\
	(int)(((id) & KVM_REG_ARM64_SYSREG_ ## part ## _MASK) >> \
	      KVM_REG_ARM64_SYSREG_ ## part ## _SHIFT)

/* Prints what an id is made of. */
static void print_id(const char *name, uint64_t id)
{
	uint64_t group = id & KVM_REG_ARM_COPROC_MASK;

	printf("%s: %u bytes, group 0x%x, number 0x%x\n", name,
	       KVM_REG_SIZE(id),
	       (int)(group >> KVM_REG_ARM_COPROC_SHIFT),
	       (int)(id & 0xffff));
	if (group == KVM_REG_ARM64_SYSREG)
		printf("  op0 %d, op1 %d, CRn %d, CRm %d, op2 %d\n",
		       PART(id, OP0), PART(id, OP1), PART(id, CRN),
		       PART(id, CRM), PART(id, OP2));
}
/* [/print-id] */

/* [count] */
static void count(const struct kvm_reg_list *list, const char *what,
		  uint64_t group)
{
	int n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += (list->reg[i] & KVM_REG_ARM_COPROC_MASK) == group;
	printf("  %3d %s\n", n, what);
}
/* [/count] */

/* [list] */
/* Asks which registers the vCPU has, and counts them by group. */
static void list_registers(int vcpu)
{
	struct kvm_reg_list none = { .n = 0 }, *list;

	kvm_ioctl_fails(vcpu, KVM_GET_REG_LIST, &none, E2BIG);
	list = map(-1, sizeof(none) + none.n * sizeof(none.reg[0]));
	list->n = none.n;
	kvm_ioctl(vcpu, KVM_GET_REG_LIST, list,
		  "The vCPU has more registers than it said.");
	printf("%d registers:\n", (int)list->n);
	count(list, "core", KVM_REG_ARM_CORE);
	count(list, "system", KVM_REG_ARM64_SYSREG);
	count(list, "cache sizes", KVM_REG_ARM_DEMUX);
	count(list, "firmware", KVM_REG_ARM_FW);
	count(list, "firmware, bitmaps", KVM_REG_ARM_FW_FEAT_BMAP);
}
/* [/list] */

/* [features] */
/* What ID_AA64PFR0_EL1 says of the CPU, and what it may be made to. */
static void change_features(int vm, int vcpu)
{
	uint64_t masks[KVM_ARM_FEATURE_ID_RANGE_SIZE];
	struct reg_mask_range range = { .addr = (uintptr_t)masks };
	uint64_t pfr0 = get_reg(vcpu, ID_AA64PFR0_EL1);
	int number = KVM_ARM_FEATURE_ID_RANGE_IDX(3, 0, 0, 4, 0);

	show(vcpu, "ID_AA64PFR0_EL1", ID_AA64PFR0_EL1);
	kvm_ioctl(vm, KVM_ARM_GET_REG_WRITABLE_MASKS, &range,
		  "Old kernels do not have this request.");
	printf("Its writable bits are 0x%llx\n",
	       (unsigned long long)masks[number]);
/* [/features] */

/* [changes] */
	set_reg(vcpu, ID_AA64PFR0_EL1, (pfr0 & ~0xfULL) | 1);
	show(vcpu, "ID_AA64PFR0_EL1", ID_AA64PFR0_EL1);
	set_fails(vcpu, "More than the CPU can do", ID_AA64PFR0_EL1,
		  pfr0 | 3, EINVAL);
	set_fails(vcpu, "No floating point", ID_AA64PFR0_EL1,
		  pfr0 | 0xf << 16, EINVAL);
}
/* [/changes] */

/* [main] */
int main(void)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm, vcpu;
	struct kvm_regs regs;

	vm = create_vm(kvm);
	add_memory(vm, 0, MEMORY_AT, map(-1, MEMORY_SIZE), MEMORY_SIZE,
		   0);
	kvm_ioctl(vm, KVM_ENABLE_CAP, &cap,
		  "Old kernels do not have this capability.");
	vcpu = add_vcpu(vm, 0, 0);
/* [/main] */

/* [no-list] */
	kvm_ioctl_fails(vcpu, KVM_GET_REGS, &regs, EINVAL);
	list_registers(vcpu);
/* [/no-list] */

/* [after-init] */
	print_id("pc", CORE_REG(regs.pc));
	show(vcpu, "pc", CORE_REG(regs.pc));
	show(vcpu, "pstate", CORE_REG(regs.pstate));
	set_reg(vcpu, CORE_REG(regs.regs[0]), 42);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	show(vcpu, "x0", CORE_REG(regs.regs[0]));
	show(vcpu, "pc", CORE_REG(regs.pc));
/* [/after-init] */

/* [wrong] */
	set_fails(vcpu, "pc, 4 bytes",
		  IN_4_BYTES(CORE_REG(regs.pc)), 0, EINVAL);
	set_fails(vcpu, "MIDR_EL1, 4 bytes",
		  IN_4_BYTES(MIDR_EL1), 0, ENOENT);
/* [/wrong] */

/* [id-registers] */
	print_id("ID_AA64PFR0_EL1", ID_AA64PFR0_EL1);
	change_features(vm, vcpu);
/* [/id-registers] */

/* [maker] */
	kvm_ioctl_fails(vm, KVM_ENABLE_CAP, &cap, EINVAL);
	show(vcpu, "MIDR_EL1", MIDR_EL1);
	set_reg(vcpu, MIDR_EL1, 0x410fd083);
	show(vcpu, "MIDR_EL1", MIDR_EL1);
/* [/maker] */

/* [swapped] */
	print_id("KVM_REG_ARM_TIMER_CVAL", KVM_REG_ARM_TIMER_CVAL);
	set_reg(vcpu, KVM_REG_ARM_TIMER_CVAL, 1000);
	show(vcpu, "CVAL", KVM_REG_ARM_TIMER_CVAL);
	return 0;
}
/* [/swapped] */
