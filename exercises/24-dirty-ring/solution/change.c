/* SPDX-License-Identifier: MIT */
/* Exercise 24, change: a guest that moves while it runs. */
#include "bus.h"
#include "ring.h"

enum { SLOT = 1, RAM_AT = 0x50000000, PAGES = 256, PAGE = 4096 };

struct machine {
	int vm, vcpu;
	struct kvm_run *run;
	struct ring ring;
	char *ram;
	bool dirty[PAGES];		/* what is to be copied */
};

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 8)
		printf("%d of ", (int)value);
	else if (offset == 16)
		printf("%d stores\n", (int)value);
}

static struct machine build(int kvm)
{
	struct machine m = { .vm = create_vm(kvm) };

	enable_cap(m.vm, KVM_CAP_DIRTY_LOG_RING_ACQ_REL, PAGE);
	load_guest(m.vm);
	m.ram = map(-1, PAGES * PAGE);
	memset(m.ram, 0, PAGES * PAGE);
	add_memory(m.vm, SLOT, RAM_AT, m.ram, PAGES * PAGE,
		   KVM_MEM_LOG_DIRTY_PAGES);
	m.vcpu = add_vcpu(m.vm, 0, 0);
	m.run = map_run(kvm, m.vcpu);
	m.ring = map_ring(m.vcpu, PAGE);
	set_reg(m.vcpu, CORE_REG(regs.pc), MEMORY_AT);
	return m;
}

/* Takes all that is in the ring. */
static void take_pages(struct machine *m)
{
	struct kvm_dirty_gfn page;

	while (take_page(&m->ring, &page))
		m->dirty[page.offset] = true;
}

/* Lets the guest make so many stores, until it asks for more. */
static void work(struct machine *m, uint32_t stores)
{
	memcpy(m->run->mmio.data, &stores, sizeof(stores));
	for (;;) {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason == KVM_EXIT_DIRTY_RING_FULL) {
			take_pages(m);
			reset_rings(m->vm);
			continue;
		}
		handle_mmio(m->vcpu, m->run);
		if (!m->run->mmio.is_write)
			break;
	}
}

/* Copies the pages that are to be copied. */
static void copy_pages(struct machine *from, const struct machine *to)
{
	for (int i = 0; i < PAGES; i++) {
		if (from->dirty[i])
			memcpy(to->ram + i * PAGE,
			       from->ram + i * PAGE, PAGE);
		from->dirty[i] = false;
	}
}

static void copy_registers(const struct machine *from,
			   const struct machine *to)
{
	static const uint64_t used[] = {
		CORE_REG(regs.regs[1]), CORE_REG(regs.regs[9]),
		CORE_REG(regs.regs[10]), CORE_REG(regs.regs[19]),
		CORE_REG(regs.pc),
	};

	memset(from->run->mmio.data, 0, sizeof(uint32_t));
	from->run->immediate_exit = 1;
	must(ioctl(from->vcpu, KVM_RUN, 0) < 0 && errno == EINTR ?
	     0 : -1, "It has run.");
	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++)
		set_reg(to->vcpu, used[i], get_reg(from->vcpu, used[i]));
}

/* Copies the memory, while the guest makes fewer and fewer stores. */
static void copy_memory(struct machine *from, const struct machine *to,
			int stores)
{
	memset(from->dirty, true, sizeof(from->dirty));
	for (; stores; stores /= 2) {
		take_pages(from);
		reset_rings(from->vm);
		copy_pages(from, to);
		work(from, stores);
	}
	take_pages(from);
	copy_pages(from, to);
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	struct machine a = build(kvm), b = build(kvm);

	if (argc != 2)
		return 2;
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .write = hear });
	work(&a, 0);
	copy_memory(&a, &b, atoi(argv[1]));
	copy_registers(&a, &b);
	work(&b, 0);
	return 0;
}
