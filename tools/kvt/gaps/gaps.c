// SPDX-License-Identifier: MIT
/*
 * gaps.tsv: what the functions of a kernel may call out of the tracer's
 * sight, and what was merged into them and leaves no trace.  A row is a step
 * of a chain; `kvt gaps` makes the table.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "capture/capture.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"

struct gaps {
	char *text, *path;
	const char *kernel;	/* as in a capture's header */
	struct gap_chain *gap;	/* by function */
	size_t count;
	struct gap_step *step;
	size_t steps;
	char mode[16];		/* of the capture that is shown */
	struct standing *stack;	/* the calls that are being shown */
	size_t depth, room;
};

/* A call in the tree, and how far in its source those below it have come. */
struct standing {
	const struct node *call;
	char path[256];
	long line;		/* the farthest */
	long last;		/* of the call before */
	bool told;		/* all of its gaps */
};

static void bad(const struct gaps *g, const char *what)
{
	die(KVT_FAILED, "%s: %s; `kvt gaps` makes this table", g->path, what);
}

static void add_row(struct gaps *g, char *line)
{
	char *f[7];
	int step;
	struct gap_chain *last = g->count ? &g->gap[g->count - 1] : NULL;

	if (split_tabs(line, f, 7) != 7)
		bad(g, "a line without seven fields");
	step = atoi(f[2]);
	if (step == 1) {
		if (last && strcmp(last->function, f[0]) > 0)
			bad(g, "functions out of order");
		g->gap[g->count++] = (struct gap_chain){ f[0], f[1],
						   &g->step[g->steps], 0 };
		last = &g->gap[g->count - 1];
	}
	if (!last || step != ++last->steps || strcmp(last->function, f[0]))
		bad(g, "a step that follows none");
	g->step[g->steps++] = (struct gap_step){ f[3], f[4], f[5], f[6] };
}

struct gaps *gaps_load(const char *path)
{
	struct gaps *g = xcalloc(1, sizeof(*g));
	size_t size, lines = 1;
	char *line, *next;
	int number = 0;

	g->path = xstrdup(path);
	g->text = read_file(path, &size);
	for (size_t i = 0; i < size; i++)
		lines += g->text[i] == '\n';
	g->gap = xcalloc(lines, sizeof(*g->gap));
	g->step = xcalloc(lines, sizeof(*g->step));
	for (line = g->text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (number++ > 1)
			add_row(g, line);
		else if (number == 1 && !strncmp(line, "kernel\t", 7))
			g->kernel = line + 7;
	}
	if (!g->kernel)
		bad(g, "it does not say of which kernel it is");
	return g;
}

struct gaps *gaps_beside(const char *symbols)
{
	const char *slash = symbols ? strrchr(symbols, '/') : NULL;
	struct gaps *g;
	char *path;

	if (!symbols)
		die(KVT_USAGE, "--gaps needs --symbols TSV: gaps.tsv is"
		    " beside it");
	path = xasprintf("%.*sgaps.tsv", slash ? (int)(slash + 1 - symbols) : 0,
			 symbols);
	g = gaps_load(path);
	free(path);
	return g;
}

void gaps_choose(struct gaps *g, const struct capture *c)
{
	const char *kernel = capture_header(c, "kernel") ?: "";
	size_t n = strcspn(g->kernel, " ");

	if (strncmp(kernel, g->kernel, n) || (kernel[n] && kernel[n] != ' '))
		die(KVT_USAGE, "%s is of Linux %.*s, but %s is of %.*s; make the"
		    " table of that kernel with `kvt gaps`, or, where it can be"
		    " done without, leave out --gaps", g->path,
		    (int)n, g->kernel, c->file, (int)strcspn(kernel, " "),
		    kernel);
	snprintf(g->mode, sizeof(g->mode), "%s",
		 capture_header(c, "mode") ?: "");
}

/* Is MODE one of the words in MODES? */
static bool has_mode(const char *modes, const char *mode)
{
	size_t n = strlen(mode);

	for (; n && *modes; modes += strspn(modes, " ")) {
		size_t word = strcspn(modes, " ");

		if (word == n && !strncmp(modes, mode, n))
			return true;
		modes += word;
	}
	return false;
}

/* A name without what the compiler appends to it. */
static void strip_into(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name);
	strip_suffix(to);
}

/* The first row of a function of that name.  In the table's order, what
 * differs by a suffix alone stands together. */
static const struct gap_chain *first_of(const struct gaps *g, const char *name)
{
	size_t low = 0, high = g->count;
	char plain[256], row[256];

	strip_into(plain, sizeof(plain), name);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		strip_into(row, sizeof(row), g->gap[mid].function);
		if (strcmp(row, plain) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return &g->gap[low];
}

static bool is_of(const struct gap_chain *gap, const char *name)
{
	char a[256], b[256];

	strip_into(a, sizeof(a), gap->function);
	strip_into(b, sizeof(b), name);
	return !strcmp(a, b);
}

int gap_begin(const struct node *n)
{
	int levels = 0;

	for (; n && n->kind == NODE_INLINED; n = n->parent)
		levels++;
	return levels;
}

static const struct node *call_of(const struct node *n)
{
	while (n && n->kind == NODE_INLINED)
		n = n->parent;
	return n;
}

static bool is_step(const struct gap_step *s, const struct node *n)
{
	return n->kind == NODE_INLINED && !strcmp(s->name, n->name) &&
	       n->place && !strcmp(s->call, n->place);
}

/* Does the chain lead through N and the inlined functions that N is in? */
static bool leads_through(const struct gap_chain *gap, const struct node *n,
			  int levels)
{
	if (gap->steps <= levels)
		return false;
	for (; levels; n = n->parent)
		if (!is_step(&gap->step[--levels], n))
			return false;
	return true;
}

/* A step from which the tree goes on below N is no gap of N's. */
static bool is_closed(const struct gap_chain *gap, const struct node *n,
		      int levels)
{
	const struct gap_step *s = &gap->step[levels];
	bool inlined = gap_is_inlined(gap);

	if (!inlined && gap->steps > 1)
		return false;
	for (unsigned int i = 0; i < n->children; i++)
		if (inlined ? is_step(s, n->child[i]) :
			      !strcmp(n->child[i]->name, s->name))
			return true;
	return false;
}

const struct gap_chain *gaps_next(const struct gaps *g, const struct node *n,
			    const struct gap_chain *after)
{
	const struct node *call = call_of(n);
	const struct gap_chain *gap;
	int levels = gap_begin(n);

	if (!g || !call || call->kind != NODE_CALL)
		return NULL;
	gap = after ? after + 1 : first_of(g, call->name);
	for (; gap < g->gap + g->count && is_of(gap, call->name); gap++)
		if (has_mode(gap->modes, g->mode) &&
		    leads_through(gap, n, levels) &&
		    !is_closed(gap, n, levels))
			return gap;
	return NULL;
}

/* --- where they stand ----------------------------------------------- */

static void split_place(const char *place, char path[256], long *line)
{
	const char *colon = place ? strrchr(place, ':') : NULL;

	snprintf(path, 256, "%.*s", colon ? (int)(colon - place) : 0,
		 place ?: "");
	*line = colon ? atol(colon + 1) : 0;
}

void gaps_enter(struct gaps *g, const struct node *n)
{
	if (!g)
		return;
	if (g->depth == g->room)
		g->stack = xrealloc(g->stack, (g->room = g->room * 2 + 16) *
					      sizeof(*g->stack));
	g->stack[g->depth++] = (struct standing){ .call = n };
}

void gaps_leave(struct gaps *g)
{
	if (g && g->depth)
		g->depth--;
}

/*
 * Is GAP between the calls before and the one at PATH:LINE, or after them
 * all where PATH is NULL?  In a loop the source begins again; of that only
 * entering the guest is told again.
 */
static bool is_due(const struct standing *s, const struct gap_chain *gap,
		   const char *path, long line)
{
	bool again = gap_runs_guest(gap), after, before;
	char at[256];
	long place;

	split_place(gap->step[gap_begin(s->call)].call, at, &place);
	after = !s->line || strcmp(at, s->path) ||
		place >= (again ? s->last : s->line);
	if (!path)
		return after;
	before = !strcmp(at, path) && place < line;
	return again && line < s->last ? after || before : after && before;
}

void gaps_before(struct gaps *g, const struct node *child,
		 void (*each)(void *data, const struct node *n,
			      const struct gap_chain *gap, long depth),
		 void *data, long depth)
{
	struct standing *s = g && g->depth ? &g->stack[g->depth - 1] : NULL;
	const struct gap_chain *gap = NULL;
	char path[256];
	long line = 0;

	if (!s || (child && child->parent != s->call))
		return;
	if (child)
		split_place(child->place, path, &line);
	/* Where nothing is known of call sites, they come first. */
	if (child && !line && child->kind == NODE_CALL && !s->told)
		child = NULL;
	if ((child && !line) || s->told)
		return;
	s->told = !child;
	while ((gap = gaps_next(g, s->call, gap)))
		if (is_due(s, gap, child ? path : NULL, line))
			each(data, s->call, gap, depth);
	if (!child)
		return;
	if (strcmp(path, s->path) || line > s->line)
		s->line = line;
	memcpy(s->path, path, sizeof(path));
	s->last = line;
}

bool gap_is_inlined(const struct gap_chain *gap)
{
	return !strcmp(gap->step[gap->steps - 1].kind, "inlined");
}

bool gap_runs_guest(const struct gap_chain *gap)
{
	return !strcmp(gap->step[gap->steps - 1].name, "__guest_enter");
}

const char *gap_kind(const struct gap_step *s)
{
	if (!strcmp(s->kind, "hypercall"))
		return "EL2, by hypercall";
	return !strcmp(s->kind, "notrace") ? "not traceable" : s->kind;
}

void gaps_free(struct gaps *g)
{
	if (!g)
		return;
	free(g->stack);
	free(g->gap);
	free(g->step);
	free(g->text);
	free(g->path);
	free(g);
}
