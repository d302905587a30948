/* SPDX-License-Identifier: MIT */
/* Chapter 13: exceptions, from inside and from outside. */
/* [headers] */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/time.h>
#include "kvmbook.h"
/* [/headers] */

/* Where the guest has its memory, and how much. */
enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* [guest] */
/* The guest, assembled from the file beside this one. */
extern const char guest[], guest_end[], prepared[];
/* [/guest] */

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

/* [add-zeros] */
/* Gives the VM a page of zeros at address 0, and returns it. */
static void *add_zeros(int vm)
{
	void *zeros = map(-1, 4096);
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.guest_phys_addr = 0,
		.memory_size = 4096,
		.userspace_addr = (uintptr_t)zeros,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "The slot overlaps another or is not made of pages.");
	return zeros;
}
/* [/add-zeros] */

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

/* [system] */
/* Three registers of EL1: why, from where, and with which address. */
#define ESR_EL1	ARM64_SYS_REG(3, 0, 5, 2, 0)
#define ELR_EL1	CORE_REG(elr_el1)
#define FAR_EL1	ARM64_SYS_REG(3, 0, 6, 0, 0)
/* [/system] */

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

/* [print-exception] */
/* Says what the registers of an exception say. */
static void print_exception(uint64_t esr, uint64_t elr, uint64_t far)
{
	static const char *const names[64] = {
		[0x00] = "unknown reason",
		[0x21] = "instruction abort",
		[0x25] = "data abort",
		[0x2f] = "SError",
		[0x3c] = "brk",
	};
	int class = esr >> 26 & 0x3f;

	printf("  ESR 0x%08llx, %s, ELR 0x%llx",
	       (unsigned long long)esr,
	       names[class] ? names[class] : "another class",
	       (unsigned long long)elr);
	if (class == 0x21 || class == 0x25)
		printf(", FAR 0x%llx", (unsigned long long)far);
	printf("\n");
}
/* [/print-exception] */

/* [run-a-moment] */
static struct kvm_run *running;

static void stop(int signal)
{
	(void)signal;
	running->immediate_exit = 1;
}

/* Runs a guest that does not come back, for a moment. */
static void run_a_moment(int vcpu, struct kvm_run *run)
{
	struct itimerval moment = { .it_value.tv_usec = 5000 };

	running = run;
	signal(SIGVTALRM, stop);
	must(setitimer(ITIMER_VIRTUAL, &moment, NULL), "A bad time?");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
}
/* [/run-a-moment] */

/* A range of guest addresses, and what a load or a store there does. */
struct device {
	uint64_t address, size;
	uint64_t (*read)(uint64_t offset);
	void (*write)(uint64_t offset, uint64_t value);
};

/* [devices] */
static bool power = true;

static void power_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		power = value;
}

/* Hears of an exception: ESR, ELR, and FAR at last. */
static void report_write(uint64_t offset, uint64_t value)
{
	static uint64_t esr, elr;

	if (offset == 0)
		esr = value;
	else if (offset == 8)
		elr = value;
	else
		print_exception(esr, elr, value);
}

static const struct device bus[] = {
	{ 0x09020000, 4096, NULL, power_write },
	{ 0x09030000, 4096, NULL, report_write },
};
/* [/devices] */

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

/* [handle-nisv] */
/* Answers what has no syndrome: skips a store, lets a load fail. */
static void handle_nisv(int vcpu, struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.ext_dabt_pending = 1,
	};
	uint64_t pc = get_reg(vcpu, CORE_REG(regs.pc));

	print_exit(vcpu, run);
	printf("  esr_iss 0x%llx, fault_ipa 0x%llx\n",
	       run->arm_nisv.esr_iss, run->arm_nisv.fault_ipa);
	if (run->arm_nisv.esr_iss & 1 << 6)
		set_reg(vcpu, CORE_REG(regs.pc), pc + 4);
	else
		kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
			  "Kernels before 5.5 cannot do this.");
}
/* [/handle-nisv] */

/* [run-guest] */
/* Runs the guest until it switches the power off. */
static void run_guest(int vcpu, struct kvm_run *run)
{
	power = true;
	while (power) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_MMIO &&
		    handle_mmio(run))
			continue;
		if (run->exit_reason == KVM_EXIT_ARM_NISV) {
			handle_nisv(vcpu, run);
			continue;
		}
		printf("Nobody knows what to do:\n");
		print_exit(vcpu, run);
		exit(1);
	}
}
/* [/run-guest] */

/* [print-events] */
/* Says what waits for the guest, and where it stands. */
static void print_events(int vcpu)
{
	struct kvm_vcpu_events events;

	kvm_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	printf("  SError pending: %d, syndrome 0x%llx, pc 0x%llx\n",
	       events.exception.serror_pending,
	       (unsigned long long)events.exception.serror_esr,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/print-events] */

/* [inject-errors] */
/* Three errors of the system for the guest; one is refused. */
static void inject_errors(int vcpu, struct kvm_run *run)
{
	struct kvm_vcpu_events events = {
		.exception.serror_pending = 1,
	};

	printf("an error while the guest keeps errors out\n");
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
	print_events(vcpu);
	run_guest(vcpu, run);
/* [/inject-errors] */

/* [open] */
	printf("with a syndrome, while it lets them in\n");
	events.exception.serror_has_esr = 1;
	events.exception.serror_esr = 1 << 25;
	kvm_ioctl_fails(vcpu, KVM_SET_VCPU_EVENTS, &events, EINVAL);
	events.exception.serror_esr = 0x42;
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "This processor has no RAS extension.");
	print_events(vcpu);
	run_guest(vcpu, run);
}
/* [/open] */

/* [setup] */
int main(void)
{
	struct kvm_enable_cap nisv = {
		.cap = KVM_CAP_ARM_NISV_TO_USER,
	};
	uint64_t at_el2 = 0x3c9;
	struct kvm_one_reg pstate = {
		.id = CORE_REG(regs.pstate), .addr = (uintptr_t)&at_el2,
	};
	int kvm, vm, vcpu;
	struct kvm_run *run;
	char *memory, *zeros;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, MEMORY_AT, memory, MEMORY_SIZE);
	zeros = add_zeros(vm);
	vcpu = add_vcpu(vm, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [hang] */
	printf("without vectors\n");
	run_a_moment(vcpu, run);
	print_exit(vcpu, run);
	print_exception(get_reg(vcpu, ESR_EL1), get_reg(vcpu, ELR_EL1),
			get_reg(vcpu, FAR_EL1));
/* [/hang] */

/* [with-vectors] */
	printf("with vectors\n");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + prepared - guest);
	run_guest(vcpu, run);
/* [/with-vectors] */

/* [nisv] */
	printf("no memory, no syndrome\n");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, ENOSYS);
	print_exit(vcpu, run);
	kvm_ioctl(vm, KVM_ENABLE_CAP, &nisv,
		  "Kernels before 5.5 do not have it.");
	run_guest(vcpu, run);
/* [/nisv] */

/* [end] */
	inject_errors(vcpu, run);
	printf("at EL2\n");
	kvm_ioctl_fails(vcpu, KVM_SET_ONE_REG, &pstate, EINVAL);
	must(munmap(zeros, 4096), "It was not mapped.");
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/end] */
