/* SPDX-License-Identifier: MIT */
/* Exercise 2, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"

static const int caps[] = {
	KVM_CAP_USER_MEMORY, KVM_CAP_MAX_VCPUS, KVM_CAP_HYPERV,
	KVM_CAP_MSI_DEVID, 9999 /* nobody's */, KVM_CAP_DIRTY_LOG_RING,
	KVM_CAP_NR_VCPUS,
};

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), first = 0, second = 0;

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		int answer = ioctl(kvm, KVM_CHECK_EXTENSION, caps[i]);

		if (answer)
			first++;
		if (answer >= 0)
			second++;
	}

	/* Both are refused; the arguments tell what was counted. */
	kvm_ioctl_fails(kvm, KVM_GET_API_VERSION, first, EINVAL);
	kvm_ioctl_fails(kvm, KVM_RUN, second, EINVAL);
	must(close(kvm), "It was not open.");
	return 0;
}
