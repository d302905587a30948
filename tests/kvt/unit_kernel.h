/* SPDX-License-Identifier: MIT */
/*
 * A made-up kernel, and calls of its functions, for the unit tests of what
 * captures say about calls.  Functions that end an object have the names that
 * kernel/ends.c knows.  A test begins with set_up() and ends with tear_down();
 * begin() forgets the calls of the test before.
 */
#ifndef UNIT_KERNEL_H
#define UNIT_KERNEL_H

#include <bpf/btf.h>
#include <event-parse.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"
#include "base/buf.h"
#include "base/memory.h"
#include "import/objects.h"
#include "import/words.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

enum { MAX_FUNCTIONS = 64 };

/* Addresses: the top of the stack, and places in the kernel's heap. */
#define TOP 0xffff800083fbfeb0
#define HEAP 0xffff000003000000

static struct function function[MAX_FUNCTIONS];
static struct facts facts = { .function = function };
static struct words *w;
static struct words_thread *t;

/* --- a kernel ------------------------------------------------------- */

static struct btf *btf;
static int s32, u64, u32, phys, kvm, vcpu, file, memslot, range, device, bus,
	   irq, gmem, inode, ring, any, pair, reg, change, few;

static int pointer_to(const char *name, int size)
{
	return btf__add_ptr(btf, btf__add_struct(btf, name, size));
}

static void make_types(void)
{
	btf = btf__new_empty();
	s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	u64 = btf__add_int(btf, "u64", 8, 0);
	u32 = btf__add_int(btf, "u32", 4, 0);
	phys = btf__add_typedef(btf, "phys_addr_t", u64);
	any = btf__add_ptr(btf, 0);
	kvm = pointer_to("kvm", 0x1000);
	vcpu = pointer_to("kvm_vcpu", 0x1000);
	file = pointer_to("file", 0xb0);
	memslot = pointer_to("kvm_memory_slot", 0x80);
	range = pointer_to("kvm_io_range", 24);
	device = pointer_to("kvm_device", 64);
	bus = pointer_to("kvm_io_bus", 64);
	irq = pointer_to("vgic_irq", 64);
	gmem = pointer_to("kvm_gmem", 64);
	inode = pointer_to("inode", 64);
	ring = pointer_to("kvm_dirty_ring", 64);
	pair = btf__add_struct(btf, "pair", 16);
	reg = btf__add_enum(btf, "vcpu_sysreg", 4);
	btf__add_enum_value(btf, "__before_TCR_EL1", 1);
	btf__add_enum_value(btf, "TCR_EL1", 1);
	btf__add_enum_value(btf, "ACTLR_EL1", 2);
	btf__add_enum_value(btf, "__after_ACTLR_EL1", 2);
	btf__add_enum_value(btf, "LOWEST_REG", -3);
	btf__add_enum_value(btf, "NR_SYS_REGS", 3);
	btf__add_enum_value(btf, "REG_MAX", 4);
	btf__add_enum_value(btf, "PAR_EL1", 4);
	change = btf__add_enum(btf, "flags", 4);
	btf__add_enum_value(btf, "FLAG_A", 1);
	btf__add_enum_value(btf, "FLAG_B", 2);
	btf__add_enum_value(btf, "FLAG_C", 4);
	few = btf__add_enum(btf, "few", 4);
	btf__add_enum_value(btf, "FEW_A", 1);
	btf__add_enum_value(btf, "FEW_B", 2);
}

/* A function RESULT NAME(ARG...); each argument a type and a name, to 0. */
static void make_function(const char *name, int result, ...)
{
	int proto = btf__add_func_proto(btf, result), type;
	va_list ap;

	va_start(ap, result);
	while ((type = va_arg(ap, int)))
		btf__add_func_param(btf, va_arg(ap, const char *), type);
	va_end(ap);
	btf__add_func(btf, name, BTF_FUNC_GLOBAL, proto);
	function[facts.functions].name = xstrdup(name);
	function[facts.functions].address = HEAP + facts.functions * 64;
	facts.functions++;
}

static void make_functions(void)
{
	make_function("misc_open", s32, inode, "inode", file, "file", 0);
	make_function("kvm_dev_ioctl", s32, file, "filp", u32, "ioctl", u64, "arg", 0);
	make_function("kvm_vm_ioctl", s32, file, "filp", u32, "ioctl", u64, "arg", 0);
	make_function("kvm_vm_release", s32, inode, "inode", file, "filp", 0);
	make_function("anon_inode_getfile", file, any, "name", 0);
	make_function("kvm_set_memory_region", s32, kvm, "kvm", 0);
	make_function("kvm_set_memslot", s32, kvm, "kvm", memslot, "old",
		      memslot, "new", s32, "change", 0);
	make_function("kvm_replace_memslot", 0, kvm, "kvm", memslot, "old",
		      memslot, "new", 0);
	make_function("kvm_arch_commit_memory_region", 0, kvm, "kvm",
		      memslot, "old", memslot, "new", s32, "change", 0);
	make_function("kvm_arch_free_memslot", 0, kvm, "kvm", memslot, "slot", 0);
	make_function("kvm_gmem_release", s32, inode, "inode", file, "file", 0);
	make_function("__kvm_gmem_invalidate_begin", 0, gmem, "gmem", 0);
	make_function("kvm_destroy_vm", 0, kvm, "kvm", 0);
	make_function("kvm_destroy_vcpus", 0, kvm, "kvm", 0);
	make_function("kvm_arch_vcpu_destroy", 0, vcpu, "vcpu", 0);
	make_function("kvm_arch_vcpu_create", s32, vcpu, "vcpu", 0);
	make_function("kvm_dirty_ring_free", 0, ring, "ring", 0);
	make_function("vgic_create", s32, device, "dev", u32, "type", 0);
	make_function("kvm_io_bus_write", s32, vcpu, "vcpu", u64, "addr",
		      any, "val", 0);
	make_function("__kvm_io_bus_write", s32, vcpu, "vcpu", bus, "bus",
		      range, "range", any, "val", 0);
	make_function("kvm_io_bus_register_dev", s32, kvm, "kvm", 0);
	make_function("vgic_queue_irq", 0, kvm, "kvm", irq, "irq", 0);
	make_function("takes_range", 0, range, "range", 0);
	make_function("takes_any", any, any, "p", 0);
	make_function("takes_pair", 0, pair, "pair", u32, "n", 0);
	make_function("takes_reg", 0, reg, "reg", change, "flags", 0);
	make_function("takes_few", 0, few, "few", 0);
	make_function("kvm_create_vm", kvm, u64, "type", 0);
	make_function("takes_seven", 0, u32, "a", u32, "b", u32, "c", u32, "d",
		      u32, "e", u32, "f", u32, "g", 0);
	make_function("stage2_apply_range", 0, phys, "addr", phys, "end", 0);
	make_function("kvm_phys_addr_ioremap", 0, phys, "guest_ipa", phys, "pa", 0);
	make_function("user_mem_abort", 0, phys, "fault_ipa", u64, "hva", 0);
	make_function("vcpu_read_sys_reg", u64, vcpu, "vcpu", 0);
	make_function("gfn_to_hva_memslot", u64, u64, "gfn", 0);
	function[facts.functions++].name = xstrdup("changed.isra.0");
}

static const char *const events[] = {
#define HEAD "format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"name: kvm_entry\nID: 60\n" HEAD
	"\tfield:unsigned long vcpu_pc;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"\"\n",
	"name: kvm_set_guest_debug\nID: 62\n" HEAD
	"\tfield:struct kvm_vcpu * vcpu;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:__u32 guest_debug;\toffset:16;\tsize:4;\tsigned:0;\n"
	"\tfield:char text[3];\toffset:20;\tsize:3;\tsigned:0;\n"
	"\tfield:short left;\toffset:24;\tsize:2;\tsigned:1;\n"
	"\nprint fmt: \"\"\n",
	"name: kvm_unmap_hva_range\nID: 63\n" HEAD
	"\tfield:unsigned long start;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long end;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"\"\n",
};

static int make_kernel(void **state)
{
	char path[64];
	const void *data;
	__u32 size;
	int fd = memfd_create("btf", 0);

	(void)state;
	make_types();
	make_functions();
	data = btf__raw_data(btf, &size);
	assert_int_equal(write(fd, data, size), size);
	sprintf(path, "/proc/self/fd/%d", fd);
	facts.types = types_load(path);
	facts.tep = tep_alloc();
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		assert_int_equal(tep_parse_event(facts.tep, events[i],
						 strlen(events[i]), "kvm"), 0);
	return 0;
}

/* --- a recording ---------------------------------------------------- */

static int set_up(void **state)
{
	(void)state;
	w = words_new(&facts, true, true);
	t = words_thread_new(w);
	words_enter(t, TOP);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	words_thread_free(t);
	words_free(w);
	return 0;
}

static const struct function *named(const char *name)
{
	for (size_t i = 0; i < facts.functions; i++)
		if (!strcmp(function[i].name, name))
			return &function[i];
	fail_msg("no function %s", name);
	return NULL;
}

static uint64_t args_of[32][8];
static const char *name_of[32];
static int depth;

static void call(struct buf *out, const char *name, const uint64_t *word)
{
	memcpy(args_of[depth], word, sizeof(args_of[depth]));
	name_of[depth++] = name;
	words_args(w, t, out, words_function(w, named(name)), word, 8);
}

static void leave(struct buf *out, uint64_t result)
{
	const struct call_plan *plan =
		words_function(w, named(name_of[--depth]));

	words_result(w, t, out, plan, result);
	words_returned(w, t, plan, args_of[depth], 8, result);
}

#define CALL(wanted, name, ...) \
	APPENDS(call(out, name, (uint64_t[8]){ __VA_ARGS__ }), wanted)
#define RETURN(wanted, result) APPENDS(leave(out, result), wanted)
/* A call that returns 0. */
#define CALLED(wanted, name, ...) do {					\
		struct buf none_ = { 0 };				\
		CALL(wanted, name, __VA_ARGS__);			\
		leave(&none_, 0);					\
		buf_free(&none_);					\
	} while (0)

static void begin(void)
{
	depth = 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

#endif
