/* SPDX-License-Identifier: MIT */
/* The recorder's scheduling: it goes first while it reads. */
#ifndef KVT_PRIORITY_H
#define KVT_PRIORITY_H

/* Notes how the kernel schedules this process; the other functions need it. */
void priority_find(void);
/* Goes first, unless whoever started us has given us a priority.  Where that
 * is not allowed nothing changes, and a recording may lose events, which
 * import tells. */
void priority_raise(void);
/* Restores all that priority_find() found, flags included; also in a child,
 * whose scheduling the kernel may have reset. */
void priority_restore(void);

#endif
