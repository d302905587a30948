/* SPDX-License-Identifier: MIT */
/* What the parts of confine share. */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>

/*
 * Denies the calling process every system call that is not on the list, and
 * that its children and copies would need; false, and errno, if the kernel
 * refuses.  Needs PR_SET_NO_NEW_PRIVS.
 *
 * program: the descriptor that execveat(2) may run
 */
bool calls_confine(int program, bool may_have_threads);

#endif
