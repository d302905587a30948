/*
 * A monitor that puts itself into the background, as qemu -daemonize does:
 * the process that was started ends with 3 as soon as its child has a
 * virtual machine, and the child then makes CALLS more ioctls.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

int main(int argc, char **argv)
{
	int calls = argc > 1 ? atoi(argv[1]) : 200, ready[2], kvm, vm;
	char c = 'x';

	if (pipe(ready))
		return 1;
	if (fork()) {
		close(ready[1]);
		return read(ready[0], &c, 1) == 1 ? 3 : 1;
	}
	setsid();
	kvm = open("/dev/kvm", O_RDWR);
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0 || write(ready[1], &c, 1) != 1)
		return 1;
	close(ready[1]);
	for (int i = 0; i < calls; i++)
		ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_IRQCHIP);
	return 0;
}
