// SPDX-License-Identifier: MIT
/* System calls of a recorded program. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/ioctl.h>

#include "base/memory.h"
#include "base/buf.h"
#include "import/passed.h"
#include "import/syscalls.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/uapi.h"

/*
 * How the arguments of a call are written, a letter each: f descriptor,
 * d number, x number in hexadecimal, p address in the program, D directory
 * descriptor, O open flags, P protection, M mapping flags, r ioctl request,
 * a its argument.  A call that is not here is written as "name(...)".
 */
static const struct shape {
	const char *name;
	const char *args;
	int fd;			/* which argument is a descriptor; -1: none */
} shapes[] = {
	{ "openat", "DpO", -1 },
	{ "ioctl", "fra", 0 },
	{ "mmap", "pdPMfd", 4 },
	{ "munmap", "pd", -1 },
	{ "mprotect", "pdP", -1 },
	{ "madvise", "pdd", -1 },
	{ "close", "f", 0 },
	{ "dup", "f", 0 },
	{ "dup3", "fdx", 0 },
	{ "read", "fpd", 0 },
	{ "pread64", "fpdd", 0 },
	{ "write", "fpd", 0 },
	{ "lseek", "fdd", 0 },
	{ "exit_group", "d", -1 },
	{ "exit", "d", -1 },
};

static const char *const kind_name[] = {
	[FD_SYSTEM] = "system", [FD_VM] = "vm", [FD_VCPU] = "vcpu",
	[FD_DEVICE] = "device", [FD_STATS] = "stats",
	[FD_GUEST_MEMFD] = "guest_memfd",
};

const char *syscall_text(const struct syscall *s)
{
	static char number[32];
	const char *name = value_name("syscall", s->number);

	if (name)
		return name;
	snprintf(number, sizeof(number), "syscall_%ld", s->number);
	return number;
}

static const struct shape *shape_of(const struct syscall *s)
{
	const char *name = syscall_text(s);

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (!strcmp(name, shapes[i].name))
			return &shapes[i];
	return NULL;
}

static bool is(const struct syscall *s, const char *name)
{
	return !strcmp(syscall_text(s), name);
}

/* --- descriptors ---------------------------------------------------- */

static enum fd_kind kind_of(const struct fds *f, uint64_t fd)
{
	return fd < f->room ? f->kind[fd] : FD_OTHER;
}

static void set_kind(struct fds *f, int64_t fd, enum fd_kind kind)
{
	if (fd < 0 || fd > 1 << 20)
		return;
	if (fd >= f->room) {
		unsigned int room = fd + 1024;

		f->kind = xrealloc(f->kind, room);
		memset(f->kind + f->room, FD_OTHER, room - f->room);
		f->device = xrealloc(f->device, room);
		memset(f->device + f->room, 0, room - f->room);
		f->room = room;
	}
	f->kind[fd] = kind;
	f->device[fd] = 0;
}

struct fds *fds_copy(const struct fds *f)
{
	struct fds *copy = xcalloc(1, sizeof(*copy));

	copy->room = f->room;
	copy->kind = xcalloc(1, f->room);
	copy->device = xcalloc(1, f->room);
	if (f->room) {
		memcpy(copy->kind, f->kind, f->room);
		memcpy(copy->device, f->device, f->room);
	}
	return copy;
}

void fds_free(struct fds *f)
{
	free(f->kind);
	free(f->device);
	free(f);
}

bool fds_set(struct fds *f, long fd, const char *kind)
{
	for (int i = FD_SYSTEM; i <= FD_GUEST_MEMFD; i++)
		if (!strcmp(kind, kind_name[i])) {
			if (fd >= 0 && kind_of(f, fd) == FD_OTHER)
				set_kind(f, fd, i);
			return true;
		}
	return false;
}

static bool request_is(const struct syscall *s, const char *name)
{
	const char *its = is(s, "ioctl") ? ioctl_name(s->arg[1], false)
					 : NULL;

	return its && !strcmp(its, name);
}

/* The type of a new device is the first field of what was passed. */
static void learn_device(struct fds *f, const struct syscall *s, int64_t fd)
{
	if (fd < 0)
		return;
	set_kind(f, fd, FD_DEVICE);
	if (fd < f->room && s->passed && s->passed->size)
		f->device[fd] = (uint32_t)s->passed->word[0];
}

static void learn_ioctl(struct fds *f, const struct syscall *s, int64_t made)
{
	enum fd_kind on = kind_of(f, s->arg[0]);

	if (s->result < 0)
		return;
	if (on == FD_SYSTEM && request_is(s, "KVM_CREATE_VM"))
		set_kind(f, s->result, FD_VM);
	else if (on == FD_VM && request_is(s, "KVM_CREATE_VCPU"))
		set_kind(f, s->result, FD_VCPU);
	else if (on == FD_VM && request_is(s, "KVM_CREATE_GUEST_MEMFD"))
		set_kind(f, s->result, FD_GUEST_MEMFD);
	else if (request_is(s, "KVM_GET_STATS_FD"))
		set_kind(f, s->result, FD_STATS);
	else if (on == FD_VM && request_is(s, "KVM_CREATE_DEVICE"))
		learn_device(f, s, made);
	else if (on == FD_OTHER && (request_is(s, "KVM_SET_DEVICE_ATTR") ||
				    request_is(s, "KVM_GET_DEVICE_ATTR") ||
				    request_is(s, "KVM_HAS_DEVICE_ATTR")))
		set_kind(f, s->arg[0], FD_DEVICE);
}

void syscall_learn(struct fds *f, const struct syscall *s, bool opened_kvm,
		   int64_t made)
{
	if (is(s, "ioctl"))
		learn_ioctl(f, s, made);
	else if (is(s, "close"))
		set_kind(f, s->arg[0], FD_OTHER);
	else if (s->result < 0)
		return;
	else if (is(s, "openat"))
		set_kind(f, s->result, opened_kvm ? FD_SYSTEM : FD_OTHER);
	else if (is(s, "dup") || is(s, "dup3"))
		set_kind(f, s->result, kind_of(f, s->arg[0]));
}

bool syscall_may_concern_kvm(const struct syscall *s)
{
	const struct shape *shape = shape_of(s);

	return shape && (shape->fd >= 0 || is(s, "openat"));
}

bool syscall_concerns_kvm(const struct fds *f, const struct syscall *s)
{
	const struct shape *shape = shape_of(s);

	if (!shape || shape->fd < 0)
		return false;
	if (kind_of(f, s->arg[shape->fd]) != FD_OTHER)
		return true;
	return is(s, "ioctl") && _IOC_TYPE(s->arg[1]) == 0xae;
}

/* --- text ----------------------------------------------------------- */

static void print_fd(struct buf *out, const struct fds *f, int32_t fd)
{
	enum fd_kind kind = kind_of(f, fd);

	buf_printf(out, "%d", fd);
	if (kind != FD_OTHER)
		buf_printf(out, ":%s", kind_name[kind]);
}

static void print_user(struct buf *out, struct objects *o, uint64_t address)
{
	struct value_type t = { .class = VALUE_POINTER, .size = 8 };

	value_print(out, o, &t, address, 0);
}

static void print_number(struct buf *out, struct objects *o, uint64_t n)
{
	struct value_type t = { .class = VALUE_UNSIGNED, .size = 8 };

	value_print(out, o, &t, n, 0);
}

/* Whose attributes the ioctls on this descriptor are about. */
static const char *attributes_of(const struct fds *f, uint64_t fd)
{
	const char *device = kind_of(f, fd) == FD_DEVICE ?
			     value_name("device", f->device[fd]) : NULL;

	if (kind_of(f, fd) == FD_VCPU)
		return "vcpu";
	return device && strstr(device, "_ARM_VGIC_") ? "vgic" : NULL;
}

static void print_ioctl_arg(struct buf *out, struct fds *f, struct objects *o,
			    const struct syscall *s)
{
	const char *cap, *type;

	if (_IOC_SIZE(s->arg[1])) {
		print_user(out, o, s->arg[2]);
		type = ioctl_type(s->arg[1], kind_of(f, s->arg[0]) == FD_VCPU);
		if (type && s->passed && _IOC_DIR(s->arg[1]) & _IOC_WRITE)
			passed_print(out, o, type, attributes_of(f, s->arg[0]),
				     s->passed->word, s->passed->size);
		return;
	}
	cap = request_is(s, "KVM_CHECK_EXTENSION") ? value_name("cap", s->arg[2])
						   : NULL;
	if (cap)
		buf_puts(out, cap);
	else
		print_number(out, o, s->arg[2]);
}

static void print_arg(struct buf *out, char letter, uint64_t word, struct fds *f,
		      struct objects *o, const struct syscall *s)
{
	const char *name;

	switch (letter) {
	case 'f':
		print_fd(out, f, word);
		break;
	case 'D':
		if ((int32_t)word == AT_FDCWD)
			buf_puts(out, "AT_FDCWD");
		else
			print_fd(out, f, word);
		break;
	case 'd':
		buf_printf(out, "%" PRId64, (int64_t)word);
		break;
	case 'x':
		buf_printf(out, "0x%" PRIx64, word);
		break;
	case 'p':
		print_user(out, o, word);
		break;
	case 'O':
		flags_print(out, "open_flag", word & 0xffffffff);
		break;
	case 'P':
		flags_print(out, "prot_flag", word);
		break;
	case 'M':
		flags_print(out, "map_flag", word);
		break;
	case 'r':
		name = ioctl_name(word, kind_of(f, s->arg[0]) == FD_VCPU);
		if (name)
			buf_puts(out, name);
		else
			buf_printf(out, "0x%" PRIx64, word);
		break;
	case 'a':
		print_ioctl_arg(out, f, o, s);
		break;
	}
}

void syscall_print(struct buf *out, struct fds *f, struct objects *o,
		   const struct syscall *s)
{
	const struct shape *shape = shape_of(s);

	if (!shape) {
		buf_puts(out, "...");
		return;
	}
	for (int i = 0; shape->args[i]; i++) {
		if (i)
			buf_puts(out, ", ");
		print_arg(out, shape->args[i], s->arg[i], f, o, s);
	}
}

void syscall_print_result(struct buf *out, struct fds *f, struct objects *o,
			  const struct syscall *s)
{
	struct value_type t = { .class = VALUE_SIGNED, .size = 8 };

	if (s->result >= 0 && is(s, "mmap"))
		print_user(out, o, s->result);
	else if (s->result >= 0 &&
		 (is(s, "openat") || is(s, "dup") || is(s, "dup3") ||
		  request_is(s, "KVM_CREATE_VM") ||
		  request_is(s, "KVM_CREATE_VCPU") ||
		  request_is(s, "KVM_GET_STATS_FD")))
		print_fd(out, f, s->result);
	else
		result_print(out, o, &t, s->result);
}
