/* SPDX-License-Identifier: MIT */
/* Exercise 8, build: a guest's memory, with a hole for devices. */
#include "vmm.h"

/* The guest's memory begins here ... */
#define RAM		0x40000000ULL
/* ... and is interrupted here: addresses for devices. */
#define HOLE		0x48000000ULL
#define HOLE_END	0x50000000ULL

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s MEBIBYTES\n", argv[0]);
		return 2;
	}
	fprintf(stderr, "build.c is still to be written\n");
	return 1;
}
