// SPDX-License-Identifier: MIT
/* Types of arguments and results, from the kernel's BTF by way of libbpf. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#define uthash_malloc(size) xrealloc(NULL, size)
#define uthash_free(p, size) free(p)
#include <uthash.h>
#include "kernel/btf.h"

struct named_func {
	const char *name;
	unsigned int id;
};

struct type_func {
	const struct btf *btf;
	const struct btf_type *proto;
};

struct enumerator {
	int64_t value;
	const char *name;
	bool marker;		/* see is_marker() */
	int order;		/* in its enumeration */
};

struct enumeration {
	unsigned int id;	/* of its type */
	bool of_bits;
	struct enumerator *by_value;
	UT_hash_handle hh;
};

/* A struct that we looked up, because libbpf searches all types. */
struct known_struct {
	char *name;
	int id;			/* negative: BTF has none */
	UT_hash_handle hh;
};

struct types {
	struct btf *btf;
	struct known_struct *structs;
	struct enumeration *enums;	/* those that we looked up */
	struct named_func *func;	/* by name */
	struct type_func last;		/* what types_function() returned */
};

static int by_name(const void *a, const void *b)
{
	const struct named_func *f = a, *g = b;

	return strcmp(f->name, g->name);
}

struct types *types_load(const char *btf_file)
{
	struct types *t = xcalloc(1, sizeof(*t));
	size_t size;
	char *data = read_file(btf_file, &size);
	unsigned int n;

	t->btf = btf__new(data, size);
	if (libbpf_get_error(t->btf))
		die(KVT_FAILED, "%s: not BTF that this libbpf reads: %s",
		    btf_file, strerror(errno));
	free(data);
	n = btf__type_cnt(t->btf);
	for (unsigned int id = 1; id < n; id++) {
		const struct btf_type *type = btf__type_by_id(t->btf, id);

		if (!btf_is_func(type))
			continue;
		arrput(t->func, ((struct named_func){
			btf__name_by_offset(t->btf, type->name_off), id }));
	}
	if (t->func)
		qsort(t->func, arrlen(t->func), sizeof(*t->func), by_name);
	return t;
}

const struct type_func *types_function(struct types *t, const char *name)
{
	struct named_func key = { .name = name };
	const struct named_func *f = t->func ?
		bsearch(&key, t->func, arrlen(t->func), sizeof(key), by_name) :
		NULL;
	const struct btf_type *func;

	if (!f)
		return NULL;
	func = btf__type_by_id(t->btf, f->id);
	t->last.btf = t->btf;
	t->last.proto = btf__type_by_id(t->btf, func->type);
	return &t->last;
}

int type_func_args(const struct type_func *f)
{
	return btf_vlen(f->proto);
}

/* Follows typedef, const, volatile, restrict and type tags. */
static const struct btf_type *resolve(const struct btf *btf, unsigned int id,
				      unsigned int *resolved)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t) ||
		     btf_is_type_tag(t)))
		t = btf__type_by_id(btf, id = t->type);
	if (resolved)
		*resolved = id;
	return t;
}

/* What a pointer points to: the name of the struct, and its size. */
static void describe_pointee(const struct btf *btf, unsigned int id,
			     struct value_type *v)
{
	const struct btf_type *t;
	unsigned int resolved;

	v->pointee_size = 0;
	v->name = "";
	if (!id)
		return;		/* void * */
	t = resolve(btf, id, &resolved);
	if (!t || !(btf_is_composite(t) || btf_is_fwd(t)))
		return;
	v->name = btf__name_by_offset(btf, t->name_off);
	if (btf_is_composite(t))
		v->pointee_size = t->size;
}

static void describe(const struct btf *btf, unsigned int id,
		     struct value_type *v)
{
	const struct btf_type *t;
	unsigned int resolved = id;

	*v = (struct value_type){ .class = VALUE_VOID, .name = "" };
	if (!id)
		return;
	t = resolve(btf, id, &resolved);
	if (!t || resolved == 0)
		return;
	v->size = 8;
	if (btf_is_int(t)) {
		int encoding = btf_int_encoding(t);

		v->size = t->size;
		v->class = encoding & BTF_INT_BOOL ? VALUE_BOOL :
			   encoding & BTF_INT_SIGNED ? VALUE_SIGNED :
			   VALUE_UNSIGNED;
	} else if (btf_is_any_enum(t)) {
		v->class = VALUE_ENUM;
		v->size = t->size;
		v->id = resolved;
	} else if (btf_is_ptr(t)) {
		v->class = VALUE_POINTER;
		describe_pointee(btf, t->type, v);
	} else if (btf_is_composite(t)) {
		/* AAPCS64: up to 16 bytes in registers, else by address. */
		v->class = t->size <= 16 ? VALUE_BYTES : VALUE_POINTER;
		v->size = t->size <= 16 ? t->size : 8;
		v->name = btf__name_by_offset(btf, t->name_off);
	} else {
		v->class = VALUE_UNSIGNED;
	}
}

static bool is_typedef(const struct btf *btf, unsigned int id,
		       const char *name)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	return btf_is_typedef(t) &&
	       !strcmp(btf__name_by_offset(btf, t->name_off), name);
}

/*
 * Is it a physical address of the host?  KVM also uses phys_addr_t for the
 * guest's, intermediate physical addresses.  Most of these say so in their
 * name; import/decode.c knows the others.
 */
static bool is_physical(const struct btf *btf, unsigned int id,
			const char *name)
{
	if (!strcmp(name, "phys") || !strcmp(name, "pa"))
		return true;
	return is_typedef(btf, id, "phys_addr_t") && !strstr(name, "ipa") &&
	       !strstr(name, "gpa");
}

const char *type_func_arg(const struct type_func *f, int i,
			  struct value_type *v)
{
	const struct btf_param *p = btf_params(f->proto) + i;
	const char *name = btf__name_by_offset(f->btf, p->name_off);

	describe(f->btf, p->type, v);
	if (v->class == VALUE_UNSIGNED && v->size == 8 &&
	    is_physical(f->btf, p->type, name))
		v->class = VALUE_PHYSICAL;
	if (is_typedef(f->btf, p->type, "kvm_pfn_t"))
		v->class = VALUE_FRAME;
	if (is_typedef(f->btf, p->type, "kvm_pte_t"))
		v->class = VALUE_ENTRY;
	return name;
}

void type_func_result(const struct type_func *f, struct value_type *v)
{
	describe(f->btf, f->proto->type, v);
	if (v->class == VALUE_UNSIGNED && f->proto->type &&
	    is_typedef(f->btf, f->proto->type, "phys_addr_t"))
		v->class = VALUE_PHYSICAL;
	if (is_typedef(f->btf, f->proto->type, "kvm_pfn_t"))
		v->class = VALUE_FRAME;
}

int types_struct(struct types *t, const char *name)
{
	struct known_struct *k;

	if (!t)
		return -1;
	HASH_FIND_STR(t->structs, name, k);
	if (!k) {
		k = xcalloc(1, sizeof(*k));
		k->name = xstrdup(name);
		k->id = btf__find_by_name_kind(t->btf, name, BTF_KIND_STRUCT);
		HASH_ADD_KEYPTR(hh, t->structs, k->name, strlen(k->name), k);
	}
	return k->id;
}

bool types_field(struct types *t, int id, int i, struct type_field *f)
{
	const struct btf_type *type = btf__type_by_id(t->btf, id);
	const struct btf_member *m = btf_members(type) + i;
	unsigned int resolved;

	if (i >= btf_vlen(type) || (btf_is_union(type) && i > 0))
		return false;
	*f = (struct type_field){
		.name = btf__name_by_offset(t->btf, m->name_off),
		.offset = btf_member_bit_offset(type, i) / 8,
	};
	type = resolve(t->btf, m->type, &resolved);
	if (btf_is_array(type)) {
		f->count = btf_array(type)->nelems;
		f->is_array = true;
		type = resolve(t->btf, btf_array(type)->type, &resolved);
	} else {
		f->count = 1;
	}
	if (btf_is_composite(type))
		f->id = resolved;
	describe(t->btf, resolved, &f->type);
	f->size = btf__resolve_size(t->btf, resolved);
	return true;
}

unsigned int types_path(struct types *t, const char *name,
			unsigned int offset, char *path, size_t size)
{
	int id = types_struct(t, name);
	struct type_field f;
	size_t used = 0;

	for (int i = 0; id > 0 && types_field(t, id, i, &f); i++) {
		unsigned int n;

		if (offset < f.offset || offset - f.offset >= f.count * f.size)
			continue;
		offset -= f.offset;
		n = offset / f.size;
		offset -= n * f.size;
		used += snprintf(path + used, size - used, "%s%s",
				 used ? "." : "", f.name);
		if (f.is_array && used < size)
			used += snprintf(path + used, size - used, "[%u]", n);
		if (used >= size)
			return 0;
		if (!f.id)
			return offset ? 0 : f.size;
		id = f.id;
		i = -1;
	}
	return 0;
}

/* --- enumerations --------------------------------------------------- */

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), length = strlen(end);

	return n >= length && !strcmp(name + n - length, end);
}

/* Does the name only mark where something begins or ends, or count?  Such a
 * name can share its number with a real one. */
static bool is_marker(const char *name)
{
	return !strncmp(name, "__", 2) || !strncmp(name, "NR_", 3) ||
	       ends_with(name, "_MAX") || ends_with(name, "_END") ||
	       ends_with(name, "_NR") || ends_with(name, "_LAST");
}

static struct enumerator enumerator(const struct btf *btf,
				    const struct btf_type *type, int i)
{
	bool wide = btf_is_enum64(type);
	struct enumerator e = {
		.value = wide ? (int64_t)btf_enum64_value(&btf_enum64(type)[i])
			      : btf_enum(type)[i].val,
		.name = btf__name_by_offset(btf, wide ?
					    btf_enum64(type)[i].name_off :
					    btf_enum(type)[i].name_off),
		.order = i,
	};

	e.marker = is_marker(e.name);
	return e;
}

/* Compares by value, then real names before markers, then by declaration. */
static int by_value(const void *a, const void *b)
{
	const struct enumerator *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->marker != y->marker)
		return x->marker - y->marker;
	return x->order - y->order;
}

/* Is each a single bit?  An enumeration of 0, 1 and 2 just counts. */
static bool is_of_bits(const struct btf *btf, const struct btf_type *type)
{
	uint64_t all = 0;

	for (int i = 0; i < btf_vlen(type); i++) {
		uint64_t bit = enumerator(btf, type, i).value;

		if (!btf_is_enum64(type))
			bit = (uint32_t)bit;
		if (bit & (bit - 1))
			return false;
		all |= bit;
	}
	return all > 3;
}

static struct enumeration *read_enum(const struct btf *btf, unsigned int id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	struct enumeration *e = xcalloc(1, sizeof(*e));

	e->id = id;
	e->of_bits = is_of_bits(btf, type);
	for (int i = 0; i < btf_vlen(type); i++)
		arrput(e->by_value, enumerator(btf, type, i));
	if (e->by_value)
		qsort(e->by_value, arrlen(e->by_value), sizeof(*e->by_value),
		      by_value);
	return e;
}

static const struct enumeration *find_enum(struct types *t, unsigned int id)
{
	struct enumeration *e;

	HASH_FIND_INT(t->enums, &id, e);
	if (!e) {
		e = read_enum(t->btf, id);
		HASH_ADD_INT(t->enums, id, e);
	}
	return e;
}

const char *types_enum_name(struct types *t, unsigned int id, int64_t value)
{
	const struct enumeration *e = find_enum(t, id);
	size_t n = arrlen(e->by_value);
	size_t i = lower_bound(e->by_value, n, value, value);

	return i < n && e->by_value[i].value == value ? e->by_value[i].name
						      : NULL;
}

bool types_enum_bits(struct buf *out, struct types *t, unsigned int id,
		     uint64_t value)
{
	const struct btf_type *type = btf__type_by_id(t->btf, id);
	const char *between = "";

	if (!value || !find_enum(t, id)->of_bits)
		return false;
	for (int i = 0; i < btf_vlen(type); i++) {
		struct enumerator one = enumerator(t->btf, type, i);

		if (!(value & one.value))
			continue;
		value &= ~(uint64_t)one.value;
		buf_puts(out, between);
		buf_puts(out, one.name);
		between = "|";
	}
	if (value) {
		buf_puts(out, between);
		buf_puts(out, "0x");
		buf_hex(out, value);
	}
	return true;
}
