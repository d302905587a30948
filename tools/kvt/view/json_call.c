// SPDX-License-Identifier: MIT
/* A call as JSON: its arguments by name, its place, its result. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "view/call_args.h"
#include "view/json_call.h"

/* Names the arguments of the system calls that readers ask for. */
static const char *syscall_arg_name(const struct node *n, int i)
{
	static const struct {
		const char *syscall;
		const char *name[7];
	} known[] = {
		{ "openat", { "dirfd", "path", "flags" } },
		{ "ioctl", { "fd", "request", "arg" } },
		{ "mmap", { "addr", "length", "prot", "flags", "fd",
			    "offset" } },
		{ "munmap", { "addr", "length" } },
		{ "mprotect", { "addr", "length", "prot" } },
		{ "madvise", { "addr", "length", "advice" } },
		{ "close", { "fd" } },
		{ "dup", { "fd" } },
		{ "dup3", { "fd", "new", "flags" } },
		{ "read", { "fd", "buf", "count" } },
		{ "pread64", { "fd", "buf", "count", "offset" } },
		{ "write", { "fd", "buf", "count" } },
		{ "lseek", { "fd", "offset", "whence" } },
		{ "fallocate", { "fd", "mode", "offset", "length" } },
		{ "ftruncate", { "fd", "length" } },
		{ "exit_group", { "status" } },
		{ "exit", { "status" } },
	};

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		if (n->kind == NODE_SYSCALL && i < 6 &&
		    !strcmp(n->name, known[k].syscall))
			return known[k].name[i];
	return NULL;
}

/* Adds an argument; "..." stands for the unknown ones. */
static void add_arg(struct json_object *args, const struct node *n, int i,
		    const char *s, const char *end)
{
	const char *equals = memchr(s, '=', end - s);
	const char *name = syscall_arg_name(n, i);
	char *key;

	if (end - s == 3 && !strncmp(s, "...", 3)) {
		json_add_text(args, "...", NULL);
		return;
	}
	if (n->kind != NODE_SYSCALL && equals) {
		key = xasprintf("%.*s", (int)(equals - s), s);
		s = equals + 1;
	} else if (name) {
		key = xstrdup(name);
	} else {
		key = xasprintf("arg%d", i);
	}
	json_add(args, key, json_text_part(s, end - s));
	free(key);
}

void json_add_args(struct json_object *o, const struct node *n)
{
	struct json_object *args = json_object_new_object();
	const char *s = n->args ?: "";

	for (int i = 0; *s; i++) {
		const char *end = arg_end(s);

		add_arg(args, n, i, s, end);
		s = end + (*end == ',');
		s += strspn(s, " ");
	}
	json_add(o, "args", args);
}

void json_add_place(struct json_object *o, const struct node *n)
{
	if (n->place)
		json_add_text(o, "place", n->place);
}

void json_add_result(struct json_object *o, const struct node *n)
{
	json_add_text(o, "result", n->result);
	if (n->open)
		json_add(o, "never_returned", json_object_new_boolean(true));
}

const char *call_kind(const struct node *n)
{
	static const char *const name[] = {
		[NODE_CALL] = "call", [NODE_SYSCALL] = "syscall",
		[NODE_EVENT] = "event", [NODE_INLINED] = "inlined",
		[NODE_UNSEEN] = "unseen",
	};

	return name[n->kind];
}

const char *call_request(const struct node *n, size_t *length)
{
	const char *request = n->args ? strstr(n->args, ", ") : NULL;

	if (n->kind != NODE_SYSCALL || strcmp(n->name, "ioctl") || !request)
		return NULL;
	request += 2;
	*length = arg_end(request) - request;
	return request;
}

char *call_title(const struct node *n)
{
	size_t length;
	const char *request = call_request(n, &length);

	return request ? xasprintf("ioctl %.*s", (int)length, request)
		       : xstrdup(n->name);
}
