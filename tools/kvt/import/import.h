/* SPDX-License-Identifier: MIT */
/* Turns a raw recording into a capture. */
#ifndef KVT_IMPORT_H
#define KVT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

/* The lines "key value..." of a recording's meta file. */
const char *meta_get(const char *meta, const char *key, char *buf,
		     size_t size);


struct import {
	const char *facts;	/* directory */
	const char *raw;	/* directory */
	const char *out;	/* file, or NULL for stdout */
	const char *times;	/* sidecar file, or NULL */
	const char *program;	/* with debugging information, or NULL */
	const char *vmlinux;	/* the same of the kernel, or NULL */
	char **source;		/* files whose hashes the header holds */
	int sources;
};
int import_recording(const struct import *im);

#endif
