// SPDX-License-Identifier: MIT
/*
 * Where the kernel's functions were called from: the debugging information of
 * vmlinux tells the source line of a return address and the functions that
 * were inlined there.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/die.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "import/sites.h"
#include "kernel/debuginfo.h"
#include "kernel/facts.h"

/* The meaning of one return address. */
struct call_site {
	uint64_t address;
	int frames;
	struct { const char *name; char *place; } frame[MAX_LEVELS];
				/* innermost first */
	UT_hash_handle hh;
};

struct sites {
	struct debuginfo *info;
	uint64_t slide;		/* distance of the running kernel from vmlinux */
	const char *tree;	/* of the kernel's source, in paths; or NULL */
	struct call_site *known;
};

/* --- a kernel that was moved (KASLR) -------------------------------- */

/* A function of KVM's by its name. */
static const struct function *one_of_kvm(const struct facts *f)
{
	for (size_t i = 0; i < f->functions; i++)
		if (!strncmp(f->function[i].name, "kvm_", 4))
			return &f->function[i];
	die(KVT_FAILED, "the facts have no function kvm_*");
}

/* Computes how far from the addresses in VMLINUX the kernel of the function F
 * ran. */
static uint64_t slide_of(struct debuginfo *info, const char *vmlinux,
			 const struct function *f)
{
	uint64_t address = debuginfo_symbol(info, f->name);

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

struct sites *sites_open(const char *vmlinux, const struct facts *facts)
{
	struct sites *s = xcalloc(1, sizeof(*s));

	s->info = debuginfo_open(vmlinux);
	if (!s->info)
		die(KVT_FAILED, "%s: no kernel with symbols: it is no ELF file;"
		    " take the vmlinux of the kernel's build", vmlinux);
	s->slide = slide_of(s->info, vmlinux, one_of_kvm(facts));
	s->tree = debuginfo_tree(s->info);
	return s;
}

/* --- looking up ----------------------------------------------------- */

/* "FILE:LINE" with the file relative to the kernel tree, or NULL. */
static char *place_of(const struct sites *s, const struct debug_frame *f)
{
	size_t n = s->tree ? strlen(s->tree) : 0;

	if (!f->file || f->line < 1)
		return NULL;
	return xasprintf("%s:%d",
			 f->file + (n && !strncmp(f->file, s->tree, n) ? n : 0),
			 f->line);
}

static struct call_site *look_up(struct sites *s, uint64_t address)
{
	struct call_site *site = xcalloc(1, sizeof(*site));
	const struct debug_frame *frame;
	/* The call is before the address to which it returns. */
	int n = debuginfo_frames(s->info, address - s->slide - 4, &frame);

	site->address = address;
	for (; site->frames < n && site->frames < MAX_LEVELS; site->frames++) {
		site->frame[site->frames].name = frame[site->frames].function;
		site->frame[site->frames].place =
			place_of(s, &frame[site->frames]);
	}
	HASH_ADD(hh, s->known, address, sizeof(site->address), site);
	return site;
}

/* SYSCALL_DEFINE makes several functions of the one in the source. */
static bool is_wrapper(const char *name)
{
	return !strncmp(name, "__se_sys_", 9) || !strncmp(name, "__do_sys_", 9);
}

int sites_levels(struct sites *s, uint64_t address, const char *caller,
		 struct site_level level[MAX_LEVELS], const char **place)
{
	struct call_site *site;
	int n = 0;

	*place = NULL;
	HASH_FIND(hh, s->known, &address, sizeof(address), site);
	if (!site)
		site = look_up(s, address);
	if (!site->frames || !site->frame[0].name)
		return 0;
	*place = site->frame[0].place;
	for (int i = site->frames - 1; i >= 0; i--) {
		bool outermost = i == site->frames - 1;
		const char *name = site->frame[i].name;

		if (!name || (outermost ? caller && !strcmp(name, caller) :
				       is_wrapper(name)))
			continue;
		level[n++] = (struct site_level){
			.kind = outermost ? NODE_UNSEEN : NODE_INLINED,
			.name = name,
			.place = outermost ? NULL : site->frame[i + 1].place,
		};
	}
	return n;
}

void sites_close(struct sites *s)
{
	struct call_site *site, *next;

	HASH_ITER(hh, s->known, site, next) {
		HASH_DEL(s->known, site);
		for (int i = 0; i < site->frames; i++)
			free(site->frame[i].place);
		free(site);
	}
	debuginfo_close(s->info);
	free(s);
}
