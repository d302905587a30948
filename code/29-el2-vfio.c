/* SPDX-License-Identifier: MIT */
/* Chapter 29: a guest with an EL2, and the device VFIO. */
/* [headers] */
#include "bus.h"
#include "gic.h"

#ifndef KVM_CAP_ARM_EL2			/* headers before 6.16 */
#define KVM_CAP_ARM_EL2 240
#endif
#ifndef KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ	/* headers before 6.15 */
#define KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ 9
#endif
/* [/headers] */

/* [board] */
enum {
	LEVEL = 0, HCR = 8, INNER_LEVEL = 16, FAULT = 24, CALL = 32,
	LOADED = 40, INTID = 48, MISR = 56, OTHER = 64,
};

static bool done;

static void board_write(uint64_t offset, uint64_t value)
{
	static const char *const said[] = {
		[LEVEL] = "I am at EL%llu",
		[HCR] = "my HCR_EL2 is 0x%llx",
		[INNER_LEVEL] = "I am at EL%llu",
		[FAULT] = "my guest has no page at 0x%llx",
		[CALL] = "my guest calls, with %llu",
		[LOADED] = "I have loaded %llu",
		[INTID] = "I got interrupt %llu",
		[MISR] = "it is done with it: ICH_MISR_EL2 is %llu",
		[OTHER] = "what is that: 0x%llx",
	};

	if (offset > OTHER || !said[offset])
		return;
	printf(said[offset], (unsigned long long)value);
	printf("\n");
	done = offset >= MISR;
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [machine] */
enum { MAINTENANCE = 25 };

struct machine {
	int gic, vcpu;
	struct kvm_run *run;
};

/* A guest that begins at EL2. */
static struct machine build(int kvm, uint32_t maintenance)
{
	struct machine m;
	int vm = create_vm(kvm);

	m.gic = create_gic(vm);
	m.vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_HAS_EL2);
	load_guest(vm);
	set_gic(m.gic, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &maintenance);
	finish_gic(m.gic, 64);
	m.run = map_run(kvm, m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	return m;
}
/* [/machine] */

/* [run] */
/* At which level the vCPU is: the guest, or its guest? */
static int level_of(int vcpu)
{
	return get_reg(vcpu, CORE_REG(regs.pstate)) >> 2 & 3;
}

static void run(const struct machine *m)
{
	while (!done) {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason == KVM_EXIT_MMIO)
			printf("EL%d: ", level_of(m->vcpu));
		if (m->run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(m->vcpu, m->run)) {
			print_exit(m->vcpu, m->run);
			exit(1);
		}
	}
}
/* [/run] */

/* [look] */
/* What the hypervisor in the guest has set, seen from outside. */
static void look(int vcpu)
{
	printf("HCR_EL2 0x%llx, VTTBR_EL2 0x%llx, VTCR_EL2 0x%llx\n",
	       (unsigned long long)
	       get_reg(vcpu, ARM64_SYS_REG(3, 4, 1, 1, 0)),
	       (unsigned long long)
	       get_reg(vcpu, ARM64_SYS_REG(3, 4, 2, 1, 0)),
	       (unsigned long long)
	       get_reg(vcpu, ARM64_SYS_REG(3, 4, 2, 1, 2)));
}
/* [/look] */

/* [refuse-el2] */
/* A new vCPU with such features is refused. */
static void refuse_vcpu(int vm, int id, uint32_t features,
			const char *what)
{
	struct kvm_vcpu_init init;
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id, "No memory.");

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	init.features[0] |= features;
	must_fail(ioctl(vcpu, KVM_ARM_VCPU_INIT, &init), EINVAL, what);
}

static void refuse_el2(int kvm)
{
	int vm = create_vm(kvm);

	add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_HAS_EL2);
	refuse_vcpu(vm, 1, 0, "a vCPU without EL2 beside one with it");
	refuse_vcpu(create_vm(kvm), 0, 1 << KVM_ARM_VCPU_HAS_EL2 |
		    1 << KVM_ARM_VCPU_EL1_32BIT, "EL2 and 32 bits");
}
/* [/refuse-el2] */

/* [refuse] */
static void refuse(int device, unsigned long request, uint32_t group,
		   uint64_t attribute, void *value, int error,
		   const char *what)
{
	struct kvm_device_attr attr = {
		.group = group, .attr = attribute,
		.addr = (uintptr_t)value,
	};

	must_fail(ioctl(device, request, &attr), error, what);
}
/* [/refuse] */

/* [refuse-intid] */
static void refuse_intid(int gic, uint32_t intid, int error,
			 const char *what)
{
	refuse(gic, KVM_SET_DEVICE_ATTR, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ,
	       0, &intid, error, what);
}

/* A GIC's maintenance interrupt, of a VM without EL2. */
static void refuse_intids(int kvm)
{
	int vm = create_vm(kvm), gic = create_gic(vm);
	uint32_t group = KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ;
	uint32_t intid = MAINTENANCE;

	add_vcpu(vm, 0, 0);
	refuse_intid(gic, 5, EINVAL, "an SGI");
	refuse_intid(gic, 40, EINVAL, "an SPI");
	refuse(gic, KVM_SET_DEVICE_ATTR, group, 0, NULL, EFAULT,
	       "an INTID at a bad address");
	set_gic(gic, group, 0, &intid);
	printf("maintenance interrupt of a VM without EL2: %d\n",
	       (int)get_gic(gic, group, 0));
	finish_gic(gic, 64);
	refuse_intid(gic, MAINTENANCE, EBUSY, "an INTID too late");
}
/* [/refuse-intid] */

/* [vfio] */
static void refuse_file(int vfio, uint64_t attribute, int fd, int error,
			const char *what)
{
	refuse(vfio, KVM_SET_DEVICE_ATTR, KVM_DEV_VFIO_FILE, attribute,
	       &fd, error, what);
}

/* The device that tells KVM which files are devices of VFIO. */
static void try_vfio(int kvm)
{
	struct kvm_create_device device = {
		.type = KVM_DEV_TYPE_VFIO,
	};
	struct kvm_device_attr add = {
		.group = KVM_DEV_VFIO_FILE,
		.attr = KVM_DEV_VFIO_FILE_ADD,
	};
	int vm = create_vm(kvm), vfio;

	kvm_ioctl(vm, KVM_CREATE_DEVICE, &device,
		  "This kernel has no KVM_VFIO.");
	vfio = device.fd;
	kvm_ioctl(vfio, KVM_HAS_DEVICE_ATTR, &add, "No FILE_ADD.");
	printf("VFIO: a file can be added\n");
	must_fail(ioctl(vm, KVM_CREATE_DEVICE, &device), EBUSY,
		  "a second VFIO device");
	refuse_file(vfio, KVM_DEV_VFIO_FILE_ADD, -1, EBADF, "no file");
	refuse_file(vfio, KVM_DEV_VFIO_FILE_ADD, vm, EINVAL,
		    "a file that is not VFIO's");
	refuse_file(vfio, KVM_DEV_VFIO_FILE_DEL, vm, ENOENT,
		    "taking a file that was not added");
	refuse_file(vfio, 4, vm, ENXIO, "an unknown attribute");
	refuse(vfio, KVM_SET_DEVICE_ATTR, KVM_DEV_VFIO_FILE,
	       KVM_DEV_VFIO_FILE_ADD, NULL, EFAULT, "a bad address");
	refuse(vfio, KVM_GET_DEVICE_ATTR, KVM_DEV_VFIO_FILE,
	       KVM_DEV_VFIO_FILE_ADD, &device, EPERM, "asking it");
	close(vfio);
}
/* [/vfio] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm"), el2;
	struct machine m;

	el2 = kvm_ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_ARM_EL2,
			"This cannot fail.");
	printf("KVM_CAP_ARM_EL2: %d\n", el2);
	if (el2) {
		add_device(board);
		m = build(kvm, MAINTENANCE);
		run(&m);
		look(m.vcpu);
		refuse_el2(kvm);
		/* 27 is the virtual timer's. */
		m = build(kvm, 27);
		kvm_ioctl_fails(m.vcpu, KVM_RUN, 0, EINVAL);
	} else {
		refuse_vcpu(create_vm(kvm), 0,
			    1 << KVM_ARM_VCPU_HAS_EL2, "EL2");
		printf("It takes kvm-arm.mode=nested, and FEAT_NV2.\n");
	}
	refuse_intids(kvm);
	try_vfio(kvm);
	return 0;
}
/* [/main] */
