/* SPDX-License-Identifier: MIT */
/*
 * Exercise 30, build: a machine with a device that adds.
 *
 * usage: build A B
 */
#include "virtio.h"

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}
