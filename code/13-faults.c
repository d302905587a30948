/* SPDX-License-Identifier: MIT */
/* Chapter 13: exceptions, the guest's own and made by others. */
/* [headers] */
#include <signal.h>
#include <sys/time.h>
#include "bus.h"
/* [/headers] */

/* [guest] */
/* Where the guest goes on, prepared for exceptions. */
extern const char prepared[];
/* [/guest] */

/* [system] */
/* Three registers of EL1: why, from where, and with which address. */
#define ESR_EL1	ARM64_SYS_REG(3, 0, 5, 2, 0)
#define ELR_EL1	CORE_REG(elr_el1)
#define FAR_EL1	ARM64_SYS_REG(3, 0, 6, 0, 0)
/* [/system] */

/* [print-exception] */
/* Says what the guest's registers say of its last exception. */
static void print_exception(int vcpu)
{
	uint64_t esr = get_reg(vcpu, ESR_EL1);
	int class = esr >> 26 & 0x3f;

	printf("  ESR 0x%08llx, %s, ELR 0x%llx",
	       (unsigned long long)esr, exception_name(esr),
	       (unsigned long long)get_reg(vcpu, ELR_EL1));
	if (class == 0x21 || class == 0x25)
		printf(", FAR 0x%llx",
		       (unsigned long long)get_reg(vcpu, FAR_EL1));
	printf("\n");
}
/* [/print-exception] */

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

/* [let-fail] */
/* Lets a load or a store of the guest end in an external abort. */
static void let_fail(int vcpu, struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.ext_dabt_pending = 1,
	};

	print_exit(vcpu, run);
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	kvm_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	printf("  abort pending: %d (pc 0x%llx)\n",
	       events.exception.ext_dabt_pending,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/let-fail] */

/* [handle-access] */
/* Where the guest's vectors store. */
enum { REPORT_AT = 0x09030000 };

/* Answers a load or a store, wherever it goes. */
static bool handle_access(int vcpu, struct kvm_run *run)
{
	if (run->mmio.phys_addr == REPORT_AT)
		print_exception(vcpu);
	else if (!handle_mmio(vcpu, run))
		let_fail(vcpu, run);
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
