// SPDX-License-Identifier: MIT
/*
 * Fuzzes what reads captures.  The input is read as it is, and sealed with
 * a right end line.  What must hold of every input:
 *
 *   - it is read, or refused with KVT_BAD_CAPTURE, whole or streamed alike;
 *   - what was read is written again to the same bytes, if it had no rows;
 *     and what is written with rows is read as the same;
 *   - what a folded tree shows, times its repetitions, is every record;
 *   - a capture is the same as itself, and every command can show it;
 *   - capture_free() gives everything back.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/line_reader.h"
#include "capture/walk.h"
#include "capture/write.h"
#include "commands.h"
#include "import/syscalls.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "fuzz.h"

/* The input under test, for the commands' capture_read(). */
static const char *sealed;
static size_t sealed_size;

static char *copy(const char *text, size_t size)
{
	char *p = xcalloc(1, size + 1);

	memcpy(p, text, size);
	return p;
}

struct capture *__real_capture_read(const char *file);
struct capture *__wrap_capture_read(const char *file)
{
	return capture_read_text(file, copy(sealed, sealed_size), sealed_size);
}

struct capture *__real_capture_stream(const char *file);
struct capture *__wrap_capture_stream(const char *file)
{
	return __wrap_capture_read(file);
}

void __wrap_close_file(FILE *f, const char *path)
{
	(void)f;
	(void)path;
}

struct symbols *__real_symbols_load(const char *path);
struct symbols *__wrap_symbols_load(const char *path)
{
	struct symbols *all;

	if (strchr(path, '/'))	/* the committed one, for cover */
		return __real_symbols_load(path);
	all = xcalloc(1, sizeof(*all));
	arrput(all->sym, ((struct symbol){
		"a", "function", "virt/kvm/a.c", 1, 2
	}));
	all->count = 1;
	return all;
}

/* --- sealing -------------------------------------------------------- */

/* Takes "N times " off a line.  A row too long to try comes 0 times. */
static unsigned long take_times(const char **line)
{
	enum { ENOUGH = 1000 };
	size_t digits = strspn(*line, "0123456789");
	unsigned long times = strtoul(*line, NULL, 10);

	if (!digits || strncmp(*line + digits, " times ", 7))
		return 1;
	*line += digits + 7;
	return times > ENOUGH ? 0 : times;
}

/* Counts the records in TEXT, those of rows as often as they come. */
static unsigned long count_records(const char *text)
{
	static unsigned long times[MAX_DEPTH + 2];	/* at each depth */
	unsigned long count = 0;
	bool thread = false;

	for (const char *next; *text; text = next) {
		size_t depth = strspn(text, " ") / 2 + 1;
		const char *first = text + strspn(text, " ");

		times[0] = 1;
		depth = depth > MAX_DEPTH + 1 ? MAX_DEPTH + 1 : depth;
		next = text + strcspn(text, "\n");
		next += *next == '\n';
		if (!strncmp(text, "thread ", 7))
			thread = true;
		else if (thread && *first != '}') {
			times[depth] = times[depth - 1] * take_times(&first);
			if (times[depth] > 10000)
				times[depth] = 0;
			if (*first != '~' && *first != '?')
				count += times[depth];
		}
	}
	return count;
}

/* Returns the input with a correct end line in place of its own. */
static char *seal(const char *data, size_t size, size_t *sealed_to)
{
	char *text = xcalloc(1, size + 128), hex[65];
	size_t end;

	memcpy(text, data, size);
	if (size && text[size - 1] != '\n')
		text[size++] = '\n';
	for (end = size ? size - 1 : 0; end && text[end - 1] != '\n'; )
		end--;
	if (!strncmp(text + end, "end ", 4))
		size = end;
	text[size] = '\0';
	sha256_hex(text, size, hex);
	*sealed_to = size + sprintf(text + size, "end %lu sha256:%s\n",
				    count_records(text), hex);
	return text;
}

/* --- properties ----------------------------------------------------- */

/* Returns what show --format kvt prints. */
static char *written(struct capture *c, bool unfold, size_t *size)
{
	const struct view all = { .unfold = unfold };
	char *text;
	FILE *out = open_memstream(&text, size);

	capture_write(out, c, &all);
	fclose(out);
	return text;
}

static void is_written_alike(struct capture *c)
{
	size_t size, folded_size, again_size;
	char *text = written(c, true, &size), *again;
	char *folded = written(c, false, &folded_size);
	struct capture *d;

	must(memmem(sealed, sealed_size, " times ", 7) ||
	     (size == sealed_size && !memcmp(text, sealed, size)),
	     "show, read, show gives the same bytes");
	d = capture_read_text("folded", folded, folded_size);
	again = written(d, true, &again_size);
	must(size == again_size && !memcmp(text, again, size),
	     "nothing is lost in rows");
	capture_free(d);
	free(again);
	free(text);
}

static void count_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	unsigned long product = 1;

	(void)depth;
	(void)level;
	(void)times;
	must(!below, "nothing is left out");
	if (is_level(n))
		return;
	for (; n->parent; n = n->parent)
		product *= n->times;
	*(unsigned long *)data += product;
}

static void nothing_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void nothing_group(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

static void nothing_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static void folds_without_loss(struct capture *c)
{
	static const struct tree_ops ops = {
		nothing_thread, nothing_group, nothing_end, count_enter,
		nothing_group,
	};
	const struct view all = { .depth = 0 };
	unsigned long count = 0;

	view_prepare(c, &all);
	tree_walk(c, &all, &ops, &count);
	must(count == c->records, "folding loses and invents nothing");
}

/* Reads the sealed input as a stream; returns its bytes, or that kvt refused
 * it. */
static void streams_alike(bool refused, const char *message)
{
	static int fd = -1;
	static char path[64];
	struct capture *c;

	if (fd < 0) {
		fd = memfd_create("capture", 0);
		sprintf(path, "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) ||
	    pwrite(fd, sealed, sealed_size, 0) != (ssize_t)sealed_size)
		abort();
	died_code = 0;
	if (!setjmp(died)) {
		c = __real_capture_stream(path);
		must(!refused && c->stream, "the stream refuses it, too");
		is_written_alike(c);
		open_in = NULL;
		capture_free(c);
		must(!lives, "a stream gives its memory back");
		return;
	}
	/* Checks that kvt finds a NUL byte, first or last. */
	must(refused && died_code == KVT_BAD_CAPTURE &&
	     (memchr(sealed, '\0', sealed_size) ||
	      !strcmp(strchr(died_message, ':') ?: "", message)),
	     "the stream is refused for the same reason");
}

/* Reads the sealed input and frees it; false: kvt refused it. */
static bool reads(void)
{
	struct capture *c;

	if (setjmp(died)) {
		must(died_code == KVT_BAD_CAPTURE, "exit code 3");
		free_live();
		return false;
	}
	c = __wrap_capture_read("fuzz");
	is_written_alike(c);
	folds_without_loss(c);
	capture_free(c);
	must(!lives, "capture_free() gives everything back");
	return true;
}

/* --- commands ------------------------------------------------------- */

static void run(int (*cmd)(int, char **), const char *const *words)
{
	static char *argv[8];
	static int argc;	/* longjmp() does not change it */

	for (argc = 0; words[argc]; ) {
		argv[argc] = (char *)words[argc];
		argc++;
	}
	argv[argc] = NULL;
	optind = 0;
	died_code = 0;
	if (!setjmp(died))
		died_code = cmd(argc, argv);
	/* The index lacks a function, or the view selects nothing. */
	must(died_code == KVT_OK || died_code == KVT_USAGE ||
	     (cmd == cmd_html && died_code == KVT_FAILED),
	     "a command can show what was read");
	must((cmd != cmd_compare && cmd != cmd_diff) || died_code == KVT_OK,
	     "a capture is the same as itself");
	free_live();
}

/* Runs the other commands in turn; cover rarely, because it reads the
 * committed tables. */
static void run_another(unsigned int turn)
{
	static const struct {
		int (*cmd)(int argc, char **argv);
		const char *words[7];
	} all[] = {
		{ cmd_html, { "html", "--symbols", "s", "x" } },
		{ cmd_compare, { "compare", "x", "y" } },
		{ cmd_object, { "object", "x" } },
		{ cmd_object, { "object", "x", "vcpu#0" } },
		{ cmd_object, { "object", "--unfold", "x", "a#1" } },
		{ cmd_export, { "export", "--format", "chrome", "x" } },
		{ cmd_export, { "export", "--format", "folded", "x" } },
		{ cmd_export, { "export", "--format", "jsonl", "x" } },
		{ cmd_export, { "export", "--format", "jsonl", "--function",
				"a", "x" } },
		{ cmd_stats, { "stats", "x" } },
		{ cmd_stats, { "stats", "--json", "x" } },
		{ cmd_diff, { "diff", "x", "y" } },
		{ cmd_lines, { "lines", "x" } },
		{ cmd_strip, { "strip", "x" } },
		{ cmd_strip, { "strip", "--json", "--depth", "1", "x" } },
		{ cmd_strip, { "strip", "--html", "--page", "p", "x" } },
	};
	static const char *const cover[] = {
		"cover", "--symbols", "traces/6.18.15/symbols.tsv", "x", NULL
	};
	size_t i = turn % (sizeof(all) / sizeof(*all));

	run(all[i].cmd, all[i].words);
	if (turn % 500 == 0)
		run(cmd_cover, cover);
}

static void run_commands(void)
{
	static const char *const show[][7] = {
		{ "show", "x" }, { "show", "--unfold", "x" },
		{ "show", "--depth", "1", "x" },
		{ "show", "--color", "always", "x" },
		{ "show", "--function", "a", "--nth", "2", "x" },
		{ "show", "--syscall", "ioctl", "--symbols", "s", "x" },
		{ "show", "--format", "kvt", "--function", "a", "x" },
		{ "show", "--at", "a:1", "x" },
	};
	static unsigned int n;

	run(cmd_show, show[n++ % (sizeof(show) / sizeof(*show))]);
	run_another(n);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return !freopen("/dev/null", "w", stdout);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text, message[512];
	bool read;

	sealed = (const char *)data;
	sealed_size = size;
	reads();

	text = seal((const char *)data, size, &sealed_size);
	drop_live(text);
	sealed = text;
	read = reads();
	snprintf(message, sizeof(message), "%s",
		 strchr(died_message, ':') ?: "");
	streams_alike(!read, message);
	free_live();
	if (read)
		run_commands();
	__real_free(text);
	return 0;
}
