/* SPDX-License-Identifier: MIT */
/* The recorder's scheduling: it goes first while it reads. */
#ifndef KVT_PRIORITY_H
#define KVT_PRIORITY_H

/* Notes how this process is scheduled; the others need that. */
void priority_find(void);
/* Goes first, unless whoever started us has given us a priority.  Where that
 * is not allowed nothing changes, and a recording may lose events, which
 * import tells. */
void priority_raise(void);
/* Back to what priority_find() found, to the flag; also in a child, whose
 * scheduling the kernel may have reset. */
void priority_restore(void);

#endif
