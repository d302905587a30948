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

/* The surroundings of a word, which say how to read it. */
struct decode {
	const char *where;	/* the function, tracepoint or struct */
	struct objects *objects;	/* that addresses are numbered by */
	uint64_t before;	/* the value before this one */
	const char *about;	/* whose attributes: "vcpu", "vm", the name of
				 * a device's type; NULL: not known */
};

/*
 * Appends what WORD means as the argument or field NAME of D->where.  Appends
 * nothing and returns false if no rule says more than its type.
 */
bool decode_value(struct buf *out, const struct decode *d, const char *name,
		  const struct value_type *t, uint64_t word);
/* The same in two steps, for a caller that keeps the rule; NULL: no rule. */
struct decode_rule;
const struct decode_rule *decode_rule(const char *where, const char *name,
				      const struct value_type *t);
bool decode_by_rule(struct buf *out, const struct decode *d,
		    const struct decode_rule *rule,
		    const struct value_type *t, uint64_t word);
/* The kind of names that groups of attributes have: of "vcpu", "vm" or the name
 * of a device's type, or NULL; NULL: not known. */
const char *attribute_groups(const char *about);
/* A syndrome: 0x92000046 (DABT_LOW, level 2 translation fault, write). */
void esr_print(struct buf *out, uint64_t esr);
/* The id of a register, as of KVM_GET_ONE_REG; TYPES may be NULL. */
void reg_print(struct buf *out, struct types *types, uint64_t id);

#endif
