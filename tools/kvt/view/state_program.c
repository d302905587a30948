// SPDX-License-Identifier: MIT
/* What a state learns of descriptors, mappings, memory slots and faults. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/fold.h"
#include "view/call_args.h"
#include "view/state_program.h"

/* --- descriptors ------------------------------------------------------ */

/* The length of a descriptor, "5:vcpu", at the beginning of TEXT; 0: none. */
static size_t descriptor_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	size_t letters;

	if (!digits || text[digits] != ':')
		return 0;
	letters = strspn(text + digits + 1, "abcdefghijklmnopqrstuvwxyz_");
	return letters ? digits + 1 + letters : 0;
}

/* The open descriptor of a number, as text up to its colon; or NULL. */
static struct state_fd *open_descriptor(struct state *s, const char *text)
{
	size_t digits = strcspn(text, ":") + 1;

	for (ptrdiff_t i = 0; i < arrlen(s->fd); i++)
		if (!s->fd[i].closed &&
		    !strncmp(s->fd[i].name, text, digits))
			return &s->fd[i];
	return NULL;
}

static struct state_object *object_of_arg(const struct state *s,
					  const struct node *n,
					  const char *name)
{
	struct arg_value value;
	struct state_object *o = NULL;
	char *text;

	if (!arg_named(n->args, name, &value))
		return NULL;
	text = arg_copy(&value);
	o = state_object_named(s, text);
	free(text);
	return o;
}

/* The file and the object that a new descriptor is of, as the calls below N
 * that make files say. */
static void find_new_file(const struct state *s, struct state_fd *fd,
			  const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		find_new_file(s, fd, n->child[i]);
	if (n->kind != NODE_CALL)
		return;
	if (!strcmp(n->name, "misc_open")) {
		fd->file = object_of_arg(s, n, "file");
		fd->file_call = fd->file ? n : NULL;
	}
	if (strncmp(n->name, "anon_inode_get", strlen("anon_inode_get")))
		return;
	fd->object = object_of_arg(s, n, "priv");
	fd->object_call = fd->object ? n : NULL;
	fd->file = n->result ? state_object_named(s, n->result) : NULL;
	fd->file_call = fd->file ? n : NULL;
}

/* The first call below N that was given a file has the descriptor's. */
static bool find_used_file(const struct state *s, struct state_fd *fd,
			   const struct node *n)
{
	static const char *const names[] = { "filp", "file" };

	for (size_t i = 0; i < 2 && n->kind == NODE_CALL; i++) {
		fd->file = object_of_arg(s, n, names[i]);
		if (!fd->file || strcmp(fd->file->type, "file"))
			continue;
		fd->file_call = n;
		return true;
	}
	fd->file = NULL;
	for (unsigned int i = 0; i < n->children; i++)
		if (find_used_file(s, fd, n->child[i]))
			return true;
	return false;
}

/* The first call below N whose argument NAME is an object of the type TYPE has
 * what the descriptor is of. */
static bool find_used_object(const struct state *s, struct state_fd *fd,
			     const struct node *n, const char *name,
			     const char *type)
{
	fd->object = n->kind == NODE_CALL ? object_of_arg(s, n, name) : NULL;
	if (fd->object && !strcmp(fd->object->type, type)) {
		fd->object_call = n;
		return true;
	}
	fd->object = NULL;
	for (unsigned int i = 0; i < n->children; i++)
		if (find_used_object(s, fd, n->child[i], name, type))
			return true;
	return false;
}

static bool is_descriptor_of(const struct state_fd *fd, const char *kind)
{
	return !strcmp(strchr(fd->name, ':') + 1, kind);
}

/* What is already known of a guest_memfd whose gmem was not. */
static void learn_gmem(struct state *s, const struct state_fd *fd)
{
	for (ptrdiff_t i = 0; i < arrlen(s->mapping); i++)
		if (!s->mapping[i].object && !s->mapping[i].gone &&
		    !strcmp(s->mapping[i].fd, fd->name))
			s->mapping[i].object = fd->object;
	for (ptrdiff_t i = 0; i < arrlen(s->binding); i++)
		if (&s->fd[s->binding[i].fd] == fd)
			state_note_pair(s, fd->object, s->binding[i].memslot,
					s->binding[i].call);
}

/* KVM_CREATE_DEVICE stores a descriptor in the program's memory, and no tracer
 * sees who makes a guest_memfd's file, so the first use of either has to say
 * what it is of. */
static void find_used(struct state *s, struct state_fd *fd,
		      const struct node *n)
{
	if (is_descriptor_of(fd, "device"))
		find_used_object(s, fd, n, "dev", "device");
	else if (is_descriptor_of(fd, "guest_memfd") &&
		 find_used_object(s, fd, n, "gmem", "gmem"))
		learn_gmem(s, fd);
}

static void open_at(struct state *s, const char *text, size_t size,
		    const struct node *n)
{
	struct state_fd *before = open_descriptor(s, text);
	struct state_fd fd = { .made = n };

	if (before)
		before->closed = n;
	fd.name = xasprintf("%.*s", (int)size, text);
	find_new_file(s, &fd, n);
	arrput(s->fd, fd);
}

/* Descriptors that the call names and that nothing has opened: it made them,
 * or the capture began later. */
static void open_named(struct state *s, const struct node *n)
{
	const char *p = n->args ?: "";

	for (; *p; p++) {
		size_t size = p == n->args || strchr(" =", p[-1]) ?
			      descriptor_size(p) : 0;

		if (size && !open_descriptor(s, p))
			open_at(s, p, size, n);
	}
}

/* KVM hears nothing of the last close(2) of a file of /dev/kvm. */
static void close_descriptor(struct state *s, struct state_fd *fd,
			     const struct node *n)
{
	fd->closed = n;
	if (!fd->file || strcmp(strchr(fd->name, ':'), ":system"))
		return;
	for (ptrdiff_t i = 0; i < arrlen(s->fd); i++)
		if (!s->fd[i].closed && s->fd[i].file == fd->file)
			return;
	state_end_object(s, fd->file, n);
}

static void learn_descriptors(struct state *s, const struct node *n)
{
	size_t size = n->result ? descriptor_size(n->result) : 0;
	const struct state_object *made_on;
	struct state_fd *fd;

	open_named(s, n);
	fd = n->args && descriptor_size(n->args) ? open_descriptor(s, n->args)
						 : NULL;
	if (fd && !fd->file)
		find_used_file(s, fd, n);
	if (fd && !fd->object)
		find_used(s, fd, n);
	if (fd && !strcmp(n->name, "close"))
		close_descriptor(s, fd, n);
	if (size) {
		made_on = fd ? fd->object : NULL;
		open_at(s, n->result, size, n);
		arrlast(s->fd).made_on = made_on;
	}
}

/* --- mappings --------------------------------------------------------- */

/* Argument I of a system call, to be freed; "" if it has less. */
static char *copy_of_arg(const struct node *n, int i)
{
	struct arg_value value = { "", 0 };

	arg_at(n->args, i, &value);
	return arg_copy(&value);
}

static void learn_mapping(struct state *s, const struct node *n)
{
	struct state_mapping m = { .made = n, .fd = copy_of_arg(n, 4) };
	const struct state_fd *fd = descriptor_size(m.fd) ?
				    open_descriptor(s, m.fd) : NULL;

	if (!fd || !n->result || n->result[0] == '-') {
		free(m.fd);
		return;
	}
	m.object = fd->object;
	m.address = xstrdup(n->result);
	m.length = copy_of_arg(n, 1);
	m.offset = copy_of_arg(n, 5);
	arrput(s->mapping, m);
}

static void learn_unmapping(struct state *s, const struct node *n)
{
	char *address = copy_of_arg(n, 0);

	for (ptrdiff_t i = 0; i < arrlen(s->mapping); i++)
		if (!s->mapping[i].gone && n->result &&
		    !strcmp(n->result, "0") &&
		    !strcmp(s->mapping[i].address, address))
			s->mapping[i].gone = n;
	free(address);
}

/* --- memory slots ----------------------------------------------------- */

static char *copy_of_field(const struct node *n, const char *name)
{
	struct arg_value value = { "", 0 };

	arg_named(n->args, name, &value);
	return arg_copy(&value);
}

static bool is_memory_region(const struct node *n)
{
	static const char request[] = "KVM_SET_USER_MEMORY_REGION";
	size_t length;
	const char *name = request_of(n, &length);

	return length >= strlen(request) &&
	       !strncmp(name, request, strlen(request));
}

/* The first call below N of a function; or NULL. */
static const struct node *find_call(const struct node *n, const char *function)
{
	const struct node *found = NULL;

	if (n->kind == NODE_CALL && !strcmp(n->name, function))
		return n;
	for (unsigned int i = 0; i < n->children && !found; i++)
		found = find_call(n->child[i], function);
	return found;
}

/* A region of a guest_memfd, which its bind call names by the descriptor. */
static void learn_binding(struct state *s, const struct node *n)
{
	const struct node *bind = find_call(n, "kvm_gmem_bind");
	struct state_object *memslot = bind ? object_of_arg(s, bind, "slot")
					    : NULL;
	char *number = bind ? copy_of_field(bind, "fd") : NULL, *name;
	struct state_fd *fd;

	if (memslot) {
		name = xasprintf("%s:", number);
		fd = open_descriptor(s, name);
		if (fd) {
			arrput(s->binding, ((struct state_binding){
				fd - s->fd, memslot, bind }));
			if (fd->object)
				state_note_pair(s, fd->object, memslot, bind);
		}
		free(name);
	}
	free(number);
}

static void learn_slot(struct state *s, const struct node *n)
{
	const struct state_fd *fd = open_descriptor(s, n->args);
	struct state_slot new = { .set = n, .vm = fd ? fd->object : NULL };

	if (!n->result || strcmp(n->result, "0"))
		return;
	new.slot = copy_of_field(n, "slot");
	new.flags = copy_of_field(n, "flags");
	new.base = copy_of_field(n, "guest_phys_addr");
	new.size = copy_of_field(n, "memory_size");
	new.address = copy_of_field(n, "userspace_addr");
	for (ptrdiff_t i = 0; i < arrlen(s->slot); i++)
		if (!s->slot[i].gone && s->slot[i].vm == new.vm &&
		    !strcmp(s->slot[i].slot, new.slot))
			s->slot[i].gone = n;
	learn_binding(s, n);
	/* Nothing is left of a slot of no size. */
	if (!strcmp(new.size, "0"))
		new.gone = n;
	arrput(s->slot, new);
}

/* --- the calls -------------------------------------------------------- */

void state_learn_syscall(struct state *s, const struct node *n)
{
	if (is_memory_region(n))
		learn_slot(s, n);
	else if (!strcmp(n->name, "mmap"))
		learn_mapping(s, n);
	else if (!strcmp(n->name, "munmap"))
		learn_unmapping(s, n);
	learn_descriptors(s, n);
}

void state_learn_fault(struct state *s, const struct node *n)
{
	struct state_fault *last = s->fault ? &arrlast(s->fault) : NULL;

	if (n->kind == NODE_EVENT && !strcmp(n->name, "kvm_guest_fault"))
		arrput(s->fault, (struct state_fault){ .event = n });
	else if (n->kind == NODE_CALL && last && !last->call &&
		 n->parent == last->event->parent &&
		 (!strcmp(n->name, "user_mem_abort") ||
		  !strcmp(n->name, "io_mem_abort")))
		last->call = n;
}

void state_free_program(struct state *s)
{
	for (ptrdiff_t i = 0; i < arrlen(s->fd); i++)
		free(s->fd[i].name);
	for (ptrdiff_t i = 0; i < arrlen(s->mapping); i++) {
		free(s->mapping[i].address);
		free(s->mapping[i].length);
		free(s->mapping[i].offset);
		free(s->mapping[i].fd);
	}
	for (ptrdiff_t i = 0; i < arrlen(s->slot); i++) {
		free(s->slot[i].slot);
		free(s->slot[i].flags);
		free(s->slot[i].base);
		free(s->slot[i].size);
		free(s->slot[i].address);
	}
	arrfree(s->fd);
	arrfree(s->mapping);
	arrfree(s->slot);
	arrfree(s->binding);
	arrfree(s->fault);
}
