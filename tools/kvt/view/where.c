// SPDX-License-Identifier: MIT
/*
 * kvt where: where every thread was when the recording ended.
 *
 * For a guest that never comes back: which system call is open and which
 * functions, and what the guest did last.  Reads the capture as a stream;
 * of each thread it keeps the last system call only.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "commands.h"

/* What a guest did: the last events of one KVM_RUN. */
struct guest_news {
	char *entry;		/* arguments of kvm_entry, or NULL */
	char *exit;		/* of kvm_exit */
	char *wfx;		/* of kvm_wfx_arm64, after that exit */
	char *mmio;		/* of kvm_mmio, after that exit */
	char *back;		/* of kvm_userspace_exit */
	bool is_inside;		/* kvm_entry came last */
};

struct thread_spot {
	const struct thread *thread;
	char *call;		/* its last system call, as text */
	char *chain;		/* functions that are open in it, or NULL */
	bool is_open, is_exit, is_run;
	struct guest_news news;	/* of the last KVM_RUN that entered a guest */
	unsigned long runs;	/* how often it called KVM_RUN */
	unsigned long same;	/* the last of them that returned alike */
};

static void replace(char **text, const char *with)
{
	free(*text);
	*text = with ? xstrdup(with) : NULL;
}

static void news_free(struct guest_news *g)
{
	free(g->entry);
	free(g->exit);
	free(g->wfx);
	free(g->mmio);
	free(g->back);
	*g = (struct guest_news){ .entry = NULL };
}

static void read_news(struct guest_news *g, const struct node *n)
{
	if (!strcmp(n->name, "kvm_entry")) {
		replace(&g->entry, n->args);
		g->is_inside = true;
	} else if (!strcmp(n->name, "kvm_exit")) {
		replace(&g->exit, n->args);
		replace(&g->wfx, NULL);
		replace(&g->mmio, NULL);
		g->is_inside = false;
	} else if (!strcmp(n->name, "kvm_wfx_arm64")) {
		replace(&g->wfx, n->args);
	} else if (!strcmp(n->name, "kvm_mmio")) {
		replace(&g->mmio, n->args);
	} else if (!strcmp(n->name, "kvm_userspace_exit")) {
		replace(&g->back, n->args);
	}
}

static void read_all_news(struct guest_news *g, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		if (n->child[i]->kind == NODE_EVENT)
			read_news(g, n->child[i]);
		read_all_news(g, n->child[i]);
	}
}

/* Formats "name(args) = result at place", without the parts that N lacks. */
static char *call_text(const struct node *n)
{
	struct buf b = { .text = NULL };

	buf_printf(&b, "%s(%s)", n->name, n->args);
	if (n->result)
		buf_printf(&b, " = %s", n->result);
	if (n->place)
		buf_printf(&b, " at %s", n->place);
	return buf_take(&b);
}

/* Lists the open functions below N, outermost first; NULL: none. */
static char *open_chain(const struct node *n)
{
	struct buf b = { .text = NULL };
	const struct node *last = NULL;

	while (n->children) {
		n = n->child[n->children - 1];
		if (n->kind == NODE_EVENT)
			break;
		if (!n->open)
			continue;
		buf_printf(&b, "%s%s()", last ? " > " : "", n->name);
		last = n;
	}
	if (last && last->place)
		buf_printf(&b, " at %s", last->place);
	return buf_take(&b);
}

static struct thread_spot *spot_of_thread(struct thread_spot **spots,
				   const struct thread *t)
{
	if (!arrlen(*spots) || arrlast(*spots).thread != t)
		arrput(*spots, (struct thread_spot){ .thread = t });
	return &arrlast(*spots);
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static void note_run(struct thread_spot *s, const struct node *n)
{
	struct guest_news news = { .entry = NULL };
	bool is_alike;

	s->runs++;
	read_all_news(&news, n);
	/* A run that the recording cut off says nothing new. */
	if (n->open && !news.exit) {
		replace(&s->news.entry, news.entry);
		s->news.is_inside = news.is_inside;
		news_free(&news);
		return;
	}
	is_alike = is_same(news.exit, s->news.exit) &&
		   is_same(news.back, s->news.back);
	if (!n->open)
		s->same = is_alike ? s->same + 1 : 1;
	if (n->open && !news.back) {
		news.back = s->news.back;	/* of those that returned */
		s->news.back = NULL;
	}
	news_free(&s->news);
	s->news = news;
}

static void note_syscall(void *data, const struct thread *t, struct node *n)
{
	struct thread_spot *s = spot_of_thread(data, t);

	if (n->kind != NODE_SYSCALL)
		return;
	free(s->call);
	s->call = call_text(n);
	free(s->chain);
	s->chain = n->open ? open_chain(n) : NULL;
	s->is_open = n->open;
	s->is_exit = !strncmp(n->name, "exit", strlen("exit"));
	s->is_run = !strcmp(n->name, "ioctl") && strstr(n->args, "KVM_RUN");
	if (s->is_run)
		note_run(s, n);
}

/* Finds the value of KEY in ARGS, "a=1, b=2"; the caller frees it.  NULL:
 * there is none. */
static char *argument(const char *args, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = args; at; at = strstr(at, ", ")) {
		at += at == args ? 0 : strlen(", ");
		if (strncmp(at, key, length) || at[length] != '=')
			continue;
		at += length + 1;
		length = strcspn(at, ",");
		return xasprintf("%.*s", (int)length, at);
	}
	return NULL;
}

static bool has_argument(const char *args, const char *key, const char *value)
{
	char *is = args ? argument(args, key) : NULL;
	bool yes = is && !strcmp(is, value);

	free(is);
	return yes;
}

/* Prints the last exit and, if KVM_RUN has not returned, what that means. */
static void print_exit(const struct guest_news *g, bool lasts)
{
	char *ret = argument(g->exit, "ret"), *ec = argument(g->exit, "esr_ec");
	char *pc = argument(g->exit, "vcpu_pc");
	bool is_wfe = has_argument(g->wfx, "is_wfe", "1");

	printf("  the guest was last at PC %s: ", pc ? pc : "unknown");
	if (g->wfx)
		printf("it executed %s\n", is_wfe ? "wfe" : "wfi");
	else if (ret && !strcmp(ret, "IRQ"))
		puts("an interrupt of the host came while it ran");
	else if (ret && !strcmp(ret, "TRAP"))
		printf("it trapped, %s\n", ec ? ec : "for an unknown reason");
	else
		printf("it came out with %s\n", ret ? ret : g->exit);
	if (g->wfx && !is_wfe && lasts)
		puts("  it waits: its vCPU sleeps in the kernel until an"
		     " interrupt for the guest, or a signal\n"
		     "  for this thread, comes (wfi never returns to the"
		     " program)");
	if (ret && !strcmp(ret, "IRQ") && lasts)
		puts("  it neither waits nor asks for anything: it runs its"
		     " own code, around that address");
	if (g->mmio)
		printf("  which was an access to a device: %s\n", g->mmio);
	free(pc);
	free(ec);
	free(ret);
}

static void print_guest(const struct thread_spot *s)
{
	const struct guest_news *g = &s->news;
	char *pc;

	if (g->exit && !g->is_inside) {
		print_exit(g, s->is_open && s->is_run);
	} else if (g->is_inside) {
		pc = argument(g->entry, "vcpu_pc");
		printf("  the guest runs: it was entered at PC %s\n",
		       pc ? pc : "unknown");
		free(pc);
	} else {
		puts("  the guest was not entered");
	}
	if (s->runs > 1)
		printf("  it is the thread's KVM_RUN number %lu\n", s->runs);
	if (s->same > 2 && g->exit)
		printf("  the last %lu that came back were alike%s%s: does the"
		       " program act on the exit?\n", s->same,
		       g->back ? ", with " : "", g->back ? g->back : "");
}

static void print_spot(const struct thread_spot *s, bool has_ended)
{
	const char *name = s->thread->name;

	if (!s->call) {
		printf("thread %s made no system call\n", name);
	} else if (s->is_exit) {
		printf("thread %s has ended, with %s\n", name, s->call);
	} else if (!s->is_open) {
		printf("thread %s %s outside of KVM: its last call was %s\n",
		       name, has_ended ? "ended" : "is", s->call);
	} else {
		printf("thread %s %s in %s\n", name,
		       has_ended ? "ended" : "is", s->call);
		if (s->chain)
			printf("  inside of it %s\n", s->chain);
	}
	if (s->runs && !s->is_exit)
		print_guest(s);
}

static void print_ending(const struct capture *c)
{
	const char *stopped = capture_header(c, "stopped");
	const char *status = capture_header(c, "status");

	if (stopped)
		printf("the recording was stopped by %s, before the program"
		       " ended\n", stopped);
	else if (status && atoi(status) > 128)
		printf("signal %d killed the program\n", atoi(status) - 128);
	else
		printf("the program ended, with status %s\n",
		       status ? status : "unknown");
}

static const char where_help[] =
"usage: kvt where CAPTURE\n"
"\n"
"Says where every thread was when the recording ended: the system call that\n"
"is open, with its line in the program, the functions that are open in it,\n"
"and what its guest did last.  For a program that hangs: record it with\n"
"--timeout or --duration.\n";

int cmd_where(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct thread_spot *spots = NULL;
	struct capture *c;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		fputs(opt == 'h' ? where_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind != argc - 1)
		die(KVT_USAGE, "where takes one capture; see"
		    " 'kvt where --help'");
	c = capture_stream(argv[optind]);
	capture_each(c, note_syscall, &spots);
	print_ending(c);
	for (ptrdiff_t i = 0; i < arrlen(spots); i++) {
		print_spot(&spots[i], !capture_header(c, "stopped"));
		free(spots[i].call);
		free(spots[i].chain);
		news_free(&spots[i].news);
	}
	arrfree(spots);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
