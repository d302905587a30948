// SPDX-License-Identifier: MIT
/*
 * Lines and inlined functions, by libdw.
 *
 * libdw finds the scopes of an address by walking the whole compilation unit,
 * which costs milliseconds in a kernel.  This file walks a unit once, to list
 * its functions, and a function once, to list what is inlined into it; both
 * when an address of theirs is asked for.
 */
#define _GNU_SOURCE
#include <dwarf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <uthash.h>

#include "base/memory.h"
#include "base/vec.h"
#include "kernel/debuginfo.h"

/* A range of addresses, and the index of its owner. */
struct span {
	uint64_t low, high;	/* HIGH is the first address behind it */
	size_t of;
};

/* A function, or an inlining of one. */
struct scope {
	const char *name;
	size_t outer;		/* the scope that it is inlined into */
	const char *call_file;	/* the place of the inlined call there */
	int call_line;
};

enum { OUTERMOST = 0 };		/* of the scopes of a function */

struct subprogram {
	Dwarf_Die die;
	bool is_read;
	struct scope *scope;	/* stb_ds; inner ones behind outer ones */
	struct span *span;	/* stb_ds; of the scopes, in their order */
};

struct compile_unit {
	Dwarf_Die die;
	bool is_read;
	struct subprogram *subprogram;	/* stb_ds */
	struct span *span;		/* stb_ds; of them, by address */
};

struct elf_symbol {
	uint64_t address, size;
	const char *name;
	bool is_function;	/* otherwise a label of assembly */
};

/* A path as the compiler wrote it, and its cleaned form. */
struct full_path {
	const char *path;
	char *full;
	UT_hash_handle hh;
};

struct debuginfo {
	int fd;
	Elf *elf;
	Dwarf *dwarf;			/* NULL: the file has none */
	bool has_units, has_symbols;
	struct compile_unit *unit;		/* stb_ds */
	struct span *span;		/* stb_ds; of the units, by address */
	struct elf_symbol *symbol;	/* stb_ds, by address */
	struct full_path *path;
	struct debug_frame *frame;	/* stb_ds; the answer */
	char *tree;
};

/* --- paths ---------------------------------------------------------- */

/* Takes "." and ".." out of PATH, in place. */
static void straighten(char *path)
{
	char *up;

	while ((up = strstr(path, "/../"))) {
		char *from = up;

		while (from > path && from[-1] != '/')
			from--;
		if (from == path)
			return;
		memmove(from, up + 4, strlen(up + 4) + 1);
	}
	while ((up = strstr(path, "/./")))
		memmove(up, up + 2, strlen(up + 2) + 1);
}

/* NAME as it is, or below the directory in which the compiler of UNIT ran;
 * to be freed. */
static char *path_in(Dwarf_Die *unit, const char *name)
{
	const char *in = NULL;
	Dwarf_Attribute a;
	char *path;

	if (*name != '/' && dwarf_attr(unit, DW_AT_comp_dir, &a))
		in = dwarf_formstring(&a);
	path = xasprintf("%s%s%s", in ?: "", in ? "/" : "", name);
	straighten(path);
	return path;
}

/* Cleans PATH, a string of libdw's; the result belongs to D. */
static const char *full_path(struct debuginfo *d, struct compile_unit *u,
			     const char *path)
{
	struct full_path *known;

	if (!path)
		return NULL;
	HASH_FIND_PTR(d->path, &path, known);
	if (!known) {
		known = xcalloc(1, sizeof(*known));
		known->path = path;
		known->full = path_in(&u->die, path);
		HASH_ADD_PTR(d->path, path, known);
	}
	return known->full;
}

/* --- ranges --------------------------------------------------------- */

static int by_low(const void *a, const void *b)
{
	const struct span *s = a, *t = b;

	return s->low < t->low ? -1 : s->low > t->low;
}

static void sort_spans(struct span *span)
{
	if (span)
		qsort(span, arrlen(span), sizeof(*span), by_low);
}

/* The span that ADDRESS is in, of such that do not overlap; or NULL. */
static const struct span *span_at(const struct span *span, uint64_t address)
{
	size_t i = lower_bound(span, arrlenu(span), low, address + 1);

	return i && address < span[i - 1].high ? &span[i - 1] : NULL;
}

/* Appends the ranges of DIE, which belong to OF. */
static void add_spans(struct span **span, Dwarf_Die *die, size_t of)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t offset = 0;

	while ((offset = dwarf_ranges(die, offset, &base, &low, &high)) > 0)
		if (low < high)
			arrput(*span, ((struct span){ low, high, of }));
}

/* --- compilation units ---------------------------------------------- */

static void read_units(struct debuginfo *d)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;

	if (d->has_units)
		return;
	d->has_units = true;
	while (d->dwarf && !dwarf_get_units(d->dwarf, cu, &cu, NULL, NULL,
					    &die, NULL)) {
		if (dwarf_tag(&die) != DW_TAG_compile_unit)
			continue;
		add_spans(&d->span, &die, arrlenu(d->unit));
		arrput(d->unit, ((struct compile_unit){ .die = die }));
	}
	sort_spans(d->span);
}

static void read_subprograms(struct compile_unit *u)
{
	Dwarf_Die die;
	int more;

	u->is_read = true;
	for (more = dwarf_child(&u->die, &die); !more;
	     more = dwarf_siblingof(&die, &die)) {
		size_t before = arrlenu(u->span);

		if (dwarf_tag(&die) != DW_TAG_subprogram)
			continue;
		add_spans(&u->span, &die, arrlenu(u->subprogram));
		if (arrlenu(u->span) > before)
			arrput(u->subprogram,
			       ((struct subprogram){ .die = die }));
	}
	sort_spans(u->span);
}

static struct compile_unit *unit_at(struct debuginfo *d, uint64_t address)
{
	const struct span *s;

	read_units(d);
	s = span_at(d->span, address);
	return s ? &d->unit[s->of] : NULL;
}

static struct subprogram *subprogram_at(struct compile_unit *u, uint64_t address)
{
	const struct span *s;

	if (!u->is_read)
		read_subprograms(u);
	s = span_at(u->span, address);
	return s ? &u->subprogram[s->of] : NULL;
}

/* --- functions and what is inlined into them ------------------------ */

static int attribute_number(Dwarf_Die *die, unsigned int attribute)
{
	Dwarf_Attribute a;
	Dwarf_Word value;

	if (!dwarf_attr(die, attribute, &a) || dwarf_formudata(&a, &value))
		return 0;
	return value;
}

static const char *call_file(Dwarf_Die *unit, Dwarf_Die *die)
{
	Dwarf_Files *files;
	size_t count;
	int number = attribute_number(die, DW_AT_call_file);

	return number && !dwarf_getsrcfiles(unit, &files, &count) ?
	       dwarf_filesrc(files, number, NULL, NULL) : NULL;
}

/* Reads what is inlined below DIE, which is in the scope OUTER. */
static void read_scopes(Dwarf_Die *unit, struct subprogram *f, Dwarf_Die *die,
			size_t outer)
{
	Dwarf_Die child;
	int more;

	for (more = dwarf_child(die, &child); !more;
	     more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);
		size_t in = outer;

		if (tag == DW_TAG_inlined_subroutine) {
			in = arrlenu(f->scope);
			arrput(f->scope, ((struct scope){
				.name = dwarf_diename(&child),
				.outer = outer,
				.call_file = call_file(unit, &child),
				.call_line = attribute_number(&child, DW_AT_call_line),
			}));
			add_spans(&f->span, &child, in);
		}
		if (tag == DW_TAG_inlined_subroutine ||
		    tag == DW_TAG_lexical_block)
			read_scopes(unit, f, &child, in);
	}
}

/* The innermost scope of F that ADDRESS is in. */
static size_t scope_at(struct compile_unit *u, struct subprogram *f, uint64_t address)
{
	size_t at = OUTERMOST;

	if (!f->is_read) {
		f->is_read = true;
		arrput(f->scope, ((struct scope){
			.name = dwarf_diename(&f->die),
		}));
		read_scopes(&u->die, f, &f->die, OUTERMOST);
	}
	for (size_t i = 0; i < arrlenu(f->span); i++)
		if (address >= f->span[i].low && address < f->span[i].high)
			at = f->span[i].of;
	return at;
}

/* Returns the register that holds the argument DIE at ADDRESS, if any. */
static int register_of(Dwarf_Die *die, uint64_t address)
{
	Dwarf_Attribute a;
	Dwarf_Op *op;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &a) ||
	    dwarf_getlocation_addr(&a, address, &op, &count, 1) != 1 ||
	    count != 1 || op->atom < DW_OP_reg0 || op->atom > DW_OP_reg30)
		return -1;
	return op->atom - DW_OP_reg0;
}

/* The bytes of DIE's type; 0: unknown. */
static unsigned int size_of(Dwarf_Die *die)
{
	Dwarf_Attribute a;
	Dwarf_Die type;
	Dwarf_Word size;

	if (!dwarf_attr_integrate(die, DW_AT_type, &a) ||
	    !dwarf_formref_die(&a, &type) ||
	    dwarf_peel_type(&type, &type) ||
	    dwarf_aggregate_size(&type, &size))
		return 0;
	return size;
}

/* The function at ADDRESS, in F, and where the compiler has it begin: behind
 * the nops that a tracer patches.  False: it is unknown. */
static bool function_at(struct debuginfo *d, uint64_t address,
			struct subprogram **f, uint64_t *begin)
{
	for (*begin = address; *begin < address + 16; *begin += 4) {
		struct compile_unit *u = unit_at(d, *begin);

		*f = u ? subprogram_at(u, *begin) : NULL;
		if (*f)
			return true;
	}
	return false;
}

int debuginfo_argument(struct debuginfo *d, uint64_t address, const char *name,
		       unsigned int *size)
{
	struct subprogram *f;
	Dwarf_Addr entry;
	uint64_t begin;
	Dwarf_Die die;
	int more;

	if (!function_at(d, address, &f, &begin) ||
	    dwarf_entrypc(&f->die, &entry) || entry != begin)
		return -1;
	for (more = dwarf_child(&f->die, &die); !more;
	     more = dwarf_siblingof(&die, &die)) {
		const char *called = dwarf_diename(&die);

		if (dwarf_tag(&die) != DW_TAG_formal_parameter || !called ||
		    strcmp(called, name))
			continue;
		*size = size_of(&die);
		return register_of(&die, begin);
	}
	return -1;
}

/* --- the symbol table ----------------------------------------------- */

static int by_symbol_address(const void *a, const void *b)
{
	const struct elf_symbol *s = a, *t = b;

	if (s->address != t->address)
		return s->address < t->address ? -1 : 1;
	return s->is_function - t->is_function;
}

/* Returns the bytes of the section after the label SYM. */
static uint64_t rest_of_section(const struct debuginfo *d, const GElf_Sym *sym)
{
	Elf_Scn *section = elf_getscn(d->elf, sym->st_shndx);
	GElf_Shdr head;

	if (!section || !gelf_getshdr(section, &head) ||
	    sym->st_value - head.sh_addr > head.sh_size)
		return 0;
	return head.sh_addr + head.sh_size - sym->st_value;
}

/* Reads the symbols of SECTION that name code. */
static void add_symbols(struct debuginfo *d, Elf_Scn *section,
			const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym sym;

	for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(d->elf, head->sh_link,
					      sym.st_name);
		int type = GELF_ST_TYPE(sym.st_info);

		if (!name || !*name || *name == '$' || !sym.st_shndx ||
		    sym.st_shndx >= SHN_LORESERVE ||
		    (type != STT_FUNC && type != STT_NOTYPE))
			continue;
		if (!sym.st_size)
			sym.st_size = rest_of_section(d, &sym);
		arrput(d->symbol, ((struct elf_symbol){
			sym.st_value, sym.st_size, name, type == STT_FUNC
		}));
	}
}

static void read_symbols(struct debuginfo *d)
{
	Elf_Scn *section = NULL;
	GElf_Shdr head;

	if (d->has_symbols)
		return;
	d->has_symbols = true;
	while ((section = elf_nextscn(d->elf, section)))
		if (gelf_getshdr(section, &head) &&
		    head.sh_type == SHT_SYMTAB)
			add_symbols(d, section, &head);
	if (d->symbol)
		qsort(d->symbol, arrlen(d->symbol), sizeof(*d->symbol),
		      by_symbol_address);
}

/* The name of the code at ADDRESS: assembly has no other. */
static const char *symbol_at(struct debuginfo *d, uint64_t address)
{
	const struct elf_symbol *s;
	size_t i;

	read_symbols(d);
	i = lower_bound(d->symbol, arrlenu(d->symbol), address, address + 1);
	if (!i)
		return NULL;
	s = &d->symbol[i - 1];
	return address - s->address < s->size ? s->name : NULL;
}

uint64_t debuginfo_symbol(struct debuginfo *d, const char *name)
{
	read_symbols(d);
	for (size_t i = 0; i < arrlenu(d->symbol); i++)
		if (d->symbol[i].is_function &&
		    !strcmp(d->symbol[i].name, name))
			return d->symbol[i].address;
	return 0;
}

/* --- answers -------------------------------------------------------- */

/* Returns the source line of the instruction at ADDRESS. */
static struct debug_frame line_at(struct debuginfo *d, struct compile_unit *u,
				  uint64_t address)
{
	struct debug_frame frame = { NULL, NULL, 0 };
	Dwarf_Line *line = dwarf_getsrc_die(&u->die, address);

	if (!line)
		return frame;
	dwarf_lineno(line, &frame.line);
	frame.file = full_path(d, u, dwarf_linesrc(line, NULL, NULL));
	return frame;
}

int debuginfo_frames(struct debuginfo *d, uint64_t address,
		     const struct debug_frame **frame)
{
	struct compile_unit *u = unit_at(d, address);
	struct subprogram *f = u ? subprogram_at(u, address) : NULL;
	struct debug_frame next = { NULL, NULL, 0 };

	arrsetlen(d->frame, 0);
	if (u)
		next = line_at(d, u, address);
	for (size_t i = f ? scope_at(u, f, address) : 0; f;
	     i = f->scope[i].outer) {
		next.function = f->scope[i].name;
		arrput(d->frame, next);
		next.file = full_path(d, u, f->scope[i].call_file);
		next.line = f->scope[i].call_line;
		if (i == OUTERMOST)
			break;
	}
	if (!f) {
		next.function = symbol_at(d, address);
		if (next.function || next.file)
			arrput(d->frame, next);
	}
	*frame = d->frame;
	return arrlen(d->frame);
}

/* The first of the COUNT lines, sorted by address, at or behind ADDRESS. */
static size_t first_line_at(Dwarf_Lines *lines, size_t count, uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		Dwarf_Addr at;

		if (!dwarf_lineaddr(dwarf_onesrcline(lines, mid), &at) &&
		    at < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool debuginfo_statement(struct debuginfo *d, uint64_t address,
			 const char *file, int from, int to)
{
	struct compile_unit *u = unit_at(d, address);
	Dwarf_Lines *lines;
	size_t count;

	if (!u || dwarf_getsrclines(&u->die, &lines, &count))
		return false;
	for (size_t i = first_line_at(lines, count, address); i < count; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		const char *path;
		bool begins = false;
		Dwarf_Addr at;
		int number = 0;

		if (dwarf_lineaddr(line, &at) || at != address)
			break;
		dwarf_linebeginstatement(line, &begins);
		dwarf_lineno(line, &number);
		path = full_path(d, u, dwarf_linesrc(line, NULL, NULL));
		if (begins && number >= from && number <= to && path &&
		    !strcmp(path, file))
			return true;
	}
	return false;
}

/* Finds the last directory of KVM's in PATH, or NULL. */
static char *kvm_directory(char *path)
{
	static const char *const directory[] = {
		"/virt/kvm/", "/arch/arm64/kvm/"
	};
	char *last = NULL, *at;

	for (int i = 0; i < 2; i++)
		for (at = path; (at = strstr(at, directory[i])); at++)
			if (!last || at > last)
				last = at;
	return last;
}

const char *debuginfo_tree(struct debuginfo *d)
{
	read_units(d);
	for (size_t i = 0; i < arrlenu(d->unit) && !d->tree; i++) {
		const char *name = dwarf_diename(&d->unit[i].die);
		char *path = path_in(&d->unit[i].die, name ?: "");
		char *at = kvm_directory(path);

		if (at)
			d->tree = xasprintf("%.*s/", (int)(at - path), path);
		free(path);
	}
	return d->tree;
}

/* --- the file ------------------------------------------------------- */

struct debuginfo *debuginfo_open(const char *file)
{
	struct debuginfo *d = xcalloc(1, sizeof(*d));

	d->fd = open(file, O_RDONLY | O_CLOEXEC);
	elf_version(EV_CURRENT);
	d->elf = d->fd < 0 ? NULL : elf_begin(d->fd, ELF_C_READ_MMAP, NULL);
	if (!d->elf || elf_kind(d->elf) != ELF_K_ELF) {
		debuginfo_close(d);
		return NULL;
	}
	d->dwarf = dwarf_begin_elf(d->elf, DWARF_C_READ, NULL);
	return d;
}

static void free_unit(struct compile_unit *u)
{
	for (size_t i = 0; i < arrlenu(u->subprogram); i++) {
		arrfree(u->subprogram[i].scope);
		arrfree(u->subprogram[i].span);
	}
	arrfree(u->subprogram);
	arrfree(u->span);
}

void debuginfo_close(struct debuginfo *d)
{
	struct full_path *p, *next;

	for (size_t i = 0; i < arrlenu(d->unit); i++)
		free_unit(&d->unit[i]);
	HASH_ITER(hh, d->path, p, next) {
		HASH_DEL(d->path, p);
		free(p->full);
		free(p);
	}
	arrfree(d->unit);
	arrfree(d->span);
	arrfree(d->symbol);
	arrfree(d->frame);
	free(d->tree);
	dwarf_end(d->dwarf);
	elf_end(d->elf);
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}
