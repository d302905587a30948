/* SPDX-License-Identifier: MIT */
/* Exercise 15, change: four processors. */
#include "vmm.h"
#include <pthread.h>
#include <signal.h>

/* One of the guest's processors. */
struct processor {
	int vcpu;
	struct kvm_run *run;
	pthread_t thread;
};

/* Does nothing: the signal is there to interrupt KVM_RUN. */
static void nothing(int signal)
{
	(void)signal;
}

/* What a thread does: the vCPU sleeps and runs in one KVM_RUN. */
static void *run_thread(void *vcpu)
{
	int result = ioctl(*(int *)vcpu, KVM_RUN, 0);

	return (void *)(intptr_t)(result < 0 ? errno : 0);
}

static void start(struct processor *p)
{
	errno = pthread_create(&p->thread, NULL, run_thread, &p->vcpu);
	must(-errno, "No memory is left.");
}

/* Makes KVM_RUN return in that thread, and waits for its end. */
static void stop(struct processor *p)
{
	void *error;

	p->run->immediate_exit = 1;
	pthread_kill(p->thread, SIGUSR1);
	pthread_join(p->thread, &error);
	if ((intptr_t)error != EINTR) {
		fprintf(stderr, "KVM_RUN: %s\n",
			strerror((intptr_t)error));
		exit(1);
	}
}

/* Whether a vCPU is STOPPED; its thread may not be in KVM_RUN. */
static int is_stopped(const struct processor *p)
{
	struct kvm_mp_state state;

	kvm_ioctl(p->vcpu, KVM_GET_MP_STATE, &state, "No such state.");
	return state.mp_state == KVM_MP_STATE_STOPPED;
}

int main(void)
{
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint32_t off = 1 << KVM_ARM_VCPU_POWER_OFF;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct processor p[4];
	int stopped = 0;

	load_guest(vm);
	for (int i = 0; i < 4; i++) {
		p[i].vcpu = add_vcpu(vm, i, i ? psci | off : psci);
		p[i].run = map_run(kvm, p[i].vcpu);
	}
	set_reg(p[0].vcpu, CORE_REG(regs.pc), MEMORY_AT);
	signal(SIGUSR1, nothing);
	for (int i = 1; i < 4; i++)
		start(&p[i]);

	kvm_ioctl(p[0].vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(p[0].vcpu, p[0].run);
	printf("%llu processors\n", (unsigned long long)
	       get_reg(p[0].vcpu, CORE_REG(regs.regs[19])));

	for (int i = 1; i < 4; i++)
		stop(&p[i]);
	for (int i = 0; i < 4; i++)
		stopped += is_stopped(&p[i]);
	printf("%d stopped\n", stopped);
	for (int i = 0; i < 4; i++)
		must(close(p[i].vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
