/* SPDX-License-Identifier: MIT */
/*
 * The monitor: what the programs have from chapter 8 on.  It grows with
 * the book; each piece is shown in the chapter that explains it.
 *
 * What cannot work ends the program, as in kvmbook.h.  Nothing here
 * frees anything: what a function returns lives until the program
 * closes it, unmaps it, or ends.
 */
/* [headers] */
#ifndef VMM_H
#define VMM_H

/* [bool] */
#include <stdbool.h>
/* [/bool] */
/* [offsetof] */
#include <stddef.h>
/* [/offsetof] */
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/headers] */

/* [memory] */
/* The guest's memory: its guest physical address, and its bytes. */
enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };
/* [/memory] */

/* [create-vm] */
/* Creates a VM; returns its descriptor, or ends the program. */
static inline int create_vm(int kvm)
{
	return kvm_ioctl(kvm, KVM_CREATE_VM, 0,
			 "No memory, or no file descriptor left.");
}
/* [/create-vm] */

/* [map] */
/*
 * Maps SIZE bytes: of the file FD, or, if that is -1, of fresh memory
 * full of zeros.  They stay until munmap().  Ends the program if there
 * is no memory.
 */
static inline void *map(int fd, size_t size)
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
/* [/map] */

/* [add-memory] */
/*
 * Makes SIZE bytes of the program's MEMORY appear to the guest at a
 * physical ADDRESS, as slot number SLOT, with KVM_MEM_ flags or 0.
 * SIZE, ADDRESS and MEMORY are those of whole pages.  The memory stays
 * the program's: munmap() takes it from the guest, too.  Ends the
 * program if KVM refuses.
 */
static inline void add_memory(int vm, uint32_t slot, uint64_t address,
			      void *memory, size_t size, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "It overlaps another slot, is not made of pages, or"
		  " changes what cannot change.");
}
/* [/add-memory] */

/* [add-vcpu] */
/*
 * Creates the vCPU ID, and makes it the processor that KVM prefers,
 * with these features besides: 1 << KVM_ARM_VCPU_..., or 0.  Returns
 * its descriptor, or ends the program.
 */
static inline int add_vcpu(int vm, unsigned int id, uint32_t features)
{
	struct kvm_vcpu_init init;
	int vcpu;

	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
			 "No memory, or no file descriptor left.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	init.features[0] |= features;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
	return vcpu;
}
/* [/add-vcpu] */

/* [core] */
/* The id of a register of struct kvm_regs, all of 64 bits. */
#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))
/* [/core] */

/* [get-set] */
/* The value of a register of 8 bytes; ends the program without one. */
static inline uint64_t get_reg(int vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
		  "This vCPU has no such register.");
	return value;
}

/* Sets a register of 8 bytes; ends the program if KVM refuses. */
static inline void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register, or not this value.");
}
/* [/get-set] */

/* [load-guest] */
/* The guest's code, assembled from the file beside the program. */
extern const char guest[], guest_end[];

/*
 * Gives the VM its memory, as slot 0, with the guest at its beginning.
 * Returns where the program has it: MEMORY_SIZE bytes, until munmap().
 */
static inline char *load_guest(int vm)
{
	char *memory = map(-1, MEMORY_SIZE);

	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, 0, MEMORY_AT, memory, MEMORY_SIZE, 0);
	return memory;
}
/* [/load-guest] */

/* [map-run] */
/*
 * The run page of a vCPU, where KVM explains each exit.  What it says
 * holds until the next KVM_RUN.  Ends the program on failure.
 */
static inline struct kvm_run *map_run(int kvm, int vcpu)
{
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			     "This cannot fail.");

	return map(vcpu, size);
}
/* [/map-run] */

/* [exit-name] */
/* How many reasons of exits there may be. */
enum { EXIT_REASONS = 64 };

/* The name of an exit's reason: a constant, never NULL. */
static inline const char *exit_name(uint32_t reason)
{
	static const char *const names[EXIT_REASONS] = {
		[KVM_EXIT_UNKNOWN] = "UNKNOWN",
		[KVM_EXIT_HYPERCALL] = "HYPERCALL",
		[KVM_EXIT_DEBUG] = "DEBUG",
		[KVM_EXIT_MMIO] = "MMIO",
		[KVM_EXIT_FAIL_ENTRY] = "FAIL_ENTRY",
		[KVM_EXIT_INTR] = "INTR",
		[KVM_EXIT_INTERNAL_ERROR] = "INTERNAL_ERROR",
		[KVM_EXIT_SYSTEM_EVENT] = "SYSTEM_EVENT",
		[KVM_EXIT_ARM_NISV] = "ARM_NISV",
		[KVM_EXIT_DIRTY_RING_FULL] = "DIRTY_RING_FULL",
	};

	return reason < EXIT_REASONS && names[reason] ?
	       names[reason] : "an exit without a name here";
}
/* [/exit-name] */

/* [exception-name] */
/* The name of a syndrome's exception class: never NULL. */
static inline const char *exception_name(uint64_t syndrome)
{
	static const char *const names[64] = {
		[0x00] = "unknown reason",
		[0x21] = "instruction abort",
		[0x25] = "data abort",
		[0x2f] = "SError",
		/* [debug-names] */
		[0x30] = "breakpoint",
		[0x32] = "step",
		[0x34] = "watchpoint",
		/* [/debug-names] */
		[0x3c] = "brk",
	};
	int class = syndrome >> 26 & 0x3f;

	return names[class] ? names[class] : "another class";
}
/* [/exception-name] */

/* [print-mmio] */
/* Says what the guest does where it has no memory. */
static inline void print_mmio(const struct kvm_run *run)
{
	uint64_t value = 0;

	printf(": the guest %s %u byte%s at 0x%llx",
	       run->mmio.is_write ? "stores" : "loads", run->mmio.len,
	       run->mmio.len == 1 ? "" : "s", run->mmio.phys_addr);
	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		printf(": %llu", (unsigned long long)value);
	}
}
/* [/print-mmio] */

/* [print-debug] */
/* Prints which debug exception ended KVM_RUN. */
static inline void print_debug(const struct kvm_run *run)
{
	const char *name = exception_name(run->debug.arch.hsr);

	printf(": %s", name);
	if (!strcmp(name, "watchpoint"))
		printf(" at 0x%llx", run->debug.arch.far);
	printf(", syndrome 0x%08x", run->debug.arch.hsr);
}
/* [/print-debug] */

/* [event-name] */
/* What a system event is about, in words: never NULL. */
static inline const char *event_name(uint32_t type)
{
	switch (type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		return "the guest switches itself off";
	case KVM_SYSTEM_EVENT_RESET:
		return "the guest wants a reset";
	case KVM_SYSTEM_EVENT_SUSPEND:
		return "the guest wants to sleep";
	case KVM_SYSTEM_EVENT_WAKEUP:
		return "there is a reason to wake up";
	default:
		return "another event";
	}
}
/* [/event-name] */

/* [print-reason] */
/*
 * Prints why the vCPU came back, by its run page: a line without its
 * newline.
 */
static inline void print_reason(const struct kvm_run *run)
{
	printf("%s", exit_name(run->exit_reason));
	switch (run->exit_reason) {
	case KVM_EXIT_UNKNOWN:
		printf(": KVM has not said why");
		break;
	case KVM_EXIT_INTR:
		printf(": a signal interrupted the run");
		break;
	case KVM_EXIT_MMIO:
		print_mmio(run);
		break;
	/* [reason-nisv] */
	case KVM_EXIT_FAIL_ENTRY:
		printf(": the CPU cannot go on with the guest");
		break;
	case KVM_EXIT_ARM_NISV:
		printf(": the guest %s at 0x%llx, syndrome 0x%llx",
		       run->arm_nisv.esr_iss & 1 << 6 ?
		       "stores" : "loads", run->arm_nisv.fault_ipa,
		       run->arm_nisv.esr_iss);
		break;
	/* [/reason-nisv] */
	/* [reason-debug] */
	case KVM_EXIT_DEBUG:
		print_debug(run);
		break;
	/* [/reason-debug] */
	/* [reason-event] */
	case KVM_EXIT_SYSTEM_EVENT:
		printf(": %s", event_name(run->system_event.type));
		break;
	/* [/reason-event] */
	/* [reason-hypercall] */
	case KVM_EXIT_HYPERCALL:
		printf(": the guest calls function 0x%llx by %s",
		       run->hypercall.nr, run->hypercall.flags &
		       KVM_HYPERCALL_EXIT_SMC ? "SMC" : "HVC");
		break;
	/* [/reason-hypercall] */
	}
}
/* [/print-reason] */

/* [print-exit] */
/* Prints a line that says why the vCPU came back, and from where. */
static inline void print_exit(int vcpu, const struct kvm_run *run)
{
	printf("  ");
	print_reason(run);
	printf(" (pc 0x%llx)\n", (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.pc)));
}
/* [/print-exit] */

/* [print-x] */
/* Prints one of the registers x0 to x30. */
static inline void print_x(int vcpu, int n)
{
	uint64_t value = get_reg(vcpu, CORE_REG(regs.regs[n]));

	printf("  x%d is 0x%016llx\n", n, (unsigned long long)value);
}
/* [/print-x] */

/* [run-guest] */
/* Answers one kind of exit; false if it cannot. */
typedef bool exit_handler(int vcpu, struct kvm_run *run);

/* The machine's power switch.  The guest runs while it is on. */
static bool power = true;

/*
 * Runs a vCPU until the power is off.  HANDLERS has a function for each
 * exit reason; where there is none (NULL), or it returns false, the
 * program says so and ends.
 */
static inline void run_guest(int vcpu, struct kvm_run *run,
			     exit_handler *const handlers[EXIT_REASONS])
{
	while (power) {
		exit_handler *handler = NULL;

		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason < EXIT_REASONS)
			handler = handlers[run->exit_reason];
		if (!handler || !handler(vcpu, run)) {
			printf("Nobody knows what to do:\n");
			print_exit(vcpu, run);
			exit(1);
		}
	}
}
/* [/run-guest] */

/* [end] */
#endif
/* [/end] */
