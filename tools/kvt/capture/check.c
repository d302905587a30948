// SPDX-License-Identifier: MIT
/* kvt check: are captures whole, and do they still fit their programs? */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "capture/capture.h"
#include "commands.h"

/* Is the file below DIR still the one of the header: "FILE sha256:HEX"? */
static bool is_current(const struct capture *c, const char *source,
		       const char *dir)
{
	const char *sum = strstr(source, " sha256:");
	char *path, *text, hex[65];
	size_t size;
	bool same;

	if (!sum)
		die(KVT_BAD_CAPTURE, "%s: a source without its checksum",
		    c->file);
	path = xasprintf("%s/%.*s", dir, (int)(sum - source), source);
	text = read_file_if(path, &size);
	if (!text) {
		printf("%s: %s is not there\n", c->file, path);
		free(path);
		return false;
	}
	sha256_hex(text, size, hex);
	same = !strcmp(hex, sum + strlen(" sha256:"));
	if (!same)
		printf("%s: %s has changed since it was recorded\n", c->file,
		       path);
	free(path);
	free(text);
	return same;
}

/* Checks one capture; a bad one may end the process. */
static int check_capture(const char *file, const char *dir)
{
	static const char key[] = "source ";
	struct capture *c = capture_stream(file);
	unsigned long records = c->records;
	unsigned int sources = 0;
	bool current = true;

	for (unsigned int i = 0; dir && i < c->headers; i++) {
		if (strncmp(c->header[i], key, strlen(key)))
			continue;
		current &= is_current(c, c->header[i] + strlen(key), dir);
		sources++;
	}
	if (dir && !sources) {
		printf("%s: does not say which program it is of\n", file);
		current = false;
	}
	if (current)
		printf("%s: whole, %lu records%s\n", file, records,
		       dir ? ", of this program" : "");
	capture_free(c);
	close_file(stdout, "standard output");
	return current ? KVT_OK : KVT_DIFFERENT;
}

/* Checks it in a process of its own, because we must check the next one,
 * too. */
static int check_apart(const char *file, const char *dir)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		die(KVT_FAILED, "cannot start a process");
	if (!child)
		exit(check_capture(file, dir));
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		die(KVT_FAILED, "%s: the check was ended", file);
	return WEXITSTATUS(status);
}

static const char check_help[] =
"usage: kvt check [--sources DIR] CAPTURE...\n"
"\n"
"Says of each capture whether it is whole: its checksum, its count of\n"
"records, and that every line fits those around it.  Exits 3 if one is not;\n"
"the others are checked all the same.\n"
"\n"
"  --sources DIR   also compare the program's sources, which the capture\n"
"                  names, with those below DIR; exits 1 if one has changed\n"
"                  or is missing\n";

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
		{ "sources", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *dir = NULL;
	int opt, worst = KVT_OK;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (opt == 's') {
			dir = optarg;
			continue;
		}
		fputs(opt == 'h' ? check_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind >= argc)
		die(KVT_USAGE, "check takes one capture or more; see"
		    " 'kvt check --help'");
	for (; optind < argc; optind++) {
		int status = check_apart(argv[optind], dir);

		worst = status > worst ? status : worst;
	}
	return worst;
}
