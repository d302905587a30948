/* SPDX-License-Identifier: MIT */
/* Exercise 23, predict: read it, and answer in answers.txt. */
#include "dirty.h"

enum { SLOT = 1, RAM_AT = 0x50000000, PAGES = 128, PAGE = 4096 };

static int vm, vcpu;

/* Runs the guest until it stores to its device. */
static void turn(void)
{
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
}

/* Makes a request of the vCPU for each dirty page of the log. */
static void ask_for_each(unsigned long request)
{
	uint64_t bitmap[PAGES / 64], value;
	struct kvm_one_reg pc = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&value,
	};
	struct kvm_mp_state state;
	struct kvm_vcpu_events events;

	get_log(vm, SLOT, bitmap);
	for (int i = 0; i < PAGES; i++) {
		if (!is_dirty(bitmap, i))
			continue;
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
	char *ram = map(-1, PAGES * PAGE);
	uint64_t bitmap[PAGES / 64] = { 1 << 3 | 1 << 4 };
	struct kvm_dirty_log other = {
		.slot = 0, .dirty_bitmap = bitmap,
	};
	struct kvm_clear_dirty_log part = {
		.slot = SLOT, .num_pages = 64, .first_page = 96,
		.dirty_bitmap = bitmap,
	};

	vm = create_vm(kvm);
	load_guest(vm);
	add_memory(vm, SLOT, RAM_AT, ram, PAGES * PAGE,
		   KVM_MEM_LOG_DIRTY_PAGES);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	turn();
	ram[6 * PAGE] = 1;
	ask_for_each(KVM_GET_ONE_REG);

	turn();
	enable_cap(vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		   KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE);
	get_log(vm, SLOT, (uint64_t[PAGES / 64]) { 0 });
	ask_for_each(KVM_GET_MP_STATE);

	turn();
	clear_log(vm, SLOT, PAGES, bitmap);	/* pages 3 and 4 */
	ask_for_each(KVM_GET_VCPU_EVENTS);

	ioctl(vm, KVM_GET_DIRTY_LOG, &other);
	ioctl(vm, KVM_CLEAR_DIRTY_LOG, &part);
	return 0;
}
