// SPDX-License-Identifier: MIT
/*
 * recording DIR: makes a raw recording in DIR/raw, and the facts of a kernel
 * that fits it in DIR/facts, of what standard input says, a line an event:
 *
 *	PID call FUNCTION [ARGUMENT]...
 *	PID call-bare FUNCTION		without any argument
 *	PID return FUNCTION [RESULT]
 *	PID syscall NUMBER [ARGUMENT]...
 *	PID sysret NUMBER RESULT
 *	PID EVENT [NUMBER]...		kvm_entry, kvm_exit, ... (see events)
 *	PID passed WORD...		to the next ioctl, 64 bytes of it
 *	PID passed-at ADDRESS FIRST LAST WORD...
 *					the same; FIRST, LAST: 1 if that byte
 *					could be read, or 0
 *	cpu N				the next events are that CPU's
 *	time NS				of the next event; else 10 ns later
 *	page				the CPU's page is full
 *	missed				the CPU's page says that some are missing
 *	pages BYTES			of that size, at most 65536, from now on
 *	meta LINE			of the file meta, in place of its own
 *
 * Each function takes an int n and returns an int.  One whose name begins with
 * "thing" takes a struct thing *n; one with "untyped" has no type.  Of the
 * structs that ioctls pass, the kernel has struct kvm_one_reg.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_PAGE = 1 << 16, CPUS = 4, MAX_FUNCTIONS = 64, MAX_LINES = 16, WORDS = 12 };

#define HEAD "format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define WORD(name, at) \
	"\tfield:unsigned long " name ";\toffset:" at ";\tsize:8;\tsigned:0;\n"
#define CERTAIN(name, at) \
	"\tfield:__data_loc char[] " name ";\toffset:" at ";\tsize:4;\tsigned:1;\n"

/* Each number of an event has 8 bytes, after the head. */
static const struct event {
	const char *system, *name;
	int id, words;
	const char *fields;
} events[] = {
	{ "ftrace", "funcgraph_entry", 11, 2, WORD("func", "8")
	  "\tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;\n"
	  "\tfield:unsigned long args[];\toffset:24;\tsize:0;\tsigned:0;\n" },
	{ "ftrace", "funcgraph_exit", 10, 2,
	  WORD("func", "8") WORD("retval", "16") },
	{ "raw_syscalls", "sys_enter", 25, 7,
	  "\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n" },
	{ "raw_syscalls", "sys_exit", 24, 2,
	  "\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
	  "\tfield:long ret;\toffset:16;\tsize:8;\tsigned:1;\n" },
	{ "kvm", "kvm_entry", 60, 1, WORD("vcpu_pc", "8") },
	{ "kvm", "kvm_exit", 61, 2,
	  WORD("ret", "8") WORD("vcpu_pc", "16") },
	{ "kvm", "kvm_timer_save_state", 62, 1, WORD("ctl", "8") },
	{ "kvm", "kvm_get_timer_map", 63, 1, WORD("vcpu_id", "8") },
	{ "kvm", "kvm_ack_irq", 64, 1, WORD("irqchip", "8") },
	{ "sched", "sched_switch", 65, 1, WORD("next", "8") },
};
enum { CALL, RETURN, SYSCALL, SYSRET, EVENTS = sizeof(events) / sizeof(*events) };

static const char passed_format[] = "name: data_1\nID: 70\n" HEAD
	WORD("arg", "8")
	WORD("w0", "16") WORD("w1", "24") WORD("w2", "32") WORD("w3", "40")
	WORD("w4", "48") WORD("w5", "56") WORD("w6", "64") WORD("w7", "72")
	CERTAIN("c0", "80") CERTAIN("c63", "84")
	"\nprint fmt: \"\"\n";

struct cpu {
	FILE *out;
	char page[MOST_PAGE];
	uint64_t used, first, last;	/* bytes; ns of its first and last */
	int missed;
};

static struct cpu cpus[CPUS], *cpu = cpus;
static uint64_t now = 1000;
static size_t page_size = 4096;
static char *functions[MAX_FUNCTIONS];
static char *meta[MAX_LINES];
static int function_count, meta_count;
static bool has_passed;

static FILE *create(const char *dir, const char *name)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		exit(1);
	f = fopen(path, "w");
	if (!f) {
		perror(path);
		exit(1);
	}
	free(path);
	return f;
}

/* --- pages ---------------------------------------------------------- */

static void end_page(void)
{
	uint64_t commit = cpu->used | (cpu->missed ? 1u << 31 : 0);

	if (!cpu->used)
		return;
	memcpy(cpu->page, &cpu->first, 8);
	memcpy(cpu->page + 8, &commit, 8);
	fwrite(cpu->page, 1, page_size, cpu->out);
	memset(cpu->page, 0, page_size);
	cpu->used = cpu->missed = 0;
}

static void add_event(int pid, int id, const void *data, size_t size)
{
	uint32_t head;
	uint16_t type = id;
	char *at;

	if (cpu->used + 12 + size > page_size - 16)
		end_page();
	if (!cpu->used)
		cpu->first = cpu->last = now;
	head = (uint32_t)(now - cpu->last) << 5 | (8 + size) / 4;
	at = cpu->page + 16 + cpu->used;
	memcpy(at, &head, 4);
	memcpy(at + 4, &type, 2);
	memcpy(at + 8, &pid, 4);
	memcpy(at + 12, data, size);
	cpu->used += 12 + size;
	cpu->last = now;
	now += 10;
}

/* --- lines ---------------------------------------------------------- */

static uint64_t function_address(const char *name)
{
	int i = 0;

	while (i < function_count && strcmp(functions[i], name))
		i++;
	if (i == MAX_FUNCTIONS)
		exit(1);
	if (i == function_count)
		functions[function_count++] = strdup(name);
	return 0xffff800080000000 + 0x1000 * i;
}

/* Reads the numbers that follow; returns how many. */
static int read_words(uint64_t *word)
{
	const char *text;
	int n = 0;

	while (n < WORDS && (text = strtok(NULL, " \n")))
		word[n++] = strtoull(text, NULL, 0);
	return n;
}

static void add_call(int pid, bool is_bare)
{
	uint64_t word[2 + WORDS] = { function_address(strtok(NULL, " \n")) };
	int n = read_words(word + 2);

	add_event(pid, events[CALL].id, word,
		  8 * (2 + (n || is_bare ? n : 1)));
}

static void add_passed(int pid, bool is_all)
{
	uint64_t given[3 + WORDS] = { 0, 1, 1 };
	struct {
		uint64_t address, word[8];
		uint32_t first, last;	/* the length of a string, shifted */
	} data;

	read_words(is_all ? given + 3 : given);
	data.address = given[0];
	data.first = given[1] << 16;
	data.last = given[2] << 16;
	memcpy(data.word, given + 3, sizeof(data.word));
	has_passed = true;
	add_event(pid, 70, (uint64_t *)&data, sizeof(data));
}

static void add_line(int pid, const char *what)
{
	uint64_t word[WORDS] = { 0 };
	int i = 0;

	if (!strcmp(what, "call") || !strcmp(what, "call-bare")) {
		add_call(pid, what[4]);
		return;
	}
	if (!strcmp(what, "passed") || !strcmp(what, "passed-at")) {
		add_passed(pid, !what[6]);
		return;
	}
	if (!strcmp(what, "return")) {
		word[0] = function_address(strtok(NULL, " \n"));
		read_words(word + 1);
		i = RETURN;
	} else {
		read_words(word);
		while (i < EVENTS && strcmp(events[i].name, what))
			i++;
		if (!strcmp(what, "syscall"))
			i = SYSCALL;
		if (!strcmp(what, "sysret"))
			i = SYSRET;
		if (i == EVENTS) {
			fprintf(stderr, "recording: no event %s\n", what);
			exit(1);
		}
	}
	add_event(pid, events[i].id, word, 8 * events[i].words);
}

static void read_line(char *line)
{
	char *key = strtok(line, " \n"), *rest;

	if (!key)
		return;
	if (!strcmp(key, "cpu"))
		cpu = &cpus[atoi(strtok(NULL, " \n")) % CPUS];
	else if (!strcmp(key, "time"))
		now = strtoull(strtok(NULL, " \n"), NULL, 0);
	else if (!strcmp(key, "page"))
		end_page();
	else if (!strcmp(key, "pages"))
		page_size = strtoul(strtok(NULL, " \n"), NULL, 0) % (MOST_PAGE + 1);
	else if (!strcmp(key, "missed"))
		cpu->missed = 1;
	else if (!strcmp(key, "meta") && (rest = strtok(NULL, "\n")))
		meta[meta_count++ % MAX_LINES] = strdup(rest);
	else
		add_line(atoi(key), strtok(NULL, " \n"));
}

/* --- files ---------------------------------------------------------- */

static void write_meta(const char *raw)
{
	static const char *const own[] = {
		"release 6.18.15", "machine aarch64", "mode vhe", "cpu 0",
		"program p", "status 137", "lost 0",
		"features args retval lines data",
	};
	FILE *f = create(raw, "meta");

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		size_t n = strcspn(own[i], " ") + 1;
		const char *line = own[i];

		for (int k = 0; k < meta_count; k++)
			if (!strncmp(meta[k], line, n))
				line = meta[k];
		fprintf(f, "%s\n", line);
	}
	for (int k = 0; k < meta_count; k++)
		if (!strncmp(meta[k], "stopped", 7) ||
		    !strncmp(meta[k], "page-size", 9) ||
		    !strncmp(meta[k], "attached", 8))
			fprintf(f, "%s\n", meta[k]);
	for (int i = 0; i < CPUS; i++)
		fprintf(f, "bytes cpu%d.raw %ld\n", i, ftell(cpus[i].out));
	fprintf(f, "end\n");
	fclose(f);
}

static void write_types(const char *facts)
{
	struct btf *btf = btf__new_empty();
	int s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED), proto;
	int thing = btf__add_ptr(btf, btf__add_struct(btf, "thing", 64));
	int u64 = btf__add_int(btf, "u64", 8, 0);
	FILE *f = create(facts, "btf");
	const void *data;
	uint32_t size;

	btf__add_struct(btf, "kvm_one_reg", 16);
	btf__add_field(btf, "id", u64, 0, 0);
	btf__add_field(btf, "addr", u64, 64, 0);
	for (int i = 0; i < function_count; i++) {
		if (!strncmp(functions[i], "untyped", 7))
			continue;
		proto = btf__add_func_proto(btf, s32);
		btf__add_func_param(btf, "n", strncmp(functions[i], "thing", 5) ?
					      s32 : thing);
		btf__add_func(btf, functions[i], BTF_FUNC_GLOBAL, proto);
	}
	data = btf__raw_data(btf, &size);
	fwrite(data, 1, size, f);
	fclose(f);
	btf__free(btf);
}

static void write_facts(const char *facts)
{
	FILE *f = create(facts, "functions.tsv");

	for (int i = 0; i < function_count; i++)
		fprintf(f, "%d\t%lx\t%s\tglobal\n", i + 1,
			function_address(functions[i]), functions[i]);
	fclose(f);
	f = create(facts, "events.txt");
	for (int i = 0; i < EVENTS; i++)
		fprintf(f, "system %s\nname: %s\nID: %d\n" HEAD
			"%s\nprint fmt: \"\"\n", events[i].system,
			events[i].name, events[i].id, events[i].fields);
	fclose(f);
	f = create(facts, "variables.tsv");
	fputs("0\tffff8000f0000000\tvm_list\tglobal\n", f);
	fclose(f);
	fclose(create(facts, "untraced.tsv"));
	f = create(facts, "release");
	fputs("6.18.15", f);
	fclose(f);
	f = create(facts, "config.sha256");
	fputs("0123", f);
	fclose(f);
	write_types(facts);
}

int main(int argc, char **argv)
{
	char *raw, *facts, name[32], line[4096];
	FILE *f;

	if (argc != 2 || asprintf(&raw, "%s/raw", argv[1]) < 0 ||
	    asprintf(&facts, "%s/facts", argv[1]) < 0)
		return 2;
	mkdir(argv[1], 0777);
	mkdir(raw, 0777);
	mkdir(facts, 0777);
	for (int i = 0; i < CPUS; i++) {
		snprintf(name, sizeof(name), "cpu%d.raw", i);
		cpus[i].out = create(raw, name);
	}
	function_address("kvm_none");	/* so that there is one */
	while (fgets(line, sizeof(line), stdin))
		read_line(line);
	for (cpu = cpus; cpu < cpus + CPUS; cpu++)
		end_page();
	write_meta(raw);
	for (int i = 0; i < CPUS; i++)
		fclose(cpus[i].out);
	if (has_passed) {
		f = create(raw, "data.txt");
		fputs(passed_format, f);
		fclose(f);
	}
	write_facts(facts);
	return 0;
}
