// SPDX-License-Identifier: MIT
/* The image of a kernel, by libelf. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <gelf.h>
#include <libelf.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/image.h"

/* A part of the file that the kernel has in memory. */
struct loaded {
	uint64_t address, size;
	const char *bytes;
	bool is_constant;
};

struct image {
	const char *file;
	int fd;
	Elf *elf;
	struct loaded *loaded;			/* stb_ds */
	struct code_function *symbol;		/* stb_ds; all, as they stand */
	struct code_function *function;		/* stb_ds; by address */
	/* Read-only data in a section that says it can be written: the
	 * kernel's, up to what it protects when it has booted. */
	uint64_t constant, constant_end;
};

static void bad_image(const struct image *m, const char *what)
{
	die(KVT_FAILED, "%s: %s", m->file, what);
}

static void load_section(struct image *m, Elf_Scn *section,
			 const GElf_Shdr *head)
{
	const Elf_Data *data = elf_rawdata(section, NULL);

	if (!data || data->d_size != head->sh_size)
		bad_image(m, "truncated");
	arrput(m->loaded, ((struct loaded){
		head->sh_addr, head->sh_size, data->d_buf,
		!(head->sh_flags & (SHF_WRITE | SHF_EXECINSTR)),
	}));
}

static void load_symbols(struct image *m, Elf_Scn *section,
			 const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym sym;

	for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(m->elf, head->sh_link,
					      sym.st_name);
		struct code_function s = { sym.st_value, sym.st_size, name };

		if (!name)
			bad_image(m, "a symbol without a name");
		arrput(m->symbol, s);
		if (!strcmp(name, "__start_rodata"))
			m->constant = s.address;
		if (!strcmp(name, "__start_ro_after_init"))
			m->constant_end = s.address;
		if (GELF_ST_TYPE(sym.st_info) == STT_FUNC && s.size)
			arrput(m->function, s);
	}
}

static int by_function_address(const void *a, const void *b)
{
	const struct code_function *f = a, *g = b;

	if (f->address != g->address)
		return f->address < g->address ? -1 : 1;
	return strcmp(f->name, g->name);
}

static void load_sections(struct image *m)
{
	Elf_Scn *section = NULL;
	GElf_Shdr head;

	while ((section = elf_nextscn(m->elf, section))) {
		if (!gelf_getshdr(section, &head))
			bad_image(m, "truncated");
		if (head.sh_type == SHT_PROGBITS && head.sh_flags & SHF_ALLOC)
			load_section(m, section, &head);
		if (head.sh_type == SHT_SYMTAB)
			load_symbols(m, section, &head);
	}
	if (!m->function)
		bad_image(m, "it has no symbols; take the vmlinux of the build");
	qsort(m->function, arrlen(m->function), sizeof(*m->function),
	      by_function_address);
}

struct image *image_open(const char *vmlinux)
{
	struct image *m = xcalloc(1, sizeof(*m));
	GElf_Ehdr head;

	m->file = vmlinux;
	m->fd = open(vmlinux, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		bad_image(m, strerror(errno));
	elf_version(EV_CURRENT);
	m->elf = elf_begin(m->fd, ELF_C_READ_MMAP, NULL);
	if (!m->elf || !gelf_getehdr(m->elf, &head) ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_ident[EI_DATA] != ELFDATA2LSB ||
	    head.e_machine != EM_AARCH64)
		bad_image(m, "no arm64 kernel");
	load_sections(m);
	return m;
}

void image_close(struct image *m)
{
	arrfree(m->loaded);
	arrfree(m->symbol);
	arrfree(m->function);
	elf_end(m->elf);
	close(m->fd);
	free(m);
}

const char *image_file(const struct image *m)
{
	return m->file;
}

static const struct loaded *loaded_at(const struct image *m, uint64_t address,
				      uint64_t size)
{
	for (size_t i = 0; i < arrlenu(m->loaded); i++) {
		const struct loaded *l = &m->loaded[i];

		if (address >= l->address && size <= l->size &&
		    address - l->address <= l->size - size)
			return l;
	}
	return NULL;
}

const void *image_bytes(const struct image *m, uint64_t address, uint64_t size)
{
	const struct loaded *l = loaded_at(m, address, size);

	return l ? l->bytes + (address - l->address) : NULL;
}

const void *image_constant(const struct image *m, uint64_t address,
			   uint64_t size)
{
	const struct loaded *l = loaded_at(m, address, size);

	if (!l || (!l->is_constant &&
		   (address < m->constant || address + size > m->constant_end)))
		return NULL;
	return l->bytes + (address - l->address);
}

bool image_word(const struct image *m, uint64_t address, uint32_t *word)
{
	const void *p = image_bytes(m, address, sizeof(*word));

	if (p)
		memcpy(word, p, sizeof(*word));
	return p;
}

struct code_function image_symbol(const struct image *m, const char *name)
{
	for (size_t i = 0; i < arrlenu(m->symbol); i++)
		if (!strcmp(m->symbol[i].name, name))
			return m->symbol[i];
	die(KVT_FAILED, "%s has no symbol %s: is it a kernel with KVM?",
	    m->file, name);
}

const struct code_function *image_functions(const struct image *m,
					    size_t *count)
{
	*count = arrlenu(m->function);
	return m->function;
}

const struct code_function *image_find(const struct image *m,
				       uint64_t address)
{
	const struct code_function *f = m->function;
	size_t i = lower_bound(f, arrlenu(f), address, address + 1);

	/* Several names of one address: the first of them. */
	while (i > 1 && f[i - 2].address == f[i - 1].address)
		i--;
	if (!i || address - f[i - 1].address >= f[i - 1].size)
		return NULL;
	return &f[i - 1];
}
