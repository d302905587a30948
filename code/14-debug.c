/* SPDX-License-Identifier: MIT */
/* Chapter 14: watch a guest work, one instruction at a time. */
/* [headers] */
#include "disassemble.h"
/* [/headers] */

/* [guest] */
/* Three places in the guest. */
extern const char guest_add[], guest_mrs[], guest_count[];

/* The guest physical address of such a place. */
#define IN_GUEST(place) (MEMORY_AT + ((place) - guest))
/* [/guest] */

/* [print-code] */
/* Prints the instruction at an address of the guest. */
static void print_code(const char *memory, uint64_t address)
{
	char text[INSTRUCTION_SIZE];

	disassemble(text, memory + (address - MEMORY_AT), address);
	printf("  next is 0x%llx  %s\n", (unsigned long long)address,
	       text);
}
/* [/print-code] */

/* [run-once] */
/* Runs the guest to its next exit; says why, and what is next. */
static void run_once(int vcpu, const struct kvm_run *run,
		     const char *memory)
{
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_reason(run);
	printf("\n");
	print_code(memory, get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/run-once] */

/* [print-own] */
/* Prints what the guest itself would find in its debug registers. */
static void print_own(int vcpu)
{
	uint64_t mdscr = get_reg(vcpu, ARM64_SYS_REG(2, 0, 0, 2, 2));
	uint64_t dbgwcr0 = get_reg(vcpu, ARM64_SYS_REG(2, 0, 0, 0, 7));

	printf("the guest's own MDSCR_EL1 is %llx, DBGWCR0_EL1 %llx\n",
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
	vm = create_vm(kvm);
	memory = load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
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
