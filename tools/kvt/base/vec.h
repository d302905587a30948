/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow, by stb_ds.
 *
 * An array is a plain pointer, NULL while it is empty: arrput(a, x) appends,
 * arrlen(a) counts, a[i] reads, arrfree(a) frees it and sets it to NULL.
 * Appending may move the array: keep indexes, not pointers, while it grows.
 * Running out of memory ends the program.
 *
 * Of stb_ds only the arrays are used: its maps shift signed numbers out of
 * their range.  Maps are uthash's: #include <uthash.h>.
 */
#ifndef KVT_VEC_H
#define KVT_VEC_H

#include <stdlib.h>

#include "base/memory.h"

#define STBDS_REALLOC(context, p, size) xrealloc(p, size)
#define STBDS_FREE(context, p) free(p)
#include <stb/stb_ds.h>

/*
 * The index of the first of COUNT elements, sorted by FIELD, whose FIELD is
 * not below KEY; COUNT if there is none.
 */
#define lower_bound(array, count, field, key) __extension__ ({	\
	size_t low_ = 0, high_ = (count);				\
	while (low_ < high_) {						\
		size_t mid_ = low_ + (high_ - low_) / 2;		\
		if ((array)[mid_].field < (key))			\
			low_ = mid_ + 1;				\
		else							\
			high_ = mid_;					\
	}								\
	low_; })

#endif
