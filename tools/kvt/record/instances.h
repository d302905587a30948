/* SPDX-License-Identifier: MIT */
/*
 * The recorder's tracing instances, and those of recorders that were killed.
 *
 * An instance belongs to the process that holds a lock on its folder.  The
 * kernel drops the lock when that process dies, however it dies, and all
 * processes see it, whatever container they are in and whatever the program
 * file is called.
 */
#ifndef KVT_INSTANCES_H
#define KVT_INSTANCES_H

#include <stdbool.h>
#include <sys/types.h>

struct recorder;

/*
 * Undoes what killed recorders left behind, then makes the instance of R, of
 * R->sites, and R's probes.  instances_remove() takes all of it away again;
 * an exit does the same.
 */
void instances_create(struct recorder *r);
void instances_remove(struct recorder *r);

#endif
