/* SPDX-License-Identifier: MIT */
/*
 * Names of numbers, from the kernel's headers by way of uapi.tsv.
 *
 * The table is compiled in: every name is valid for good.  Only name_value()
 * can end the program.
 */
#ifndef KVT_UAPI_H
#define KVT_UAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * The first name of VALUE among those of KIND, the first column of
 * uapi.tsv ("cap", "exit", "syscall", ...); NULL for an unknown value.
 */
const char *value_name(const char *kind, uint64_t value);
/* The value of a name of KIND; ends the program if the table lacks it. */
uint64_t name_value(const char *kind, const char *name);
/* The name NUMBER of KIND, from 0 in order of value, which VALUE gets; NULL
 * behind the last of them. */
const char *name_number(const char *kind, size_t number, uint64_t *value);
/* Appends the names of KIND for BITS, with bars between them.  Bits without a
 * name follow in hexadecimal; no bits at all are the name of 0, or "0". */
void flags_print(struct buf *out, const char *kind, uint64_t bits);
/* NULL for an unknown request.  Two requests share one number: ON_VCPU says
 * that the descriptor is a vCPU's. */
const char *ioctl_name(unsigned int request, bool on_vcpu);
/* The struct or type that the argument of an ioctl points to; "" if it is
 * a number, NULL for an unknown request. */
const char *ioctl_type(unsigned int request, bool on_vcpu);

#endif
