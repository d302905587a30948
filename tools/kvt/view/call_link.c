// SPDX-License-Identifier: MIT
/* The name by which the book's pages link to a call. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "view/call_link.h"

enum {
	WHOLE_STEPS = 5,	/* a way of more than these is cut short */
	BRIEF = 36 * 36 * 36 * 36,
};

/* Four letters made of TEXT: FNV-1a, as script/calls.js has it. */
static void write_brief(struct buf *b, const char *text)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	hash %= BRIEF;
	for (uint32_t unit = BRIEF / 36; unit; unit /= 36)
		buf_putc(b, letters[hash / unit % 36]);
}

/* The name of one call on the way. */
static char *step_of(const struct identities *all, const struct node *n)
{
	unsigned long number = identity_number(all, n);
	struct buf b = { .text = NULL };
	size_t length;
	const char *name = identity_name(n, &length);

	buf_puts(&b, is_level(n) ? "~" : n->kind == NODE_EVENT ? "!" : "");
	buf_add(&b, name, length);
	if (number > 1)
		buf_printf(&b, ".%lu", number);
	return buf_take(&b);
}

static char **steps_to(const struct identities *all, const struct node *n)
{
	char **steps = NULL;

	for (const struct node *at = n; at && at->name; at = at->parent)
		if (at == n || !is_level(at))
			arrins(steps, 0, step_of(all, at));
	return steps;
}

/* The steps from FROM to TO, with slashes between them. */
static void join_steps(struct buf *b, char **steps, long from, long to)
{
	for (long i = from; i < to; i++) {
		buf_puts(b, i > from ? "/" : "");
		buf_puts(b, steps[i]);
	}
}

char *call_link(const struct capture *c, const struct identities *all,
		const struct node *n)
{
	const char *mode = capture_header(c, "mode") ?: "vhe";
	struct buf link = { .text = NULL }, middle = { .text = NULL };
	char **steps = steps_to(all, n);
	long count = arrlen(steps);

	buf_puts(&link, capture_header(c, "program") ?: "");
	if (strcmp(mode, "vhe"))
		buf_printf(&link, ".%s", mode);
	buf_putc(&link, '/');
	if (count > WHOLE_STEPS) {
		join_steps(&middle, steps, 1, count - 2);
		buf_printf(&link, "%s/+", steps[0]);
		write_brief(&link, middle.text);
		buf_putc(&link, '/');
		join_steps(&link, steps, count - 2, count);
	} else {
		join_steps(&link, steps, 0, count);
	}
	buf_free(&middle);
	for (long i = 0; i < count; i++)
		free(steps[i]);
	arrfree(steps);
	return buf_take(&link);
}
