// SPDX-License-Identifier: MIT
/*
 * What decoding needs to know of a kernel: its traceable KVM functions
 * with their addresses, its types, the formats of its events.  It is the
 * same on every boot without KASLR, so the lab gathers it once a kernel.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <event-parse.h>
#include <tracefs.h>
#include <zlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "commands.h"
#include "kernel/facts.h"
#include "kernel/gather.h"
#include "kernel/neighbors.h"
#include "kernel/symbols.h"
#include "kernel/tables.h"

static const char *const recorded_events[] = {
	"ftrace/funcgraph_entry", "ftrace/funcgraph_exit", "ftrace/function",
	"raw_syscalls/sys_enter", "raw_syscalls/sys_exit", NULL
};

static const char filter_functions[] = "available_filter_functions_addrs";

struct traceable {
	struct function f;	/* its name is NULL where KVM cannot have it */
	bool boundary;
};

/* All functions that the kernel can trace, in its order. */
struct traceables {
	struct traceable *fn;	/* stb_ds */
	char *kind;		/* stb_ds: enum KIND_* of kernel/neighbors.h */
	char *release;		/* of the kernel */
	bool foreign;		/* the index is of another release */
};

static bool is_boundary(const char *name)
{
	for (int i = 0; boundary_functions[i]; i++)
		if (!strcmp(name, boundary_functions[i]))
			return true;
	return false;
}

/* Does a traceable copy of this definition exist outside of nVHE's EL2? */
static bool in_host(const struct symbol *s)
{
	return is_kvm_path(s->path) && !strcmp(s->kind, "function") &&
	       !strstr(s->path, "/hyp/nvhe/");
}

static char *read_filter_functions(void)
{
	char *text = tracefs_instance_file_read(NULL, filter_functions, NULL);

	if (!text)
		die(KVT_FAILED, "%s/%s: %s\n"
		    "Is this root, and a kernel of 6.5 or later with"
		    " the function tracer?",
		    tracefs_tracing_dir() ?: "tracefs", filter_functions,
		    strerror(errno));
	return text;
}

/* What macros make for each tracepoint, and what the kernel calls the remains
 * of a weak function: no index has them, and they are nobody's code. */
static bool is_made_up(const char *name)
{
	static const char *const begins[] = {
		"__traceiter_", "__probestub_", "__ftrace_invalid_address_",
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static char kind_by_index(const struct symbols *symbols, const char *name)
{
	const struct symbol *s = symbols_find(symbols, name);

	if (s)
		return in_host(s) ? KIND_KVM : KIND_OTHER;
	return is_made_up(name) ? KIND_OTHER : KIND_UNKNOWN;
}

/* "ffff80008003df94 kvm_vcpu_ioctl.isra.0", the line NUMBER of the file. */
static void add_traceable(struct traceables *all,
			  const struct symbols *symbols, const char *line)
{
	struct traceable t = { .f.number = arrlenu(all->fn) + 1 };
	char name[256], full[256], kind;

	if (sscanf(line, "%lx %255s", &t.f.address, full) != 2)
		die(KVT_FAILED, "%s: unexpected line '%s'", filter_functions,
		    line);
	strcpy(name, full);
	strip_suffix(name);
	kind = kind_by_index(symbols, name);
	t.boundary = is_boundary(name);
	if (kind == KIND_KVM || t.boundary ||
	    (kind == KIND_UNKNOWN && all->foreign))
		t.f.name = xstrdup(full);
	arrput(all->fn, t);
	arrput(all->kind, kind);
}

static char *running_release(void)
{
	struct utsname u;

	uname(&u);
	return xstrdup(u.release);
}

static struct traceables read_traceables(const struct symbols *symbols)
{
	struct traceables all = { .release = running_release() };
	char *text = read_filter_functions(), *line, *save = NULL;

	all.foreign = !symbols_are_of(symbols, all.release);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_traceable(&all, symbols, line);
	free(text);
	return all;
}

/*
 * Between two releases functions come and get other names.  With the index of
 * another one, what lies among KVM's functions is KVM's, too.
 */
static void find_new(struct traceables *all, const struct symbols *symbols)
{
	size_t found;

	if (!all->foreign)
		return;
	found = neighbors_find_new(all->kind, arrlenu(all->kind));
	warn("the index is of Linux %s, and this kernel is %s: %zu functions"
	     " of its KVM that the index does not have are recorded, too",
	     symbols->release, all->release, found);
}

static bool is_recorded(const struct traceables *all, size_t i)
{
	return all->fn[i].boundary || all->kind[i] == KIND_NEW ||
	       (all->kind[i] == KIND_KVM &&
		neighbors_are_kvm(all->kind, arrlenu(all->kind), i));
}

static void free_traceables(struct traceables *all)
{
	for (size_t i = 0; i < arrlenu(all->fn); i++)
		free(all->fn[i].f.name);
	arrfree(all->fn);
	arrfree(all->kind);
	free(all->release);
}

/* Marks the static function that begins at ADDRESS. */
static void mark_static(struct traceable *t, size_t count, uint64_t address)
{
	size_t low = lower_bound(t, count, f.address, address);

	/* The tracer's address is a few instructions into the function. */
	if (low < count && t[low].f.address - address < 16)
		t[low].f.is_static = true;
}

/*
 * From the kernel's symbols: which functions are static, and where KVM's
 * variables are, so that a pointer to kvm_vcpu_fops can say so.
 */
static void gather_symbols(const char *dir, const struct symbols *symbols,
			   struct traceable *t, size_t count)
{
	char *path = xasprintf("%s/variables.tsv", dir), *line = NULL;
	FILE *in = open_file("/proc/kallsyms", "re");
	FILE *out = open_file(path, "we");
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		uint64_t address;
		char type, name[256];
		const struct symbol *s;

		if (sscanf(line, "%lx %c %255s", &address, &type, name) != 3)
			continue;
		if (type == 't')
			mark_static(t, count, address);
		if (!strchr("bBdDrR", type))
			continue;
		s = symbols_find(symbols, name);
		if (s && is_kvm_path(s->path) && !strcmp(s->kind, "variable"))
			fprintf(out, "0\t%lx\t%s\t-\n", address, name);
	}
	fclose(in);
	close_file(out, path);
	free(line);
	free(path);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * untraced.tsv: the functions of KVM that the source has for the host and
 * this kernel cannot trace: inlined everywhere, noinstr, or not built.
 */
static void gather_untraced(const char *dir, const struct symbols *symbols,
			    const struct traceable *t, size_t count)
{
	char *path = xasprintf("%s/untraced.tsv", dir);
	FILE *out = open_file(path, "we");
	char **seen = xcalloc(count, sizeof(*seen)), *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (t[i].f.name) {
			seen[n] = xstrdup(t[i].f.name);
			strip_suffix(seen[n++]);
		}
	qsort(seen, n, sizeof(*seen), compare_names);
	for (size_t i = 0; i < symbols->count; i++) {
		const struct symbol *s = &symbols->sym[i];

		if (!in_host(s) || (last && !strcmp(last, s->name)) ||
		    bsearch(&s->name, seen, n, sizeof(*seen), compare_names))
			continue;
		last = s->name;
		fprintf(out, "%s\t%s\t%d\n", s->name, s->path, s->line);
	}
	close_file(out, path);
	while (n)
		free(seen[--n]);
	free(seen);
	free(path);
}

static void gather_functions(const char *dir, const char *symbols_file)
{
	struct symbols *symbols = symbols_load(symbols_file);
	char *path = xasprintf("%s/functions.tsv", dir);
	FILE *out = open_file(path, "we");
	struct traceables all = read_traceables(symbols);
	size_t count = arrlenu(all.fn), kept = 0;

	gather_symbols(dir, symbols, all.fn, count);
	find_new(&all, symbols);
	for (size_t i = 0; i < count; i++) {
		const struct function *f = &all.fn[i].f;

		if (!is_recorded(&all, i))
			continue;
		fprintf(out, "%lu\t%lx\t%s\t%s\n", f->number, f->address,
			f->name, f->is_static ? "static" : "global");
		kept++;
	}
	close_file(out, path);
	gather_untraced(dir, symbols, all.fn, count);
	if (!kept)
		die(KVT_FAILED, "this kernel has no traceable KVM function");
	free_traceables(&all);
	free(path);
	symbols_free(symbols);
}

static void add_format(FILE *out, const char *event)
{
	char *file = xasprintf("events/%s/format", event);
	char *text = tracefs_instance_file_read(NULL, file, NULL);

	if (!text)
		die(KVT_FAILED, "%s: %s", file, strerror(errno));
	fprintf(out, "system %.*s\n%s", (int)strcspn(event, "/"), event,
		text);
	free(text);
	free(file);
}

static void gather_events(const char *dir)
{
	char **kvm = tracefs_system_events(NULL, "kvm");
	char *path = xasprintf("%s/events.txt", dir);
	FILE *out = open_file(path, "we");
	int n = 0;

	for (int i = 0; recorded_events[i]; i++)
		add_format(out, recorded_events[i]);
	while (kvm && kvm[n])
		n++;
	if (n)
		qsort(kvm, n, sizeof(*kvm), compare_names);
	for (int i = 0; i < n; i++) {
		char *event = xasprintf("kvm/%s", kvm[i]);

		add_format(out, event);
		free(event);
	}
	tracefs_list_free(kvm);
	close_file(out, path);
	free(path);
}

/* The kernel's configuration: FILE, or the kernel's own copy, or the one that
 * distributions put beside a kernel. */
static gzFile open_config(const char *file)
{
	char *release = running_release();
	char *beside = xasprintf("/boot/config-%s", release);
	gzFile in = gzopen(file ?: "/proc/config.gz", "re");

	if (!in && file)
		die(KVT_FAILED, "%s: %s", file, strerror(errno));
	if (!in)
		in = gzopen(beside, "re");
	free(beside);
	free(release);
	return in;
}

static void gather_config(const char *dir, const char *file)
{
	char *path = xasprintf("%s/config.sha256", dir);
	char buf[65536], hex[65], *text = NULL;
	size_t size = 0;
	gzFile in = open_config(file);
	int got;

	while (in && (got = gzread(in, buf, sizeof(buf))) > 0) {
		text = xrealloc(text, size + got);
		memcpy(text + size, buf, got);
		size += got;
	}
	if (in)
		gzclose(in);
	if (text)
		sha256_hex(text, size, hex);
	else
		strcpy(hex, "unknown");
	write_file(path, hex, strlen(hex));
	free(text);
	free(path);
}

void facts_gather(const char *dir, const char *symbols, const char *config)
{
	char *path = xasprintf("%s/btf", dir), *btf;
	struct utsname u;
	size_t size;

	if (mkdir(dir, 0777) && errno != EEXIST)
		die(KVT_FAILED, "%s: %s", dir, strerror(errno));
	btf = read_file("/sys/kernel/btf/vmlinux", &size);
	write_file(path, btf, size);
	free(btf);
	free(path);
	gather_functions(dir, symbols);
	gather_events(dir);
	gather_config(dir, config);
	uname(&u);
	path = xasprintf("%s/release", dir);
	write_file(path, u.release, strlen(u.release));
	free(path);
}

static const char facts_help[] =
"usage: kvt facts [--symbols TSV] [--config FILE] DIR\n"
"\n"
"Writes into DIR what decoding a recording needs to know of the running\n"
"kernel: its traceable KVM functions, its types (BTF), the formats of its\n"
"events, the hash of its configuration.  Needs root.  `kvt record` does\n"
"this by itself; on its own it serves machines that run the same kernel\n"
"again and again.\n"
"\n"
"  --symbols TSV   the index of KVM's functions, from `kvt index`\n"
"                  (default: $KVT_SYMBOLS, or the one installed with kvt)\n"
"  --config FILE   the kernel's configuration, where both /proc/config.gz and\n"
"                  /boot/config-RELEASE are missing\n";

int cmd_facts(int argc, char **argv)
{
	static const struct option options[] = {
		{ "symbols", required_argument, NULL, 's' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *symbols = tables_symbols(), *config = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0)
		switch (opt) {
		case 's':
			symbols = optarg;
			break;
		case 'c':
			config = optarg;
			break;
		case 'h':
			fputs(facts_help, stdout);
			return KVT_OK;
		default:
			return KVT_USAGE;
		}
	if (optind != argc - 1)
		die(KVT_USAGE, "facts takes one directory; see"
		    " 'kvt facts --help'");
	if (!symbols)
		die(KVT_USAGE, "which functions are KVM's? Give --symbols"
		    " or set KVT_SYMBOLS");
	facts_gather(argv[optind], symbols, config);
	return KVT_OK;
}
