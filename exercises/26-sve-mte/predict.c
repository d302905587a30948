/* SPDX-License-Identifier: MIT */
/* Exercise 26, predict: read it, and answer in answers.txt. */
#include "mte.h"
#include "sve.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	int tagged = create_vm(kvm), vcpu;
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_MTE };
	struct lengths set = { .words = { 1 } };
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64_SVE_VLS, .addr = (uintptr_t)&set,
	};
	uint8_t tags[3 * TAGGED_PAGE / GRANULE];

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_SVE);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	limit_vectors(vcpu, 80);
	ioctl(vcpu, KVM_RUN, 0);
	finish_sve(vcpu);
	ioctl(vcpu, KVM_SET_ONE_REG, &reg);
	for (int i = 0; i < 3; i++)
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	ioctl(vm, KVM_ENABLE_CAP, &cap);

	enable_mte(tagged);
	load_guest(tagged);
	copy_tags(tagged, MEMORY_AT + MEMORY_SIZE - 2 * TAGGED_PAGE,
		  3 * TAGGED_PAGE, tags, KVM_ARM_TAGS_FROM_GUEST);
	return 0;
}
