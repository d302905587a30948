/* SPDX-License-Identifier: MIT */
/* Exercise 15, build: asks KVM's firmware what it can do. */
#include "vmm.h"

enum {
	PSCI_VERSION = 0x84000000u,
	SYSTEM_OFF = 0x84000008u,
	PSCI_FEATURES = 0x8400000au,
	SYSTEM_SUSPEND = 0xc400000eu,
};

/* Has the guest begin a call, and runs it to the next exit. */
static void call(int vcpu, uint32_t function, uint32_t argument)
{
	set_reg(vcpu, CORE_REG(regs.regs[0]), function);
	set_reg(vcpu, CORE_REG(regs.regs[1]), argument);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
}

/* The result of a call that comes back to the guest. */
static int32_t ask(int vcpu, struct kvm_run *run, uint32_t function,
		   uint32_t argument)
{
	call(vcpu, function, argument);
	if (run->exit_reason != KVM_EXIT_MMIO) {
		print_exit(vcpu, run);
		exit(1);
	}
	return get_reg(vcpu, CORE_REG(regs.regs[0]));
}

static const char *has_suspend(int vcpu, struct kvm_run *run)
{
	int32_t answer = ask(vcpu, run, PSCI_FEATURES, SYSTEM_SUSPEND);

	return answer < 0 ? "no" : "yes";
}

int main(void)
{
	struct kvm_enable_cap suspend = {
		.cap = KVM_CAP_ARM_SYSTEM_SUSPEND,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu, version;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	version = ask(vcpu, run, PSCI_VERSION, 0);
	printf("PSCI %d.%d\n", version >> 16, version & 0xffff);
	printf("SYSTEM_SUSPEND: %s\n", has_suspend(vcpu, run));
	kvm_ioctl(vm, KVM_ENABLE_CAP, &suspend, "Older than 5.19?");
	printf("SYSTEM_SUSPEND: %s\n", has_suspend(vcpu, run));

	call(vcpu, SYSTEM_OFF, 0);
	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT ||
	    run->system_event.type != KVM_SYSTEM_EVENT_SHUTDOWN) {
		print_exit(vcpu, run);
		return 1;
	}
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
