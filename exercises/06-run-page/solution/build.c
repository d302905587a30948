/* SPDX-License-Identifier: MIT */
/* Exercise 6, build: which pages does a vCPU's file have? */
#include "kvmbook.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGES = 128 };

static sigjmp_buf back;

static void on_bus_error(int number)
{
	siglongjmp(back, number);
}

/* Whether there is a page behind a byte. */
static int there(const volatile char *byte)
{
	if (sigsetjmp(back, 1))
		return 0;
	(void)*byte;
	return 1;
}

/* Makes a vCPU with a dirty ring of SIZE bytes. */
static int make_vcpu(int vm, int size)
{
	struct kvm_enable_cap ring = {
		.cap = KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
		.args = { size },
	};

	kvm_ioctl(vm, KVM_ENABLE_CAP, &ring,
		  "No dirty ring here, or none of this size.");
	return kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
}

int main(int argc, char **argv)
{
	int page = sysconf(_SC_PAGESIZE);
	int kvm, vm, vcpu;
	char *bytes;

	if (argc != 2) {
		fprintf(stderr, "usage: build PAGES\n");
		return 2;
	}
	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	vcpu = make_vcpu(vm, atoi(argv[1]) * page);

	bytes = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED,
		     vcpu, 0);
	must(bytes == MAP_FAILED ? -1 : 0, "No memory.");
	must(signal(SIGBUS, on_bus_error) == SIG_ERR ? -1 : 0,
	     "There is no such signal.");
	for (int i = 0; i < PAGES; i++)
		if (there(bytes + i * page))
			printf("page %d\n", i);

	must(munmap(bytes, PAGES * page), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
