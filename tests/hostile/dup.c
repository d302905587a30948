/* Closes copies, and keeps what it opened. */
#define _GNU_SOURCE
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = ioctl(kvm, KVM_CREATE_VM, 0), vcpu[3];

	for (int id = 0; id < 3; id++)
		vcpu[id] = ioctl(vm, KVM_CREATE_VCPU, id);
	ioctl(vm, KVM_CREATE_VCPU, 1);
	for (int id = 0; id < 3; id++)
		close(id & 1 ? dup(vcpu[id]) :
		      fcntl(vcpu[id], F_DUPFD_CLOEXEC, 3));
	close(dup3(vm, 100, O_CLOEXEC));
	close(dup(kvm));
	return 0;
}
