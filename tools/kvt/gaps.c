// SPDX-License-Identifier: MIT
/*
 * gaps.tsv: what the functions of a kernel may call out of the tracer's
 * sight.  A row is a step of a chain; `kvt gaps` makes the table.
 */
#include <stdlib.h>
#include <string.h>

#include "kvt.h"

struct gaps {
	char *text, *path;
	const char *kernel;	/* as in a capture's header */
	struct gap_chain *gap;	/* by function */
	size_t count;
	struct gap_step *step;
	size_t steps;
	char mode[16];		/* of the capture that is shown */
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
		die(KVT_USAGE, "%s is of Linux %.*s, but %s is of %.*s; leave"
		    " out --gaps, or make the table with `kvt gaps`", g->path,
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

/* Compares without what the compiler appends to a name. */
static int compare_names(const char *a, const char *b)
{
	char x[256], y[256];

	snprintf(x, sizeof(x), "%s", a);
	snprintf(y, sizeof(y), "%s", b);
	strip_suffix(x);
	strip_suffix(y);
	return strcmp(x, y);
}

/* A step from which the tree goes on below N is no gap. */
static bool is_closed(const struct gap_chain *gap, const struct node *n)
{
	for (unsigned int i = 0; gap->steps == 1 && i < n->children; i++)
		if (!strcmp(n->child[i]->name, gap->step[0].name))
			return true;
	return false;
}

const struct gap_chain *gaps_next(const struct gaps *g, const struct node *n,
			    const struct gap_chain *after)
{
	const struct gap_chain *gap = after ? after + 1 : g ? g->gap : NULL;

	if (!g || n->kind != NODE_CALL)
		return NULL;
	for (; gap < g->gap + g->count; gap++)
		if (!compare_names(gap->function, n->name) &&
		    has_mode(gap->modes, g->mode) && !is_closed(gap, n))
			return gap;
	return NULL;
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
	free(g->gap);
	free(g->step);
	free(g->text);
	free(g->path);
	free(g);
}
