// SPDX-License-Identifier: MIT
/*
 * A strip as HTML.  Sizes are units of SVG; the style sheet says how large one
 * is, and letters of a fixed width say how wide a word is.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "view/anchor.h"
#include "view/strip_svg.h"

enum {
	LANE = 24,		/* how high a lane is: also the least target */
	LANE_GAP = 2,
	HEAD = 18,		/* above the lanes, for "× 512" */
	BETWEEN = 12,		/* two threads */
	NARROW = 14,		/* a step without a label */
	LETTER = 66,		/* tenths of a unit */
	LETTERS = 18,		/* of a label, at most */
	BASELINE = 16,
	HEADS_WIDE = 58,	/* the names of the lanes */
};

static const char *const lane_classes[STRIP_LANES] = {
	"user", "kernel", "guest"
};

/* What is drawn now. */
struct strip_drawing {
	struct markup *m;
	const struct strip_page *p;
	unsigned int threads;
	bool alone;		/* one thread: it needs no name */
};

/* --- sizes ----------------------------------------------------------- */

static long label_letters(const char *label)
{
	long letters = strlen(label);

	return letters > LETTERS ? LETTERS : letters;
}

static long step_wide(const struct strip_step *s)
{
	if (!*s->label)
		return NARROW;
	return (label_letters(s->label) * LETTER + 9) / 10 + 12;
}

static long times_wide(const struct strip_round *r)
{
	char text[32];

	if (r->times < 2 || r->place)
		return 0;
	snprintf(text, sizeof(text), "x %u", r->times);
	return ((long)strlen(text) * LETTER + 9) / 10 + 10;
}

static long round_wide(const struct strip *s, const struct strip_round *r)
{
	long wide = 0;

	for (size_t i = 0; i < r->count; i++)
		wide += step_wide(&s->step[r->first + i]);
	return wide > times_wide(r) ? wide : times_wide(r);
}

static long thread_high(void)
{
	return STRIP_LANES * LANE + (STRIP_LANES - 1) * LANE_GAP;
}

static long lane_top(unsigned int thread, enum strip_lane lane)
{
	return HEAD + thread * (thread_high() + BETWEEN) +
	       lane * (LANE + LANE_GAP);
}

static long strip_high(const struct strip_drawing *d)
{
	return lane_top(d->threads - 1, STRIP_LANES - 1) + LANE;
}

/* --- pieces ---------------------------------------------------------- */

static void number_attribute(struct markup *m, const char *name, long value)
{
	markup_attribute_printf(m, name, "%ld", value);
}

static void write_box(struct markup *m, const char *class, long x, long y,
		      long wide, long high)
{
	markup_open_class(m, "rect", class);
	number_attribute(m, "x", x);
	number_attribute(m, "y", y);
	number_attribute(m, "width", wide);
	number_attribute(m, "height", high);
	markup_close(m);
}

static void write_word(struct markup *m, const char *class, long x, long y,
		       const char *text, size_t letters)
{
	markup_open_class(m, "text", class);
	number_attribute(m, "x", x);
	number_attribute(m, "y", y);
	markup_text_part(m, text, letters);
	if (text[letters])
		markup_text(m, "…");
	markup_close(m);
}

static void open_svg(const struct strip_drawing *d, long wide)
{
	struct markup *m = d->m;

	markup_open(m, "svg");
	markup_attribute_printf(m, "viewBox", "0 0 %ld %ld", wide,
				strip_high(d));
	markup_attribute_printf(m, "style", "--wide: %ld; --high: %ld", wide,
				strip_high(d));
}

/* The lanes go through all rounds. */
static void write_lanes_below(const struct strip_drawing *d, long wide)
{
	for (unsigned int t = 0; t < d->threads; t++)
		for (int lane = 0; lane < STRIP_LANES; lane++)
			write_box(d->m, "lane", 0, lane_top(t, lane), wide,
				  LANE);
}

/* --- steps ----------------------------------------------------------- */

char *strip_step_text(const struct strip_step *s)
{
	const struct node *n = s->began;
	const char *lane = strip_lane_words[s->lane];

	if (s->ends && n->kind != NODE_EVENT)
		return xasprintf("%s: %s returned %s", lane, n->name,
				 n->result ?: "");
	return xasprintf("%s: %s(%s)%s%s", lane, n->name, n->args,
			 s->lane == STRIP_PROGRAM && n->place ? " at " : "",
			 s->lane == STRIP_PROGRAM && n->place ? n->place : "");
}

/* A step that begins nothing new has no row of its own. */
static bool leads_somewhere(const struct strip_page *p,
			    const struct strip_step *s)
{
	return p->page && *s->label;
}

static void open_step(const struct strip_drawing *d, const struct strip_step *s)
{
	struct markup *m = d->m;
	char *text = strip_step_text(s), *anchor;

	if (leads_somewhere(d->p, s)) {
		anchor = anchor_of(d->p->identities, d->p->strip->c, s->row);
		markup_open(m, "a");
		markup_attribute_printf(m, "href", "%s#%s", d->p->page, anchor);
		free(anchor);
	} else {
		markup_open(m, "g");
	}
	markup_attribute_printf(m, "class", "%s%s%s", lane_classes[s->lane],
				*s->kind ? " " : "", s->kind);
	if (*s->label)
		markup_attribute(m, "aria-label", text);
	free(text);
}

static void write_strip_step(const struct strip_drawing *d,
			     const struct strip_step *s, long x)
{
	unsigned int thread = d->alone ? 0 : s->thread - d->p->strip->c->thread;
	long y = lane_top(thread, s->lane);
	char *text;

	open_step(d, s);
	if (*s->label) {
		text = strip_step_text(s);
		markup_leaf(d->m, "title", "", text);
		free(text);
	}
	write_box(d->m, "box", x + 1, y, step_wide(s) - 2, LANE);
	if (*s->label)
		write_word(d->m, "code", x + 6, y + BASELINE, s->label,
			   label_letters(s->label));
	markup_close(d->m);
}

/* --- rounds ---------------------------------------------------------- */

/* A bracket over all rounds of a group, with how often they come. */
static void write_bracket(const struct strip_drawing *d,
			  const struct strip_round *r, long wide)
{
	long from = r->place ? 0 : 1;
	long to = r->place + 1 == r->group ? wide - 1 : wide;
	struct markup *m = d->m;

	if (r->times < 2)
		return;
	markup_open_class(m, "path", "bracket");
	markup_attribute_printf(m, "d", "M%ld,%d %sH%ld%s", from, HEAD - 3,
				r->place ? "" : "v-2 ", to,
				r->place + 1 == r->group ? " v2" : "");
	markup_close(m);
	if (r->place)
		return;
	markup_open_class(m, "text", "times");
	number_attribute(m, "x", 2);
	number_attribute(m, "y", HEAD - 7);
	markup_printf(m, "× %u", r->times);
	markup_close(m);
}

static void write_round(const struct strip_drawing *d,
			const struct strip_round *r)
{
	const struct strip *s = d->p->strip;
	long wide = round_wide(s, r), x = 0;

	markup_open(d->m, "li");
	open_svg(d, wide);
	write_lanes_below(d, wide);
	write_bracket(d, r, wide);
	for (size_t i = 0; i < r->count; i++) {
		const struct strip_step *step = &s->step[r->first + i];

		write_strip_step(d, step, x);
		x += step_wide(step);
	}
	markup_close(d->m);
	markup_close(d->m);
	markup_text(d->m, "\n");
}

/* The names of the lanes, once, at the left. */
static void write_lane_names(const struct strip_drawing *d)
{
	struct markup *m = d->m;

	markup_open_class(m, "li", "names");
	markup_attribute(m, "aria-hidden", "true");
	open_svg(d, HEADS_WIDE);
	for (unsigned int t = 0; t < d->threads; t++)
		for (int lane = 0; lane < STRIP_LANES; lane++)
			write_word(m, lane_classes[lane], 0,
				   lane_top(t, lane) + BASELINE,
				   strip_lane_words[lane],
				   strlen(strip_lane_words[lane]));
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
}

static void open_strip(struct markup *m)
{
	markup_open_class(m, "ol", "strip");
	markup_text(m, "\n");
}

/* Thread by thread, each has a strip of its own. */
static void write_by_thread(struct strip_drawing *d)
{
	const struct strip *s = d->p->strip;
	const struct thread *thread = NULL;

	d->alone = true;
	d->threads = 1;
	for (size_t i = 0; i < arrlenu(s->round); i++) {
		const struct strip_round *r = &s->round[i];
		const struct thread *t = s->step[r->first].thread;

		if (t != thread) {
			if (thread)
				markup_close(d->m);
			if (s->c->threads > 1) {
				markup_open_class(d->m, "p", "thread");
				markup_printf(d->m, "thread %s", t->name);
				markup_close(d->m);
			}
			open_strip(d->m);
			write_lane_names(d);
		}
		thread = t;
		write_round(d, r);
	}
	if (thread)
		markup_close(d->m);
}

void strip_write_svg(struct markup *m, const struct strip_page *p)
{
	struct strip_drawing d = { .m = m, .p = p };

	write_by_thread(&d);
	markup_text(m, "\n");
}
