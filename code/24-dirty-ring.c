/* SPDX-License-Identifier: MIT */
/* Chapter 24: each vCPU lists the pages that it makes dirty. */
/* [headers] */
#include "its.h"
#include "ring.h"
/* [/headers] */

/* [ram] */
/* Slot 1 is what the guest changes, and it is logged from the start. */
enum { SLOT = 1, RAM_AT = 0x40100000, PAGES = 256, PAGE = 4096 };
/* [/ram] */

/* [sizes] */
/* The smallest ring: a page, with room for 256 entries of 16 bytes. */
enum { RING = 4096, ENTRIES = RING / sizeof(struct kvm_dirty_gfn) };
/* [/sizes] */

/* [machine] */
struct cpu {
	int id, fd;
	struct kvm_run *run;
	struct ring ring;
};

static struct cpu add_cpu(int kvm, int vm, int id)
{
	struct cpu cpu = { .id = id, .fd = add_vcpu(vm, id, 0) };

	cpu.run = map_run(kvm, cpu.fd);
	cpu.ring = map_ring(cpu.fd, RING);
	set_reg(cpu.fd, CORE_REG(regs.pc), MEMORY_AT);
	return cpu;
}

static void add_ram(int vm, int pages)
{
	char *ram = map(-1, pages * PAGE);

	memset(ram, 0, pages * PAGE);		/* so it is there */
	add_memory(vm, SLOT, RAM_AT, ram, pages * PAGE,
		   KVM_MEM_LOG_DIRTY_PAGES);
}
/* [/machine] */

/* [run] */
/* Runs a vCPU until it exits, and says why. */
static void run(const struct cpu *cpu)
{
	kvm_ioctl(cpu->fd, KVM_RUN, 0, "The guest cannot run.");
	print_exit(cpu->fd, cpu->run);
}

/* Has it store to so many pages, beginning with FIRST. */
static void store(const struct cpu *cpu, int first, int pages)
{
	printf("vCPU %d, pages %d to %d\n", cpu->id, first,
	       first + pages - 1);
	set_reg(cpu->fd, CORE_REG(regs.regs[0]), RAM_AT + first * PAGE);
	set_reg(cpu->fd, CORE_REG(regs.regs[1]), pages);
	run(cpu);
}
/* [/run] */

/* [take] */
/* Takes all that is in a ring, and prints it. */
static void take_pages(struct cpu *cpu)
{
	struct kvm_dirty_gfn pages[ENTRIES];
	int n = 0;

	while (take_page(&cpu->ring, &pages[n]))
		n++;
	printf("  ring %d has %d:", cpu->id, n);
	for (int i = 0; i < n; i++)
		if (i < 4 || i == n - 1)
			printf("%s %d", i > 4 ? " ..." : "",
			       (int)pages[i].offset);
	printf("\n");
}

static void reset(int vm)
{
	printf("  reset: %d\n", reset_rings(vm));
}
/* [/take] */

/* [full] */
/* More pages than a ring takes. */
static void fill(int vm, struct cpu *cpu)
{
	store(cpu, 0, 200);
	run(cpu);			/* it has not got better */
	take_pages(cpu);
	run(cpu);			/* still not */
	reset(vm);
	run(cpu);
	take_pages(cpu);
	reset(vm);
}
/* [/full] */

/* [two] */
/* Two vCPUs, one of whose pages is the same. */
static void share(int vm, struct cpu *cpus)
{
	store(&cpus[0], 0, 3);
	store(&cpus[1], 2, 2);
	take_pages(&cpus[0]);
	take_pages(&cpus[1]);
	reset(vm);
}
/* [/two] */

/* [stolen] */
/* KVM itself stores to page 100, whenever the vCPU begins to run. */
static void add_stolen_time(int vm, struct cpu *cpu)
{
	uint64_t address = RAM_AT + 100 * PAGE;
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VCPU_PVTIME_CTRL,
		.attr = KVM_ARM_VCPU_PVTIME_IPA,
		.addr = (uintptr_t)&address,
	};

	kvm_ioctl(cpu->fd, KVM_SET_DEVICE_ATTR, &attr,
		  "This kernel cannot tell, or has been told before.");
	for (int i = 0; i < 3; i++)
		store(cpu, 5, 1);
	take_pages(cpu);
	reset(vm);
}
/* [/stolen] */

/* [its] */
/* Someone who stores while no vCPU runs: an ITS, into its table. */
static void save_its(int kvm)
{
	enum { GITS_BASER1 = 0x108 };
	int vm = create_vm(kvm), gic = create_gic(vm), its;
	uint64_t table = 1ULL << 63 | RAM_AT, bitmap;

	enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_ACQ_REL, RING);
	enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 0);
	add_ram(vm, 16);
	add_vcpu(vm, 0, 0);
	its = create_its(vm);
	finish_gic(gic, 64);
	set_gic(its, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, GITS_BASER1,
		&table);
	set_gic(its, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_ITS_SAVE_TABLES, NULL);
	get_log(vm, SLOT, &bitmap);
	printf("a bitmap besides: 0x%llx\n",
	       (unsigned long long)bitmap);
}
/* [/its] */

/* [refuse] */
/* An ENABLE_CAP with one of the ring's capabilities, that must fail. */
static void refuse(int vm, const char *what, uint32_t cap,
		   uint64_t bytes, int error)
{
	struct kvm_enable_cap enable = {
		.cap = cap, .args = { bytes },
	};

	must_fail(ioctl(vm, KVM_ENABLE_CAP, &enable), error, what);
}

/* What a VM without rings refuses. */
static void refuse_without(int vm)
{
	const uint32_t ring = KVM_CAP_DIRTY_LOG_RING_ACQ_REL;

	refuse(vm, "without an order", KVM_CAP_DIRTY_LOG_RING, RING,
	       EINVAL);
	refuse(vm, "half a page", ring, RING / 2, EINVAL);
	refuse(vm, "three pages", ring, 3 * RING, EINVAL);
	refuse(vm, "2 MiB", ring, 2 << 20, E2BIG);
	refuse(vm, "a bitmap besides nothing",
	       KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 0, EINVAL);
	kvm_ioctl_fails(vm, KVM_RESET_DIRTY_RINGS, 0, EINVAL);
	add_vcpu(vm, 0, 0);
	refuse(vm, "after a vCPU", ring, RING, EINVAL);
}

/* What a VM with rings refuses. */
static void refuse_with(int vm)
{
	uint64_t bitmap[PAGES / 64];
	struct kvm_dirty_log log = {
		.slot = SLOT, .dirty_bitmap = bitmap,
	};

	refuse(vm, "twice", KVM_CAP_DIRTY_LOG_RING_ACQ_REL, RING,
	       EINVAL);
	refuse(vm, "a bitmap after a slot",
	       KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 0, EINVAL);
	kvm_ioctl_fails(vm, KVM_GET_DIRTY_LOG, &log, ENXIO);
}
/* [/refuse] */

/* [caps] */
static void print_cap(int vm, const char *name, int cap)
{
	printf("%s: %d\n", name,
	       kvm_ioctl(vm, KVM_CHECK_EXTENSION, cap,
			 "This cannot fail."));
}
/* [/caps] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	struct cpu cpus[2];

	print_cap(vm, "DIRTY_LOG_RING", KVM_CAP_DIRTY_LOG_RING);
	print_cap(vm, "DIRTY_LOG_RING_ACQ_REL",
		  KVM_CAP_DIRTY_LOG_RING_ACQ_REL);
	enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_ACQ_REL, RING);
	load_guest(vm);
	add_ram(vm, PAGES);
	cpus[0] = add_cpu(kvm, vm, 0);
	cpus[1] = add_cpu(kvm, vm, 1);
/* [/main] */

/* [story] */
	fill(vm, &cpus[0]);
	share(vm, cpus);
	add_stolen_time(vm, &cpus[0]);
	save_its(kvm);
	refuse_without(create_vm(kvm));
	refuse_with(vm);
	return 0;
}
/* [/story] */
