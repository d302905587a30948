// SPDX-License-Identifier: MIT
/*
 * kvt claim: does a capture show what a text says it does?
 *
 *   claim_parse.c  the language; kvt(1) has its grammar
 *   claim_find.c   which calls a path means
 *   claim_true.c   whether a fact is true
 *   claim_proof.c  whether the capture proves it, too
 *   claim_why.c    what a capture has instead of what a false one says
 *   claim_show.c   the calls that make a claim true
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "commands.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_proof.h"
#include "compare/claim_show.h"
#include "compare/claim_true.h"
#include "compare/claim_why.h"
#include "kernel/symbols.h"
#include "view/html.h"
#include "view/options.h"
#include "view/show.h"

/* --- claims --------------------------------------------------------- */

struct answer {
	bool has_threads;	/* asked: what may another thread change? */
	size_t calls;		/* of the calls that the facts are about */
	unsigned int line;	/* of the first of them */
};

/* Is the fact, which is true, proved?  If not, says so. */
static bool is_proved(const struct claim_context *in, const struct claim *c,
		      const struct claim_fact *f, const struct answer *answer)
{
	const char *why = claim_lacks_proof(in, c, f, answer->has_threads);

	if (why)
		printf("no proof: %.*s\n%s\n", (int)(f->end - f->at),
		       c->text + f->at, why);
	return !why;
}

/* Are all facts true in this context, and proved?  If not, says so. */
static bool holds(const struct claim_context *in, const struct claim *c,
		  struct answer *answer)
{
	for (unsigned int i = 0; i < c->facts; i++) {
		const struct claim_fact *f = &c->fact[i];
		const struct node **found = claim_find(in, &f->path[0],
						       f->path[0].steps);
		bool good = claim_is_true(in, f, found);

		if (!good) {
			printf("false: %.*s\n", (int)(f->end - f->at),
			       c->text + f->at);
			claim_why(stdout, in, c, f);
		} else if (found && !answer->calls) {
			answer->line = found[0]->line;
		}
		good = good && is_proved(in, c, f, answer);
		answer->calls += arrlen(found);
		arrfree(found);
		if (!good)
			return false;
	}
	return true;
}

static void check_names(const struct capture *capture,
			const struct symbols *symbols,
			const struct claim_path *path)
{
	const struct claim_context all = { .capture = capture };

	for (unsigned int i = 0; i < path->steps; i++) {
		struct claim_step step = { .name = path->step[i].name,
					   .deep = true };
		const struct claim_path name = { &step, 1, 0, 0 };
		const struct node **found;

		/* Is it a name that the index can have?  It has no system
		 * calls and no tracepoints. */
		if (path->step[i].kind == '@' || path->step[i].kind == '!' ||
		    strchr(step.name, '*'))
			continue;
		found = claim_find(&all, &name, 1);
		if (!found && !symbols_find(symbols, step.name))
			die(KVT_USAGE, "neither the capture nor the index has"
			    " %s: that it is not called says nothing",
			    step.name);
		arrfree(found);
	}
}

/* Refuses unknown names: nobody calls a misspelled one, so "calls no X" would
 * be true. */
static void check_absences(const struct capture *capture,
			   const struct symbols *symbols,
			   const struct claim *c)
{
	for (unsigned int i = 0; symbols && i < c->facts; i++)
		if (c->fact[i].kind == CLAIM_COUNT && !c->fact[i].low)
			check_names(capture, symbols, &c->fact[i].path[0]);
}

/* Sets *SCOPE to the calls that the claim's "in" means; false, and a reason,
 * if there are none. */
static bool find_scope(const struct capture *capture, const struct claim *c,
		       const struct node ***scope)
{
	const struct claim_context all = { .capture = capture };

	*scope = claim_find(&all, &c->scope, c->scope.steps);
	if (*scope || !c->scope.steps)
		return true;
	printf("false: in %.*s\n", (int)(c->scope.end - c->scope.at),
	       c->text + c->scope.at);
	claim_why_no_scope(stdout, &all, c);
	return false;
}

static bool holds_in(const struct capture *capture, const struct claim *c,
		     const struct node *const *scope, struct answer *answer)
{
	struct claim_context in = { .capture = capture };

	if (!scope)
		return holds(&in, c, answer);
	for (size_t i = 0; i < arrlenu(scope); i++) {
		in.scope = scope[i];
		if (!holds(&in, c, answer))
			return false;
	}
	return true;
}

static void say_true(const struct answer *a, size_t scopes)
{
	printf("true: %zu call%s", a->calls, a->calls == 1 ? "" : "s");
	if (a->calls > 1)
		printf(", the first in line %u", a->line);
	if (a->calls == 1)
		printf(", in line %u", a->line);
	if (scopes > 1)
		printf("; in each of %zu calls", scopes);
	putchar('\n');
}

struct claim_options {
	struct options shared;
	const char *mode;	/* what the capture must show */
	bool text, html, json;	/* print the evidence */
	bool has_threads;	/* the program, whose threads are not trusted */
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
				   .symbols = options_symbols(&o->shared, capture) };
	const struct painter painter = { .colour = o->shared.colour,
					 .symbols = page.symbols };
	struct answer answer = { .has_threads = o->has_threads };
	const struct node **scope = NULL;
	bool good;

	if (o->json)
		fragment_collect(&fragment);
	else
		fragment_print(&fragment, stdout);
	check_absences(capture, page.symbols, c);
	good = is_of_mode(capture, o->mode) &&
	       find_scope(capture, c, &scope) &&
	       holds_in(capture, c, scope, &answer);
	if (good && !o->html)
		say_true(&answer, arrlen(scope));
	if (good && (o->html || o->text))
		claim_show(capture, c, scope, o->html ? &page : NULL,
			   &painter);
	arrfree(scope);
	if (good)
		fragment_print_parts(&fragment);
	else
		json_object_put(fragment_end(&fragment));
	return good;
}

static const char claim_help[] =
"usage: kvt claim [OPTION]... CAPTURE CLAIM...\n"
"\n"
"Tells whether a capture shows what the claim says.  If it does not, prints\n"
"the nearest thing that the capture has, and exits with 1.  If there are\n"
"several claims, all must be true.  A recording that was stopped proves only\n"
"what no later call could make false.\n"
"\n"
"  kvm_dev_ioctl > kvm_create_vm >> kvm_share_hyp     one calls another\n"
"  in KVM_CREATE_VCPU#2: kvm_arch_vcpu_create never   below the second one\n"
"  kvm_share_hyp(from=vcpu#0) returns 0               each such call does\n"
"\n"
"CLAIMS in kvt(1) has the whole language.\n"
"\n"
"  --mode MODE         require a capture of this mode: vhe, nvhe, protected\n"
"                      or nested\n"
"  --threads           what an ioctl was given by address is no proof, because\n"
"                      another thread of the program could have changed it\n"
"  --evidence FORMAT   print the calls that make the claim true, as text, html\n"
"                      or json: a line for each claim that is true, an object\n"
"                      whose html is as `kvt html --json` prints it\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   in HTML: what the links begin with\n"
"  --color WHEN        always, never or auto, as in `kvt show`\n";

static void set_claim_option(void *data, int opt, const char *value)
{
	struct claim_options *o = data;

	if (opt == 't') {
		o->has_threads = true;
		return;
	}
	if (opt == 'm') {
		if (strcmp(value, "vhe") && strcmp(value, "nvhe") &&
		    strcmp(value, "protected") && strcmp(value, "nested"))
			die(KVT_USAGE, "--mode takes vhe, nvhe, protected or"
			    " nested, not '%s'", value);
		o->mode = value;
		return;
	}
	o->text = !strcmp(value, "text");
	o->json = !strcmp(value, "json");
	o->html = o->json || !strcmp(value, "html");
	if (!o->text && !o->html)
		die(KVT_USAGE, "--evidence takes text, html or json, not"
		    " '%s'", value);
}

int cmd_claim(int argc, char **argv)
{
	static const struct option own[] = {
		{ "mode", required_argument, NULL, 'm' },
		{ "evidence", required_argument, NULL, 'e' },
		{ "threads", no_argument, NULL, 't' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_SYMBOLS | TAKE_COLOUR | TAKE_BASE, .own = own,
		.take = set_claim_option, .help = claim_help,
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
		die(KVT_USAGE, "--evidence html or json needs --symbols TSV");
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
