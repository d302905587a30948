/* SPDX-License-Identifier: MIT */
/*
 * The arguments of a call, as a capture has them: "vcpu=vcpu#0, id=0" of a
 * function, "4:vm, KVM_CREATE_VCPU, 0" of a system call.
 *
 * What is found points into the text and is not terminated.  Nothing here
 * dies.
 */
#ifndef KVT_CALL_ARGS_H
#define KVT_CALL_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct arg_value {
	const char *text;
	size_t size;
};

/* The end of the argument at S: a comma outside of all brackets. */
const char *arg_end(const char *s);
/* The value of argument I of ARGS, from 0, without its name; false: there
 * are not so many. */
bool arg_at(const char *args, int i, struct arg_value *value);
/* The value of the argument, or of the field of a structure, that has NAME;
 * the fields of {a=1, b=2} are looked through, too. */
bool arg_named(const char *args, const char *name, struct arg_value *value);
bool arg_is(const struct arg_value *value, const char *text);
/* A copy, to be freed; of "user#1 {slot=0}" only what stands before the
 * bracket. */
char *arg_copy(const struct arg_value *value);

#endif
