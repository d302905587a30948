// SPDX-License-Identifier: MIT
/* kvt html: a capture as nested lists that fold without JavaScript. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/markup.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "release.h"
#include "view/html.h"
#include "view/options.h"

const char html_source_base[] =
	"https://elixir.bootlin.com/linux/v" BOOK_RELEASE "/source/";

static void put_span(const char *class, const char *before, const char *text)
{
	printf("<span class=\"%s\">", class);
	put_text(before);
	put_text(text);
	fputs("</span>", stdout);
}

static const char *file_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Each link once, and no title that says what a link or its text says: a
 * whole capture has thousands of them.
 */
static void put_link(const struct page *p, const char *path, int path_size,
		     const char *line, const char *name)
{
	printf("<a class=\"fn\" href=\"%s%.*s#L%s\">", p->base, path_size, path,
	       line);
	put_text(name);
	fputs("</a>", stdout);
}

static void put_name(const struct page *p, const struct symbol *s)
{
	char line[16];

	snprintf(line, sizeof(line), "%d", s->line);
	put_link(p, s->path, (int)strlen(s->path), line, s->name);
}

static void put_function(const struct page *p, const struct node *n)
{
	const struct symbol *s = symbols_find(p->symbols, n->name);

	if (!s)
		die(KVT_FAILED, "the index has no function %s", n->name);
	put_name(p, s);
	fputs("<span class=\"args\">(", stdout);
	put_text(n->args);
	fputs(")</span>", stdout);
}

/* An ioctl's request stands out from its other arguments. */
static void put_syscall(const struct node *n)
{
	const char *request = strstr(n->args, ", "), *rest;

	fputs("<span class=\"sys\">", stdout);
	put_text(n->name);
	if (strcmp(n->name, "ioctl") || !request) {
		putchar('(');
		put_text(n->args);
		fputs(")</span>", stdout);
		return;
	}
	request += 2;
	rest = request + strcspn(request, ",");
	fputs("(<span class=\"fd\">", stdout);
	put_text_part(n->args, request - n->args);
	fputs("</span><b>", stdout);
	put_text_part(request, rest - request);
	fputs("</b>", stdout);
	put_text(rest);
	fputs(")</span>", stdout);
}

static void put_event(const struct node *n)
{
	put_span("ev", "", n->name);
	fputs("<span class=\"args\">(", stdout);
	put_text(n->args);
	fputs(")</span>", stdout);
}

/* The call that was recorded and that a level is a part of. */
static const struct node *recorded(const struct node *n)
{
	while (n && is_level(n))
		n = n->parent;
	return n && n->name ? n : NULL;
}

/* The index has KVM's functions; of the others there is only the name. */
static void put_level(const struct page *p, const struct node *n)
{
	const struct symbol *s = symbols_find(p->symbols, n->name);
	bool inlined = n->kind == NODE_INLINED;

	printf("<span class=\"%s\">", inlined ? "inlined" : "unseen");
	if (s)
		put_name(p, s);
	else
		put_text(n->name);
	printf("</span> <span class=\"level\">%s</span>",
	       inlined ? "inlined" : "not recorded");
}

/* Where in the kernel the call was made. */
static void put_site(const struct page *p, const char *place)
{
	const char *line = strrchr(place, ':');

	fputs(" <a class=\"loc site\" href=\"", stdout);
	put_text(p->base);
	put_text_part(place, line ? (size_t)(line - place) : strlen(place));
	fputs(line ? "#L" : "", stdout);
	put_text(line ? line + 1 : "");
	fputs("\">← ", stdout);
	put_text(file_of(place));
	fputs("</a>", stdout);
}

void html_call(const struct page *p, const struct node *n)
{
	if (is_level(n)) {
		put_level(p, n);
		return;
	}
	if (n->kind == NODE_SYSCALL) {
		put_syscall(n);
	} else if (n->kind == NODE_CALL) {
		put_function(p, n);
	} else {
		put_event(n);
	}
	if (n->open)
		put_span("ret", "", " never returned");
	if (n->result)
		put_span(n->result[0] == '-' ? "ret err" : "ret", " = ",
			 n->result);
}

/* Whoever shows the program, too, can make a link of it. */
static void put_program_line(const char *place)
{
	fputs(" <span class=\"loc\" data-at=\"", stdout);
	put_text(place);
	fputs("\">", stdout);
	put_text(file_of(place));
	fputs("</span>", stdout);
}

void html_place(const struct page *p, const struct node *n)
{
	const struct symbol *s;

	if (n->place && n->kind == NODE_SYSCALL)
		put_program_line(n->place);
	if (n->kind == NODE_SYSCALL || n->kind == NODE_EVENT)
		return;
	s = symbols_find(p->symbols, n->name);
	if (s)
		printf(" <span class=\"loc\">%s:%d</span>", file_of(s->path),
		       s->line);
	if (n->place)
		put_site(p, n->place);
}

static void put_line(const struct page *p, const struct node *n,
		     unsigned int times)
{
	html_call(p, n);
	if (times > 1)
		printf(" <span class=\"times\">× %u%s</span>", times,
		       tree_group_alike(n) ? "" : ", the first shown");
	html_place(p, n);
}

static void html_thread(void *data, const struct thread *t)
{
	(void)data;
	fputs("<li class=\"thread\">thread ", stdout);
	put_text(t->name);
	fputs("</li>\n", stdout);
}

static void html_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
	fputs("</ul></details></li>\n", stdout);
}

static void put_step(const struct page *p, const struct gap_step *s)
{
	size_t path = strcspn(s->definition, ":");

	put_link(p, s->definition, (int)path, s->definition + path + 1,
		 s->name);
	if (strcmp(s->kind, "inlined"))
		printf(" (%s)", gap_kind(s));
}

/* What N may have called, although no line of the capture can say so. */
static void put_gap(void *data, const struct node *n,
		    const struct gap_chain *gap, long depth)
{
	const struct page *p = data;
	int first = gap_begin(n);
	const char *call = gap->step[first].call;
	size_t path = strcspn(call, ":");

	(void)depth;
	printf("<li class=\"gap\">… may %s: ",
	       gap_is_inlined(gap) ? "run, inlined" : "call, unseen");
	for (int i = first; i < gap->steps; i++) {
		fputs(i > first ? " › " : "", stdout);
		put_step(p, &gap->step[i]);
	}
	if (gap_runs_guest(gap))
		fputs(": here the guest runs", stdout);
	printf(" <a class=\"loc\" href=\"%s%.*s#L%s\">%s</a></li>\n",
	       p->base, (int)path, call, call + path + 1, file_of(call));
}

/* Of what is not unfolded: the unseen calls only. */
static void put_unseen(void *data, const struct node *n,
		       const struct gap_chain *gap, long depth)
{
	if (!gap_is_inlined(gap))
		put_gap(data, n, gap, depth);
}

static void html_group(void *data, const struct node *first, long depth)
{
	struct page *p = data;

	gaps_before(p->gaps, first, put_gap, p, depth);
	printf("<li class=\"group\"><details open><summary>"
	       "<span class=\"times\">× %u, the first round of these %u"
	       "</span></summary><ul>\n", first->times, first->group);
}

/*
 * --- what a call is, for links that last: its name, and the how-many-th of
 * that name it is below the recorded call that made it.
 */

/* The name of a system call is its request, if it has one. */
static const char *own_name(const struct node *n, size_t *length)
{
	const char *request = request_of(n, length);

	if (*length)
		return request;
	*length = strlen(n->name);
	return n->name;
}

static bool is_alike(const struct node *a, const struct node *b)
{
	size_t a_length, b_length;
	const char *a_name = own_name(a, &a_length);
	const char *b_name = own_name(b, &b_length);

	return a->kind == b->kind && a_length == b_length &&
	       !memcmp(a_name, b_name, a_length);
}

/* Counts calls like N below IN up to N itself, also through levels. */
static bool count_to(const struct node *in, const struct node *n,
		     unsigned long *count)
{
	for (unsigned int i = 0; i < in->children; i++) {
		const struct node *c = in->child[i];

		*count += is_alike(c, n);
		if (c == n || (is_level(c) && count_to(c, n, count)))
			return true;
	}
	return false;
}

static unsigned long number_of(const struct page *p, const struct node *n)
{
	const struct node *in = recorded(n->parent);
	unsigned long count = 0;

	if (in) {
		count_to(in, n, &count);
		return count;
	}
	for (unsigned int i = 0; i < p->capture->threads; i++)
		if (count_to(&p->capture->thread[i].root, n, &count))
			break;
	return count;
}

/* KVM_RUN.2/kvm_vcpu_ioctl/: the calls that N is below. */
static void put_way(const struct page *p, const struct node *n)
{
	const struct node *in = recorded(n->parent);
	unsigned long number;
	const char *name;
	size_t length;

	if (in)
		put_way(p, in);
	name = own_name(n, &length);
	put_text_part(name, length);
	number = number_of(p, n);
	if (number > 1)
		printf(".%lu", number);
	putchar('/');
}

/* A script makes the links: of the first of its name nothing need be said,
 * and only the first row of a tree has to say where it is. */
static void put_identity(const struct page *p, const struct node *n)
{
	unsigned long number = number_of(p, n);
	const struct node *in = recorded(n->parent);

	if (number > 1)
		printf(" data-n=\"%lu\"", number);
	if (p->inside || !in)
		return;
	fputs(" data-in=\"", stdout);
	put_way(p, in);
	putchar('"');
	while (recorded(in->parent))
		in = recorded(in->parent);
	if (!in->place)
		return;
	fputs(" data-at=\"", stdout);
	put_text(in->place);
	putchar('"');
}

/* Is there something to unfold below N? */
static bool has_list(const struct page *p, const struct node *n)
{
	return n->children || gaps_next(p->gaps, n, NULL);
}

static void html_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct page *p = data;

	gaps_before(p->gaps, n, put_gap, p, depth);
	gaps_enter(p->gaps, n);
	if (!has_list(p, n)) {
		printf("<li class=\"%s\"",
		       n->kind == NODE_EVENT ? "event" : "leaf");
		put_identity(p, n);
		putchar('>');
		put_line(p, n, times);
		p->inside++;
		return;
	}
	fputs("<li", stdout);
	put_identity(p, n);
	printf("><details%s><summary>",
	       below || level >= p->open ? "" : " open");
	p->inside++;
	put_line(p, n, times);
	fputs("</summary><ul>\n", stdout);
	if (!below)
		return;
	gaps_before(p->gaps, NULL, put_unseen, p, depth);
	printf("<li class=\"more\">… %lu below</li>", below);
	p->cut = true;
}

static void html_leave(void *data, const struct node *n, long depth)
{
	struct page *p = data;

	if (!p->cut)
		gaps_before(p->gaps, NULL, put_gap, p, depth);
	p->cut = false;
	p->inside--;
	gaps_leave(p->gaps);
	fputs(has_list(data, n) ? "</ul>\n</details></li>\n" : "</li>\n", stdout);
}

static const struct tree_ops html_ops = {
	html_thread, html_group, html_group_end, html_enter, html_leave,
};

static const char html_help[] =
"usage: kvt html --symbols TSV [OPTION]... CAPTURE\n"
"\n"
"Prints a capture as an HTML fragment, each function a link to its source.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth, --unfold, --traced\n"
"                      as in `kvt show`\n"
"  --gaps              as in `kvt show`: what no tracer sees\n"
"  --open N            levels that are unfolded at first (default: 3)\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n";

static void put_page(struct page *p, struct capture *c,
		     const struct view *view)
{
	const char *mode = capture_header(c, "mode");

	fputs("<div class=\"kvt-tree\" data-capture=\"", stdout);
	put_text(capture_header(c, "program") ?: "");
	fputs("\" data-mode=\"", stdout);
	put_text(mode ?: "");
	fputs("\">\n<ul>\n", stdout);
	view_prepare(c, view);
	tree_walk(c, view, &html_ops, p);
	fputs("</ul>\n</div>\n", stdout);
}

int cmd_html(int argc, char **argv)
{
	static const struct command_options options = {
		.takes = TAKE_VIEW | TAKE_SYMBOLS | TAKE_OPEN | TAKE_BASE |
			 TAKE_GAPS | TAKE_TRACED,
		.help = html_help,
	};
	struct options o = { .open = 3 };
	struct gaps *gaps;
	struct page p;
	struct capture *c;
	int status = options_parse(&o, &options, NULL, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1 || !o.symbols_file)
		die(KVT_USAGE, "html takes --symbols TSV and one capture; see"
		    " 'kvt html --help'");
	gaps = options_gaps(&o);
	p = (struct page){ .symbols = options_symbols(&o), .base = o.base,
			   .open = o.open, .gaps = gaps };
	p.capture = c = capture_read(argv[optind]);
	if (gaps)
		gaps_choose(gaps, c);
	put_page(&p, c, &o.view);
	capture_free(c);
	gaps_free(gaps);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
