// SPDX-License-Identifier: MIT
/* Text that grows in memory. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/memory.h"

void buf_reserve(struct buf *b, size_t more)
{
	if (b->room - b->size > more)
		return;
	b->room = (b->room + more + 1) * 2;
	b->text = xrealloc(b->text, b->room);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		die(KVT_FAILED, "cannot format a text");
	buf_reserve(b, n);
	vsnprintf(b->text + b->size, n + 1, fmt, ap);
	va_end(ap);
	b->size += n;
}

static void add_digits(struct buf *b, uint64_t n, unsigned int base)
{
	char digits[20], *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	buf_add(b, p, digits + sizeof(digits) - p);
}

void buf_unsigned(struct buf *b, uint64_t n)
{
	add_digits(b, n, 10);
}

void buf_signed(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_putc(b, '-');
	add_digits(b, n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
}

void buf_hex(struct buf *b, uint64_t n)
{
	add_digits(b, n, 16);
}

char *buf_take(struct buf *b)
{
	char *text = b->text ? b->text : xstrdup("");

	*b = (struct buf){ 0 };
	return text;
}

void buf_clear(struct buf *b)
{
	b->size = 0;
	if (b->text)
		b->text[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->text);
	*b = (struct buf){ 0 };
}
