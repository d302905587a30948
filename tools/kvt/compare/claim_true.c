// SPDX-License-Identifier: MIT
/* Whether a fact of a claim is true. */
#include <stdbool.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "compare/claim_find.h"
#include "compare/claim_true.h"

/* Returns the last line of A; 0 if its calls are of several threads or did not
 * all return. */
static unsigned int end_of_calls(const struct node *const *a)
{
	const struct node *root = node_root(a[0]);
	unsigned int end = 0;

	for (size_t i = 0; i < arrlenu(a); i++) {
		unsigned int last = node_last_line(a[i]);

		if (a[i]->open || node_root(a[i]) != root)
			return 0;
		end = last > end ? last : end;
	}
	return end;
}

/* Has all of A returned before anything of B begins?  Nothing is before
 * itself. */
static bool is_before(const struct node *const *a,
		      const struct node *const *b)
{
	unsigned int end;

	if (!arrlen(a) || !arrlen(b))
		return false;
	for (size_t i = 0; i < arrlenu(b); i++)
		if (node_root(b[i]) != node_root(a[0]))
			return false;
	end = end_of_calls(a);
	return end && end < b[0]->line;
}

bool claim_is_before(const struct claim_context *in,
		     const struct claim_path *x, const struct claim_path *y)
{
	const struct node **a = claim_find(in, x, x->steps);
	const struct node **b = claim_find(in, y, y->steps);
	bool good = is_before(a, b);

	arrfree(a);
	arrfree(b);
	return good;
}

static bool are_in_order(const struct claim_context *in,
			 const struct claim_fact *f)
{
	for (unsigned int i = 1; i < f->paths; i++)
		if (!claim_is_before(in, &f->path[i - 1], &f->path[i]))
			return false;
	return true;
}

bool claim_has_between(const struct node *const *a, const struct node *behind,
		       const struct node *ahead)
{
	const struct node *root = node_root(behind);
	unsigned int end = node_last_line(behind);

	for (size_t i = 0; !behind->open && i < arrlenu(a); i++)
		if (node_root(a[i]) == root && a[i]->line > end &&
		    (!ahead || node_root(ahead) != root ||
		     a[i]->line < ahead->line))
			return true;
	return false;
}

/* FOUND: what the first path means. */
static bool is_after_each(const struct claim_context *in,
			  const struct claim_fact *f,
			  const struct node *const *found)
{
	const struct node **each = claim_find(in, &f->path[1],
					      f->path[1].steps);
	size_t count = arrlenu(each);
	bool good = count > 0;

	for (size_t i = 0; good && i < count; i++)
		good = claim_has_between(found, each[i],
					 i + 1 < count ? each[i + 1] : NULL);
	arrfree(each);
	return good;
}

/* A level is no call, but may contain one. */
static bool calls_nothing(const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		if (!is_level(n->child[i]) ||
		    !calls_nothing(n->child[i]))
			return false;
	return true;
}

static bool is_true_of(const struct claim_fact *f, const struct node *n,
		       const struct node *first)
{
	switch (f->kind) {
	case CLAIM_RETURNS:
		return claim_returns(f->value, n);
	case CLAIM_LEAF:
		return calls_nothing(n);
	case CLAIM_ALIKE:
		return n->shape == first->shape;
	default:
		return true;
	}
}

bool claim_is_true(const struct claim_context *in, const struct claim_fact *f,
		   const struct node *const *found)
{
	size_t count = arrlen(found);

	if (f->kind == CLAIM_BEFORE)
		return are_in_order(in, f);
	if (f->kind == CLAIM_AFTER_EACH)
		return is_after_each(in, f, found);
	if (f->kind == CLAIM_COUNT)
		return count >= f->low && count <= f->high;
	/* Only two or more calls can be alike, and without calls every fact is
	 * false. */
	if (count < (f->kind == CLAIM_ALIKE ? 2 : 1))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!is_true_of(f, found[i], found[0]))
			return false;
	return true;
}
