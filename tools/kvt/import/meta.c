// SPDX-License-Identifier: MIT
/* Reads what a recorder says of its raw recording. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/meta.h"

struct meta_line {
	char *key, *value;
};

struct meta {
	char *text;		/* the text that all lines point into */
	struct meta_line *line;	/* stb_ds */
};

struct meta *meta_read(const char *dir)
{
	struct meta *m = xcalloc(1, sizeof(*m));
	char *path = xasprintf("%s/meta", dir), *save = NULL;

	m->text = read_file(path, NULL);
	free(path);
	for (char *line = strtok_r(m->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *blank = line + strcspn(line, " ");
		struct meta_line l = { .key = line, .value = blank };

		if (*blank) {
			*blank = '\0';
			l.value++;
		}
		arrput(m->line, l);
	}
	return m;
}

const char *meta_find(const struct meta *m, const char *key)
{
	for (size_t i = 0; i < arrlenu(m->line); i++)
		if (!strcmp(m->line[i].key, key))
			return m->line[i].value;
	return NULL;
}

const char *meta_get(const struct meta *m, const char *key)
{
	const char *value = meta_find(m, key);

	if (!value)
		die(KVT_FAILED, "the recording's meta file has no line '%s'",
		    key);
	return value;
}

bool meta_has(const struct meta *m, const char *key, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = meta_get(m, key); *p; p += *p == ' ') {
		size_t length = strcspn(p, " ");

		if (length == n && !strncmp(p, word, n))
			return true;
		p += length;
	}
	return false;
}

size_t meta_page_size(const struct meta *m)
{
	enum { USUAL = 4096, LEAST = 1024, MOST = 1 << 20 };
	const char *value = meta_find(m, "page-size");
	char *end;
	unsigned long size;

	if (!value)
		return USUAL;
	size = strtoul(value, &end, 10);
	if (*end || size < LEAST || size > MOST || size & (size - 1))
		die(KVT_BAD_CAPTURE, "the recording has pages of '%s' bytes,"
		    " which no ring buffer has", value);
	return size;
}

/* Splits "NAME SIZE": a page file and its length. */
static void check_file(const char *dir, const char *value)
{
	const char *blank = strrchr(value, ' ');
	char *end = NULL, *path;
	unsigned long long size = blank ? strtoull(blank + 1, &end, 10) : 0;
	struct stat st;

	if (!blank || end == blank + 1 || *end)
		die(KVT_BAD_CAPTURE, "the recording's meta file does not say"
		    " how long a file is: 'bytes %s'", value);
	path = xasprintf("%s/%.*s", dir, (int)(blank - value), value);
	if (stat(path, &st))
		die(KVT_BAD_CAPTURE, "the recording was cut: %s: %s", path,
		    strerror(errno));
	if (st.st_size != (off_t)size)
		die(KVT_BAD_CAPTURE, "the recording was cut: %s has %lld of"
		    " the %llu bytes that were recorded", path,
		    (long long)st.st_size, size);
	free(path);
}

void meta_check_files(const struct meta *m, const char *dir)
{
	size_t lines = arrlenu(m->line);

	if (!lines || strcmp(m->line[lines - 1].key, "end"))
		die(KVT_BAD_CAPTURE, "the recording was cut: the last line of"
		    " %s/meta is not 'end'; record again", dir);
	for (size_t i = 0; i < lines; i++)
		if (!strcmp(m->line[i].key, "bytes"))
			check_file(dir, m->line[i].value);
}

void meta_free(struct meta *m)
{
	arrfree(m->line);
	free(m->text);
	free(m);
}
