/* SPDX-License-Identifier: MIT */
/* Chapter 11: run a guest, and see why it comes back. */
/* [headers] */
#include <signal.h>
#include "vmm.h"
/* [/headers] */

/* [signal] */
/* Makes SIGUSR1 wait, and lets only KVM_RUN notice that it does. */
static void hold_signal(int vcpu)
{
	struct kvm_signal_mask *none;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL), "A wrong argument?");
	must(raise(SIGUSR1), "A wrong argument?");

	none = calloc(1, sizeof(*none) + sizeof(set));
	if (!none) {
		fprintf(stderr, "No memory is left.\n");
		exit(1);
	}
	none->len = sizeof(set);
	kvm_ioctl_fails(vcpu, KVM_SET_SIGNAL_MASK, none, EINVAL);
	none->len = 8;
	kvm_ioctl(vcpu, KVM_SET_SIGNAL_MASK, none,
		  "The kernel's set of signals has another size.");
	free(none);
}
/* [/signal] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	sigset_t set;
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [run] */
	kvm_ioctl_fails(vcpu, KVM_RUN, 1, EINVAL);
	printf("the first run\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	printf("the second run\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
/* [/run] */

/* [immediate] */
	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
	print_exit(vcpu, run);
/* [/immediate] */

/* [interrupt] */
	hold_signal(vcpu);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	print_exit(vcpu, run);
	must(sigpending(&set), "A wrong argument?");
	printf("SIGUSR1 %s\n", sigismember(&set, SIGUSR1) ?
	       "is still waiting" : "is gone");
	kvm_ioctl(vcpu, KVM_SET_SIGNAL_MASK, NULL, "This cannot fail.");
/* [/interrupt] */

/* [unmap] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EFAULT);
	print_exit(vcpu, run);
	return 0;
}
/* [/unmap] */
