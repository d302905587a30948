/* SPDX-License-Identifier: MIT */
/* Chapter 12: a bus with devices for the guest. */
/* [headers] */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/headers] */

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
	printf("\n");
}
/* [/print-exit] */

/* [print-x] */
/* Prints one of the registers x0 to x30. */
static void print_x(int vcpu, int n)
{
	uint64_t value = get_reg(vcpu, CORE_REG(regs.regs[n]));

	printf("  x%d 0x%016llx\n", n, (unsigned long long)value);
}
/* [/print-x] */

/* [device] */
/* A range of guest addresses, and what a load or a store there does. */
struct device {
	uint64_t address, size;
	uint64_t (*read)(uint64_t offset);
	void (*write)(uint64_t offset, uint64_t value);
};
/* [/device] */

/* [devices] */
static bool power = true;

static void uart_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		putchar(value);
}

static uint64_t counter_read(uint64_t offset)
{
	static uint64_t count = 0xfc;

	return offset == 0 ? count++ : 0;
}

static void power_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		power = value;
}

static void flash_write(uint64_t offset, uint64_t value)
{
	printf("flash: 0x%x to byte %d\n", (int)value, (int)offset);
}
/* [/devices] */

/* [bus] */
enum { FLASH_AT = 0x08000000, FLASH_SIZE = 64 * 1024 };

static const struct device bus[] = {
	{ FLASH_AT, FLASH_SIZE, NULL, flash_write },
	{ 0x09000000, 4096, NULL, uart_write },
	{ 0x09010000, 4096, counter_read, NULL },
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
/* [/bus] */

/* [handle-mmio] */
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
/* [/handle-mmio] */

/* [run-guest] */
/* Runs the guest until it switches the power off. */
static void run_guest(int vcpu, struct kvm_run *run)
{
	while (power) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_MMIO &&
		    handle_mmio(run))
			continue;
		printf("Nobody knows what to do:\n");
		print_exit(vcpu, run);
		exit(1);
	}
}
/* [/run-guest] */

/* [add-flash] */
/* Gives the VM a slot that it can read, but not write. */
static void add_flash(int vm, void *flash)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.flags = KVM_MEM_READONLY,
		.guest_phys_addr = FLASH_AT,
		.memory_size = FLASH_SIZE,
		.userspace_addr = (uintptr_t)flash,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "The slot overlaps another or is not made of pages.");
}
/* [/add-flash] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	char *memory, *flash;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, MEMORY_AT, memory, MEMORY_SIZE);
	flash = map(-1, FLASH_SIZE);
	flash[0] = 0x42;
	add_flash(vm, flash);
	vcpu = add_vcpu(vm, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [load] */
	printf("the first load\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/load] */

/* [answer] */
	printf("%s\n", handle_mmio(run) ? "answered" : "nobody there");
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/answer] */

/* [commit] */
	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
	print_exit(vcpu, run);
	print_x(vcpu, 2);
/* [/commit] */

/* [forget] */
	printf("the second load, forgotten\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
/* [/forget] */

/* [rest] */
	printf("and on until the power is off\n");
	run_guest(vcpu, run);
	print_exit(vcpu, run);
	for (int n = 3; n <= 6; n++)
		print_x(vcpu, n);
/* [/rest] */

/* [end] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	must(munmap(flash, FLASH_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
