/* SPDX-License-Identifier: MIT */
/* Moves the ring buffers' pages from the kernel into files, which are called
 * R->pages, the CPU's number and ".raw".  A file holds whole pages of
 * R->page_size bytes. */
#ifndef KVT_PAGES_H
#define KVT_PAGES_H

#include <stdio.h>

struct recorder;

enum { PAGE_HEAD = 16 };	/* bytes of a page before its events */

/* How long a page is, by the text of the kernel's file header_page; dies if
 * its head is not PAGE_HEAD bytes long. */
size_t pages_size(const char *header_page);

void pages_open(struct recorder *r);
/* Takes the full pages out of the buffers. */
void pages_drain(struct recorder *r);
/* Writes the rest, when the tracer is off. */
void pages_close(struct recorder *r);
/* Writes a line "bytes NAME SIZE" for each file, and the pages' size where
 * it is not 4096. */
void pages_list(const struct recorder *r, FILE *meta);
void pages_free(struct recorder *r);

#endif
