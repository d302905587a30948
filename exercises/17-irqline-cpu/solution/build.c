/* SPDX-License-Identifier: MIT */
/* Exercise 17, build: wakes a guest that sleeps. */
#include <pthread.h>
#include <semaphore.h>
#include "irq.h"

static int vm, presses;
static sem_t ready;		/* the line is low */

static void *press(void *unused)
{
	for (int i = 0; i < presses; i++) {
		sem_wait(&ready);
		usleep(10000);
		set_line(vm, cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ), true);
	}
	return unused;
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	struct kvm_run *run;
	pthread_t thread;
	int vcpu;

	presses = argc > 1 ? atoi(argv[1]) : 3;
	vm = create_vm(kvm);
	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[19]), presses);
	run = map_run(kvm, vcpu);

	sem_init(&ready, 0, 1);
	errno = pthread_create(&thread, NULL, press, NULL);
	must(-errno, "No memory is left.");
	for (;;) {
		run_once(vcpu, run);
		if (run->mmio.phys_addr == 0x09000000)
			break;
		set_line(vm, cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ), false);
		sem_post(&ready);
	}
	pthread_join(thread, NULL);
	printf("%d presses\n", run->mmio.data[0]);
	return 0;
}
