/* SPDX-License-Identifier: MIT */
/* Where kvt finds the tables that it is used with. */
#ifndef KVT_TABLES_H
#define KVT_TABLES_H

/*
 * The index of functions that a command takes unless it is told: what
 * KVT_SYMBOLS says, else the one installed with kvt, if it is there; else
 * NULL.  Valid until the end.
 */
const char *tables_symbols(void);

#endif
