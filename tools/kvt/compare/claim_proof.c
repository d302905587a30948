// SPDX-License-Identifier: MIT
/* Whether a capture proves a fact that is true in it. */
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "capture/capture.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_proof.h"

/* --- a recording that does not have everything ----------------------- */

/* Counting from the end, or across threads, another call can change which
 * one is meant. */
static bool path_counts(const struct claim_path *path)
{
	for (unsigned int i = 0; i < path->steps; i++)
		if (path->step[i].first || path->step[i].only_last)
			return true;
	return false;
}

/* Would the fact be true of any longer recording, too? */
static bool is_lasting(const struct claim *c, const struct claim_fact *f)
{
	return !c->scope.steps && f->kind == CLAIM_COUNT &&
	       f->high == ULONG_MAX && !path_counts(&f->path[0]);
}

/* --- what was given by address --------------------------------------- */

/* Returns the length of "user#1 {" in "3:vm, user#1 {slot=3}", and sets *AT to
 * it; 0: the call was given nothing that the recorder has seen. */
static size_t data_begins(const struct node *n, const char **at)
{
	const char *brace = n->kind == NODE_SYSCALL ? strchr(n->args, '{')
						    : NULL;

	if (!brace)
		return 0;
	for (*at = brace; *at > n->args && (*at)[-1] != ','; --*at)
		;
	*at += strspn(*at, " ");
	return brace + 1 - *at;
}

/* Can the pattern fit an argument that begins like the SIZE bytes at KNOWN,
 * goes on in any way, and ends with a brace? */
static bool may_fit(const char *pattern, const char *known, size_t size)
{
	size_t fixed = strcspn(pattern, "*"), length = strlen(pattern);

	return !memcmp(pattern, known, fixed < size ? fixed : size) &&
	       length && strchr("*}", pattern[length - 1]);
}

static bool depends_on_data(const struct claim_step *step,
			    const struct node *n)
{
	const char *known;
	size_t size = data_begins(n, &known);

	for (unsigned int i = 0; size && i < step->args; i++)
		if (step->arg[i].name ||
		    may_fit(step->arg[i].value, known, size))
			return true;
	return false;
}

/* Returns the last argument of "4:vm, user#2" if the recorder could not fetch
 * what is there, or NULL. */
static const char *not_fetched(const struct node *n)
{
	const char *comma = n->kind == NODE_SYSCALL ? strrchr(n->args, ',')
						    : NULL;

	if (!comma || strchr(n->args, '{') || strncmp(comma, ", user#", 7))
		return NULL;
	return comma + 2;
}

/* Does the call not fit only because nobody knows what it was given? */
static bool could_fit(const struct claim_step *step, const struct node *n)
{
	const char *known = not_fetched(n);

	if (!known || claim_takes(step, n) ||
	    (step->result && !claim_returns(step->result, n)))
		return false;
	for (unsigned int i = 0; i < step->args; i++) {
		const struct claim_arg *arg = &step->arg[i];
		struct claim_step only = { .arg = step->arg + i, .args = 1 };

		if (!claim_takes(&only, n) && !arg->name &&
		    !may_fit(arg->value, known, strlen(known)))
			return false;
	}
	return true;
}

/* --- a claim's calls -------------------------------------------------- */

/* What makes a call that a step names no proof. */
typedef bool doubt(const struct claim_step *step, const struct node *n);

static bool any_in_doubt(const struct claim_step *step, const struct node *n,
			 doubt *is_in_doubt)
{
	for (unsigned int i = 0; i < n->children; i++)
		if ((claim_names(step, n->child[i]) &&
		     is_in_doubt(step, n->child[i])) ||
		    any_in_doubt(step, n->child[i], is_in_doubt))
			return true;
	return false;
}

static bool path_in_doubt(const struct capture *capture,
			  const struct claim_path *path, doubt *is_in_doubt)
{
	for (unsigned int i = 0; i < path->steps; i++)
		for (unsigned int t = 0; t < capture->threads; t++)
			if (path->step[i].args &&
			    any_in_doubt(&path->step[i],
					 &capture->thread[t].root,
					 is_in_doubt))
				return true;
	return false;
}

static bool fact_in_doubt(const struct capture *capture, const struct claim *c,
			  const struct claim_fact *f, doubt *is_in_doubt)
{
	for (unsigned int i = 0; i < f->paths; i++)
		if (path_in_doubt(capture, &f->path[i], is_in_doubt))
			return true;
	return path_in_doubt(capture, &c->scope, is_in_doubt);
}

const char *claim_lacks_proof(const struct claim_context *in,
			      const struct claim *c,
			      const struct claim_fact *f, bool has_threads)
{
	if (capture_header(in->capture, "stopped") && !is_lasting(c, f))
		return "the recording was stopped before the program ended,"
		       " and what came after may be otherwise";
	if (has_threads && fact_in_doubt(in->capture, c, f, depends_on_data))
		return "another thread can change what an ioctl is given by"
		       " address before the kernel reads it";
	if (!is_lasting(c, f) && fact_in_doubt(in->capture, c, f, could_fit))
		return "the recorder could not fetch what an ioctl was given,"
		       " because that was not in memory yet, and it may fit";
	return NULL;
}
