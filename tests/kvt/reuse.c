// SPDX-License-Identifier: MIT
/*
 * Makes things again after closing the first, so that several have the same
 * address or number: files, memslots, guest_memfds, VMs and descriptors.
 * tests/kvt-values.t checks what the capture calls them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "../../code/kvmbook.h"

enum { RAM = 0x40000000, SIZE = 0x10000 };

#ifndef KVM_CREATE_GUEST_MEMFD
struct kvm_create_guest_memfd {
	uint64_t size, flags, reserved[6];
};
#define KVM_CREATE_GUEST_MEMFD _IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)
#endif

static void make_memslots(int vm, char *ram)
{
	for (int i = 0; i < 3; i++) {
		struct kvm_userspace_memory_region memory = {
			.slot = i, .guest_phys_addr = RAM + i * SIZE,
			.memory_size = SIZE,
			.userspace_addr = (uintptr_t)ram + i * SIZE,
		};

		kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &memory, "memory");
		memory.memory_size = 0;
		kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &memory, "memory");
	}
}

static void make_guest_memfds(int vm)
{
	for (int i = 0; i < 2; i++) {
		struct kvm_create_guest_memfd memory = { .size = SIZE };
		int fd = ioctl(vm, KVM_CREATE_GUEST_MEMFD, &memory);

		if (fd >= 0)
			close(fd);
	}
}

/* Makes a VM with a GIC and a vCPU, which KVM frees with it. */
static void make_vm(int kvm)
{
	struct kvm_create_device gic = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "VM");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "vCPU");

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &gic, "GIC");
	close(gic.fd);
	close(vcpu);
	close(vm);
}

/* Copies a VM's descriptor to other numbers, and gives its number to other
 * things. */
static void copy_descriptors(int kvm)
{
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "VM");
	int copy = fcntl(vm, F_DUPFD, 20), other;

	kvm_ioctl(copy, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS, "copy");
	if (syscall(SYS_close_range, vm, vm, 0))
		perror("close_range");
	other = eventfd(0, 0);
	ioctl(other, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);
	close(other);
	close(copy);
}

int main(void)
{
	static struct kvm_vcpu_init init;	/* at a low address */
	char *ram = mmap(NULL, 3 * SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int kvm = open_kvm("/dev/kvm"), vm;

	close(kvm);
	close(open_kvm("/dev/kvm"));
	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "VM");
	make_memslots(vm, ram);
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "target");
	make_guest_memfds(vm);
	make_vm(kvm);
	make_vm(kvm);
	copy_descriptors(kvm);
	return 0;
}
