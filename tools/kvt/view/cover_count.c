// SPDX-License-Identifier: MIT
/* Counts which functions of KVM captures reach. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "view/cover_count.h"

const char *const cover_state_name[STATES] = {
	"reached", "not reached", "out of sight", "at EL2",
};

/* --- the kernel's tables -------------------------------------------- */

static void load_items(struct cover *c)
{
	const struct symbols *all = c->symbols;
	const struct symbol *last = NULL;

	c->item = xcalloc(all->count, sizeof(*c->item));
	c->of = xcalloc(all->count, sizeof(*c->of));
	for (size_t i = 0; i < all->count; i++) {
		const struct symbol *s = &all->sym[i];

		if (last && !strcmp(last->name, s->name))
			continue;
		last = s;
		if (strcmp(s->kind, "function") || !is_kvm_path(s->path) ||
		    (c->path && !strstr(s->path, c->path)))
			continue;
		c->of[i] = &c->item[c->items];
		c->item[c->items++].s = s;
	}
	if (!c->items)
		die(KVT_USAGE, "no file of KVM with a function has '%s' in"
		    " its path", c->path ?: "");
}

/* Finds the function NAME; NULL if KVM has none, or nobody asked for it. */
static struct covered *function_named(struct cover *c, const char *name)
{
	const struct symbol *s = symbols_find(c->symbols, name);

	return s ? c->of[s - c->symbols->sym] : NULL;
}

static void load_traceable(struct cover *c, const char *path)
{
	size_t count, found = 0;
	struct function *f = functions_load(path, &count);

	for (size_t i = 0; i < count; i++) {
		struct covered *it = function_named(c, f[i].name);

		if (it)
			it->traceable = true;
		found += it != NULL;
	}
	functions_free(f);
	if (!found && !c->path)
		die(KVT_FAILED, "%s lists no function of KVM", path);
}

/* Dies if functions.tsv contradicts the table: they describe two kernels. */
static void load_untraced(struct cover *c, const char *path)
{
	char *text = read_file(path, NULL), *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *field[3];
		struct covered *it;

		if (split_tabs(line, field, 3) != 3)
			die(KVT_FAILED, "%s: a line without three fields",
			    path);
		it = function_named(c, field[0]);
		if (it && it->traceable)
			die(KVT_FAILED, "%s: %s is in functions.tsv too;"
			    " take both from one run of kvt facts", path,
			    field[0]);
		if (it)
			it->untraced = true;
	}
	free(text);
}

static void load_peers(struct cover *c, const char *path)
{
	char *text = read_file(path, NULL), *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *f[5];

		if (split_tabs(line, f, 5) != 5)
			die(KVT_FAILED, "%s: a line without five fields",
			    path);
		if (line == text)
			continue;	/* the heading */
		arrput(c->peer, ((struct cover_peer){
			.who = xstrdup(f[0]), .kernel = xstrdup(f[1]),
			.reached = parse_number(path, f[2], 0, 1000000),
			.traceable = parse_number(path, f[3], 1, 1000000),
			.how = xstrdup(f[4]),
		}));
	}
	free(text);
}

/* --- captures ------------------------------------------------------- */

static void count_covered_call(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct cover *c = data;
	struct covered *it;

	(void)depth;
	(void)level;
	(void)times;
	(void)below;
	if (n->kind != NODE_CALL && n->kind != NODE_INLINED)
		return;
	it = function_named(c, n->name);
	if (n->kind == NODE_INLINED) {
		if (it)
			it->inlined = true;
		return;
	}
	if (it)
		it->calls[c->sources]++;
	else
		c->unknown += !symbols_find(c->symbols, n->name);
}

static void no_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void no_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void no_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static const struct tree_ops count_ops = {
	no_thread, no_group, no_group_end, count_covered_call, no_group,
};

static void warn_of_other_kernel(const struct cover *c,
				 const struct capture *in)
{
	const char *kernel = capture_header(in, "kernel") ?: "?";

	if (!symbols_are_of(c->symbols, kernel))
		warn("%s is of Linux %.*s, but the index is of %s: its calls"
		     " are counted by their names", in->file,
		     (int)strcspn(kernel, " "), kernel, c->symbols->release);
}

static void load_captures(struct cover *c, char *const *file, size_t count)
{
	static const struct view whole = { .unfold = true };

	c->source = xcalloc(count, sizeof(*c->source));
	for (size_t i = 0; i < c->items; i++)
		c->item[i].calls = xcalloc(count, sizeof(*c->item->calls));
	for (size_t i = 0; i < count; i++) {
		struct capture *in = capture_read(file[i]);

		warn_of_other_kernel(c, in);
		c->unknown = 0;
		tree_walk(in, &whole, &count_ops, c);
		if (c->unknown)
			warn("%s: calls that the index has no function for:"
			     " %zu; is it of another kernel?", file[i],
			     c->unknown);
		c->source[c->sources++] = (struct cover_capture){
			.file = file[i],
			.program = xstrdup(capture_header(in, "program")
					   ?: file[i]),
			.mode = xstrdup(capture_header(in, "mode") ?: "?"),
		};
		capture_free(in);
	}
}

/* --- what they come to ---------------------------------------------- */

size_t cover_directory(const struct covered *it)
{
	return strrchr(it->s->path, '/') - it->s->path;
}

int cover_by_directory(const struct covered *x, const struct covered *y)
{
	size_t n = cover_directory(x), m = cover_directory(y);
	int d = strncmp(x->s->path, y->s->path, n < m ? n : m);

	return d ? d : (n > m) - (n < m);
}

static int by_reach_and_place(const void *a, const void *b)
{
	const struct covered *x = *(struct covered *const *)a;
	const struct covered *y = *(struct covered *const *)b;
	int d = cover_by_directory(x, y);

	if (!d)
		d = strcmp(x->s->path, y->s->path);
	if (!d)
		d = (int)x->state - (int)y->state;
	return d ? d : x->s->line - y->s->line;
}

static enum reach state_of(struct cover *c, const struct covered *it)
{
	for (size_t i = 0; i < c->sources; i++) {
		if (!it->calls[i])
			continue;
		c->unlisted += !it->traceable;
		return REACHED;
	}
	if (it->traceable)
		return NOT_REACHED;
	return !it->untraced && strstr(it->s->path, "/hyp/nvhe/") ?
	       AT_EL2 : OUT_OF_SIGHT;
}

static void set_states(struct cover *c)
{
	c->order = xcalloc(c->items, sizeof(*c->order));
	for (size_t i = 0; i < c->items; i++) {
		c->item[i].state = state_of(c, &c->item[i]);
		c->order[i] = &c->item[i];
	}
	qsort(c->order, c->items, sizeof(*c->order), by_reach_and_place);
	if (c->unlisted)
		warn("functions.tsv does not list %zu that ran; is it of"
		     " another kernel? They count as traceable", c->unlisted);
}

static int by_program(const void *a, const void *b)
{
	const struct cover_program *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static size_t find_program(const struct cover *c, const char *name)
{
	size_t i = 0;

	while (i < c->programs && strcmp(c->program[i].name, name))
		i++;
	return i;
}

/* Counts the program's calls of it in the capture that has the most. */
static unsigned long most_calls(const struct cover *c,
				const struct covered *it, size_t program)
{
	unsigned long most = 0;

	for (size_t i = 0; i < c->sources; i++)
		if (c->source[i].of == program && it->calls[i] > most)
			most = it->calls[i];
	return most;
}

static void set_programs(struct cover *c)
{
	c->program = xcalloc(c->sources, sizeof(*c->program));
	for (size_t i = 0; i < c->sources; i++) {
		size_t at = find_program(c, c->source[i].program);

		c->programs += at == c->programs;
		c->program[at].name = c->source[i].program;
		c->program[at].captures++;
	}
	qsort(c->program, c->programs, sizeof(*c->program), by_program);
	for (size_t i = 0; i < c->sources; i++)
		c->source[i].of = find_program(c, c->source[i].program);
	for (size_t i = 0; i < c->items; i++) {
		bool before = false;

		for (size_t p = 0; p < c->programs; p++) {
			if (!most_calls(c, &c->item[i], p))
				continue;
			c->program[p].reached++;
			c->program[p].first += !before;
			before = true;
		}
	}
}

void cover_count(struct cover *c, const struct cover_input *in)
{
	*c = (struct cover){
		.path = in->path, .symbols = symbols_load(in->symbols),
	};
	load_items(c);
	load_traceable(c, in->functions);
	load_untraced(c, in->untraced);
	if (in->beside)
		load_peers(c, in->beside);
	load_captures(c, in->capture, in->captures);
	set_states(c);
	set_programs(c);
}

void cover_free(struct cover *c)
{
	for (size_t i = 0; i < c->items; i++)
		free(c->item[i].calls);
	for (size_t i = 0; i < c->sources; i++) {
		free(c->source[i].program);
		free(c->source[i].mode);
	}
	for (size_t i = 0; i < arrlenu(c->peer); i++) {
		free(c->peer[i].who);
		free(c->peer[i].kernel);
		free(c->peer[i].how);
	}
	free(c->item);
	free(c->of);
	free(c->order);
	free(c->source);
	free(c->program);
	arrfree(c->peer);
	symbols_free(c->symbols);
}

/* --- questions ------------------------------------------------------- */

static int by_calls(const void *a, const void *b)
{
	const struct cover_caller *x = a, *y = b;

	if (x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	return x->program < y->program ? -1 : 1;
}

struct cover_caller *cover_callers(const struct cover *c,
				   const struct covered *f, size_t *count)
{
	struct cover_caller *by = xcalloc(c->programs, sizeof(*by));
	size_t n = 0;

	for (size_t p = 0; p < c->programs; p++) {
		by[n].program = p;
		by[n].calls = most_calls(c, f, p);
		n += by[n].calls > 0;
	}
	qsort(by, n, sizeof(*by), by_calls);
	*count = n;
	return by;
}

char *cover_modes(const struct cover *c, const struct covered *f,
		  size_t program)
{
	struct buf modes = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->sources; i++) {
		if (c->source[i].of != program || !f->calls[i])
			continue;
		buf_printf(&modes, "%s%s", n++ ? " and " : " in ",
			   c->source[i].mode);
	}
	if (n == c->program[program].captures)
		buf_clear(&modes);
	return buf_take(&modes);
}

struct reach_counts cover_tally(struct covered *const *item, size_t count)
{
	struct reach_counts n = { .all = count };

	for (size_t i = 0; i < count; i++)
		n.state[item[i]->state]++;
	for (size_t i = 0; i < count; i++)
		n.inlined += item[i]->inlined &&
			     item[i]->state == OUT_OF_SIGHT;
	n.traceable = n.state[REACHED] + n.state[NOT_REACHED];
	return n;
}

unsigned int cover_percent(size_t part, size_t all)
{
	unsigned int p = all ? (200 * part / all + 1) / 2 : 0;

	if (part && !p)
		return 1;
	return p == 100 && part < all ? 99 : p;
}
