/* SPDX-License-Identifier: MIT */
/* Appendix D: a GICv2, made in two ways, and seen from outside. */
/* [headers] */
#define _GNU_SOURCE			/* for strerrorname_np() */
#include <pthread.h>
#include <sys/eventfd.h>
#include "lines.h"

#define GRP(name)	KVM_DEV_ARM_VGIC_GRP_ ## name
#define ADDR(name)	KVM_VGIC_ ## name
/* [/headers] */

/* [places] */
enum {
	GICC_AT = 0x08010000,		/* GICD_AT is in gic.h */
	BOARD_AT = 0x09040000, DISK = 32, INTIDS = 64,
};

/* Registers: offsets in the distributor, and in the CPU interface. */
enum {
	GICD_TYPER = 4, GICD_IIDR = 8, GICD_ITARGETSR0 = 0x800,
	GICD_ITARGETSR8 = 0x820, GICD_CPENDSGIR0 = 0xf10,
	GICD_SPENDSGIR0 = 0xf20,
	GICC_CTLR = 0, GICC_PMR = 4, GICC_IAR = 0xc, GICC_APR0 = 0xd0,
	GICC_IIDR = 0xfc,
};

static int vm, gic;
/* [/places] */

/* [board] */
static int step;

/* A guest has taken an interrupt, or come to a step. */
static void board_write(uint64_t offset, uint64_t value)
{
	if (offset) {
		step = value;
		return;
	}
	printf("  taken: INTID %d, from vCPU %d\n", (int)value & 0x3ff,
	       (int)value >> 10);
	if (value == DISK)
		set_line(vm, spi(DISK), false);
}

static const struct device board = {
	.address = BOARD_AT, .size = 16, .write = board_write,
};

static struct { int fd; struct kvm_run *run; } vcpus[2];

/* Runs a vCPU to its next step, or until the power is off. */
static void run_to_step(int vcpu)
{
	for (step = 0; power && !step; ) {
		kvm_ioctl(vcpus[vcpu].fd, KVM_RUN, 0,
			  "The guest cannot run.");
		if (vcpus[vcpu].run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(vcpus[vcpu].fd, vcpus[vcpu].run)) {
			print_exit(vcpus[vcpu].fd, vcpus[vcpu].run);
			exit(1);
		}
	}
}
/* [/board] */

/* [refused] */
/* KVM must refuse to set an attribute, with ERROR; says so. */
static void refuse(const char *what, uint32_t group, uint64_t number,
		   uint64_t value, int error)
{
	struct kvm_device_attr attr = {
		.group = group, .attr = number,
		.addr = (uintptr_t)&value,
	};

	if (!ioctl(gic, KVM_SET_DEVICE_ATTR, &attr) || errno != error) {
		fprintf(stderr, "%s: %s\n", what, strerror(errno));
		exit(1);
	}
	printf("  %s: %s\n", what, strerrorname_np(error));
}
/* [/refused] */

/* [registers] */
/* A register as VCPU sees it, which the upper half names. */
static uint64_t reg(uint64_t vcpu, uint32_t offset)
{
	return vcpu << KVM_DEV_ARM_VGIC_CPUID_SHIFT | offset;
}

static void print_gic(const char *name, uint32_t group, uint64_t number)
{
	printf("  %s: 0x%llx\n", name,
	       (unsigned long long)get_gic(gic, group, number));
}

/* Says whether the CPU interface of vCPU 0 has a register. */
static void print_has(const char *name, uint64_t offset)
{
	struct kvm_device_attr attr = {
		.group = GRP(CPU_REGS), .attr = offset,
	};
	int result = ioctl(gic, KVM_HAS_DEVICE_ATTR, &attr);

	printf("  has %s: %s\n", name,
	       result < 0 ? strerrorname_np(errno) : "yes");
}

/* Reads and writes registers, as a monitor does to save a GIC. */
static void look(void)
{
	uint32_t revision = get_gic(gic, GRP(DIST_REGS), GICD_IIDR);
	uint32_t mask = 0xf0 >> 3, bit = 1, none = 0;

	print_gic("GICD_TYPER", GRP(DIST_REGS), GICD_TYPER);
	print_gic("GICC_IIDR", GRP(CPU_REGS), GICC_IIDR);
	print_gic("GICD_ITARGETSR0, vCPU 0", GRP(DIST_REGS),
		  reg(0, GICD_ITARGETSR0));
	print_gic("GICD_ITARGETSR0, vCPU 1", GRP(DIST_REGS),
		  reg(1, GICD_ITARGETSR0));
	print_gic("GICD_ITARGETSR8", GRP(DIST_REGS), GICD_ITARGETSR8);
	set_gic(gic, GRP(DIST_REGS), GICD_IIDR, &revision);
	set_gic(gic, GRP(CPU_REGS), reg(1, GICC_PMR), &mask);
	set_gic(gic, GRP(CPU_REGS), reg(1, GICC_APR0), &none);
	set_gic(gic, GRP(DIST_REGS), GICD_SPENDSGIR0, &bit);
	print_gic("SGI 0 waits, from", GRP(DIST_REGS), GICD_SPENDSGIR0);
	set_gic(gic, GRP(DIST_REGS), GICD_CPENDSGIR0, &bit);

	print_has("GICC_PMR", GICC_PMR);
	print_has("GICC_IAR", GICC_IAR);
	print_gic("but its value", GRP(CPU_REGS), GICC_IAR);
	set_gic(gic, GRP(CPU_REGS), GICC_IAR, &none);
	refuse("of a vCPU 2", GRP(CPU_REGS), reg(2, GICC_PMR), 0,
	       EINVAL);
}
/* [/registers] */

/* [build] */
static int max_vcpus(void)
{
	return kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS,
			 "The VM is dead.");
}

/* Creates a GICv2, or ends the program. */
static int create_gicv2(void)
{
	struct kvm_create_device device = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V2,
	};

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &device,
		  "This host has no GICv2: run it in the lab.");
	return device.fd;
}

/* A machine with two processors and a GICv2, as a device. */
static void build_machine(int kvm)
{
	struct kvm_create_device other = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
	};
	uint64_t dist = GICD_AT, cpu = GICC_AT;
	uint32_t irqs = INTIDS;

	vm = create_vm(kvm);
	load_guest(vm);
	printf("at first, at most %d vCPUs\n", max_vcpus());
	must_fail(ioctl(vm, KVM_CREATE_DEVICE, &other), ENODEV,
		  "a GICv3");
	gic = create_gicv2();
	printf("with a GICv2: %d\n", max_vcpus());
	for (int i = 0; i < 2; i++) {
		vcpus[i].fd = add_vcpu(vm, i, 0);
		vcpus[i].run = map_run(kvm, vcpus[i].fd);
		set_reg(vcpus[i].fd, CORE_REG(regs.pc), MEMORY_AT);
		set_reg(vcpus[i].fd, CORE_REG(regs.regs[0]), i);
	}
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 8, EINVAL);

	refuse("a page and a half on", GRP(ADDR),
	       ADDR(V2_ADDR_TYPE_DIST), dist + 0x1800, EINVAL);
	refuse("beyond the last", GRP(ADDR), ADDR(V2_ADDR_TYPE_CPU),
	       1ULL << 40, E2BIG);
	refuse("a GICv3's distributor", GRP(ADDR),
	       ADDR(V3_ADDR_TYPE_DIST), dist, ENXIO);
	refuse("100 INTIDs", GRP(NR_IRQS), 0, 100, EINVAL);
	set_gic(gic, GRP(ADDR), ADDR(V2_ADDR_TYPE_DIST), &dist);
	set_gic(gic, GRP(ADDR), ADDR(V2_ADDR_TYPE_CPU), &cpu);
	set_gic(gic, GRP(NR_IRQS), 0, &irqs);
	refuse("a second address", GRP(ADDR), ADDR(V2_ADDR_TYPE_DIST),
	       dist, EEXIST);
	set_gic(gic, GRP(CTRL), KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	refuse("INTIDs after INIT", GRP(NR_IRQS), 0, irqs, EBUSY);
}
/* [/build] */

/* [run] */
static void *run_second(void *unused)
{
	(void)unused;
	run_to_step(1);
	return NULL;
}

/* Interrupts vCPU 1, which runs; its call then waits for vCPU 0. */
static void interrupt(void)
{
	struct kvm_ioeventfd bell = {
		.addr = BOARD_AT + 16, .len = 4,
		.fd = must(eventfd(0, EFD_CLOEXEC), "No descriptor."),
	};
	pthread_t thread;
	uint64_t rung;

	kvm_ioctl(vm, KVM_IOEVENTFD, &bell, "No eventfd, or twice.");
	run_to_step(0);
	errno = pthread_create(&thread, NULL, run_second, NULL);
	must(-errno, "No memory is left.");
	must(read(bell.fd, &rung, sizeof(rung)), "It is no eventfd.");
	refuse("while a vCPU runs", GRP(CPU_REGS), GICC_PMR, 0, EBUSY);
	set_line(vm, spi(DISK), true);
	pthread_join(thread, NULL);
	print_gic("SGI 0 to 3 wait, from", GRP(DIST_REGS),
		  GICD_SPENDSGIR0);
	print_gic("GICC_PMR", GRP(CPU_REGS), GICC_PMR);
	run_to_step(0);
}
/* [/run] */

/* [old] */
/* Gives the VM's GICv2 an address, in the way that is older. */
static int set_address(uint64_t device, uint64_t type, uint64_t address)
{
	struct kvm_arm_device_addr addr = {
		.id = device << KVM_ARM_DEVICE_ID_SHIFT |
		      type << KVM_ARM_DEVICE_TYPE_SHIFT,
		.addr = address,
	};

	return ioctl(vm, KVM_ARM_SET_DEVICE_ADDR, &addr);
}

/* A GICv2 without a descriptor; CPU may be 0, for no address. */
static void run_old(int kvm, uint64_t cpu, int error)
{
	struct kvm_run *run;
	int vcpu;

	vm = create_vm(kvm);
	must_fail(set_address(KVM_ARM_DEVICE_VGIC_V2,
			      ADDR(V2_ADDR_TYPE_DIST), GICD_AT),
		  ENODEV, "an address before the GIC");
	kvm_ioctl(vm, KVM_CREATE_IRQCHIP, 0, "The host has no GICv2.");
	must(set_address(KVM_ARM_DEVICE_VGIC_V2,
			 ADDR(V2_ADDR_TYPE_DIST), GICD_AT), "Twice?");
	if (cpu)
		must(set_address(KVM_ARM_DEVICE_VGIC_V2,
				 ADDR(V2_ADDR_TYPE_CPU), cpu),
		     "Twice?");
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	run->immediate_exit = 1;
	if (error == EINTR)
		set_line(vm, spi(DISK), true);	/* this builds it */
	must_fail(ioctl(vcpu, KVM_RUN, 0), error, "the first run");
}

static void try_old(int kvm)
{
	run_old(kvm, GICC_AT, EINTR);
	must_fail(ioctl(vm, KVM_CREATE_IRQCHIP, 0), EEXIST, "a second");
	must_fail(set_address(1, 0, GICD_AT), ENODEV, "another device");
	must_fail(set_address(KVM_ARM_DEVICE_VGIC_V2,
			      ADDR(V3_ADDR_TYPE_DIST), GICD_AT),
		  ENODEV, "a GICv3's distributor");
	run_old(kvm, GICD_AT, EINVAL);		/* one over the other */
	run_old(kvm, 0, ENXIO);
	must_fail(ioctl(vm, KVM_CREATE_IRQCHIP, 0), EIO, "too late");
}
/* [/old] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	add_device(board);
	add_device(power_switch);
	build_machine(kvm);
	look();
	interrupt();
	try_old(kvm);
	return 0;
}
/* [/main] */
