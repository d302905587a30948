/* SPDX-License-Identifier: MIT */
/*
 * The file `meta` beside the pages: lines of a key and its value.
 *
 *	release, machine, mode, cpu	what recorded
 *	program, status			the program, how it ended: a number,
 *					"running" or "unknown"
 *	stopped				what ended the recording before that
 *	attached			it began in a process that ran
 *	lost				events that the kernel dropped
 *	features			what was recorded beside functions
 *	page-size			bytes of a page, if not 4096
 *	bytes NAME SIZE			each file of pages
 *	end				the last line: the recording is whole
 */
#ifndef KVT_META_H
#define KVT_META_H

struct recorder;

void meta_write(struct recorder *r);

#endif
