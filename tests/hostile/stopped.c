/* Makes VMs until the recording stops, and then the vCPU that is forbidden. */
#include "kvmbook.h"
#include <signal.h>
#include <sys/time.h>

int main(void)
{
	struct itimerval never = { 0 };
	int kvm = open_kvm("/dev/kvm"), vm;

	setitimer(ITIMER_PROF, &never, NULL);
	alarm(0);
	for (int i = 0; i < TIMES; i++)
		close(ioctl(kvm, KVM_CREATE_VM, 0));
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	printf("%d\n", ioctl(vm, KVM_CREATE_VCPU, 5) >= 0);
	return 0;
}
