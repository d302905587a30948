// SPDX-License-Identifier: MIT
/* kvt diff: counts what became of the calls, and walks the merged tree. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "compare/diff_format.h"
#include "compare/diff_print.h"
#include "compare/merged.h"

/* --- counting ------------------------------------------------------- */

/* TIMES: how often PARENT comes in A and in B.  A call that only one has
 * counts once per time. */
static void count_children(struct diff *d, const struct merged_call *parent,
			   const unsigned long times[2])
{
	unsigned int rounds[2] = { 1, 1 };

	for (unsigned int i = 0; i < arrlen(parent->child); i++) {
		const struct merged_call *m = parent->child[i];
		bool begins = m->leader && m->group > 1;
		unsigned long here[2];

		for (int k = 0; k < 2; k++) {
			if (m->leader)
				rounds[k] = begins ? m->rounds[k] : 1;
			here[k] = times[k] * rounds[k] * m->times[k];
		}
		if (begins && merged_group_mark(m) == CHANGED)
			d->calls[CHANGED]++;
		d->calls[m->mark] += is_only(m) ? here[m->mark == ONLY_B] : 1;
		if (m->mark != SAME)
			count_children(d, m, here);
	}
}

bool diff_count(struct diff *d)
{
	static const unsigned long once[2] = { 1, 1 };

	for (size_t i = 0; i < arrlenu(d->thread); i++)
		count_children(d, &d->thread[i].root, once);
	/* A call that moved has two nodes: its old place and its new one. */
	d->calls[MOVED] /= 2;
	return d->calls[CHANGED] || d->calls[MOVED] || d->calls[ONLY_A] ||
	       d->calls[ONLY_B];
}

/* Returns "3 only in A, 1 changed"; the caller frees it. */
static char *diff_summary(const struct diff *d)
{
	const struct {
		enum mark mark;
		const char *text, *name;
	} part[] = {
		{ ONLY_A, "only in ", d->name[0] },
		{ ONLY_B, "only in ", d->name[1] },
		{ MOVED, "moved", "" }, { CHANGED, "changed", "" },
	};
	struct buf summary = { 0 };

	for (int i = 0; i < 4; i++)
		if (d->calls[part[i].mark])
			buf_printf(&summary, "%s%lu %s%s",
				   summary.size ? ", " : "",
				   d->calls[part[i].mark], part[i].text,
				   part[i].name);
	if (!summary.size)
		buf_printf(&summary, "no difference in %lu calls, system calls"
			   " and events", d->compared);
	return buf_take(&summary);
}

/* --- walking -------------------------------------------------------- */

struct diff_printer {
	const struct diff *d;
	const struct diff_format *to;
};

static void print_children(const struct diff_printer *p,
			   const struct merged_call *m, struct diff_place at);

/* AT: the place of M's parent, except for the depth, which is M's own. */
static void print_merged(const struct diff_printer *p,
			 const struct merged_call *m, struct diff_place at)
{
	if (m->mark == SAME) {
		p->to->same(p->d, m, at.depth);
		return;
	}
	at.level++;
	at.inside = m->parent->mark == m->mark ? at.inside + 1 : 0;
	at.cut = p->d->depth && at.level > p->d->depth && arrlen(m->child);
	p->to->enter(p->d, m, &at);
	at.depth++;
	if (!at.cut)
		print_children(p, m, at);
	p->to->leave(p->d, m);
}

static void print_children(const struct diff_printer *p,
			   const struct merged_call *m, struct diff_place at)
{
	unsigned int left = 0;	/* of a group */

	for (unsigned int i = 0; i < arrlen(m->child); i++) {
		const struct merged_call *c = m->child[i];
		struct diff_place place = at;

		if (c->leader && c->group > 1) {
			p->to->group(p->d, c, at.depth);
			left = c->group;
		}
		place.depth += left > 0;
		print_merged(p, c, place);
		if (left && !--left)
			p->to->group_end(p->d);
	}
}

static void print_threads(const struct diff_printer *p)
{
	const struct merged_thread *thread = p->d->thread;

	for (size_t i = 0; i < arrlenu(thread); i++) {
		if (arrlen(thread) > 1)
			p->to->thread(p->d, thread[i].name);
		print_children(p, &thread[i].root,
			       (struct diff_place){ .depth = 0 });
	}
}

void diff_print(const struct diff *d, const struct diff_format *to)
{
	const struct diff_printer p = { d, to };
	bool different = d->calls[CHANGED] || d->calls[MOVED] ||
			 d->calls[ONLY_A] || d->calls[ONLY_B];
	char *summary = diff_summary(d);

	p.to->begin(d);
	if (different) {
		p.to->begin_tree(d);
		print_threads(&p);
		p.to->end_tree(d);
	}
	p.to->end(d, summary);
	free(summary);
}
