// SPDX-License-Identifier: MIT
/*
 * What the functions of an arm64 kernel call, read from its instructions.
 *
 * The kernel patches branches when it boots, and some of them by how KVM
 * uses EL2: has_vhe() and is_protected_kvm_enabled() are such branches, and
 * what is behind the one that is not taken cannot run in that mode.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "gaps/code.h"

const char *const mode_names[MODES] = { "vhe", "nvhe", "protected" };

/* A branch that the kernel patches: an alternative, or a static key's. */
struct patch {
	uint64_t at;
	uint64_t target;	/* when it is patched; 0: none */
	bool is[MODES];		/* patched in that mode, */
	bool known;		/* if this is true */
	bool key;		/* a nop when it is not patched */
};

struct code {
	char *elf;
	size_t size;
	const char *file;
	const Elf64_Shdr *section;
	unsigned int sections;
	const Elf64_Sym *symbol;
	size_t symbols;
	const char *names;
	struct code_function *function;
	size_t functions;
	struct patch *patch;
	size_t patches;
	uint64_t handlers, handlers_end;	/* EL2's table of hypercalls */
};

/* --- the file ------------------------------------------------------- */

static void bad(const struct code *c, const char *what)
{
	die(KVT_FAILED, "%s: %s", c->file, what);
}

static const void *in_file(const struct code *c, uint64_t offset, uint64_t size)
{
	if (offset > c->size || size > c->size - offset)
		bad(c, "truncated");
	return c->elf + offset;
}

/* The SIZE bytes that the kernel has at ADDRESS, or NULL. */
static const void *bytes(const struct code *c, uint64_t address, uint64_t size)
{
	for (unsigned int i = 0; i < c->sections; i++) {
		const Elf64_Shdr *s = &c->section[i];

		if (s->sh_type == SHT_PROGBITS && (s->sh_flags & SHF_ALLOC) &&
		    address >= s->sh_addr && size <= s->sh_size &&
		    address - s->sh_addr <= s->sh_size - size)
			return in_file(c, s->sh_offset + address - s->sh_addr,
				       size);
	}
	return NULL;
}

static bool word_at(const struct code *c, uint64_t address, uint32_t *word)
{
	const void *p = bytes(c, address, sizeof(*word));

	if (p)
		memcpy(word, p, sizeof(*word));
	return p;
}

static const char *symbol_name(const struct code *c, const Elf64_Sym *s)
{
	return c->names + s->st_name;
}

static const Elf64_Sym *symbol_find(const struct code *c, const char *name)
{
	for (size_t i = 0; i < c->symbols; i++)
		if (!strcmp(symbol_name(c, &c->symbol[i]), name))
			return &c->symbol[i];
	die(KVT_FAILED, "%s has no symbol %s: is it a kernel with KVM?",
	    c->file, name);
}

uint64_t code_symbol(const struct code *c, const char *name)
{
	return symbol_find(c, name)->st_value;
}

static void load_symbols(struct code *c, const Elf64_Shdr *s)
{
	const Elf64_Shdr *strings;

	if (s->sh_link >= c->sections)
		bad(c, "its symbols have no names");
	strings = &c->section[s->sh_link];
	c->symbol = in_file(c, s->sh_offset, s->sh_size);
	c->symbols = s->sh_size / sizeof(*c->symbol);
	c->names = in_file(c, strings->sh_offset, strings->sh_size);
	if (!strings->sh_size || c->names[strings->sh_size - 1])
		bad(c, "its symbols' names do not end");
	for (size_t i = 0; i < c->symbols; i++)
		if (c->symbol[i].st_name >= strings->sh_size)
			bad(c, "a symbol without a name");
}

static void load_elf(struct code *c)
{
	const Elf64_Ehdr *e;

	c->elf = read_file(c->file, &c->size);
	e = in_file(c, 0, sizeof(*e));
	if (memcmp(e->e_ident, ELFMAG, SELFMAG) ||
	    e->e_ident[EI_CLASS] != ELFCLASS64 ||
	    e->e_ident[EI_DATA] != ELFDATA2LSB || e->e_machine != EM_AARCH64)
		bad(c, "no arm64 kernel");
	c->sections = e->e_shnum;
	c->section = in_file(c, e->e_shoff, c->sections * sizeof(*c->section));
	for (unsigned int i = 0; i < c->sections; i++)
		if (c->section[i].sh_type == SHT_SYMTAB)
			load_symbols(c, &c->section[i]);
	if (!c->symbols)
		bad(c, "it has no symbols; take the vmlinux of the build");
}

static int by_address(const void *a, const void *b)
{
	const struct code_function *f = a, *g = b;

	if (f->address != g->address)
		return f->address < g->address ? -1 : 1;
	return strcmp(f->name, g->name);
}

static void load_functions(struct code *c)
{
	c->function = xcalloc(c->symbols, sizeof(*c->function));
	for (size_t i = 0; i < c->symbols; i++) {
		const Elf64_Sym *s = &c->symbol[i];

		if (ELF64_ST_TYPE(s->st_info) == STT_FUNC && s->st_size)
			c->function[c->functions++] = (struct code_function){
				s->st_value, s->st_size, symbol_name(c, s)
			};
	}
	qsort(c->function, c->functions, sizeof(*c->function), by_address);
}

const struct code_function *code_functions(const struct code *c, size_t *count)
{
	*count = c->functions;
	return c->function;
}

const struct code_function *code_find(const struct code *c, uint64_t address)
{
	size_t low = 0, high = c->functions;

	while (low < high) {	/* the first behind ADDRESS */
		size_t mid = low + (high - low) / 2;

		if (c->function[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	/* Several names of one address: the first of them. */
	while (low > 1 &&
	       c->function[low - 2].address == c->function[low - 1].address)
		low--;
	if (!low || address - c->function[low - 1].address >=
		    c->function[low - 1].size)
		return NULL;
	return &c->function[low - 1];
}

/* --- instructions --------------------------------------------------- */

static int64_t extend(uint32_t word, int low, int bits)
{
	return ((int64_t)((uint64_t)(word >> low) << (64 - bits)) >>
		(64 - bits)) * 4;
}

/* Where a branch with an address leads, or 0. */
static uint64_t branch_target(uint32_t word, uint64_t at)
{
	if ((word & 0x7c000000) == 0x14000000)		/* b, bl */
		return at + extend(word, 0, 26);
	if ((word & 0xff000000) == 0x54000000 ||	/* b.cond, bc.cond */
	    (word & 0x7e000000) == 0x34000000)		/* cbz, cbnz */
		return at + extend(word, 5, 19);
	if ((word & 0x7e000000) == 0x36000000)		/* tbz, tbnz */
		return at + extend(word, 5, 14);
	return 0;
}

static bool is_b(uint32_t word)
{
	return (word & 0xfc000000) == 0x14000000;
}

static bool is_bl(uint32_t word)
{
	return (word & 0xfc000000) == 0x94000000;
}

static bool is_hvc(uint32_t word)
{
	return (word & 0xffe0001f) == 0xd4000002;
}

/* br, ret, eret, and those with pointer authentication; not blr. */
static bool is_jump(uint32_t word)
{
	return (word & 0xfe000000) == 0xd6000000 &&
	       (word >> 21 & 7) != 1;
}

static bool is_br(uint32_t word)
{
	return (word & 0xfee00000) == 0xd6000000;
}

/* blr, and blraa and its like */
static bool is_blr(uint32_t word)
{
	return (word & 0xfee00000) == 0xd6200000;
}

/*
 * The constant in x0 at AT, from the moves before it; 0: unknown.  It may
 * come by way of a register that calls leave alone (x19 to x28), in which
 * the compiler keeps it for a loop.
 */
static uint64_t constant_of_x0(const struct code *c,
			       const struct code_function *f, uint64_t at)
{
	uint64_t value = 0, set = 0;
	unsigned int reg = 0;
	uint32_t w;

	while (at > f->address && word_at(c, at -= 4, &w)) {
		int shift = (w >> 21 & 3) * 16;

		if (reg < 19 && (is_bl(w) || is_b(w) || is_jump(w) || is_hvc(w)))
			return 0;
		if ((w & 0x7fe0ffe0) == 0x2a0003e0 && (w & 31) == reg &&
		    !set)			/* mov reg, other */
			reg = w >> 16 & 31;
		if ((w & 0x5f800000) != 0x52800000 || (w & 31) != reg)
			continue;		/* movz, movk */
		if (!(set & 0xffffull << shift))
			value |= (uint64_t)(w >> 5 & 0xffff) << shift;
		set |= 0xffffull << shift;
		if (!(w & 0x20000000))
			return value;
	}
	return 0;
}

/* --- branches that are patched -------------------------------------- */

static const uint64_t hypercall_base = 0xc6000000;	/* of SMCCC */
enum { ALT_CALLBACK = 0x8000, NO_CAPABILITY = -1 };

static int by_at(const void *a, const void *b)
{
	const struct patch *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

/* The number of a capability of the CPU: its place in the kernel's list,
 * as gen-cpucaps.awk has it. */
static int capability(const char *tree, const char *name)
{
	char *path = xasprintf("%s/arch/arm64/tools/cpucaps", tree);
	char *text = read_file(path, NULL), *save = NULL, *line;
	int number = NO_CAPABILITY, n = 0;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (*line == '#')
			continue;
		if (!strcmp(line, name))
			number = n;
		n++;
	}
	if (number == NO_CAPABILITY)
		die(KVT_FAILED, "%s has no capability %s", path, name);
	free(text);
	free(path);
	return number;
}

/* The first of the patches at AT, or NULL. */
static const struct patch *find_patch(const struct code *c, uint64_t at)
{
	const struct patch key = { .at = at };
	const struct patch *p = bsearch(&key, c->patch, c->patches,
					sizeof(key), by_at);

	while (p && p > c->patch && p[-1].at == at)
		p--;
	return p;
}

static struct patch *add_patch(struct code *c, size_t *room, uint64_t at)
{
	if (c->patches == *room)
		c->patch = xrealloc(c->patch, (*room = *room * 2 + 4096) *
					      sizeof(*c->patch));
	c->patch[c->patches] = (struct patch){ .at = at };
	return &c->patch[c->patches++];
}

static void set_known(struct patch *p, bool vhe, bool nvhe, bool protected)
{
	p->known = true;
	p->is[VHE] = vhe;
	p->is[NVHE] = nvhe;
	p->is[PROTECTED] = protected;
}

/* As the kernel's struct alt_instr; offsets are from the field itself. */
struct alternative {
	int32_t original, replacement;
	uint16_t capability;
	uint8_t original_size, replacement_size;
};

struct capabilities {
	int vhe, protected;
	uint64_t nops;		/* the callback that makes nops */
};

static void add_alternative(struct code *c, size_t *room, uint64_t address,
			    const struct alternative *a,
			    const struct capabilities *cap)
{
	uint64_t at = address + a->original;
	uint64_t other = address + 4 + a->replacement;
	int number = a->capability & ~ALT_CALLBACK;
	bool callback = a->capability & ALT_CALLBACK;

	if (callback && other != cap->nops)
		return;
	for (unsigned int i = 0; i < a->original_size; i += 4) {
		struct patch *p = add_patch(c, room, at + i);
		uint32_t w;

		if (!callback && word_at(c, other + i, &w) && !is_bl(w))
			p->target = branch_target(w, other + i);
		if (number == cap->vhe)
			set_known(p, true, false, false);
		if (number == cap->protected)
			set_known(p, false, false, true);
	}
}

static void load_alternatives(struct code *c, size_t *room, const char *tree)
{
	const struct capabilities cap = {
		capability(tree, "HAS_VIRT_HOST_EXTN"),
		capability(tree, "KVM_PROTECTED_MODE"),
		code_symbol(c, "alt_cb_patch_nops"),
	};
	uint64_t address = code_symbol(c, "__alt_instructions");
	uint64_t end = code_symbol(c, "__alt_instructions_end");
	struct alternative a;
	const void *p;

	for (; address < end; address += sizeof(a)) {
		p = bytes(c, address, sizeof(a));
		if (!p)
			bad(c, "its alternatives are not in the file");
		memcpy(&a, p, sizeof(a));
		add_alternative(c, room, address, &a, &cap);
	}
}

/* As the kernel's struct jump_entry; offsets are from the field itself. */
struct jump {
	int32_t code, target;
	int64_t key;		/* bit 0: jumps when the key is false */
};

/* Of the static keys, one is known: is the hypervisor protected? */
static void load_jumps(struct code *c, size_t *room)
{
	uint64_t address = code_symbol(c, "__start___jump_table");
	uint64_t end = code_symbol(c, "__stop___jump_table");
	uint64_t protected = code_symbol(c, "kvm_protected_mode_initialized");
	struct jump j;
	const void *from;

	for (; address < end; address += sizeof(j)) {
		struct patch *p = add_patch(c, room, 0);
		bool not;

		from = bytes(c, address, sizeof(j));
		if (!from)
			bad(c, "its static branches are not in the file");
		memcpy(&j, from, sizeof(j));
		p->at = address + j.code;
		p->target = address + 4 + j.target;
		p->key = true;
		not = j.key & 1;
		if (address + 8 + (j.key & ~3) == protected)
			set_known(p, not, not, !not);
	}
}

/* --- the flow through a function ------------------------------------ */

struct flow {
	const struct code *c;
	const struct code_function *f;
	enum mode mode;
	bool *reached;		/* by instruction */
	uint64_t *todo;
	size_t count;
};

static bool is_inside(const struct code_function *f, uint64_t at)
{
	return at >= f->address && at - f->address < f->size;
}

static void reach(struct flow *w, uint64_t at)
{
	size_t i = (at - w->f->address) / 4;

	if (!is_inside(w->f, at) || w->reached[i])
		return;
	w->reached[i] = true;
	w->todo[w->count++] = at;
}

static void reach_all(struct flow *w)
{
	for (uint64_t i = 0; i < w->f->size / 4; i++)
		reach(w, w->f->address + i * 4);
}

/* Where a branch leads that is patched; false: where it led before, too. */
static bool follow_patches(struct flow *w, uint64_t at)
{
	const struct patch *p = find_patch(w->c, at);
	const struct patch *end = w->c->patch + w->c->patches;
	bool replaced = false;

	for (; p && p < end && p->at == at; p++) {
		bool sure = p->known && p->is[w->mode];

		if (!p->known || sure)
			reach(w, p->target ?: at + 4);
		if (p->key && !sure)
			reach(w, at + 4);
		replaced |= p->key || sure;
	}
	return replaced;
}

static void follow(struct flow *w, uint64_t at)
{
	uint64_t target;
	uint32_t i;

	if (follow_patches(w, at) || !word_at(w->c, at, &i))
		return;
	target = branch_target(i, at);
	if (is_br(i))		/* a switch: anywhere */
		reach_all(w);
	if (target && !is_bl(i))
		reach(w, target);
	if (!is_b(i) && !is_jump(i))
		reach(w, at + 4);
}

/* --- calls ---------------------------------------------------------- */

static uint64_t handler(const struct code *c, const struct code_function *f,
			uint64_t at)
{
	uint64_t id = constant_of_x0(c, f, at) - hypercall_base, address;
	const void *p = NULL;

	if (id < (c->handlers_end - c->handlers) / 8)
		p = bytes(c, c->handlers + id * 8, 8);
	if (!p)
		die(KVT_FAILED, "%s: which hypercall does %s make at 0x%lx?",
		    c->file, f->name, at);
	memcpy(&address, p, sizeof(address));
	return address;
}

/* What the instruction at AT calls, in CALL; false: nothing. */
static bool call_at(const struct flow *w, uint64_t at, bool el2,
		    struct code_call *call)
{
	uint32_t i;

	if (!word_at(w->c, at, &i))
		return false;
	*call = (struct code_call){ .at = at };
	if (is_hvc(i) && w->mode != VHE && !el2) {
		call->kind = CALL_HYPERCALL;
		call->target = handler(w->c, w->f, at);
		return true;
	}
	if (is_blr(i)) {
		call->kind = CALL_POINTER;
		return true;
	}
	call->target = branch_target(i, at);
	return call->target && !is_inside(w->f, call->target);
}

void code_instructions(const struct code *c, const struct code_function *f,
		       enum mode mode, bool el2,
		       void (*each)(void *data, uint64_t at,
				    const struct code_call *call),
		       void *data)
{
	struct flow w = { .c = c, .f = f, .mode = mode };
	struct code_call call;

	w.reached = xcalloc(f->size / 4 + 1, sizeof(*w.reached));
	w.todo = xcalloc(f->size / 4 + 1, sizeof(*w.todo));
	reach(&w, f->address);
	if (el2)
		reach_all(&w);
	while (w.count)
		follow(&w, w.todo[--w.count]);
	for (uint64_t at = f->address; is_inside(f, at); at += 4)
		if (w.reached[(at - f->address) / 4])
			each(data, at, call_at(&w, at, el2, &call) ?
				       &call : NULL);
	free(w.reached);
	free(w.todo);
}

struct callee {
	void (*each)(void *data, const struct code_call *call);
	void *data;
};

static void only_calls(void *data, uint64_t at, const struct code_call *call)
{
	struct callee *to = data;

	(void)at;
	if (call && call->kind != CALL_POINTER)
		to->each(to->data, call);
}

void code_calls(const struct code *c, const struct code_function *f,
		enum mode mode, bool el2,
		void (*each)(void *data, const struct code_call *call),
		void *data)
{
	struct callee to = { each, data };

	code_instructions(c, f, mode, el2, only_calls, &to);
}

struct code *code_open(const char *vmlinux, const char *tree)
{
	struct code *c = xcalloc(1, sizeof(*c));
	const Elf64_Sym *table;
	size_t room = 0;

	c->file = vmlinux;
	load_elf(c);
	load_functions(c);
	table = symbol_find(c, "__kvm_nvhe_host_hcall");
	c->handlers = table->st_value;
	c->handlers_end = table->st_value + table->st_size;
	load_alternatives(c, &room, tree);
	load_jumps(c, &room);
	qsort(c->patch, c->patches, sizeof(*c->patch), by_at);
	return c;
}

void code_close(struct code *c)
{
	free(c->patch);
	free(c->function);
	free(c->elf);
	free(c);
}
