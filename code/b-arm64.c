/* SPDX-License-Identifier: MIT */
/* Appendix B: run a guest step by step, and print what each changed. */
/* [headers] */
#include <capstone/capstone.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/headers] */

/* [guest] */
/* Where the guest has its memory, and how much. */
enum { MEMORY_AT = 0x10000, MEMORY_SIZE = 64 * 1024 };

/* The guest, assembled from the file beside this one. */
extern const char guest[], guest_end[];
/* [/guest] */

/* [watched] */
/* The id of a register of struct kvm_regs, all of 64 bits. */
#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

/* The registers we look at.  If your guest uses another, add it. */
static const struct {
	const char *name;
	uint64_t id;
} watched[] = {
	{ "x0", CORE_REG(regs.regs[0]) },
	{ "x1", CORE_REG(regs.regs[1]) },
	{ "x2", CORE_REG(regs.regs[2]) },
	{ "x3", CORE_REG(regs.regs[3]) },
	{ "x4", CORE_REG(regs.regs[4]) },
	{ "x5", CORE_REG(regs.regs[5]) },
	{ "x6", CORE_REG(regs.regs[6]) },
	{ "x7", CORE_REG(regs.regs[7]) },
	{ "x30", CORE_REG(regs.regs[30]) },
	{ "sp", CORE_REG(sp_el1) },
	{ "vbar_el1", ARM64_SYS_REG(3, 0, 12, 0, 0) },
	{ "elr_el1", CORE_REG(elr_el1) },
	{ "pc", CORE_REG(regs.pc) },
	{ "pstate", CORE_REG(regs.pstate) },
};

enum { WATCHED = sizeof(watched) / sizeof(watched[0]),
	PC = WATCHED - 2, PSTATE = WATCHED - 1 };

static void read_registers(int vcpu, uint64_t values[])
{
	for (int i = 0; i < WATCHED; i++) {
		struct kvm_one_reg reg = {
			.id = watched[i].id,
			.addr = (uintptr_t)&values[i],
		};

		kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
			  "This vCPU has no such register.");
	}
}
/* [/watched] */

/* [print-code] */
/* Prints an instruction: its address, its word, and what it says. */
static void print_code(const char *memory, uint64_t address)
{
	const char *code = memory + (address - MEMORY_AT);
	cs_insn *instruction;
	csh capstone;
	uint32_t word;

	if (address - MEMORY_AT > MEMORY_SIZE - sizeof(word)) {
		fprintf(stderr, "%llx: no memory of the guest there\n",
			(unsigned long long)address);
		exit(1);
	}
	memcpy(&word, code, sizeof(word));
	printf("%llx  %08x  ", (unsigned long long)address, word);
	if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone))
		exit(1);
	if (cs_disasm(capstone, (const uint8_t *)code, 4, address, 1,
		      &instruction)) {
		printf("%-4s %-23s", instruction->mnemonic,
		       instruction->op_str);
		cs_free(instruction, 1);
	} else {
		printf("%-28s", "no instruction");
	}
	cs_close(&capstone);
}
/* [/print-code] */

/* [print-changes] */
/* Prints the bits 31 to 28 of PSTATE: a capital letter is a 1. */
static void print_flags(uint64_t pstate)
{
	printf("  %c%c%c%c",
	       pstate & 1u << 31 ? 'N' : 'n',	/* negative */
	       pstate & 1u << 30 ? 'Z' : 'z',	/* zero */
	       pstate & 1u << 29 ? 'C' : 'c',	/* carry */
	       pstate & 1u << 28 ? 'V' : 'v');	/* overflow */
}

/* Prints each register that has a new value. */
static void print_changes(const uint64_t old[], const uint64_t new[])
{
	for (int i = 0; i < PC; i++)
		if (new[i] != old[i])
			printf("  %s=%llx", watched[i].name,
			       (unsigned long long)new[i]);
	if (new[PC] != old[PC] + 4)
		printf("  pc=%llx", (unsigned long long)new[PC]);
	if (new[PSTATE] >> 28 != old[PSTATE] >> 28)
		print_flags(new[PSTATE]);
	printf("\n");
}
/* [/print-changes] */

/* [step] */
/* Lets the guest execute one instruction; false when it is off. */
static int step(int vcpu, const struct kvm_run *run)
{
	for (;;) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		switch (run->exit_reason) {
		case KVM_EXIT_DEBUG:
			return 1;
		case KVM_EXIT_MMIO:
			printf("  the device gets %u",
			       *(const uint32_t *)run->mmio.data);
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			printf("  switched off\n");
			return 0;
		default:
			printf("  exit reason %u?\n", run->exit_reason);
			return 0;
		}
	}
}
/* [/step] */

/* [map] */
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

/* Creates a vCPU at the guest's first instruction, to be stepped. */
static int add_vcpu(int vm)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE |
			   KVM_GUESTDBG_SINGLESTEP,
	};
	struct kvm_vcpu_init init;
	uint64_t start = MEMORY_AT;
	struct kvm_one_reg pc = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&start,
	};
	int vcpu;

	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory?");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "Cannot fail.");
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "Not this one?");
	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &pc, "No such register.");
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	return vcpu;
}
/* [/map] */

/* [main] */
int main(void)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEMORY_AT,
		.memory_size = MEMORY_SIZE,
	};
	uint64_t old[WATCHED], new[WATCHED];
	struct kvm_run *run;
	int kvm, vm, vcpu, size;
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory?");
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	region.userspace_addr = (uintptr_t)memory;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region, "Overlap?");
	vcpu = add_vcpu(vm);
	size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			 "Cannot fail.");
	run = map(vcpu, size);
	read_registers(vcpu, old);
	/* A guest that loops for ever must end, too. */
	for (int count = 0; count < 1000; count++) {
		print_code(memory, old[PC]);
		if (!step(vcpu, run))
			break;
		read_registers(vcpu, new);
		print_changes(old, new);
		memcpy(old, new, sizeof(old));
	}
	return 0;
}
/* [/main] */
