// SPDX-License-Identifier: MIT
/* Unit tests of import/syscalls.h: what a descriptor is after each call, and
 * how calls are written. */
#include <fcntl.h>
#include <linux/close_range.h>

#include "unit.h"
#include "base/buf.h"
#include "import/objects.h"
#include "import/syscalls.h"
#include "kernel/facts.h"
#include "kernel/uapi.h"

/* Numbers of system calls and requests, as in uapi.tsv. */
enum {
	DUP = 23, DUP3 = 24, FCNTL = 25, IOCTL = 29, FTRUNCATE = 46,
	FALLOCATE = 47, OPENAT = 56, CLOSE = 57,
	MUNMAP = 215, MREMAP = 216, EXECVE = 221, MMAP = 222, CLOSE_RANGE = 436,
	EVENTFD2 = 19, PIPE2 = 59, GETPID = 172,
	CREATE_VM = 0xae01, CREATE_VCPU = 0xae41, RUN = 0xae80,
	CHECK_EXTENSION = 0xae03, GET_STATS_FD = 0xaece,
};
#define CREATE_DEVICE 0xc00caee0
#define IRQFD 0x4020ae76
#define IOEVENTFD 0x4040ae79
#define SET_DEVICE_ATTR 0x4018aee1
#define CREATE_GUEST_MEMFD 0xc040aed4
#define VCPU_FINALIZE 0x4004aec2
#define MTE_COPY_TAGS 0x8030aeb4
#define CLOEXEC 02000000

static struct objects *o;
static struct fds *f;

static int set_up(void **state)
{
	static const struct facts facts;
	static const struct fds none;

	(void)state;
	o = objects_new(&facts);
	f = fds_copy(&none);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fds_free(f);
	objects_free(o);
	return 0;
}

#define CALL(nr, res, ...) \
	((struct syscall){ .number = nr, .result = res, .arg = { __VA_ARGS__ } })
#define DID(...) do {							\
		const struct syscall call_ = CALL(__VA_ARGS__);		\
		syscall_learn(f, o, &call_, false, -1);			\
	} while (0)
#define WRITTEN(wanted, ...) do {					\
		const struct syscall call_ = CALL(__VA_ARGS__);		\
		APPENDS(syscall_print(out, f, o, &call_), wanted);	\
	} while (0)
#define RESULT(wanted, ...) do {					\
		const struct syscall call_ = CALL(__VA_ARGS__);		\
		APPENDS(syscall_print_result(out, f, o, &call_), wanted); \
	} while (0)
#define IS(fd, wanted) \
	assert_string_equal(fd_kind_name(fds_get(f, fd).kind) ?: "other", wanted)

/* 3 is /dev/kvm, 4 a VM, 5 a vCPU. */
static void make_vm(void)
{
	const struct syscall open = CALL(OPENAT, 3, -100ull, 0, O_RDWR);

	syscall_learn(f, o, &open, true, -1);
	DID(IOCTL, 4, 3, CREATE_VM);
	DID(IOCTL, 5, 4, CREATE_VCPU);
}

static void test_kvm_makes_descriptors(void **state)
{
	(void)state;
	make_vm();
	IS(3, "system");
	IS(4, "vm");
	IS(5, "vcpu");
	DID(IOCTL, 6, 5, GET_STATS_FD);
	IS(6, "stats");
	DID(IOCTL, 7, 4, CREATE_GUEST_MEMFD);
	IS(7, "guest_memfd");
	DID(IOCTL, -12, 4, CREATE_VCPU);
	DID(IOCTL, 0, 4, CHECK_EXTENSION);
	IS(0, "other");
	/* No descriptor of KVM's makes one. */
	DID(IOCTL, 9, 8, CREATE_VM);
	IS(9, "other");
}

static void test_closed_descriptors_are_nothing(void **state)
{
	(void)state;
	make_vm();
	DID(CLOSE, 0, 4);
	IS(4, "other");
	IS(3, "system");
	IS(5, "vcpu");
	/* An error of close() says nothing of the descriptor: it is gone. */
	DID(CLOSE, -5, 3);
	IS(3, "other");
}

static void test_close_range(void **state)
{
	(void)state;
	make_vm();
	DID(CLOSE_RANGE, -22, 3, 5, 0);
	IS(4, "vm");
	DID(CLOSE_RANGE, 0, 4, 4, 0);
	IS(3, "system");
	IS(4, "other");
	IS(5, "vcpu");
	DID(CLOSE_RANGE, 0, 4, ~0u, 0);
	IS(3, "system");
	IS(5, "other");
}

static void test_close_range_at_exec(void **state)
{
	(void)state;
	make_vm();
	DID(CLOSE_RANGE, 0, 3, 3, CLOSE_RANGE_CLOEXEC);
	IS(3, "system");
	DID(EXECVE, 0);
	IS(3, "other");
}

static void test_exec_closes_what_is_to_be_closed(void **state)
{
	(void)state;
	make_vm();
	DID(IOCTL, 7, 4, CREATE_GUEST_MEMFD);
	DID(EXECVE, -2);
	IS(4, "vm");
	DID(EXECVE, 0);
	IS(3, "system");	/* opened without O_CLOEXEC */
	IS(4, "other");
	IS(5, "other");
	IS(7, "guest_memfd");
}

static void test_open_can_close_at_exec(void **state)
{
	const struct syscall open = CALL(OPENAT, 3, -100ull, 0, O_RDWR | CLOEXEC);

	(void)state;
	syscall_learn(f, o, &open, true, -1);
	DID(EXECVE, 0);
	IS(3, "other");
}

static void test_copies(void **state)
{
	(void)state;
	make_vm();
	DID(DUP, 10, 4);
	DID(DUP3, 11, 5, 11, CLOEXEC);
	DID(DUP3, 3, 5, 3, 0);
	DID(FCNTL, 12, 4, F_DUPFD, 12);
	DID(FCNTL, 13, 4, F_DUPFD_CLOEXEC, 12);
	DID(DUP, -9, 99);
	IS(10, "vm");
	IS(11, "vcpu");
	IS(3, "vcpu");
	IS(12, "vm");
	IS(13, "vm");
	DID(EXECVE, 0);
	IS(10, "vm");
	IS(11, "other");
	IS(3, "vcpu");
	IS(12, "vm");
	IS(13, "other");
}

static void test_setfd_decides_of_exec(void **state)
{
	(void)state;
	make_vm();
	DID(FCNTL, 0, 3, F_SETFD, FD_CLOEXEC);
	DID(FCNTL, 0, 4, F_SETFD, 0);
	DID(FCNTL, -9, 5, F_SETFD, 0);
	DID(FCNTL, 1, 5, F_GETFD);
	DID(EXECVE, 0);
	IS(3, "other");
	IS(4, "vm");
	IS(5, "other");
}

static void test_others_take_a_number(void **state)
{
	(void)state;
	make_vm();
	DID(EVENTFD2, 4, 0, 0);
	IS(4, "other");
	DID(OPENAT, 5, -100ull, 0, 0);
	IS(5, "other");
}

static void test_a_process_closes_its_own(void **state)
{
	struct fds *parent = f;

	(void)state;
	make_vm();
	f = fds_copy(parent);
	DID(CLOSE, 0, 4);
	IS(4, "other");
	fds_free(f);
	f = parent;
	IS(4, "vm");
}

static void test_numbers_that_no_descriptor_has(void **state)
{
	(void)state;
	fds_open(f, -1, (struct fd){ .kind = FD_VM });
	fds_open(f, 1 << 20, (struct fd){ .kind = FD_VM });
	fds_open(f, (1 << 20) - 1, (struct fd){ .kind = FD_VM });
	IS(-1, "other");
	IS(1 << 20, "other");
	IS((1 << 20) - 1, "vm");
	DID(CLOSE, -9, -1ull);
	assert_false(fds_set(f, 3, "pipe"));
	assert_true(fds_set(f, 3, "stats"));
	assert_true(fds_set(f, 3, "vm"));
	IS(3, "stats");
	assert_true(fds_set(f, 4, "guest_memfd"));
	DID(EXECVE, 0);
	IS(3, "other");
	IS(4, "guest_memfd");
}

/* --- devices -------------------------------------------------------- */

/* A GIC by its type; the rest is 0. */
static void create_device(uint64_t type, uint64_t flags, int64_t made)
{
	struct passed passed = { { type, flags }, 32 };
	struct syscall call = CALL(IOCTL, 0, 4, CREATE_DEVICE);

	call.passed = &passed;
	syscall_learn(f, o, &call, false, made);
}

static void test_a_device_is_known_by_what_made_it(void **state)
{
	(void)state;
	make_vm();
	create_device(7, 0, 8);
	IS(8, "device");
	assert_int_equal(fds_get(f, 8).device, 7);
	/* No device is made for a test. */
	create_device(7, 1, -1);
	assert_int_equal(f->unseen_devices, 0);
}

static void test_a_device_is_known_by_its_first_attribute(void **state)
{
	(void)state;
	make_vm();
	create_device(7, 0, -1);
	DID(IOCTL, -22, 9, SET_DEVICE_ATTR);
	IS(9, "other");
	DID(IOCTL, 0, 9, SET_DEVICE_ATTR);
	IS(9, "device");
	assert_int_equal(fds_get(f, 9).device, 7);
	/* That was the only one. */
	DID(IOCTL, 0, 10, SET_DEVICE_ATTR);
	assert_int_equal(fds_get(f, 10).device, 0);
	/* A vCPU stays one. */
	DID(IOCTL, 0, 5, SET_DEVICE_ATTR);
	IS(5, "vcpu");
}

static void test_of_two_devices_the_type_is_not_guessed(void **state)
{
	(void)state;
	make_vm();
	create_device(7, 0, -1);
	create_device(4, 0, -1);
	DID(IOCTL, 0, 9, SET_DEVICE_ATTR);
	IS(9, "device");
	assert_int_equal(fds_get(f, 9).device, 0);
}

/* A GIC's and an ITS's attributes have the same names. */
static void test_of_two_devices_it_matters_not_which(void **state)
{
	(void)state;
	make_vm();
	create_device(7, 0, -1);
	create_device(8, 0, -1);
	DID(IOCTL, 0, 9, SET_DEVICE_ATTR);
	assert_int_equal(fds_get(f, 9).device, 8);
}

/* --- memory --------------------------------------------------------- */

/* An ioctl on the VM that passes these words. */
static void tell_kvm(int64_t result, uint64_t request, struct passed passed)
{
	struct syscall call = CALL(IOCTL, result, 4, request);

	call.passed = &passed;
	syscall_learn(f, o, &call, false, -1);
}

static void test_an_eventfd_is_known_when_kvm_is(void **state)
{
	(void)state;
	make_vm();
	DID(EVENTFD2, 8, 0, 0);
	DID(EVENTFD2, 9, 0, 02000000);
	IS(8, "other");
	tell_kvm(-16, IRQFD, (struct passed){ { 8, 0 }, 64 });
	IS(8, "other");
	tell_kvm(0, IRQFD, (struct passed){ { 8, 9ull << 32 }, 64 });
	IS(8, "eventfd");
	IS(9, "other");
	tell_kvm(0, IRQFD, (struct passed){ { 8, 9ull << 32 | 2 }, 64 });
	IS(9, "eventfd");
	DID(EXECVE, 0);
	IS(8, "eventfd");
	IS(9, "other");
	make_vm();
	tell_kvm(0, IOEVENTFD, (struct passed){ { 0, 0, 9ull << 32 | 4 }, 64 });
	IS(9, "eventfd");
	tell_kvm(0, IRQFD, (struct passed){ { 10, 0 }, 12 });
	tell_kvm(0, IOEVENTFD, (struct passed){ { 0, 0, 10ull << 32 }, 20 });
	IS(10, "other");
}

static void test_mappings_are_learned(void **state)
{
	(void)state;
	DID(MMAP, 0xffff10000000, 0, 0x2000);
	DID(MMAP, -12, 0, 0x4000);
	RESULT("user#0", MMAP, 0xffff10000000, 0, 0x2000);
	WRITTEN("user#0+0x10, 4096", MUNMAP, 0, 0xffff10000010, 4096);
	DID(MUNMAP, -22, 0xffff10000000, 0x2000);
	WRITTEN("user#0, 8192", MUNMAP, 0, 0xffff10000000, 0x2000);
	DID(MREMAP, 0xffff20000000, 0xffff10000000, 0x2000, 0x4000);
	WRITTEN("user#1, 1", MUNMAP, 0, 0xffff10000000, 1);
	WRITTEN("user#2+0x3fff, 1", MUNMAP, 0, 0xffff20003fff, 1);
	DID(MUNMAP, 0, 0xffff20000000, 0x4000);
	WRITTEN("user#3, 1", MUNMAP, 0, 0xffff20003fff, 1);
	DID(EXECVE, 0);
	WRITTEN("user#4, 1", MUNMAP, 0, 0xffff20003fff, 1);
}

/* --- text ----------------------------------------------------------- */

static void test_calls_are_written(void **state)
{
	(void)state;
	make_vm();
	WRITTEN("4:vm, KVM_CREATE_VCPU, 0", IOCTL, 5, 4, CREATE_VCPU, 0);
	WRITTEN("3:system, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS",
		IOCTL, 5, 3, CHECK_EXTENSION, 66);
	WRITTEN("9, 0x12, 0x1388", IOCTL, -25, 9, 0x12, 5000);
	WRITTEN("AT_FDCWD, user#0, O_RDWR|O_CLOEXEC",
		OPENAT, 3, -100ull, 0xffff00000000, O_RDWR | CLOEXEC);
	WRITTEN("3, 0xffffffff, 0x4", CLOSE_RANGE, 0, 3, ~0u, 4);
	WRITTEN("4:vm, F_DUPFD_CLOEXEC, 10", FCNTL, 10, 4, 1030, 10);
	WRITTEN("4:vm, 77, 0", FCNTL, 10, 4, 77, 0);
	WRITTEN("NULL, 4096, PROT_READ, MAP_SHARED, 5:vcpu, 0",
		MMAP, 0, 0, 4096, 1, 1, 5, 0);
	WRITTEN("4:vm, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 4096, 8192",
		FALLOCATE, 0, 4, 3, 4096, 8192);
	WRITTEN("4:vm, 4096", FTRUNCATE, 0, 4, 4096);
	WRITTEN("...", GETPID, 1);
	WRITTEN("...", 9999, 1);
}

static void test_results_are_written(void **state)
{
	(void)state;
	make_vm();
	RESULT("4:vm", IOCTL, 4, 3, CREATE_VM);
	RESULT("-EBADF", IOCTL, -9, 3, CREATE_VM);
	RESULT("5", IOCTL, 5, 3, CHECK_EXTENSION);
	RESULT("4:vm", FCNTL, 4, 4, F_DUPFD);
	RESULT("4", FCNTL, 4, 4, F_GETFL);
	RESULT("3:system", OPENAT, 3);
	RESULT("12", GETPID, 12);
	DID(IOCTL, 7, 4, CREATE_GUEST_MEMFD);
	RESULT("7:guest_memfd", IOCTL, 7, 4, CREATE_GUEST_MEMFD);
}

/* Writes an ioctl of vCPU 5 or VM 4 that has passed this. */
static void print_passed(struct buf *out, uint64_t fd, uint64_t request,
			 struct passed passed)
{
	struct syscall call = CALL(IOCTL, 0, fd, request, 0x4a0000);

	call.passed = &passed;
	syscall_print(out, f, o, &call);
}

static void test_what_was_passed_is_written(void **state)
{
	(void)state;
	make_vm();
	APPENDS(print_passed(out, 5, VCPU_FINALIZE, (struct passed){ { 4 }, 64 }),
	       "5:vcpu, KVM_ARM_VCPU_FINALIZE, user#0 {KVM_ARM_VCPU_SVE}");
	APPENDS(print_passed(out, 5, VCPU_FINALIZE,
			     (struct passed){ { 0x3ffffffff }, 4 }),
	       "5:vcpu, KVM_ARM_VCPU_FINALIZE, user#0 {-1}");
	APPENDS(print_passed(out, 5, VCPU_FINALIZE, (struct passed){ { 4 }, 3 }),
	       "5:vcpu, KVM_ARM_VCPU_FINALIZE, user#0");
	WRITTEN("5:vcpu, KVM_ARM_VCPU_FINALIZE, user#0", IOCTL, 0, 5,
		VCPU_FINALIZE, 0x4a0000);
	WRITTEN("4:vm, KVM_ARM_MTE_COPY_TAGS, user#0", IOCTL, 0, 4,
		MTE_COPY_TAGS, 0x4a0000);
}

static bool concerns(struct syscall s)
{
	return syscall_concerns_kvm(f, &s);
}

static void test_what_concerns_kvm(void **state)
{
	struct syscall pipe = CALL(GETPID, 0), range = CALL(CLOSE_RANGE, 0);

	(void)state;
	make_vm();
	assert_true(concerns(CALL(CLOSE, 0, 4)));
	assert_false(concerns(CALL(CLOSE, 0, 6)));
	assert_true(concerns(CALL(IOCTL, 0, 6, RUN)));
	assert_false(concerns(CALL(IOCTL, 0, 6, 0x5401)));
	assert_true(concerns(CALL(CLOSE_RANGE, 0, 5, 9)));
	assert_false(concerns(CALL(CLOSE_RANGE, 0, 6, ~0u)));
	assert_true(concerns(CALL(DUP3, 4, 9, 4)));
	assert_false(concerns(CALL(DUP3, 6, 9, 6)));
	assert_false(concerns(CALL(MUNMAP, 0, 4)));
	assert_false(concerns(CALL(GETPID, 4)));
	assert_false(syscall_may_concern_kvm(&pipe));
	assert_true(syscall_may_concern_kvm(&range));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kvm_makes_descriptors),
		TEST(closed_descriptors_are_nothing),
		TEST(close_range),
		TEST(close_range_at_exec),
		TEST(exec_closes_what_is_to_be_closed),
		TEST(open_can_close_at_exec),
		TEST(copies),
		TEST(setfd_decides_of_exec),
		TEST(others_take_a_number),
		TEST(a_process_closes_its_own),
		TEST(numbers_that_no_descriptor_has),
		TEST(a_device_is_known_by_what_made_it),
		TEST(a_device_is_known_by_its_first_attribute),
		TEST(of_two_devices_the_type_is_not_guessed),
		TEST(of_two_devices_it_matters_not_which),
		TEST(an_eventfd_is_known_when_kvm_is),
		TEST(mappings_are_learned),
		TEST(calls_are_written),
		TEST(results_are_written),
		TEST(what_was_passed_is_written),
		TEST(what_concerns_kvm),
	};

	return RUN_UNIT_TESTS(tests);
}
