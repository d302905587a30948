// SPDX-License-Identifier: MIT
/*
 * kvt gaps: what the functions that a kernel can trace call out of the
 * tracer's sight, found in the kernel's instructions; inlined.c adds what was
 * merged into them.
 *
 * A chain begins in a function that can be traced, goes through such that
 * cannot, and ends where the tracer has a good reason to be blind: in a
 * noinstr function, in assembly, or with a hypercall at EL2.  Functions that
 * are merely notrace, as everything is that the source declares inline, are
 * named on the way only.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "commands.h"
#include "gaps/code.h"
#include "gaps/inlined.h"
#include "kernel/debuginfo.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "view/options.h"

enum { MAX_STEPS = 16 };
static const char el2_prefix[] = "__kvm_nvhe_";
static const char enter[] = "__guest_enter";

enum kind { NOTRACE, NOINSTR, ASSEMBLY, HYPERCALL, AT_EL2 };
static const char *const kind_names[] = {
	"notrace", "noinstr", "assembly", "hypercall", "EL2",
};

/* What is known of code_functions()[i]. */
struct about {
	const char *path;	/* NULL: not one of KVM's */
	int line;
	const char *traced;	/* its name in functions.tsv, or NULL */
};

struct step {
	const struct code_function *f;
	enum kind kind;
	uint64_t at;		/* the call */
};

struct chain {
	const char *function;
	unsigned int modes;	/* a bit each */
	int steps;
	struct step step[MAX_STEPS];
};

struct maker {
	struct code *code;
	const struct code_function *function;
	size_t functions;
	struct about *about;
	const struct symbols *symbols;
	struct debuginfo *info;
	const char *tree;
	uint64_t noinstr, noinstr_end;
	struct chain now;	/* that is followed */
	enum mode mode;
	struct chain *chain;
	size_t chains;
	size_t kept;		/* in all modes */
};

/* --- functions ------------------------------------------------------ */

/* The path of FRAME from the kernel's tree on, or NULL: not one of KVM's. */
static const char *kvm_path(const struct maker *m,
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
static char *kvm_place(const struct maker *m, uint64_t at)
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

static void find_places(struct maker *m)
{
	for (size_t i = 0; i < m->functions; i++) {
		const struct debug_frame *frame;
		int n = debuginfo_frames(m->info, m->function[i].address,
					 &frame);

		if (!n)
			continue;
		m->about[i].path = kvm_path(m, &frame[n - 1]);
		m->about[i].line = frame[n - 1].line;
	}
}

static struct about *about(const struct maker *m, const struct code_function *f)
{
	return &m->about[f - m->function];
}

/* The tracer's address is a few instructions into the function. */
static void mark_traced(struct maker *m, const char *dir)
{
	char *path = xasprintf("%s/functions.tsv", dir);
	size_t count;
	struct function *f = functions_load(path, &count);

	for (size_t i = 0; i < count; i++) {
		const struct code_function *c = code_find(m->code,
							  f[i].address);

		if (!c || strcmp(c->name, f[i].name))
			die(KVT_FAILED, "%s: %s is not at 0x%lx of this"
			    " vmlinux: is it of another kernel?", path,
			    f[i].name, f[i].address);
		about(m, c)->traced = c->name;
		free(f[i].name);
	}
	free(f);
	free(path);
}

static bool is_assembly(const struct about *a)
{
	size_t n = strlen(a->path);

	return n > 2 && !strcmp(a->path + n - 2, ".S");
}

static bool is_el2(const struct code_function *f)
{
	return !strncmp(f->name, el2_prefix, strlen(el2_prefix));
}

static enum kind kind_of(const struct maker *m, const struct code_function *f)
{
	if (is_assembly(about(m, f)))
		return ASSEMBLY;
	if (is_el2(f))
		return AT_EL2;
	return f->address >= m->noinstr && f->address < m->noinstr_end ?
	       NOINSTR : NOTRACE;
}

/* The name that the source has. */
static void plain_name(const struct step *s, char *name, size_t size)
{
	const char *p = s->f->name;

	if (is_el2(s->f))
		p += strlen(el2_prefix);
	if (s->kind == HYPERCALL && !strncmp(p, "handle_", 7))
		p += 7;
	snprintf(name, size, "%s", p);
	strip_suffix(name);
}

/* --- chains --------------------------------------------------------- */

static bool same_chain(const struct chain *a, const struct chain *b)
{
	if (a->steps != b->steps || strcmp(a->function, b->function))
		return false;
	for (int i = 0; i < a->steps; i++)
		if (a->step[i].f != b->step[i].f)
			return false;
	return true;
}

/* Keeps the chain that is being followed; its end is why. */
static void keep(struct maker *m)
{
	m->kept++;
	for (size_t i = 0; i < m->chains; i++)
		if (same_chain(&m->chain[i], &m->now)) {
			m->chain[i].modes |= 1u << m->mode;
			return;
		}
	m->chain = xrealloc(m->chain, (m->chains + 1) * sizeof(*m->chain));
	m->chain[m->chains] = m->now;
	m->chain[m->chains++].modes = 1u << m->mode;
}

static bool push(struct maker *m, const struct code_function *f,
		 enum kind kind, uint64_t at)
{
	for (int i = 0; i < m->now.steps; i++)
		if (m->now.step[i].f == f)
			return false;
	if (m->now.steps == MAX_STEPS)
		return false;
	m->now.step[m->now.steps++] = (struct step){ f, kind, at };
	return true;
}

/* A search for the shortest way to where the guest is entered at EL2. */
struct search {
	const struct maker *m;
	size_t *from;		/* 1 + the caller's index; 0: not reached */
	uint64_t *at;
	size_t *queue, count;
	size_t caller;
};

static void found(void *data, const struct code_call *call)
{
	struct search *s = data;
	const struct code_function *f = code_find(s->m->code, call->target);
	size_t i;

	if (!f || !is_el2(f) || s->from[f - s->m->function])
		return;
	i = f - s->m->function;
	s->from[i] = s->caller + 1;
	s->at[i] = call->at;
	s->queue[s->count++] = i;
}

static void push_way(struct maker *m, struct search *s, size_t first, size_t i)
{
	const struct code_function *f = &m->function[i];

	if (i == first)
		return;
	push_way(m, s, first, s->from[i] - 1);
	push(m, f, kind_of(m, f), s->at[i]);
}

/* Of what a hypercall does, the chain names the way to the guest only. */
static void follow_el2(struct maker *m, const struct code_function *handler)
{
	struct search s = { .m = m };
	size_t first = handler - m->function;

	s.from = xcalloc(m->functions, sizeof(*s.from));
	s.at = xcalloc(m->functions, sizeof(*s.at));
	s.queue = xcalloc(m->functions, sizeof(*s.queue));
	s.from[first] = first + 1;
	s.queue[s.count++] = first;
	for (size_t i = 0; i < s.count; i++) {
		const struct code_function *f = &m->function[s.queue[i]];

		if (!strcmp(f->name + strlen(el2_prefix), enter)) {
			push_way(m, &s, first, s.queue[i]);
			break;
		}
		s.caller = s.queue[i];
		code_calls(m->code, f, m->mode, true, found, &s);
	}
	free(s.from);
	free(s.at);
	free(s.queue);
}

/*
 * All calls of __pkvm_* stand behind a test of protected mode, but
 * kvm_share_hyp() and its like ask a function for it.
 */
static bool can_be(enum mode mode, const struct code_function *handler)
{
	const char *name = handler->name + strlen(el2_prefix);

	return mode == PROTECTED || strncmp(name, "handle___pkvm_", 14);
}

static void hypercall(struct maker *m, const struct code_call *call)
{
	const struct code_function *f = code_find(m->code, call->target);
	int steps = m->now.steps;

	if (!f || !is_el2(f) || !can_be(m->mode, f) ||
	    !push(m, f, HYPERCALL, call->at))
		return;
	follow_el2(m, f);
	keep(m);
	m->now.steps = steps;
}

static void follow(void *data, const struct code_call *call)
{
	struct maker *m = data;
	const struct code_function *f;
	int steps = m->now.steps;
	enum kind kind;

	if (call->kind == CALL_HYPERCALL) {
		hypercall(m, call);
		return;
	}
	f = code_find(m->code, call->target);
	if (!f || f->address != call->target || !about(m, f)->path ||
	    about(m, f)->traced || is_el2(f))
		return;
	kind = kind_of(m, f);
	if (!push(m, f, kind, call->at))
		return;
	if (kind != ASSEMBLY) {
		size_t before = m->kept;

		code_calls(m->code, f, m->mode, false, follow, m);
		m->now.steps = steps + 1;
		if (kind == NOINSTR && m->kept == before)
			keep(m);
	} else {
		keep(m);
	}
	m->now.steps = steps;
}

static int by_function(const void *a, const void *b)
{
	const struct chain *c = a, *d = b;
	int order = strcmp(c->function, d->function);

	for (int i = 0; !order; i++) {
		if (i == c->steps || i == d->steps)
			return c->steps - d->steps;
		if (c->step[i].at != d->step[i].at)
			order = c->step[i].at < d->step[i].at ? -1 : 1;
	}
	return order;
}

/* The host of the other modes has no part in what is in hyp/vhe. */
static bool runs_in(const struct maker *m, const char *function)
{
	const struct symbol *s = symbols_find(m->symbols, function);

	return m->mode == VHE || !s || !strstr(s->path, "/hyp/vhe/");
}

static void find_chains(struct maker *m)
{
	for (size_t i = 0; i < m->functions; i++) {
		if (!m->about[i].traced)
			continue;
		m->now.function = m->about[i].traced;
		for (m->mode = VHE; m->mode < MODES; m->mode++)
			if (runs_in(m, m->now.function))
				code_calls(m->code, &m->function[i], m->mode,
					   false, follow, m);
	}
	qsort(m->chain, m->chains, sizeof(*m->chain), by_function);
}

/* --- the table ------------------------------------------------------ */

/* The last line up to LINE of a file in the tree that has NAME, or LINE:
 * the compiler names the first instruction's. */
static int line_with(const struct maker *m, const char *name, const char *file,
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
static int defined(const struct maker *m, const char *name,
		   const struct about *a)
{
	const struct symbol *s = symbols_find(m->symbols, name);
	const struct symbol *end = m->symbols->sym + m->symbols->count;

	for (; s && s < end && !strcmp(s->name, name); s++)
		if (!strcmp(s->path, a->path) && a->line >= s->line - 5 &&
		    a->line <= s->end)
			return s->line;
	return line_with(m, name, a->path, a->line);
}

static void put_modes(unsigned int modes)
{
	const char *between = "";

	for (int i = 0; i < MODES; i++)
		if (modes & 1u << i) {
			printf("%s%s", between, mode_names[i]);
			between = " ";
		}
}

static void put_chain(const struct maker *m, const struct chain *c)
{
	for (int i = 0; i < c->steps; i++) {
		const struct step *s = &c->step[i];
		const struct about *a = about(m, s->f);
		char name[256], *place = kvm_place(m, s->at);

		if (!place || !a->path)
			die(KVT_FAILED, "no place for the call of %s: has"
			    " vmlinux debugging information?", s->f->name);
		plain_name(s, name, sizeof(name));
		printf("%s\t", c->function);
		put_modes(c->modes);
		printf("\t%d\t%s\t%s\t%s\t%s:%d\n", i + 1, name,
		       kind_names[s->kind], place, a->path,
		       defined(m, name, a));
		free(place);
	}
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
	for (int i = 0; i < one->steps; i++) {
		const struct inlined_step *s = &one->step[i];

		printf("%s\t", one->function);
		put_modes(one->modes);
		printf("\t%d\t%s\tinlined\t%s\t%s:%d\n", i + 1, s->name,
		       s->call, s->definition->path, s->definition->line);
	}
}

/* Functions in order; of each, what it calls before what is merged into it. */
static void put_rows(const struct maker *m)
{
	const char **traced = xcalloc(m->functions, sizeof(*traced));
	struct inlined *inlined;
	size_t count, k = 0;

	for (size_t i = 0; i < m->functions; i++)
		traced[i] = m->about[i].traced;
	inlined = inlined_find(m->code, m->info, traced, m->symbols,
			       &count);
	for (size_t i = 0; i < m->chains; i++) {
		for (; k < count && strcmp(inlined[k].function,
					   m->chain[i].function) < 0; k++)
			put_inlined(&inlined[k]);
		put_chain(m, &m->chain[i]);
	}
	for (; k < count; k++)
		put_inlined(&inlined[k]);
	inlined_free(inlined, count);
	free(traced);
}

static void put_table(const struct maker *m, const char *dir)
{
	put_kernel(dir);
	puts("function\tmodes\tstep\tname\tkind\tcall\tdefinition");
	put_rows(m);
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

static void take(void *facts, int opt, const char *value)
{
	(void)opt;
	*(const char **)facts = value;
}

static void make(const char *facts, const struct symbols *symbols,
		 const char *vmlinux, const char *tree)
{
	struct maker m = { .symbols = symbols, .tree = tree };

	m.code = code_open(vmlinux, tree);
	m.info = debuginfo_open(vmlinux);
	if (!m.info)
		die(KVT_FAILED, "%s: cannot be read twice", vmlinux);
	m.function = code_functions(m.code, &m.functions);
	m.about = xcalloc(m.functions, sizeof(*m.about));
	m.noinstr = code_symbol(m.code, "__noinstr_text_start");
	m.noinstr_end = code_symbol(m.code, "__noinstr_text_end");
	mark_traced(&m, facts);
	find_places(&m);
	find_chains(&m);
	put_table(&m, facts);
	free(m.about);
	free(m.chain);
	debuginfo_close(m.info);
	code_close(m.code);
}

int cmd_gaps(int argc, char **argv)
{
	static const struct option own[] = {
		{ "facts", required_argument, NULL, 'f' }, { }
	};
	static const struct command_options options = {
		TAKE_SYMBOLS, own, NULL, take, gaps_help,
	};
	struct options o = { .open = 0 };
	const char *facts = NULL;
	int status = options_parse(&o, &options, &facts, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 2 || !facts || !o.symbols_file)
		die(KVT_USAGE, "gaps takes --facts DIR, --symbols TSV, a"
		    " vmlinux and its source; see 'kvt gaps --help'");
	make(facts, options_symbols(&o), argv[optind], argv[optind + 1]);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
