/*
 * Debian 13's libelf.a (elfutils 0.192) calls these and does not contain them
 * (sourceware bug 32293).  A search tree starts with its root; the lock that
 * follows is for libelf's thread-safe build, which Debian's is not.
 */
#define _GNU_SOURCE
#include <search.h>
#include <stddef.h>

void eu_search_tree_init(void **tree);
void eu_search_tree_fini(void **tree, __free_fn_t free_node);
void *eu_tsearch(const void *key, void **tree, __compar_fn_t compare);
void *eu_tfind(const void *key, void *const *tree, __compar_fn_t compare);
void *eu_tdelete(const void *key, void **tree, __compar_fn_t compare);

void eu_search_tree_init(void **tree)
{
	*tree = NULL;
}

void eu_search_tree_fini(void **tree, __free_fn_t free_node)
{
	tdestroy(*tree, free_node);
	*tree = NULL;
}

void *eu_tsearch(const void *key, void **tree, __compar_fn_t compare)
{
	return tsearch(key, tree, compare);
}

void *eu_tfind(const void *key, void *const *tree, __compar_fn_t compare)
{
	return tfind(key, tree, compare);
}

void *eu_tdelete(const void *key, void **tree, __compar_fn_t compare)
{
	return tdelete(key, tree, compare);
}
