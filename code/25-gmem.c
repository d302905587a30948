/* SPDX-License-Identifier: MIT */
/* Chapter 25: the guest's memory is a file that belongs to the VM. */
/* [headers] */
#define _GNU_SOURCE		/* for fallocate() */
#include <setjmp.h>
#include <signal.h>
#include "gmem.h"
/* [/headers] */

/* [machine] */
/* The guest counts in its second page. */
enum { PAGE = 4096, COUNT_AT = MEMORY_AT + PAGE };
enum { COUNTER = PAGE / sizeof(uint64_t) };
enum { SHARED = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED };

struct machine {
	int vm, vcpu;
	struct kvm_run *run;
};

static struct machine create_machine(int kvm)
{
	struct machine m = { .vm = create_vm(kvm) };

	m.vcpu = add_vcpu(m.vm, 0, 0);
	m.run = map_run(kvm, m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(m.vcpu, CORE_REG(regs.regs[0]), COUNT_AT);
	return m;
}
/* [/machine] */

/* [count] */
/* Runs the guest until it says how far it has counted. */
static void count(const struct machine *m, const char *when)
{
	uint64_t n;

	kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
	memcpy(&n, m->run->mmio.data, sizeof(n));
	printf("%s, the guest counts %d\n", when, (int)n);
}
/* [/count] */

/* [load] */
/* The guest's memory with its code in it, and mapped nowhere. */
static int load_file(int vm)
{
	int file = create_gmem(vm, MEMORY_SIZE, SHARED);
	char *ram = map(file, MEMORY_SIZE);

	memcpy(ram, guest, guest_end - guest);
	munmap(ram, MEMORY_SIZE);
	return file;
}
/* [/load] */

/* [slot] */
static void remove_slot(int vm, uint32_t slot)
{
	set_region(vm, (struct kvm_userspace_memory_region2){
		   .slot = slot });
}

/* Makes the whole FILE the guest's slot 0. */
static void add_file(int vm, int file, void *here)
{
	set_region(vm, gmem_region(0, MEMORY_AT, MEMORY_SIZE, file, 0,
				   here));
}
/* [/slot] */

/* [share] */
/* The guest's memory, mapped: returns it, and has changed it. */
static uint64_t *share(const struct machine *m, int file)
{
	uint64_t *ram = map(file, MEMORY_SIZE);

	printf("mapped, the program finds %d, and stores 100\n",
	       (int)ram[COUNTER]);
	ram[COUNTER] = 100;
	count(m, "then");
	return ram;
}
/* [/share] */

/* [punch] */
/* Gives pages of the file back to the host. */
static void punch_hole(int file, off_t offset, off_t length)
{
	must(fallocate(file, FALLOC_FL_PUNCH_HOLE |
		       FALLOC_FL_KEEP_SIZE, offset, length),
	     "It is not made of pages.");
}
/* [/punch] */

/* [unmap] */
/* Another slot for the same memory; then the mapping goes. */
static void unmap(const struct machine *m, int file, uint64_t *ram)
{
	remove_slot(m->vm, 0);
	add_file(m->vm, file, ram);
	count(m, "in another slot");
	madvise(ram, MEMORY_SIZE, MADV_DONTNEED);
	count(m, "after madvise");
	munmap(ram, MEMORY_SIZE);
	count(m, "unmapped");
}
/* [/unmap] */

/* [touch] */
static sigjmp_buf before;

static void on_sigbus(int signal)
{
	siglongjmp(before, signal);
}

/* Loads from an address, if that can be done. */
static void touch(const char *what, const volatile uint64_t *at)
{
	signal(SIGBUS, on_sigbus);
	if (sigsetjmp(before, 1))
		printf("%s: SIGBUS\n", what);
	else
		printf("%s: %d\n", what, (int)*at);
}
/* [/touch] */

/* [hide] */
/* What a guest calls to learn where its stolen time is. */
#define PV_TIME_ST	0xc5000021

/* Memory of the guest's that the program cannot touch. */
static void hide(const struct machine *m)
{
	int file = create_gmem(m->vm, PAGE, GUEST_MEMFD_FLAG_MMAP);
	uint64_t address = 0x40100000, *here = map(-1, PAGE);
	uint64_t *ram = map(file, 2 * PAGE);
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VCPU_PVTIME_CTRL,
		.attr = KVM_ARM_VCPU_PVTIME_IPA,
		.addr = (uintptr_t)&address,
	};

	*here = 7;
	set_region(m->vm, gmem_region(1, address, PAGE, file, 0, here));
	set_reg(m->vcpu, CORE_REG(regs.regs[0]), address);
	count(m, "in hidden memory");
	touch("the program, there", ram);
	touch("and behind its end", ram + COUNTER);

	printf("at userspace_addr is %d\n", (int)*here);
	kvm_ioctl(m->vcpu, KVM_SET_DEVICE_ATTR, &attr,
		  "This kernel cannot tell, or has been told before.");
	set_reg(m->vcpu, CORE_REG(regs.regs[2]), PV_TIME_ST);
	count(m, "with zeros stored there by KVM");
	printf("at userspace_addr is %d\n", (int)*here);
}
/* [/hide] */

/* [lose] */
/* Closes the only descriptor.  Returns that of other memory. */
static int lose(const struct machine *m, int file)
{
	close(file);
	kvm_ioctl_fails(m->vcpu, KVM_RUN, 0, EFAULT);
	print_memory_fault(m->run);
	remove_slot(m->vm, 0);
	file = load_file(m->vm);
	add_file(m->vm, file, NULL);
	set_reg(m->vcpu, CORE_REG(regs.regs[0]), COUNT_AT);
	count(m, "with other memory");
	return file;
}
/* [/lose] */

/* [refuse] */
/* A slot that must fail. */
static void refuse(int vm, const char *what, int error,
		   struct kvm_userspace_memory_region2 region)
{
	must_fail(ioctl(vm, KVM_SET_USER_MEMORY_REGION2, &region),
		  error, what);
}

static void refuse_file(int vm, const char *what, uint64_t size,
			uint64_t flags)
{
	struct kvm_create_guest_memfd create = {
		.size = size, .flags = flags,
	};

	must_fail(ioctl(vm, KVM_CREATE_GUEST_MEMFD, &create), EINVAL,
		  what);
}

static void refuse_map(int file, const char *what, int flags, int error)
{
	must_fail(mmap(NULL, PAGE, PROT_READ, flags, file, 0) ==
		  MAP_FAILED ? -1 : 0, error, what);
}
/* [/refuse] */

/* [refuse-files] */
/* Files that KVM does not make, and what they do not do. */
static void refuse_files(int vm, int file)
{
	refuse_file(vm, "nothing", 0, SHARED);
	refuse_file(vm, "half a page", PAGE / 2, SHARED);
	refuse_file(vm, "an unknown flag", PAGE, 1 << 2);
	must_fail(fallocate(file, FALLOC_FL_PUNCH_HOLE |
			    FALLOC_FL_KEEP_SIZE, 0, PAGE / 2), EINVAL,
		  "half a hole");
	must_fail(fallocate(file, FALLOC_FL_KEEP_SIZE, MEMORY_SIZE,
			    PAGE), EINVAL, "more than the file");
	must_fail(ftruncate(file, 0), EINVAL, "another size");
	must_fail(write(file, guest, 4), EINVAL, "write()");
	refuse_map(file, "MAP_PRIVATE", MAP_PRIVATE, EINVAL);
	file = create_gmem(vm, PAGE, 0);
	refuse_map(file, "mmap without the flag", MAP_SHARED, ENODEV);
}
/* [/refuse-files] */

/* [refuse-slots] */
/* Slots that KVM does not make of a file of 16 pages. */
static void refuse_slots(int kvm, int vm, int file)
{
	const struct kvm_userspace_memory_region2 good = gmem_region(
		2, 0x40200000, PAGE, file, 0, NULL);
	struct kvm_userspace_memory_region2 bad = good;
	int other = create_vm(kvm);

	bad.guest_memfd = create_gmem(vm, PAGE, 0);
	refuse(vm, "a slot without the flag", EINVAL, bad);
	bad.guest_memfd = -1;
	refuse(vm, "no descriptor", EBADF, bad);
	bad.guest_memfd = kvm;
	refuse(vm, "another kind of file", EINVAL, bad);
	bad.guest_memfd = create_gmem(other, PAGE, SHARED);
	refuse(vm, "another VM's file", EINVAL, bad);

	bad = good;
	bad.guest_memfd_offset = MEMORY_SIZE;
	refuse(vm, "behind the end of the file", EINVAL, bad);
	bad.guest_memfd_offset = 2 * PAGE;
	refuse(vm, "a page that has a slot", EINVAL, bad);
	bad.slot = 0;
	refuse(vm, "a change of a slot", EINVAL, bad);

	bad = good;
	bad.flags |= KVM_MEM_LOG_DIRTY_PAGES;
	refuse(vm, "a dirty log", EINVAL, bad);
	bad.flags = KVM_MEM_GUEST_MEMFD | KVM_MEM_READONLY;
	refuse(vm, "read-only", EINVAL, bad);
	bad.flags = KVM_MEM_GUEST_MEMFD;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &bad, EINVAL);
}
/* [/refuse-slots] */

/* [caps] */
static void print_cap(int vm, const char *name, int cap)
{
	printf("%s: %d\n", name,
	       kvm_ioctl(vm, KVM_CHECK_EXTENSION, cap,
			 "This cannot fail."));
}
/* [/caps] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct machine m = create_machine(kvm);
	uint64_t *ram;
	int file;

	print_cap(m.vm, "GUEST_MEMFD", KVM_CAP_GUEST_MEMFD);
	print_cap(m.vm, "GUEST_MEMFD_FLAGS", KVM_CAP_GUEST_MEMFD_FLAGS);
	print_cap(m.vm, "MEMORY_ATTRIBUTES", KVM_CAP_MEMORY_ATTRIBUTES);
	file = load_file(m.vm);
	add_file(m.vm, file, NULL);
	count(&m, "mapped nowhere");
	count(&m, "again");
	ram = share(&m, file);
/* [/main] */

/* [story] */
	punch_hole(file, PAGE, PAGE);
	printf("a hole, and the program finds %d\n", (int)ram[COUNTER]);
	count(&m, "then");
	unmap(&m, file, ram);
	hide(&m);
	file = lose(&m, file);
	refuse_files(m.vm, file);
	refuse_slots(kvm, m.vm, file);
	return 0;
}
/* [/story] */
