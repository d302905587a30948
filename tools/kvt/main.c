// SPDX-License-Identifier: MIT
/* kvt: records and reads captures of what KVM does for a program. */
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "commands.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *does;
} commands[] = {
	{ "record", cmd_record, "run a program and capture its KVM calls" },
	{ "check", cmd_check, "tell whether captures are whole" },
	{ "show", cmd_show, "print a capture as a tree" },
	{ "html", cmd_html, "print a capture as HTML, for the book" },
	{ "lanes", cmd_lanes, "say who acts when: program, kernel, guest" },
	{ "strip", cmd_strip, "show in short how program, KVM and guest act" },
	{ "lines", cmd_lines, "say what each line of the program woke" },
	{ "object", cmd_object, "list the calls that touched an object" },
	{ "state", cmd_state, "say what is there at a moment: objects, descriptors" },
	{ "where", cmd_where, "say where a hanging program was in the end" },
	{ "stats", cmd_stats, "count system calls and exits, and time them" },
	{ "turns", cmd_turns, "say how the threads of a program took turns" },
	{ "export", cmd_export, "write a capture for other tools" },
	{ "diff", cmd_diff, "what one capture has that another has not" },
	{ "claim", cmd_claim, "tell whether a capture shows what is said" },
	{ "walk", cmd_walk, "go from call to call, in the order of time" },
	{ "called", cmd_called, "list what lines of the source called" },
	{ "compare", cmd_compare, "compare two captures" },
	{ "cover", cmd_cover, "count the functions that captures reach" },
	{ "gaps", cmd_gaps, "list what a kernel's functions call unseen" },
	{ "index", cmd_index, "list the functions of a kernel tree" },
	{ "facts", cmd_facts, "gather what decoding needs of this kernel" },
	{ "import", cmd_import, "make a capture of a raw recording" },
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static void print_help(FILE *out)
{
	fputs("usage: kvt COMMAND [OPTION]... [ARGUMENT]...\n\n"
	      "Shows which functions of the Linux kernel's KVM a program's\n"
	      "system calls wake, on arm64.\n\n", out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name,
			commands[i].does);
	fputs("\n'kvt COMMAND --help' says more.\n"
	      "Exit codes: 0 done; 1 captures differ, or a claim is false; 2 usage;\n"
	      "3 a capture is truncated or altered; 4 events were lost; 5 failure.\n"
	      "record exits with the program's own status.\n", out);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return KVT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help(stdout);
		return KVT_OK;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	die(KVT_USAGE, "there is no command '%s'; see 'kvt --help'",
	    argv[1]);
}
