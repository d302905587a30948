// SPDX-License-Identifier: MIT
/*
 * kvt gaps: the table of what the functions that a kernel can trace call out
 * of the tracer's sight (chains.c), of what the compiler merged into them
 * (inlined.c), and of the ways through them (flow.c), which tell what may run
 * between two calls; for single values of an argument, too (given.c).
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "commands.h"
#include "gaps/chains.h"
#include "gaps/code.h"
#include "gaps/flow.h"
#include "gaps/inlined.h"
#include "gaps/given.h"
#include "kernel/debuginfo.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "kernel/tables.h"

struct table {
	struct code *code;
	const struct image *image;
	const struct code_function *function;
	size_t functions;
	struct known_function *known;
	const struct symbols *symbols;
	struct debuginfo *info;
	const char *tree;	/* the kernel's source */
	struct chain *chain;	/* stb_ds, by function */
	struct inlined *inlined;	/* the same */
};

/* --- functions ------------------------------------------------------ */

/* The path of FRAME from the kernel's tree on, or NULL: not one of KVM's. */
static const char *kvm_path(const struct table *m,
			    const struct debug_frame *frame)
{
	const char *tree = debuginfo_tree(m->info);
	size_t n = tree ? strlen(tree) : 0;

	if (!tree || !frame->file || strncmp(frame->file, tree, n) ||
	    !is_kvm_path(frame->file + n))
		return NULL;
	return frame->file + n;
}

/* The line of the instruction AT that is in KVM's sources, the innermost of
 * them: "PATH:LINE", to be freed. */
static char *kvm_place(const struct table *m, uint64_t at)
{
	const struct debug_frame *frame;
	int n = debuginfo_frames(m->info, at, &frame);

	for (int i = 0; i < n; i++) {
		const char *path = kvm_path(m, &frame[i]);

		if (path)
			return xasprintf("%s:%d", path, frame[i].line);
	}
	return NULL;
}

static void find_places(struct table *m)
{
	for (size_t i = 0; i < m->functions; i++) {
		const struct debug_frame *frame;
		int n = debuginfo_frames(m->info, m->function[i].address,
					 &frame);

		if (!n)
			continue;
		m->known[i].path = kvm_path(m, &frame[n - 1]);
		m->known[i].line = frame[n - 1].line;
	}
}

/* The tracer's address is a few instructions into the function. */
static void mark_traced(struct table *m, const char *dir)
{
	char *path = xasprintf("%s/functions.tsv", dir);
	size_t count;
	struct function *f = functions_load(path, &count);

	for (size_t i = 0; i < count; i++) {
		const struct code_function *c = image_find(m->image,
							  f[i].address);

		if (!c || strcmp(c->name, f[i].name))
			die(KVT_FAILED, "%s: %s is not at 0x%lx of this"
			    " vmlinux: is it of another kernel?", path,
			    f[i].name, f[i].address);
		m->known[c - m->function].traced = c->name;
	}
	functions_free(f);
	free(path);
}

/* --- rows ----------------------------------------------------------- */

/* The last line up to LINE of a file in the tree that has NAME, or LINE:
 * the compiler names the first instruction's. */
static int line_with(const struct table *m, const char *name, const char *file,
		     int line)
{
	char *path = xasprintf("%s/%s", m->tree, file);
	char *text = read_file(path, NULL), *save = text, *s;
	int last = line;

	for (int i = 1; i <= line && (s = strsep(&save, "\n")); i++)
		if (strstr(s, name))
			last = i;
	free(text);
	free(path);
	return last;
}

/* The line of a definition: the index has those in C. */
static int defined(const struct table *m, const char *name,
		   const struct known_function *a)
{
	const struct symbol *s = symbols_find(m->symbols, name);
	const struct symbol *end = m->symbols->sym + m->symbols->count;

	for (; s && s < end && !strcmp(s->name, name); s++)
		if (!strcmp(s->path, a->path) && a->line >= s->line - 5 &&
		    a->line <= s->end)
			return s->line;
	return line_with(m, name, a->path, a->line);
}

static bool same_rows(const struct table *m, const struct chain *a,
		      const struct chain *b)
{
	char *place, *other;
	bool same;

	if (strcmp(a->function, b->function) || a->steps != b->steps)
		return false;
	for (int i = 0; i < a->steps; i++)
		if (a->step[i].f != b->step[i].f)
			return false;
	place = kvm_place(m, a->step[0].at);
	other = kvm_place(m, b->step[0].at);
	same = place && other && !strcmp(place, other);
	free(place);
	free(other);
	return same;
}

/* Of chains that begin in one line, the first stands for all. */
static void unite_chains(struct table *m)
{
	for (size_t i = 0; i < arrlenu(m->chain); i++)
		for (size_t k = i + 1; k < arrlenu(m->chain) &&
		     !strcmp(m->chain[i].function, m->chain[k].function); k++)
			if (!m->chain[i].again &&
			    same_rows(m, &m->chain[i], &m->chain[k])) {
				m->chain[k].again = true;
				m->chain[i].modes |= m->chain[k].modes;
			}
}

static void put_chain(const struct table *m, const struct chain *c)
{
	char *modes = c->again ? NULL : modes_text(c->modes);

	if (c->again)
		return;
	for (int i = 0; i < c->steps; i++) {
		const struct chain_step *s = &c->step[i];
		const struct known_function *f = &m->known[s->f - m->function];
		char name[256], *place = kvm_place(m, s->at);

		if (!place || !f->path)
			die(KVT_FAILED, "no place for the call of %s: has"
			    " vmlinux debugging information?", s->f->name);
		chain_step_name(s, name, sizeof(name));
		printf("%s\t%s\t%d\t%s\t%s\t%s\t%s:%d\n", c->function, modes,
		       i + 1, name, chain_kind_names[s->kind], place, f->path,
		       defined(m, name, f));
		free(place);
	}
	free(modes);
}

static void put_kernel(const char *dir)
{
	char *text[2];

	for (int i = 0; i < 2; i++) {
		char *path = xasprintf("%s/%s", dir,
				       i ? "config.sha256" : "release");

		text[i] = read_file(path, NULL);
		text[i][strcspn(text[i], "\n")] = '\0';
		free(path);
	}
	printf("kernel\t%s aarch64 config sha256:%s\n", text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

static void put_inlined(const struct inlined *one)
{
	char *modes = modes_text(one->modes);

	for (int i = 0; i < one->steps; i++) {
		const struct inlined_step *s = &one->step[i];

		printf("%s\t%s\t%d\t%s\tinlined\t%s\t%s:%d\n", one->function,
		       modes, i + 1, s->name, s->call, s->definition->path,
		       s->definition->line);
	}
	free(modes);
}

/* --- the ways through a function ------------------------------------ */

/* A function in a mode, while its instructions are looked at. */
struct looking {
	const struct table *m;
	struct flow *flow;
};

/* The places of the calls in which the instruction AT is, outermost first;
 * NULL where one of them is unknown.  To be freed. */
static char *full_place(const struct table *m, uint64_t at)
{
	const char *tree = debuginfo_tree(m->info) ?: "";
	const struct debug_frame *frame;
	struct buf b = { .text = NULL };
	int n = debuginfo_frames(m->info, at, &frame);

	for (int i = n - 1; i >= 0; i--) {
		size_t skip = strlen(tree);

		if (!frame[i].file || !frame[i].line) {
			buf_free(&b);
			return NULL;
		}
		if (strncmp(frame[i].file, tree, skip))
			skip = 0;
		buf_printf(&b, "%s%s:%d", b.size ? " " : "",
			   frame[i].file + skip, frame[i].line);
	}
	return buf_take(&b);
}

/* The name of the function that CALL reaches, if a trace shows it. */
static const char *traced_name(const struct table *m,
			       const struct code_call *call)
{
	const struct code_function *f;

	if (call->kind != CALL_DIRECT)
		return NULL;
	f = image_find(m->image, call->target);
	return f && f->address == call->target ?
	       m->known[f - m->function].traced : NULL;
}

/* A call is sure to be in the capture if it is a plain one, of a known
 * function at a known place. */
static void add_call(const struct looking *l, uint64_t at,
		     const struct code_call *call)
{
	const char *name = traced_name(l->m, call);
	char *place;

	if (!name && call->kind != CALL_POINTER)
		return;
	place = full_place(l->m, at);
	flow_add(l->flow, at, name && place && code_returns(l->m->code, at) ?
			      WAY_CALL : WAY_POINTER,
		 name ?: "-", place ?: "-");
	free(place);
}

static void look_at(void *looking, uint64_t at, const struct code_call *call)
{
	const struct looking *l = looking;
	struct code_next next;

	if (call)
		add_call(l, at, call);
	flow_next(l->flow, at, &next);
	if (next.anywhere)
		flow_add(l->flow, at, WAY_SWITCH, "-", "-");
}

static void add_chain(const struct table *m, struct flow *w,
		      const struct chain *c)
{
	char *place = kvm_place(m, c->step[0].at), name[256];

	chain_step_name(&c->step[0], name, sizeof(name));
	flow_add(w, c->step[0].at, c->steps == 1 ? WAY_GAP : WAY_PART, name,
		 place);
	free(place);
}

static void add_inlined_stops(struct flow *w, const struct inlined *one)
{
	struct buf name = { .text = NULL }, place = { .text = NULL };

	for (int i = 0; i < one->steps; i++) {
		buf_printf(&name, "%s%s", i ? " " : "", one->step[i].name);
		buf_printf(&place, "%s%s", i ? " " : "", one->step[i].call);
	}
	for (size_t i = 0; i < arrlenu(one->at); i++)
		flow_add(w, one->at[i], one->surely ? WAY_GAP : WAY_PART,
			 name.text, place.text);
	buf_free(&name);
	buf_free(&place);
}

/* The gaps of one function, in the order of the table. */
struct gaps_of_function {
	const char *name;
	const struct chain *chain;
	const struct inlined *inlined;
	size_t chains, inlineds;
};

/* Has the function a gap in MODE? */
static bool has_gap(const struct gaps_of_function *g, enum mode mode)
{
	for (size_t i = 0; i < g->chains; i++)
		if (g->chain[i].modes & 1u << mode)
			return true;
	for (size_t i = 0; i < g->inlineds; i++)
		if (g->inlined[i].modes & 1u << mode)
			return true;
	return false;
}

/* The ways in MODE as rows; for one value of an argument if V is not NULL. */
static char *ways_in(const struct table *m, const struct code_function *f,
		     const struct gaps_of_function *g, enum mode mode,
		     const struct given *v)
{
	struct looking l = { m, flow_new(m->code, f, mode, v) };
	char *text;

	for (size_t i = 0; i < g->chains; i++)
		if (g->chain[i].modes & 1u << mode)
			add_chain(m, l.flow, &g->chain[i]);
	for (size_t i = 0; i < g->inlineds; i++)
		if (g->inlined[i].modes & 1u << mode)
			add_inlined_stops(l.flow, &g->inlined[i]);
	code_instructions(m->code, f, mode, false, look_at, &l);
	text = flow_text(l.flow);
	flow_free(l.flow);
	return text;
}

/* --- for each value of an argument ---------------------------------- */

/* Arguments whose value says what a function does: the constants are those
 * that a capture has by name (import/decode.c).  NULL: any function. */
static const struct switched {
	const char *function, *argument, *kind;
} switched[] = {
	{ NULL, "ioctl", "ioctl" },
	{ "kvm_vm_ioctl_check_extension", "ext", "cap" },
	{ "kvm_vm_ioctl_check_extension_generic", "arg", "cap" },
};

/* The one that F has in a register, in A; NULL: it has none. */
static const struct switched *switched_by(const struct table *m,
					  const struct code_function *f,
					  struct argument *a)
{
	for (size_t i = 0; i < sizeof(switched) / sizeof(*switched); i++) {
		const struct switched *s = &switched[i];
		int reg;

		if (s->function && strcmp(s->function, f->name))
			continue;
		reg = debuginfo_argument(m->info, f->address, s->argument,
					 &a->size);
		a->reg = reg;
		if (reg >= 0 && (a->size == 4 || a->size == 8))
			return s;
	}
	return NULL;
}

/* Ways that are the same for several constants. */
struct ways_of_class {
	char *text;
	struct buf names;
};

static void add_class(struct ways_of_class **list, char *text,
		      const char *names)
{
	struct ways_of_class class = { .text = text };

	for (size_t i = 0; i < arrlenu(*list); i++)
		if (!strcmp((*list)[i].text, text)) {
			buf_printf(&(*list)[i].names, " %s", names);
			free(text);
			return;
		}
	buf_puts(&class.names, names);
	arrput(*list, class);
}

/* The first row says for which constants the ways are. */
static void put_class(struct buf *b, const char *argument,
		      const struct ways_of_class *class)
{
	buf_printf(b, "0\t%s=%s%s", argument, class->names.text,
		   class->text + strlen("0\t-"));
}

/* The ways in MODE, and behind them those for the constants with which the
 * flow does not go all of these ways.  NULL: the function has no gap. */
static char *all_ways_in(const struct table *m, const struct code_function *f,
			 const struct gaps_of_function *g, enum mode mode)
{
	char *any = has_gap(g, mode) ? ways_in(m, f, g, mode, NULL) : NULL;
	struct argument a = { .size = 0 };
	const struct switched *s = any ? switched_by(m, f, &a) : NULL;
	struct given_class *class;
	struct ways_of_class *list = NULL;
	struct buf b = { .text = NULL };

	if (!s)
		return any;
	class = given_classes(m->code, f, mode, &a, s->kind);
	for (size_t i = 0; i < arrlenu(class); i++)
		add_class(&list, ways_in(m, f, g, mode, class[i].given),
			  class[i].names);
	given_classes_free(class);
	buf_puts(&b, any);
	for (size_t i = 0; i < arrlenu(list); i++) {
		if (strcmp(list[i].text, any))
			put_class(&b, s->argument, &list[i]);
		free(list[i].text);
		buf_free(&list[i].names);
	}
	arrfree(list);
	free(any);
	return buf_take(&b);
}

static void put_ways(const char *function, unsigned int modes,
		     const char *text)
{
	char *words = modes_text(modes);

	while (*text) {
		int n = strcspn(text, "\n");

		printf("%s\t%s\t%.*s\n", function, words, n, text);
		text += n + 1;
	}
	free(words);
}

/* Modes in which the ways are the same have one set of rows. */
static void put_function_ways(const struct table *m,
			      const struct code_function *f,
			      const struct gaps_of_function *g)
{
	char *text[MODES];

	for (int i = 0; i < MODES; i++)
		text[i] = all_ways_in(m, f, g, i);
	for (int i = 0; i < MODES; i++) {
		unsigned int modes = 0;

		for (int k = i; text[i] && k < MODES; k++)
			if (text[k] && !strcmp(text[i], text[k]))
				modes |= 1u << k;
		if (!text[i])
			continue;
		put_ways(g->name, modes, text[i]);
		for (int k = MODES - 1; k >= i; k--)
			if (modes & 1u << k) {
				free(text[k]);
				text[k] = NULL;
			}
	}
}

/* --- the table ------------------------------------------------------ */

static int by_traced_name(const void *a, const void *b, void *table)
{
	const struct table *m = table;

	return strcmp(m->known[*(const size_t *)a].traced,
		      m->known[*(const size_t *)b].traced);
}

/* What the function has; the next one's begins at CHAIN and INLINED. */
static struct gaps_of_function gaps_of(const struct table *m, const char *name,
				       size_t *chain, size_t *inlined)
{
	struct gaps_of_function g = {
		.name = name, .chain = m->chain + *chain,
		.inlined = m->inlined + *inlined,
	};

	for (; *chain < arrlenu(m->chain) &&
	       !strcmp(m->chain[*chain].function, name); ++*chain)
		g.chains++;
	for (; *inlined < arrlenu(m->inlined) &&
	       !strcmp(m->inlined[*inlined].function, name); ++*inlined)
		g.inlineds++;
	return g;
}

/* Functions in order; of each, what it calls, what is merged into it, and
 * the ways through it. */
static void put_rows(struct table *m)
{
	size_t *traced = NULL, chain = 0, inlined = 0;

	for (size_t i = 0; i < m->functions; i++)
		if (m->known[i].traced)
			arrput(traced, i);
	if (traced)
		qsort_r(traced, arrlen(traced), sizeof(*traced),
			by_traced_name, m);
	for (size_t i = 0; i < arrlenu(traced); i++) {
		const struct code_function *f = &m->function[traced[i]];
		struct gaps_of_function g = gaps_of(m,
				m->known[traced[i]].traced, &chain, &inlined);

		for (size_t k = 0; k < g.chains; k++)
			put_chain(m, &g.chain[k]);
		for (size_t k = 0; k < g.inlineds; k++)
			put_inlined(&g.inlined[k]);
		if (g.chains || g.inlineds)
			put_function_ways(m, f, &g);
	}
	arrfree(traced);
}

static const char gaps_help[] =
"usage: kvt gaps --facts DIR [--symbols TSV] VMLINUX KERNEL-TREE\n"
"\n"
"Lists what the functions that a kernel can trace may call out of the\n"
"tracer's sight, in each mode: noinstr functions, assembly, hypercalls; and\n"
"the functions inlined into them that call nothing a trace would show.\n"
"Reads the kernel's instructions and debugging information.  The table is\n"
"the gaps.tsv that show and html look for beside the index.\n"
"\n"
"  --facts DIR     what `kvt facts` wrote on that kernel\n"
"  --symbols TSV   where the functions are (default: $KVT_SYMBOLS)\n"
"\n"
"Exit codes: 0 done; 2 usage; 5 failure.\n";

static void make_table(const char *facts, const char *symbols,
		       const char *vmlinux, const char *tree)
{
	struct symbols *index = symbols_load(symbols);
	struct table m = { .symbols = index, .tree = tree };
	const char **traced;

	m.code = code_open(vmlinux, tree);
	m.image = code_image(m.code);
	m.info = debuginfo_open(vmlinux);
	if (!m.info)
		die(KVT_FAILED, "%s: it cannot be read twice", vmlinux);
	m.function = image_functions(m.image, &m.functions);
	m.known = xcalloc(m.functions, sizeof(*m.known));
	mark_traced(&m, facts);
	find_places(&m);
	m.chain = chains_find(m.code, m.known, index);
	unite_chains(&m);
	traced = xcalloc(m.functions, sizeof(*traced));
	for (size_t i = 0; i < m.functions; i++)
		traced[i] = m.known[i].traced;
	m.inlined = inlined_find(m.code, m.info, traced, index);
	put_kernel(facts);
	puts("function\tmodes\tstep\tname\tkind\tcall\tdefinition");
	put_rows(&m);
	free(traced);
	free(m.known);
	inlined_free(m.inlined);
	arrfree(m.chain);
	debuginfo_close(m.info);
	code_close(m.code);
	symbols_free(index);
}

int cmd_gaps(int argc, char **argv)
{
	static const struct option options[] = {
		{ "facts", required_argument, NULL, 'f' },
		{ "symbols", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *symbols = tables_symbols(), *facts = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0)
		switch (opt) {
		case 'f':
			facts = optarg;
			break;
		case 's':
			symbols = optarg;
			break;
		case 'h':
			fputs(gaps_help, stdout);
			return KVT_OK;
		default:
			warn("see 'kvt gaps --help'");
			return KVT_USAGE;
		}
	if (optind != argc - 2 || !facts || !symbols)
		die(KVT_USAGE, "gaps takes --facts DIR, --symbols TSV, a"
		    " vmlinux and its source; see 'kvt gaps --help'");
	make_table(facts, symbols, argv[optind], argv[optind + 1]);
	close_file(stdout, "standard output");
	return KVT_OK;
}
