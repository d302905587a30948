/*
 * The initramfs of one run: init, the program, its files, and how to run it.
 * Written here because it must be the same to the byte for the same content
 * (cpio stores times, owners and inode numbers) and takes no time.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "labrun.h"

static unsigned int inode;

static void put_bytes(int fd, const void *data, size_t length)
{
	static const char zeros[4];

	if (!write_all(fd, data, length) || !write_all(fd, zeros, -length & 3))
		fail(EXIT_LAB, "cannot write the initramfs: %s", strerror(errno));
}

/* One entry in the "newc" format, see cpio(5). */
static void put_entry(int fd, const char *name, unsigned int mode, const void *data, size_t length)
{
	char head[512];
	int n;

	n = snprintf(head, sizeof(head),
		     "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X%s", ++inode,
		     mode, 0, 0, 1, 0, length, 0, 0, 0, 0, strlen(name) + 1, 0, name);
	put_bytes(fd, head, n + 1);
	put_bytes(fd, data, length);
}

static void put_file(int fd, const char *path, const char *name)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	void *content = "";
	struct stat st;

	if (file < 0 || fstat(file, &st) < 0)
		fail(EXIT_LAB, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		fail(EXIT_LAB, "%s: not a file", path);
	if (st.st_size)
		content = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (content == MAP_FAILED)
		fail(EXIT_LAB, "%s: %s", path, strerror(errno));
	/* Whatever the umask was here: what may be run there may be run by all. */
	put_entry(fd, name, S_IFREG | (st.st_mode & 0111 ? 0755 : 0644), content, st.st_size);
	if (st.st_size)
		munmap(content, st.st_size);
	close(file);
}

static void put_config(int fd, const struct options *options)
{
	char *text = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&text, &length);
	struct winsize size = {.ws_row = 24, .ws_col = 80}; /* without a terminal here */
	int i;

	ioctl(0, TIOCGWINSZ, &size);

	if (!f)
		fail(EXIT_LAB, "out of memory");
	for (i = 0; options->argv[i]; i++)
		fprintf(f, "arg=%s%c", options->argv[i], 0);
	for (i = 0; i < options->env_count; i++)
		fprintf(f, "env=%s%c", options->env[i], 0);
	if (options->icount)
		fprintf(f, "icount=1%c", 0);
	if (options->tty)
		fprintf(f, "tty=%dx%d%c", size.ws_row, size.ws_col, 0);
	if (options->out_dir)
		fprintf(f, "out=1%c", 0);
	if (options->out_dir && options->hidden)
		fprintf(f, "hidden=1%c", 0);
	fclose(f);
	put_entry(fd, &CONFIG_FILE[1], S_IFREG | 0644, text, length);
	free(text);
}

/* The folders of a file below /work.  The kernel does not mind one that it has. */
static void put_folders(int fd, const char *name)
{
	char folder[300];
	const char *slash;

	for (slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof(folder), "work/%.*s", (int)(slash - name), name);
		put_entry(fd, folder, S_IFDIR | 0755, "", 0);
	}
}

int make_initramfs(const struct options *options)
{
	int i, fd = memfd_create("initramfs", MFD_CLOEXEC);
	char name[300];

	if (fd < 0)
		fail(EXIT_LAB, "cannot make the initramfs: %s", strerror(errno));
	put_file(fd, options->init, "init");
	put_config(fd, options);
	put_entry(fd, "work", S_IFDIR | 0755, "", 0);
	for (i = 0; i < options->put_count; i++) {
		put_folders(fd, options->puts[i].name);
		snprintf(name, sizeof(name), "work/%s", options->puts[i].name);
		put_file(fd, options->puts[i].path, name);
	}
	put_entry(fd, "TRAILER!!!", 0, "", 0);
	return fd;
}

static bool has_interpreter(int fd, const Elf64_Ehdr *head)
{
	Elf64_Phdr segment;
	int i;

	for (i = 0; i < head->e_phnum; i++) {
		off_t at = head->e_phoff + (off_t)i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return false;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

void check_program(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr head;

	if (fd < 0)
		fail(EXIT_LAB, "%s: %s", path, strerror(errno));
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_machine != EM_AARCH64)
		fail(EXIT_LAB, "%s: not an arm64 program: compile it with $(tools/lab/lab cc)",
		     path);
	if (has_interpreter(fd, &head))
		fail(EXIT_LAB,
		     "%s: not static, and the machine has no libraries: compile it with "
		     "$(tools/lab/lab cc)",
		     path);
	close(fd);
	if (access(path, X_OK) < 0)
		fail(EXIT_LAB, "%s: not executable", path);
}
