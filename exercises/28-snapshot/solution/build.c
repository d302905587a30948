/* SPDX-License-Identifier: MIT */
/* Exercise 28, build: a wire that is high goes along. */
#include "lines.h"
#include "state.h"

enum { RAM_AT = 0x40000000, RAM_SIZE = 0x50000 };
enum { INTERRUPT = 0x09000000, TICK = INTERRUPT + 8 };

static struct machine build(int kvm)
{
	struct machine m = { .ram = map(-1, RAM_SIZE) };

	m.vm = create_vm(kvm);
	add_memory(m.vm, 0, RAM_AT, m.ram, RAM_SIZE, 0);
	m.vcpu = add_vcpu(m.vm, 0, 0);
	m.run = map_run(kvm, m.vcpu);
	m.gic = create_gic(m.vm);
	m.its = create_its(m.vm);
	finish_gic(m.gic, 64);
	return m;
}

/* Runs the guest until it stores to ADDRESS; returns the value. */
static uint64_t run_to(const struct machine *m, uint64_t address)
{
	uint64_t value;

	do {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO)
			exit(1);
	} while (m->run->mmio.phys_addr != address);
	memcpy(&value, m->run->mmio.data, sizeof(value));
	return value;
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int wire = argc > 1 ? atoi(argv[1]) : 40;
	int ticks = argc > 2 ? atoi(argv[2]) : 2;
	struct machine a = build(kvm), b = build(kvm);
	static struct state state;

	memcpy(a.ram, guest, guest_end - guest);
	set_reg(a.vcpu, CORE_REG(regs.pc), RAM_AT + 0x2000);
	while (run_to(&a, TICK) != (uint64_t)ticks)
		;
	set_line(a.vm, spi(wire), true);
	a.run->immediate_exit = 1;
	if (ioctl(a.vcpu, KVM_RUN, 0) == 0 || errno != EINTR)
		return 1;
	save_state(&a, &state);
	memcpy(b.ram, a.ram, RAM_SIZE);
	restore_state(&b, &state);
	printf("%d", (int)run_to(&b, INTERRUPT));
	set_line(b.vm, spi(wire), false);
	printf(" before tick %d\n", (int)run_to(&b, TICK));
	return 0;
}
