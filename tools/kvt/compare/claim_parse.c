// SPDX-License-Identifier: MIT
/* The language of claims; kvt(1) has its grammar. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/vec.h"
#include "compare/claim_parse.h"

struct claim_parser {
	const char *text;
	const char *p;
	struct claim *claim;	/* what is made of it */
};

/* How many columns the first SIZE bytes of TEXT take. */
static int columns(const char *text, size_t size)
{
	int n = 0;

	for (size_t i = 0; i < size; i++)
		n += (text[i] & 0xc0) != 0x80;
	return n;
}

static void refuse_claim(const struct claim_parser *s, const char *where,
			 const char *what) __attribute__((noreturn));

static void refuse_claim(const struct claim_parser *s, const char *where,
			 const char *what)
{
	const char *fault = text_fault(s->text);

	/* Text that commands a terminal must not get to one. */
	if (fault)
		die(KVT_USAGE, "the claim has %s", fault);
	die(KVT_USAGE, "the claim is not understood: %s\n  %s\n  %*s^",
	    what, s->text, columns(s->text, where - s->text), "");
}

static void skip_blanks(struct claim_parser *s)
{
	s->p += strspn(s->p, " ");
}

/* --- words ---------------------------------------------------------- */

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '*';
}

/* The length of the word at P, with the compiler's ".isra.0". */
static size_t word_length(const char *p)
{
	size_t n = 0;

	while (is_name_char(p[n]) ||
	       (n && p[n] == '.' && is_name_char(p[n + 1])))
		n++;
	return n;
}

static bool is_next_word(const struct claim_parser *s, const char *word)
{
	size_t n = word_length(s->p);

	return n == strlen(word) && !strncmp(s->p, word, n);
}

/* Reads WORD if it comes next. */
static bool take_word(struct claim_parser *s, const char *word)
{
	skip_blanks(s);
	if (!is_next_word(s, word))
		return false;
	s->p += strlen(word);
	return true;
}

static void need_word(struct claim_parser *s, const char *word,
		      const char *what)
{
	if (!take_word(s, word))
		refuse_claim(s, s->p, what);
}

static bool take_char(struct claim_parser *s, char c)
{
	skip_blanks(s);
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

static char *copy_text(const char *from, size_t size)
{
	return xasprintf("%.*s", (int)size, from);
}

static unsigned long take_number(struct claim_parser *s, unsigned long low,
				 const char *what)
{
	const char *from = s->p;
	unsigned long n;
	char *end;

	if (!isdigit((unsigned char)*s->p))
		refuse_claim(s, s->p, what);
	errno = 0;
	n = strtoul(s->p, &end, 10);
	s->p = end;
	if (errno || n > UINT_MAX)
		refuse_claim(s, from, "that number is too large");
	if (n < low)
		refuse_claim(s, from, "calls are counted from 1");
	return n;
}

/* --- values --------------------------------------------------------- */

/* The length of the value at P: up to one of STOP outside of brackets. */
static size_t value_length(const char *p, const char *stop)
{
	size_t n = 0;
	int depth = 0;

	for (; p[n]; n++) {
		if (!depth && strchr(stop, p[n]))
			break;
		depth += strchr("([{", p[n]) != NULL;
		depth -= strchr(")]}", p[n]) != NULL;
		if (depth < 0)
			break;
	}
	return n;
}

/* A value ends before one of STOP; in quotes, it may hold anything. */
static char *take_value(struct claim_parser *s, const char *stop,
			const char *what)
{
	const char *from;
	size_t n;

	skip_blanks(s);
	from = s->p;
	if (*from == '"') {
		n = strcspn(++from, "\"");
		if (!from[n])
			refuse_claim(s, s->p, "this quote is never closed");
		s->p = from + n + 1;
		return copy_text(from, n);
	}
	n = value_length(from, stop);
	s->p += n;
	while (n && from[n - 1] == ' ')
		n--;
	if (!n)
		refuse_claim(s, from, what);
	return copy_text(from, n);
}

static void take_arg(struct claim_parser *s, struct claim_step *step)
{
	struct claim_arg *arg;
	size_t n;

	arrput(step->arg, (struct claim_arg){ .name = NULL });
	arg = &step->arg[step->args++];
	skip_blanks(s);
	n = word_length(s->p);
	if (n && s->p[n] == '=') {
		if (memchr(s->p, '*', n))
			refuse_claim(s, s->p, "no argument's name has a *;"
			       " a value with = in it goes in quotes");
		arg->name = copy_text(s->p, n);
		s->p += n + 1;
	}
	arg->value = take_value(s, ",)", "an argument is missing");
}

static void take_args(struct claim_parser *s, struct claim_step *step)
{
	const char *from = s->p;

	if (!take_char(s, '('))
		return;
	if (take_char(s, ')'))
		return;
	do {
		take_arg(s, step);
	} while (take_char(s, ','));
	if (!take_char(s, ')'))
		refuse_claim(s, from, "this bracket is never closed");
}

/* --- paths ---------------------------------------------------------- */

static void take_range(struct claim_parser *s, struct claim_step *step)
{
	const char *from = s->p;

	if (*s->p != '#')
		return;
	s->p++;
	if (word_length(s->p) == 4 && !strncmp(s->p, "last", 4)) {
		s->p += 4;
		step->only_last = true;
		return;
	}
	step->first = take_number(s, 1, "after # comes a number, or last: #2,"
				  " #3..7, #last");
	step->last = step->first;
	if (!strncmp(s->p, "..", 2)) {
		s->p += 2;
		step->last = take_number(s, 1, "the range has no end");
	}
	if (step->last < step->first)
		refuse_claim(s, from, "this range ends before it begins");
}

static bool is_keyword(const struct claim_parser *s)
{
	static const char *const keyword[] = {
		"in", "and", "before", "after", "returns", "calls", "alike", "never",
		"once", "twice", "at", "times",
	};

	for (size_t i = 0; i < sizeof(keyword) / sizeof(*keyword); i++)
		if (is_next_word(s, keyword[i]))
			return true;
	return false;
}

/* A colon at the end of the result belongs to "in PATH = RESULT:". */
static void take_result(struct claim_parser *s, struct claim_step *step)
{
	size_t n;

	step->result = take_value(s, " ", "a result is missing");
	n = strlen(step->result);
	if (n > 1 && step->result[n - 1] == ':' && s->p[-1] == ':') {
		step->result[n - 1] = '\0';
		s->p--;
	}
	step->end = s->p - s->text;
}

static void take_step(struct claim_parser *s, struct claim_path *path,
		      bool deep)
{
	struct claim_step *step;
	size_t n;

	arrput(path->step, (struct claim_step){ .deep = deep });
	step = &path->step[path->steps++];
	skip_blanks(s);
	step->at = s->p - s->text;
	if (*s->p && strchr("@!~?", *s->p))
		step->kind = *s->p++;
	n = word_length(s->p);
	if (!n || isdigit((unsigned char)*s->p) ||
	    (!step->kind && is_keyword(s)))
		refuse_claim(s, s->p, "here the name of a call is missing");
	step->name = copy_text(s->p, n);
	s->p += n;
	take_args(s, step);
	take_range(s, step);
	step->end = s->p - s->text;
	while (s->text[step->end - 1] == ' ')
		step->end--;
	if (take_char(s, '='))
		take_result(s, step);
}

static void take_path(struct claim_parser *s, struct claim_path *path)
{
	bool deep = true;

	for (;;) {
		take_step(s, path, deep);
		if (!take_char(s, '>'))
			break;
		deep = *s->p == '>';
		s->p += deep;
	}
	path->at = path->step[0].at;
	path->end = path->step[path->steps - 1].end;
}

/* --- facts ---------------------------------------------------------- */

static void add_path(struct claim_parser *s, struct claim_fact *fact)
{
	arrput(fact->path, (struct claim_path){ .steps = 0 });
	take_path(s, &fact->path[fact->paths++]);
}

/* "at least 2 times", "3 times"; false if no count is there. */
static bool take_count(struct claim_parser *s, struct claim_fact *fact)
{
	bool least = false, most = false;
	unsigned long n;

	if (take_word(s, "at")) {
		least = take_word(s, "least");
		most = !least && take_word(s, "most");
		if (!least && !most)
			refuse_claim(s, s->p, "after 'at' comes 'least' or"
				     " 'most'");
		skip_blanks(s);
	} else if (!isdigit((unsigned char)*s->p)) {
		return false;
	}
	n = take_number(s, 0, "here a number is missing");
	need_word(s, "times", "after the number comes 'times'");
	fact->low = most ? 0 : n;
	fact->high = least ? ULONG_MAX : n;
	return true;
}

static void take_predicate(struct claim_parser *s, struct claim_fact *fact)
{
	fact->kind = CLAIM_COUNT;
	fact->low = 1;
	fact->high = ULONG_MAX;
	if (take_word(s, "never")) {
		fact->low = fact->high = 0;
	} else if (take_word(s, "once")) {
		fact->high = 1;
	} else if (take_word(s, "twice")) {
		fact->low = fact->high = 2;
	} else if (take_word(s, "alike")) {
		fact->kind = CLAIM_ALIKE;
	} else if (take_word(s, "calls")) {
		need_word(s, "nothing", "after 'calls' comes 'nothing'; what"
			  " it does call is said with '>'");
		fact->kind = CLAIM_LEAF;
	} else if (take_word(s, "returns")) {
		fact->kind = CLAIM_RETURNS;
		fact->value = take_value(s, " ", "a result is missing");
	} else if (is_next_word(s, "before")) {
		fact->kind = CLAIM_BEFORE;
		while (take_word(s, "before"))
			add_path(s, fact);
	} else if (take_word(s, "after")) {
		need_word(s, "each", "after 'after' comes 'each'; what comes"
			  " first is said with 'before'");
		fact->kind = CLAIM_AFTER_EACH;
		add_path(s, fact);
	} else {
		take_count(s, fact);
	}
}

static void take_fact(struct claim_parser *s)
{
	struct claim *c = s->claim;
	struct claim_fact *fact;

	arrput(c->fact, (struct claim_fact){ .paths = 0 });
	fact = &c->fact[c->facts++];
	add_path(s, fact);
	fact->at = fact->path[0].at;
	take_predicate(s, fact);
	fact->end = s->p - s->text;
	while (fact->end > fact->at && s->text[fact->end - 1] == ' ')
		fact->end--;
}

struct claim *claim_parse(const char *text)
{
	struct claim *c = xcalloc(1, sizeof(*c));
	struct claim_parser s = { text, text, c };

	c->text = text;
	if (text_fault(text))
		refuse_claim(&s, text, "");
	if (take_word(&s, "in")) {
		take_path(&s, &c->scope);
		if (!take_char(&s, ':'))
			refuse_claim(&s, s.p, "after 'in' and a path comes"
				     " ':'");
	}
	do {
		take_fact(&s);
	} while (take_word(&s, "and"));
	skip_blanks(&s);
	if (*s.p)
		refuse_claim(&s, s.p, "here the claim should end, or go on with"
		       " 'and', '>', 'returns', 'before', 'after each', 'never',"
		       " 'N times', 'calls nothing' or 'alike'");
	return c;
}

static void path_free(struct claim_path *path)
{
	for (unsigned int i = 0; i < path->steps; i++) {
		struct claim_step *step = &path->step[i];

		for (unsigned int k = 0; k < step->args; k++) {
			free(step->arg[k].name);
			free(step->arg[k].value);
		}
		arrfree(step->arg);
		free(step->name);
		free(step->result);
	}
	arrfree(path->step);
}

void claim_free(struct claim *c)
{
	path_free(&c->scope);
	for (unsigned int i = 0; i < c->facts; i++) {
		for (unsigned int k = 0; k < c->fact[i].paths; k++)
			path_free(&c->fact[i].path[k]);
		arrfree(c->fact[i].path);
		free(c->fact[i].value);
	}
	arrfree(c->fact);
	free(c);
}
