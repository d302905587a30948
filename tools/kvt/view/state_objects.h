/* SPDX-License-Identifier: MIT */
/*
 * What a state holds, and its objects: their births, uses and ends.
 *
 * view/state.h says how long all of it lasts.  Running out of memory ends the
 * program; nothing else does.
 */
#ifndef KVT_STATE_OBJECTS_H
#define KVT_STATE_OBJECTS_H

#include <stdbool.h>
#include <uthash.h>

#include "capture/capture.h"

/* An object of the kernel. */
struct state_object {
	UT_hash_handle hh;	/* by name, in the order of appearance */
	char *name;		/* "vcpu#0" */
	char *type;
	struct state_object *whole;	/* it ends with that one; or NULL */
	const struct node *first, *last;	/* calls that had it */
	const struct node *ended;	/* the call it ended with; or NULL */
};

/* Two objects of one call. */
struct state_pair {
	UT_hash_handle hh;	/* by "kvm#0 s2_mmu#0" */
	char *key;
	const struct state_object *a, *b;
	const struct node *call;	/* the first that had both */
};

/* A descriptor, "5:vcpu". */
struct state_fd {
	char *name;
	const struct node *made, *closed;	/* system calls; NULL: open */
	/* The file behind it, and what the kernel made that file of; and the
	 * calls that show it.  NULL where none does. */
	struct state_object *file, *object;
	const struct node *file_call, *object_call;
	/* The object of the descriptor that made this one; or NULL. */
	const struct state_object *made_on;
};

/* The call that closed a descriptor, or that let its file go when the program
 * ended; NULL: it is open. */
static inline const struct node *state_fd_closed(const struct state_fd *fd)
{
	return fd->closed ?: fd->file ? fd->file->ended : NULL;
}

/* A mapping of a descriptor: mmap(2). */
struct state_mapping {
	const struct node *made, *gone;	/* system calls; NULL: mapped */
	char *address, *length, *offset, *fd;
	const struct state_object *object;	/* of the descriptor */
};

/* A range of guest addresses, as KVM_SET_USER_MEMORY_REGION gave it. */
struct state_slot {
	const struct node *set, *gone;	/* ioctls; NULL: there */
	char *slot, *flags, *base, *size, *address;
	const struct state_object *vm;
};

/* A memslot that is a part of a guest_memfd. */
struct state_binding {
	ptrdiff_t fd;			/* in the state's array */
	struct state_object *memslot;
	const struct node *call;	/* kvm_gmem_bind() */
};

/* An access of the guest that stage 2 could not answer. */
struct state_fault {
	const struct node *event;	/* kvm_guest_fault */
	const struct node *call;	/* user_mem_abort() or io_mem_abort();
					 * or NULL */
};

struct ending_soon;

struct state {
	struct state_object *object;	/* uthash */
	struct state_pair *pair;	/* uthash */
	struct state_fd *fd;		/* stb_ds, as the rest */
	struct state_mapping *mapping;
	struct state_slot *slot;
	struct state_binding *binding;
	struct state_fault *fault;
	struct ending_soon *soon;
};

/* A call begins: it touches its arguments. */
void state_call_begins(struct state *s, const struct node *n);
/* It returns: it touches its result, and ends what ends with it. */
void state_call_returns(struct state *s, const struct node *n);
/* Call N had both; of several the first counts. */
void state_note_pair(struct state *s, const struct state_object *a,
		     const struct state_object *b, const struct node *n);
/* The object of this name, or NULL. */
struct state_object *state_object_named(const struct state *s,
					const char *name);
/* O ends with CALL, and so do its parts. */
void state_end_object(struct state *s, struct state_object *o,
		      const struct node *call);
void state_free_objects(struct state *s);

#endif
