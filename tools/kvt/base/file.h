/* SPDX-License-Identifier: MIT */
/* Whole files, and streams that are checked when they are closed. */
#ifndef KVT_FILE_H
#define KVT_FILE_H

#include <stdio.h>

/* A whole file as memory, with a NUL behind it; dies if it can't be read. */
char *read_file(const char *path, size_t *size);
/* The same, but NULL when the file is not there. */
char *read_file_if(const char *path, size_t *size);
void write_file(const char *path, const void *data, size_t size);
FILE *open_file(const char *path, const char *mode);
/* The same, but NULL when the file is not there. */
FILE *open_file_if(const char *path, const char *mode);
/* Closes a stream that was written to; dies if not all of it arrived. */
void close_file(FILE *f, const char *path);
/* A file without a name, to write and read; it is gone when it is closed. */
FILE *temporary_file(void);

#endif
