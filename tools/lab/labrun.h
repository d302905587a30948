/* What the parts of labrun share. */
#ifndef LABRUN_H
#define LABRUN_H

#include <stdbool.h>
#include <stddef.h>

#include "frame.h"

#define EXIT_USAGE 2
#define EXIT_TIMEOUT 124
#define EXIT_LAB 125
#define MAX_FILES 256

/* A file for the machine: its path here, its name below /work there. */
struct put {
	const char *path;
	char *name;
};

/* Everything the command line says. */
struct options {
	const char *init;		/* the guest's /init */
	const char *out_dir;		/* NULL: /out is not wanted */
	int timeout;			/* seconds; 0: none */
	int grace;			/* seconds that a program has to end then */
	bool icount, verbose;
	bool hidden;			/* /out is a descriptor, not a path */
	bool tty;			/* the program gets a terminal */
	bool shell;			/* ... and is a shell on one of ours */
	struct put puts[MAX_FILES];	/* the first is the program */
	int put_count;
	const char *env[MAX_FILES];
	int env_count;
	char *qemu[MAX_FILES];		/* QEMU's command, as the lab script wants it */
	int qemu_count;
	char **argv;			/* the program and its arguments */
};

/* A frame on its way, in either direction. */
struct transfer {
	size_t have, done;
	struct {
		struct frame head;
		char payload[FRAME_MAX];
	} frame;
};

/* labrun.c */
extern struct options options;
/* The machine's port and console, once it has been started. */
extern int port, console_fd;
/* Ends everything: QEMU, half-written files, the terminal's raw mode. */
__attribute__((noreturn)) void finish(int status);
__attribute__((noreturn, format(printf, 2, 3))) void fail(int status, const char *format, ...);
/* The same, with the end of the machine's console. */
__attribute__((noreturn, format(printf, 2, 3))) void fail_with_console(int status,
									const char *format, ...);
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
bool write_all(int fd, const void *data, size_t length);
/* The time limit is over, and the machine was told. */
bool time_is_over(void);

/* arguments.c: fills in the options, or ends with EXIT_USAGE. */
void parse_arguments(int argc, char **argv);
__attribute__((format(printf, 1, 2))) void add_qemu_argument(const char *format, ...);

/* initramfs.c: makes the initramfs and returns a file descriptor of it. */
int make_initramfs(const struct options *options);
/* Refuses what cannot run in the machine: PROGRAM must be static and for arm64. */
void check_program(const char *path);

/* qemu.c */
void start_qemu(void);
void stop_qemu(void);

/* console.c: false at the console's end. */
bool read_console(void);
/* A console that says so much is broken. */
bool console_is_flooded(void);
/* Shows its last lines, with what QEMU said among them. */
void show_console(void);

/* terminal.c: that of the user, if there is one. */
void make_terminal_raw(void);
void restore_terminal(void);
bool terminal_is_raw(void);

/* from_machine.c */
void receive(void);
/* Where the frame that is here has to be written; -1: there is none. */
int output_fd(void);
/* Writes what it can of that frame. */
void pump_output(void);
/* Forgets a file that has come in half. */
void drop_partial_file(void);

/* to_machine.c */
void open_stdin(void);
/* The descriptor to read for the program, or -1 while nothing may be sent. */
int input_fd(void);
void read_input(void);
/* The machine has taken the input that it was sent. */
void input_was_taken(void);
void queue_window(void);
void queue_time_over(void);
/* Is there anything to send? */
bool must_send(void);
void send_to_machine(void);

#endif
