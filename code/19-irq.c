/* SPDX-License-Identifier: MIT */
/* Chapter 19: SPIs, PPIs and SGIs, to the guest's handler and back. */
/* [headers] */
#include "lines.h"
/* [/headers] */

/* [who] */
/* Who interrupts; the guest sets up which of them are edges. */
enum {
	SENSOR = 20,		/* a PPI of vCPU 0: a level */
	TIMER = 27,		/* a PPI that is KVM's own */
	DISK = 32,		/* an SPI: a level */
	CARD = 33,		/* an SPI: an edge */
	FIRST = 40, LAST = 44,	/* five more, edges; 44 is urgent */
	INTIDS = 96,
};

static int vm, gic;
/* [/who] */

/* [taken] */
/* A handler has acknowledged an interrupt, and its device hears it. */
static void taken(uint32_t intid)
{
	static int disk, card;		/* how often, so far */

	switch (intid) {
	case SENSOR:
		set_line(vm, ppi(0, SENSOR), false);
		break;
	case DISK:
		print_line(gic, DISK, "taken");
		if (++disk == 2)	/* the first time, forget it */
			set_line(vm, spi(DISK), false);
		break;
	case CARD:
		print_line(gic, CARD, "taken");
		if (++card > 1)
			break;
		set_line(vm, spi(CARD), true);
		print_line(gic, CARD, "again");
		break;
	}
}
/* [/taken] */

/* [board] */
enum { TAKEN = 0, STEP = 8 };

static int running;		/* the vCPU whose turn it is */
static uint64_t step;		/* the last that a guest came to */

static void board_write(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case TAKEN:
		printf("  vCPU %d takes %d\n", running, (int)value);
		taken(value);
		break;
	case STEP:
		step = value;
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [run] */
static struct { int fd; struct kvm_run *run; } vcpus[2];

/* Runs a vCPU to the next step, or until the power is off. */
static void run_to_step(int vcpu)
{
	uint64_t before = step;

	running = vcpu;
	while (power && step == before) {
		kvm_ioctl(vcpus[vcpu].fd, KVM_RUN, 0,
			  "The guest cannot run.");
		if (vcpus[vcpu].run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(vcpus[vcpu].fd, vcpus[vcpu].run)) {
			print_exit(vcpus[vcpu].fd, vcpus[vcpu].run);
			exit(1);
		}
	}
	if (power)
		printf("step %d\n", (int)step);
}
/* [/run] */

/* [refused] */
/* A line that KVM_IRQ_LINE refuses to raise. */
static void refuse_line(uint32_t irq, int error)
{
	struct kvm_irq_level line = { .irq = irq, .level = 1 };

	kvm_ioctl_fails(vm, KVM_IRQ_LINE, &line, error);
}

/* An INTID of whose level, and its neighbors', KVM says nothing. */
static void refuse_level(uint32_t attribute)
{
	uint64_t value;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
		.attr = attribute, .addr = (uintptr_t)&value,
	};

	kvm_ioctl_fails(gic, KVM_GET_DEVICE_ATTR, &attr, EINVAL);
}

static void be_refused(void)
{
	refuse_line(spi(31), EINVAL);		/* that is a PPI */
	refuse_line(spi(INTIDS), EINVAL);	/* the last is 95 */
	refuse_line(ppi(0, 15), EINVAL);	/* that is an SGI */
	refuse_line(ppi(0, DISK), EINVAL);	/* that is an SPI */
	refuse_line(ppi(2, SENSOR), EINVAL);	/* there is none */
	refuse_line(cpu_pin(0, 0), ENXIO);	/* the GIC's now */
	refuse_level(DISK + 1);
	refuse_level(1 << KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT);
}
/* [/refused] */

/* [machine] */
/* A machine with two processors and a GIC, which may be used. */
static void build_machine(void)
{
	int kvm = open_kvm("/dev/kvm");

	vm = create_vm(kvm);
	load_guest(vm);
	add_device(board);
	add_device(power_switch);
	for (int i = 0; i < 2; i++) {
		vcpus[i].fd = add_vcpu(vm, i, 0);
		vcpus[i].run = map_run(kvm, vcpus[i].fd);
		set_reg(vcpus[i].fd, CORE_REG(regs.pc), MEMORY_AT);
		set_reg(vcpus[i].fd, CORE_REG(regs.regs[0]), i);
	}
	gic = create_gic(vm);
	refuse_line(spi(DISK), EBUSY);		/* it is not built */
	finish_gic(gic, INTIDS);
	be_refused();
}
/* [/machine] */

/* [disk] */
int main(void)
{
	build_machine();
	run_to_step(0);
	set_line(vm, spi(DISK), true);
	print_line(gic, DISK, "raised");
	run_to_step(0);
	print_line(gic, DISK, "done");
/* [/disk] */

/* [edge] */
	set_line(vm, spi(DISK), true);
	set_line(vm, spi(DISK), false);
	set_line(vm, spi(CARD), true);
	set_line(vm, spi(CARD), true);
	set_line(vm, spi(CARD), false);
	print_line(gic, CARD, "raised");
	run_to_step(0);
/* [/edge] */

/* [ppi] */
	set_line(vm, ppi(0, TIMER), true);	/* nobody hears it */
	set_line(vm, ppi(0, SENSOR), true);
	run_to_step(0);
/* [/ppi] */

/* [five] */
	for (int intid = FIRST; intid <= LAST; intid++)
		set_line(vm, spi(intid), true);
	run_to_step(0);
/* [/five] */

/* [sgi] */
	run_to_step(0);		/* vCPU 0 calls vCPU 1 ... */
	run_to_step(1);		/* ... which calls back */
	run_to_step(0);
	return 0;
}
/* [/sgi] */
