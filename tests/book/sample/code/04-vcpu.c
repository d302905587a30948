/* [all] */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include "kvmbook.h"

int main(void)
{
	int kvm = CHECK(open("/dev/kvm", O_RDWR | O_CLOEXEC));
	int vm = CHECK(ioctl(kvm, KVM_CREATE_VM, 0));
	/* [vcpu] */
	int vcpu = CHECK(ioctl(vm, KVM_CREATE_VCPU, 0));
	/* [/vcpu] */

	printf("vCPU 0 is file descriptor %d\n", vcpu);
	return 0;
}
/* [/all] */
