/* SPDX-License-Identifier: MIT */
/* Exercise 26, change: vectors of this length, full of this byte. */
#include "bus.h"
#include "sve.h"

static int vcpu, bytes, fill;

/* Sets all of Z0, of which the guest has a part. */
static void fill_z0(void)
{
	uint8_t z0[256];

	memset(z0, fill, sizeof(z0));
	set_wide(vcpu, KVM_REG_ARM64_SVE_ZREG(0, 0), z0);
}

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 0) {
		bytes = value;
		fill_z0();
	}
	if (offset == 8) {
		printf("%d bytes, sum %d\n", bytes, (int)value);
		power = false;
	}
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);

	if (argc != 3)
		return 2;
	fill = atoi(argv[2]);
	load_guest(vm);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_SVE);
	limit_vectors(vcpu, atoi(argv[1]));
	finish_sve(vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
