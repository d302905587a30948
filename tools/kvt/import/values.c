// SPDX-License-Identifier: MIT
/*
 * Words as text.
 *
 * A kernel pointer differs from run to run, so it is written as the object
 * that it points to: vcpu#0 is the first vCPU that the capture shows.  An
 * object is known by its address and type; a pointer without a type takes
 * the name of an object that is known at that address, or of one that it
 * points into.  Physical pages (phys#0, also where KVM has the number of the
 * page and not its address) and addresses that are neither the kernel's nor
 * small (va#0: a program's, or EL2's) are numbered likewise.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

struct object {
	char type[64];		/* as shown: "vcpu", "kvm", "user", ... */
	uint64_t address;
	unsigned int number;	/* within its type, from 0 */
	unsigned int size;	/* bytes; 0 when unknown */
	bool gone;
};

struct counter {
	char type[64];
	unsigned int next;
};

struct objects {
	const struct facts *facts;
	struct object *object;	/* in order of first appearance */
	size_t count, room;
	size_t last;		/* the object printed last; COUNT: none */
	struct counter *counter;
	size_t counters;
};

struct objects *objects_new(const struct facts *facts)
{
	struct objects *o = xcalloc(1, sizeof(*o));

	o->facts = facts;
	return o;
}

struct types *objects_types(const struct objects *o)
{
	return o->facts->types;
}

/* "kvm_vcpu" -> "vcpu": every struct here is KVM's, so the prefix says
 * nothing; a few get the name that people use. */
static const char *short_name(const char *name)
{
	static const struct { const char *from, *to; } known[] = {
		{ "kvm_memory_slot", "memslot" },
		{ "kvm_s2_mmu", "s2_mmu" },
		{ "", "ptr" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(name, known[i].from))
			return known[i].to;
	return strncmp(name, "kvm_", 4) ? name : name + 4;
}

static struct object *find(struct objects *o, const char *type,
			   uint64_t address)
{
	for (size_t i = o->count; i-- > 0; )
		if (o->object[i].address == address && !o->object[i].gone &&
		    (!type || !strcmp(o->object[i].type, type)))
			return &o->object[i];
	return NULL;
}

/* The smallest live object that ADDRESS points into, or just past. */
static struct object *find_around(struct objects *o, uint64_t address)
{
	struct object *best = NULL;

	for (size_t i = 0; i < o->count; i++) {
		struct object *x = &o->object[i];

		if (x->gone || !x->size || address < x->address ||
		    address > x->address + x->size)
			continue;
		if (!best || x->size < best->size)
			best = x;
	}
	return best;
}

/* The object printed last, if ADDRESS points into it or to its end: the
 * end of one object may be where the next begins. */
static struct object *inside_last(struct objects *o, uint64_t address)
{
	struct object *x;

	if (o->last >= o->count)
		return NULL;
	x = &o->object[o->last];
	if (x->gone || !x->size ||
	    address <= x->address || address > x->address + x->size)
		return NULL;
	return x;
}

static unsigned int next_number(struct objects *o, const char *type)
{
	for (size_t i = 0; i < o->counters; i++)
		if (!strcmp(o->counter[i].type, type))
			return o->counter[i].next++;
	o->counter = xrealloc(o->counter,
			      (o->counters + 1) * sizeof(*o->counter));
	snprintf(o->counter[o->counters].type, sizeof(o->counter->type),
		 "%s", type);
	o->counter[o->counters++].next = 1;
	return 0;
}

static struct object *add(struct objects *o, const char *type,
			  uint64_t address, unsigned int size)
{
	struct object *x;

	if (o->count == o->room)
		o->object = xrealloc(o->object,
				     (o->room = o->room * 2 + 256) *
				     sizeof(*o->object));
	x = &o->object[o->count++];
	*x = (struct object){ .address = address, .size = size,
			      .number = next_number(o, type) };
	snprintf(x->type, sizeof(x->type), "%s", type);
	return x;
}

const struct object_end object_ends[] = {
	{ "kvm_arch_vcpu_destroy", 0, "vcpu" },
	{ "kvm_destroy_vm", 0, "kvm" },
	{ "kvm_vm_release", 1, "file" },
	{ "kvm_vcpu_release", 1, "file" },
	{ "kvm_vm_stats_release", 1, "file" },
	{ "kvm_vcpu_stats_release", 1, "file" },
	{ "kvm_device_release", 1, "file" },
	{ }
};

void objects_retire(struct objects *o, const char *name, uint64_t address)
{
	struct object *x = find(o, short_name(name), address);

	if (x)
		x->gone = true;
}

static bool is_kernel_address(uint64_t word)
{
	return word >> 48 == 0xffff || word >> 52 == 0xfff;
}

static void print_pointer(FILE *out, struct objects *o,
			  const struct value_type *t, uint64_t word)
{
	const char *type = is_kernel_address(word) ? short_name(t->name)
						   : "user";
	struct object *x;

	if (!word) {
		fputs("NULL", out);
		return;
	}
	if ((int64_t)word < 0 && (int64_t)word >= -4095 &&
	    errno_name(-(int64_t)word)) {
		fprintf(out, "ERR_PTR(-%s)", errno_name(-(int64_t)word));
		return;
	}
	if (!is_kernel_address(word) && word < 65536) {
		fprintf(out, "0x%" PRIx64, word);
		return;
	}
	if (is_kernel_address(word) && facts_variable(o->facts, word)) {
		fprintf(out, "&%s", facts_variable(o->facts, word));
		return;
	}
	x = find(o, t->name[0] ? type : NULL, word);
	if (!t->name[0] && is_kernel_address(word)) {
		struct object *around = inside_last(o, word);

		if (!around && !x)
			around = find_around(o, word);
		if (around) {
			fprintf(out, "%s#%u+0x%" PRIx64, around->type,
				around->number, word - around->address);
			return;
		}
	}
	if (!x)
		x = add(o, type, word, t->pointee_size);
	o->last = x - o->object;
	fprintf(out, "%s#%u", x->type, x->number);
}

/* Numbers the page that ADDRESS is in; the place in the page stays. */
static void print_page(FILE *out, struct objects *o, const char *type,
		       uint64_t address)
{
	const uint64_t page = address & ~0xfffULL;
	struct object *x = find(o, type, page);

	if (!x)
		x = add(o, type, page, 0);
	fprintf(out, "%s#%u", type, x->number);
	if (address != page)
		fprintf(out, "+0x%" PRIx64, address - page);
}

/* A page by its number, as kvm_pfn_t has it: where there is no page, bits
 * that no number has say why (include/linux/kvm_host.h:93). */
static void print_frame(FILE *out, struct objects *o, uint64_t pfn)
{
	static const char *const errors[] = {
		"KVM_PFN_ERR_FAULT", "KVM_PFN_ERR_HWPOISON",
		"KVM_PFN_ERR_RO_FAULT", "KVM_PFN_ERR_SIGPENDING",
		"KVM_PFN_ERR_NEEDS_IO",
	};
	const uint64_t error = 0x7ffULL << 52;

	if (pfn == 1ULL << 63)
		fputs("KVM_PFN_NOSLOT", out);
	else if (pfn >= error && pfn - error < sizeof(errors) / sizeof(*errors))
		fputs(errors[pfn - error], out);
	else if (pfn >> 52)
		fprintf(out, "0x%" PRIx64, pfn);
	else
		print_page(out, o, "phys", pfn << 12);
}

static void print_unsigned(FILE *out, uint64_t n)
{
	fprintf(out, n < 4096 ? "%" PRIu64 : "0x%" PRIx64, n);
}

/* A page table's entry: the page or table that it leads to, and the bits
 * beside its address; one that is not valid leads nowhere. */
static void print_entry(FILE *out, struct objects *o, uint64_t entry)
{
	const uint64_t valid = 1, address = 0xfffffffff000;

	if (!(entry & valid)) {
		print_unsigned(out, entry);
		return;
	}
	print_page(out, o, "phys", entry & address);
	fprintf(out, "|0x%" PRIx64, entry & ~address);
}

/* The upper half of a 48-bit space: where programs' mappings are, and in
 * nVHE mode what EL2 maps. */
static bool is_high_address(uint64_t word)
{
	return word >> 47 == 1;
}

/* The low SIZE bytes of a register. */
static uint64_t narrow(uint64_t word, unsigned int size)
{
	return size >= 8 ? word : word & ((1ULL << (8 * size)) - 1);
}

static int64_t widen(uint64_t word, unsigned int size)
{
	int shift = size >= 8 ? 0 : 64 - 8 * size;

	return (int64_t)(word << shift) >> shift;
}

void value_print(FILE *out, struct objects *o, const struct value_type *t,
		 uint64_t word, uint64_t next_word)
{
	const char *name;
	struct value_type untyped = { .class = VALUE_POINTER, .size = 8 };

	switch (t->class) {
	case VALUE_VOID:
		break;
	case VALUE_BOOL:
		fputs(word & 0xff ? "true" : "false", out);
		break;
	case VALUE_ENUM:
		name = types_enum_name(o->facts->types, t->id,
				       widen(word, t->size));
		if (name)
			fputs(name, out);
		else if (!types_enum_bits(out, o->facts->types, t->id,
					  narrow(word, t->size)))
			fprintf(out, "%" PRId64, widen(word, t->size));
		break;
	case VALUE_SIGNED:
		fprintf(out, "%" PRId64, widen(word, t->size));
		break;
	case VALUE_UNSIGNED:
		/* A pointer in an unsigned long is still a pointer. */
		if (t->size == 8 && is_kernel_address(word) &&
		    (int64_t)word < -4095)
			print_pointer(out, o, &untyped, word);
		else if (t->size == 8 && is_high_address(word) &&
			 find(o, "user", word))
			print_pointer(out, o, &untyped, word);
		else if (t->size == 8 && is_high_address(word))
			print_page(out, o, "va", word);
		else
			print_unsigned(out, narrow(word, t->size));
		break;
	case VALUE_PHYSICAL:
		print_page(out, o, "phys", word);
		break;
	case VALUE_FRAME:
		print_frame(out, o, word);
		break;
	case VALUE_ENTRY:
		print_entry(out, o, word);
		break;
	case VALUE_POINTER:
		print_pointer(out, o, t, word);
		break;
	case VALUE_BYTES:
		fprintf(out, "{0x%" PRIx64, narrow(word, t->size));
		if (t->size > 8)
			fprintf(out, ", 0x%" PRIx64,
				narrow(next_word, t->size - 8));
		fputc('}', out);
		break;
	}
}

void result_print(FILE *out, struct objects *o, const struct value_type *t,
		  uint64_t word)
{
	int64_t n = widen(word, t->size);

	if (t->class == VALUE_SIGNED && n < 0 && n >= -4095 &&
	    errno_name(-n))
		fprintf(out, "-%s", errno_name(-n));
	else
		value_print(out, o, t, word, 0);
}

const char *errno_name(int error)
{
	/* The kernel's own, which no C library has a name for. */
	switch (error) {
	case 512:
		return "ERESTARTSYS";
	case 513:
		return "ERESTARTNOINTR";
	case 516:
		return "ERESTART_RESTARTBLOCK";
	case 524:
		return "ENOTSUPP";
	}
	return strerrorname_np(error);
}
