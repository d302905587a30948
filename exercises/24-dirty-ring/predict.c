/* SPDX-License-Identifier: MIT */
/* Exercise 24, predict: read it, and answer in answers.txt. */
#include "ring.h"

enum { SLOT = 1, RAM_AT = 0x50000000, PAGES = 64, PAGE = 4096 };

static int vm, vcpu;
static struct ring ring;

/* Runs the guest until it stores to its device. */
static void turn(void)
{
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
}

/* Makes a request of the vCPU for each entry of its ring. */
static void ask_for_each(unsigned long request)
{
	uint64_t value;
	struct kvm_dirty_gfn page;
	struct kvm_one_reg pc = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&value,
	};
	struct kvm_mp_state state;
	struct kvm_vcpu_events events;

	while (take_page(&ring, &page)) {
		if (request == KVM_GET_ONE_REG)
			ioctl(vcpu, KVM_GET_ONE_REG, &pc);
		else if (request == KVM_GET_MP_STATE)
			ioctl(vcpu, KVM_GET_MP_STATE, &state);
		else
			ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	}
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	uint64_t bitmap;
	struct kvm_dirty_log log = {
		.slot = SLOT, .dirty_bitmap = &bitmap,
	};
	struct kvm_enable_cap larger = {
		.cap = KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
		.args = { 2 * PAGE },
	};

	vm = create_vm(kvm);
	enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_ACQ_REL, PAGE);
	load_guest(vm);
	add_memory(vm, SLOT, RAM_AT, map(-1, PAGES * PAGE),
		   PAGES * PAGE, KVM_MEM_LOG_DIRTY_PAGES);
	vcpu = add_vcpu(vm, 0, 0);
	ring = map_ring(vcpu, PAGE);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	turn();
	ask_for_each(KVM_GET_ONE_REG);
	turn();
	ask_for_each(KVM_GET_MP_STATE);
	reset_rings(vm);
	turn();
	ask_for_each(KVM_GET_VCPU_EVENTS);

	ioctl(vm, KVM_GET_DIRTY_LOG, &log);
	ioctl(vm, KVM_ENABLE_CAP, &larger);
	return 0;
}
