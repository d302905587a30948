// SPDX-License-Identifier: MIT
/*
 * Unit tests of import/words.h: what is said of calls and tracepoints, and
 * when the objects in them begin and end.
 *
 * The functions and their types are made here; those that end an object have
 * the names that kernel/ends.c knows.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <event-parse.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/objects.h"
#include "import/words.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

enum { STACK_SIZE = 16384, MAX_FUNCTIONS = 64 };

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

/* --- words ---------------------------------------------------------- */

static void test_arguments_have_names(void **state)
{
	(void)state;
	begin();
	CALLED("pair={0x1, 0x2}, n=3", "takes_pair", 1, 2, 3);
	CALLED("reg=TCR_EL1, flags=FLAG_A|FLAG_C", "takes_reg", 1, 5);
	CALLED("...", "changed.isra.0", 1);
	CALL("a=1, b=2, c=3, d=4, e=5, f=6, g=7", "takes_seven", 1, 2, 3, 4, 5,
	     6, 7);
}

static void test_registers_that_were_not_recorded(void **state)
{
	const uint64_t word[8] = { 1, 2, 3, 4, 5, 6, 7 };
	const struct call_plan *seven = words_function(w, named("takes_seven")),
			       *pairs = words_function(w, named("takes_pair"));

	(void)state;
	APPENDS(words_args(w, t, out, seven, word, 6),
		"a=1, b=2, c=3, d=4, e=5, f=6, ...");
	APPENDS(words_args(w, t, out, seven, word, 0), "...");
	APPENDS(words_args(w, t, out, pairs, word, 1), "...");
	APPENDS(words_args(w, t, out, pairs, word, 2), "pair={0x1, 0x2}, ...");
}

static void test_plans_are_kept(void **state)
{
	const struct tep_event *e = tep_find_event_by_name(facts.tep, "kvm",
							   "kvm_entry");

	(void)state;
	assert_ptr_equal(words_function(w, named("takes_any")),
			 words_function(w, named("takes_any")));
	assert_ptr_equal(words_event(w, e), words_event(w, e));
}

static void test_a_register_wins_over_markers(void **state)
{
	(void)state;
	begin();
	CALLED("reg=TCR_EL1, flags=FLAG_A", "takes_reg", 1, 1);
	CALLED("reg=ACTLR_EL1, flags=FLAG_B", "takes_reg", 2, 2);
	CALLED("reg=NR_SYS_REGS, flags=0", "takes_reg", 3, 0);
	CALLED("reg=PAR_EL1, flags=0x8", "takes_reg", 4, 8);
	CALLED("reg=LOWEST_REG, flags=FLAG_A", "takes_reg", 0xfffffffd, 1);
	CALLED("reg=5, flags=FLAG_A", "takes_reg", 5, 1);
	CALLED("reg=-4, flags=FLAG_A", "takes_reg", 0xfffffffc, 1);
}

/* One and two may be numbers as well as bits. */
static void test_numbers_are_no_bits(void **state)
{
	(void)state;
	begin();
	CALLED("few=FEW_B", "takes_few", 2);
	CALLED("few=3", "takes_few", 3);
	CALLED("few=0", "takes_few", 0);
}

static void test_whose_addresses_they_are(void **state)
{
	(void)state;
	begin();
	CALLED("addr=0x40000000, end=0x40010000", "stage2_apply_range",
	       0x40000000, 0x40010000);
	CALLED("guest_ipa=0x8000000, pa=phys#0", "kvm_phys_addr_ioremap",
	       0x8000000, 0x8000000);
	CALLED("fault_ipa=0x200, hva=user#0", "user_mem_abort", 0x200, 0x4a0000);
	CALL("vcpu=vcpu#0", "vcpu_read_sys_reg", HEAP);
	RETURN(" = 0xffff000003000010", HEAP + 16);
	CALL("gfn=0x40000", "gfn_to_hva_memslot", 0x40000);
	RETURN(" = user#1", 0xffff10000000);
}

static void test_the_argument_of_an_ioctl(void **state)
{
	(void)state;
	begin();
	CALLED("filp=file#0, ioctl=KVM_SET_USER_MEMORY_REGION, arg=user#0",
	       "kvm_vm_ioctl", HEAP, 0x4020ae46, 0x4a0010);
	CALLED("filp=file#0, ioctl=KVM_CREATE_VCPU, arg=0x4a0010",
	       "kvm_vm_ioctl", HEAP, 0xae41, 0x4a0010);
	CALLED("filp=file#0, ioctl=KVM_CHECK_EXTENSION, arg=KVM_CAP_MAX_VCPUS",
	       "kvm_vm_ioctl", HEAP, 0xae03, 66);
	CALLED("filp=file#0, ioctl=0x40045401, arg=0x4a0010",
	       "kvm_vm_ioctl", HEAP, 0x40045401, 0x4a0010);
}

static void event(struct buf *out, const char *name, const void *data,
		  unsigned int size)
{
	words_event_fields(w, t, out, words_event(w,
			   tep_find_event_by_name(facts.tep, "kvm", name)),
			   data, size);
}

static void test_fields_of_tracepoints(void **state)
{
	const uint64_t entry[] = { 60, 0xffff800080010000 };
	const uint64_t debug[] = { 62, HEAP, 0x7878780000000003, 0xffff };

	(void)state;
	begin();
	CALL("vcpu=vcpu#0", "vcpu_read_sys_reg", HEAP);
	APPENDS(event(out, "kvm_entry", entry, 16), "vcpu_pc=0xffff800080010000");
	APPENDS(event(out, "kvm_set_guest_debug", debug, 32),
		"vcpu=vcpu#0, guest_debug=3, left=-1");
	/* A record that is cut short. */
	APPENDS(event(out, "kvm_set_guest_debug", debug, 25),
		"vcpu=vcpu#0, guest_debug=3");
	APPENDS(event(out, "kvm_entry", entry, 15), "");
}

static void test_a_range_of_the_program(void **state)
{
	const uint64_t range_of[] = { 63, 0xffff10000000, 0xffff10002000 };

	(void)state;
	objects_map(words_objects(w), 0xffff10000000, 0x2000);
	objects_map(words_objects(w), 0xffff10002000, 0x2000);
	APPENDS(event(out, "kvm_unmap_hva_range", range_of, 24),
		"start=user#0, end=user#0+0x2000");
}

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

/* What lies above something that a call was given is not its own. */
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
	/* One that never returned. */
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
	depth = 1;	/* the two inner ones are left */
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
	/* What belonged to it ended, too; what is another's did not. */
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
	/* Nothing tells that the first one was closed. */
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

/* The same where the program ran already, so that no open() was seen. */
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

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(arguments_have_names),
		TEST(registers_that_were_not_recorded),
		TEST(plans_are_kept),
		TEST(a_register_wins_over_markers),
		TEST(numbers_are_no_bits),
		TEST(whose_addresses_they_are),
		TEST(the_argument_of_an_ioctl),
		TEST(fields_of_tracepoints),
		TEST(a_range_of_the_program),
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
