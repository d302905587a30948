/* SPDX-License-Identifier: MIT */
/*
 * What an export format is: functions that a walk over the capture calls.
 * To add one, write export_NAME.c with a struct export_format in it, declare
 * that below, and name it in the table in export.c.
 *
 * A format may keep what it needs in OWN; its end() frees that.
 */
#ifndef KVT_EXPORT_H
#define KVT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "capture/capture.h"
#include "capture/walk.h"
#include "kernel/symbols.h"
#include "view/record_clock.h"

struct export {
	FILE *out;
	const struct capture *c;
	const struct symbols *symbols;	/* or NULL */
	struct record_clock clock;
	const struct thread *thread;	/* the walk's; NULL: none yet */
	void *own;
};

struct export_format {
	const char *name;
	bool folds;	/* it prints how often a call repeats */
	void (*begin)(struct export *e);
	/* All functions but .thread, which is export.c's. */
	struct tree_ops ops;
	void (*end)(struct export *e);
};

extern const struct export_format export_chrome, export_folded, export_json,
	export_jsonl;

#endif
