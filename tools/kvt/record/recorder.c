// SPDX-License-Identifier: MIT
/* Files of a recorder's instance. */
#include <errno.h>
#include <string.h>
#include <tracefs.h>

#include "base/die.h"
#include "record/recorder.h"

void recorder_set(struct recorder *r, const char *file, const char *value)
{
	if (tracefs_instance_file_write(r->instance, file, value) < 0)
		die(KVT_FAILED, "cannot write '%s' to %s: %s", value, file,
		    strerror(errno));
}
