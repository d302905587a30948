/* SPDX-License-Identifier: MIT */
/* Chapter 16: a console that the guest calls by HVC. */
#include "bus.h"

/* [handle-hypercall] */
/* The id of the function that the guest may call. */
#define PUTCHAR 0xc6000000u

/* Answers a call of the guest. */
static bool handle_hypercall(int vcpu, struct kvm_run *run)
{
	static uint64_t count;
	uint64_t result = -1;	/* "not supported" */

	if (run->hypercall.nr == PUTCHAR) {
		putchar(get_reg(vcpu, CORE_REG(regs.regs[1])));
		result = ++count;
	}
	set_reg(vcpu, CORE_REG(regs.regs[0]), result);
	return true;
}
/* [/handle-hypercall] */

/* [handlers] */
static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
	[KVM_EXIT_HYPERCALL] = handle_hypercall,
};
/* [/handlers] */

/* [filter] */
/* What becomes of a range of calls, and how the kernel is told. */
static struct kvm_smccc_filter filter;
static struct kvm_device_attr attr = {
	.group = KVM_ARM_VM_SMCCC_CTRL,
	.attr = KVM_ARM_VM_SMCCC_FILTER,
	.addr = (uintptr_t)&filter,
};

static void fill_filter(uint32_t base, uint32_t nr_functions,
			uint8_t action)
{
	filter.base = base;
	filter.nr_functions = nr_functions;
	filter.action = action;
}
/* [/filter] */

/* [refused] */
/* Tries filters that the kernel refuses. */
static void try_wrong_filters(int vm)
{
	static const struct wrong {
		const char *what;
		uint32_t base, nr_functions;
		uint8_t action, pad;
		int error;
	} wrong[] = {
		{ "no functions", 1, 0, 0, 0, EINVAL },
		{ "past the end", 0xffffffff, 2, 0, 0, EINVAL },
		{ "no action", 1, 1, 3, 0, EINVAL },
		{ "padding", 1, 1, 0, 1, EINVAL },
		{ "once more", PUTCHAR, 1, 0, 0, EEXIST },
		{ "reserved", 0x80000000, 1, 0, 0, EEXIST },
	};
	size_t n = sizeof(wrong) / sizeof(wrong[0]);

	for (const struct wrong *w = wrong; w < wrong + n; w++) {
		fill_filter(w->base, w->nr_functions, w->action);
		filter.pad[0] = w->pad;
		printf("%s: ", w->what);
		kvm_ioctl_fails(vm, KVM_SET_DEVICE_ATTR, &attr,
				w->error);
	}
}
/* [/refused] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	struct kvm_device_attr other = { .attr = 1 };
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	add_device(uart);
	add_device(power_switch);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [ask] */
	printf("KVM_CAP_VM_ATTRIBUTES is %d\n",
	       kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_VM_ATTRIBUTES,
			 "This cannot fail."));
	kvm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr,
		  "Linux before 6.4 has no filter.");
	printf("and yet there is a filter\n");
	kvm_ioctl_fails(vm, KVM_HAS_DEVICE_ATTR, &other, ENXIO);
	kvm_ioctl_fails(vm, KVM_GET_DEVICE_ATTR, &attr, EINVAL);
/* [/ask] */

/* [set] */
	fill_filter(PUTCHAR, 0x10000, KVM_SMCCC_FILTER_FWD_TO_USER);
	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr,
		  "A part of this range has an action.");
	fill_filter(0x86000000, 0x10000, KVM_SMCCC_FILTER_DENY);
	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr,
		  "A part of this range has an action.");
	try_wrong_filters(vm);
/* [/set] */

/* [hvc] */
	printf("the guest calls by HVC\n");
	run->hypercall.args[0] = 7;
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	printf("  the first argument, as the run page has it: %llu\n",
	       run->hypercall.args[0]);
	print_x(vcpu, 0);
	print_x(vcpu, 1);
/* [/hvc] */

/* [answer] */
	printf("answered: ");
	handle_hypercall(vcpu, run);
	printf("\n");
	print_exit(vcpu, run);
	print_x(vcpu, 0);
/* [/answer] */

/* [late] */
	fill_filter(1, 1, KVM_SMCCC_FILTER_DENY);
	kvm_ioctl_fails(vm, KVM_SET_DEVICE_ATTR, &attr, EBUSY);
/* [/late] */

/* [smc] */
	printf("and by SMC\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	printf("answered: ");
	handle_hypercall(vcpu, run);
	printf("\n");
/* [/smc] */

/* [rest] */
	printf("and on until the power is off\n");
	run_guest(vcpu, run, handlers);
	for (int n = 20; n <= 22; n++)
		print_x(vcpu, n);
/* [/rest] */

/* [end] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
