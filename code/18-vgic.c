/* SPDX-License-Identifier: MIT */
/* Chapter 18: a GIC in the kernel, and the wrong ways to build one. */
/* [headers] */
#define _GNU_SOURCE			/* for strerrorname_np() */
#include "bus.h"
#include "gic.h"
/* [/headers] */

/* [board] */
/* Each register that the guest reports, and where: 8 bytes apart. */
static void board_write(uint64_t offset, uint64_t value)
{
	static const char *const names[] = {
		"GICD_TYPER", "GICD_IIDR", "GICR_TYPER of vCPU 0",
		"GICR_TYPER of vCPU 1",
	};

	if (offset / 8 < 4)
		printf("  the guest finds %s: 0x%llx\n",
		       names[offset / 8], (unsigned long long)value);
}

static const struct device board = {
	.address = 0x09030000, .size = 4096, .write = board_write,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};
/* [/board] */

/* [test] */
/* Says whether KVM could create such a device; creates nothing. */
static void test_device(int vm, const char *name, uint32_t type)
{
	struct kvm_create_device device = {
		.type = type, .flags = KVM_CREATE_DEVICE_TEST,
	};
	int result = ioctl(vm, KVM_CREATE_DEVICE, &device);

	printf("%s: %s\n", name,
	       result < 0 ? strerrorname_np(errno) : "possible");
}
/* [/test] */

/* [has] */
/* Says whether the GIC has an attribute of the group of addresses. */
static void print_has(int gic, const char *name, uint64_t attribute)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_ARM_VGIC_GRP_ADDR, .attr = attribute,
	};
	int result = ioctl(gic, KVM_HAS_DEVICE_ATTR, &attr);

	printf("%s: %s\n", name,
	       result < 0 ? strerrorname_np(errno) : "yes");
}
/* [/has] */

/* [look] */
/* Prints what the program itself reads of the GIC. */
static void print_gic(int gic)
{
	uint64_t dist = get_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
				KVM_VGIC_V3_ADDR_TYPE_DIST);
	uint64_t irqs = get_gic(gic, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0);

	printf("  distributor at 0x%llx, %llu INTIDs\n",
	       (unsigned long long)dist, (unsigned long long)irqs);
}
/* [/look] */

/* [words] */
/* What the steps of a trial set: little-endian, so 4 bytes fit, too. */
static const struct word {
	const char *word;
	uint32_t group;
	uint64_t attr, value;
} words[] = {
#define ADDR(type) KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ ## type
	{ "dist", ADDR(V3_ADDR_TYPE_DIST), GICD_AT },
	{ "dist+4K", ADDR(V3_ADDR_TYPE_DIST), GICD_AT + 4096 },
	{ "dist-at-64G", ADDR(V3_ADDR_TYPE_DIST), 1ULL << 36 },
	{ "redist", ADDR(V3_ADDR_TYPE_REDIST), GICR_AT },
	{ "redist-at-dist", ADDR(V3_ADDR_TYPE_REDIST), GICD_AT },
#define REGION(count, index)			\
	ADDR(V3_ADDR_TYPE_REDIST_REGION),	\
	(uint64_t)(count) << 52 | GICR_AT | (index)
	{ "region0", REGION(2, 0) },
	{ "region0-for-1", REGION(1, 0) },
	{ "region0-for-0", REGION(0, 0) },
	{ "region1", REGION(2, 1) },
	{ "v2-cpu", ADDR(V2_ADDR_TYPE_CPU), GICD_AT },
	{ "64-irqs", KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, 64 },
	{ "100-irqs", KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, 100 },
	{ "1024-irqs", KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, 1024 },
	{ "ctlr", KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0, 0 },
	{ "init", KVM_DEV_ARM_VGIC_GRP_CTRL,
	  KVM_DEV_ARM_VGIC_CTRL_INIT, 0 },
};
/* [/words] */

/* [orders] */
/* Steps, of which only the last fails, with this error, or none. */
static const struct trial {
	const char *steps;
	int error;
} orders[] = {
	{ "gic vcpu vcpu dist redist init run", 0 },
	{ "vcpu gic dist redist vcpu init run", 0 },
	{ "gic vcpu vcpu init redist dist run", 0 },
	{ "gic vcpu vcpu region0 dist init run", 0 },
	{ "vcpu run gic", EBUSY },
	{ "gic gic", EEXIST },
	{ "gic init", 0 },
	{ "gic init vcpu", EBUSY },
	{ "gic vcpu dist redist run", EBUSY },
	{ "gic vcpu init dist run", ENXIO },
	{ "gic vcpu init redist run", ENXIO },
	{ "gic vcpu vcpu dist region0-for-1 init run", ENXIO },
	{ "gic vcpu redist-at-dist dist init run", EINVAL },
	{ "gic dist dist", EEXIST },
	{ "gic redist redist", EEXIST },
	{ "gic region0 redist", EINVAL },
	{ "gic region1", EINVAL },
	{ "gic 64-irqs 64-irqs", EBUSY },
	{ "gic vcpu init 64-irqs", EBUSY },
	{ "gic ctlr", EINVAL },
	{ "gic vcpu ctlr", EBUSY },
}, values[] = {
	{ "gic dist+4K", EINVAL },
	{ "gic dist-at-64G", E2BIG },
	{ "gic dist redist-at-dist", 0 },
	{ "gic vcpu dist redist-at-dist", EINVAL },
	{ "gic region0-for-0", EINVAL },
	{ "gic v2-cpu", ENXIO },
	{ "gic 100-irqs", EINVAL },
	{ "gic 1024-irqs", EINVAL },
};
/* [/orders] */

/* [steps] */
struct machine {
	int vm, gic, vcpu[2], vcpus;
};

/* Sets the attribute that WORD names, which must be in the table. */
static int set(struct machine *m, const char *word)
{
	const struct word *w = words;
	struct kvm_device_attr attr;

	while (strcmp(w->word, word))
		w++;
	attr = (struct kvm_device_attr) {
		.group = w->group, .attr = w->attr,
		.addr = (uintptr_t)&w->value,
	};
	return ioctl(m->gic, KVM_SET_DEVICE_ATTR, &attr);
}

/* Runs vCPU 0 for the first time, but not its guest. */
static int run_first(int kvm, const struct machine *m)
{
	struct kvm_run *run = map_run(kvm, m->vcpu[0]);
	struct kvm_vcpu_init init;
	int result;

	kvm_ioctl(m->vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	kvm_ioctl(m->vcpu[0], KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
	run->immediate_exit = 1;
	result = ioctl(m->vcpu[0], KVM_RUN, 0);
	return result < 0 && errno == EINTR ? 0 : result;
}

/* Takes one step; -1 and errno if KVM refuses. */
static int take(int kvm, struct machine *m, const char *word)
{
	struct kvm_create_device gic = {
		.type = KVM_DEV_TYPE_ARM_VGIC_V3,
	};
	int result;

	if (!strcmp(word, "run"))
		return run_first(kvm, m);
	if (!strcmp(word, "vcpu")) {
		result = ioctl(m->vm, KVM_CREATE_VCPU, m->vcpus);
		if (result >= 0)
			m->vcpu[m->vcpus++] = result;
		return result;
	}
	if (strcmp(word, "gic"))
		return set(m, word);
	result = ioctl(m->vm, KVM_CREATE_DEVICE, &gic);
	if (!result)
		m->gic = gic.fd;
	return result;
}
/* [/steps] */

/* [try] */
/* Whether every ioctl of this VM fails from now on. */
static bool is_dead(int vm)
{
	return ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS) < 0 &&
	       errno == EIO;
}

/*
 * Takes the steps in a fresh VM, and says how they end.  The VM has
 * addresses of 36 bits only, which keeps the capture short.
 */
static void try(int kvm, const struct trial *trial)
{
	struct machine m = {
		.vm = kvm_ioctl(kvm, KVM_CREATE_VM,
				KVM_VM_TYPE_ARM_IPA_SIZE(36),
				"No memory, or no descriptor left."),
	};
	const char *rest = trial->steps;
	int error = 0, length;
	char word[16];

	while (!error && sscanf(rest, "%15s%n", word, &length) == 1) {
		error = take(kvm, &m, word) < 0 ? errno : 0;
		rest += length;
	}
	if (*rest || error != trial->error) {
		fprintf(stderr, "%s: %s at %s\n", trial->steps,
			strerror(error), word);
		exit(1);
	}
	printf("  %-43s %s%s\n", trial->steps,
	       error ? strerrorname_np(error) : "works",
	       is_dead(m.vm) ? ", and the VM is dead" : "");
}
/* [/try] */

/* [machine] */
/* A machine with two processors and a GIC, and what its guest finds. */
static void show_machine(int kvm)
{
	struct kvm_arm_device_addr old = {
		.id = KVM_ARM_DEVICE_VGIC_V2 << KVM_ARM_DEVICE_ID_SHIFT,
		.addr = GICD_AT,
	};
	int vm = create_vm(kvm), vcpu, gic;
	struct kvm_run *run;

	load_guest(vm);
	add_device(board);
	add_device(power_switch);
	test_device(vm, "a GICv3", KVM_DEV_TYPE_ARM_VGIC_V3);
	test_device(vm, "a GICv2", KVM_DEV_TYPE_ARM_VGIC_V2);
	printf("at most %d vCPUs\n", kvm_ioctl(vm, KVM_CHECK_EXTENSION,
	       KVM_CAP_MAX_VCPUS, "The VM is dead."));

	vcpu = add_vcpu(vm, 0, 0);
	gic = create_gic(vm);
	print_name(gic);
	print_has(gic, "an address of a GICv3's distributor",
		  KVM_VGIC_V3_ADDR_TYPE_DIST);
	print_has(gic, "an address of a GICv2's CPU interface",
		  KVM_VGIC_V2_ADDR_TYPE_CPU);
	kvm_ioctl_fails(vm, KVM_CREATE_IRQCHIP, 0, ENODEV);
	kvm_ioctl_fails(vm, KVM_ARM_SET_DEVICE_ADDR, &old, ENODEV);
	kvm_ioctl_fails(gic, KVM_RUN, 0, ENOTTY);
/* [/machine] */

/* [finish] */
	add_vcpu(vm, 1, 0);
	print_gic(gic);
	finish_gic(gic, 96);
	print_gic(gic);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, run, handlers);
	printf("  the program finds GICD_TYPER: 0x%llx\n",
	       (unsigned long long)
	       get_gic(gic, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4));
}
/* [/finish] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	show_machine(kvm);
	printf("The order:\n");
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		try(kvm, &orders[i]);
	printf("The values:\n");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		try(kvm, &values[i]);
	return 0;
}
/* [/main] */
