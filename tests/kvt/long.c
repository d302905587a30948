// SPDX-License-Identifier: MIT
/*
 * long RECORDS: writes a sound capture of so many records (a multiple of 5),
 * 46 bytes each on average as in the book's, to standard output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <nettle/sha2.h>

static struct sha256_ctx sum;

static void put(const char *text)
{
	sha256_update(&sum, strlen(text), (const uint8_t *)text);
	fputs(text, stdout);
}

int main(int argc, char **argv)
{
	unsigned long records = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	uint8_t digest[SHA256_DIGEST_SIZE];
	char text[1024];

	if (!records || records % 5) {
		fputs("usage: long RECORDS (a multiple of 5)\n", stderr);
		return 2;
	}
	sha256_init(&sum);
	put("kvt 1\nkernel x\nmode vhe\nprogram long\nthread 0\n");
	for (unsigned long i = 0; i < records / 5; i++) {
		sprintf(text, "@ioctl(5:vcpu, KVM_RUN, %lu) {\n"
			"  kvm_vcpu_ioctl(filp=file#%lu, ioctl=KVM_RUN) {\n"
			"    kvm_arch_vcpu_ioctl_run(vcpu=vcpu#%lu) {\n"
			"      !kvm_entry(vcpu_pc=0x%lx)\n"
			"      !kvm_exit(ret=2, esr_ec=36, vcpu_pc=0x%lx)\n"
			"    } = %lu\n  } = 0\n} = 0\n",
			i, i % 7, i % 3, i, i + 4, i % 2);
		put(text);
	}
	sha256_digest(&sum, sizeof(digest), digest);
	printf("end %lu sha256:", records);
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		printf("%02x", digest[i]);
	putchar('\n');
	return fclose(stdout) != 0;
}
