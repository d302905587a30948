/* SPDX-License-Identifier: MIT */
/* Chapter 16: a console that the guest calls by HVC. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

/* Where the guest has its memory, and how much. */
enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* The guest, assembled from the file beside this one. */
extern const char guest[], guest_end[];

/* A mapping of SIZE bytes, of the file FD or of fresh memory (-1). */
static void *map(int fd, size_t size)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(stderr, "mmap: %s\nNo memory left?\n",
			strerror(errno));
		exit(1);
	}
	return p;
}

/* Gives the VM a slot of memory at a guest physical address. */
static void add_memory(int vm, uint64_t address, void *memory,
		       size_t size)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "The slot overlaps another or is not made of pages.");
}

/* Creates the vCPU ID, ready to run; returns its descriptor. */
static int add_vcpu(int vm, unsigned int id)
{
	struct kvm_vcpu_init init;
	int vcpu;

	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
			 "No memory, or no file descriptor left.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
	return vcpu;
}

/* The id of a register of struct kvm_regs, all of 64 bits. */
#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

static uint64_t get_reg(int vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
		  "This vCPU has no such register.");
	return value;
}

static void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register.");
}

/* The run page of a vCPU, where each exit is explained. */
static struct kvm_run *map_run(int kvm, int vcpu)
{
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			     "This cannot fail.");

	return map(vcpu, size);
}

/* [print-exit] */
/* Says what the run page says, and where the guest stands. */
static void print_exit(int vcpu, const struct kvm_run *run)
{
	printf("  exit_reason %u, pc 0x%llx", run->exit_reason,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
	if (run->exit_reason == KVM_EXIT_MMIO)
		printf(", %u bytes %s 0x%llx", run->mmio.len,
		       run->mmio.is_write ? "to" : "from",
		       run->mmio.phys_addr);
	if (run->exit_reason == KVM_EXIT_HYPERCALL)
		printf(", nr 0x%llx, flags %llu", run->hypercall.nr,
		       run->hypercall.flags);
	printf("\n");
}
/* [/print-exit] */

/* Prints one of the registers x0 to x30. */
static void print_x(int vcpu, int n)
{
	uint64_t value = get_reg(vcpu, CORE_REG(regs.regs[n]));

	printf("  x%d 0x%016llx\n", n, (unsigned long long)value);
}

/* A range of guest addresses, and what a load or a store there does. */
struct device {
	uint64_t address, size;
	uint64_t (*read)(uint64_t offset);
	void (*write)(uint64_t offset, uint64_t value);
};

static bool power = true;

static void uart_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		putchar(value);
}

static void power_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		power = value;
}

static const struct device bus[] = {
	{ 0x09000000, 4096, NULL, uart_write },
	{ 0x09020000, 4096, NULL, power_write },
};

/* The device at a guest address; NULL if there is none. */
static const struct device *find_device(uint64_t address)
{
	for (size_t i = 0; i < sizeof(bus) / sizeof(bus[0]); i++)
		if (address - bus[i].address < bus[i].size)
			return &bus[i];
	return NULL;
}

/* Answers a load or a store; false if no device is there. */
static bool handle_mmio(struct kvm_run *run)
{
	const struct device *d = find_device(run->mmio.phys_addr);
	uint64_t offset, value = 0;

	if (!d)
		return false;
	offset = run->mmio.phys_addr - d->address;
	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		if (d->write)
			d->write(offset, value);
	} else {
		if (d->read)
			value = d->read(offset);
		memcpy(run->mmio.data, &value, run->mmio.len);
	}
	return true;
}

/* [handle-hypercall] */
/* The id of the function that the guest may call. */
#define PUTCHAR 0xc6000000u

/* Answers a call of the guest. */
static void handle_hypercall(int vcpu, const struct kvm_run *run)
{
	static uint64_t count;
	uint64_t result = -1;	/* "not supported" */

	if (run->hypercall.nr == PUTCHAR) {
		putchar(get_reg(vcpu, CORE_REG(regs.regs[1])));
		result = ++count;
	}
	set_reg(vcpu, CORE_REG(regs.regs[0]), result);
}
/* [/handle-hypercall] */

/* [run-guest] */
/* Runs the guest until it switches the power off. */
static void run_guest(int vcpu, struct kvm_run *run)
{
	while (power) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_MMIO &&
		    handle_mmio(run))
			continue;
		if (run->exit_reason == KVM_EXIT_HYPERCALL) {
			handle_hypercall(vcpu, run);
			continue;
		}
		printf("Nobody knows what to do:\n");
		print_exit(vcpu, run);
		exit(1);
	}
}
/* [/run-guest] */

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
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, MEMORY_AT, memory, MEMORY_SIZE);
	vcpu = add_vcpu(vm, 0);
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
	printf("  args[0] %llu\n", run->hypercall.args[0]);
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
	run_guest(vcpu, run);
	for (int n = 20; n <= 22; n++)
		print_x(vcpu, n);
/* [/rest] */

/* [end] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
