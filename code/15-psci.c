/* SPDX-License-Identifier: MIT */
/* Chapter 15: two processors, which the guest turns on and off. */
/* [headers] */
#include <pthread.h>
#include <signal.h>
#include "vmm.h"
/* [/headers] */

/* [print-answer] */
/* Prints what the guest has left in a register. */
static void print_answer(const char *what, int vcpu, int n)
{
	int64_t value = get_reg(vcpu, CORE_REG(regs.regs[n]));

	printf("  %s: %lld\n", what, (long long)value);
}
/* [/print-answer] */

/* [state] */
/* Prints the power states; neither vCPU may be in KVM_RUN. */
static void print_states(const int vcpu[2])
{
	static const char *const name[] = {
		[KVM_MP_STATE_RUNNABLE] = "RUNNABLE",
		[KVM_MP_STATE_STOPPED] = "STOPPED",
		[KVM_MP_STATE_SUSPENDED] = "SUSPENDED",
	};
	struct kvm_mp_state state[2];

	for (int i = 0; i < 2; i++)
		kvm_ioctl(vcpu[i], KVM_GET_MP_STATE, &state[i],
			  "The answer could not be stored.");
	printf("vCPU 0 is %s, vCPU 1 is %s\n", name[state[0].mp_state],
	       name[state[1].mp_state]);
}

static void set_state(int vcpu, uint32_t to)
{
	struct kvm_mp_state state = { .mp_state = to };

	kvm_ioctl(vcpu, KVM_SET_MP_STATE, &state,
		  "On arm64 there is no such state.");
}
/* [/state] */

/* [enable-suspend] */
/* Lets the guest's SYSTEM_SUSPEND come out to the program. */
static void enable_suspend(int vm)
{
	struct kvm_enable_cap suspend = {
		.cap = KVM_CAP_ARM_SYSTEM_SUSPEND,
	};

	kvm_ioctl(vm, KVM_ENABLE_CAP, &suspend,
		  "Kernels before 5.19 cannot do this.");
}
/* [/enable-suspend] */

/* [run-to-event] */
/* Runs a vCPU; what brings it back must be that system event. */
static void run_to_event(int vcpu, struct kvm_run *run, uint32_t type)
{
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT ||
	    run->system_event.type != type) {
		printf("not the event that we wait for:\n");
		print_exit(vcpu, run);
		print_x(vcpu, 0);
		exit(1);
	}
	print_reason(run);
	printf("\n");
}
/* [/run-to-event] */

/* [thread] */
/* Does nothing: the signal is there to interrupt KVM_RUN. */
static void nothing(int signal)
{
	(void)signal;
}

/* What a thread does; its result is the errno of KVM_RUN. */
static void *run_thread(void *vcpu)
{
	int result = ioctl(*(int *)vcpu, KVM_RUN, 0);

	return (void *)(intptr_t)(result < 0 ? errno : 0);
}
/* [/thread] */

/* [start] */
/* Runs a vCPU in another thread; gives it time to fall asleep. */
static pthread_t start(int *vcpu)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run_thread, vcpu);
	must(-errno, "No memory is left.");
	usleep(10000);
	return thread;
}
/* [/start] */

/* [stop] */
/* Makes KVM_RUN return in that thread, and waits for its end. */
static void stop(pthread_t thread, struct kvm_run *run)
{
	void *error;

	run->immediate_exit = 1;
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, &error);
	run->immediate_exit = 0;
	printf("stopped: %s\n", strerror((intptr_t)error));
}
/* [/stop] */

/* [wake] */
/* Makes an SError pending for the vCPU. */
static void wake(int vcpu)
{
	struct kvm_vcpu_events events = {
		.exception.serror_pending = 1,
	};

	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events,
		  "The vCPU is not initialized.");
}
/* [/wake] */

/* [setup] */
int main(void)
{
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint32_t off = 1 << KVM_ARM_VCPU_POWER_OFF;
	struct kvm_mp_state halted = { KVM_MP_STATE_HALTED };
	struct kvm_run *run[2];
	pthread_t thread;
	int kvm, vm, vcpu[2];
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	memory = load_guest(vm);
	enable_suspend(vm);
	signal(SIGUSR1, nothing);
/* [/setup] */

/* [two] */
	vcpu[0] = add_vcpu(vm, 0, psci);
	vcpu[1] = add_vcpu(vm, 1, psci | off);
	run[0] = map_run(kvm, vcpu[0]);
	run[1] = map_run(kvm, vcpu[1]);
	set_reg(vcpu[0], CORE_REG(regs.pc), MEMORY_AT);
	print_states(vcpu);
/* [/two] */

/* [on] */
	thread = start(&vcpu[1]);
	run_to_event(vcpu[0], run[0], KVM_SYSTEM_EVENT_SUSPEND);
	stop(thread, run[1]);
	print_states(vcpu);
	print_answer("CPU_ON", vcpu[0], 21);
	print_answer("CPU_ON again", vcpu[0], 22);
	print_answer("CPU_ON of a third", vcpu[0], 23);
	print_answer("the answer", vcpu[0], 24);
/* [/on] */

/* [suspend] */
	kvm_ioctl_fails(vcpu[0], KVM_SET_MP_STATE, &halted, EINVAL);
	set_state(vcpu[0], KVM_MP_STATE_SUSPENDED);
	wake(vcpu[0]);
	run_to_event(vcpu[0], run[0], KVM_SYSTEM_EVENT_WAKEUP);
	print_states(vcpu);
	set_state(vcpu[0], KVM_MP_STATE_RUNNABLE);
	set_reg(vcpu[0], CORE_REG(regs.pc),
		get_reg(vcpu[0], CORE_REG(regs.regs[1])));
	set_reg(vcpu[0], CORE_REG(regs.regs[0]),
		get_reg(vcpu[0], CORE_REG(regs.regs[2])));
/* [/suspend] */

/* [off] */
	run_to_event(vcpu[0], run[0], KVM_SYSTEM_EVENT_SHUTDOWN);
	print_answer("after the sleep", vcpu[0], 25);
	print_states(vcpu);
	thread = start(&vcpu[0]);
	stop(thread, run[0]);
	print_states(vcpu);
/* [/off] */

/* [reset] */
	set_state(vcpu[0], KVM_MP_STATE_RUNNABLE);
	run_to_event(vcpu[0], run[0], KVM_SYSTEM_EVENT_RESET);
	print_answer("SYSTEM_OFF", vcpu[0], 26);
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	return 0;
}
/* [/reset] */
