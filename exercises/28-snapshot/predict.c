/* SPDX-License-Identifier: MIT */
/* Exercise 28, predict: read it, and answer in answers.txt. */
#include "state.h"

enum { RAM_AT = 0x40000000, RAM_SIZE = 0x20000 };

static struct machine m;

/* Writes a register of the GIC or the ITS; says nothing of errors. */
static void put(enum part part, uint64_t number, uint64_t value)
{
	struct record r = {
		.part = part, .number = number, .value = { value },
	};

	move_record(&m, &r, true);
}

/* Makes a request of the vCPU for each bit that a register has. */
static void ask_for_each_bit(uint64_t number, unsigned long request)
{
	struct record r = { .part = DIST, .number = number };
	struct kvm_mp_state state;
	struct kvm_vcpu_events events;

	move_record(&m, &r, false);
	for (int i = 0; i < 32; i++) {
		if (!(r.value[0] >> i & 1))
			continue;
		if (request == KVM_GET_MP_STATE)
			ioctl(m.vcpu, KVM_GET_MP_STATE, &state);
		else
			ioctl(m.vcpu, KVM_GET_VCPU_EVENTS, &events);
	}
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	uint64_t value = RAM_AT;
	struct kvm_one_reg pc = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&value,
	};
	struct record high = { .part = REDIST, .number = 1ULL << 32 };

	m.vm = create_vm(kvm);
	m.ram = map(-1, RAM_SIZE);
	add_memory(m.vm, 0, RAM_AT, m.ram, RAM_SIZE, 0);
	m.vcpu = kvm_ioctl(m.vm, KVM_CREATE_VCPU, 0, "No memory.");
	m.gic = create_gic(m.vm);
	m.its = create_its(m.vm);
	finish_gic(m.gic, 64);

	ioctl(m.vcpu, KVM_SET_ONE_REG, &pc);

	put(DIST, 0x104, 0x5);		/* GICD_ISENABLER1 */
	put(DIST, 0x104, 0x2);
	ask_for_each_bit(0x104, KVM_GET_MP_STATE);
	put(DIST, 0x204, 0x5);		/* GICD_ISPENDR1 */
	put(DIST, 0x204, 0x2);
	ask_for_each_bit(0x204, KVM_GET_VCPU_EVENTS);

	move_record(&m, &high, false);

	value = 1ULL << 63;		/* a collection, of vCPU 0 */
	memcpy(m.ram, &value, sizeof(value));
	put(ITS_REGS, 0x108, value | RAM_AT);	/* GITS_BASER1 */
	restore_tables(&m);
	restore_tables(&m);
	return 0;
}
