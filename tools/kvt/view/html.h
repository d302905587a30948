/* SPDX-License-Identifier: MIT */
/*
 * How a call looks in HTML: kvt html, diff, claim and lanes show the same.
 *
 * A struct page borrows all that it points to.  A function that the index
 * does not have ends the program: a page never has a link to nowhere.
 */
#ifndef KVT_HTML_H
#define KVT_HTML_H

#include <stdbool.h>

#include "capture/capture.h"
#include "kernel/symbols.h"
#include "view/fragment.h"

struct page {
	struct fragment *out;
	const struct symbols *symbols;
	const char *base;	/* of links to the source; ends in a slash */
	long open;		/* levels that are unfolded at first */
	bool breaks;		/* a line may break after a call's bracket */
};

extern const char html_source_base[];	/* when nothing else is asked for */

/* The call itself, with its arguments and its result. */
void html_call(const struct page *p, const struct node *n);
/* Only the result: " = 0", or that it never returned. */
void html_result(const struct page *p, const struct node *n);
/* Where in the kernel a call was made, "PATH:LINE". */
void html_call_site(const struct page *p, const char *place);
/* Where it was made, and where the source defines it. */
void html_place(const struct page *p, const struct node *n);
/* A link to a line of the kernel's source, "PATH:LINE". */
void html_link(const struct page *p, const char *class, const char *place,
	       const char *text);
/* The same to where a function is defined, which reads as its name. */
void html_symbol(const struct page *p, const struct symbol *s);

/*
 * What is below a row.  HTML_LATER: a browser with scripts takes it for text,
 * and builds it when it is unfolded; without them it is there, and folded.
 */
enum html_fold { HTML_FOLDED, HTML_UNFOLDED, HTML_LATER };

/*
 * A row that folds, in an item that the caller has opened: html_row_begin(),
 * what the row says, html_row_fold(), what is below, html_row_end() with the
 * same HOW.  The switch stands beside the row, because a switch must not hold
 * links; BELOW says to those who do not see it what it opens, and may be NULL.
 */
void html_row_begin(const struct page *p);
void html_row_fold(const struct page *p, const char *below, enum html_fold how);
void html_row_end(const struct page *p, enum html_fold how);
/* "kvm_main.c:10" of "virt/kvm/kvm_main.c:10"; lasts as long as PATH. */
const char *html_file_of(const char *path);

#endif
