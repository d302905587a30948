// SPDX-License-Identifier: MIT
/* Unit tests of import/passed.h: structs that a program passed, by field. */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"
#include "base/buf.h"
#include "import/objects.h"
#include "import/passed.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

static struct facts facts;
static struct objects *o;

static void make_structs(struct btf *btf)
{
	int u8 = btf__add_int(btf, "u8", 1, 0);
	int u32 = btf__add_int(btf, "u32", 4, 0);
	int u64 = btf__add_int(btf, "u64", 8, 0);
	int seven = btf__add_array(btf, u32, u32, 7);
	int pad = btf__add_array(btf, u32, u8, 4);
	int two = btf__add_array(btf, u32, u64, 2);
	int pointer = btf__add_ptr(btf, 0);
	int part, parts, either;

	btf__add_struct(btf, "kvm_one_reg", 16);
	btf__add_field(btf, "id", u64, 0, 0);
	btf__add_field(btf, "addr", u64, 64, 0);
	btf__add_struct(btf, "kvm_arm_copy_mte_tags", 48);
	btf__add_field(btf, "guest_ipa", u64, 0, 0);
	btf__add_field(btf, "length", u64, 64, 0);
	btf__add_field(btf, "addr", pointer, 128, 0);
	btf__add_field(btf, "flags", u64, 192, 0);
	btf__add_field(btf, "reserved", two, 256, 0);
	btf__add_struct(btf, "kvm_vcpu_init", 32);
	btf__add_field(btf, "target", u32, 0, 0);
	btf__add_field(btf, "features", seven, 32, 0);
	btf__add_struct(btf, "kvm_create_device", 12);
	btf__add_field(btf, "type", u32, 0, 0);
	btf__add_field(btf, "fd", u32, 32, 0);
	btf__add_field(btf, "flags", u32, 64, 0);
	btf__add_struct(btf, "kvm_enable_cap", 24);
	btf__add_field(btf, "cap", u32, 0, 0);
	btf__add_field(btf, "flags", u32, 32, 0);
	btf__add_field(btf, "args", two, 64, 0);
	btf__add_struct(btf, "kvm_device_attr", 24);
	btf__add_field(btf, "flags", u32, 0, 0);
	btf__add_field(btf, "group", u32, 32, 0);
	btf__add_field(btf, "attr", u64, 64, 0);
	btf__add_field(btf, "addr", u64, 128, 0);
	btf__add_struct(btf, "padded", 16);
	btf__add_field(btf, "n", u32, 0, 0);
	btf__add_field(btf, "pad", pad, 32, 0);
	btf__add_field(btf, "reserved", u32, 64, 0);
	btf__add_field(btf, "m", u32, 96, 0);
	btf__add_struct(btf, "padded_at_its_end", 8);
	btf__add_field(btf, "n", u32, 0, 0);
	btf__add_field(btf, "pad", pad, 32, 0);
	part = btf__add_struct(btf, "part", 8);
	btf__add_field(btf, "a", u32, 0, 0);
	btf__add_field(btf, "b", u32, 32, 0);
	parts = btf__add_array(btf, u32, part, 2);
	either = btf__add_union(btf, "", 8);
	btf__add_field(btf, "first", u64, 0, 0);
	btf__add_field(btf, "second", part, 0, 0);
	btf__add_struct(btf, "whole", 40);
	btf__add_field(btf, "one", part, 0, 0);
	btf__add_field(btf, "", either, 64, 0);
	btf__add_field(btf, "many", parts, 128, 0);
	btf__add_field(btf, "last", u64, 256, 0);
}

static int make_types(void **state)
{
	struct btf *btf = btf__new_empty();
	int fd = memfd_create("btf", 0);
	const void *data;
	char path[64];
	__u32 size;

	(void)state;
	make_structs(btf);
	data = btf__raw_data(btf, &size);
	assert_int_equal(write(fd, data, size), size);
	sprintf(path, "/proc/self/fd/%d", fd);
	facts.types = types_load(path);
	close(fd);
	btf__free(btf);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	o = objects_new(&facts);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	objects_free(o);
	return 0;
}

#define PASSED(type, about, size, wanted, ...) do {			\
		const uint64_t word_[8] = { __VA_ARGS__ };		\
		APPENDS(passed_print(out, o, type, about, word_, size), wanted); \
	} while (0)
/* Two fields of 32 bits. */
#define TWO(a, b) ((uint64_t)(b) << 32 | (uint32_t)(a))

static void test_fields_are_decoded(void **state)
{
	(void)state;
	PASSED("kvm_one_reg", NULL, 16,
	       " {id=KVM_REG_ARM64_SYSREG MPIDR_EL1, addr=user#0}",
	       0x603000000013c005, 0x4a0000);
	PASSED("kvm_one_reg", NULL, 16, " {id=0x12345, addr=NULL}", 0x12345, 0);
}

static void test_pointers_are_the_programs(void **state)
{
	(void)state;
	PASSED("kvm_arm_copy_mte_tags", NULL, 64,
	       " {guest_ipa=0x40006000, length=0x1000, addr=user#0,"
	       " flags=KVM_ARM_TAGS_FROM_GUEST}",
	       0x40006000, 4096, 0x4a0000, 1);
	PASSED("kvm_arm_copy_mte_tags", NULL, 64,
	       " {guest_ipa=0, length=0x1000, addr=NULL,"
	       " flags=KVM_ARM_TAGS_TO_GUEST, reserved=[0, 5]}",
	       0, 4096, 0, 0, 0, 5);
}

static void test_arrays_have_no_zeros_at_their_end(void **state)
{
	(void)state;
	PASSED("kvm_vcpu_init", NULL, 32,
	       " {target=KVM_ARM_TARGET_GENERIC_V8, features=KVM_ARM_VCPU_POWER_OFF}",
	       TWO(5, 1));
	PASSED("kvm_vcpu_init", NULL, 32,
	       " {target=KVM_ARM_TARGET_GENERIC_V8, features=[0, 0, KVM_ARM_VCPU_POWER_OFF]}",
	       TWO(5, 0), TWO(0, 1));
	PASSED("kvm_vcpu_init", NULL, 32,
	       " {target=KVM_ARM_TARGET_GENERIC_V8, features=0}", TWO(5, 0));
}

static void test_what_the_kernel_fills_in(void **state)
{
	(void)state;
	PASSED("kvm_create_device", NULL, 12,
	       " {type=KVM_DEV_TYPE_ARM_VGIC_V3, flags=KVM_CREATE_DEVICE_TEST}",
	       TWO(7, 99), 1);
}

static void test_a_capability_names_its_arguments(void **state)
{
	(void)state;
	/* 168: KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 */
	PASSED("kvm_enable_cap", "vm", 24,
	       " {cap=KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, flags=1,"
	       " args=KVM_DIRTY_LOG_INITIALLY_SET}",
	       TWO(168, 1), 2);
	/* 228: KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE */
	PASSED("kvm_enable_cap", "vm", 24,
	       " {cap=KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, flags=0, args=2}",
	       TWO(228, 0), 2);
	/* Of another struct, the caller says what it is about. */
	PASSED("kvm_device_attr", "vcpu", 24,
	       " {flags=0, group=KVM_ARM_VCPU_PVTIME_CTRL,"
	       " attr=KVM_ARM_VCPU_PVTIME_IPA, addr=user#0}",
	       TWO(0, 2), 0, 0x4a0000);
}

static void test_padding(void **state)
{
	(void)state;
	PASSED("padded", NULL, 16, " {n=1, m=2}", TWO(1, 0), TWO(0, 2));
	PASSED("padded", NULL, 16, " {n=1, pad=[0, 0, 3], m=2}",
	       TWO(1, 0x30000), TWO(0, 2));
	PASSED("padded", NULL, 16, " {n=1, reserved=4, m=2}", TWO(1, 0),
	       TWO(4, 2));
	/* Unknown padding hides nothing. */
	PASSED("padded_at_its_end", NULL, 4, " {n=1}", TWO(1, 0));
	PASSED("padded", NULL, 4, " {n=1, ...}", TWO(1, 0));
}

static void test_structs_in_structs(void **state)
{
	(void)state;
	/* Shows a union's first field, and nothing of an array of structs. */
	PASSED("whole", NULL, 40, " {one={a=1, b=2}, first=3, last=9, ...}",
	       TWO(1, 2), 3, 4, 5, 9);
}

static void test_what_was_not_read(void **state)
{
	(void)state;
	PASSED("kvm_one_reg", NULL, 15, " {id=0x1, ...}", 1, 2);
	PASSED("kvm_one_reg", NULL, 7, " {...}", 1, 2);
	PASSED("kvm_one_reg", NULL, 0, "", 1, 2);
	PASSED("unknown", NULL, 16, "", 1, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_are_decoded),
		TEST(pointers_are_the_programs),
		TEST(arrays_have_no_zeros_at_their_end),
		TEST(what_the_kernel_fills_in),
		TEST(a_capability_names_its_arguments),
		TEST(padding),
		TEST(structs_in_structs),
		TEST(what_was_not_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_types, NULL);
}
