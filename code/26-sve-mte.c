/* SPDX-License-Identifier: MIT */
/* Chapter 26: features that a guest has only if the program asks. */
/* [headers] */
#include "bus.h"
#include "gmem.h"
#include "mte.h"
#include "sve.h"
/* [/headers] */

/* [board] */
enum {
	OFFERED = 0, LENGTH = 8, SUM = 16, TAG = 24, SYNDROME = 32,
	FAULT = 40, LOADED = 48,
};

static uint64_t last;		/* where the guest has stored */

static void board_write(uint64_t offset, uint64_t value)
{
	last = offset;
	switch (offset) {
	case OFFERED:
		printf("  SVE: %soffered\n", value ? "" : "not ");
		break;
	case LENGTH:
		printf("  a vector has %d bytes\n", (int)value);
		break;
	case SUM:
		printf("  their sum is %d\n", (int)value);
		break;
	case TAG:
		printf("  the pointer's tag is %d\n", (int)value);
		break;
	case SYNDROME:
		printf("  an exception: syndrome 0x%08x\n", (int)value);
		break;
	case FAULT:
		printf("  at 0x%llx\n", (unsigned long long)value);
		break;
	case LOADED:
		printf("  the load: %s\n", value ? "done" : "refused");
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [machine] */
struct machine {
	int vm, vcpu;
	struct kvm_run *run;
};

/* A machine whose vCPU has FEATURES, perhaps with tagged memory. */
static struct machine build(int kvm, uint32_t features, bool tagged)
{
	struct machine m = { .vm = create_vm(kvm) };

	if (tagged)
		enable_mte(m.vm);
	load_guest(m.vm);
	m.vcpu = add_vcpu(m.vm, 0, features);
	m.run = map_run(kvm, m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	return m;
}

/* Runs the guest until it stores at this place of the board. */
static void run_until(const struct machine *m, uint64_t offset)
{
	do {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(m->vcpu, m->run)) {
			print_exit(m->vcpu, m->run);
			exit(1);
		}
	} while (last != offset);
}
/* [/machine] */

/* [look] */
/* Ends the program if the machine lacks a feature. */
static void require(int kvm, int cap, const char *name)
{
	if (kvm_ioctl(kvm, KVM_CHECK_EXTENSION, cap,
		      "This cannot fail."))
		return;
	fprintf(stderr, "This machine has no %s for guests; make run-26"
		" starts one that has it, in the lab.\n", name);
	exit(1);
}
/* [/look] */

/* [list] */
/* Counts the registers of a vCPU, and two kinds of them. */
static void count_registers(int vcpu)
{
	uint64_t buffer[1 + 512] = { 512 };
	struct kvm_reg_list *list = (struct kvm_reg_list *)buffer;
	int wide = 0, sve = 0;

	kvm_ioctl(vcpu, KVM_GET_REG_LIST, list, "There are more.");
	for (size_t i = 0; i < list->n; i++) {
		uint64_t kind = list->reg[i] & KVM_REG_ARM_COPROC_MASK;

		wide += kind == KVM_REG_ARM_CORE &&
			(list->reg[i] & KVM_REG_SIZE_MASK) ==
			KVM_REG_SIZE_U128;
		sve += kind == KVM_REG_ARM64_SVE;
	}
	printf("%d registers: %d of 128 bits, %d of SVE\n",
	       (int)list->n, wide, sve);
}
/* [/list] */

/* [refuse] */
static void refuse_reg(int vcpu, const char *what, uint64_t id,
		       int error)
{
	uint64_t value[32];
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)value,
	};

	must_fail(ioctl(vcpu, KVM_GET_ONE_REG, &reg), error, what);
}

static void refuse_lengths(int vcpu, const char *what, uint64_t bits,
			   int error)
{
	struct lengths set = { .words = { bits } };
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64_SVE_VLS, .addr = (uintptr_t)&set,
	};

	must_fail(ioctl(vcpu, KVM_SET_ONE_REG, &reg), error, what);
}

static void refuse_finish(int vcpu, const char *what, int feature,
			  int error)
{
	must_fail(ioctl(vcpu, KVM_ARM_VCPU_FINALIZE, &feature), error,
		  what);
}
/* [/refuse] */

/* [unfinished] */
/* A vector register: its number, and its slice. */
#define Z(n)	KVM_REG_ARM64_SVE_ZREG(n, 0)

/* What waits for KVM_ARM_VCPU_FINALIZE. */
static void refuse_unfinished(const struct machine *m)
{
	struct kvm_reg_list none = { .n = 0 };

	kvm_ioctl_fails(m->vcpu, KVM_RUN, 0, EPERM);
	kvm_ioctl_fails(m->vcpu, KVM_GET_REG_LIST, &none, EPERM);
	refuse_reg(m->vcpu, "Z0 before it is there", Z(0), EPERM);
	refuse_lengths(m->vcpu, "no length at all", 0, EINVAL);
	refuse_lengths(m->vcpu, "a set with a hole", 1 | 1 << 3,
		       EINVAL);
	refuse_finish(m->vcpu, "to finish a PMU", KVM_ARM_VCPU_PMU_V3,
		      EINVAL);
}
/* [/unfinished] */

/* [finished] */
/* What comes too late, and what is not a register. */
static void refuse_finished(const struct machine *m)
{
	refuse_finish(m->vcpu, "to finish twice", KVM_ARM_VCPU_SVE,
		      EPERM);
	refuse_lengths(m->vcpu, "lengths, too late", 1, EPERM);
	refuse_reg(m->vcpu, "V0, with SVE",
		   KVM_REG_ARM64 | KVM_REG_SIZE_U128 |
		   KVM_REG_ARM_CORE |
		   KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), EINVAL);
	refuse_reg(m->vcpu, "a second slice",
		   KVM_REG_ARM64_SVE_ZREG(0, 1), ENOENT);
}
/* [/finished] */

/* [without] */
/* A vCPU for which nobody has asked for anything. */
static void run_without(int kvm)
{
	struct machine m = build(kvm, 0, false);
	int bare = kvm_ioctl(m.vm, KVM_CREATE_VCPU, 1, "No memory.");

	printf("without SVE\n");
	count_registers(m.vcpu);
	run_until(&m, SYNDROME);
	refuse_finish(m.vcpu, "to finish what is not there",
		      KVM_ARM_VCPU_SVE, EINVAL);
	refuse_finish(bare, "to finish before INIT", KVM_ARM_VCPU_SVE,
		      ENOEXEC);
	refuse_reg(m.vcpu, "the lengths of none",
		   KVM_REG_ARM64_SVE_VLS, ENOENT);
}
/* [/without] */

/* [vectors] */
/* The same guest, with vectors of 64 bytes. */
static void run_vectors(int kvm)
{
	struct machine m = build(kvm, 1 << KVM_ARM_VCPU_SVE, false);
	uint8_t z0[256];
	struct lengths set;

	printf("with SVE\n");
	get_wide(m.vcpu, KVM_REG_ARM64_SVE_VLS, &set);
	printf("the host's longest vector: %d bytes\n", longest(&set));
	refuse_unfinished(&m);
	printf("the guest's: %d bytes\n", limit_vectors(m.vcpu, 64));
	finish_sve(m.vcpu);
	count_registers(m.vcpu);
	run_until(&m, SUM);
	get_wide(m.vcpu, Z(0), z0);
	printf("Z0 ends with %d, %d; then %d\n", z0[62], z0[63],
	       z0[64]);
	z0[0] = 100;
	set_wide(m.vcpu, Z(0), z0);
	run_until(&m, SUM);
	refuse_finished(&m);
}
/* [/vectors] */

/* [tags] */
/* The guest's other entry, and where its tagged page is. */
extern const char guest_tags[];

enum { TAGS = TAGGED_PAGE / GRANULE, TAGGED_AT = MEMORY_AT + 0x6000 };

/* Runs a guest that tags 16 bytes, and loads the 16 behind them. */
static struct machine run_tags(int kvm)
{
	struct machine m = build(kvm, 0, true);
	uint8_t tags[TAGS];
	int copied;

	printf("with MTE\n");
	count_registers(m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc),
		MEMORY_AT + (guest_tags - guest));
	run_until(&m, LOADED);
	copied = must(copy_tags(m.vm, TAGGED_AT, TAGGED_PAGE, tags,
				KVM_ARM_TAGS_FROM_GUEST), "No slot?");
	printf("tags of %d bytes: %d, %d, ..., %d\n", copied, tags[0],
	       tags[1], tags[TAGS - 1]);
	memset(tags, tags[0], TAGS);
	must(copy_tags(m.vm, TAGGED_AT, TAGGED_PAGE, tags,
		       KVM_ARM_TAGS_TO_GUEST), "No slot?");
	printf("tagged alike\n");
	run_until(&m, LOADED);
	return m;
}
/* [/tags] */

/* [refuse-tags] */
/* Tags that must not be copied. */
static void refuse_copy(int vm, const char *what, uint64_t address,
			uint64_t length, uint64_t flags, int error)
{
	static uint8_t tags[2 * TAGS];

	must_fail(copy_tags(vm, address, length, tags, flags), error,
		  what);
}

static void refuse_tags(int vm)
{
	uint64_t end = MEMORY_AT + MEMORY_SIZE;
	uint8_t tags[2 * TAGS];

	refuse_copy(vm, "half a page", TAGGED_AT, 2048, 0, EINVAL);
	refuse_copy(vm, "not where a page begins", TAGGED_AT + 16,
		    TAGGED_PAGE, 0, EINVAL);
	refuse_copy(vm, "another flag", TAGGED_AT, TAGGED_PAGE, 2,
		    EINVAL);
	refuse_copy(vm, "2 GB", TAGGED_AT, 1ULL << 31, 0, EINVAL);
	refuse_copy(vm, "where no slot is", end, TAGGED_PAGE,
		    KVM_ARM_TAGS_FROM_GUEST, EFAULT);
	must_fail(copy_tags(vm, TAGGED_AT, TAGGED_PAGE, NULL, 0),
		  EFAULT, "tags from nowhere");
	printf("two pages, one in a slot: %d bytes\n",
	       must(copy_tags(vm, end - TAGGED_PAGE, 2 * TAGGED_PAGE,
			      tags, KVM_ARM_TAGS_FROM_GUEST),
		    "The slot is gone."));
	add_memory(vm, 1, end, map(-1, TAGGED_PAGE), TAGGED_PAGE,
		   KVM_MEM_LOG_DIRTY_PAGES);
	refuse_copy(vm, "tags during a migration", TAGGED_AT,
		    TAGGED_PAGE, KVM_ARM_TAGS_TO_GUEST, EBUSY);
}
/* [/refuse-tags] */

/* [untagged] */
/* Memory without tags, and a VM that comes to its tags too late. */
static void refuse_memory(int kvm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_MTE };
	struct kvm_vcpu_init init = {
		.target = KVM_ARM_TARGET_GENERIC_V8,
		.features[0] = 1 << KVM_ARM_VCPU_EL1_32BIT,
	};
	int vm = create_vm(kvm), vcpu, file;
	struct kvm_userspace_memory_region region = {
		.slot = 1, .memory_size = TAGGED_PAGE,
	};

	refuse_copy(vm, "tags without MTE", 0, TAGGED_PAGE, 0, EINVAL);
	file = create_gmem(vm, TAGGED_PAGE, GUEST_MEMFD_FLAG_MMAP |
			   GUEST_MEMFD_FLAG_INIT_SHARED);
	region.userspace_addr = (uintptr_t)map(file, TAGGED_PAGE);
	add_memory(vm, 0, MEMORY_AT, (void *)region.userspace_addr,
		   TAGGED_PAGE, 0);
	enable_mte(vm);
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &region,
			EINVAL);
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	kvm_ioctl_fails(vcpu, KVM_ARM_VCPU_INIT, &init, EINVAL);
	kvm_ioctl_fails(vm, KVM_ENABLE_CAP, &cap, EINVAL);
	vcpu = add_vcpu(vm, 1, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EFAULT);
}
/* [/untagged] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct machine tagged;

	require(kvm, KVM_CAP_ARM_SVE, "SVE");
	require(kvm, KVM_CAP_ARM_MTE, "MTE");
	add_device(board);
	run_without(kvm);
	run_vectors(kvm);
	tagged = run_tags(kvm);
	refuse_tags(tagged.vm);
	refuse_memory(kvm);
	return 0;
}
/* [/main] */
