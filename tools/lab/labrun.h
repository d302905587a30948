/* What the parts of labrun share. */
#ifndef LABRUN_H
#define LABRUN_H

#include <stdbool.h>
#include <stddef.h>

#define EXIT_USAGE 2
#define EXIT_TIMEOUT 124
#define EXIT_LAB 125
#define MAX_FILES 256

/* A file for the machine: its path here, its name there. */
struct put {
	const char *path;
	char *name;
};

/* Everything the command line says. */
struct options {
	const char *init;		/* the guest's /init */
	const char *out_dir;		/* NULL: /out is not wanted */
	int timeout;			/* seconds; 0: none */
	bool icount, shell, verbose;
	struct put puts[MAX_FILES];
	int put_count;
	const char *env[MAX_FILES];
	int env_count;
	char *qemu[MAX_FILES];		/* QEMU's command, as the lab script wants it */
	int qemu_count;
	char **argv;			/* the program and its arguments */
};

/* Ends everything: QEMU, half-written files, the terminal's raw mode. */
__attribute__((noreturn)) void finish(int status);
__attribute__((noreturn, format(printf, 2, 3))) void fail(int status, const char *format, ...);
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

bool write_all(int fd, const void *data, size_t length);

/* Makes the initramfs and returns a file descriptor of it. */
int make_initramfs(const struct options *options);
/* Refuses what cannot run in the machine: PROGRAM must be static and for arm64. */
void check_program(const char *path);

#endif
