/* SPDX-License-Identifier: MIT */
/*
 * Turns a raw recording into a capture.
 *
 * Whatever is wrong with the recording, the facts, or the files to write ends
 * the program; the capture's file is opened only when all of it is known.
 */
#ifndef KVT_IMPORT_H
#define KVT_IMPORT_H

struct import {
	const char *facts;	/* directory */
	const char *raw;	/* directory */
	const char *out;	/* file, or NULL for stdout */
	const char *times;	/* sidecar file, or NULL */
	const char *program;	/* with debugging information, or NULL */
	const char *vmlinux;	/* the same of the kernel, or NULL */
	const char *machine;	/* what it was, in a line, or NULL */
	char **source;		/* files whose hashes the header holds */
	int sources;
};

/* Returns KVT_OK. */
int import_recording(const struct import *im);

#endif
