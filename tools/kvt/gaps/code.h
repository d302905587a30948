/* SPDX-License-Identifier: MIT */
/* code.c: what the functions of an arm64 kernel call, from its vmlinux. */
#ifndef CODE_H
#define CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How KVM uses EL2; the words are those of a capture's header. */
enum mode { VHE, NVHE, PROTECTED, MODES };
extern const char *const mode_names[MODES];

struct code_function {
	uint64_t address;
	uint64_t size;		/* bytes */
	const char *name;
};

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
 * which numbers the CPU's capabilities.  Dies if one is not what it must be.
 */
struct code *code_open(const char *vmlinux, const char *tree);
void code_close(struct code *c);

/* The functions, by address. */
const struct code_function *code_functions(const struct code *c, size_t *count);
/* The function that ADDRESS is in, or NULL. */
const struct code_function *code_find(const struct code *c, uint64_t address);
/* The address of a symbol; dies if there is none of that name. */
uint64_t code_symbol(const struct code *c, const char *name);

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

#endif
