/* SPDX-License-Identifier: MIT */
/* Chapter 2: ask KVM what it can do before you rely on it. */
/* [report] */
#include "kvmbook.h"

/* Prints what KVM answered about one capability, and returns it. */
static int report(const char *name, int number, int answer)
{
	if (answer < 0 && errno == EINVAL) {
		printf("%s (%d): EINVAL\n", name, number);
		return answer;
	}
	check(answer, __FILE__, __LINE__, name,
	      "This descriptor cannot be asked about capabilities.");
	printf("%s (%d): %d\n", name, number, answer);
	return answer;
}
/* [/report] */

/* [ask] */
#define ask(fd, cap)						\
	report(#cap, (cap), ioctl((fd), KVM_CHECK_EXTENSION, (cap)))
/* [/ask] */

/* [numbers] */
/* A number far above all that are in use, and the end of our sweep. */
enum { NOT_A_CAPABILITY = 9999, LAST = 300 };
/* [/numbers] */

/* [main] */
int main(void)
{
	int vcpus, ids, n, yes = 0, no = 0, refused = 0;
	int kvm = open_kvm("/dev/kvm");
/* [/main] */

/* [user-memory] */
	if (ask(kvm, KVM_CAP_USER_MEMORY) != 1) {
		fprintf(stderr, "Without it, a VM has no memory.\n");
		return 1;
	}
/* [/user-memory] */

/* [limits] */
	vcpus = ask(kvm, KVM_CAP_MAX_VCPUS);
	ids = ask(kvm, KVM_CAP_MAX_VCPU_ID);
	printf("-> at most %d vCPUs, with IDs 0 to %d\n", vcpus,
	       ids - 1);
	ask(kvm, KVM_CAP_NR_VCPUS);
/* [/limits] */

/* [no] */
	ask(kvm, KVM_CAP_HYPERV);
	ask(kvm, NOT_A_CAPABILITY);
/* [/no] */

/* [refused] */
	ask(kvm, KVM_CAP_MSI_DEVID);
/* [/refused] */

/* [sweep] */
	for (n = 0; n <= LAST; n++) {
		int answer = ioctl(kvm, KVM_CHECK_EXTENSION, n);

		if (answer > 0)
			yes++;
		else if (answer == 0)
			no++;
		else if (errno == EINVAL)
			refused++;
		else
			check(answer, __FILE__, __LINE__, "sweep",
			      "KVM has only EINVAL for us here.");
	}
	printf("0 to %d: %d yes, %d no, %d EINVAL\n", LAST, yes, no,
	       refused);
/* [/sweep] */

/* [close] */
	must(close(kvm), "The descriptor was not open any more.");
	return 0;
}
/* [/close] */
