// SPDX-License-Identifier: MIT
/*
 * System calls of a recorded program.
 *
 * One table has a row for each call that we write with its arguments, and for
 * each that makes, copies or closes descriptors or maps memory.  A row names
 * a function for each argument, which writes it, and a function that learns
 * from the call when it returns.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <linux/close_range.h>
#include <linux/ioctl.h>

#include "base/buf.h"
#include "import/decode.h"
#include "import/passed.h"
#include "import/syscalls.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/uapi.h"

/* A call that is being written or learned from. */
struct context {
	struct fds *fds;
	struct objects *objects;
	const struct syscall *call;
	bool opened_kvm;	/* it opened /dev/kvm */
	int64_t made;		/* a descriptor besides its result; -1: none */
};

typedef void write_arg(struct buf *out, const struct context *c,
		       uint64_t word);
typedef void learn_call(const struct context *c);

static const struct shape *shape_of(const struct syscall *s);

/* --- ioctls --------------------------------------------------------- */

static enum fd_kind kind_of(const struct context *c, uint64_t fd)
{
	return fds_get(c->fds, (int32_t)fd).kind;
}

static bool is_on_vcpu(const struct context *c)
{
	return kind_of(c, c->call->arg[0]) == FD_VCPU;
}

static const char *request_name(const struct context *c)
{
	return ioctl_name(c->call->arg[1], is_on_vcpu(c)) ?: "";
}

static bool is_device_attr(const char *request)
{
	return !strcmp(request, "KVM_SET_DEVICE_ATTR") ||
	       !strcmp(request, "KVM_GET_DEVICE_ATTR") ||
	       !strcmp(request, "KVM_HAS_DEVICE_ATTR");
}

/* The kind of the descriptor that is the result of an ioctl. */
static enum fd_kind made_by_request(const char *request)
{
	static const struct { const char *request; enum fd_kind kind; } made[] = {
		{ "KVM_CREATE_VM", FD_VM },
		{ "KVM_CREATE_VCPU", FD_VCPU },
		{ "KVM_CREATE_GUEST_MEMFD", FD_GUEST_MEMFD },
		{ "KVM_GET_STATS_FD", FD_STATS },
	};

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		if (!strcmp(request, made[i].request))
			return made[i].kind;
	return FD_OTHER;
}

/* Do attributes of two types of devices have the same names? A GIC's and an
 * ITS's do. */
static bool named_alike(uint16_t a, uint16_t b)
{
	const char *groups = attribute_groups(value_name("device", a));

	return a == b ||
	       (groups && groups == attribute_groups(value_name("device", b)));
}

/* The type of a new device is the first field of what was passed. */
static void learn_device(const struct context *c)
{
	const struct passed *p = c->call->passed;
	uint16_t type = p && p->size ? p->word[0] : 0;

	if (c->made >= 0) {
		fds_open(c->fds, c->made,
			 (struct fd){ FD_DEVICE, true, type });
		return;
	}
	if (c->fds->unseen_devices++ &&
	    !named_alike(c->fds->unseen_type, type))
		type = 0;
	c->fds->unseen_type = type;
}

/* Is it for a test only, which makes no device? */
static bool is_device_test(const struct syscall *s)
{
	const struct passed *p = s->passed;

	return p && p->size >= 12 &&
	       p->word[1] & name_value("device_flag", "KVM_CREATE_DEVICE_TEST");
}

/* Debian's kernel does not record the descriptor of a new device.  We know it
 * when the first attribute of an unknown descriptor works. */
static void learn_unseen_device(const struct context *c)
{
	struct fds *f = c->fds;

	fds_open(f, (int32_t)c->call->arg[0],
		 (struct fd){ FD_DEVICE, true, f->unseen_type });
	if (f->unseen_devices)
		f->unseen_devices--;
	if (!f->unseen_devices)
		f->unseen_type = 0;
}

/* KVM has been told of this eventfd, so what is done with it concerns KVM. */
static void learn_told(const struct context *c, int32_t told)
{
	struct fd fd = fds_get(c->fds, told);

	fd.kind = FD_EVENTFD;
	fds_open(c->fds, told, fd);
}

static void learn_irqfd(const struct context *c)
{
	const struct passed *p = c->call->passed;

	if (!p || p->size < 16)
		return;
	learn_told(c, (int32_t)p->word[0]);
	if (p->word[1] & name_value("irqfd_flag", "KVM_IRQFD_FLAG_RESAMPLE"))
		learn_told(c, (int32_t)(p->word[1] >> 32));
}

static void learn_ioeventfd(const struct context *c)
{
	const struct passed *p = c->call->passed;

	if (p && p->size >= 24)
		learn_told(c, (int32_t)(p->word[2] >> 32));
}

static void learn_ioctl(const struct context *c)
{
	const struct syscall *s = c->call;
	const char *request = request_name(c);
	enum fd_kind on = kind_of(c, s->arg[0]), made;

	if (s->result < 0)
		return;
	made = made_by_request(request);
	if (made != FD_OTHER && on != FD_OTHER)
		fds_open(c->fds, s->result,
			 (struct fd){ made, made != FD_GUEST_MEMFD, 0 });
	else if (on == FD_VM && !strcmp(request, "KVM_CREATE_DEVICE") &&
		 !is_device_test(s))
		learn_device(c);
	else if (on == FD_VM && !strcmp(request, "KVM_IRQFD"))
		learn_irqfd(c);
	else if (on == FD_VM && !strcmp(request, "KVM_IOEVENTFD"))
		learn_ioeventfd(c);
	else if (on == FD_OTHER && is_device_attr(request))
		learn_unseen_device(c);
}

/* --- learning ------------------------------------------------------- */

static void learn_open(const struct context *c)
{
	const struct syscall *s = c->call;
	bool exec = !strcmp(syscall_text(s), "openat") && s->arg[2] & 02000000;

	if (s->result >= 0)
		fds_open(c->fds, s->result, (struct fd){
			 c->opened_kvm ? FD_SYSTEM : FD_OTHER, exec, 0 });
}

/* The result is a descriptor of something that is not KVM's. */
static void learn_other(const struct context *c)
{
	if (c->call->result >= 0)
		fds_open(c->fds, c->call->result, (struct fd){ 0 });
}

static void learn_eventfd(const struct context *c)
{
	const bool exec = c->call->arg[1] & 02000000;

	if (c->call->result >= 0)
		fds_open(c->fds, c->call->result,
			 (struct fd){ FD_OTHER, exec, 0 });
}

/* The descriptor is gone even if close() fails. */
static void learn_close(const struct context *c)
{
	fds_close(c->fds, c->call->arg[0], c->call->arg[0]);
}

static void learn_close_range(const struct context *c)
{
	const uint64_t *arg = c->call->arg;

	if (c->call->result < 0)
		return;
	if (arg[2] & CLOSE_RANGE_CLOEXEC)
		fds_closed_by_exec(c->fds, arg[0], arg[1]);
	else
		fds_close(c->fds, arg[0], arg[1]);
}

/* The result is another descriptor of what the first argument is. */
static void learn_copy(const struct context *c, bool closed_by_exec)
{
	struct fd copy = fds_get(c->fds, (int32_t)c->call->arg[0]);

	copy.closed_by_exec = closed_by_exec;
	if (c->call->result >= 0)
		fds_open(c->fds, c->call->result, copy);
}

static void learn_dup(const struct context *c)
{
	learn_copy(c, false);
}

static void learn_dup3(const struct context *c)
{
	learn_copy(c, c->call->arg[2] & 02000000);
}

static void learn_fcntl(const struct context *c)
{
	const uint64_t *arg = c->call->arg;
	struct fd changed = fds_get(c->fds, (int32_t)arg[0]);

	if (c->call->result < 0)
		return;
	if (arg[1] == F_DUPFD || arg[1] == F_DUPFD_CLOEXEC) {
		learn_copy(c, arg[1] == F_DUPFD_CLOEXEC);
	} else if (arg[1] == F_SETFD) {
		changed.closed_by_exec = arg[2] & FD_CLOEXEC;
		fds_open(c->fds, (int32_t)arg[0], changed);
	}
}

static void learn_exec(const struct context *c)
{
	if (c->call->result < 0)
		return;
	fds_exec(c->fds);
	objects_unmap_all(c->objects);
}

static void learn_mmap(const struct context *c)
{
	const struct syscall *s = c->call;

	if (s->result >= 0)
		objects_map(c->objects, s->result, s->arg[1]);
}

static void learn_munmap(const struct context *c)
{
	if (c->call->result >= 0)
		objects_unmap(c->objects, c->call->arg[0], c->call->arg[1]);
}

static void learn_mremap(const struct context *c)
{
	const struct syscall *s = c->call;

	if (s->result < 0)
		return;
	objects_unmap(c->objects, s->arg[0], s->arg[1]);
	objects_map(c->objects, s->result, s->arg[2]);
}

/* --- writing -------------------------------------------------------- */

static void write_fd(struct buf *out, const struct context *c, uint64_t word)
{
	const char *kind = fd_kind_name(kind_of(c, word));

	buf_signed(out, (int32_t)word);
	if (!kind)
		return;
	buf_putc(out, ':');
	buf_puts(out, kind);
}

static void write_directory(struct buf *out, const struct context *c,
			    uint64_t word)
{
	if ((int32_t)word == AT_FDCWD)
		buf_puts(out, "AT_FDCWD");
	else
		write_fd(out, c, word);
}

static void write_decimal(struct buf *out, const struct context *c,
			  uint64_t word)
{
	(void)c;
	buf_signed(out, word);
}

static void write_number(struct buf *out, const struct context *c,
			 uint64_t word)
{
	struct value_type t = { .class = VALUE_UNSIGNED, .size = 8 };

	value_print(out, c->objects, &t, word, 0);
}

static void write_hex(struct buf *out, const struct context *c, uint64_t word)
{
	(void)c;
	buf_puts(out, "0x");
	buf_hex(out, word);
}

static void write_address(struct buf *out, const struct context *c,
			  uint64_t word)
{
	user_print(out, c->objects, word);
}

static void write_open_flags(struct buf *out, const struct context *c,
			     uint64_t word)
{
	(void)c;
	flags_print(out, "open_flag", word & 0xffffffff);
}

static void write_protection(struct buf *out, const struct context *c,
			     uint64_t word)
{
	(void)c;
	flags_print(out, "prot_flag", word);
}

static void write_map_flags(struct buf *out, const struct context *c,
			    uint64_t word)
{
	(void)c;
	flags_print(out, "map_flag", word);
}

static void write_fallocate(struct buf *out, const struct context *c,
			    uint64_t word)
{
	(void)c;
	flags_print(out, "falloc_flag", word & 0xffffffff);
}

static void write_fcntl(struct buf *out, const struct context *c,
			uint64_t word)
{
	const char *name = value_name("fcntl", word);

	if (name)
		buf_puts(out, name);
	else
		write_number(out, c, word);
}

static void write_request(struct buf *out, const struct context *c,
			  uint64_t word)
{
	const char *name = ioctl_name(word, is_on_vcpu(c));

	if (name)
		buf_puts(out, name);
	else
		write_hex(out, c, word);
}

/* Whose attributes the ioctls on this descriptor are about. */
static const char *attributes_of(const struct context *c)
{
	struct fd fd = fds_get(c->fds, (int32_t)c->call->arg[0]);

	if (fd.kind == FD_OTHER && is_device_attr(request_name(c)))
		fd = (struct fd){ FD_DEVICE, true, c->fds->unseen_type };
	switch (fd.kind) {
	case FD_VM:
		return "vm";
	case FD_VCPU:
		return "vcpu";
	case FD_DEVICE:
		return fd.device ? value_name("device", fd.device) : NULL;
	default:
		return NULL;
	}
}

/* Does the kernel read what the argument points to?  Of one ioctl the number
 * says the contrary. */
static bool passes_something(const struct context *c)
{
	return c->call->passed &&
	       (_IOC_DIR(c->call->arg[1]) & _IOC_WRITE ||
		!strcmp(request_name(c), "KVM_ARM_MTE_COPY_TAGS"));
}

/* The one that is finished, which is all that was passed. */
static void write_feature(struct buf *out, const struct passed *p)
{
	uint32_t feature = p->word[0];
	const char *name = value_name("feature", feature);

	if (p->size < sizeof(feature))
		return;
	buf_puts(out, " {");
	if (name)
		buf_puts(out, name);
	else
		buf_signed(out, (int32_t)feature);
	buf_putc(out, '}');
}

static void write_ioctl_arg(struct buf *out, const struct context *c,
			    uint64_t word)
{
	const struct syscall *s = c->call;
	const char *name;

	if (_IOC_SIZE(s->arg[1])) {
		user_print(out, c->objects, word);
		name = ioctl_type(s->arg[1], is_on_vcpu(c));
		if (!name || !passes_something(c))
			return;
		if (!strcmp(request_name(c), "KVM_ARM_VCPU_FINALIZE"))
			write_feature(out, s->passed);
		else
			passed_print(out, c->objects, name, attributes_of(c),
				     s->passed->word, s->passed->size);
		return;
	}
	name = !strcmp(request_name(c), "KVM_CHECK_EXTENSION") ?
	       value_name("cap", word) : NULL;
	if (name)
		buf_puts(out, name);
	else
		write_number(out, c, word);
}

/* --- the table ------------------------------------------------------ */

/* A call that is not here is written as "name(...)" and changes nothing. */
static const struct shape {
	const char *name;
	learn_call *learn;	/* or NULL */
	int fd;			/* which argument is a descriptor; -1: none */
	write_arg *arg[7];
	write_arg *result;	/* of a success; NULL: a number */
} shapes[] = {
	{ "openat", learn_open, -1,
	  { write_directory, write_address, write_open_flags }, write_fd },
	{ "openat2", learn_open, -1,
	  { write_directory, write_address, write_address, write_decimal },
	  write_fd },
	{ "ioctl", learn_ioctl, 0, { write_fd, write_request, write_ioctl_arg },
	  NULL },
	{ "close", learn_close, 0, { write_fd }, NULL },
	{ "close_range", learn_close_range, -1,
	  { write_number, write_number, write_hex }, NULL },
	{ "dup", learn_dup, 0, { write_fd }, write_fd },
	{ "dup3", learn_dup3, 0, { write_fd, write_decimal, write_hex },
	  write_fd },
	{ "fcntl", learn_fcntl, 0, { write_fd, write_fcntl, write_number },
	  NULL },
	{ "execve", learn_exec, -1,
	  { write_address, write_address, write_address }, NULL },
	{ "execveat", learn_exec, -1,
	  { write_directory, write_address, write_address, write_address,
	    write_hex }, NULL },

	{ "mmap", learn_mmap, 4,
	  { write_address, write_decimal, write_protection, write_map_flags,
	    write_fd, write_decimal }, write_address },
	{ "munmap", learn_munmap, -1, { write_address, write_decimal }, NULL },
	{ "mremap", learn_mremap, -1,
	  { write_address, write_decimal, write_decimal, write_hex,
	    write_address }, write_address },
	{ "mprotect", NULL, -1,
	  { write_address, write_decimal, write_protection }, NULL },
	{ "madvise", NULL, -1,
	  { write_address, write_decimal, write_decimal }, NULL },

	{ "read", NULL, 0, { write_fd, write_address, write_decimal }, NULL },
	{ "pread64", NULL, 0,
	  { write_fd, write_address, write_decimal, write_decimal }, NULL },
	{ "write", NULL, 0, { write_fd, write_address, write_decimal }, NULL },
	{ "lseek", NULL, 0, { write_fd, write_decimal, write_decimal }, NULL },
	{ "fallocate", NULL, 0,
	  { write_fd, write_fallocate, write_decimal, write_decimal }, NULL },
	{ "ftruncate", NULL, 0, { write_fd, write_decimal }, NULL },
	{ "exit_group", NULL, -1, { write_decimal }, NULL },
	{ "exit", NULL, -1, { write_decimal }, NULL },

	/* These return a descriptor that is not KVM's.  pipe2() and
	 * socketpair() need no row: we cannot see what they make, but those
	 * numbers were free, so nothing is known of them. */
	{ "eventfd2", learn_eventfd, -1, { write_number, write_hex }, write_fd },
	{ "epoll_create1", learn_other, -1, { write_hex }, write_fd },
	{ "timerfd_create", learn_other, -1, { write_decimal, write_hex },
	  write_fd },
	{ "memfd_create", learn_other, -1, { write_address, write_hex },
	  write_fd },
	{ "socket", learn_other, -1,
	  { write_decimal, write_hex, write_decimal }, write_fd },
	{ "accept", learn_other, -1,
	  { write_fd, write_address, write_address }, write_fd },
	{ "accept4", learn_other, -1,
	  { write_fd, write_address, write_address, write_hex }, write_fd },
#define MAKES_OTHER(name) { name, learn_other, -1, { NULL }, write_fd }
	MAKES_OTHER("signalfd4"), MAKES_OTHER("inotify_init1"),
	MAKES_OTHER("fanotify_init"), MAKES_OTHER("userfaultfd"),
	MAKES_OTHER("perf_event_open"), MAKES_OTHER("pidfd_open"),
	MAKES_OTHER("pidfd_getfd"), MAKES_OTHER("open_by_handle_at"),
	MAKES_OTHER("open_tree"), MAKES_OTHER("io_uring_setup"),
	MAKES_OTHER("memfd_secret"), MAKES_OTHER("mq_open"),
	MAKES_OTHER("fsopen"), MAKES_OTHER("fspick"), MAKES_OTHER("fsmount"),
	MAKES_OTHER("landlock_create_ruleset"),
};

enum { SHAPES = sizeof(shapes) / sizeof(*shapes), NUMBERS = 512 };

static const struct shape *shape_named(const char *name)
{
	for (size_t i = 0; i < SHAPES; i++)
		if (!strcmp(name, shapes[i].name))
			return &shapes[i];
	return NULL;
}

const char *syscall_text(const struct syscall *s)
{
	static const char *known[NUMBERS];
	static char number[32];
	bool keep = s->number >= 0 && s->number < NUMBERS;
	const char *name = keep ? known[s->number] : NULL;

	name = name ?: value_name("syscall", s->number);
	if (keep)
		known[s->number] = name;
	if (name)
		return name;
	snprintf(number, sizeof(number), "syscall_%ld", s->number);
	return number;
}

static const struct shape *shape_of(const struct syscall *s)
{
	static const struct shape *known[NUMBERS];
	bool keep = s->number >= 0 && s->number < NUMBERS;

	if (!keep || !known[s->number]) {
		const struct shape *shape = shape_named(syscall_text(s));

		if (keep)
			known[s->number] = shape;
		return shape;
	}
	return known[s->number];
}

void syscall_learn(struct fds *f, struct objects *o, const struct syscall *s,
		   bool opened_kvm, int64_t made)
{
	const struct shape *shape = shape_of(s);
	const struct context c = { f, o, s, opened_kvm, made };

	if (shape && shape->learn)
		shape->learn(&c);
}

bool syscall_may_concern_kvm(const struct syscall *s)
{
	const struct shape *shape = shape_of(s);

	return shape && (shape->fd >= 0 || shape->learn);
}

bool syscall_concerns_kvm(const struct fds *f, const struct syscall *s)
{
	const struct shape *shape = shape_of(s);

	if (!shape)
		return false;
	if (shape->learn == learn_close_range)
		return fds_any(f, s->arg[0], s->arg[1]);
	if (shape->learn == learn_dup3 &&
	    fds_get(f, (int32_t)s->arg[1]).kind != FD_OTHER)
		return true;
	if (shape->fd < 0)
		return false;
	if (fds_get(f, (int32_t)s->arg[shape->fd]).kind != FD_OTHER)
		return true;
	return shape->learn == learn_ioctl && _IOC_TYPE(s->arg[1]) == 0xae;
}

void syscall_print(struct buf *out, struct fds *f, struct objects *o,
		   const struct syscall *s)
{
	const struct shape *shape = shape_of(s);
	const struct context c = { f, o, s, false, -1 };

	if (!shape || !shape->arg[0])
		buf_puts(out, "...");
	for (int i = 0; shape && shape->arg[i]; i++) {
		if (i)
			buf_puts(out, ", ");
		shape->arg[i](out, &c, s->arg[i]);
	}
}

/* Does the result of this call, which succeeded, name a descriptor? */
static bool makes_descriptor(const struct context *c,
			     const struct shape *shape)
{
	const uint64_t *arg = c->call->arg;

	if (shape->learn == learn_ioctl)
		return made_by_request(request_name(c)) != FD_OTHER;
	return shape->learn == learn_fcntl &&
	       (arg[1] == F_DUPFD || arg[1] == F_DUPFD_CLOEXEC);
}

void syscall_print_result(struct buf *out, struct fds *f, struct objects *o,
			  const struct syscall *s)
{
	const struct value_type number = { .class = VALUE_SIGNED, .size = 8 };
	const struct shape *shape = shape_of(s);
	const struct context c = { f, o, s, false, -1 };

	if (s->result < 0 || !shape)
		result_print(out, o, &number, s->result);
	else if (makes_descriptor(&c, shape))
		write_fd(out, &c, s->result);
	else if (shape->result)
		shape->result(out, &c, s->result);
	else
		result_print(out, o, &number, s->result);
}
