/* SPDX-License-Identifier: MIT */
/* Exercise 7, build: the statistics of a VM, by name. */
#include "kvmbook.h"

/* Reads SIZE bytes at OFFSET, or ends the program. */
static void read_at(int stats, void *to, size_t size, off_t offset)
{
	ssize_t n = must(pread(stats, to, size, offset),
			 "This is not a statistics descriptor.");

	if ((size_t)n != size) {
		fprintf(stderr, "The file is too short.\n");
		exit(1);
	}
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct kvm_stats_header header;
	int vm, stats;

	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	stats = kvm_ioctl(vm, KVM_GET_STATS_FD, 0,
			  "KVM can do this since Linux 5.14.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");

	read_at(stats, &header, sizeof(header), 0);
	for (unsigned int i = 0; i < header.num_desc; i++) {
		struct kvm_stats_desc desc;
		off_t at = header.desc_offset +
			   i * (sizeof(desc) + header.name_size);
		char name[header.name_size];
		unsigned long long value;

		read_at(stats, &desc, sizeof(desc), at);
		read_at(stats, name, sizeof(name), at + sizeof(desc));
		read_at(stats, &value, sizeof(value),
			header.data_offset + desc.offset);
		printf("%s %llu\n", name, value);
	}
	must(close(stats), "It was not open.");
	return 0;
}
