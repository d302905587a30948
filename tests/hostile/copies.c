/* Closes copies, and keeps what it opened: copies of its own, or with
 * IN_CHILD, those that a child has. */
#define _GNU_SOURCE
#include "kvmbook.h"
#include <sys/wait.h>

#ifdef IN_CHILD
static void close_copies(int kvm, int vm, const int *vcpu)
{
	if (!fork()) {
		for (int id = 0; id < 3; id++)
			close(vcpu[id]);
		close(vm);
		close(kvm);
		_exit(0);
	}
	wait(NULL);
}
#else
static void close_copies(int kvm, int vm, const int *vcpu)
{
	for (int id = 0; id < 3; id++)
		close(id & 1 ? dup(vcpu[id]) :
		      fcntl(vcpu[id], F_DUPFD_CLOEXEC, 3));
	close(dup3(vm, 100, O_CLOEXEC));
	close(dup(kvm));
}
#endif

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = ioctl(kvm, KVM_CREATE_VM, 0), vcpu[3];

	for (int id = 0; id < 3; id++)
		vcpu[id] = ioctl(vm, KVM_CREATE_VCPU, id);
	ioctl(vm, KVM_CREATE_VCPU, 1);
	close_copies(kvm, vm, vcpu);
	return 0;
}
