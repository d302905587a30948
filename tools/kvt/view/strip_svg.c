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
#include "view/strip_svg.h"

enum {
	LANE = 24,		/* how high a lane is: also the least target */
	LANE_GAP = 2,
	HEAD = 18,		/* above the lanes, for "× 512" */
	BETWEEN = 20,		/* two threads, for the name of the second */
	NARROW = 14,		/* a step without a label */
	LETTER = 66,		/* tenths of a unit */
	LETTERS = 28,		/* of a label, at most */
	BASELINE = 16,
	HEADS_WIDE = 58,	/* the names of the lanes */
	STILL = 4,		/* how thick the line of a thread is that waits */
};

static const char *const lane_classes[STRIP_LANES] = {
	"user", "kernel", "guest"
};

/* What is drawn now. */
struct strip_drawing {
	struct markup *m;
	const struct strip_page *p;
	const struct thread **thread;	/* that have lanes: stb_ds */
	int *lane;		/* where each of them is; -1: nowhere */
	int lanes;		/* two where the guest is never entered */
	size_t *last;		/* the last round of each */
	size_t round;		/* that is drawn */
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

static long lane_top(const struct strip_drawing *d, unsigned int thread,
		     int lane)
{
	long thread_high = d->lanes * (LANE + LANE_GAP) - LANE_GAP;

	return HEAD + thread * (thread_high + BETWEEN) +
	       lane * (LANE + LANE_GAP);
}

static long strip_high(const struct strip_drawing *d)
{
	return lane_top(d, arrlenu(d->thread) - 1, d->lanes - 1) + LANE;
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

static void write_label(struct markup *m, const char *class, long x, long y,
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

/* The lanes go through all rounds; a line says where a thread is that another
 * has taken the turn from. */
static void write_lanes_below(const struct strip_drawing *d,
			      unsigned int acting, long wide)
{
	for (unsigned int t = 0; t < arrlenu(d->thread); t++) {
		for (int lane = 0; lane < d->lanes; lane++)
			write_box(d->m, "lane", 0, lane_top(d, t, lane), wide,
				  LANE);
		if (t == acting || d->lane[t] < 0)
			continue;
		markup_open_class(d->m, "g", lane_classes[d->lane[t]]);
		write_box(d->m, "still", 0,
			  lane_top(d, t, d->lane[t]) + (LANE - STILL) / 2, wide,
			  STILL);
		markup_close(d->m);
	}
}

/* --- steps ----------------------------------------------------------- */

char *strip_step_text(const struct strip_step *s)
{
	const struct node *n = s->began;
	const char *lane = strip_lane_words[s->lane];
	bool made = s->lane == STRIP_PROGRAM && n->kind == NODE_SYSCALL &&
		    n->place;
	size_t length;
	const char *name = identity_name(n, &length);

	if (s->ends && n->kind != NODE_EVENT)
		return xasprintf("%s: %.*s returned %s", lane, (int)length,
				 name, n->result ?: "");
	return xasprintf("%s: %s(%s)%s%s", lane, n->name, n->args,
			 made ? " at " : "", made ? n->place : "");
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
	char *anchor;

	if (leads_somewhere(d->p, s)) {
		anchor = identity_link(d->p->identities, d->p->strip->c,
				       s->row);
		markup_open(m, "a");
		markup_attribute_printf(m, "href", "%s#%s", d->p->page, anchor);
		free(anchor);
	} else {
		markup_open(m, "g");
	}
	markup_attribute_printf(m, "class", "%s%s%s", lane_classes[s->lane],
				*s->kind ? " " : "", s->kind);
}

static void write_strip_step(const struct strip_drawing *d,
			     const struct strip_step *s, unsigned int thread,
			     long x)
{
	long y = lane_top(d, thread, s->lane);
	char *text;

	open_step(d, s);
	if (*s->label) {
		text = strip_step_text(s);
		markup_open(d->m, "title");
		markup_text(d->m, text);
		markup_close(d->m);
		free(text);
	}
	write_box(d->m, "box", x + 1, y, step_wide(s) - 2, LANE);
	if (*s->label)
		write_label(d->m, "code", x + 6, y + BASELINE, s->label,
			    label_letters(s->label));
	markup_close(d->m);
}

/* --- rounds ---------------------------------------------------------- */

/* A bracket over all rounds of a group, with how often they come. */
static void write_bracket(const struct strip_drawing *d,
			  const struct strip_round *r, long wide)
{
	long to = r->place + 1 == r->group ? wide - 1 : wide;
	struct markup *m = d->m;

	if (r->times < 2)
		return;
	markup_open_class(m, "path", "bracket");
	markup_attribute_printf(m, "d", "M%s,%d %sH%ld%s",
				r->place ? "0" : "1",
				r->place ? HEAD - 5 : HEAD - 3,
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

static void write_round(const struct strip_drawing *d)
{
	const struct strip *s = d->p->strip;
	const struct strip_round *r = &s->round[d->round];
	unsigned int thread = 0;
	long wide = round_wide(s, r), x = 0;

	while (d->thread[thread] != s->step[r->first].thread)
		thread++;
	markup_open(d->m, "li");
	open_svg(d, wide);
	write_lanes_below(d, thread, wide);
	write_bracket(d, r, wide);
	for (size_t i = 0; i < r->count; i++) {
		const struct strip_step *step = &s->step[r->first + i];

		write_strip_step(d, step, thread, x);
		x += step_wide(step);
		d->lane[thread] = step->returned ? STRIP_PROGRAM : step->lane;
	}
	/* What is the program's last step says nothing of its end. */
	if (d->lane[thread] == STRIP_PROGRAM && d->last[thread] == d->round)
		d->lane[thread] = -1;
	markup_close(d->m);
	markup_close(d->m);
	markup_text(d->m, "\n");
}

static void write_thread_name(const struct strip_drawing *d, unsigned int t)
{
	markup_open_class(d->m, "text", "times");
	number_attribute(d->m, "x", 0);
	number_attribute(d->m, "y", lane_top(d, t, STRIP_PROGRAM) - 6);
	markup_printf(d->m, "thread %s", d->thread[t]->name);
	markup_close(d->m);
}

/* The names of the lanes, once, at the left. */
static void write_lane_names(const struct strip_drawing *d)
{
	struct markup *m = d->m;

	markup_open_class(m, "li", "names");
	markup_attribute(m, "aria-hidden", "true");
	open_svg(d, HEADS_WIDE);
	for (unsigned int t = 0; t < arrlenu(d->thread); t++) {
		if (d->p->strip->c->threads > 1)
			write_thread_name(d, t);
		for (int lane = 0; lane < d->lanes; lane++)
			write_label(m, lane_classes[lane], 0,
				    lane_top(d, t, lane) + BASELINE,
				    strip_lane_words[lane],
				    strlen(strip_lane_words[lane]));
	}
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
}

static const struct thread *round_thread(const struct strip *s, size_t round)
{
	return s->step[s->round[round].first].thread;
}

/* Lanes for each thread of the rounds FIRST to LAST, which is left out. */
static void choose_lanes(struct strip_drawing *d, size_t first, size_t last)
{
	const struct strip *s = d->p->strip;

	arrsetlen(d->thread, 0);
	arrsetlen(d->lane, 0);
	arrsetlen(d->last, 0);
	for (unsigned int t = 0; t < s->c->threads; t++) {
		size_t at = last;

		for (size_t i = first; i < last; i++)
			if (round_thread(s, i) == &s->c->thread[t])
				at = i;
		if (at == last)
			continue;
		arrput(d->thread, &s->c->thread[t]);
		arrput(d->lane, -1);
		arrput(d->last, at);
	}
}

static void write_list(struct strip_drawing *d, size_t first, size_t last)
{
	choose_lanes(d, first, last);
	markup_open_class(d->m, "ol", arrlen(d->thread) > 1 ? "strip threads"
							    : "strip");
	markup_text(d->m, "\n");
	write_lane_names(d);
	for (d->round = first; d->round < last; d->round++)
		write_round(d);
	markup_close(d->m);
	markup_text(d->m, "\n");
}

/* In turns, all threads are in one list; else each has a list of its own. */
void strip_write_svg(struct markup *m, const struct strip_page *p)
{
	const struct strip *s = p->strip;
	struct strip_drawing d = {
		.m = m, .p = p, .lanes = STRIP_LANES - !s->entries,
	};
	size_t first = 0;

	for (size_t i = 1; i <= arrlenu(s->round); i++) {
		bool ends = i == arrlenu(s->round) ||
			    (!s->round[i].turn &&
			     round_thread(s, i) != round_thread(s, first));

		if (!ends)
			continue;
		write_list(&d, first, i);
		first = i;
	}
	arrfree(d.thread);
	arrfree(d.lane);
	arrfree(d.last);
}
