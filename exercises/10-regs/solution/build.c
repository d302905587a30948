/* SPDX-License-Identifier: MIT */
/* Exercise 10, build: a vCPU moves to another VM. */
#include "vmm.h"

#define V0							\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U128 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]))

/* Creates a VM with one vCPU; returns the vCPU's descriptor. */
static int new_vcpu(int kvm, uint32_t features)
{
	int vm = create_vm(kvm);
	int vcpu = add_vcpu(vm, 0, features);

	must(close(vm), "It was not open.");
	return vcpu;
}

/* The ids of all registers of a vCPU. */
static struct kvm_reg_list *list_regs(int vcpu)
{
	struct kvm_reg_list none = { .n = 0 }, *list;

	kvm_ioctl_fails(vcpu, KVM_GET_REG_LIST, &none, E2BIG);
	list = malloc(sizeof(none) + none.n * sizeof(none.reg[0]));
	if (!list) {
		fprintf(stderr, "There is no memory for the list.\n");
		exit(1);
	}
	list->n = none.n;
	kvm_ioctl(vcpu, KVM_GET_REG_LIST, list, "It has grown.");
	return list;
}

int main(int argc, char **argv)
{
	uint32_t features = argc > 1 ? 1U << atoi(argv[1]) : 0;
	int kvm = open_kvm("/dev/kvm");
	int from = new_vcpu(kvm, features);
	int to = new_vcpu(kvm, features);
	uint64_t value = 0x40001234;
	unsigned char v[16], largest[256];
	struct kvm_reg_list *list;
	struct kvm_one_reg pc = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&value,
	}, v0 = {
		.id = V0, .addr = (uintptr_t)v,
	};

	for (size_t i = 0; i < sizeof(v); i++)
		v[i] = i + 1;
	kvm_ioctl(from, KVM_SET_ONE_REG, &pc, "No such register.");
	kvm_ioctl(from, KVM_SET_ONE_REG, &v0, "No such register.");

	list = list_regs(from);
	for (size_t i = 0; i < list->n; i++) {
		struct kvm_one_reg any = {
			.id = list->reg[i], .addr = (uintptr_t)largest,
		};

		kvm_ioctl(from, KVM_GET_ONE_REG, &any, "Not there.");
		kvm_ioctl(to, KVM_SET_ONE_REG, &any, "Not possible.");
	}
	free(list);

	kvm_ioctl(to, KVM_GET_ONE_REG, &pc, "No such register.");
	kvm_ioctl(to, KVM_GET_ONE_REG, &v0, "No such register.");
	printf("pc 0x%llx\nv0", (unsigned long long)value);
	for (size_t i = 0; i < sizeof(v); i++)
		printf(" %d", v[i]);
	printf("\n");
	must(close(to), "It was not open.");
	must(close(from), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
