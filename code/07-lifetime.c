/* SPDX-License-Identifier: MIT */
/* Chapter 7: close the VM's descriptor first, and see what is left. */
/* [include] */
#include "kvmbook.h"

#include <sys/wait.h>
/* [/include] */

/* [statistics] */
/* Reads the start of a statistics file: how many, and whose. */
static void show_statistics(int fd)
{
	struct kvm_stats_header header;
	char id[64] = "", *rest;
	long creator;

	must(pread(fd, &header, sizeof(header), 0),
	     "This is not a statistics descriptor.");
	must(pread(fd, id, sizeof(id) - 1, header.id_offset),
	     "The header promised a name here.");
	/* The name is kvm-PID, and PID would differ from run to run. */
	creator = strtol(id + strlen("kvm-"), &rest, 10);
	printf("descriptor %d: %u statistics of kvm-[%s]%s\n", fd,
	       header.num_desc, creator == getpid() ? "me" : "another",
	       rest);
}
/* [/statistics] */

/* [close-one] */
/* Closes a descriptor, after saying which. */
static void close_one(int fd, const char *what)
{
	printf("close %d, %s\n", fd, what);
	must(close(fd), "This descriptor was closed before.");
}
/* [/close-one] */

/* [fork] */
/* Uses the descriptors in a process that did not create the VM. */
static void use_in_child(int vm, int vm_stats)
{
	int status;
	pid_t child;

	fflush(stdout);	/* else the child prints it again */
	child = must(fork(), "No memory, or too many processes.");
	if (child == 0) {
		printf("in a child process:\n");
		kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 1, EIO);
		show_statistics(vm_stats);
		exit(0);
	}
	must(waitpid(child, &status, 0), "The child is gone.");
	if (status != 0)
		exit(1);	/* the child has said why */
	printf("back in the parent\n");
}
/* [/fork] */

/* [create] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm, vcpu, vm_stats, vcpu_stats, second;

	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0,
			 "No memory, or no file descriptor left.");
	vm_stats = kvm_ioctl(vm, KVM_GET_STATS_FD, 0,
			     "KVM can do this since Linux 5.14.");
	printf("VM %d, vCPU %d, statistics of the VM %d\n", vm, vcpu,
	       vm_stats);
/* [/create] */

/* [child] */
	use_in_child(vm, vm_stats);
/* [/child] */

/* [close-vm] */
	close_one(vm, "the VM");
	show_statistics(vm_stats);
/* [/close-vm] */

/* [second] */
	second = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
			   "No memory, or no file descriptor left.");
	printf("a second VM is descriptor %d\n", second);
/* [/second] */

/* [vcpu-stats] */
	vcpu_stats = kvm_ioctl(vcpu, KVM_GET_STATS_FD, 0,
			       "There are too many open files.");
	show_statistics(vcpu_stats);
/* [/vcpu-stats] */

/* [close-rest] */
	close_one(vcpu, "the vCPU");
	close_one(vm_stats, "the statistics of the VM");
	close_one(vcpu_stats, "the statistics of the vCPU");
/* [/close-rest] */

/* [end] */
	printf("exit, with the second VM and /dev/kvm open\n");
	return 0;
}
/* [/end] */
