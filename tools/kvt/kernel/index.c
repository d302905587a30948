// SPDX-License-Identifier: MIT
/*
 * symbols.tsv: where the kernel's functions are defined, by way of
 * universal-ctags.  A name may have several definitions; the first of its
 * rows is the one that an arm64 host kernel in VHE mode runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "commands.h"
#include "kernel/symbols.h"

/* What the book cites: files, and directories with everything below. */
static const char *const places[] = {
	"virt/kvm",
	"arch/arm64/kvm",
	"include/kvm",
	"include/linux/kvm_host.h",
	"include/linux/kvm_types.h",
	"include/trace/events/kvm.h",
	"include/uapi/linux/kvm.h",
	"arch/arm64/include/uapi/asm/kvm.h",
	"arch/arm64/include/asm/kvm_arm.h",
	"arch/arm64/include/asm/kvm_asm.h",
	"arch/arm64/include/asm/kvm_emulate.h",
	"arch/arm64/include/asm/kvm_host.h",
	"arch/arm64/include/asm/kvm_hyp.h",
	"arch/arm64/include/asm/kvm_mmu.h",
	"arch/arm64/include/asm/kvm_nested.h",
	"arch/arm64/include/asm/kvm_pgtable.h",
	"arch/arm64/include/asm/kvm_pkvm.h",
	"arch/arm64/include/asm/stage2_pgtable.h",
	"arch/arm64/include/asm/virt.h",
	"drivers/char/misc.c",
	"fs/anon_inodes.c",
	"fs/ioctl.c",
	"fs/file_table.c",
	"fs/open.c",
	"mm/memory.c",
	"mm/mmap.c",
	"mm/vma.c",
	"mm/mmu_notifier.c",
	"kernel/exit.c",
	"tools/testing/selftests/kvm/kvm_create_max_vcpus.c",
	"tools/testing/selftests/kvm/lib/kvm_util.c",
	"tools/testing/selftests/kvm/lib/arm64/processor.c",
	"tools/testing/selftests/kvm/include/kvm_util.h",
};
enum { PLACES = sizeof(places) / sizeof(*places) };

/* Returns how far a definition is from the one that runs; 0 is nearest. */
static int distance(const struct symbol *s)
{
	int d = 0;

	if (strcmp(s->kind, "function"))
		d += 1000;	/* `name()` means a function */
	if (strstr(s->path, "/hyp/nvhe/"))
		d += 400;	/* runs at EL2, out of the tracer's sight */
	if (!strncmp(s->path, "tools/", 6))
		d += 200;
	if (strcmp(s->path + strlen(s->path) - 2, ".c"))
		d += 100;	/* a stub, for another configuration */
	if (!is_kvm_path(s->path))
		d += 20;
	if (!strncmp(s->path, "virt/", 5))
		d += 10;	/* a weak default that arm64 replaces */
	return d;
}

static int by_name_and_distance(const void *a, const void *b)
{
	const struct symbol *s = a, *t = b;
	int c = strcmp(s->name, t->name);

	if (!c)
		c = distance(s) - distance(t);
	if (!c)
		c = strcmp(s->path, t->path);
	return c ? c : s->line - t->line;
}

static void check_tree(const char *tree)
{
	char *file = xasprintf("%s/virt/kvm/kvm_main.c", tree);

	if (access(file, R_OK))
		die(KVT_USAGE, "%s is not a kernel source tree: %s: %s",
		    tree, file, strerror(errno));
	free(file);
}

/* Runs ctags in TREE; only the order differs from the index. */
static FILE *run_ctags(const char *tree)
{
	char *command = NULL;
	size_t size;
	FILE *text = open_memstream(&command, &size), *out;

	if (!text)
		die(KVT_FAILED, "out of memory");
	fputs("exec ctags --quiet --options=NONE -x --recurse --languages=C"
	      " --langmap=C:.c.h --kinds-C=defgstvx"
	      " -I noinstr,__always_inline,__init,__hyp_text,__weak"
	      " --_xformat='%N\t%K\t%F\t%n\t%{end}'", text);
	for (int i = 0; i < PLACES; i++)
		fprintf(text, " %s", places[i]);
	fclose(text);
	if (chdir(tree))
		die(KVT_FAILED, "%s: %s", tree, strerror(errno));
	out = popen(command, "re");
	if (!out)
		die(KVT_FAILED, "cannot run ctags: %s", strerror(errno));
	free(command);
	return out;
}

/* The number of a line "KEY = NUMBER" in the tree's Makefile, or NULL; LINE
 * becomes its number. */
static char *makefile_value(const char *text, const char *key, int *line)
{
	size_t n = strlen(key);

	*line = 1;
	for (const char *p = text; *p; ++*line) {
		const char *value = p + n;

		if (!strncmp(p, key, n))
			value += strspn(value, " \t");
		if (!strncmp(p, key, n) && *value == '=') {
			value += 1 + strspn(value + 1, " \t");
			return xasprintf("%.*s",
					 (int)strcspn(value, " \t\n"), value);
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return NULL;
}

/*
 * The row that says of which kernel the table is: its release, as the tree's
 * Makefile puts it together.  False where the tree has no such Makefile.
 */
static bool release_row(struct symbol *row)
{
	static const char *const key[] = {
		"VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION"
	};
	char *text = read_file_if("Makefile", NULL), *value[4] = { NULL };
	int line[4] = { 0 };

	for (int i = 0; text && i < 4; i++)
		value[i] = makefile_value(text, key[i], &line[i]);
	if (value[0] && value[1] && value[2])
		*row = (struct symbol){
			xasprintf("%s.%s.%s%s", value[0], value[1], value[2],
				  value[3] ?: ""),
			xstrdup("release"), xstrdup("Makefile"), line[0],
			value[3] ? line[3] : line[2]
		};
	for (int i = 0; i < 4; i++)
		free(value[i]);
	free(text);
	return row->name;
}

static const char index_help[] =
"usage: kvt index KERNEL-TREE > symbols.tsv\n"
"\n"
"Lists the functions, variables, types, macros and enumerators of KVM on\n"
"arm64, and of the files around it that the book cites, with the place of\n"
"each definition, and the kernel's release.  Needs universal-ctags.\n";

/* Returns all that ctags finds, as sorted rows. */
static struct symbol *read_ctags(FILE *in)
{
	struct symbol *sym = NULL, release = { .name = NULL };
	char *line = NULL, *field[5];
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (split_tabs(line, field, 5) != 5)
			continue;
		arrput(sym, ((struct symbol){
			xstrdup(field[0]), xstrdup(field[1]),
			xstrdup(field[2]), atoi(field[3]), atoi(field[4])
		}));
	}
	free(line);
	if (pclose(in) || !sym)
		die(KVT_FAILED, "ctags failed: is it universal-ctags?");
	if (release_row(&release))
		arrput(sym, release);
	qsort(sym, arrlen(sym), sizeof(*sym), by_name_and_distance);
	return sym;
}

int cmd_index(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct symbol *sym;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		fputs(opt == 'h' ? index_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind != argc - 1)
		die(KVT_USAGE, "index takes one kernel tree; see"
		    " 'kvt index --help'");
	check_tree(argv[optind]);
	sym = read_ctags(run_ctags(argv[optind]));
	puts("name\tkind\tpath\tline\tend");
	for (size_t i = 0; i < arrlenu(sym); i++) {
		printf("%s\t%s\t%s\t%d\t%d\n", sym[i].name, sym[i].kind,
		       sym[i].path, sym[i].line, sym[i].end);
		free(sym[i].name);
		free(sym[i].kind);
		free(sym[i].path);
	}
	arrfree(sym);
	return KVT_OK;
}
