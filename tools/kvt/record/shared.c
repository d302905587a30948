// SPDX-License-Identifier: MIT
/* The options that Linux 6.18 keeps once for all tracing instances. */
#include <stdlib.h>
#include <tracefs.h>

#include "record/shared.h"

static const struct {
	const char *file;
	char wanted;
} shared_options[SHARED_OPTIONS] = {
	[SHARED_ARGS] = { "options/funcgraph-args", '1' },
	[SHARED_RETVAL] = { "options/funcgraph-retval", '1' },
	[SHARED_RETADDR] = { "options/funcgraph-retaddr", '0' },
	[SHARED_IRQS] = { "options/funcgraph-irqs", '0' },
};

static char option_value(int i)
{
	char *text = tracefs_instance_file_read(NULL, shared_options[i].file,
						NULL);
	char value = text ? text[0] : '-';

	free(text);
	return value;
}

struct shared_values shared_read(void)
{
	struct shared_values v = { 0 };

	for (int i = 0; i < SHARED_OPTIONS; i++)
		v.value[i] = option_value(i);
	return v;
}

static void option_write(int i, char value)
{
	char text[2] = { value };

	if (value != '-' && option_value(i) != value)
		tracefs_instance_file_write(NULL, shared_options[i].file,
					    text);
}

void shared_write(const struct shared_values *v)
{
	for (int i = 0; i < SHARED_OPTIONS; i++)
		option_write(i, v->value[i]);
}

struct shared_values shared_prepare(void)
{
	for (int i = 0; i < SHARED_OPTIONS; i++)
		option_write(i, shared_options[i].wanted);
	return shared_read();
}
