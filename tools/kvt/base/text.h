/* SPDX-License-Identifier: MIT */
/* What text may hold. */
#ifndef KVT_TEXT_H
#define KVT_TEXT_H

/* What keeps LINE from being one of a capture, or NULL: a capture is shown
 * on terminals, and no line of it may command them. */
const char *text_fault(const char *line);

#endif
