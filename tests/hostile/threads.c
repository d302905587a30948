/* The same with a thread: KVM waits for the vCPU's lock between the moment
 * at which the recorder looks and the one at which KVM copies. */
#define _GNU_SOURCE
#include "kvmbook.h"
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

static struct kvm_mp_state state = { KVM_MP_STATE_STOPPED };
static int vcpu;
static pthread_t runs;

static void nothing(int sig)
{
	(void)sig;
}

static void *run(void *unused)
{
	ioctl(vcpu, KVM_RUN, 0);
	return unused;
}

static void *change(void *unused)
{
	usleep(2000);
	state.mp_state = KVM_MP_STATE_RUNNABLE;
	pthread_kill(runs, SIGUSR1);
	return unused;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);
	struct kvm_vcpu_init init = { .target = KVM_ARM_TARGET_GENERIC_V8,
				      .features = { 1 << KVM_ARM_VCPU_PSCI_0_2 } };
	unsigned int *loop = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {
		.memory_size = 4096, .userspace_addr = (unsigned long)loop,
	};
	pthread_t changes;
	int is;

	signal(SIGUSR1, nothing);
	*loop = 0x14000000;	/* b . */
	ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
	pthread_create(&runs, NULL, run, NULL);
	usleep(1000);
	pthread_create(&changes, NULL, change, NULL);
	is = ioctl(vcpu, KVM_SET_MP_STATE, &state);
	pthread_join(runs, NULL);
	pthread_join(changes, NULL);
	ioctl(vcpu, KVM_GET_MP_STATE, &state);
	printf("%d: %s\n", is, state.mp_state == KVM_MP_STATE_RUNNABLE ?
	       "runnable" : "stopped");
	return 0;
}
