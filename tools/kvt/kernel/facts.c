// SPDX-License-Identifier: MIT
/* Loads what is known of a kernel; kernel/gather.c gathers it. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

static int by_address(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return f->address < g->address ? -1 : f->address > g->address;
}

struct function *functions_load(const char *path, size_t *count)
{
	struct function *f = NULL;
	char *field[4];
	struct tsv t;

	tsv_open(&t, path);
	while (tsv_next(&t, field, 4))
		arrput(f, ((struct function){
			.number = strtoul(field[0], NULL, 10),
			.address = strtoull(field[1], NULL, 16),
			.is_static = !strcmp(field[3], "static"),
			.name = xstrdup(field[2]),
		}));
	tsv_close(&t);
	*count = arrlenu(f);
	return f;
}

void functions_free(struct function *f)
{
	for (size_t i = 0; i < arrlenu(f); i++)
		free(f[i].name);
	arrfree(f);
}

static struct tep_handle *load_events(const char *path)
{
	struct tep_handle *tep = tep_alloc();
	char *text = read_file(path, NULL), *part = text;

	if (!tep)
		die(KVT_FAILED, "out of memory");
	tep_set_file_bigendian(tep, TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(tep, TEP_LITTLE_ENDIAN);
	tep_set_long_size(tep, 8);
	while (part && !strncmp(part, "system ", 7)) {
		char *system = part + 7, *format = strchr(system, '\n');

		if (!format)
			break;
		*format++ = '\0';
		part = strstr(format, "\nsystem ");
		if (part)
			*part++ = '\0';
		/* We do not need print formats that it cannot parse. */
		tep_parse_event(tep, format, strlen(format), system);
	}
	free(text);
	return tep;
}

static size_t count_lines(const char *path)
{
	char *text = read_file(path, NULL);
	size_t n = 0;

	for (const char *p = text; *p; p++)
		n += *p == '\n';
	free(text);
	return n;
}

struct facts *facts_load(const char *dir)
{
	struct facts *f = xcalloc(1, sizeof(*f));
	char *path = xasprintf("%s/functions.tsv", dir), *config;

	f->function = functions_load(path, &f->functions);
	qsort(f->function, f->functions, sizeof(*f->function), by_address);
	free(path);
	path = xasprintf("%s/variables.tsv", dir);
	f->variable = functions_load(path, &f->variables);
	qsort(f->variable, f->variables, sizeof(*f->variable), by_address);
	free(path);
	path = xasprintf("%s/events.txt", dir);
	f->tep = load_events(path);
	free(path);
	path = xasprintf("%s/btf", dir);
	f->types = types_load(path);
	free(path);
	path = xasprintf("%s/untraced.tsv", dir);
	f->untraced = count_lines(path);
	free(path);
	path = xasprintf("%s/release", dir);
	f->release = read_file(path, NULL);
	free(path);
	path = xasprintf("%s/config.sha256", dir);
	config = read_file(path, NULL);
	snprintf(f->config, sizeof(f->config), "%s", config);
	free(config);
	free(path);
	return f;
}

const struct function *facts_function(const struct facts *f, uint64_t addr)
{
	/* Finds the first one after ADDR. */
	size_t low = lower_bound(f->function, f->functions, address, addr + 1);

	/* The tracer reports the function's entry or a few bytes into it. */
	if (low && addr - f->function[low - 1].address < 16)
		return &f->function[low - 1];
	if (low < f->functions && f->function[low].address - addr < 16)
		return &f->function[low];
	return NULL;
}

const char *facts_variable(const struct facts *f, uint64_t addr)
{
	struct function key = { .address = addr }, *v;

	if (!f->variables)
		return NULL;
	v = bsearch(&key, f->variable, f->variables, sizeof(key),
		    by_address);
	return v ? v->name : NULL;
}
