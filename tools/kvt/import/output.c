// SPDX-License-Identifier: MIT
/* Puts a capture together: header, threads, and the line that ends it. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/spool.h"
#include "base/text.h"
#include "base/vec.h"
#include "import/meta.h"
#include "import/output.h"
#include "import/render.h"
#include "import/outline.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"

/* --- header --------------------------------------------------------- */

static void add_sources(struct buf *out, const struct output *o)
{
	for (int i = 0; i < o->sources; i++) {
		size_t size;
		char *text = read_file(o->source[i], &size), hex[65];
		const char *fault = text_fault(o->source[i]);

		if (fault)
			die(KVT_USAGE, "--source: a capture cannot hold this"
			    " name: %s", fault);
		sha256_hex(text, size, hex);
		buf_printf(out, "source %s sha256:%s\n", o->source[i], hex);
		free(text);
	}
}

/* Writes "KEY VALUE" of the recording.  A program can have any name, but a
 * capture is text. */
static void add_plain(struct buf *out, const struct meta *m, const char *key)
{
	const char *value = meta_get(m, key);
	bool faulty = text_fault(value);

	buf_printf(out, "%s ", key);
	for (; *value; value++)
		buf_putc(out, faulty && (*value < ' ' || *value > '~') ?
			      '?' : *value);
	buf_putc(out, '\n');
}

/* Is WORD, of N bytes, a feature that the recorder says there is, and that the
 * lines do not have? */
static bool is_missing(const struct output *o, const char *word, size_t n)
{
	return (n == 5 && !strncmp(word, "sites", n) && !o->sites) ||
	       (n == 4 && !strncmp(word, "args", n) && !o->args);
}

/* Writes the features that the capture has. */
static void add_features(struct buf *out, const struct output *o)
{
	const char *word = meta_get(o->meta, "features");

	buf_puts(out, "features");
	while (*word) {
		size_t n = strcspn(word, " ");

		if (n && !is_missing(o, word, n)) {
			buf_putc(out, ' ');
			buf_add(out, word, n);
		}
		word += n + (word[n] == ' ');
	}
	buf_putc(out, '\n');
}

static void add_header(struct buf *out, const struct output *o)
{
	const struct meta *m = o->meta;
	/* Of a recording that was made with fewer, --functions has them. */
	const char *recorded = meta_find(m, "recorded");

	buf_printf(out, "kvt 1\nkernel %s %s config sha256:%s\n",
		   meta_get(m, "release"), meta_get(m, "machine"),
		   o->facts->config);
	buf_printf(out, "mode %s\n", meta_get(m, "mode"));
	buf_printf(out, "cpu %s\n", meta_get(m, "cpu"));
	if (o->machine)
		buf_printf(out, "machine %s\n", o->machine);
	add_plain(out, m, "program");
	buf_printf(out, "status %s\n", meta_get(m, "status"));
	add_sources(out, o);
	buf_printf(out, "functions %zu of virt/kvm arch/arm64/kvm",
		   recorded ? strtoul(recorded, NULL, 10) :
		   o->facts->functions);
	for (int i = 0; boundary_functions[i]; i++)
		buf_printf(out, " +%s", boundary_functions[i]);
	buf_printf(out, "\nuntraced %zu\n", o->facts->untraced);
	add_features(out, o);
	buf_puts(out, "lost 0\n");
	if (meta_find(m, "stopped"))
		add_plain(out, m, "stopped");
	if (o->attached)
		buf_printf(out, "begun-before %lu\n", o->outline->begun);
}

/* --- the capture ---------------------------------------------------- */

struct sum_writer {
	FILE *file;
	struct sha256_ctx sum;
};

static void write_summed(void *user, const char *data, size_t size)
{
	struct sum_writer *w = user;

	fwrite(data, 1, size, w->file);
	sha256_update(&w->sum, size, (const uint8_t *)data);
}

static void write_threads(struct sum_writer *w, struct rendering *lines)
{
	for (size_t i = 0; i < arrlenu(lines->thread); i++) {
		struct spool *text = &lines->thread[i].text;
		char line[32];

		if (spool_is_empty(text))
			continue;
		write_summed(w, line, snprintf(line, sizeof(line),
					       "thread %zu\n", i));
		spool_read(text, write_summed, w);
		spool_free(text);
	}
}

void output_capture(const struct output *o)
{
	const char *path = o->path;
	struct sum_writer w;
	struct buf header = { 0 };
	char hex[65];

	add_header(&header, o);
	w.file = path ? open_file(path, "we") : stdout;
	sha256_init(&w.sum);
	write_summed(&w, header.text, header.size);
	buf_free(&header);
	write_threads(&w, o->lines);
	sha256_end(&w.sum, hex);
	fprintf(w.file, "end %lu sha256:%s\n", o->lines->records, hex);
	if (path)
		close_file(w.file, path);
}

/* --- times ---------------------------------------------------------- */

struct time_writer {
	FILE *file;
	unsigned long records;
	struct buf text;
};

/* DATA is whole records, since a spool's blocks hold a whole number. */
static void write_spans(void *user, const char *data, size_t size)
{
	struct time_writer *w = user;
	struct record_span span;

	for (size_t at = 0; at + sizeof(span) <= size; at += sizeof(span)) {
		memcpy(&span, data + at, sizeof(span));
		buf_unsigned(&w->text, ++w->records);
		buf_putc(&w->text, '\t');
		buf_unsigned(&w->text, span.start);
		buf_putc(&w->text, '\t');
		buf_unsigned(&w->text, span.duration);
		buf_putc(&w->text, '\t');
		buf_signed(&w->text, span.cpu);
		buf_putc(&w->text, '\n');
	}
	fwrite(w->text.text, 1, w->text.size, w->file);
	buf_clear(&w->text);
}

void output_times(const struct output *o)
{
	struct time_writer w = { .file = open_file(o->times, "we") };

	fputs("record\tstart_ns\tduration_ns\tcpu\n", w.file);
	for (size_t i = 0; i < arrlenu(o->lines->thread); i++)
		if (!spool_is_empty(&o->lines->thread[i].times))
			spool_read(&o->lines->thread[i].times, write_spans,
				   &w);
	fprintf(w.file, "# folded: %lu interrupt rounds, %lu scheduler"
		" visits, %lu copied pages\n", o->outline->rounds,
		o->outline->schedules, o->outline->copies);
	close_file(w.file, o->times);
	buf_free(&w.text);
}
