/* SPDX-License-Identifier: MIT */
/* The header of a capture as JSON. */
#ifndef KVT_JSON_HEADER_H
#define KVT_JSON_HEADER_H

#include "base/json.h"
#include "capture/capture.h"

/* An object with all keys but the first line's, each with an array of its
 * values: some keys, such as "source", come more than once. */
struct json_object *json_header(const struct capture *c);

#endif
