/* SPDX-License-Identifier: MIT */
/* Chapter 27: what a guest counts, and the time taken from it. */
/* [headers] */
#define _GNU_SOURCE		/* for CPU_SET() */
#include <pthread.h>
#include <sched.h>
#include "bus.h"
#include "pmu.h"
/* [/headers] */

/* [board] */
enum {
	COUNTERS = 0, OFFERED = 8, CYCLES = 16, INCREMENTS = 24,
	INTID = 32, FEATURES = 40, RECORD = 48, STOLEN = 56,
};

static uint64_t last;		/* where the guest has stored */

static void board_write(uint64_t offset, uint64_t value)
{
	last = offset;
	switch (offset) {
	case COUNTERS:
		printf("  %d counters\n", (int)value);
		break;
	case OFFERED:
		printf("  cycles: %soffered", value ? "" : "not ");
		break;
	case CYCLES:
		printf(", %s counted\n", value ? "some" : "0");
		break;
	case INCREMENTS:
		printf("  increments: %d\n", (int)value);
		break;
	case INTID:
		printf("  overflow: INTID %d\n", (int)value);
		break;
	case FEATURES:
		printf("  stolen time: %soffered\n",
		       value ? "not " : "");
		break;
	case RECORD:
		printf("  the record is at 0x%x\n", (int)value);
		break;
	case STOLEN:
		printf("  stolen: %s than 5 ms\n", value < 5000000 ?
		       "less" : "not less");
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [machine] */
enum { CPU_CYCLES = 0x11, RECORD_AT = MEMORY_AT + 0x8000 };

struct machine {
	int vcpu;
	struct kvm_run *run;
};

/* A guest with two counters, perhaps without cycles to count. */
static struct machine build(int kvm, bool deny)
{
	int vm = create_vm(kvm), gic = create_gic(vm);
	unsigned int counters = 2;
	struct machine m = {
		.vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PMU_V3),
	};

	load_guest(vm);
	finish_gic(gic, 64);
	set_pmu(m.vcpu, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &counters);
	if (deny)
		deny_event(m.vcpu, CPU_CYCLES);
	finish_pmu(m.vcpu);
	m.run = map_run(kvm, m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	return m;
}
/* [/machine] */

/* [run-until] */
/* Runs the guest until it stores at this place of the board. */
static void run_until(const struct machine *m, uint64_t offset)
{
	do {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(m->vcpu, m->run)) {
			print_exit(m->vcpu, m->run);
			exit(1);
		}
	} while (last != offset);
}
/* [/run-until] */

/* [rival] */
/* A thread that does nothing, and needs the CPU for that. */
static void *be_busy(void *stop)
{
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED))
		;
	return NULL;
}

/* All that we run shares one CPU, on any machine. */
static void use_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one),
	     "This cannot fail.");
}

/* Lets the guest run beside such a thread. */
static void share_cpu(const struct machine *m)
{
	pthread_t thread;
	bool stop = false;

	errno = pthread_create(&thread, NULL, be_busy, &stop);
	must(-errno, "No memory is left.");
	run_until(m, STOLEN);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}
/* [/rival] */

/* [refuse] */
static void refuse(int vcpu, const char *what,
		   struct kvm_device_attr attr, int error)
{
	must_fail(ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr), error, what);
}

static void refuse_intid(int vcpu, const char *what, int intid,
			 int error)
{
	refuse(vcpu, what, pmu_attr(KVM_ARM_VCPU_PMU_V3_IRQ, &intid),
	       error);
}

static void refuse_init(int vcpu, const char *what, int error)
{
	refuse(vcpu, what, pmu_attr(KVM_ARM_VCPU_PMU_V3_INIT, NULL),
	       error);
}
/* [/refuse] */

/* [refuse-values] */
/* What no PMU can do. */
static void refuse_values(int vcpu)
{
	struct kvm_pmu_event_filter filter = {
		.base_event = 0xffff, .nevents = 2,
	};
	unsigned int counters = 32;
	int pmu = -1;

	refuse_intid(vcpu, "an SGI", 5, EINVAL);
	refuse(vcpu, "an event too many",
	       pmu_attr(KVM_ARM_VCPU_PMU_V3_FILTER, &filter), EINVAL);
	refuse(vcpu, "32 counters",
	       pmu_attr(KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS,
			&counters), EINVAL);
	refuse(vcpu, "a PMU that the host lacks",
	       pmu_attr(KVM_ARM_VCPU_PMU_V3_SET_PMU, &pmu), ENXIO);
}
/* [/refuse-values] */

/* [refuse-order] */
/* The right steps at the wrong time. */
static void refuse_order(int kvm)
{
	struct kvm_pmu_event_filter filter = { .nevents = 1 };
	int vm = create_vm(kvm), gic, vcpu, other;

	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PMU_V3);
	other = add_vcpu(vm, 1, 1 << KVM_ARM_VCPU_PMU_V3);
	refuse_intid(vcpu, "an INTID without a GIC", PMU_INTID, EINVAL);
	gic = create_gic(vm);
	refuse_init(vcpu, "INIT before the GIC is built", ENODEV);
	finish_gic(gic, 64);
	refuse_init(vcpu, "INIT without an INTID", ENXIO);
	refuse_values(vcpu);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINVAL);
	finish_pmu(vcpu);
	refuse_init(vcpu, "INIT twice", EBUSY);
	refuse_intid(other, "another vCPU's own PPI", 22, EINVAL);
	map_run(kvm, vcpu)->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	refuse(other, "a filter after the first run",
	       pmu_attr(KVM_ARM_VCPU_PMU_V3_FILTER, &filter), EBUSY);
}
/* [/refuse-order] */

/* [refuse-stolen] */
/* Records that are refused, and a vCPU with neither. */
static void refuse_stolen(int kvm, int vcpu)
{
	uint64_t odd = RECORD_AT + 8, other = RECORD_AT + 64;
	int bare = add_vcpu(create_vm(kvm), 0, 0);

	refuse(vcpu, "a record at 8", stolen_attr(&odd), EINVAL);
	refuse(vcpu, "a second record", stolen_attr(&other), EEXIST);
	refuse(bare, "a record without memory", stolen_attr(&other),
	       EINVAL);
	refuse_intid(bare, "an INTID without a PMU", PMU_INTID, ENODEV);
}
/* [/refuse-stolen] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct machine free = build(kvm, false);
	struct machine denied = build(kvm, true);

	use_one_cpu();
	add_device(board);
	printf("free\n");
	run_until(&free, INCREMENTS);
	printf("cycles denied\n");
	run_until(&denied, INCREMENTS);
	printf("free, once more\n");
	run_until(&free, INTID);
	run_until(&free, FEATURES);
	add_stolen_time(free.vcpu, RECORD_AT);
	run_until(&free, RECORD);
	printf("alone\n");
	run_until(&free, STOLEN);
	printf("beside a busy thread\n");
	share_cpu(&free);
	refuse_order(kvm);
	refuse_stolen(kvm, free.vcpu);
	return 0;
}
/* [/main] */
