/* SPDX-License-Identifier: MIT */
/* Exercise 4, build: the highest ID, found by trying. */
#include "kvmbook.h"

int main(void)
{
	fprintf(stderr, "build.c is still to be written\n");
	return 1;
}
