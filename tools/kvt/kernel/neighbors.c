// SPDX-License-Identifier: MIT
/* Which functions are KVM's, by what they are linked next to. */
#include <stdbool.h>
#include <stddef.h>

#include "kernel/neighbors.h"

/* A real one has mostly KVM functions for neighbors, an impostor has none. */
bool neighbors_are_kvm(const char *kind, size_t count, size_t at)
{
	enum { REACH = 8 };
	size_t from = at > REACH ? at - REACH : 0;
	size_t to = at + REACH < count ? at + REACH : count - 1;
	size_t friends = 0;

	for (size_t i = from; i <= to; i++)
		friends += i != at && kind[i] == KIND_KVM;
	return 2 * friends >= to - from;
}

/* A new file of KVM's is a row of new functions, so the row may be long; KVM's
 * parts of different sections are farther from each other. */
size_t neighbors_find_new(char *kind, size_t count)
{
	enum { LONGEST_ROW = 128 };
	size_t next = 0, found = 0;	/* NEXT: after the last of KVM's */

	for (size_t i = 0; i < count; i++) {
		if (kind[i] != KIND_KVM || !neighbors_are_kvm(kind, count, i))
			continue;
		if (!next || i - next > LONGEST_ROW)
			next = i;
		for (; next < i; next++)
			if (kind[next] == KIND_UNKNOWN) {
				kind[next] = KIND_NEW;
				found++;
			}
		next = i + 1;
	}
	return found;
}
