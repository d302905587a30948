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
#include "kernel/symbols.h"

static const char *const recorded_events[] = {
	"ftrace/funcgraph_entry", "ftrace/funcgraph_exit", "ftrace/function",
	"raw_syscalls/sys_enter", "raw_syscalls/sys_exit", NULL
};

static const char filter_functions[] = "available_filter_functions_addrs";

struct traceable {
	struct function f;
	bool kvm;		/* the name is one of KVM's */
	bool boundary;
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

/* "ffff80008003df94 kvm_vcpu_ioctl.isra.0", the line NUMBER of the file. */
static struct traceable parse_traceable(const struct symbols *symbols,
					const char *line, unsigned long number)
{
	struct traceable t = { .f.number = number };
	const struct symbol *s;
	char name[256], full[256];

	if (sscanf(line, "%lx %255s", &t.f.address, full) != 2)
		die(KVT_FAILED, "%s: unexpected line '%s'", filter_functions,
		    line);
	strcpy(name, full);
	strip_suffix(name);
	s = symbols_find(symbols, name);
	t.kvm = s && in_host(s);
	t.boundary = is_boundary(name);
	if (t.kvm || t.boundary)
		t.f.name = xstrdup(full);
	return t;
}

/* Lists all functions that the kernel can trace, in its order, in an array of
 * stb_ds; a function that has nothing to do with KVM has no name. */
static struct traceable *read_traceable(const struct symbols *symbols)
{
	char *text = read_filter_functions(), *line, *save = NULL;
	struct traceable *t = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		arrput(t, parse_traceable(symbols, line, arrlenu(t) + 1));
	free(text);
	return t;
}

/*
 * A static function elsewhere in the kernel may share a name with one of
 * KVM's.  KVM's objects are linked next to each other, so a real one has
 * mostly KVM functions for neighbors, and an impostor has none.
 */
static bool among_kvm(const struct traceable *t, size_t count, size_t i)
{
	enum { REACH = 8 };
	size_t from = i > REACH ? i - REACH : 0;
	size_t to = i + REACH < count ? i + REACH : count - 1;
	size_t friends = 0;

	for (size_t j = from; j <= to; j++)
		friends += j != i && t[j].kvm;
	return 2 * friends >= to - from;
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
	struct traceable *t = read_traceable(symbols);
	size_t count = arrlenu(t), kept = 0;

	gather_symbols(dir, symbols, t, count);
	for (size_t i = 0; i < count; i++) {
		if (!t[i].boundary &&
		    !(t[i].kvm && among_kvm(t, count, i)))
			continue;
		fprintf(out, "%lu\t%lx\t%s\t%s\n", t[i].f.number,
			t[i].f.address, t[i].f.name,
			t[i].f.is_static ? "static" : "global");
		kept++;
	}
	close_file(out, path);
	gather_untraced(dir, symbols, t, count);
	if (!kept)
		die(KVT_FAILED, "this kernel has no traceable KVM function");
	for (size_t i = 0; i < count; i++)
		free(t[i].f.name);
	arrfree(t);
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

/* Reads the kernel's configuration: FILE, or the kernel's own copy. */
static void gather_config(const char *dir, const char *file)
{
	char *path = xasprintf("%s/config.sha256", dir);
	char buf[65536], hex[65], *text = NULL;
	size_t size = 0;
	gzFile in = gzopen(file ? file : "/proc/config.gz", "re");
	int got;

	if (!in && file)
		die(KVT_FAILED, "%s: %s", file, strerror(errno));
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
"                  (default: $KVT_SYMBOLS)\n"
"  --config FILE   the kernel's configuration, where /proc/config.gz is\n"
"                  missing\n";

int cmd_facts(int argc, char **argv)
{
	static const struct option options[] = {
		{ "symbols", required_argument, NULL, 's' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *symbols = getenv("KVT_SYMBOLS"), *config = NULL;
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
