// SPDX-License-Identifier: MIT
/* A capture as a trail, and two trails step by step. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "compare/seen.h"
#include "compare/trail.h"
#include "kernel/symbols.h"

/* --- making a trail ------------------------------------------------- */

/* A call whose children are being added: its node and its plain name. */
struct caller {
	const struct node *node;
	const char *name;
};

/* Are a function and its caller defined in one file? */
static bool in_one_file(const struct symbols *symbols, const char *name,
			const struct caller *up)
{
	const struct symbol *caller, *called;

	if (!symbols || up->node->kind != NODE_CALL || !up->name)
		return false;
	caller = symbols_find(symbols, up->name);
	called = symbols_find(symbols, name);
	return caller && called && !strcmp(caller->path, called->path);
}

static bool can_be_inlined(const struct common_ground *g,
			   const struct node *n, const char *name,
			   const struct caller *up)
{
	return n->kind == NODE_CALL &&
	       (seen_is_static(&g->seen[0], name) ||
		seen_is_static(&g->seen[1], name) ||
		in_one_file(g->symbols, name, up));
}

static bool both_can_see(const struct common_ground *g, const struct node *n,
			 const char *name)
{
	return n->kind != NODE_CALL ||
	       (seen_has(&g->seen[0], name) && seen_has(&g->seen[1], name));
}

/*
 * nVHE maps an object for EL2 page by page, and how many pages it touches,
 * with how many tables, depends on where the allocator put it.  Of such
 * calls in a row the first stands for all, without what is inside.
 */
static bool is_page_by_page(const struct common_ground *g,
			    const struct node *n, const char *name)
{
	return g->seen[0].loaded && n->kind == NODE_CALL &&
	       !strcmp(name, "__create_hyp_mappings");
}

/*
 * A vCPU with stolen time notes it whenever its thread gets a processor again,
 * and when it has to give it away depends on how long everything else takes.
 * It does so by a request, and after one KVM asks two things more.  BEFORE: is
 * the call before it by chance, too?
 */
static bool is_by_chance(const struct common_ground *g, const struct node *n,
			 const char *name, bool before)
{
	if (!g->seen[0].loaded || n->kind != NODE_CALL)
		return false;
	return !strcmp(name, "kvm_update_stolen_time") ||
	       (before && (!strcmp(name, "kvm_dirty_ring_check_request") ||
			   !strcmp(name, "check_nested_vcpu_requests")));
}

static char *keep_string(struct trail *t, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(arena_take(&t->strings, size), text, size);
}

static const char *keep_plain_name(struct trail *t, const struct node *n)
{
	char *name = keep_string(t, n->name);

	seen_plain_name(name);
	return name;
}

/* Takes out all of WORD. */
static void leave_out(char *text, const char *word)
{
	size_t size = strlen(word);

	while ((text = strstr(text, word)))
		memmove(text, text + size, strlen(text + size) + 1);
}

/* The rank of NUMBER among those of the trail, in the order in which they came. */
static size_t rank_of_user(struct trail *t, uint64_t number)
{
	struct user_rank *u;

	HASH_FIND(hh, t->user, &number, sizeof(number), u);
	if (!u) {
		u = xcalloc(1, sizeof(*u));
		u->number = number;
		u->rank = HASH_COUNT(t->user);
		HASH_ADD(hh, t->user, number, sizeof(number), u);
	}
	return u->rank;
}

/* TEXT with the addresses in the program numbered by what system calls have
 * alone: results of functions, which Debian's kernel lacks, may have others in
 * between.  The answer lives as long as the trail. */
static const char *rank_users(struct trail *t, const char *text)
{
	const char *kept, *found;
	struct buf b = { 0 };

	while ((found = strstr(text, "user#"))) {
		char *end;

		found += strlen("user#");
		buf_add(&b, text, found - text);
		buf_unsigned(&b, rank_of_user(t, strtoull(found, &end, 10)));
		text = end;
	}
	buf_puts(&b, text);
	kept = keep_string(t, b.text);
	buf_free(&b);
	return kept;
}

/* A system call's request and answer depend on the program, so every kernel
 * must agree.  But that a descriptor is a device's, Debian's kernel does not
 * show before an attribute of it works. */
static const char *text_of_step(struct trail *t, const struct node *n,
				const char *name, const struct common_ground *g)
{
	const char *result = n->result ?: "";
	size_t size;
	char *text;

	if (n->kind != NODE_SYSCALL)
		return name;
	size = strlen(name) + strlen(n->args) + strlen(result) +
	       sizeof("@() = ");
	text = arena_take(&t->strings, size);
	snprintf(text, size, "@%s(%s) = %s", name, n->args, result);
	if (g->seen[0].loaded) {
		leave_out(text, ":device");
		return rank_users(t, text);
	}
	return text;
}

static void add_children(struct trail *t, const struct caller *up,
			 const struct common_ground *g);

static void add_step(struct trail *t, const struct caller *c,
		     const struct caller *up, const struct common_ground *g)
{
	bool both = both_can_see(g, c->node, c->name);
	struct footprint f = { .node = c->node, .name = c->name };
	size_t begin = arrlen(t->step);

	if (both) {
		f.text = text_of_step(t, c->node, c->name, g);
		f.begins = true;
		f.inlinable = can_be_inlined(g, c->node, c->name, up);
		arrput(t->step, f);
	}
	if (!is_page_by_page(g, c->node, c->name))
		add_children(t, c, g);
	if (both) {
		t->step[begin].end = arrlen(t->step);
		f.text = "}";
		f.begins = f.inlinable = false;
		arrput(t->step, f);
	}
}

static void add_children(struct trail *t, const struct caller *up,
			 const struct common_ground *g)
{
	bool before = false;	/* the one before was page by page */
	bool chance = false;	/* or is by chance */

	for (unsigned int i = 0; i < up->node->children; i++) {
		const struct node *n = up->node->child[i];
		const struct caller c = { n, keep_plain_name(t, n) };
		bool pages = is_page_by_page(g, n, c.name);

		chance = is_by_chance(g, n, c.name, chance);
		if (chance)
			continue;
		if (!pages || !before)
			add_step(t, &c, up, g);
		before = pages;
	}
}

void trail_add(struct trail *t, const struct node *root,
	       const struct common_ground *g)
{
	const struct caller none = { .node = root };

	add_children(t, &none, g);
}

void trail_free(struct trail *t)
{
	struct user_rank *u, *next;

	HASH_ITER(hh, t->user, u, next) {
		HASH_DEL(t->user, u);
		free(u);
	}
	arrfree(t->step);
	arena_free(&t->strings);
}

/* --- comparing ------------------------------------------------------ */

const struct footprint *trail_now(const struct trail *t)
{
	return t->at < arrlenu(t->step) ? &t->step[t->at] : NULL;
}

/* Moves to the next step that counts. */
static void pass_skipped(struct trail *t)
{
	while (t->at < arrlenu(t->step) && t->step[t->at].skipped)
		t->at++;
}

static void remember_name(struct trail_name **names, const char *text)
{
	struct trail_name *name;

	HASH_FIND_STR(*names, text, name);
	if (name)
		return;
	name = xcalloc(1, sizeof(*name));
	name->name = text;
	HASH_ADD_KEYPTR(hh, *names, name->name, strlen(name->name), name);
}

void trail_names_free(struct trail_name **names)
{
	struct trail_name *next;

	for (struct trail_name *name = *names; name; name = next) {
		next = name->hh.next;
		HASH_DEL(*names, name);
		free(name);
	}
}

static bool can_be_skipped(const struct footprint *f)
{
	return f && f->begins && f->inlinable;
}

/* Skips the call that begins here: its beginning and its end, but not its
 * children. */
static void skip_call(struct trail *t, struct trail_name **names)
{
	struct footprint *f = &t->step[t->at];

	remember_name(names, f->text);
	f->skipped = true;
	t->step[f->end].skipped = true;
	pass_skipped(t);
}

/* Returns the text of the next step, as if we skipped the current one. */
static const char *text_after(const struct trail *t)
{
	size_t i = t->at + 1;

	if (i == t->step[t->at].end)	/* a leaf: skip its end, too */
		i++;
	while (i < arrlenu(t->step) && t->step[i].skipped)
		i++;
	return i < arrlenu(t->step) ? t->step[i].text : "";
}

/* Skips an inlined function if it explains why the steps differ. */
static bool skip_inlined(struct trail *a, struct trail *b,
			 struct trail_name **names)
{
	const struct footprint *f = trail_now(a), *g = trail_now(b);
	bool skip_a = can_be_skipped(f), skip_b = can_be_skipped(g);

	if (!skip_a && !skip_b)
		return false;
	/* Chooses, of two, the one whose absence makes the trails agree. */
	if (skip_a && skip_b)
		skip_a = strcmp(text_after(b), f->text) != 0;
	skip_call(skip_a ? a : b, names);
	return true;
}

bool trails_match(struct trail *a, struct trail *b, struct trail_name **names,
		  unsigned long *same)
{
	const struct footprint *f, *g;

	*same = 0;
	while ((f = trail_now(a)), (g = trail_now(b)), f || g) {
		if (f && g && !strcmp(f->text, g->text)) {
			*same += f->begins;
			a->at++;
			b->at++;
			pass_skipped(a);
			pass_skipped(b);
		} else if (!skip_inlined(a, b, names)) {
			return false;
		}
	}
	return true;
}
