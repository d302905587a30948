/* SPDX-License-Identifier: MIT */
/* Lines of fields with tabs between. */
#ifndef KVT_TSV_H
#define KVT_TSV_H

/* Splits LINE in place at tabs; returns the number of fields, at most MAX. */
int split_tabs(char *line, char **field, int max);

#endif
