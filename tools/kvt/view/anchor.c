// SPDX-License-Identifier: MIT
/* The link to a call. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "view/anchor.h"
#include "view/identity.h"

/* The system call, and the two functions at the end; what is between them
 * becomes four letters. */
enum { WHOLE_STEPS = 5, FIRST_STEPS = 1, LAST_STEPS = 2 };

static void add_anchor_step(struct buf *b, const struct identities *all,
			    const struct node *n)
{
	unsigned long number = identity_number(all, n);
	size_t length;
	const char *name = identity_name(n, &length);

	if (n->kind == NODE_EVENT)
		buf_putc(b, '!');
	/* What the compiler appended to a name is not shown. */
	if (n->kind == NODE_CALL)
		length = strcspn(name, ".");
	buf_add(b, name, length);
	if (number > 1)
		buf_printf(b, ".%lu", number);
}

/* The steps FIRST to LAST, which is left out, with a slash between them. */
static void add_anchor_steps(struct buf *b, const struct identities *all,
			     const struct node **way, long first, long last)
{
	for (long i = first; i < last; i++) {
		if (i > first)
			buf_putc(b, '/');
		add_anchor_step(b, all, way[i]);
	}
}

/* FNV-1a in four letters, as brief() of calls.js has it. */
static void add_brief(struct buf *b, const char *text)
{
	static const char digit[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t hash = 2166136261u;
	char letters[5] = "";

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	for (int i = 3; i >= 0; i--, hash /= 36)
		letters[i] = digit[hash % 36];
	buf_printf(b, "+%s/", letters);
}

/* N and all recorded calls that it stands in, outermost first: stb_ds. */
static const struct node **way_to(const struct node *n)
{
	const struct node **way = NULL;

	for (; n; n = identity_recorded(n->parent))
		arrput(way, n);
	for (long i = 0, k = arrlen(way) - 1; i < k; i++, k--) {
		const struct node *swapped = way[i];

		way[i] = way[k];
		way[k] = swapped;
	}
	return way;
}

char *anchor_of(const struct identities *all, const struct capture *c,
		const struct node *n)
{
	const char *mode = capture_header(c, "mode") ?: "";
	const struct node **way = way_to(n);
	long steps = arrlen(way), last = 0;
	struct buf b = { 0 }, middle = { 0 };

	buf_puts(&b, capture_header(c, "program") ?: "");
	if (strcmp(mode, "vhe"))
		buf_printf(&b, ".%s", mode);
	buf_putc(&b, '/');
	if (steps > WHOLE_STEPS) {
		last = steps - LAST_STEPS;
		add_anchor_steps(&middle, all, way, FIRST_STEPS, last);
		add_anchor_steps(&b, all, way, 0, FIRST_STEPS);
		buf_putc(&b, '/');
		add_brief(&b, middle.text);
		buf_free(&middle);
	}
	add_anchor_steps(&b, all, way, last, steps);
	arrfree(way);
	return buf_take(&b);
}
