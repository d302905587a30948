// SPDX-License-Identifier: MIT
/*
 * A small kernel for the tests of `kvt gaps`: what Linux has to hide calls
 * from a tracer, once each.  It is never run.
 */
#define noinstr __attribute__((noinline, section("noinstr_text")))
#define notrace __attribute__((noinline))

void __guest_enter(void);
void __kvm_nvhe___guest_enter(void);
long kvm_protected_mode_initialized;
extern const char __start_alternatives[], __start___jump_table[];
extern const char __start_noinstr_text[], __start___ex_table[];
const void *const tables[] = {
	__start_alternatives, __start___jump_table, __start_noinstr_text,
	__start___ex_table,
};

void alt_cb_patch_nops(void)
{
}

/* As Linux does it: a branch, of which VHE makes a nop. */
static inline __attribute__((always_inline)) int has_vhe(void)
{
	asm goto("1: b %l[no]\n"
		 ".pushsection alternatives, \"a\"\n"
		 ".word 1b - ., alt_cb_patch_nops - .\n"
		 ".hword 0x8001\n"
		 ".byte 4, 4\n"
		 ".popsection\n" : : : : no);
	return 1;
no:
	return 0;
}

/* A nop, of which protected mode makes a branch. */
static inline __attribute__((always_inline)) int is_protected(void)
{
	asm goto("1: nop\n"
		 ".pushsection __jump_table, \"a\"\n"
		 ".long 1b - ., %l[yes] - .\n"
		 ".quad kvm_protected_mode_initialized - .\n"
		 ".popsection\n" : : : : yes);
	return 0;
yes:
	return 1;
}

/* The same, where protected mode makes a nop of a branch. */
static inline __attribute__((always_inline)) int is_not_protected(void)
{
	asm goto("1: b %l[yes]\n"
		 ".pushsection __jump_table, \"a\"\n"
		 ".long 1b - ., %l[yes] - .\n"
		 ".quad kvm_protected_mode_initialized - . + 1\n"
		 ".popsection\n" : : : : yes);
	return 0;
yes:
	return 1;
}

static inline __attribute__((always_inline)) void hvc(unsigned int function)
{
	register unsigned long x0 asm("x0") = 0xc6000000u | function;

	asm volatile("hvc #0" : "+r" (x0) : : "memory");
}

notrace void __kvm_nvhe_run(void)
{
	__kvm_nvhe___guest_enter();
	asm volatile("");
}

notrace void __kvm_nvhe_handle___kvm_run(void)
{
	__kvm_nvhe_run();
	asm volatile("");
}

notrace void __kvm_nvhe_handle___pkvm_share(void)
{
	asm volatile("");
}

notrace void __kvm_nvhe_handle_flush(void)
{
	asm volatile("");
}

void (*const __kvm_nvhe_host_hcall[])(void) = {
	0, __kvm_nvhe_handle___kvm_run, __kvm_nvhe_handle___pkvm_share,
	__kvm_nvhe_handle_flush,
};

/* Traced, as all that follow, but for two. */
notrace void run_vhe(void)
{
	__guest_enter();
	asm volatile("");
}

noinstr void enter_exit(void)
{
	if (has_vhe())
		run_vhe();
	else
		hvc(1);
	asm volatile("");
}

notrace void run(void)
{
	enter_exit();
	asm volatile("");
}

notrace void share(void)
{
	if (is_protected())
		hvc(2);
}

/* Not traced, but harmless: on the way, or of no interest. */
notrace void helper(int flush)
{
	asm volatile("");
	if (flush && !has_vhe())
		hvc(3);
}

notrace void quiet(void)
{
	asm volatile("");
}

notrace void flush_all(int flush)
{
	helper(flush);
	quiet();
	asm volatile("");
}

/* Merged into the last function. */
#define merged static inline __attribute__((always_inline)) void

merged merged_inner(void)
{
	asm volatile("nop");
}

/* Leaves no trace, nor does what it calls. */
merged merged_quiet(void)
{
	asm volatile("nop");
	merged_inner();
}

/* Leaves one, by a call that is traced. */
merged merged_loud(void)
{
	run_vhe();
	merged_inner();
}

/* May leave one: nobody knows what it calls. */
merged merged_pointer(void (*function)(void))
{
	function();
	asm volatile("");
}

notrace void merge(void (*function)(void))
{
	merged_quiet();
	merged_loud();
	merged_pointer(function);
}

/* Calls that a trace shows, and what lies between them.  As in Linux, a call
 * leaves nothing in x0 that its caller could count on. */
notrace void first(void)
{
	asm volatile("" : : : "x0");
}

notrace void second(void)
{
	asm volatile("" : : : "x0");
}

notrace void third(void)
{
	asm volatile("" : : : "x0");
}

/* Different instructions: the compiler makes one of two ends that are alike. */
merged merged_between(void)
{
	asm volatile("mov x9, #1" : : : "x9");
}

merged merged_perhaps(void)
{
	asm volatile("mov x9, #2" : : : "x9");
}

merged merged_other(void)
{
	asm volatile("mov x9, #3" : : : "x9");
}

merged merged_level(void)
{
	first();
	merged_inner();
	second();
}

/* What one case does cannot run where the calls of another were made. */
notrace void request(int number, int flag)
{
	switch (number) {
	case 1:
		first();	/* 1 */
		merged_between();
		second();	/* 1 */
		break;
	case 2:
		merged_other();
		break;
	case 3:
		first();	/* 3 */
		if (flag)
			merged_perhaps();
		third();	/* 3 */
		break;
	case 4:
		merged_level();
		merged_between();
		break;
	}
}

/* Each round enters the guest, between two calls. */
notrace void rounds(int number)
{
	do {
		first();	/* round */
		enter_exit();
		second();	/* round */
	} while (--number);
	asm volatile("");
}

/* A way that no branch shows: on, where an access to memory failed. */
notrace void fault(unsigned long *p)
{
	first();	/* fault */
	asm goto("1: ldr xzr, [%0]\n"
		 ".pushsection __ex_table, \"a\"\n"
		 ".long 1b - ., %l[bad] - .\n"
		 ".short 0, 0\n"
		 ".popsection\n" : : "r" (p) : : bad);
	second();	/* fault */
	return;
bad:
	merged_other();
	third();	/* fault */
}

/* Branches that the modes decide, and what comes behind them in all. */
notrace void unshared(void)
{
	first();	/* unshared */
	if (is_not_protected())
		merged_between();
	else
		hvc(2);
	second();	/* unshared */
	if (is_protected())
		hvc(2);
	third();	/* unshared */
}

/* Nothing comes behind a branch that is always taken. */
notrace void jump(void)
{
	first();	/* jump */
	asm goto("b %l[on]" : : : : on);
	merged_perhaps();
on:
	third();	/* jump */
}

/* What runs before calls that repeat. */
notrace void row(int number)
{
	third();	/* row */
	merged_between();
	do {
		first();	/* row */
		second();	/* row */
	} while (--number);
	asm volatile("");
}

/* A gap in another: both begin at one instruction. */
merged merged_ask(void)
{
	hvc(2);
}

notrace void ask(void)
{
	first();	/* ask */
	merged_ask();
	third();	/* ask */
	asm volatile("");
}

/* The same call out of sight, in two lines. */
notrace void twice(void)
{
	first();	/* twice */
	enter_exit();
	second();	/* twice */
	enter_exit();
	third();	/* twice */
	asm volatile("");
}

/* A request decides what is done: branches, behind a call that keeps it. */
notrace void asked(unsigned int ioctl)
{
	first();	/* asked */
	switch (ioctl) {
	case 0xae41:			/* KVM_CREATE_VCPU */
		merged_between();
		break;
	case 0x4020ae46:		/* KVM_SET_USER_MEMORY_REGION */
		second();	/* asked */
		merged_perhaps();
		break;
	case 0xae80:			/* KVM_RUN */
	case 0x4010ae42:		/* KVM_GET_DIRTY_LOG */
		merged_other();
		break;
	}
	asm volatile("");
}

/* The same by a table of jumps. */
notrace void tabled(unsigned int ioctl)
{
	switch (ioctl) {
	case 0xae00:			/* KVM_GET_API_VERSION */
		merged_between();
		break;
	case 0xae01:			/* KVM_CREATE_VM */
		first();	/* tabled */
		break;
	case 0xae02:
		second();	/* tabled */
		merged_quiet();
		break;
	case 0xae03:			/* KVM_CHECK_EXTENSION */
		merged_perhaps();
		break;
	case 0xae04:			/* KVM_GET_VCPU_MMAP_SIZE */
		third();	/* tabled */
		merged_loud();
		break;
	case 0xae05:
		hvc(2);
		break;
	case 0xae06:			/* KVM_S390_ENABLE_SIE */
		merged_other();
		break;
	}
	asm volatile("");
}

/* What memory holds may be anything. */
notrace void forgotten(unsigned int ioctl)
{
	volatile unsigned int request = ioctl;

	if (request == 0xae80)		/* KVM_RUN */
		merged_other();
	asm volatile("");
}

/* A value that does not stay. */
notrace void counted(unsigned int ioctl)
{
	do {
		if (ioctl == 0xae82)
			merged_other();
		first();	/* counted */
	} while (++ioctl < 0xae84);
	asm volatile("");
}
