/* SPDX-License-Identifier: MIT */
/* Chapter 6: map the page that a vCPU shares with its program. */
/* [include] */
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/include] */

/* [map] */
/* Maps SIZE bytes of a vCPU's file, beginning at its page FIRST. */
static void *map(int vcpu, size_t size, long first)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		       vcpu, first * sysconf(_SC_PAGESIZE));

	if (p == MAP_FAILED) {
		fprintf(stderr, "mmap of a vCPU: %s\n"
			"No memory, or too many mappings?\n",
			strerror(errno));
		exit(1);
	}
	return p;
}
/* [/map] */

/* [try] */
static sigjmp_buf back;

static void on_bus_error(int number)
{
	siglongjmp(back, number);
}

/* Reads one byte, and says whether there was a page behind it. */
static void try_page(int number, const volatile char *byte)
{
	if (sigsetjmp(back, 1) == 0) {
		(void)*byte;
		printf("page %d: there\n", number);
	} else {
		printf("page %d: bus error\n", number);
	}
}
/* [/try] */

/* [ring] */
/* The dirty ring: pages that GET_VCPU_MMAP_SIZE does not count. */
static void try_ring(int kvm, int page)
{
	struct kvm_enable_cap ring = {
		.cap = KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
		.args = { 4 * page },
	};
	int first = KVM_DIRTY_LOG_PAGE_OFFSET, vm, vcpu;
	void *p;

	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory for a VM?");
	kvm_ioctl(vm, KVM_ENABLE_CAP, &ring,
		  "This kernel has no dirty ring.");
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory?");
/* [/ring] */

/* [private] */
	p = mmap(NULL, page, PROT_READ, MAP_PRIVATE, vcpu,
		 (long)first * page);
	must_fail(p == MAP_FAILED ? -1 : 0, EINVAL,
		  "dirty ring, private mapping");
	p = map(vcpu, page, first);
	try_page(first, p);

	must(munmap(p, page), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
}
/* [/private] */

/* [size] */
int main(void)
{
	int page = sysconf(_SC_PAGESIZE);
	int kvm, vm, vcpu, size, i, used = 0;
	struct kvm_run *run;
	char *bytes;

	kvm = open_kvm("/dev/kvm");
	size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			 "This cannot fail.");
	printf("KVM_GET_VCPU_MMAP_SIZE: %d bytes, %d pages\n",
	       size, size / page);
	printf("struct kvm_run: %zu bytes\n", sizeof(*run));
	kvm_ioctl_fails(kvm, KVM_GET_VCPU_MMAP_SIZE, 1, EINVAL);
/* [/size] */

/* [touch] */
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory for a VM?");
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory?");
	run = map(vcpu, size, 0);
	printf("exit_reason %u, immediate_exit %u\n",
	       run->exit_reason, run->immediate_exit);
	for (bytes = (char *)run, i = 0; i < page; i++)
		used += bytes[i] != 0;
	printf("page 0: %d bytes are not zero\n", used);
/* [/touch] */

/* [again] */
	run->immediate_exit = 1;
	must(munmap(run, size), "It was not mapped.");
	run = map(vcpu, size + page, 0);
	printf("mapped again: immediate_exit %u\n",
	       run->immediate_exit);
/* [/again] */

/* [beyond] */
	if (signal(SIGBUS, on_bus_error) == SIG_ERR) {
		perror("signal SIGBUS");
		return 1;
	}
	for (bytes = (char *)run, i = 0; i <= size / page; i++)
		try_page(i, bytes + i * page);
	must(munmap(run, size + page), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
/* [/beyond] */

/* [end] */
	try_ring(kvm, page);
	must(close(kvm), "It was not open.");
	return 0;
}
/* [/end] */
