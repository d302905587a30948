// SPDX-License-Identifier: MIT
/* The one place that compiles stb_ds. */
#include "base/memory.h"

#define STB_DS_IMPLEMENTATION
#include "base/vec.h"
