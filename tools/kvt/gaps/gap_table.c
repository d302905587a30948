// SPDX-License-Identifier: MIT
/*
 * Reads gaps.tsv: chains, a row a step, and behind those of a function the
 * ways through it, a row a stop.  More ways may follow, for values of an
 * argument, which the name of their first stop lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "gaps/gap_table.h"
#include "gaps/ways.h"

enum { FUNCTION, IN_MODES, STEP, NAME, KIND, CALL, DEFINITION, FIELDS };

/* A row of the ways: the columns behind that of the function. */
struct way_row {
	char *field[FIELDS];	/* CALL is the place, DEFINITION what comes
				 * next */
};

/* All rows of the functions of a name, whatever their suffix. */
struct named_gaps {
	char *name;		/* without a suffix */
	const char *function;	/* with it, of the last of them */
	size_t chain, chains;	/* in the table's list */
	size_t row, rows;
	bool ambiguous;		/* several functions: no ways */
	bool chosen;		/* what follows is made */
	struct gap_function in_mode;
	UT_hash_handle hh;
};

struct gap_table {
	char *text, *path;
	const char *kernel;	/* as in a capture's header */
	struct gap_chain *chain;	/* stb_ds, by function */
	struct gap_step *step;		/* stb_ds */
	struct way_row *row;		/* stb_ds */
	struct named_gaps *by_name;
	char mode[16];		/* of the capture that is shown */
	bool sites;		/* it has them */
};

static void bad_table(const struct gap_table *g, const char *what)
{
	die(KVT_FAILED, "%s: %s; `kvt gaps` makes this table", g->path, what);
}

/* --- reading -------------------------------------------------------- */

/* Finds the rows of the function NAME; adds an empty entry if there are
 * none. */
static struct named_gaps *gaps_named(struct gap_table *g, const char *name)
{
	size_t n = strcspn(name, ".");
	struct named_gaps *f;

	HASH_FIND(hh, g->by_name, name, n, f);
	if (!f) {
		f = xcalloc(1, sizeof(*f));
		f->name = xasprintf("%.*s", (int)n, name);
		f->chain = arrlenu(g->chain);
		f->row = arrlenu(g->row);
		HASH_ADD_KEYPTR(hh, g->by_name, f->name, n, f);
	}
	f->ambiguous |= f->function && strcmp(f->function, name);
	f->function = name;
	return f;
}

static bool is_way(const char *kind)
{
	static const char *const kinds[] = {
		"enter", "call", "pointer", "switch", "gap", "part", NULL
	};

	for (int i = 0; kinds[i]; i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

static void add_chain_row(struct gap_table *g, char **f)
{
	struct gap_chain *last = arrlen(g->chain) ? &arrlast(g->chain) : NULL;
	int step = atoi(f[STEP]);

	if (step == 1) {
		if (last && strcmp(last->function, f[FUNCTION]) > 0)
			bad_table(g, "functions out of order");
		gaps_named(g, f[FUNCTION])->chains++;
		arrput(g->chain, ((struct gap_chain){
			f[FUNCTION], f[IN_MODES], NULL, 0
		}));
		last = &arrlast(g->chain);
	}
	if (!last || step != ++last->steps ||
	    strcmp(last->function, f[FUNCTION]))
		bad_table(g, "a step that follows none");
	arrput(g->step, ((struct gap_step){
		f[NAME], f[KIND], f[CALL], f[DEFINITION]
	}));
}

static void add_way_row(struct gap_table *g, char **f)
{
	struct way_row row;

	if (!arrlen(g->chain) ||
	    strcmp(arrlast(g->chain).function, f[FUNCTION]))
		bad_table(g, "ways through a function that has no gap");
	if (!gaps_named(g, f[FUNCTION])->rows++)
		gaps_named(g, f[FUNCTION])->row = arrlenu(g->row);
	memcpy(row.field, f, sizeof(row.field));
	arrput(g->row, row);
}

struct gap_table *gap_table_load(const char *path)
{
	struct gap_table *g = xcalloc(1, sizeof(*g));
	char *field[FIELDS], *line;
	const struct gap_step *step;
	struct tsv t;

	g->path = xstrdup(path);
	tsv_open(&t, g->path);
	g->text = t.text;
	line = tsv_line(&t);
	if (!line || strncmp(line, "kernel\t", 7))
		bad_table(g, "it does not say of which kernel it is");
	g->kernel = line + 7;
	tsv_line(&t);			/* the heading */
	while (tsv_next(&t, field, FIELDS))
		if (is_way(field[KIND]))
			add_way_row(g, field);
		else
			add_chain_row(g, field);
	step = g->step;
	for (size_t i = 0; i < arrlenu(g->chain); i++) {
		g->chain[i].step = step;
		step += g->chain[i].steps;
	}
	return g;
}

struct gap_table *gap_table_beside(const char *symbols)
{
	const char *slash = symbols ? strrchr(symbols, '/') : NULL;
	struct gap_table *g;
	char *path;

	if (!symbols)
		die(KVT_USAGE, "--gaps needs --symbols TSV: gaps.tsv is"
		    " beside it");
	path = xasprintf("%.*sgaps.tsv", slash ? (int)(slash + 1 - symbols) : 0,
			 symbols);
	g = gap_table_load(path);
	free(path);
	return g;
}

/* --- one mode ------------------------------------------------------- */

/* Frees what we made for another mode. */
static void forget_mode(struct gap_table *g)
{
	for (struct named_gaps *f = g->by_name; f; f = f->hh.next) {
		arrfree(f->in_mode.chain);
		for (size_t i = 0; i < arrlenu(f->in_mode.ways); i++)
			ways_free(f->in_mode.ways[i].ways);
		arrfree(f->in_mode.ways);
		f->chosen = false;
	}
}

bool gap_table_choose(struct gap_table *g, const struct capture *c)
{
	const char *kernel = capture_header(c, "kernel") ?: "", *mode;
	size_t n = strcspn(g->kernel, " ");

	if (strncmp(kernel, g->kernel, n) || (kernel[n] && kernel[n] != ' ')) {
		warn("%s is of Linux %.*s, but %s is of %.*s: what no tracer"
		     " sees is left out (`kvt gaps` makes that kernel's table)",
		     g->path, (int)n, g->kernel, c->file,
		     (int)strcspn(kernel, " "), kernel);
		return false;
	}
	mode = capture_header(c, "mode") ?: "";
	/* The table knows nothing of nested virtualization, with which the
	 * kernel runs where it does in VHE mode. */
	if (!strcmp(mode, "nested"))
		mode = "vhe";
	forget_mode(g);
	snprintf(g->mode, sizeof(g->mode), "%s", mode);
	g->sites = capture_has(c, "sites");
	return true;
}

bool gap_table_has_sites(const struct gap_table *g)
{
	return g->sites;
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

/* A chain of calls runs where its first step does, an inlined function where
 * all its levels do. */
static void set_stops(struct ways *w, size_t number,
		      const struct gap_chain *gap)
{
	struct buf name = { .text = NULL }, place = { .text = NULL };
	int steps = gap_is_inlined(gap) ? gap->steps : 1;

	for (int i = 0; i < steps; i++) {
		buf_printf(&name, "%s%s", i ? " " : "", gap->step[i].name);
		buf_printf(&place, "%s%s", i ? " " : "", gap->step[i].call);
	}
	ways_set_gap(w, number, name.text, place.text);
	buf_free(&name);
	buf_free(&place);
}

/* The last graph has all its rows. */
static void end_ways(const struct gap_table *g, const struct gap_function *f)
{
	if (!f->ways)
		return;
	if (!ways_whole(arrlast(f->ways).ways))
		bad_table(g, "ways that lead nowhere");
	for (size_t i = 0; i < arrlenu(f->chain); i++)
		set_stops(arrlast(f->ways).ways, i, f->chain[i]);
}

/* A graph begins where the function is entered. */
static void read_ways(struct gap_table *g, struct named_gaps *n)
{
	struct gap_function *f = &n->in_mode;

	for (size_t i = n->row; i < n->row + n->rows; i++) {
		char **field = g->row[i].field, *next;

		if (!has_mode(field[IN_MODES], g->mode))
			continue;
		if (!f->ways || !strcmp(field[KIND], "enter")) {
			end_ways(g, f);
			arrput(f->ways, ((struct gap_ways){
				field[NAME], ways_new(arrlen(f->chain))
			}));
		}
		next = xstrdup(field[DEFINITION]);
		if (!ways_add(arrlast(f->ways).ways, field[STEP], field[NAME],
			      field[KIND], field[CALL], next))
			bad_table(g, "ways that lead nowhere");
		free(next);
	}
	end_ways(g, f);
	if (f->ways && strcmp(f->ways[0].when, "-"))
		bad_table(g, "ways for some values before those for any");
}

const struct gap_function *gap_table_function(struct gap_table *g,
					      const char *name)
{
	struct named_gaps *f;

	HASH_FIND(hh, g->by_name, name, strcspn(name, "."), f);
	if (!f)
		return NULL;
	if (!f->chosen) {
		f->chosen = true;
		for (size_t i = f->chain; i < f->chain + f->chains; i++)
			if (has_mode(g->chain[i].modes, g->mode))
				arrput(f->in_mode.chain, &g->chain[i]);
		if (f->rows && !f->ambiguous)
			read_ways(g, f);
	}
	return f->in_mode.chain ? &f->in_mode : NULL;
}

/* --- the value of an argument --------------------------------------- */

/* Finds the value in ARGS of the argument NAME, of SIZE characters; or NULL. */
static const char *value_in(const char *args, const char *name, size_t size)
{
	int depth = 0;

	for (const char *s = args; *s; s++) {
		depth += (*s == '{') - (*s == '}');
		if (!depth && (s == args || s[-1] == ' ') &&
		    !strncmp(s, name, size) && s[size] == '=')
			return s + size + 1;
	}
	return NULL;
}

/* Is VALUE, up to a comma or its end, one of NAMES? */
static bool is_one_of(const char *value, const char *names)
{
	size_t size = strcspn(value, ",");

	while (*names) {
		size_t n = strcspn(names, " ");

		if (n == size && !strncmp(names, value, n))
			return true;
		names += n + strspn(names + n, " ");
	}
	return false;
}

struct ways *gap_function_ways(const struct gap_function *f, const char *args)
{
	for (size_t i = 1; i < arrlenu(f->ways); i++) {
		const char *when = f->ways[i].when;
		size_t n = strcspn(when, "=");
		const char *value = value_in(args, when, n);

		if (when[n] && value && is_one_of(value, when + n + 1))
			return f->ways[i].ways;
	}
	return f->ways ? f->ways[0].ways : NULL;
}

/* --- one chain ------------------------------------------------------ */

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

void gap_table_free(struct gap_table *g)
{
	struct named_gaps *f, *next;

	if (!g)
		return;
	forget_mode(g);
	HASH_ITER(hh, g->by_name, f, next) {
		HASH_DEL(g->by_name, f);
		free(f->name);
		free(f);
	}
	arrfree(g->chain);
	arrfree(g->step);
	arrfree(g->row);
	free(g->text);
	free(g->path);
	free(g);
}
