/* SPDX-License-Identifier: MIT */
/*
 * What a recorder says of its raw recording: the file `meta` beside the pages,
 * lines of a key, a blank, and a value.
 *
 * Strings belong to the struct meta.  What is missing or does not fit ends
 * the program.
 */
#ifndef KVT_META_H
#define KVT_META_H

#include <stdbool.h>
#include <stddef.h>

struct meta;

/* Reads DIR/meta. */
struct meta *meta_read(const char *dir);
/* The value of the first line with KEY, "" if it has none; NULL: there is no
 * such line. */
const char *meta_find(const struct meta *m, const char *key);
/* The same, but dies without such a line. */
const char *meta_get(const struct meta *m, const char *key);
/* Is WORD one of the blank-separated words of KEY's value? */
bool meta_has(const struct meta *m, const char *key, const char *word);
/* Bytes of a page of the ring buffer. */
size_t meta_page_size(const struct meta *m);
/* Dies with KVT_BAD_CAPTURE if DIR does not hold all bytes of all page files
 * that the recorder wrote there. */
void meta_check_files(const struct meta *m, const char *dir);
void meta_free(struct meta *m);

#endif
