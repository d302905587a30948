/* SPDX-License-Identifier: MIT */
/* Chapter 12: a bus with devices for the guest. */
/* [headers] */
#include "bus.h"
/* [/headers] */

/* [devices] */
static uint64_t count_read(uint64_t offset)
{
	static uint64_t count = 0xfc;

	return offset == 0 ? count++ : 0;
}

static const struct device counter = {
	.address = 0x09010000, .size = 4096, .read = count_read,
};

/* The flash: the guest reads it as memory; stores come to us. */
static void flash_write(uint64_t offset, uint64_t value)
{
	printf("flash: 0x%x to byte %d\n", (int)value, (int)offset);
}

static const struct device flash = {
	.address = 0x08000000, .size = 64 * 1024, .write = flash_write,
};
/* [/devices] */

/* [handlers] */
static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};
/* [/handlers] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	char *memory, *bytes;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	bytes = map(-1, flash.size);
	bytes[0] = 0x42;
	add_memory(vm, 1, flash.address, bytes, flash.size,
		   KVM_MEM_READONLY);
	add_device(flash);
	add_device(uart);
	add_device(counter);
	add_device(power_switch);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [load] */
	printf("the first load\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/load] */

/* [answer] */
	printf("%s\n", handle_mmio(vcpu, run) ?
	       "answered" : "nobody there");
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/answer] */

/* [commit] */
	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/commit] */

/* [forget] */
	printf("the second load, forgotten\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
/* [/forget] */

/* [rest] */
	printf("and on until the power is off\n");
	run_guest(vcpu, run, handlers);
	print_exit(vcpu, run);
	for (int n = 3; n <= 6; n++)
		print_x(vcpu, n);
/* [/rest] */

/* [end] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	must(munmap(bytes, flash.size), "It was not mapped.");
	return 0;
}
/* [/end] */
