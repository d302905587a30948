/* SPDX-License-Identifier: MIT */
/* Exercise 26, build: one tag for a whole page. */
#include "bus.h"
#include "mte.h"

static int vm;
static uint64_t even, odd;

/* Says which tags the page has, and gives all of it the odd one. */
static void repair(uint64_t page)
{
	uint8_t tags[TAGGED_PAGE / GRANULE];

	must(copy_tags(vm, page, TAGGED_PAGE, tags,
		       KVM_ARM_TAGS_FROM_GUEST), "No slot?");
	printf("tags %d and %d\n", tags[0], tags[1]);
	memset(tags, tags[1], sizeof(tags));
	must(copy_tags(vm, page, TAGGED_PAGE, tags,
		       KVM_ARM_TAGS_TO_GUEST), "No slot?");
}

static uint64_t say(uint64_t offset)
{
	return offset == 24 ? even : offset == 32 ? odd : 0;
}

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		repair(value);
	if (offset == 8) {
		printf("%d faults\n", (int)value);
		power = false;
	}
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .read = say, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu;

	if (argc != 3)
		return 2;
	even = atoi(argv[1]);
	odd = atoi(argv[2]);
	vm = create_vm(kvm);
	enable_mte(vm);
	load_guest(vm);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
