// SPDX-License-Identifier: MIT
/*
 * Words as text.
 *
 * A kernel pointer differs from run to run, so it is written as the object
 * that it points to: vcpu#0 is the first vCPU that the capture shows.  An
 * object is known by its address and type; a pointer without a type takes
 * the name of an object that is known at that address, or of one that it
 * points into.  An address in the program is named after the mapping that it
 * points into (user#0+0x10), or alone.  Pages of the host's memory (phys#0,
 * also where KVM has the number of the page and not its address) and of
 * EL2's own addresses (va#0) are numbered likewise.
 *
 * A number is only taken for an address where its type, or a rule of
 * import/decode.c, says that it is one: a guest kernel's addresses look just
 * like the host's.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "import/objects.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

struct types *objects_types(const struct objects *o)
{
	return objects_facts(o)->types;
}

/* "kvm_vcpu" -> "vcpu": every struct here is KVM's, so the prefix says
 * nothing.  A few get the name that people use. */
static const char *shown_type(const char *name)
{
	static const struct { const char *from, *to; } known[] = {
		{ "kvm_memory_slot", "memslot" },
		{ "kvm_s2_mmu", "s2_mmu" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(name, known[i].from))
			return known[i].to;
	return strncmp(name, "kvm_", 4) ? name : name + 4;
}

/* What kind of object a pointer of type T points to; NULL: the type does not
 * say. */
struct object_kind *value_kind(struct objects *o, const struct value_type *t)
{
	if (t->class != VALUE_POINTER || !t->name || !t->name[0])
		return NULL;
	return object_kind(o, shown_type(t->name));
}

/* --- text ----------------------------------------------------------- */

static void put_hex(struct buf *out, uint64_t n)
{
	buf_puts(out, "0x");
	buf_hex(out, n);
}

/* Small numbers are counts and indexes; large ones are patterns of bits. */
static void put_number(struct buf *out, uint64_t n)
{
	if (n < 4096)
		buf_unsigned(out, n);
	else
		put_hex(out, n);
}

static void put_object(struct buf *out, struct object *x)
{
	buf_puts(out, object_kind_name(x->kind));
	buf_putc(out, '#');
	buf_unsigned(out, object_number(x));
}

static bool put_error(struct buf *out, const char *before, int64_t n,
		      const char *after)
{
	const char *name = n < 0 && n >= -4095 ? errno_name(-n) : NULL;

	if (!name)
		return false;
	buf_puts(out, before);
	buf_puts(out, name);
	buf_puts(out, after);
	return true;
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

/* --- pointers ------------------------------------------------------- */

static bool is_kernel_address(uint64_t word)
{
	return word >> 48 == 0xffff || word >> 52 == 0xfff;
}

static bool points_into(const struct object *x, uint64_t address)
{
	return x && x->size && address > x->address &&
	       address - x->address <= x->size;
}

/* The object that an untyped kernel address points into.  One object can end
 * where the next begins, so the object that was written last wins: KVM often
 * passes the two ends of one object. */
static struct object *holder_of(struct objects *o, uint64_t address,
				const struct object *here)
{
	struct object *last = objects_last(o);

	if (points_into(last, address))
		return last;
	return here ? NULL : object_around(o, address);
}

static void put_offset(struct buf *out, struct object *x, uint64_t address)
{
	put_object(out, x);
	if (address == x->address)
		return;
	buf_putc(out, '+');
	put_hex(out, address - x->address);
}

/* A pointer to an object of the kernel; an unknown object gets a number.
 * KIND: what it points to, or NULL if the type does not say. */
static void put_kernel_pointer(struct buf *out, struct objects *o,
			       struct object_kind *kind, uint64_t word,
			       unsigned int size)
{
	struct object *x = kind ? object_at(o, kind, word)
				: object_any_at(o, word);
	struct object *holder;
	const char *variable = kind || !x ?
		facts_variable(objects_facts(o), word) : NULL;

	if (variable) {
		buf_putc(out, '&');
		buf_puts(out, variable);
		return;
	}
	holder = kind ? NULL : holder_of(o, word, x);
	if (holder) {
		put_offset(out, holder, word);
		return;
	}
	if (!x)
		x = object_new(o, kind ?: object_kinds(o)->untyped, word, size);
	objects_set_last(o, x);
	put_object(out, x);
}

/* What an address in the program points into: a mapping, or an object that
 * is known by exactly this address.  NULL: nothing known. */
static struct object *known_users_object(struct objects *o, uint64_t address)
{
	struct object_kind *user = object_kinds(o)->user;
	struct object *x = object_at(o, user, address);

	x = x ?: object_around(o, address);
	return x && x->kind == user && address - x->address < (x->size ?: 1) ?
	       x : NULL;
}

static void put_user_pointer(struct buf *out, struct objects *o,
			     uint64_t address)
{
	struct object *x = known_users_object(o, address);

	put_offset(out, x ?: object_new(o, object_kinds(o)->user, address, 0),
		   address);
}

/* A pointer to the kernel or to the program. */
static void print_pointer(struct buf *out, struct objects *o,
			  struct object_kind *kind, uint64_t word,
			  unsigned int size)
{
	if (!word)
		buf_puts(out, "NULL");
	else if (put_error(out, "ERR_PTR(-", word, ")"))
		;
	else if (word < 65536)
		put_hex(out, word);
	else if (is_kernel_address(word))
		put_kernel_pointer(out, o, kind, word, size);
	else
		put_user_pointer(out, o, word);
}

/* A program has no kernel addresses: what looks like one is a number. */
void user_print(struct buf *out, struct objects *o, uint64_t word)
{
	if (is_kernel_address(word) && (int64_t)word < -4095)
		put_hex(out, word);
	else
		print_pointer(out, o, NULL, word, 0);
}

/* Another mapping can begin where this one ends, so BEGIN decides which of
 * them END belongs to. */
void user_end_print(struct buf *out, struct objects *o, uint64_t begin,
		    uint64_t end)
{
	struct object *x = known_users_object(o, begin);

	if (points_into(x, end))
		put_offset(out, x, end);
	else
		user_print(out, o, end);
}

/* --- pages ---------------------------------------------------------- */

/* Numbers the page that ADDRESS is in; the place in the page stays. */
static void print_page(struct buf *out, struct objects *o,
		       struct object_kind *kind, uint64_t address)
{
	const uint64_t page = address & ~0xfffULL;
	struct object *x = object_at(o, kind, page);

	put_offset(out, x ?: object_new(o, kind, page, 0), address);
}

/* A page by its number, as in kvm_pfn_t.  If there is no page, bits that no
 * page number has say why (include/linux/kvm_host.h:93). */
static void print_frame(struct buf *out, struct objects *o, uint64_t pfn)
{
	static const char *const errors[] = {
		"KVM_PFN_ERR_FAULT", "KVM_PFN_ERR_HWPOISON",
		"KVM_PFN_ERR_RO_FAULT", "KVM_PFN_ERR_SIGPENDING",
		"KVM_PFN_ERR_NEEDS_IO",
	};
	const uint64_t error = 0x7ffULL << 52;

	if (pfn == 1ULL << 63)
		buf_puts(out, "KVM_PFN_NOSLOT");
	else if (pfn >= error && pfn - error < sizeof(errors) / sizeof(*errors))
		buf_puts(out, errors[pfn - error]);
	else if (pfn >> 52)
		put_hex(out, pfn);
	else
		print_page(out, o, object_kinds(o)->phys, pfn << 12);
}

/* An entry of a page table: the page or table that it leads to, and its other
 * bits.  An invalid entry leads nowhere and is just a number. */
static void print_entry(struct buf *out, struct objects *o, uint64_t entry)
{
	const uint64_t valid = 1, address = 0xfffffffff000;

	if (!(entry & valid)) {
		put_number(out, entry);
		return;
	}
	print_page(out, o, object_kinds(o)->phys, entry & address);
	buf_putc(out, '|');
	put_hex(out, entry & ~address);
}

/* --- values --------------------------------------------------------- */

static void print_enum(struct buf *out, struct objects *o,
		       const struct value_type *t, uint64_t word)
{
	struct types *types = objects_types(o);
	const char *name = types_enum_name(types, t->id, widen(word, t->size));

	if (name)
		buf_puts(out, name);
	else if (!types_enum_bits(out, types, t->id, narrow(word, t->size)))
		buf_signed(out, widen(word, t->size));
}

/* In nVHE mode, EL2 has addresses of its own, in the upper half of 48 bits. */
void hyp_print(struct buf *out, struct objects *o, uint64_t word)
{
	if (word >> 47 == 1)
		print_page(out, o, object_kinds(o)->va, word);
	else
		put_number(out, word);
}

static void print_bytes(struct buf *out, const struct value_type *t,
			uint64_t word, uint64_t next_word)
{
	buf_putc(out, '{');
	put_hex(out, narrow(word, t->size));
	if (t->size > 8) {
		buf_puts(out, ", ");
		put_hex(out, narrow(next_word, t->size - 8));
	}
	buf_putc(out, '}');
}

void value_print_kind(struct buf *out, struct objects *o,
		      const struct value_type *t, struct object_kind *kind,
		      uint64_t word, uint64_t next_word)
{
	switch (t->class) {
	case VALUE_VOID:
		break;
	case VALUE_BOOL:
		buf_puts(out, word & 0xff ? "true" : "false");
		break;
	case VALUE_ENUM:
		print_enum(out, o, t, word);
		break;
	case VALUE_SIGNED:
		buf_signed(out, widen(word, t->size));
		break;
	case VALUE_UNSIGNED:
		put_number(out, narrow(word, t->size));
		break;
	case VALUE_PHYSICAL:
		print_page(out, o, object_kinds(o)->phys, word);
		break;
	case VALUE_FRAME:
		print_frame(out, o, word);
		break;
	case VALUE_ENTRY:
		print_entry(out, o, word);
		break;
	case VALUE_POINTER:
		print_pointer(out, o, kind, word, t->pointee_size);
		break;
	case VALUE_BYTES:
		print_bytes(out, t, word, next_word);
		break;
	}
}

void value_print(struct buf *out, struct objects *o,
		 const struct value_type *t, uint64_t word, uint64_t next_word)
{
	value_print_kind(out, o, t, value_kind(o, t), word, next_word);
}

void result_print_kind(struct buf *out, struct objects *o,
		       const struct value_type *t, struct object_kind *kind,
		       uint64_t word)
{
	if (t->class != VALUE_SIGNED ||
	    !put_error(out, "-", widen(word, t->size), ""))
		value_print_kind(out, o, t, kind, word, 0);
}

void result_print(struct buf *out, struct objects *o,
		  const struct value_type *t, uint64_t word)
{
	result_print_kind(out, o, t, value_kind(o, t), word);
}

bool value_is_errno(const struct value_type *t, uint64_t word)
{
	int64_t n = widen(word, t->size);

	return n < 0 && n >= -4095;
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
