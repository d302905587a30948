// SPDX-License-Identifier: MIT
/* The tables of what the kernel patches: alternatives and static keys. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/image.h"
#include "gaps/instruction.h"
#include "gaps/patches.h"

const char *const mode_names[MODES] = { "vhe", "nvhe", "protected" };

struct patches {
	const struct image *kernel;
	struct patch *patch;	/* stb_ds, by address */
	struct rewritten {
		uint64_t at;
	} *rewritten;		/* stb_ds, by address */
};

enum { ALT_CALLBACK = 0x8000, NO_CAPABILITY = -1 };

static int by_at(const void *a, const void *b)
{
	const struct patch *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

static int by_rewritten(const void *a, const void *b)
{
	const struct rewritten *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

static uint64_t symbol_address(const struct patches *p, const char *name)
{
	return image_symbol(p->kernel, name).address;
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

const struct patch *patches_at(const struct patches *p, uint64_t at,
			       size_t *count)
{
	size_t first = lower_bound(p->patch, arrlenu(p->patch), at, at);
	size_t end = first;

	while (end < arrlenu(p->patch) && p->patch[end].at == at)
		end++;
	*count = end - first;
	return p->patch + first;
}

/* Valid until the next one is added. */
static struct patch *add_patch(struct patches *p, uint64_t at)
{
	arrput(p->patch, ((struct patch){ .at = at }));
	return &p->patch[arrlenu(p->patch) - 1];
}

bool patches_rewrite(const struct patches *p, uint64_t at)
{
	size_t count = arrlenu(p->rewritten);
	size_t i = lower_bound(p->rewritten, count, at, at);

	return i < count && p->rewritten[i].at == at;
}

/* Does the instruction at AT leave all registers as they are? */
static bool is_nop_or_branch(const struct patches *p, uint64_t at)
{
	static const uint32_t nop = 0xd503201f;
	uint32_t word;

	return image_word(p->kernel, at, &word) &&
	       (word == nop || (branch_target(word, at) && !is_bl(word)));
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

static void add_alternative(struct patches *p, uint64_t address,
			    const struct alternative *a,
			    const struct capabilities *cap)
{
	uint64_t at = address + a->original;
	uint64_t other = address + 4 + a->replacement;
	int number = a->capability & ~ALT_CALLBACK;
	bool callback = a->capability & ALT_CALLBACK;

	for (unsigned int i = 0; i < a->original_size; i += 4)
		if ((callback && other != cap->nops) ||
		    (!callback && !is_nop_or_branch(p, other + i)) ||
		    !is_nop_or_branch(p, at + i))
			arrput(p->rewritten, ((struct rewritten){ at + i }));
	if (callback && other != cap->nops)
		return;
	for (unsigned int i = 0; i < a->original_size; i += 4) {
		struct patch *one = add_patch(p, at + i);
		uint32_t w;

		if (!callback && image_word(p->kernel, other + i, &w) &&
		    !is_bl(w))
			one->target = branch_target(w, other + i);
		if (number == cap->vhe)
			set_known(one, true, false, false);
		if (number == cap->protected)
			set_known(one, false, false, true);
	}
}

static void load_alternatives(struct patches *p, const char *tree)
{
	const struct capabilities cap = {
		capability(tree, "HAS_VIRT_HOST_EXTN"),
		capability(tree, "KVM_PROTECTED_MODE"),
		symbol_address(p, "alt_cb_patch_nops"),
	};
	uint64_t address = symbol_address(p, "__alt_instructions");
	uint64_t end = symbol_address(p, "__alt_instructions_end");
	struct alternative a;
	const void *from;

	for (; address < end; address += sizeof(a)) {
		from = image_bytes(p->kernel, address, sizeof(a));
		if (!from)
			die(KVT_FAILED, "%s: its alternatives are not in the"
			    " file", image_file(p->kernel));
		memcpy(&a, from, sizeof(a));
		add_alternative(p, address, &a, &cap);
	}
}

/* As the kernel's struct jump_entry; offsets are from the field itself. */
struct jump {
	int32_t code, target;
	int64_t key;		/* bit 0: jumps when the key is false */
};

/* Of the static keys, one is known: is the hypervisor protected? */
static void load_jumps(struct patches *p)
{
	uint64_t address = symbol_address(p, "__start___jump_table");
	uint64_t end = symbol_address(p, "__stop___jump_table");
	uint64_t protected = symbol_address(p, "kvm_protected_mode_initialized");
	struct jump j;
	const void *from;

	for (; address < end; address += sizeof(j)) {
		struct patch *one = add_patch(p, 0);
		bool not;

		from = image_bytes(p->kernel, address, sizeof(j));
		if (!from)
			die(KVT_FAILED, "%s: its static branches are not in"
			    " the file", image_file(p->kernel));
		memcpy(&j, from, sizeof(j));
		one->at = address + j.code;
		one->target = address + 4 + j.target;
		one->key = true;
		not = j.key & 1;
		if (address + 8 + (j.key & ~3) == protected)
			set_known(one, not, not, !not);
	}
}

struct patches *patches_load(const struct image *kernel, const char *tree)
{
	struct patches *p = xcalloc(1, sizeof(*p));

	p->kernel = kernel;
	load_alternatives(p, tree);
	load_jumps(p);
	if (p->patch)
		qsort(p->patch, arrlen(p->patch), sizeof(*p->patch), by_at);
	if (p->rewritten)
		qsort(p->rewritten, arrlen(p->rewritten),
		      sizeof(*p->rewritten), by_rewritten);
	return p;
}

void patches_free(struct patches *p)
{
	arrfree(p->patch);
	arrfree(p->rewritten);
	free(p);
}
