/* SPDX-License-Identifier: MIT */
/* Chapter 13: exceptions, from inside and from outside. */
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
/* Says what the registers of an exception say. */
static void print_exception(uint64_t esr, uint64_t elr, uint64_t far)
{
	int class = esr >> 26 & 0x3f;

	printf("  ESR 0x%08llx, %s, ELR 0x%llx",
	       (unsigned long long)esr, exception_name(esr),
	       (unsigned long long)elr);
	if (class == 0x21 || class == 0x25)
		printf(", FAR 0x%llx", (unsigned long long)far);
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

/* [devices] */
/* Hears of an exception: ESR, ELR, and FAR at last. */
static void report_write(uint64_t offset, uint64_t value)
{
	static uint64_t esr, elr;

	if (offset == 0)
		esr = value;
	else if (offset == 8)
		elr = value;
	else
		print_exception(esr, elr, value);
}

static const struct device report = {
	.address = 0x09030000, .size = 4096, .write = report_write,
};
/* [/devices] */

/* [handle-nisv] */
/* Answers what has no syndrome: skips a store, lets a load fail. */
static bool handle_nisv(int vcpu, struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.ext_dabt_pending = 1,
	};
	uint64_t pc = get_reg(vcpu, CORE_REG(regs.pc));

	print_exit(vcpu, run);
	if (run->arm_nisv.esr_iss & 1 << 6)
		set_reg(vcpu, CORE_REG(regs.pc), pc + 4);
	else
		kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
			  "Kernels before 5.5 cannot do this.");
	return true;
}
/* [/handle-nisv] */

/* [run-again] */
static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
	[KVM_EXIT_ARM_NISV] = handle_nisv,
};

/* Switches the power on, and runs the guest until it is off. */
static void run_again(int vcpu, struct kvm_run *run)
{
	power = true;
	run_guest(vcpu, run, handlers);
}
/* [/run-again] */

/* [print-events] */
/* Says what waits for the guest, and where it stands. */
static void print_events(int vcpu)
{
	struct kvm_vcpu_events events;

	kvm_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	printf("  SError pending: %d, syndrome 0x%llx, pc 0x%llx\n",
	       events.exception.serror_pending,
	       (unsigned long long)events.exception.serror_esr,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/print-events] */

/* [inject-errors] */
/* Three errors of the system for the guest; one is refused. */
static void inject_errors(int vcpu, struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.serror_pending = 1,
	};

	printf("an error while the guest keeps errors out\n");
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	print_events(vcpu);
	run_again(vcpu, run);
/* [/inject-errors] */

/* [open] */
	printf("with a syndrome, while it lets them in\n");
	events.exception.serror_has_esr = 1;
	events.exception.serror_esr = 1 << 25;
	kvm_ioctl_fails(vcpu, KVM_SET_VCPU_EVENTS, &events, EINVAL);
	events.exception.serror_esr = 0x42;
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "This processor has no RAS extension.");
	print_events(vcpu);
	run_again(vcpu, run);
}
/* [/open] */

/* [setup] */
int main(void)
{
	struct kvm_enable_cap nisv = {
		.cap = KVM_CAP_ARM_NISV_TO_USER,
	};
	uint64_t at_el2 = 0x3c9;
	struct kvm_one_reg pstate = {
		.id = CORE_REG(regs.pstate), .addr = (uintptr_t)&at_el2,
	};
	int kvm, vm, vcpu;
	struct kvm_run *run;
	char *memory, *zeros;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	zeros = map(-1, 4096);
	add_memory(vm, 1, 0, zeros, 4096, 0);
	add_device(power_switch);
	add_device(report);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [hang] */
	printf("without vectors\n");
	run_a_moment(vcpu, run);
	print_exit(vcpu, run);
	print_exception(get_reg(vcpu, ESR_EL1), get_reg(vcpu, ELR_EL1),
			get_reg(vcpu, FAR_EL1));
/* [/hang] */

/* [with-vectors] */
	printf("with vectors\n");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + prepared - guest);
	run_again(vcpu, run);
/* [/with-vectors] */

/* [nisv] */
	printf("no memory, no syndrome\n");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, ENOSYS);
	print_exit(vcpu, run);
	kvm_ioctl(vm, KVM_ENABLE_CAP, &nisv,
		  "Kernels before 5.5 do not have it.");
	run_again(vcpu, run);
/* [/nisv] */

/* [end] */
	inject_errors(vcpu, run);
	printf("at EL2\n");
	kvm_ioctl_fails(vcpu, KVM_SET_ONE_REG, &pstate, EINVAL);
	must(munmap(zeros, 4096), "It was not mapped.");
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
