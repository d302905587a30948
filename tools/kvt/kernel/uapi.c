// SPDX-License-Identifier: MIT
/* Names of numbers, from uapi.tsv. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "kernel/uapi.h"

static const struct name_row {
	const char *kind, *name;
	uint64_t value;
	const char *type;	/* that an ioctl's argument points to */
} rows[] = {
	/* Made from traces/RELEASE/uapi.tsv; by kind, then value. */
#include "uapi.inc"
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* Finds the first row that is not before KIND and VALUE. */
static size_t first_row(const char *kind, uint64_t value)
{
	size_t low = 0, high = ROWS;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(rows[mid].kind, kind);

		if (order < 0 || (!order && rows[mid].value < value))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool row_is(size_t row, const char *kind, uint64_t value)
{
	return row < ROWS && rows[row].value == value &&
	       !strcmp(rows[row].kind, kind);
}

const char *value_name(const char *kind, uint64_t value)
{
	size_t row = first_row(kind, value);

	return row_is(row, kind, value) ? rows[row].name : NULL;
}

uint64_t name_value(const char *kind, const char *name)
{
	for (size_t row = first_row(kind, 0);
	     row < ROWS && !strcmp(rows[row].kind, kind); row++)
		if (!strcmp(rows[row].name, name))
			return rows[row].value;
	die(KVT_FAILED, "uapi.tsv has no %s of the kind %s", name, kind);
}

const char *name_number(const char *kind, size_t number, uint64_t *value)
{
	size_t row = first_row(kind, 0) + number;

	if (row >= ROWS || strcmp(rows[row].kind, kind))
		return NULL;
	*value = rows[row].value;
	return rows[row].name;
}

void flags_print(struct buf *out, const char *kind, uint64_t bits)
{
	const char *name[64], *between = "";
	size_t first = first_row(kind, 1);
	int n = 0;

	if (!bits) {
		name[0] = value_name(kind, 0);
		buf_puts(out, name[0] ? name[0] : "0");
		return;
	}
	/* Compares: larger first, because one name can cover several bits. */
	for (size_t row = first_row(kind, UINT64_MAX); row-- > first; )
		if ((bits & rows[row].value) == rows[row].value) {
			bits &= ~rows[row].value;
			name[n++] = rows[row].name;
		}
	while (n--) {
		buf_puts(out, between);
		buf_puts(out, name[n]);
		between = "|";
	}
	if (bits) {
		buf_puts(out, between);
		buf_puts(out, "0x");
		buf_hex(out, bits);
	}
}

/*
 * One number has two names: what is KVM_ARM_SET_DEVICE_ADDR on a VM is
 * KVM_GET_ONE_REG on a vCPU.  The table keeps the order of the header, so the
 * vCPU's comes second.
 */
static const struct name_row *find_ioctl(unsigned int request, bool on_vcpu)
{
	size_t row = first_row("ioctl", request);

	if (on_vcpu && row_is(row + 1, "ioctl", request))
		row++;
	return row_is(row, "ioctl", request) ? &rows[row] : NULL;
}

const char *ioctl_name(unsigned int request, bool on_vcpu)
{
	const struct name_row *row = find_ioctl(request, on_vcpu);

	return row ? row->name : NULL;
}

const char *ioctl_type(unsigned int request, bool on_vcpu)
{
	const struct name_row *row = find_ioctl(request, on_vcpu);

	return row ? row->type : NULL;
}
