/* SPDX-License-Identifier: MIT */
/* Exercise 11, build: let the guest compute. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

/* The guest, assembled from build.S. */
extern const char guest[], guest_end[];

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s A B\n", argv[0]);
		return 2;
	}
	fprintf(stderr, "build.c is still to be written\n");
	return 1;
}
