// SPDX-License-Identifier: MIT
/* The options of the function-graph tracer, of the machine or an instance. */
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

/* An option that the instance does not have is the machine's. */
static char option_value(struct tracefs_instance *instance, int i)
{
	const char *file = shared_options[i].file;
	char *text = tracefs_instance_file_read(instance, file, NULL);
	char value;

	if (!text && instance)
		return option_value(NULL, i);
	value = text ? text[0] : '-';
	free(text);
	return value;
}

struct shared_values shared_read(struct tracefs_instance *instance)
{
	struct shared_values v = { 0 };

	for (int i = 0; i < SHARED_OPTIONS; i++)
		v.value[i] = option_value(instance, i);
	return v;
}

static void option_write(struct tracefs_instance *instance, int i, char value)
{
	const char *file = shared_options[i].file;
	char text[2] = { value };

	if (value == '-' || option_value(instance, i) == value)
		return;
	if (!tracefs_file_exists(instance, file))
		instance = NULL;
	tracefs_instance_file_write(instance, file, text);
}

void shared_write(const struct shared_values *v)
{
	for (int i = 0; i < SHARED_OPTIONS; i++)
		option_write(NULL, i, v->value[i]);
}

struct shared_values shared_prepare(struct tracefs_instance *instance)
{
	for (int i = 0; i < SHARED_OPTIONS; i++)
		option_write(instance, i, shared_options[i].wanted);
	return shared_read(instance);
}
