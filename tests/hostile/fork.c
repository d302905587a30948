/* Closes nothing: a child closes its copies, and then they count. */
#define _GNU_SOURCE
#include "kvmbook.h"
#include <sys/wait.h>

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = ioctl(kvm, KVM_CREATE_VM, 0), vcpu[3];

	for (int id = 0; id < 3; id++)
		vcpu[id] = ioctl(vm, KVM_CREATE_VCPU, id);
	ioctl(vm, KVM_CREATE_VCPU, 1);
	if (!fork()) {
		for (int id = 0; id < 3; id++)
			close(vcpu[id]);
		close(vm);
		close(kvm);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
