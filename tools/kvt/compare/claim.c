// SPDX-License-Identifier: MIT
/* kvt claim: does a capture show what a text says it does? */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "commands.h"
#include "compare/claim.h"
#include "kernel/symbols.h"
#include "view/html.h"
#include "view/options.h"
#include "view/show.h"

/* --- one call ------------------------------------------------------- */

/* Is the SIZE bytes at TEXT what PATTERN says, where "*" is any text? */
static bool fits(const char *pattern, const char *text, size_t size)
{
	const char *star = NULL, *end = text + size, *from = NULL;

	while (text < end) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	pattern += strspn(pattern, "*");
	return !*pattern;
}

static bool is_kind(char kind, const struct node *n)
{
	switch (kind) {
	case '@':
		return n->kind == NODE_SYSCALL;
	case '!':
		return n->kind == NODE_EVENT;
	case '~':
		return n->kind == NODE_INLINED;
	case '?':
		return n->kind == NODE_UNSEEN;
	}
	return true;
}

bool claim_names(const struct claim_step *step, const struct node *n)
{
	size_t length;
	const char *request = request_of(n, &length);

	if (!is_kind(step->kind, n))
		return false;
	/* "*" is any call, not what stands between two of them. */
	if (!step->kind && is_level(n) && strchr(step->name, '*'))
		return false;
	return fits(step->name, n->name, strlen(n->name)) ||
	       (length && fits(step->name, request, length));
}

/* The length of the argument at P: up to a comma that no bracket holds. */
static size_t arg_length(const char *p)
{
	bool quoted = false;
	size_t n = 0;
	int depth = 0;

	for (; p[n]; n++) {
		if (p[n] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		depth += strchr("([{", p[n]) != NULL;
		depth -= strchr(")]}", p[n]) != NULL;
		if (p[n] == ',' && depth <= 0)
			break;
	}
	return n;
}

static bool is_arg(const struct claim_arg *arg, const char *p, size_t size)
{
	const char *equals = memchr(p, '=', size);
	size_t name = equals ? equals - p : 0;

	if (!arg->name && fits(arg->value, p, size))
		return true;
	if (!equals)
		return false;
	if (arg->name && (strlen(arg->name) != name ||
			  memcmp(arg->name, p, name)))
		return false;
	return fits(arg->value, equals + 1, size - name - 1);
}

static bool has_arg(const struct node *n, const struct claim_arg *arg)
{
	for (const char *p = n->args; p && *p; ) {
		size_t size = arg_length(p);

		if (is_arg(arg, p, size))
			return true;
		p += size + (p[size] == ',');
		p += strspn(p, " ");
	}
	return false;
}

bool claim_takes(const struct claim_step *step, const struct node *n)
{
	for (unsigned int i = 0; i < step->args; i++)
		if (!has_arg(n, &step->arg[i]))
			return false;
	return true;
}

bool claim_returns(const char *value, const struct node *n)
{
	const char *result = n->result;

	if (!result)
		return false;
	if (fits(value, result, strlen(result)))
		return true;
	return value[0] == 'E' && result[0] == '-' &&
	       fits(value, result + 1, strlen(result) - 1);
}

unsigned int node_last_line(const struct node *n)
{
	return n->children ? node_last_line(n->child[n->children - 1]) + 1
			   : n->line;
}

const struct node *node_root(const struct node *n)
{
	while (n->parent)
		n = n->parent;
	return n;
}

/* --- paths ---------------------------------------------------------- */

void calls_add(struct calls *all, const struct node *n)
{
	if (all->count == all->room) {
		all->room = all->room * 2 + 16;
		all->node = xrealloc(all->node,
				     all->room * sizeof(*all->node));
	}
	all->node[all->count++] = n;
}

void calls_free(struct calls *all)
{
	free(all->node);
	*all = (struct calls){ .count = 0 };
}

struct search {
	const struct claim_step *step;
	unsigned long counted;	/* that fit but for the result */
	const struct node *latest;	/* of those */
	struct calls *found;
};

static void keep(struct search *s, const struct node *c)
{
	if (!s->step->result || claim_returns(s->step->result, c))
		calls_add(s->found, c);
}

static void search_below(struct search *s, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (claim_names(s->step, c) && claim_takes(s->step, c)) {
			s->counted++;
			s->latest = c;
			if (!s->step->only_last &&
			    (!s->step->first ||
			     (s->counted >= s->step->first &&
			      s->counted <= s->step->last)))
				keep(s, c);
		}
		if (s->step->deep || is_level(c))
			search_below(s, c);
	}
}

/* Below each call, they are counted anew. */
static void begin(struct search *s)
{
	s->counted = 0;
	s->latest = NULL;
}

static void finish(struct search *s)
{
	if (s->step->only_last && s->latest)
		keep(s, s->latest);
}

static int by_line(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;

	return x->line < y->line ? -1 : x->line > y->line;
}

/* In order, and each once: a call may be below several that fit. */
static void sort(struct calls *all)
{
	size_t kept = 0;

	if (!all->count)
		return;
	qsort(all->node, all->count, sizeof(*all->node), by_line);
	for (size_t i = 1; i < all->count; i++)
		if (all->node[i] != all->node[kept])
			all->node[++kept] = all->node[i];
	all->count = kept + 1;
}

/* The first step counts through all threads. */
static void find_first(const struct context *in, struct search *s)
{
	if (in->scope) {
		search_below(s, in->scope);
		return;
	}
	for (unsigned int i = 0; i < in->capture->threads; i++)
		search_below(s, &in->capture->thread[i].root);
}

void claim_find(const struct context *in, const struct claim_path *path,
		unsigned int steps, struct calls *found)
{
	struct search s = { .found = found };

	*found = (struct calls){ .count = 0 };
	if (!steps)
		return;
	s.step = &path->step[0];
	find_first(in, &s);
	finish(&s);
	for (unsigned int i = 1; i < steps; i++) {
		struct calls from = *found;

		*found = (struct calls){ .count = 0 };
		s.step = &path->step[i];
		for (size_t k = 0; k < from.count; k++) {
			begin(&s);
			search_below(&s, from.node[k]);
			finish(&s);
		}
		sort(found);
		calls_free(&from);
	}
}

/* --- facts ---------------------------------------------------------- */

/* Has all of A returned before anything of B begins? */
static bool is_before(const struct calls *a, const struct calls *b)
{
	const struct node *root;
	unsigned int end = 0;

	if (!a->count || !b->count)
		return false;
	root = node_root(a->node[0]);
	for (size_t i = 0; i < a->count; i++) {
		unsigned int last = node_last_line(a->node[i]);

		if (a->node[i]->open || node_root(a->node[i]) != root)
			return false;
		end = last > end ? last : end;
	}
	for (size_t i = 0; i < b->count; i++)
		if (node_root(b->node[i]) != root)
			return false;
	return end < b->node[0]->line;
}

bool claim_is_before(const struct context *in, const struct claim_path *x,
		     const struct claim_path *y)
{
	struct calls a, b;
	bool good;

	claim_find(in, x, x->steps, &a);
	claim_find(in, y, y->steps, &b);
	good = is_before(&a, &b);
	calls_free(&a);
	calls_free(&b);
	return good;
}

static bool are_in_order(const struct context *in,
			 const struct claim_fact *f)
{
	for (unsigned int i = 1; i < f->paths; i++)
		if (!claim_is_before(in, &f->path[i - 1], &f->path[i]))
			return false;
	return true;
}

/* A level that only the source has is no call. */
static bool calls_nothing(const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		if (!is_level(n->child[i]) ||
		    !calls_nothing(n->child[i]))
			return false;
	return true;
}

static bool is_true_of(const struct claim_fact *f, const struct node *n,
		       const struct node *first)
{
	switch (f->kind) {
	case CLAIM_RETURNS:
		return claim_returns(f->value, n);
	case CLAIM_LEAF:
		return calls_nothing(n);
	case CLAIM_ALIKE:
		return n->shape == first->shape;
	default:
		return true;
	}
}

/* FOUND is what the fact, or its first path, is about. */
static bool is_true(const struct context *in, const struct claim_fact *f,
		    struct calls *found)
{
	claim_find(in, &f->path[0], f->path[0].steps, found);
	if (f->kind == CLAIM_BEFORE)
		return are_in_order(in, f);
	if (f->kind == CLAIM_COUNT)
		return found->count >= f->low && found->count <= f->high;
	/* Two at least can be alike; of no call, nothing is true. */
	if (found->count < (f->kind == CLAIM_ALIKE ? 2 : 1))
		return false;
	for (size_t i = 0; i < found->count; i++)
		if (!is_true_of(f, found->node[i], found->node[0]))
			return false;
	return true;
}

/* --- claims --------------------------------------------------------- */

struct answer {
	size_t calls;		/* that the facts are about, together */
	unsigned int line;	/* of the first of them */
};

/* Are all facts true in this context?  If not, says so. */
static bool holds(const struct context *in, const struct claim *c,
		  struct answer *answer)
{
	for (unsigned int i = 0; i < c->facts; i++) {
		const struct claim_fact *f = &c->fact[i];
		struct calls found;
		bool good = is_true(in, f, &found);

		if (!good) {
			printf("false: %.*s\n", (int)(f->end - f->at),
			       c->text + f->at);
			claim_why(stdout, in, c, f);
		} else if (found.count && !answer->calls) {
			answer->line = found.node[0]->line;
		}
		answer->calls += found.count;
		calls_free(&found);
		if (!good)
			return false;
	}
	return true;
}

static void check_names(const struct capture *capture,
			const struct symbols *symbols,
			const struct claim_path *path)
{
	const struct context all = { .capture = capture };

	for (unsigned int i = 0; i < path->steps; i++) {
		struct claim_step step = { .name = path->step[i].name,
					   .deep = true };
		const struct claim_path name = { &step, 1, 0, 0 };
		struct calls found;

		/* The index has no system calls and no tracepoints. */
		if (path->step[i].kind == '@' || path->step[i].kind == '!' ||
		    strchr(step.name, '*'))
			continue;
		claim_find(&all, &name, 1, &found);
		if (!found.count && !symbols_find(symbols, step.name))
			die(KVT_USAGE, "neither the capture nor the index has"
			    " %s: that it is not called says nothing",
			    step.name);
		calls_free(&found);
	}
}

/* A misspelt name is never called. */
static void check_absences(const struct capture *capture,
			   const struct symbols *symbols,
			   const struct claim *c)
{
	for (unsigned int i = 0; symbols && i < c->facts; i++)
		if (c->fact[i].kind == CLAIM_COUNT && !c->fact[i].low)
			check_names(capture, symbols, &c->fact[i].path[0]);
}

/* The calls that the claim's "in" means; false, and a reason, if none. */
static bool find_scope(const struct capture *capture, const struct claim *c,
		       struct calls *scope)
{
	const struct context all = { .capture = capture };

	claim_find(&all, &c->scope, c->scope.steps, scope);
	if (scope->count || !c->scope.steps)
		return true;
	printf("false: in %.*s\n", (int)(c->scope.end - c->scope.at),
	       c->text + c->scope.at);
	claim_why_no_scope(stdout, &all, c);
	return false;
}

static bool is_claim_true(const struct capture *capture,
			  const struct claim *c, const struct calls *scope,
			  struct answer *answer)
{
	struct context in = { .capture = capture };

	if (!scope->count)
		return holds(&in, c, answer);
	for (size_t i = 0; i < scope->count; i++) {
		in.scope = scope->node[i];
		if (!holds(&in, c, answer))
			return false;
	}
	return true;
}

static void say_true(const struct answer *a, const struct calls *scope)
{
	printf("true: %zu call%s", a->calls, a->calls == 1 ? "" : "s");
	if (a->calls > 1)
		printf(", the first in line %u", a->line);
	if (a->calls == 1)
		printf(", in line %u", a->line);
	if (scope->count > 1)
		printf("; in each of %zu calls", scope->count);
	putchar('\n');
}

struct claim_options {
	struct options shared;
	const char *mode;	/* that the capture must have */
	bool text, html;	/* print the evidence */
};

static bool is_of_mode(const struct capture *capture, const char *mode)
{
	const char *is = capture_header(capture, "mode") ?: "unknown";

	if (!mode || !strcmp(mode, is))
		return true;
	printf("false: the capture is of mode %s, not %s\n", is, mode);
	return false;
}

static bool claim(struct capture *capture, const struct claim *c,
		  struct claim_options *o)
{
	struct fragment fragment;
	const struct page page = { .out = &fragment, .base = o->shared.base,
				   .symbols = options_symbols(&o->shared) };
	const struct painter painter = { .colour = o->shared.colour,
					 .symbols = page.symbols };
	struct answer answer = { .calls = 0 };
	struct calls scope = { .count = 0 };
	bool good;

	fragment_print(&fragment, stdout);
	check_absences(capture, page.symbols, c);
	good = is_of_mode(capture, o->mode) &&
	       find_scope(capture, c, &scope) &&
	       is_claim_true(capture, c, &scope, &answer);
	if (good && !o->html)
		say_true(&answer, &scope);
	if (good && (o->html || o->text))
		claim_show(capture, c, &scope, o->html ? &page : NULL,
			   &painter);
	calls_free(&scope);
	return good;
}

static const char claim_help[] =
"usage: kvt claim [OPTION]... CAPTURE CLAIM...\n"
"\n"
"Tells whether a capture shows what the claim says; if it does not, prints\n"
"the nearest thing that it has, and exits with 1.  Several claims are tried one\n"
"after the other, and must all be true.\n"
"\n"
"  kvm_dev_ioctl > kvm_create_vm >> kvm_share_hyp     one calls another\n"
"  in KVM_CREATE_VCPU#2: kvm_arch_vcpu_create never   below the second one\n"
"  kvm_share_hyp(from=vcpu#0) returns 0               each such call does\n"
"\n"
"CLAIMS in kvt(1) has the whole language.\n"
"\n"
"  --mode MODE         the capture must be of it: vhe, nvhe or protected\n"
"  --evidence FORMAT   text or html: the calls that make the claim true\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   in HTML: what the links begin with\n"
"  --color WHEN        always, never or auto, as in `kvt show`\n";

static void take_option(void *data, int opt, const char *value)
{
	struct claim_options *o = data;

	if (opt == 'm') {
		if (strcmp(value, "vhe") && strcmp(value, "nvhe") &&
		    strcmp(value, "protected"))
			die(KVT_USAGE, "--mode takes vhe, nvhe or protected,"
			    " not '%s'", value);
		o->mode = value;
		return;
	}
	o->text = !strcmp(value, "text");
	o->html = !strcmp(value, "html");
	if (!o->text && !o->html)
		die(KVT_USAGE, "--evidence takes text or html, not '%s'",
		    value);
}

int cmd_claim(int argc, char **argv)
{
	static const struct option own[] = {
		{ "mode", required_argument, NULL, 'm' },
		{ "evidence", required_argument, NULL, 'e' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_SYMBOLS | TAKE_COLOUR | TAKE_BASE, .own = own,
		.take = take_option, .help = claim_help,
	};
	struct claim_options o = { .mode = NULL };
	int status = options_parse(&o.shared, &options, &o, argc, argv);
	struct capture *capture;
	struct claim **claims;
	int count = argc - optind - 1;

	if (status >= 0)
		return status;
	if (count < 1)
		die(KVT_USAGE, "claim takes one capture and one claim or more,"
		    " in quotes; see 'kvt claim --help'");
	if (o.html && !o.shared.symbols_file)
		die(KVT_USAGE, "--evidence html needs --symbols TSV");
	claims = xcalloc(count, sizeof(*claims));
	for (int i = 0; i < count; i++)
		claims[i] = claim_parse(argv[optind + 1 + i]);
	capture = capture_read(argv[optind]);
	for (unsigned int i = 0; i < capture->threads; i++)
		tree_fold(&capture->thread[i].root);
	status = KVT_OK;
	for (int i = 0; i < count; i++) {
		if (!claim(capture, claims[i], &o))
			status = KVT_DIFFERENT;
		claim_free(claims[i]);
	}
	free(claims);
	capture_free(capture);
	options_free(&o.shared);
	close_file(stdout, "standard output");
	return status;
}
