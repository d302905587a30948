/* SPDX-License-Identifier: MIT */
/*
 * Words as names: registers, syndromes, what an ioctl is given; and which
 * numbers are addresses, and whose.
 *
 * Everything appends to a text and keeps nothing.  A name that the table of
 * names lacks (kernel/uapi.h) ends the program; so does running out of
 * memory.
 */
#ifndef KVT_DECODE_H
#define KVT_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/btf.h"

struct buf;
struct objects;
struct types;
struct value_type;

/* What of a call's or event's values says how to read the next. */
struct decode {
	const char *where;	/* the function, tracepoint or struct */
	struct objects *objects;	/* that addresses are numbered by */
	uint64_t before;	/* the value before this one */
	const char *about;	/* whose attributes: "vcpu", "vm", the name of
				 * a device's type; NULL: not known */
};

/*
 * Writes WORD, which NAME of D->where holds, as a name, where it is known
 * to be one; false: nothing is known, and nothing was written.
 */
bool decode_value(struct buf *out, const struct decode *d, const char *name,
		  const struct value_type *t, uint64_t word);
/* The same for a caller that keeps the rule; NULL: there is none. */
struct decode_rule;
const struct decode_rule *decode_rule(const char *where, const char *name,
				      const struct value_type *t);
bool decode_by_rule(struct buf *out, const struct decode *d,
		    const struct decode_rule *rule,
		    const struct value_type *t, uint64_t word);
/* A syndrome: 0x92000046 (DABT_LOW, level 2 translation fault, write). */
void esr_print(struct buf *out, uint64_t esr);
/* The id of a register, as of KVM_GET_ONE_REG; TYPES may be NULL. */
void reg_print(struct buf *out, struct types *types, uint64_t id);

#endif
