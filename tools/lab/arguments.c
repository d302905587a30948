/* labrun's command line, which the lab script writes. */
#define _GNU_SOURCE
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labrun.h"

void add_qemu_argument(const char *format, ...)
{
	va_list args;

	if (options.qemu_count == MAX_FILES - 1)
		fail(EXIT_LAB, "too many arguments for QEMU");
	va_start(args, format);
	if (vasprintf(&options.qemu[options.qemu_count++], format, args) < 0)
		fail(EXIT_LAB, "out of memory");
	va_end(args);
}

static void usage(FILE *f)
{
	fputs("usage: labrun --init FILE [--timeout SECONDS] [--grace SECONDS]\n"
	      "              [--icount] [--hidden] [--tty] [--shell] [--verbose]\n"
	      "              [--put FILE[:NAME]]... [--env K=V]... [--out DIR]\n"
	      "              --qemu=WORD... [--] PROGRAM [ARG...]\n"
	      "The lab script calls this: see tools/lab/lab --help.\n",
	      f);
}

/* A plain name, or one in folders: every part of it names something new. */
static bool is_name(const char *name)
{
	size_t part = strcspn(name, "/");

	if (!part || part > NAME_MAX || strlen(name) > NAME_MAX ||
	    (name[0] == '.' && (part == 1 || (part == 2 && name[1] == '.'))))
		return false;
	return !name[part] || is_name(name + part + 1);
}

/* The same file twice, or a file that is a folder of another. */
static bool is_in_the_way(const char *name, const char *of)
{
	size_t length = strlen(name);

	return !strncmp(name, of, length) && (!of[length] || of[length] == '/');
}

static void check_place(const struct put *new)
{
	const struct put *p;

	for (p = options.puts; p < options.puts + options.put_count; p++)
		if (p != new && *p->name &&
		    (is_in_the_way(p->name, new->name) || is_in_the_way(new->name, p->name)))
			fail(EXIT_USAGE, "%s and %s would both be /work/%s", p->path, new->path,
			     strlen(p->name) < strlen(new->name) ? p->name : new->name);
}

static void add_put(const char *spec)
{
	struct put *put = &options.puts[options.put_count++];
	const char *colon = strrchr(spec, ':'), *slash;

	if (options.put_count == MAX_FILES)
		fail(EXIT_USAGE, "more than %d files", MAX_FILES - 1);
	if (colon && access(spec, F_OK) < 0) {
		put->path = strndup(spec, colon - spec);
		put->name = strdup(colon + 1);
	} else {
		slash = strrchr(spec, '/');
		put->path = spec;
		put->name = strdup(slash ? slash + 1 : spec);
	}
	if (!is_name(put->name))
		fail(EXIT_USAGE, "%s: \"%s\" is no name for a file in /work", spec, put->name);
	check_place(put);
}

static void add_env(const char *word)
{
	if (options.env_count == MAX_FILES)
		fail(EXIT_USAGE, "more than %d environment variables", MAX_FILES);
	if (!strchr(word, '=') || *word == '=')
		fail(EXIT_USAGE, "--env %s: must be NAME=VALUE", word);
	options.env[options.env_count++] = word;
}

static int seconds(const char *option, const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);

	if (*end || end == word || n < 0 || n > 1000000)
		fail(EXIT_USAGE, "%s %s: must be a number of seconds", option, word);
	return n;
}

static void set_option(int option)
{
	switch (option) {
	case 'i':
		options.init = optarg;
		break;
	case 't':
		options.timeout = seconds("--timeout", optarg);
		break;
	case 'g':
		options.grace = seconds("--grace", optarg);
		break;
	case 'c':
		options.icount = true;
		break;
	case 'd':
		options.hidden = true;
		break;
	case 'y':
		options.tty = true;
		break;
	case 's':
		options.tty = options.shell = true;
		break;
	case 'v':
		options.verbose = true;
		break;
	case 'p':
		add_put(optarg);
		break;
	case 'e':
		add_env(optarg);
		break;
	case 'o':
		options.out_dir = optarg;
		break;
	case 'q':
		add_qemu_argument("%s", optarg);
		break;
	case 'h':
		usage(stdout);
		exit(0);
	default:
		usage(stderr);
		exit(EXIT_USAGE);
	}
}

static void read_options(int argc, char **argv)
{
	static const struct option known[] = {
		{"init", required_argument, NULL, 'i'},
		{"timeout", required_argument, NULL, 't'},
		{"grace", required_argument, NULL, 'g'},
		{"icount", no_argument, NULL, 'c'},
		{"hidden", no_argument, NULL, 'd'},
		{"tty", no_argument, NULL, 'y'},
		{"shell", no_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{"put", required_argument, NULL, 'p'},
		{"env", required_argument, NULL, 'e'},
		{"out", required_argument, NULL, 'o'},
		{"qemu", required_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	options.put_count = 1; /* the program's place */
	options.puts[0].name = "";
	while ((option = getopt_long(argc, argv, "+", known, NULL)) != -1)
		set_option(option);
	if (optind == argc || !options.init || !options.qemu_count) {
		usage(stderr);
		exit(EXIT_USAGE);
	}
	options.argv = argv + optind;
}

/* The program is a file like the others; it is run as ./NAME from /work. */
static void place_program(void)
{
	const char *path = options.argv[0], *slash = strrchr(path, '/');

	check_program(path);
	options.puts[0].path = path;
	options.puts[0].name = strdup(slash ? slash + 1 : path);
	check_place(&options.puts[0]);
	if (asprintf(&options.argv[0], "./%s", options.puts[0].name) < 0)
		fail(EXIT_LAB, "out of memory");
}

void parse_arguments(int argc, char **argv)
{
	read_options(argc, argv);
	place_program();
}
