// SPDX-License-Identifier: MIT
/*
 * The structs that a program passed to its ioctls, field by field.
 *
 * BTF has the layout.  We leave out padding that is 0 and fields that the
 * kernel fills in, because they say nothing about the program.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "import/decode.h"
#include "import/passed.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/uapi.h"

struct printer {
	struct buf *out;
	struct objects *objects;
	struct decode decode;
	const char *data;
	unsigned int size;	/* bytes of DATA that are known */
	const char *between;
	bool cut;		/* we do not know the rest */
};

/* Does the kernel write this field, and the program only read it? */
static bool is_output(const char *type, const char *field)
{
	return !strcmp(type, "kvm_create_device") && !strcmp(field, "fd");
}

static bool is_padding(const char *field)
{
	return !strncmp(field, "pad", 3) || !strncmp(field, "reserved", 8);
}

static uint64_t number_at(const struct printer *p, unsigned int offset,
			  unsigned int size)
{
	uint64_t word = 0;

	memcpy(&word, p->data + offset, size < 8 ? size : 8);
	return word;
}

static void print_one(struct printer *p, const struct type_field *f,
		      unsigned int offset)
{
	uint64_t word = number_at(p, offset, f->size);

	if (f->type.class == VALUE_POINTER)	/* of the program */
		user_print(p->out, p->objects, word);
	else if (!decode_value(p->out, &p->decode, f->name, &f->type, word))
		value_print(p->out, p->objects, &f->type, word, 0);
	p->decode.before = word;
}

/* Prints an array without trailing zeros; a single element has no brackets. */
static void print_array(struct printer *p, const struct type_field *f,
			unsigned int offset)
{
	unsigned int count = f->count;

	while (count > 1 && !number_at(p, offset + (count - 1) * f->size,
				       f->size))
		count--;
	if (count > 1)
		buf_putc(p->out, '[');
	for (unsigned int i = 0; i < count; i++) {
		if (i)
			buf_puts(p->out, ", ");
		print_one(p, f, offset + i * f->size);
	}
	if (count > 1)
		buf_putc(p->out, ']');
}

static bool is_zero(const struct printer *p, unsigned int offset,
		    unsigned int size)
{
	for (unsigned int i = offset; i < offset + size; i++)
		if (p->data[i])
			return false;
	return true;
}

static void print_fields(struct printer *p, int id, unsigned int base);

static void print_field(struct printer *p, const struct type_field *f,
			unsigned int offset)
{
	unsigned int size = f->size * f->count;

	if (f->id && !f->is_array && !f->name[0]) {
		print_fields(p, f->id, offset);
		return;
	}
	if (is_output(p->decode.where, f->name))
		return;
	if (offset + size > p->size || (f->id && f->is_array)) {
		p->cut |= !is_padding(f->name);
		return;
	}
	if (is_padding(f->name) && is_zero(p, offset, size))
		return;
	buf_printf(p->out, "%s%s=", p->between, f->name);
	if (f->id) {
		buf_putc(p->out, '{');
		p->between = "";
		print_fields(p, f->id, offset);
		buf_putc(p->out, '}');
	} else {
		print_array(p, f, offset);
	}
	p->between = ", ";
}

static void print_fields(struct printer *p, int id, unsigned int base)
{
	struct type_field f;

	for (int i = 0; types_field(objects_types(p->objects), id, i, &f); i++)
		print_field(p, &f, base + f.offset);
}

void passed_print(struct buf *out, struct objects *o, const char *type,
		  const char *about, const uint64_t *word, unsigned int size)
{
	struct printer p = {
		.out = out, .objects = o, .data = (const char *)word,
		.size = size, .between = "",
		.decode = { type, o, 0, about },
	};
	int id = size ? types_struct(objects_types(o), type) : -1;

	if (id <= 0)
		return;
	/* The capability comes first, and says what its arguments mean. */
	if (!strcmp(type, "kvm_enable_cap"))
		p.decode.about = value_name("cap", (uint32_t)word[0]);
	buf_puts(out, " {");
	print_fields(&p, id, 0);
	buf_printf(out, "%s}", p.cut ? *p.between ? ", ..." : "..." : "");
}
