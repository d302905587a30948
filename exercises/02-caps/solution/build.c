/* SPDX-License-Identifier: MIT */
/* Exercise 2, build: ask about the numbers of the command line. */
#include "kvmbook.h"

/* Asks about one number; returns whether the answer is a yes. */
static int ask(int kvm, int number)
{
	int answer = ioctl(kvm, KVM_CHECK_EXTENSION, number);

	if (answer > 0)
		printf("%d: yes, %d\n", number, answer);
	else if (answer == 0)
		printf("%d: no\n", number);
	else if (errno == EINVAL)
		printf("%d: ask a VM\n", number);
	else
		check(answer, __FILE__, __LINE__, "KVM_CHECK_EXTENSION",
		      "KVM has only EINVAL for us here.");
	return answer > 0;
}

static int is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int status = 0;

	for (int i = 1; i < argc; i++) {
		if (!is_number(argv[i])) {
			printf("%s: not a number\n", argv[i]);
			status = 2;
		} else if (!ask(kvm, atoi(argv[i])) && !status) {
			status = 1;
		}
	}
	must(close(kvm), "It was not open.");
	return status;
}
