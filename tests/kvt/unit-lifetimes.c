// SPDX-License-Identifier: MIT
/* Unit tests of import/lifetimes.h, through words: when objects begin and
 * end. */
#define _GNU_SOURCE
#include "unit_kernel.h"

enum { STACK_SIZE = 16384 };

/* --- the stack ------------------------------------------------------ */

static void test_what_is_in_a_frame_ends_with_it(void **state)
{
	const uint64_t at = TOP - 0x200;

	(void)state;
	begin();
	CALL("vcpu=vcpu#0, addr=0, val=NULL", "kvm_io_bus_write", HEAP);
	CALLED("range=io_range#0", "takes_range", at);
	/* It lives on in the caller's frame. */
	CALL("p=io_range#0+0x8", "takes_any", at + 8);
	RETURN(" = NULL", 0);
	CALLED("range=io_range#0", "takes_range", at);
	RETURN(" = 0", 0);
	CALL("p=ptr#0", "takes_any", at);
	RETURN(" = NULL", 0);
	CALL("vcpu=vcpu#0, addr=0, val=NULL", "kvm_io_bus_write", HEAP);
	CALLED("range=io_range#1", "takes_range", at);
}

/* An object above one that a call was given is not the call's own. */
static void test_what_a_callers_caller_has(void **state)
{
	const uint64_t mine = TOP - 0x200, inner = TOP - 0x400;

	(void)state;
	begin();
	CALL("vcpu=vcpu#0, addr=0, val=NULL", "kvm_io_bus_write", HEAP);
	CALL("p=ptr#0", "takes_any", mine);
	CALLED("range=io_range#0", "takes_range", mine + 0x20);
	CALLED("range=io_range#1", "takes_range", mine);
	CALLED("range=io_range#2", "takes_range", mine - 8);
	CALLED("range=io_range#3", "takes_range", inner);
	RETURN(" = NULL", 0);
	CALLED("range=io_range#0", "takes_range", mine + 0x20);
	CALLED("range=io_range#1", "takes_range", mine);
	CALLED("range=io_range#4", "takes_range", mine - 8);
	CALLED("range=io_range#5", "takes_range", inner);
}

static void test_nothing_outlives_a_system_call(void **state)
{
	(void)state;
	begin();
	CALLED("range=io_range#0", "takes_range", TOP - 0x200);
	CALLED("range=io_range#0", "takes_range", TOP - 0x200);
	words_leave(t);
	words_enter(t, 0);
	CALLED("p=ptr#0", "takes_any", TOP - 0x200);
	/* A system call that never returned. */
	words_enter(t, TOP);
	CALLED("range=io_range#1", "takes_range", TOP - 0x200);
}

static void test_where_the_stack_is(void **state)
{
	(void)state;
	begin();
	CALLED("range=io_range#0", "takes_range", TOP);
	CALLED("range=io_range#1", "takes_range", TOP - 8);
	CALLED("range=io_range#2", "takes_range", TOP - STACK_SIZE + 8);
	CALLED("range=io_range#3", "takes_range", TOP - STACK_SIZE);
	words_leave(t);
	CALLED("range=io_range#0", "takes_range", TOP);
	CALLED("range=io_range#4", "takes_range", TOP - 8);
	CALLED("range=io_range#5", "takes_range", TOP - STACK_SIZE + 8);
	CALLED("range=io_range#3", "takes_range", TOP - STACK_SIZE);
}

static void test_another_threads_stack_is_left_alone(void **state)
{
	struct words_thread *mine = t, *other = words_thread_new(w);

	(void)state;
	begin();
	CALLED("range=io_range#0", "takes_range", TOP - 8);
	t = other;
	words_enter(t, TOP + 0x100000);
	CALLED("range=io_range#1", "takes_range", TOP + 0x100000 - 8);
	words_leave(t);
	t = mine;
	CALLED("range=io_range#0", "takes_range", TOP - 8);
	words_thread_free(other);
}

static void test_calls_that_never_return(void **state)
{
	(void)state;
	begin();
	CALL("vcpu=vcpu#0, addr=0, val=NULL", "kvm_io_bus_write", HEAP);
	CALL("p=ptr#0", "takes_any", HEAP + 0x5000);
	CALL("range=io_range#0", "takes_range", TOP - 8);
	depth = 1;	/* leaves the two inner ones open */
	RETURN(" = 0", 0);
	CALLED("range=io_range#1", "takes_range", TOP - 8);
}

static void test_a_stack_that_is_not_known(void **state)
{
	struct words_thread *mine = t;

	(void)state;
	begin();
	t = words_thread_new(w);
	words_enter(t, 0);
	CALLED("range=io_range#0", "takes_range", TOP - 8);
	words_leave(t);
	words_enter(t, 0);
	CALLED("range=io_range#0", "takes_range", TOP - 8);
	words_thread_free(t);
	t = mine;
}

/* --- ends ----------------------------------------------------------- */

static void test_a_vm_ends_with_its_parts(void **state)
{
	(void)state;
	begin();
	CALLED("kvm=kvm#0, irq=vgic_irq#0", "vgic_queue_irq", HEAP, HEAP + 0x40);
	CALLED("kvm=kvm#0, irq=vgic_irq#1", "vgic_queue_irq", HEAP, HEAP + 0x5000);
	CALLED("kvm=kvm#1, irq=vgic_irq#2", "vgic_queue_irq", HEAP + 0x2000,
	       HEAP + 0x6000);
	CALLED("kvm=kvm#0", "kvm_destroy_vm", HEAP);
	CALLED("kvm=kvm#2, irq=vgic_irq#3", "vgic_queue_irq", HEAP, HEAP + 0x40);
	/* Its parts ended, too; another VM's did not. */
	CALLED("kvm=kvm#1, irq=vgic_irq#4", "vgic_queue_irq", HEAP + 0x2000,
	       HEAP + 0x5000);
	CALLED("kvm=kvm#1, irq=vgic_irq#2", "vgic_queue_irq", HEAP + 0x2000,
	       HEAP + 0x6000);
}

static void test_a_vcpu_ends_with_the_call_that_frees_it(void **state)
{
	(void)state;
	begin();
	CALL("kvm=kvm#0", "kvm_destroy_vcpus", HEAP);
	CALLED("vcpu=vcpu#0", "kvm_arch_vcpu_destroy", HEAP + 0x2000);
	CALLED("ring=dirty_ring#0", "kvm_dirty_ring_free", HEAP + 0x2100);
	RETURN("", 0);
	CALLED("ring=dirty_ring#1", "kvm_dirty_ring_free", HEAP + 0x2100);
	CALLED("vcpu=vcpu#1", "kvm_arch_vcpu_destroy", HEAP + 0x2000);
}

static void test_a_vm_that_was_not_made(void **state)
{
	(void)state;
	begin();
	CALL("type=0", "kvm_create_vm", 0);
	CALLED("kvm=kvm#0", "kvm_destroy_vcpus", HEAP);
	RETURN(" = ERR_PTR(-ENOMEM)", -12ull);
	CALL("type=0", "kvm_create_vm", 0);
	CALLED("kvm=kvm#1", "kvm_destroy_vcpus", HEAP);
	RETURN(" = kvm#1", HEAP);
	CALLED("kvm=kvm#1", "kvm_destroy_vcpus", HEAP);
}

static void test_a_vcpu_that_was_not_made(void **state)
{
	(void)state;
	begin();
	CALL("vcpu=vcpu#0", "kvm_arch_vcpu_create", HEAP);
	RETURN(" = 0", 0);
	CALL("vcpu=vcpu#0", "kvm_arch_vcpu_create", HEAP);
	RETURN(" = -ENOMEM", -12ull);
	CALL("vcpu=vcpu#1", "kvm_arch_vcpu_create", HEAP);
}

static void test_without_results_nothing_failed(void **state)
{
	(void)state;
	begin();
	words_thread_free(t);
	words_free(w);
	w = words_new(&facts, true, false);
	t = words_thread_new(w);
	CALL("vcpu=vcpu#0", "kvm_arch_vcpu_create", HEAP);
	RETURN("", -12ull);
	CALL("vcpu=vcpu#0", "kvm_arch_vcpu_create", HEAP);
}

static void test_files_of_the_device(void **state)
{
	(void)state;
	begin();
	CALLED("inode=inode#0, file=file#0", "misc_open", HEAP, HEAP + 0x100);
	CALLED("filp=file#0, ioctl=KVM_CREATE_VM, arg=0", "kvm_dev_ioctl",
	       HEAP + 0x100, 0xae01);
	/* Nothing says that the program closed the first one. */
	CALLED("inode=inode#0, file=file#1", "misc_open", HEAP, HEAP + 0x100);
	CALLED("filp=file#1, ioctl=KVM_CREATE_VM, arg=0", "kvm_dev_ioctl",
	       HEAP + 0x100, 0xae01);
	/* A file of the device does not become a VM's. */
	CALLED("filp=file#2, ioctl=KVM_CREATE_VCPU, arg=0", "kvm_vm_ioctl",
	       HEAP + 0x100, 0xae41);
	CALLED("filp=file#2, ioctl=KVM_CREATE_VCPU, arg=1", "kvm_vm_ioctl",
	       HEAP + 0x100, 0xae41, 1);
	CALLED("inode=inode#0, filp=file#2", "kvm_vm_release", HEAP,
	       HEAP + 0x100);
	CALLED("filp=file#3, ioctl=KVM_CREATE_VCPU, arg=1", "kvm_vm_ioctl",
	       HEAP + 0x100, 0xae41, 1);
}

/* The same if the program ran before, so we saw no open(). */
static void test_a_file_that_was_open_before(void **state)
{
	(void)state;
	begin();
	CALLED("filp=file#0, ioctl=KVM_CREATE_VM, arg=0", "kvm_dev_ioctl",
	       HEAP, 0xae01);
	CALLED("filp=file#1, ioctl=KVM_CREATE_VCPU, arg=0", "kvm_vm_ioctl",
	       HEAP, 0xae41);
}

static void test_a_new_file_is_a_result(void **state)
{
	(void)state;
	begin();
	CALLED("filp=file#0, ioctl=KVM_CREATE_VM, arg=0", "kvm_dev_ioctl",
	       HEAP, 0xae01);
	CALL("name=ptr#0", "anon_inode_getfile", HEAP + 0x900);
	RETURN(" = file#1", HEAP);
}

static void test_a_deleted_memslot(void **state)
{
	const uint64_t vm = HEAP, slot = HEAP + 0x2000, invalid = HEAP + 0x3000;

	(void)state;
	begin();
	CALL("kvm=kvm#0, old=NULL, new=memslot#0, change=0", "kvm_set_memslot",
	     vm, 0, slot, 0);
	CALLED("kvm=kvm#0, old=NULL, new=memslot#0, change=0",
	       "kvm_arch_commit_memory_region", vm, 0, slot, 0);
	RETURN(" = 0", 0);
	CALL("kvm=kvm#0, old=memslot#0, new=NULL, change=1", "kvm_set_memslot",
	     vm, slot, 0, 1);
	CALLED("kvm=kvm#0, old=memslot#0, new=memslot#1", "kvm_replace_memslot",
	       vm, slot, invalid);
	CALLED("kvm=kvm#0, old=memslot#0, new=NULL, change=1",
	       "kvm_arch_commit_memory_region", vm, slot, 0, 1);
	CALLED("kvm=kvm#0, slot=memslot#0", "kvm_arch_free_memslot", vm, slot);
	RETURN(" = 0", 0);
	/* Both are gone: the slot, and the invalid one that stood for it. */
	CALL("kvm=kvm#0, old=NULL, new=memslot#2, change=0", "kvm_set_memslot",
	     vm, 0, slot, 0);
	RETURN(" = 0", 0);
	CALL("kvm=kvm#0, old=NULL, new=memslot#3, change=0", "kvm_set_memslot",
	     vm, 0, invalid, 0);
}

static void test_a_memslot_with_other_flags_is_another(void **state)
{
	const uint64_t vm = HEAP, slot = HEAP + 0x2000, other = HEAP + 0x3000;

	(void)state;
	begin();
	CALLED("kvm=kvm#0, old=NULL, new=memslot#0, change=0",
	       "kvm_arch_commit_memory_region", vm, 0, slot, 0);
	CALLED("kvm=kvm#0, old=memslot#0, new=memslot#1, change=3",
	       "kvm_arch_commit_memory_region", vm, slot, other, 3);
	CALLED("kvm=kvm#0, old=memslot#1, new=memslot#2, change=2",
	       "kvm_arch_commit_memory_region", vm, other, slot, 2);
}

static void test_a_memslot_that_was_not_made(void **state)
{
	const uint64_t vm = HEAP, slot = HEAP + 0x2000;

	(void)state;
	begin();
	CALL("kvm=kvm#0", "kvm_set_memory_region", vm);
	CALL("kvm=kvm#0, old=NULL, new=memslot#0, change=0", "kvm_set_memslot",
	     vm, 0, slot, 0);
	RETURN(" = -ENOMEM", -12ull);
	RETURN(" = -ENOMEM", -12ull);
	CALL("kvm=kvm#0", "kvm_set_memory_region", vm);
	CALL("kvm=kvm#0, old=NULL, new=memslot#1, change=0", "kvm_set_memslot",
	     vm, 0, slot, 0);
	RETURN(" = 0", 0);
	RETURN(" = 0", 0);
	CALLED("kvm=kvm#0, old=memslot#1, new=NULL", "kvm_replace_memslot", vm,
	       slot);
}

static void test_a_guest_memfd(void **state)
{
	(void)state;
	begin();
	CALLED("gmem=gmem#0", "__kvm_gmem_invalidate_begin", HEAP + 0x1000);
	CALLED("gmem=gmem#1", "__kvm_gmem_invalidate_begin", HEAP + 0x2000);
	CALL("inode=inode#0, file=file#0", "kvm_gmem_release", HEAP,
	     HEAP + 0x100);
	CALLED("gmem=gmem#0", "__kvm_gmem_invalidate_begin", HEAP + 0x1000);
	RETURN(" = 0", 0);
	CALL("inode=inode#1, file=file#1", "kvm_gmem_release", HEAP,
	     HEAP + 0x100);
	CALLED("gmem=gmem#2", "__kvm_gmem_invalidate_begin", HEAP + 0x1000);
	CALLED("gmem=gmem#1", "__kvm_gmem_invalidate_begin", HEAP + 0x2000);
}

static void test_a_device_that_was_not_made(void **state)
{
	(void)state;
	begin();
	CALL("dev=device#0, type=KVM_DEV_TYPE_ARM_VGIC_V3", "vgic_create", HEAP,
	     7);
	RETURN(" = -EEXIST", -17ull);
	CALL("dev=device#1, type=KVM_DEV_TYPE_ARM_VGIC_V3", "vgic_create", HEAP,
	     7);
	RETURN(" = 0", 0);
	CALL("dev=device#1, type=KVM_DEV_TYPE_ARM_VGIC_V3", "vgic_create", HEAP,
	     7);
}

static void test_a_bus_is_replaced(void **state)
{
	(void)state;
	begin();
	CALLED("vcpu=vcpu#0, bus=io_bus#0, range=NULL, val=NULL",
	       "__kvm_io_bus_write", HEAP, HEAP + 0x2000);
	CALLED("vcpu=vcpu#0, bus=io_bus#0, range=NULL, val=NULL",
	       "__kvm_io_bus_write", HEAP, HEAP + 0x2000);
	CALLED("kvm=kvm#0", "kvm_io_bus_register_dev", HEAP + 0x3000);
	CALLED("vcpu=vcpu#0, bus=io_bus#1, range=NULL, val=NULL",
	       "__kvm_io_bus_write", HEAP, HEAP + 0x2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_in_a_frame_ends_with_it),
		TEST(what_a_callers_caller_has),
		TEST(nothing_outlives_a_system_call),
		TEST(where_the_stack_is),
		TEST(another_threads_stack_is_left_alone),
		TEST(calls_that_never_return),
		TEST(a_stack_that_is_not_known),
		TEST(a_vm_ends_with_its_parts),
		TEST(a_vcpu_ends_with_the_call_that_frees_it),
		TEST(a_vm_that_was_not_made),
		TEST(a_vcpu_that_was_not_made),
		TEST(without_results_nothing_failed),
		TEST(files_of_the_device),
		TEST(a_file_that_was_open_before),
		TEST(a_new_file_is_a_result),
		TEST(a_deleted_memslot),
		TEST(a_memslot_with_other_flags_is_another),
		TEST(a_memslot_that_was_not_made),
		TEST(a_guest_memfd),
		TEST(a_device_that_was_not_made),
		TEST(a_bus_is_replaced),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_kernel, NULL);
}
