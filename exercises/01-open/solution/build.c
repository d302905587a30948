/* SPDX-License-Identifier: MIT */
/* Exercise 1, build: which of these files are the KVM device? */
#include "kvmbook.h"

/* Prints what is behind a path; returns whether that is KVM. */
static int is_kvm(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int version;

	if (fd < 0) {
		printf("%s: %s\n", path, strerror(errno));
		return 0;
	}
	version = ioctl(fd, KVM_GET_API_VERSION, 0);
	if (version < 0)
		printf("%s: not KVM\n", path);
	else
		printf("%s: KVM, version %d\n", path, version);
	must(close(fd), "It was not open.");
	return version >= 0;
}

int main(int argc, char **argv)
{
	int others = 0;

	for (int i = 1; i < argc; i++)
		others += !is_kvm(argv[i]);
	return others;
}
