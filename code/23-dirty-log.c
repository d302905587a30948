/* SPDX-License-Identifier: MIT */
/* Chapter 23: which pages has the guest changed?  A toy migration. */
/* [headers] */
#include "bus.h"
#include "dirty.h"
/* [/headers] */

/* [machine] */
/* Slot 1 is what the guest changes: 16 pages, so 16 bits. */
enum { SLOT = 1, RAM_AT = 0x40100000, PAGES = 16, PAGE = 4096 };

struct machine {
	int vm, vcpu;
	struct kvm_run *run;
	char *ram;
};

/* A machine with one processor, whose guest has not run yet. */
static struct machine build(int kvm, uint64_t chunk)
{
	struct machine m = { .vm = create_vm(kvm) };

	if (chunk)
		enable_cap(m.vm, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
			   chunk);
	load_guest(m.vm);
	m.ram = map(-1, PAGES * PAGE);
	memset(m.ram, 0, PAGES * PAGE);		/* so they are there */
	add_memory(m.vm, SLOT, RAM_AT, m.ram, PAGES * PAGE, 0);
	m.vcpu = add_vcpu(m.vm, 0, 0);
	m.run = map_run(kvm, m.vcpu);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(m.vcpu, CORE_REG(regs.regs[10]), RAM_AT);
	return m;
}
/* [/machine] */

/* [logging] */
/* Has KVM write down which pages change, or no longer. */
static void log_pages(const struct machine *m, bool on)
{
	add_memory(m->vm, SLOT, RAM_AT, m->ram, PAGES * PAGE,
		   on ? KVM_MEM_LOG_DIRTY_PAGES : 0);
}
/* [/logging] */

/* [board] */
enum { IN_PAGES = 8, COUNTED = 16 };

static void board_write(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case IN_PAGES:
		printf("  %d stores are in memory", (int)value);
		break;
	case COUNTED:
		printf(", and %d were made\n", (int)value);
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [work] */
/* Lets the guest store to so many pages, until it asks for more. */
static void work(const struct machine *m, uint32_t pages)
{
	memcpy(m->run->mmio.data, &pages, sizeof(pages));
	do {
		kvm_ioctl(m->vcpu, KVM_RUN, 0,
			  "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(m->vcpu, m->run)) {
			print_exit(m->vcpu, m->run);
			exit(1);
		}
	} while (m->run->mmio.is_write);
}
/* [/work] */

/* [print] */
/* Prints a bitmap, a character for each page; returns how many bits. */
static int print_log(uint64_t bitmap)
{
	char pages[PAGES + 1] = "";
	int count = 0;

	for (int i = 0; i < PAGES; i++) {
		pages[i] = is_dirty(&bitmap, i) ? '#' : '.';
		count += is_dirty(&bitmap, i);
	}
	printf("%4d %s\n", count, pages);
	return count;
}
/* [/print] */

/* [who] */
/* KVM itself stores to page 4: how long the vCPU had to wait. */
static void add_stolen_time(const struct machine *m)
{
	uint64_t address = RAM_AT + 4 * PAGE;
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VCPU_PVTIME_CTRL,
		.attr = KVM_ARM_VCPU_PVTIME_IPA,
		.addr = (uintptr_t)&address,
	};

	kvm_ioctl(m->vcpu, KVM_SET_DEVICE_ATTR, &attr,
		  "This kernel cannot tell, or has been told before.");
}

/* Three who store: whom does the log see? */
static void see_who_stores(const struct machine *m)
{
	uint64_t bitmap;

	add_stolen_time(m);
	log_pages(m, true);
	work(m, 1);			/* the guest, to page 0 */
	m->ram[2 * PAGE] = 1;		/* our program, to page 2 */
	get_log(m->vm, SLOT, &bitmap);
	print_log(bitmap);
	get_log(m->vm, SLOT, &bitmap);
	print_log(bitmap);
}
/* [/who] */

/* [copy] */
/* Copies the pages whose bits are set from one machine to another. */
static void copy_pages(const struct machine *from,
		       const struct machine *to, uint64_t bitmap)
{
	for (int i = 0; i < PAGES; i++)
		if (is_dirty(&bitmap, i))
			memcpy(to->ram + i * PAGE,
			       from->ram + i * PAGE, PAGE);
}
/* [/copy] */

/* [registers] */
static void copy_reg(const struct machine *from,
		     const struct machine *to, uint64_t id)
{
	set_reg(to->vcpu, id, get_reg(from->vcpu, id));
}

/* Answers the guest's load, "no pages", and lets it not go on. */
static void finish_load(const struct machine *m)
{
	memset(m->run->mmio.data, 0, sizeof(uint32_t));
	m->run->immediate_exit = 1;
	must(ioctl(m->vcpu, KVM_RUN, 0) < 0 && errno == EINTR ? 0 : -1,
	     "It has run.");
	m->run->immediate_exit = 0;
}

/* The registers that our guest uses: x0 to x30, and pc. */
static void copy_registers(const struct machine *from,
			   const struct machine *to)
{
	finish_load(from);
	for (int i = 0; i <= 30; i++)
		copy_reg(from, to, CORE_REG(regs.regs[i]));
	copy_reg(from, to, CORE_REG(regs.pc));
}
/* [/registers] */

/* [migrate] */
enum how { AT_ONCE, BY_HAND, TOO_LATE };
enum { FEW = 2, ROUNDS = 5 };

/*
 * Moves a guest to another machine while it runs: until we have copied
 * two pages, it has stored to SPEED others.
 */
static void migrate(const struct machine *from,
		    const struct machine *to, int speed, enum how how)
{
	uint64_t bitmap = 0xffff;	/* at first, all of them */
	int copied;

	log_pages(from, true);
	for (int round = 1; ; round++) {
		if (round > 1 || how != AT_ONCE)
			get_log(from->vm, SLOT, &bitmap);
		if (how == BY_HAND)
			clear_log(from->vm, SLOT, PAGES, &bitmap);
		copied = print_log(bitmap);
		copy_pages(from, to, bitmap);
		if (copied <= FEW || round == ROUNDS)
			break;
		work(from, copied * speed / 2);
		if (how == TOO_LATE)
			clear_log(from->vm, SLOT, PAGES, &bitmap);
	}
	copy_registers(from, to);
	log_pages(from, false);
	work(to, 0);
}
/* [/migrate] */

/* [by-hand] */
/* Makes fetching the log and clearing it two things, or one again. */
static void clear_by_hand(const struct machine *m, bool on)
{
	enable_cap(m->vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		   on ? KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE |
			KVM_DIRTY_LOG_INITIALLY_SET : 0);
}
/* [/by-hand] */

/* [large] */
/* Two pages of a slot that is one large page of the host's. */
static void use_large_page(const struct machine *m)
{
	enum { LARGE = 2, LARGE_AT = 0x40200000, SIZE = 2 << 20 };
	char *p = map(-1, 2 * SIZE);
	uint64_t bitmap[SIZE / PAGE / 64];

	p += -(uintptr_t)p % SIZE;		/* aligned */
	memset(p, 0, SIZE);
	must(madvise(p, SIZE, MADV_COLLAPSE),
	     "No 2 MiB of memory are left in one piece.");
	add_memory(m->vm, LARGE, LARGE_AT, p, SIZE, 0);
	set_reg(m->vcpu, CORE_REG(regs.regs[10]), LARGE_AT);
	set_reg(m->vcpu, CORE_REG(regs.regs[20]), 0);
	work(m, 2);
	add_memory(m->vm, LARGE, LARGE_AT, p, SIZE,
		   KVM_MEM_LOG_DIRTY_PAGES);
	work(m, 2);
	get_log(m->vm, LARGE, bitmap);
	print_log(bitmap[0]);
}
/* [/large] */

/* [get-fails] */
/* Logs that are not there. */
static void refuse_get(const struct machine *m)
{
	uint64_t bitmap;
	struct kvm_dirty_log log = {
		.slot = SLOT, .dirty_bitmap = &bitmap,
	};
	struct kvm_dirty_log no_slot = { .slot = 7 };
	struct kvm_dirty_log no_space = { .slot = 1 << 16 | SLOT };

	kvm_ioctl_fails(m->vm, KVM_GET_DIRTY_LOG, &log, ENOENT);
	kvm_ioctl_fails(m->vm, KVM_GET_DIRTY_LOG, &no_slot, ENOENT);
	kvm_ioctl_fails(m->vm, KVM_GET_DIRTY_LOG, &no_space, EINVAL);
}
/* [/get-fails] */

/* [lose-log] */
/* A bitmap that has no place: the log is empty all the same. */
static void lose_log(const struct machine *m)
{
	struct kvm_dirty_log nowhere = { .slot = SLOT };
	uint64_t bitmap;

	work(m, 1);
	kvm_ioctl_fails(m->vm, KVM_GET_DIRTY_LOG, &nowhere, EFAULT);
	get_log(m->vm, SLOT, &bitmap);
	print_log(bitmap);
}
/* [/lose-log] */

/* [clear-fails] */
/* Ranges of pages that KVM does not clear. */
static void refuse_clear(const struct machine *m)
{
	uint64_t bitmap = 0;
	struct kvm_clear_dirty_log middle = {
		.slot = SLOT, .first_page = 8, .num_pages = 8,
		.dirty_bitmap = &bitmap,
	};
	struct kvm_clear_dirty_log half = middle, more = middle;

	half.first_page = 0;
	more.first_page = 0;
	more.num_pages = 64;
	kvm_ioctl_fails(m->vm, KVM_CLEAR_DIRTY_LOG, &middle, EINVAL);
	kvm_ioctl_fails(m->vm, KVM_CLEAR_DIRTY_LOG, &half, EINVAL);
	kvm_ioctl_fails(m->vm, KVM_CLEAR_DIRTY_LOG, &more, EINVAL);
}
/* [/clear-fails] */

/* [caps-fail] */
/* Capabilities with values that they do not have, or not now. */
static void refuse_caps(const struct machine *m)
{
	struct kvm_enable_cap only_set = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		.args = { KVM_DIRTY_LOG_INITIALLY_SET },
	};
	struct kvm_enable_cap split = {
		.cap = KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
		.args = { 2 << 20 },
	};

	kvm_ioctl_fails(m->vm, KVM_ENABLE_CAP, &only_set, EINVAL);
	kvm_ioctl_fails(m->vm, KVM_ENABLE_CAP, &split, EINVAL);
}
/* [/caps-fail] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct machine a = build(kvm, 0), b = build(kvm, 0);
	struct machine c = build(kvm, 2 << 20);

	add_device(board);
	work(&a, 0);
	work(&c, 0);
	refuse_get(&c);
	refuse_caps(&c);
	printf("who is seen?\n");
	see_who_stores(&c);
	refuse_clear(&c);
	lose_log(&c);
/* [/main] */

/* [story] */
	work(&a, PAGES);
	printf("a slow guest\n");
	migrate(&a, &b, 1, AT_ONCE);
	printf("a fast guest\n");
	migrate(&b, &a, 4, AT_ONCE);
	clear_by_hand(&a, true);
	clear_by_hand(&b, true);
	printf("cleared by hand\n");
	migrate(&a, &b, 1, BY_HAND);
	printf("cleared too late\n");
	migrate(&b, &a, 1, TOO_LATE);
/* [/story] */

/* [end] */
	printf("a large page\n");
	clear_by_hand(&a, false);
	use_large_page(&a);
	use_large_page(&c);
	return 0;
}
/* [/end] */
