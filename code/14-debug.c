/* SPDX-License-Identifier: MIT */
/* Chapter 14: watch a guest work, one instruction at a time. */
/* [headers] */
#include <capstone/capstone.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/headers] */

/* Where the guest has its memory, and how much. */
enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* [guest] */
/* The guest, assembled from the file beside this one. */
extern const char guest[], guest_add[], guest_mrs[], guest_count[],
	guest_end[];

/* The guest physical address of such a place in it. */
#define IN_GUEST(place) (MEMORY_AT + ((place) - guest))
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

/* [print-code] */
/* Prints the instruction at an address of the guest. */
static void print_code(const char *memory, uint64_t address)
{
	const char *code = memory + (address - MEMORY_AT);
	cs_insn *instruction;
	csh capstone;
	size_t count;

	if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone))
		exit(1);
	count = cs_disasm(capstone, (const uint8_t *)code, 4, address,
			  1, &instruction);
	printf("0x%llx", (unsigned long long)address);
	if (count)
		printf("  %-4s %s", instruction->mnemonic,
		       instruction->op_str);
	printf("\n");
	cs_free(instruction, count);
	cs_close(&capstone);
}
/* [/print-code] */

/* [print-exit] */
/* Says why the guest was left. */
static void print_exit(const struct kvm_run *run)
{
	static const char *const names[64] = {
		[0x30] = "breakpoint", [0x32] = "step",
		[0x34] = "watchpoint", [0x3c] = "brk",
	};
	uint32_t hsr = run->debug.arch.hsr;

	if (run->exit_reason == KVM_EXIT_DEBUG)
		printf("%-10s  hsr %08x  ", names[hsr >> 26], hsr);
	else if (run->exit_reason == KVM_EXIT_MMIO)
		printf("mmio        '%c'           ",
		       run->mmio.data[0]);
	else
		printf("exit reason %u  ", run->exit_reason);
}
/* [/print-exit] */

/* [run-once] */
/* Runs the guest to its next exit; says why, and what is next. */
static void run_once(int vcpu, const struct kvm_run *run,
		     const char *memory)
{
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(run);
	print_code(memory, get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/run-once] */

/* [print-own] */
/* Prints what the guest itself would find in its debug registers. */
static void print_own(int vcpu)
{
	uint64_t mdscr = get_reg(vcpu, ARM64_SYS_REG(2, 0, 0, 2, 2));
	uint64_t dbgwcr0 = get_reg(vcpu, ARM64_SYS_REG(2, 0, 0, 0, 7));

	printf("the guest's own: mdscr_el1 %llx, dbgwcr0_el1 %llx\n",
	       (unsigned long long)mdscr, (unsigned long long)dbgwcr0);
}
/* [/print-own] */

/* [put-code] */
/* The instruction brk, which has a number of 16 bits with it. */
#define BRK(number) (0xd4200000 | (number) << 5)

/* Writes an instruction for the guest; returns what was there. */
static uint32_t put_code(char *memory, uint64_t address, uint32_t code)
{
	uint32_t *place = (uint32_t *)(memory + (address - MEMORY_AT));
	uint32_t old = *place;

	*place = code;
	/* Out of the data cache, and none in the instruction cache. */
	asm volatile("dc cvac, %0\n\tdsb ish"
		     : : "r" (place) : "memory");
	asm volatile("ic ivau, %0\n\tdsb ish"
		     : : "r" (place) : "memory");
	return old;
}
/* [/put-code] */

/* [control-bits] */
/* Bits of the registers that control breakpoint and watchpoint. */
enum {
	ENABLED = 1 << 0,
	AT_EL1 = 1 << 1,
	STORES = 2 << 3,
	FOUR_BYTES = 0x0f << 5,
	EIGHT_BYTES = 0xff << 5,
};
/* [/control-bits] */

/* [setup] */
int main(void)
{
	struct kvm_guest_debug debug = { 0 };
	int kvm, vm, vcpu, bits, count;
	struct kvm_run *run;
	uint32_t old;
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
	bits = kvm_ioctl(vm, KVM_CHECK_EXTENSION,
			 KVM_CAP_SET_GUEST_DEBUG2, "Cannot fail.");
	printf("control bits 0x%x", bits);
	count = kvm_ioctl(vm, KVM_CHECK_EXTENSION,
			  KVM_CAP_GUEST_DEBUG_HW_BPS, "Cannot fail.");
	printf(", %d breakpoints", count);
	count = kvm_ioctl(vm, KVM_CHECK_EXTENSION,
			  KVM_CAP_GUEST_DEBUG_HW_WPS, "Cannot fail.");
	printf(", %d watchpoints\n", count);
	debug.control = bits | 4;
	kvm_ioctl_fails(vcpu, KVM_SET_GUEST_DEBUG, &debug, EINVAL);
/* [/ask] */

/* [step] */
	debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP;
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	for (int i = 0; i < 9; i++)
		run_once(vcpu, run, memory);
	print_own(vcpu);
/* [/step] */

/* [software] */
	old = put_code(memory, IN_GUEST(guest_add), BRK(14));
	debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP;
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	run_once(vcpu, run, memory);
	put_code(memory, IN_GUEST(guest_add), old);
/* [/software] */

/* [breakpoint] */
	debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW;
	debug.arch.dbg_bvr[0] = IN_GUEST(guest_mrs);
	debug.arch.dbg_bcr[0] = ENABLED | AT_EL1 | FOUR_BYTES;
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	run_once(vcpu, run, memory);
	run_once(vcpu, run, memory);
/* [/breakpoint] */

/* [watchpoint] */
	debug.arch.dbg_bcr[0] = 0;
	debug.arch.dbg_wvr[0] = IN_GUEST(guest_count);
	debug.arch.dbg_wcr[0] = ENABLED | AT_EL1 | STORES | EIGHT_BYTES;
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	run_once(vcpu, run, memory);
	run_once(vcpu, run, memory);
	printf("far 0x%llx\n", run->debug.arch.far);
	print_own(vcpu);
/* [/watchpoint] */

/* [off] */
	debug.control = 0;
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	run_once(vcpu, run, memory);
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/off] */
