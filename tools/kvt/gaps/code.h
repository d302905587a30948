/* SPDX-License-Identifier: MIT */
/*
 * What the functions of an arm64 kernel call, and how the flow goes through
 * them, read from their instructions.  What is behind a branch that the kernel
 * patches by its mode is reached in the modes that go there, and in no other.
 *
 * Dies with KVT_FAILED when the kernel is none; what it returns is valid until
 * code_close().
 */
#ifndef KVT_CODE_H
#define KVT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gaps/image.h"
#include "gaps/patches.h"

enum call_kind {
	CALL_DIRECT,		/* to an address */
	CALL_HYPERCALL,		/* hvc, to KVM at EL2 */
	CALL_POINTER,		/* through a pointer: to whom, nobody knows */
};

struct code_call {
	enum call_kind kind;
	uint64_t at;		/* the instruction */
	/* The address called, which for a hypercall is that of its handler
	 * at EL2; 0: a hypercall that the table of handlers lacks. */
	uint64_t target;
};

struct code;
/*
 * Reads VMLINUX, an arm64 kernel with its symbols.  TREE is its source,
 * which numbers the CPU's capabilities.
 */
struct code *code_open(const char *vmlinux, const char *tree);
void code_close(struct code *c);
const struct image *code_image(const struct code *c);

/*
 * Calls EACH with the calls in F that can be reached in MODE, in order of
 * address; a branch to another function is a call, too.  Calls through
 * pointers are not among them.  At EL2 (EL2 true: F is nVHE's hypervisor)
 * nothing is known of the mode, and all calls are reached.
 */
void code_calls(const struct code *c, const struct code_function *f,
		enum mode mode, bool el2,
		void (*each)(void *data, const struct code_call *call),
		void *data);

/*
 * The same for every instruction AT that can be reached, with the call that
 * it makes or NULL; here calls through pointers are among them.
 */
void code_instructions(const struct code *c, const struct code_function *f,
		       enum mode mode, bool el2,
		       void (*each)(void *data, uint64_t at,
				    const struct code_call *call),
		       void *data);

/* Does the flow come back behind the call AT, or is it a mere jump? */
bool code_returns(const struct code *c, uint64_t at);

/* Where the flow goes on behind an instruction. */
struct code_next {
	uint64_t to[8];		/* instructions of the same function */
	int count;
	bool anywhere;		/* a switch: to any instruction of it */
	bool leaves;		/* out of the function */
};

void code_next(const struct code *c, const struct code_function *f,
	       enum mode mode, uint64_t at, struct code_next *next);

/* What else than the instruction AT itself may happen there. */
enum code_change {
	CODE_PLAIN,		/* nothing */
	CODE_BRANCHES,		/* a branch, or none */
	CODE_WRITES,		/* something that writes registers */
};
enum code_change code_change_at(const struct code *c, uint64_t at);

#endif
