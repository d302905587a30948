/* SPDX-License-Identifier: MIT */
/*
 * The guest's memory, and what a boot loader puts there: the kernel and
 * the initramfs, which its files hold.  Chapter 30 explains it.
 */
/* [headers] */
#ifndef IMAGE_H
#define IMAGE_H

#include <sys/stat.h>
#include "vmm.h"
/* [/headers] */

/* [fail] */
/* Says what is wrong, and what to do about it; ends the program. */
__attribute__((format(printf, 1, 2), noreturn))
static inline void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}
/* [/fail] */

/* [ram] */
enum { KIB = 1024, MIB = 1024 * KIB };

/* The guest's memory, which begins at MEMORY_AT there. */
static char *ram;
static uint64_t ram_size;

/* LENGTH bytes at a guest ADDRESS; NULL if not all is memory. */
static inline void *guest_bytes(uint64_t address, uint64_t length)
{
	uint64_t offset = address - MEMORY_AT;

	if (offset >= ram_size || length > ram_size - offset)
		return NULL;
	return ram + offset;
}
/* [/ram] */

/* [load-file] */
static inline uint64_t round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* Opens what should be a file; returns its size as well. */
static inline int open_file(const char *path, int flags, off_t *size)
{
	/* A FIFO would wait for somebody else. */
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		fail("%s: %s.", path, strerror(errno));
	must(fstat(fd, &st), "This cannot fail.");
	*size = lseek(fd, 0, SEEK_END);
	if (S_ISDIR(st.st_mode) || *size < 0)
		fail("%s is neither a file nor a disk.", path);
	return fd;
}

/* Reads a file into the guest's memory; returns where it ends there. */
static inline uint64_t load_file(const char *path, uint64_t address)
{
	off_t size, done = 0;
	int fd = open_file(path, O_RDONLY, &size);
	char *to = guest_bytes(address, size);

	if (!to)
		fail("%s has %lld MiB, and the guest has no room for"
		     " it.\nGive the guest more memory: --memory %lld",
		     path, (long long)size / MIB,
		     (long long)(ram_size + 2 * size) / MIB + 1);
	while (done < size) {
		ssize_t n = pread(fd, to + done, size - done, done);

		if (n <= 0)
			fail("%s: %s.", path, n ? strerror(errno) :
			     "it became shorter");
		done += n;
	}
	close(fd);
	return address + size;
}
/* [/load-file] */

/* [header] */
/* What is at the beginning of every Image; little-endian. */
struct image_header {
	uint32_t code[2];
	uint64_t text_offset;	/* how far above a multiple of 2 MiB */
	uint64_t image_size;	/* in memory; a file may be shorter */
	uint64_t flags;		/* bit 0: it is big-endian */
	uint64_t reserved[3];
	uint32_t magic, pe_header;
};

enum { IMAGE_MAGIC = 0x644d5241, BIG_ENDIAN_IMAGE = 1 };
/* [/header] */

/* [what-it-is] */
/* What a file is that is no Image: never NULL. */
static inline const char *what_it_is(const unsigned char *head)
{
	if (!memcmp(head, "\x1f\x8b", 2))
		return "compressed: gunzip it first";
	if (!memcmp(head + 4, "zimg", 4))
		return "compressed, for EFI: build the target Image";
	if (!memcmp(head, "\177ELF", 4))
		return "an ELF file: take arch/arm64/boot/Image";
	if (!memcmp(head + 0x202, "HdrS", 4))
		return "a kernel for x86";
	return "something else: a kernel's build makes one,"
	       " arch/arm64/boot/Image";
}
/* [/what-it-is] */

/* [load-kernel] */
/*
 * Reads a kernel into the guest's memory.  Returns where it begins, and
 * in *END the first address that it does not need.
 */
static inline uint64_t load_kernel(const char *path, uint64_t *end)
{
	struct {
		struct image_header image;
		char rest[1024];
	} head = { 0 };
	uint64_t at = MEMORY_AT, size;
	off_t length;
	int fd = open_file(path, O_RDONLY, &length);

	must(pread(fd, &head, sizeof(head), 0), "Is it a file?");
	close(fd);
	if (head.image.magic != IMAGE_MAGIC)
		fail("%s is no arm64 Image, but %s.", path,
		     what_it_is((void *)&head));
	if (head.image.flags & BIG_ENDIAN_IMAGE)
		fail("%s is big-endian, and this program's devices are"
		     " not.", path);
	at += head.image.text_offset;
	*end = load_file(path, at);
	size = head.image.image_size;
	if (size > ram_size || at + size > MEMORY_AT + ram_size)
		fail("%s needs %llu MiB.\nGive the guest more memory:"
		     " --memory %llu", path,
		     (unsigned long long)size / MIB,
		     (unsigned long long)size / MIB + 64);
	if (*end < at + size)
		*end = at + size;
	return at;
}
/* [/load-kernel] */

/* [end] */
#endif
/* [/end] */
