/* SPDX-License-Identifier: MIT */
/* Appendix C: exits and exceptions that few guests ever cause. */
/* [headers] */
#include "faults.h"
/* [/headers] */

/* [handle-nisv] */
/* Answers a load or a store, wherever it goes. */
static bool handle_access(int vcpu, struct kvm_run *run)
{
	if (!handle_report(vcpu, run))
		let_fail(vcpu, run);
	return true;
}

/* Answers what has no syndrome: skips a store, lets a load fail. */
static bool handle_nisv(int vcpu, struct kvm_run *run)
{
	uint64_t pc = get_reg(vcpu, CORE_REG(regs.pc));

	if (run->arm_nisv.esr_iss & 1 << 6) {
		print_exit(vcpu, run);
		set_reg(vcpu, CORE_REG(regs.pc), pc + 4);
	} else {
		let_fail(vcpu, run);
	}
	return true;
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_access,
	[KVM_EXIT_ARM_NISV] = handle_nisv,
};

/* Switches the power on, and runs the guest until it is off. */
static void run_again(int vcpu, struct kvm_run *run)
{
	power = true;
	run_guest(vcpu, run, handlers);
}
/* [/handle-nisv] */

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
/* Two errors of the system for the guest, and one is refused. */
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
/* [/inject-errors] */

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
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	add_device(power_switch);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [nisv] */
	printf("no memory, no syndrome\n");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, ENOSYS);
	print_exit(vcpu, run);
	kvm_ioctl(vm, KVM_ENABLE_CAP, &nisv,
		  "Kernels before 5.5 do not have it.");
	run_again(vcpu, run);
/* [/nisv] */

/* [wide] */
	printf("addresses too wide\n");
	run_again(vcpu, run);
/* [/wide] */

/* [end] */
	inject_errors(vcpu, run);
	printf("at EL2\n");
	kvm_ioctl_fails(vcpu, KVM_SET_ONE_REG, &pstate, EINVAL);
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
