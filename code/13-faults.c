/* SPDX-License-Identifier: MIT */
/* Chapter 13: exceptions, the guest's own and made by others. */
/* [headers] */
#include <signal.h>
#include <sys/time.h>
#include "faults.h"
/* [/headers] */

/* [guest] */
/* Where the guest goes on, prepared for exceptions. */
extern const char prepared[];
/* [/guest] */

/* [run-a-moment] */
static struct kvm_run *running;

static void stop(int signal)
{
	(void)signal;
	running->immediate_exit = 1;
}

/* Runs a guest that does not come back, for a moment. */
static void run_a_moment(int vcpu, struct kvm_run *run)
{
	struct itimerval moment = { .it_value.tv_usec = 5000 };

	running = run;
	signal(SIGVTALRM, stop);
	must(setitimer(ITIMER_VIRTUAL, &moment, NULL), "A bad time?");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
}
/* [/run-a-moment] */

/* [print-pending] */
/* Says whether an abort is pending, and where the guest goes on. */
static void print_pending(int vcpu)
{
	struct kvm_vcpu_events events;

	kvm_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	printf("  abort pending: %d (pc 0x%llx)\n",
	       events.exception.ext_dabt_pending,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/print-pending] */

/* [handle-access] */
/* Answers a load or a store, wherever it goes. */
static bool handle_access(int vcpu, struct kvm_run *run)
{
	if (!handle_report(vcpu, run)) {
		let_fail(vcpu, run);
		print_pending(vcpu);
	}
	return true;
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_access,
};
/* [/handle-access] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	char *memory, *zeros;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	zeros = map(-1, 4096);
	add_memory(vm, 1, 0, zeros, 4096, 0);
	add_device(power_switch);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [hang] */
	printf("without vectors\n");
	run_a_moment(vcpu, run);
	print_exit(vcpu, run);
	print_exception(vcpu);
/* [/hang] */

/* [with-vectors] */
	printf("with vectors\n");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + prepared - guest);
	run_guest(vcpu, run, handlers);
/* [/with-vectors] */

/* [end] */
	must(munmap(zeros, 4096), "It was not mapped.");
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
