/* SPDX-License-Identifier: MIT */
/*
 * Text that grows in memory.
 *
 * A struct buf begins as zeroes and ends with buf_free().  TEXT always has a
 * NUL behind its SIZE bytes once anything was written; it is NULL before.
 * Any write may move TEXT.  Running out of memory ends the program.
 */
#ifndef KVT_BUF_H
#define KVT_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *text;
	size_t size, room;
};

/* Makes room for MORE bytes and a NUL. */
void buf_reserve(struct buf *b, size_t more);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* N in decimal; in hexadecimal without "0x". */
void buf_unsigned(struct buf *b, uint64_t n);
void buf_signed(struct buf *b, int64_t n);
void buf_hex(struct buf *b, uint64_t n);
/* The text, to be freed by the caller; B is empty again. */
char *buf_take(struct buf *b);
/* Empties B and keeps its room. */
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

static inline void buf_add(struct buf *b, const void *data, size_t size)
{
	if (b->room - b->size <= size)
		buf_reserve(b, size);
	memcpy(b->text + b->size, data, size);
	b->size += size;
	b->text[b->size] = '\0';
}

static inline void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

#endif
