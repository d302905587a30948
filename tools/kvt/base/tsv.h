/* SPDX-License-Identifier: MIT */
/*
 * Tables: lines of fields with tabs between.
 *
 * A struct tsv is set up by tsv_open(), which dies when the file cannot be
 * read.  The fields that tsv_next() sets point into TEXT and are valid until
 * tsv_close(), or until the one who took TEXT frees it.
 */
#ifndef KVT_TSV_H
#define KVT_TSV_H

#include <stdbool.h>

struct tsv {
	const char *path;	/* the caller's, for messages */
	char *text;		/* all of the file; who sets it to NULL owns it */
	char *next;		/* the rest */
	int line;		/* the number of the last line, from 1 */
};

void tsv_open(struct tsv *t, const char *path);
/* The next line without its end, or NULL. */
char *tsv_line(struct tsv *t);
/* Splits the next line into FIELD; false: there is none.  Dies when the line
 * has less or more fields than FIELDS. */
bool tsv_next(struct tsv *t, char **field, int fields);
void tsv_close(struct tsv *t);

/* Splits LINE in place at tabs; returns the number of fields, at most MAX. */
int split_tabs(char *line, char **field, int max);

#endif
