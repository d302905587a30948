/* A tracer changes what an ioctl is given, after the recorder has seen it:
 * the capture shows slot 3, and the kernel gets slot 0. */
#define _GNU_SOURCE
#include "kvmbook.h"
#include <elf.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

static struct kvm_userspace_memory_region region = {
	.slot = 3, .memory_size = 1 << 20,
};

static int trace(pid_t child)
{
	unsigned long reg[34];
	struct iovec regs = { reg, sizeof(reg) };
	int status = 1 << 8;

	waitpid(child, &status, 0);
	while (WIFSTOPPED(status)) {
		ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &regs);
		if (reg[1] == KVM_SET_USER_MEMORY_REGION)
			ptrace(PTRACE_POKEDATA, child, &region, 0L);
		ptrace(PTRACE_SYSCALL, child, 0, 0);
		waitpid(child, &status, 0);
	}
	return WEXITSTATUS(status);
}

int main(void)
{
	pid_t child = fork();
	int kvm, vm;

	if (child)
		return trace(child);
	kvm = open_kvm("/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	region.userspace_addr = (unsigned long)mmap(NULL, region.memory_size,
		PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return 1;
	printf("slot %u\n", region.slot);
	return 0;
}
