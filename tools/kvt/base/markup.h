/* SPDX-License-Identifier: MIT */
/* Text as HTML has it. */
#ifndef KVT_MARKUP_H
#define KVT_MARKUP_H

#include <stddef.h>
/* Prints S so that HTML takes it as text, in attributes, too. */
void put_text(const char *s);
/* The same of SIZE bytes. */
void put_text_part(const char *s, size_t size);

#endif
