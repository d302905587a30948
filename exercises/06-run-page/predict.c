/* SPDX-License-Identifier: MIT */
/* Exercise 6, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"
#include <sys/mman.h>

enum { PAGE = 4096 };

/* Maps pages of a vCPU's file, from the page FIRST on. */
static volatile char *map(int vcpu, int pages, int first)
{
	void *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED, vcpu, first * PAGE);

	must(p == MAP_FAILED ? -1 : 0, "No memory.");
	return p;
}

/* What is in the first pages of two vCPUs of one VM. */
static int two_vcpus(int kvm)
{
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int one = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	int two = kvm_ioctl(vm, KVM_CREATE_VCPU, 1, "No memory.");
	volatile char *p = map(one, 4, 0), *q;

	p[100] = 2;
	p[PAGE + 100] = 3;
	must(munmap((void *)p, 4 * PAGE), "It was not mapped.");

	p = map(one, 1, 0);
	q = map(two, 2, 0);
	return 100 * p[100] + 10 * q[100] + q[PAGE + 100];
}

/* Looks here and there into a dirty ring of four pages. */
static void look_at_ring(int kvm)
{
	struct kvm_enable_cap ring = {
		.cap = KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
		.args = { 4 * PAGE },
	};
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	volatile char *p;
	int vcpu;

	kvm_ioctl(vm, KVM_ENABLE_CAP, &ring, "No dirty ring.");
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	p = map(vcpu, 4, KVM_DIRTY_LOG_PAGE_OFFSET);
	for (int i = 0; i < 4 * PAGE; i += 6000)
		(void)p[i];
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int seen = two_vcpus(kvm);

	look_at_ring(kvm);
	kvm_ioctl_fails(kvm, KVM_GET_VCPU_MMAP_SIZE, seen, EINVAL);
	return 0;
}
