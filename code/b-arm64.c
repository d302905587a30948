/* SPDX-License-Identifier: MIT */
/* Appendix B: run a guest step by step, and print what each changed. */
/* [headers] */
#include "disassemble.h"
/* [/headers] */

/* [guest] */
/* Where this guest has its memory: shorter addresses to print. */
enum { GUEST_AT = 0x10000 };
/* [/guest] */

/* [watched] */
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
	for (int i = 0; i < WATCHED; i++)
		values[i] = get_reg(vcpu, watched[i].id);
}
/* [/watched] */

/* [print-code] */
/* Prints an instruction: its address, its word, and what it says. */
static void print_code(const char *memory, uint64_t address)
{
	char text[INSTRUCTION_SIZE];
	uint64_t offset = address - GUEST_AT;
	uint32_t word;

	if (offset > MEMORY_SIZE - sizeof(word)) {
		fprintf(stderr, "%llx: no memory of the guest there\n",
			(unsigned long long)address);
		exit(1);
	}
	memcpy(&word, memory + offset, sizeof(word));
	disassemble(text, memory + offset, address);
	printf("%llx  %08x  %-28s", (unsigned long long)address, word,
	       text);
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
/* Lets the guest execute one instruction; false when it is over. */
static bool step(int vcpu, const struct kvm_run *run)
{
	for (;;) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		switch (run->exit_reason) {
		case KVM_EXIT_DEBUG:
			return true;
		case KVM_EXIT_MMIO:
			printf("  the device gets %u",
			       *(const uint32_t *)run->mmio.data);
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			printf("  switched off\n");
			return false;
		default:
			printf("  ");
			print_reason(run);
			printf("\n");
			return false;
		}
	}
}
/* [/step] */

/* [start] */
/* Lets the guest start at its first instruction, step by step. */
static void start(int vcpu)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE |
			   KVM_GUESTDBG_SINGLESTEP,
	};

	set_reg(vcpu, CORE_REG(regs.pc), GUEST_AT);
	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
}
/* [/start] */

/* [main] */
int main(void)
{
	uint64_t old[WATCHED], new[WATCHED];
	struct kvm_run *run;
	int kvm, vm, vcpu;
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, 0, GUEST_AT, memory, MEMORY_SIZE, 0);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);
	start(vcpu);
	run = map_run(kvm, vcpu);
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
