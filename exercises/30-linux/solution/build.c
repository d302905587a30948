/* SPDX-License-Identifier: MIT */
/*
 * Exercise 30, build: a machine with a device that adds.
 *
 * usage: build A B
 */
#include "virtio.h"

/* Copies what is to be read; returns how much there is, if it fits. */
static size_t take(const struct request *r, void *to, size_t room)
{
	size_t n = 0;

	for (int i = 0; i < r->readable; i++) {
		if (r->part[i].iov_len > room - n)
			return 0;
		copy_from_guest((char *)to + n, r->part[i].iov_base,
				r->part[i].iov_len);
		n += r->part[i].iov_len;
	}
	return n;
}

static bool serve_sum(struct virtio *d, int queue)
{
	struct virtqueue *q = &d->queue[queue];
	struct request r;
	bool wanted = false;

	while (next_request(q, &r)) {
		uint64_t numbers[2], sum;

		q->broken = take(&r, numbers, sizeof(numbers)) != 16 ||
			    r.parts != r.readable + 1 ||
			    r.part[r.readable].iov_len != sizeof(sum);
		if (q->broken)
			break;
		sum = numbers[0] + numbers[1];
		memcpy(r.part[r.readable].iov_base, &sum, sizeof(sum));
		wanted |= finish_request(q, &r, sizeof(sum));
	}
	return wanted;
}

static uint64_t sum;

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 8)
		sum = value;
}

static bool answer(int vcpu, struct kvm_run *run)
{
	bool answered = handle_mmio(vcpu, run);

	serve_virtio();
	return answered;
}

static bool end(int vcpu, struct kvm_run *run)
{
	(void)vcpu, (void)run;
	power = false;
	return true;
}

int main(int argc, char **argv)
{
	static exit_handler *const handlers[EXIT_REASONS] = {
		[KVM_EXIT_MMIO] = answer,
		[KVM_EXIT_SYSTEM_EVENT] = end,
	};
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	int vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);

	if (argc < 3)
		return 2;
	ram = load_guest(vm);
	ram_size = MEMORY_SIZE;
	finish_gic(create_gic(vm), 64);
	bell = make_eventfd();
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .write = hear });
	add_device(virtio_bus);
	add_virtio(vm, 0, (struct virtio) {
		.id = 42, .serve = serve_sum,
	});
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	for (int i = 0; i < 2; i++)
		set_reg(vcpu, CORE_REG(regs.regs[i]),
			strtoull(argv[1 + i], NULL, 0));
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	printf("the sum is %llu\n", (unsigned long long)sum);
	return 0;
}
