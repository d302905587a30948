// SPDX-License-Identifier: MIT
/*
 * Where the kernel's functions are called from: the debugging information
 * of vmlinux, by way of addr2line, tells the source line of a return address
 * and the functions that were inlined there.
 *
 * What was found is kept in a table beside the kernel's facts, a line an
 * address, its frames from the innermost outward:
 *
 *	ffff80008003df94	copy_from_user include/linux/uaccess.h:210	…
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <gelf.h>
#include <libelf.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "capture/capture.h"
#include "import/program_lines.h"
#include "import/sites.h"
#include "kernel/facts.h"

enum { MAX_FIELDS = 2 * MAX_LEVELS };

struct site {
	uint64_t address;
	struct site_level frame[MAX_LEVELS];	/* innermost first */
	int frames;
};

struct sites {
	struct site *site;		/* by address */
	size_t count;
	size_t known;			/* of them, those from the table */
	uint64_t slide;			/* of the running kernel */
	uint64_t home;			/* in a function of KVM's, or 0 */
	char *prefix;			/* of the kernel tree in vmlinux */
};

static int by_address(const void *a, const void *b)
{
	const struct site *s = a, *t = b;

	return s->address < t->address ? -1 : s->address > t->address;
}

static const struct site *find(const struct sites *s, size_t count,
			       uint64_t address)
{
	struct site key = { .address = address };

	return count ? bsearch(&key, s->site, count, sizeof(key), by_address) :
		       NULL;
}

static struct site *add_site(struct sites *s, uint64_t address)
{
	if (!(s->count & (s->count - 1)))
		s->site = xrealloc(s->site, (s->count ? 2 * s->count : 1) *
					    sizeof(*s->site));
	s->site[s->count] = (struct site){ .address = address };
	return &s->site[s->count++];
}

/* --- the table ------------------------------------------------------ */

static void read_table(struct sites *s, const char *table)
{
	char *text = table ? read_file_if(table, NULL) : NULL, *save = NULL;
	char *line = text ? strtok_r(text, "\n", &save) : NULL;

	for (; line; line = strtok_r(NULL, "\n", &save)) {
		char *field[MAX_FIELDS];
		int n = split_tabs(line, field, MAX_FIELDS);
		struct site *t;

		/* A kvt of old kept paths that it could not shorten. */
		if (n > 1 && strstr(field[1], " /"))
			continue;
		t = add_site(s, strtoull(field[0], NULL, 16));
		for (int i = 1; i < n && t->frames < MAX_LEVELS; i++) {
			char *place = strchr(field[i], ' ');

			if (place)
				*place++ = '\0';
			t->frame[t->frames++] = (struct site_level){
				.name = xstrdup(field[i]),
				.place = place ? xstrdup(place) : NULL,
			};
		}
	}
	free(text);
	if (s->count)
		qsort(s->site, s->count, sizeof(*s->site), by_address);
	s->known = s->count;
}

/* All of it again, under another name first: another kvt may read it. */
static void write_table(const struct sites *s, const char *table)
{
	char *new = xasprintf("%s.%d", table, getpid());
	FILE *out = open_file(new, "we");

	for (size_t i = 0; i < s->count; i++) {
		const struct site *t = &s->site[i];

		fprintf(out, "%" PRIx64, t->address);
		for (int f = 0; f < t->frames; f++)
			fprintf(out, "\t%s%s%s", t->frame[f].name,
				t->frame[f].place ? " " : "",
				t->frame[f].place ?: "");
		fputc('\n', out);
	}
	close_file(out, new);
	if (rename(new, table))
		die(KVT_FAILED, "cannot rename %s to %s", new, table);
	free(new);
}

/* --- asking --------------------------------------------------------- */

/* Takes "." and ".." out of a path, in place. */
static void straighten(char *path)
{
	char *up;

	while ((up = strstr(path, "/../"))) {
		char *from = up;

		while (from > path && from[-1] != '/')
			from--;
		if (from == path)
			return;
		memmove(from, up + 4, strlen(up + 4) + 1);
	}
	while ((up = strstr(path, "/./")))
		memmove(up, up + 2, strlen(up + 2) + 1);
}

/*
 * The tree's own name in paths is what stands before a directory of KVM.
 * Nothing else can tell it, so a place of KVM's is always among the questions.
 */
static void learn_prefix(struct sites *s, const char *path)
{
	const char *at = strstr(path, "/virt/kvm/") ?:
			 strstr(path, "/arch/arm64/kvm/");

	if (at && !s->prefix)
		s->prefix = xasprintf("%.*s", (int)(at + 1 - path), path);
}

/* addr2line's "PATH:LINE", or NULL where it did not know. */
static char *place_of(struct sites *s, char *line)
{
	const char *colon;

	line[strcspn(line, " \n")] = '\0';	/* "(discriminator 2)" */
	straighten(line);
	learn_prefix(s, line);
	colon = strrchr(line, ':');
	if (!colon || colon[1] < '1' || colon[1] > '9' || line[0] == '?')
		return NULL;
	return xstrdup(line);
}

/* Reads what addr2line says of the new sites, two lines a frame. */
static void read_answer(struct sites *s, FILE *in)
{
	struct site *now = NULL, *next = s->site + s->known;
	char *line = NULL, *name = NULL;
	bool first = s->home;
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		if (!strncmp(line, "0x", 2)) {
			now = !first && next < s->site + s->count ? next++ : NULL;
			first = false;
		} else if (!name) {
			line[strcspn(line, " \n")] = '\0';
			name = xstrdup(line);
		} else {
			char *place = place_of(s, line);

			if (now && now->frames < MAX_LEVELS) {
				now->frame[now->frames++] = (struct site_level){
					.name = name, .place = place,
				};
			} else {
				free(name);
				free(place);
			}
			name = NULL;
		}
	}
	free(name);
	free(line);
}

static void ask(struct sites *s, const char *vmlinux)
{
	char asked[] = "/tmp/kvt-sites-XXXXXX", *command;
	int fd = mkstemp(asked);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f)
		die(KVT_FAILED, "cannot make a file in /tmp");
	if (strchr(vmlinux, '\''))
		die(KVT_USAGE, "--vmlinux: a quote in a file's name");
	if (s->home)
		fprintf(f, "%" PRIx64 "\n", s->home);
	/* The call is before the address to which it returns. */
	for (size_t i = s->known; i < s->count; i++)
		fprintf(f, "%" PRIx64 "\n",
			s->site[i].address - s->slide - 4);
	close_file(f, asked);
	command = xasprintf("%s -a -i -f -e '%s' <'%s' 2>/dev/null",
			    addr2line(), vmlinux, asked);
	f = popen(command, "re");
	if (f)
		read_answer(s, f);
	if (!f || pclose(f))
		die(KVT_FAILED, "%s cannot read %s", addr2line(), vmlinux);
	unlink(asked);
	free(command);
}

/* Paths of the new sites become relative to the kernel tree. */
static void shorten(struct sites *s)
{
	size_t n = s->prefix ? strlen(s->prefix) : 0;

	for (size_t i = s->known; n && i < s->count; i++)
		for (int f = 0; f < s->site[i].frames; f++) {
			char *place = s->site[i].frame[f].place;

			if (place && !strncmp(place, s->prefix, n))
				memmove(place, place + n,
					strlen(place + n) + 1);
		}
}

/* --- a kernel that was moved (KASLR) -------------------------------- */

/* The address of the function NAME in a symbol table, or 0. */
static uint64_t symbol_in(Elf_Scn *section, Elf *elf, const char *name)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr head;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(section, &head))
		return 0;
	for (int i = 0; gelf_getsym(data, i, &sym); i++) {
		const char *n = elf_strptr(elf, head.sh_link, sym.st_name);

		if (n && GELF_ST_TYPE(sym.st_info) == STT_FUNC &&
		    !strcmp(n, name))
			return sym.st_value;
	}
	return 0;
}

/* How far from VMLINUX's addresses the kernel of the function F runs. */
static uint64_t slide_of(const char *vmlinux, const struct function *f)
{
	int fd = open(vmlinux, O_RDONLY | O_CLOEXEC);
	Elf_Scn *section = NULL;
	uint64_t address = 0;
	GElf_Shdr head;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (elf && !address && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &head) &&
		    head.sh_type == SHT_SYMTAB)
			address = symbol_in(section, elf, f->name);
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	if (!address)
		die(KVT_FAILED, "%s: no kernel with symbols: it has no"
		    " function %s", vmlinux, f->name);
	/* The tracer's address is a few instructions into the function, and
	 * a kernel moves by multiples of 64 KiB. */
	address = f->address - address;
	if (address % 0x10000 > 64)
		die(KVT_FAILED, "%s is not the kernel that was recorded: %s is"
		    " elsewhere in it", vmlinux, f->name);
	return address & ~UINT64_C(0xffff);
}

/* --- the interface -------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* A function of KVM's by its name. */
static const struct function *one_of_kvm(const struct facts *f)
{
	for (size_t i = 0; i < f->functions; i++)
		if (!strncmp(f->function[i].name, "kvm_", 4))
			return &f->function[i];
	die(KVT_FAILED, "the facts have no function kvm_*");
}

struct sites *sites_load(const char *vmlinux, const struct facts *running,
			 const char *table, uint64_t *address, size_t count)
{
	struct sites *s = xcalloc(1, sizeof(*s));

	if (running) {
		const struct function *f = one_of_kvm(running);

		s->slide = slide_of(vmlinux, f);
		s->home = f->address - s->slide;
	}
	read_table(s, table);
	if (count)
		qsort(address, count, sizeof(*address), by_number);
	for (size_t i = 0; i < count; i++)
		if ((!i || address[i] != address[i - 1]) &&
		    !find(s, s->known, address[i]))
			add_site(s, address[i]);
	if (s->count == s->known)
		return s;
	ask(s, vmlinux);
	shorten(s);
	qsort(s->site, s->count, sizeof(*s->site), by_address);
	if (table)
		write_table(s, table);
	return s;
}

/* SYSCALL_DEFINE makes a chain of functions, where the source has one. */
static bool is_wrapper(const char *name)
{
	return !strncmp(name, "__se_sys_", 9) || !strncmp(name, "__do_sys_", 9);
}

int sites_levels(const struct sites *s, uint64_t address, const char *caller,
		 struct site_level level[MAX_LEVELS], const char **place)
{
	const struct site *t = find(s, s->count, address);
	int n = 0;

	*place = NULL;
	if (!t || !t->frames || t->frame[0].name[0] == '?')
		return 0;
	*place = t->frame[0].place;
	for (int i = t->frames - 1; i >= 0; i--) {
		bool outermost = i == t->frames - 1;
		const char *name = t->frame[i].name;

		if (outermost ? caller && !strcmp(name, caller) :
				is_wrapper(name))
			continue;
		level[n++] = (struct site_level){
			.kind = outermost ? NODE_UNSEEN : NODE_INLINED,
			.name = t->frame[i].name,
			.place = outermost ? NULL : t->frame[i + 1].place,
		};
	}
	return n;
}

void sites_free(struct sites *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (int f = 0; f < s->site[i].frames; f++) {
			free(s->site[i].frame[f].name);
			free(s->site[i].frame[f].place);
		}
	free(s->site);
	free(s->prefix);
	free(s);
}
