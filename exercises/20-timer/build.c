/* SPDX-License-Identifier: MIT */
/* Exercise 20, build: a guest goes on, with the time that it had. */
#include "bus.h"
#include "gic.h"

int main(void)
{
	fprintf(stderr, "build.c is still to be written\n");
	return 1;
}
