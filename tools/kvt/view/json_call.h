/* SPDX-License-Identifier: MIT */
/*
 * A call as JSON: its members, each by the name that all formats give it.
 *
 * What is returned as text lasts as long as the node, unless it is said to be
 * freed.
 */
#ifndef KVT_JSON_CALL_H
#define KVT_JSON_CALL_H

#include <stddef.h>

#include "base/json.h"
#include "capture/capture.h"

/* call, syscall, event, inlined or unseen; never freed. */
const char *call_kind(const struct node *n);
/* "ioctl KVM_RUN": an ioctl is known by its request; to be freed. */
char *call_title(const struct node *n);
/* The request of an ioctl as it stands, of *LENGTH bytes, or NULL. */
const char *call_request(const struct node *n, size_t *length);
/* "place", if N has one; "args", an object; "result", and "never_returned"
 * where the recording ended inside. */
void json_add_place(struct json_object *o, const struct node *n);
void json_add_args(struct json_object *o, const struct node *n);
void json_add_result(struct json_object *o, const struct node *n);

#endif
