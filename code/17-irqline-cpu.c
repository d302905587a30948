/* SPDX-License-Identifier: MIT */
/* Chapter 17: a program that interrupts its guest. */
/* [headers] */
#include <pthread.h>
#include "irq.h"
/* [/headers] */

/* [controller] */
/* Who may want an interrupt; the numbers are ours to choose. */
enum { FAST = 0, BUTTON = 5, TIMER = 27, NOBODY = 1023 };

static int vm;
static uint32_t levels;		/* bit n: source n wants one */

/* A source changes its level; the IRQ pin is high if any one is. */
static void set_source(int source, bool level)
{
	bool before = levels;

	levels &= ~(1u << source);
	levels |= (uint32_t)level << source;
	if (before != !!levels)
		set_line(vm, cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ), levels);
}
/* [/controller] */

/* [board] */
enum { STEP = 0, PENDING = 8, WHO = 16, DONE = 24 };

static uint64_t step;		/* the last that the guest came to */

static uint64_t board_read(uint64_t offset)
{
	uint64_t who = levels ? __builtin_ctz(levels) : NOBODY;

	if (offset != WHO)
		return 0;
	printf("  handler: who is it?  %d\n", (int)who);
	return who;
}

static void board_write(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case STEP:
		step = value;
		break;
	case PENDING:
		printf("  ISR_EL1 is 0x%x\n", (int)value);
		power = value;	/* nothing?  Then give up */
		break;
	case DONE:
		printf("  handler: %d is done\n", (int)value);
		if (value == BUTTON)
			set_source(BUTTON, false);
		if (value == FAST)
			set_line(vm, cpu_pin(0, KVM_ARM_IRQ_CPU_FIQ),
				 false);
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096,
	.read = board_read, .write = board_write,
};
/* [/board] */

/* [sample] */
/* Looks after each exit what KVM says of the timer's level. */
static void sample_timer(const struct kvm_run *run)
{
	bool level = run->s.regs.device_irq_level &
		     KVM_ARM_DEV_EL1_VTIMER;

	if (level != (levels >> TIMER & 1)) {
		printf("  %s: the timer's level is %d\n",
		       exit_name(run->exit_reason), level);
		set_source(TIMER, level);
	}
}
/* [/sample] */

/* [run-to-step] */
/* Runs the guest to its next step, or until the power is off. */
static void run_to_step(int vcpu, struct kvm_run *run)
{
	uint64_t before = step;

	while (power && step == before) {
		run_once(vcpu, run);
		sample_timer(run);
		if (run->exit_reason == KVM_EXIT_MMIO)
			handle_mmio(vcpu, run);
	}
	if (power)
		printf("step %d\n", (int)step);
}
/* [/run-to-step] */

/* [refused] */
/* What KVM_IRQ_LINE refuses, in a VM without a GIC and with one. */
static void be_refused(int kvm)
{
	const uint32_t ppi = KVM_ARM_IRQ_TYPE_PPI;
	struct kvm_irq_level no_pin = { .irq = cpu_pin(0, 2) };
	struct kvm_irq_level no_vcpu = { .irq = cpu_pin(256, 0) };
	struct kvm_irq_level no_type = { .irq = 3 << 24 };
	struct kvm_irq_level no_gic = { .irq = ppi << 24 | 27 };
	struct kvm_irq_level a_gic = { .irq = cpu_pin(0, 0) };
	struct kvm_enable_cap too_long = {
		.cap = KVM_CAP_HALT_POLL, .args[0] = 1ull << 32,
	};
	struct kvm_create_device gic = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
	};
	int other = create_vm(kvm);

	kvm_ioctl_fails(vm, KVM_IRQ_LINE, NULL, EFAULT);
	kvm_ioctl_fails(vm, KVM_IRQ_LINE, &no_type, EINVAL);
	kvm_ioctl_fails(vm, KVM_IRQ_LINE, &no_vcpu, EINVAL);
	kvm_ioctl_fails(vm, KVM_IRQ_LINE, &no_pin, EINVAL);
	kvm_ioctl_fails(vm, KVM_IRQ_LINE, &no_gic, ENXIO);
	kvm_ioctl(other, KVM_CREATE_DEVICE, &gic,
		  "This machine's GIC is no GICv3.");
	kvm_ioctl_fails(other, KVM_IRQ_LINE, &a_gic, ENXIO);
	kvm_ioctl_fails(other, KVM_ENABLE_CAP, &too_long, EINVAL);
}
/* [/refused] */

/* [lost] */
/* Raises a line three times; an initialization forgets it. */
static void lose_line(int vcpu)
{
	const uint32_t pin = cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ);
	struct kvm_vcpu_init init;

	set_line(vm, pin, true);
	set_line(vm, pin, true);
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
	set_line(vm, pin, true);
	set_line(vm, pin, false);
}
/* [/lost] */

/* [halt-poll] */
/* How many nanoseconds a vCPU of this VM may poll before it sleeps. */
static void limit_polling(uint64_t ns)
{
	struct kvm_enable_cap poll = {
		.cap = KVM_CAP_HALT_POLL, .args[0] = ns,
	};

	kvm_ioctl(vm, KVM_ENABLE_CAP, &poll,
		  "More nanoseconds than 32 bits hold.");
}
/* [/halt-poll] */

/* [press] */
/* A thread: somebody presses the button, after a while. */
static void *press(void *unused)
{
	usleep(10000);
	set_source(BUTTON, true);
	return unused;
}

/* Runs the guest to its next step; the button is pressed meanwhile. */
static void run_and_press(int vcpu, struct kvm_run *run)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, press, NULL);
	must(-errno, "No memory is left.");
	run_to_step(vcpu, run);
	pthread_join(thread, NULL);
}
/* [/press] */

/* [setup] */
int main(void)
{
	int kvm, vcpu;
	struct kvm_run *run;
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	add_device(board);
	add_device(power_switch);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	be_refused(kvm);
	lose_line(vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [irq] */
	run_to_step(vcpu, run);
	set_source(BUTTON, true);
	run_to_step(vcpu, run);
/* [/irq] */

/* [fiq] */
	if (power) {
		struct kvm_irq_level fast = {
			.irq = cpu_pin(0, KVM_ARM_IRQ_CPU_FIQ),
			.level = 1,
		};

		kvm_ioctl(vm, KVM_IRQ_LINE_STATUS, &fast,
			  "There is no such vCPU, or no such line.");
		printf("  status: %d\n", fast.status);
		run_to_step(vcpu, run);
	}
/* [/fiq] */

/* [sleep] */
	if (power) {
		set_source(BUTTON, true);
		run_to_step(vcpu, run);
		set_source(BUTTON, false);
		limit_polling(1000000000);
		run_and_press(vcpu, run);
		limit_polling(0);
		run_and_press(vcpu, run);
	}
/* [/sleep] */

/* [tick] */
	run_to_step(vcpu, run);
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/tick] */
