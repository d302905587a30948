/* SPDX-License-Identifier: MIT */
/* Exercise 30, predict: read it, and answer in answers.txt. */
#include "console.h"

static bool answer(int vcpu, struct kvm_run *run)
{
	bool answered = handle_mmio(vcpu, run);

	serve_virtio();
	return answered;
}

static bool end(int vcpu, struct kvm_run *run)
{
	(void)vcpu, (void)run;
	power = false;
	return true;
}

int main(void)
{
	static exit_handler *const handlers[EXIT_REASONS] = {
		[KVM_EXIT_MMIO] = answer,
		[KVM_EXIT_SYSTEM_EVENT] = end,
	};
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	int vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);
	struct kvm_ioeventfd again = {
		.addr = VIRTIO_AT + VIRTIO_MMIO_QUEUE_NOTIFY, .len = 4,
	};
	struct kvm_irqfd early = { .gsi = 16 };

	ram = load_guest(vm);
	ram_size = MEMORY_SIZE;
	bell = again.fd = make_eventfd();
	early.fd = make_eventfd();
	ioctl(vm, KVM_IRQFD, &early);
	finish_gic(create_gic(vm), 64);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096 });
	add_device(virtio_bus);
	add_console(vm);
	ioctl(vm, KVM_IOEVENTFD, &again);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
