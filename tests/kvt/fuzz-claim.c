// SPDX-License-Identifier: MIT
/*
 * Fuzzes the language of claims.  What must hold of every input:
 *
 *   - it is understood, or refused with KVT_USAGE;
 *   - each fact that was understood is one by itself, of the same kind;
 *   - it is true or false of a capture, the same each time, and both can
 *     be explained;
 *   - claim_free() gives everything back.
 */
#include <getopt.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "commands.h"
#include "compare/claim_parse.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "fuzz.h"

static char *sealed;
static size_t sealed_size;

struct capture *__wrap_capture_read(const char *file)
{
	char *text = xcalloc(1, sealed_size + 1);

	memcpy(text, sealed, sealed_size);
	return capture_read_text(file, text, sealed_size);
}

void __wrap_close_file(FILE *f, const char *path)
{
	(void)f;
	(void)path;
}

struct symbols *__wrap_symbols_load(const char *path)
{
	struct symbols *all = xcalloc(1, sizeof(*all));

	(void)path;
	arrput(all->sym, ((struct symbol){
		"a", "function", "virt/kvm/a.c", 1, 2
	}));
	all->count = 1;
	return all;
}

/* Parses the first fact alone: it must be the same fact. */
static void stands_alone(const struct claim *c)
{
	const struct claim_fact *f = &c->fact[0];
	char *text = xasprintf("%.*s", (int)(f->end - f->at),
			       c->text + f->at);
	struct claim *again = claim_parse(text);

	must(again->facts == 1 && again->fact[0].kind == f->kind &&
	     again->fact[0].paths == f->paths &&
	     again->fact[0].path[0].steps == f->path[0].steps &&
	     again->fact[0].low == f->low && again->fact[0].high == f->high,
	     "a fact is a claim");
	claim_free(again);
	free(text);
}

static bool parses(const char *text)
{
	struct claim *c;

	died_code = 0;
	if (setjmp(died)) {
		must(died_code == KVT_USAGE, "exit code 2");
		free_live();
		return false;
	}
	c = claim_parse(text);
	stands_alone(c);
	claim_free(c);
	must(!lives, "claim_free() gives everything back");
	return true;
}

/* Returns the exit code of kvt claim. */
static int run(const char *text, const char *evidence)
{
	static char *argv[8];

	argv[0] = "claim";
	argv[1] = "--evidence";
	argv[2] = (char *)evidence;
	argv[3] = "--symbols";
	argv[4] = "s";
	argv[5] = "x";
	argv[6] = (char *)text;
	optind = 0;
	died_code = 0;
	if (!setjmp(died))
		died_code = cmd_claim(7, argv);
	/* HTML dies if the index lacks a function. */
	must(died_code <= KVT_USAGE || died_code == KVT_FAILED,
	     "a claim is true, false or refused");
	free_live();
	return died_code;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char path[] = "tests/kvt/sites.kvt";
	FILE *in = fopen(path, "r");
	long size;

	(void)argc;
	(void)argv;
	if (!in || fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0)
		abort();
	rewind(in);
	sealed = malloc(size + 1);
	sealed_size = fread(sealed, 1, size, in);
	fclose(in);
	drop_live(sealed);
	return !freopen("/dev/null", "w", stdout);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = __real_calloc(1, size + 1);
	int code;

	memcpy(text, data, size);
	/* An option is not the claim's. */
	if (parses(text) && text[0] != '-') {
		code = run(text, "text");
		must(code == run(text, "text"), "it is so each time");
		must(code == KVT_USAGE || code != KVT_OK ||
		     run(text, "html") != KVT_DIFFERENT,
		     "evidence does not change what is true");
	}
	__real_free(text);
	return 0;
}
