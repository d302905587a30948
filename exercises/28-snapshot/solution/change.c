/* SPDX-License-Identifier: MIT */
/* Exercise 28, change: a guest that goes on in another machine. */
#include "state.h"

enum { RAM_AT = 0x40000000, RAM_SIZE = 0x50000 };
enum {
	INTERRUPT = 0x09000000,
	TICK = 0x09000008,
	MISSED = 0x09000010,
};

static struct machine build(int kvm, char *ram)
{
	struct machine m = { .ram = ram };

	m.vm = create_vm(kvm);
	add_memory(m.vm, 0, RAM_AT, ram, RAM_SIZE, 0);
	m.vcpu = add_vcpu(m.vm, 0, 0);
	m.run = map_run(kvm, m.vcpu);
	m.gic = create_gic(m.vm);
	m.its = create_its(m.vm);
	finish_gic(m.gic, 64);
	return m;
}

/* Runs the guest until it has told that many ticks. */
static void run_to_tick(const struct machine *m, uint64_t tick)
{
	uint64_t value = 0, address = 0;

	while (address != TICK || value != tick) {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO)
			exit(1);
		address = m->run->mmio.phys_addr;
		memcpy(&value, m->run->mmio.data, sizeof(value));
		if (address == TICK)
			printf("tick %d\n", (int)value);
		else if (address == MISSED)
			printf("%d missed\n", (int)value);
		else
			printf("interrupt %d\n", (int)value);
	}
}

/* Moves a machine, which takes a while, into another, fresh one. */
static void move(struct machine *from, struct machine *to)
{
	static struct state state;

	from->run->immediate_exit = 1;
	kvm_ioctl_fails(from->vcpu, KVM_RUN, 0, EINTR);
	save_state(from, &state);
	memcpy(to->ram, from->ram, RAM_SIZE);
	usleep(350000);
	restore_state(to, &state);
}

/* ./change N: the guest moves after N ticks, and ticks twice more. */
int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int ticks = argc > 1 ? atoi(argv[1]) : 2;
	struct machine a = build(kvm, map(-1, RAM_SIZE));
	struct machine b = build(kvm, map(-1, RAM_SIZE));

	memcpy(a.ram, guest, guest_end - guest);
	set_reg(a.vcpu, CORE_REG(regs.pc), RAM_AT + 0x2000);
	run_to_tick(&a, ticks);
	signal_msi(a.vm, message(8, 0));
	move(&a, &b);
	run_to_tick(&b, ticks + 2);
	return 0;
}
