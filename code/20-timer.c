/* SPDX-License-Identifier: MIT */
/* Chapter 20: a guest's time, and who moves it. */
/* [headers] */
#include <pthread.h>
#include "bus.h"
#include "gic.h"
/* [/headers] */

/* [counter] */
/* The host's counter, which a program may read. */
static uint64_t counter(void)
{
	uint64_t value;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (value));
	return value;
}

/* How often it counts in a second. */
static uint64_t counter_hz(void)
{
	uint64_t value;

	asm("mrs %0, cntfrq_el0" : "=r" (value));
	return value;
}
/* [/counter] */

/* [board] */
enum { STEP = 0, VIRTUAL = 8, PHYSICAL = 16, MISSED = 24, WHO = 32 };

static uint64_t step;		/* the last that the guest came to */

static uint64_t tenths(void)	/* of a second, as the guest counts */
{
	return counter() / (counter_hz() / 10);
}

static uint64_t start;		/* the host's clock, at first */

/* What a clock of the guest's says, beside that of the host. */
static void print_time(const char *clock, uint64_t value)
{
	uint64_t now = tenths();

	printf("  the guest's %s clock: ", clock);
	if (value < start)
		printf("%d s\n", (int)(value / 10));
	else if (value <= now)
		printf("the host's\n");
	else
		printf("%d s ahead of the host's\n",
		       (int)((value - now + 5) / 10));
}

static void board_write(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case STEP:
		step = value;
		break;
	case VIRTUAL:
		print_time("virtual", value);
		break;
	case PHYSICAL:
		print_time("physical", value);
		break;
	case MISSED:
		printf("%d missed\n", (int)value);
		break;
	case WHO:
		printf("  INTID %d, ", (int)value);
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [run-to-step] */
/* Runs the guest to its next step, or until the power is off. */
static void run_to_step(int vcpu, struct kvm_run *run)
{
	uint64_t before = step;

	while (power && step == before) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(vcpu, run)) {
			print_exit(vcpu, run);
			exit(1);
		}
	}
	if (power)
		printf("step %d\n", (int)step);
}
/* [/run-to-step] */

/* [attributes] */
/* The attribute of a vCPU that is the INTID of one of its timers. */
static struct kvm_device_attr timer_attr(uint64_t timer, int *intid)
{
	return (struct kvm_device_attr) {
		.group = KVM_ARM_VCPU_TIMER_CTRL, .attr = timer,
		.addr = (uintptr_t)intid,
	};
}

static int get_intid(int vcpu, uint64_t timer)
{
	int intid;
	struct kvm_device_attr attr = timer_attr(timer, &intid);

	kvm_ioctl(vcpu, KVM_GET_DEVICE_ATTR, &attr,
		  "There is no such timer.");
	return intid;
}

static void set_intid(int vcpu, uint64_t timer, int intid)
{
	struct kvm_device_attr attr = timer_attr(timer, &intid);

	kvm_ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr,
		  "No such timer, no PPI, no GIC, or too late.");
}
/* [/attributes] */

/* [intids] */
enum {
	VTIMER = KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
	PTIMER = KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
	HVTIMER = KVM_ARM_VCPU_TIMER_IRQ_HVTIMER,
	HPTIMER = KVM_ARM_VCPU_TIMER_IRQ_HPTIMER,
};

static void print_intids(int vcpu)
{
	printf("  INTIDs: virtual %d, physical %d, for EL2 %d and %d\n",
	       get_intid(vcpu, VTIMER), get_intid(vcpu, PTIMER),
	       get_intid(vcpu, HVTIMER), get_intid(vcpu, HPTIMER));
}
/* [/intids] */

/* [refused] */
/* What may not be a timer's INTID, before and after there is a GIC. */
static void be_refused(int vm, int vcpu)
{
	int i5 = 5, i20 = 20, i32 = 32;
	struct kvm_device_attr ppi = timer_attr(VTIMER, &i20);
	struct kvm_device_attr sgi = timer_attr(VTIMER, &i5);
	struct kvm_device_attr spi = timer_attr(VTIMER, &i32);
	struct kvm_device_attr nowhere = timer_attr(VTIMER, NULL);
	struct kvm_device_attr fifth = timer_attr(HPTIMER + 1, &i20);

	print_intids(vcpu);
	kvm_ioctl(vcpu, KVM_HAS_DEVICE_ATTR, &ppi, "An old KVM.");
	kvm_ioctl_fails(vcpu, KVM_HAS_DEVICE_ATTR, &fifth, ENXIO);
	kvm_ioctl_fails(vcpu, KVM_GET_DEVICE_ATTR, &nowhere, EFAULT);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &ppi, EINVAL);
	finish_gic(create_gic(vm), 64);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &nowhere, EFAULT);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &sgi, EINVAL);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &spi, EINVAL);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &fifth, ENXIO);
}
/* [/refused] */

/* [clash] */
/* Two timers with one INTID, and what it takes to part them. */
static void clash(int kvm)
{
	int vm = create_vm(kvm), vcpu = add_vcpu(vm, 0, 0), i27 = 27;
	struct kvm_device_attr late = timer_attr(VTIMER, &i27);
	struct kvm_run *run = map_run(kvm, vcpu);

	be_refused(vm, vcpu);
	run->immediate_exit = 1;
	set_intid(vcpu, PTIMER, 27);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINVAL);
	set_intid(vcpu, PTIMER, 30);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINVAL);
	set_intid(vcpu, VTIMER, 20);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	kvm_ioctl_fails(vcpu, KVM_SET_DEVICE_ATTR, &late, EBUSY);
	print_intids(vcpu);
}
/* [/clash] */

/* [zero] */
static void print_clock(int vcpu)
{
	uint64_t now = get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);

	printf("  vCPU 0's clock: %d ms\n",
	       (int)(now * 10 / counter_hz() * 100));
}

/* Creates two vCPUs, and shows when time begins; returns the first. */
static int add_vcpus(int vm)
{
	int vcpu = add_vcpu(vm, 0, 0);

	usleep(500000);
	print_clock(vcpu);
	add_vcpu(vm, 1, 0);
	print_clock(vcpu);
	return vcpu;
}
/* [/zero] */

/* [break] */
/* The VM stands still; its clock goes on, or does not. */
static void take_break(int vcpu, bool hold)
{
	uint64_t now = get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);

	usleep(510000);
	if (hold)
		set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, now);
}
/* [/break] */

/* [too-early] */
static int vm;

/* A thread: tries to move the clocks while the vCPU is in KVM_RUN. */
static void *move_too_early(void *error)
{
	struct kvm_arm_counter_offset now = { .counter_offset = 0 };

	usleep(30000);
	if (ioctl(vm, KVM_ARM_SET_COUNTER_OFFSET, &now) < 0)
		*(int *)error = errno;
	return NULL;
}

static void run_and_move(int vcpu, struct kvm_run *run)
{
	pthread_t thread;
	int error = 0;

	errno = pthread_create(&thread, NULL, move_too_early, &error);
	must(-errno, "No memory is left.");
	run_to_step(vcpu, run);
	pthread_join(thread, NULL);
	errno = error;
	must_fail(error ? -1 : 0, EBUSY,
		  "KVM_ARM_SET_COUNTER_OFFSET, too early");
}
/* [/too-early] */

/* [offset] */
/* Moves both clocks, for good: 1,000 seconds ahead of the host's. */
static void move_clocks(int vcpu)
{
	uint64_t hz = counter_hz();
	struct kvm_arm_counter_offset bad = { .reserved = 1 };
	struct kvm_arm_counter_offset ahead = {
		.counter_offset = -1000 * hz,
	};

	kvm_ioctl_fails(vm, KVM_ARM_SET_COUNTER_OFFSET, &bad, EINVAL);
	kvm_ioctl(vm, KVM_ARM_SET_COUNTER_OFFSET, &ahead,
		  "A vCPU is busy, or KVM is older than Linux 6.4.");
	set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, 5 * hz);
}
/* [/offset] */

/* [caps] */
static void print_cap(int kvm, const char *name, int cap)
{
	printf("%s: %d\n", name,
	       kvm_ioctl(kvm, KVM_CHECK_EXTENSION, cap,
			 "This cannot fail."));
}
/* [/caps] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vcpu, gic;
	struct kvm_run *run;

	start = tenths();
	print_cap(kvm, "attributes of vCPUs", KVM_CAP_VCPU_ATTRIBUTES);
	print_cap(kvm, "an offset of time", KVM_CAP_COUNTER_OFFSET);
	clash(kvm);
	vm = create_vm(kvm);
	load_guest(vm);
	add_device(board);
	add_device(power_switch);
	gic = create_gic(vm);
	vcpu = add_vcpus(vm);
	finish_gic(gic, 64);
	set_intid(vcpu, PTIMER, 22);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	run_to_step(vcpu, run);
	run_to_step(vcpu, run);
	take_break(vcpu, false);
	run_to_step(vcpu, run);
	take_break(vcpu, true);
	run_to_step(vcpu, run);
	run_and_move(vcpu, run);
	run_to_step(vcpu, run);
	move_clocks(vcpu);
	run_to_step(vcpu, run);
	return 0;
}
/* [/main] */
