/* SPDX-License-Identifier: MIT */
/*
 * Exercise 30, change: give the machine an entropy source.
 *
 * usage: change NUMBER
 */
#include "console.h"

/* What this source gives: the next time, the next number. */
static uint64_t entropy;

static bool serve_entropy(struct virtio *d, int queue)
{
	struct virtqueue *q = &d->queue[queue];
	struct request r;
	bool wanted = false;

	while (next_request(q, &r)) {
		uint64_t number = entropy++;
		uint32_t n = 0;

		for (int i = r.readable; i < r.parts; i++) {
			char *c = r.part[i].iov_base;

			for (size_t j = 0; j < r.part[i].iov_len; j++) {
				c[j] = number;
				number >>= 8;
				n++;
			}
		}
		wanted |= finish_request(q, &r, n);
	}
	return wanted;
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

	if (argc < 2)
		return 2;
	entropy = strtoull(argv[1], NULL, 0);
	ram = load_guest(vm);
	ram_size = MEMORY_SIZE;
	finish_gic(create_gic(vm), 64);
	bell = make_eventfd();
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096 });
	add_device(virtio_bus);
	add_console(vm);
	add_virtio(vm, 1, (struct virtio) {
		.id = VIRTIO_ID_RNG, .serve = serve_entropy,
	});
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
