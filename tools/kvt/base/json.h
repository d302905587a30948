/* SPDX-License-Identifier: MIT */
/* Text as JSON has it. */
#ifndef KVT_JSON_H
#define KVT_JSON_H

#include <stdio.h>

/* SIZE bytes of text as a string of JSON, quotes and all. */
void json_string(FILE *out, const char *text, size_t size);

#endif
