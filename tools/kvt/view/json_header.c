// SPDX-License-Identifier: MIT
/* The header of a capture as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "view/json_header.h"

struct json_object *json_header(const struct capture *c)
{
	struct json_object *header = json_object_new_object();

	for (unsigned int i = 1; i < c->headers; i++) {
		size_t size = strcspn(c->header[i], " ");
		char *key = xasprintf("%.*s", (int)size, c->header[i]);
		const char *value = c->header[i] + size;
		struct json_object *values;

		value += *value == ' ';
		if (!json_object_object_get_ex(header, key, &values)) {
			values = json_object_new_array();
			json_add(header, key, values);
		}
		json_object_array_add(values, json_text(value));
		free(key);
	}
	return header;
}
