/* SPDX-License-Identifier: MIT */
/* Exercise 24, build: which vCPU makes how many pages dirty? */
#include "bus.h"
#include "ring.h"

enum { SLOT = 1, RAM_AT = 0x50000000, PAGES = 512, PAGE = 4096 };

static struct cpu {
	int fd, pages, first, counted;
	struct kvm_run *run;
	struct ring ring;
	bool seen[PAGES], done;
} cpus[2], *running;

static int vm;

/* Takes all that is in the ring, and counts each page once. */
static void take_pages(struct cpu *cpu)
{
	struct kvm_dirty_gfn page;

	while (take_page(&cpu->ring, &page)) {
		cpu->counted += !cpu->seen[page.offset];
		cpu->seen[page.offset] = true;
	}
}

static uint64_t tell(uint64_t offset)
{
	if (offset == 0)
		return running->pages;
	if (offset == 4)
		return running->first;
	take_pages(running);
	return running->counted;
}

static void hear(uint64_t offset, uint64_t value)
{
	(void)value;
	if (offset == 24)
		running->done = true;
}

static void run(struct cpu *cpu)
{
	running = cpu;
	while (!cpu->done) {
		kvm_ioctl(cpu->fd, KVM_RUN, 0, "The guest cannot run.");
		if (cpu->run->exit_reason == KVM_EXIT_MMIO) {
			handle_mmio(cpu->fd, cpu->run);
		} else {
			take_pages(cpu);
			reset_rings(vm);
		}
	}
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");

	if (argc != 3)
		return 2;
	vm = create_vm(kvm);
	enable_cap(vm, KVM_CAP_DIRTY_LOG_RING_ACQ_REL, PAGE);
	load_guest(vm);
	add_memory(vm, SLOT, RAM_AT, map(-1, PAGES * PAGE),
		   PAGES * PAGE, KVM_MEM_LOG_DIRTY_PAGES);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	for (int i = 0; i < 2; i++) {
		cpus[i].fd = add_vcpu(vm, i, 0);
		cpus[i].run = map_run(kvm, cpus[i].fd);
		cpus[i].ring = map_ring(cpus[i].fd, PAGE);
		cpus[i].pages = atoi(argv[i + 1]);
		cpus[i].first = i * 256;
		set_reg(cpus[i].fd, CORE_REG(regs.pc), MEMORY_AT);
	}
	run(&cpus[0]);
	run(&cpus[1]);
	printf("%d and %d pages\n", cpus[0].counted, cpus[1].counted);
	return 0;
}
