/* SPDX-License-Identifier: MIT */
/* Checks that text is safe to show. */
#ifndef KVT_TEXT_H
#define KVT_TEXT_H

/* Says why LINE cannot be a line of a capture, or NULL.  We show captures on
 * terminals, and no line may command them. */
const char *text_fault(const char *line);

#endif
