// SPDX-License-Identifier: MIT
/*
 * What a capture shows of values: each ioctl here passes something that
 * tests/kvt-values.t looks for in the capture.  The guest stores a byte
 * where no memory is.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "../../code/kvmbook.h"

enum { RAM = 0x40000000, MMIO = 0x9000000, PAGE = 4096 };

#define CORE(reg) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
		   KVM_REG_ARM_CORE_REG(reg))

static void one_reg(int vcpu, int how, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(vcpu, how, &reg) < 0)
		perror("one_reg");
}

/* A GIC of a VM of its own, where it keeps nothing from running. */
static void make_gic(int vm)
{
	struct kvm_create_device gic = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	uint64_t place = 0x8000000;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_ADDR,
		.attr = KVM_VGIC_V3_ADDR_TYPE_DIST,
		.addr = (uintptr_t)&place,
	};
	struct kvm_irq_level irq = {
		.irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | 40,
		.level = 1,
	};

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &gic, "GIC");
	kvm_ioctl(gic.fd, KVM_SET_DEVICE_ATTR, &attr, "place");
	ioctl(vm, KVM_IRQ_LINE, &irq);
}

/* mov x0, #MMIO; strb w1, [x0]; hvc #0 */
static void write_guest(uint32_t *ram)
{
	ram[0] = 0xd2a12000;
	ram[1] = 0x39000001;
	ram[2] = 0xd4000002;
}

int main(void)
{
	struct kvm_vcpu_init init = { 0 };
	struct kvm_create_device gic = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
		.flags = KVM_CREATE_DEVICE_TEST,
	};
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "VM");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "vCPU");
	char *ram = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region memory = {
		.slot = 3, .flags = KVM_MEM_LOG_DIRTY_PAGES,
		.guest_phys_addr = RAM, .memory_size = 2 * PAGE,
		.userspace_addr = (uintptr_t)ram,
	};
	struct kvm_arm_copy_mte_tags tags = {
		.guest_ipa = RAM, .length = PAGE,
		.flags = KVM_ARM_TAGS_FROM_GUEST,
	};

	write_guest((uint32_t *)ram);
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &memory, "memory");
	kvm_ioctl(vm, KVM_CREATE_DEVICE, &gic, "GIC");
	kvm_ioctl(vm, KVM_ENABLE_CAP, &cap, "cap");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "target");
	init.features[0] = 1 << KVM_ARM_VCPU_PSCI_0_2;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "init");
	one_reg(vcpu, KVM_SET_ONE_REG, CORE(regs.pc), RAM);
	one_reg(vcpu, KVM_GET_ONE_REG, ARM64_SYS_REG(3, 0, 0, 0, 5), 0);
	kvm_ioctl(vcpu, KVM_RUN, 0, "run");
	/* One that the kernel cannot read either, one that ends where memory
	 * does, and one whose second half is where none is. */
	ioctl(vm, KVM_SET_USER_MEMORY_REGION, (void *)16);
	munmap(ram + PAGE, PAGE);
	ioctl(vcpu, KVM_GET_ONE_REG, ram + PAGE - 16);
	ioctl(vcpu, KVM_GET_ONE_REG, ram + PAGE - 8);
	ioctl(vm, KVM_ARM_MTE_COPY_TAGS, &tags);
	make_gic(kvm_ioctl(kvm, KVM_CREATE_VM, 0, "VM"));
	return 0;
}
