/* SPDX-License-Identifier: MIT */
/* Chapter 21: eventfds in both directions, and stores that wait. */
/* [headers] */
#include <pthread.h>
#include <sys/eventfd.h>
#include "lines.h"
/* [/headers] */

/* [eventfd] */
/* A number that the kernel keeps for us; it begins at 0. */
static int make_eventfd(void)
{
	return must(eventfd(0, EFD_CLOEXEC), "No descriptor is left.");
}

/* Adds to an eventfd, and wakes whoever waits for it. */
static void add(int fd, uint64_t number)
{
	must(write(fd, &number, sizeof(number)), "It is no eventfd.");
}

/* Takes the number, and leaves 0; sleeps as long as it is 0. */
static uint64_t take(int fd)
{
	uint64_t number;

	must(read(fd, &number, sizeof(number)), "It is no eventfd.");
	return number;
}
/* [/eventfd] */

/* [who] */
enum {
	BY_EXIT = 40, BY_THREAD = 41, BY_ITSELF = 42, LEVEL = 43,
	BELL_AT = 0x09050000, SCREEN_AT = 0x09060000, INTIDS = 64,
};

static int vm;
/* [/who] */

/* [irqfd] */
/* Whoever adds to the eventfd FD raises the interrupt INTID, an SPI. */
static struct kvm_irqfd irqfd(int fd, uint32_t intid)
{
	return (struct kvm_irqfd) { .fd = fd, .gsi = intid - 32 };
}

static void add_irqfd(struct kvm_irqfd irqfd)
{
	kvm_ioctl(vm, KVM_IRQFD, &irqfd,
		  "No eventfd, it is taken, or the GIC is not built.");
}
/* [/irqfd] */

/* [ioeventfd] */
/* A store of VALUE to the bell adds 1 to the eventfd FD. */
static struct kvm_ioeventfd ioeventfd(int fd, uint32_t value)
{
	return (struct kvm_ioeventfd) {
		.addr = BELL_AT, .len = 4, .fd = fd,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
		.datamatch = value,
	};
}

static void add_ioeventfd(struct kvm_ioeventfd ioeventfd)
{
	kvm_ioctl(vm, KVM_IOEVENTFD, &ioeventfd,
		  "No eventfd, or another one is there already.");
}
/* [/ioeventfd] */

/* [device] */
static int bell, line, level_bell, level_line, resample;

/* A thread: a device, which knows five descriptors and no VM. */
static void *play_device(void *unused)
{
	(void)unused;
	take(bell);
	add(line, 1);

	take(level_bell);
	for (int jobs = 2; jobs; jobs--) {
		add(level_line, 1);
		take(resample);		/* until the guest is done */
	}
	return NULL;
}
/* [/device] */

/* [connect] */
static void connect(void)
{
	struct kvm_irqfd level;
	int both = make_eventfd();

	add_ioeventfd(ioeventfd(bell, BY_THREAD));
	add_irqfd(irqfd(line, BY_THREAD));

	add_ioeventfd(ioeventfd(both, BY_ITSELF));
	add_irqfd(irqfd(both, BY_ITSELF));

	add_ioeventfd(ioeventfd(level_bell, LEVEL));
	level = irqfd(level_line, LEVEL);
	level.flags = KVM_IRQFD_FLAG_RESAMPLE;
	level.resamplefd = resample;
	add_irqfd(level);
}
/* [/connect] */

/* [ring] */
static struct kvm_coalesced_mmio_ring *ring;

/* How many entries a page has room for, with 4K pages: 170. */
enum {
	ENTRIES = (4096 - sizeof(*ring)) /
		  sizeof(*ring->coalesced_mmio),
};

static int pixels;		/* that the guest has drawn */

static void screen_write(uint64_t offset, uint64_t value)
{
	(void)offset, (void)value;
	pixels++;
}

/* Does what the guest has stored and KVM has only noted. */
static void drain(void)
{
	int n = 0;

	for (; ring->first != __atomic_load_n(&ring->last,
					      __ATOMIC_ACQUIRE); n++) {
		struct kvm_coalesced_mmio *m =
			&ring->coalesced_mmio[ring->first];
		uint32_t value;

		memcpy(&value, m->data, sizeof(value));
		screen_write(m->phys_addr - SCREEN_AT, value);
		__atomic_store_n(&ring->first,
				 (ring->first + 1) % ENTRIES,
				 __ATOMIC_RELEASE);
	}
	if (n)
		printf("  the ring had %d stores\n", n);
}
/* [/ring] */

/* [coalesce] */
static struct kvm_coalesced_mmio_zone screen_zone(void)
{
	return (struct kvm_coalesced_mmio_zone) {
		.addr = SCREEN_AT, .size = 4096,
	};
}

static void coalesce(struct kvm_run *run)
{
	struct kvm_coalesced_mmio_zone zone = screen_zone();
	struct kvm_coalesced_mmio_zone port = { .pio = 2 };

	ring = (void *)((char *)run +
			KVM_COALESCED_MMIO_PAGE_OFFSET * 4096);
	kvm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone,
		  "Too many devices on the bus.");
	kvm_ioctl_fails(vm, KVM_REGISTER_COALESCED_MMIO, &port, EINVAL);
}
/* [/coalesce] */

/* [devices] */
enum { TAKEN = 0, DRAWN = 8 };

static void board_write(uint64_t offset, uint64_t value)
{
	if (offset == TAKEN)
		printf("INTID %d\n", (int)value);
	else if (offset == DRAWN)
		printf("%d pixels\n", pixels);
}

/* The bell, as long as KVM does not answer it. */
static void bell_write(uint64_t offset, uint64_t value)
{
	(void)offset;
	printf("  the bell: %d\n", (int)value);
	set_line(vm, spi(value), true);
}

static void add_devices(void)
{
	static const struct device devices[] = {
		{ .address = 0x09040000, .size = 4096,
		  .write = board_write },
		{ .address = BELL_AT, .size = 4096,
		  .write = bell_write },
		{ .address = SCREEN_AT, .size = 4096,
		  .write = screen_write },
	};

	for (int i = 0; i < 3; i++)
		add_device(devices[i]);
	add_device(power_switch);
}
/* [/devices] */

/* [mmio] */
/* What waits in the ring came before this exit. */
static bool drain_and_handle(int vcpu, struct kvm_run *run)
{
	drain();
	return handle_mmio(vcpu, run);
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = drain_and_handle,
};
/* [/mmio] */

/* [refused-irqfd] */
static void refuse_irqfds(int used)
{
	struct kvm_irqfd taken = irqfd(used, 50);
	struct kvm_irqfd none = irqfd(-1, 50), file = irqfd(vm, 50);
	struct kvm_irqfd flags = { .fd = used, .flags = 4 };
	struct kvm_irqfd nowhere = irqfd(make_eventfd(), 1032);

	kvm_ioctl_fails(vm, KVM_IRQFD, &taken, EBUSY);
	kvm_ioctl_fails(vm, KVM_IRQFD, &none, EBADF);
	kvm_ioctl_fails(vm, KVM_IRQFD, &file, EINVAL);
	kvm_ioctl_fails(vm, KVM_IRQFD, &flags, EINVAL);
	add_irqfd(nowhere);		/* KVM does not mind */
	add(nowhere.fd, 1);		/* ... and nobody hears it */
	close(nowhere.fd);		/* no irqfd any more */
}
/* [/refused-irqfd] */

/* [refused-ioeventfd] */
static void refuse_ioeventfds(int used)
{
	struct kvm_ioeventfd again = ioeventfd(used, BY_THREAD);
	struct kvm_ioeventfd any = again, odd = again, gone = again;

	any.flags = 0;
	odd.len = 3;
	gone.datamatch = 50;
	gone.flags |= KVM_IOEVENTFD_FLAG_DEASSIGN;
	kvm_ioctl_fails(vm, KVM_IOEVENTFD, &again, EEXIST);
	kvm_ioctl_fails(vm, KVM_IOEVENTFD, &any, EEXIST);
	kvm_ioctl_fails(vm, KVM_IOEVENTFD, &odd, EINVAL);
	any.len = 0;
	any.flags = KVM_IOEVENTFD_FLAG_DATAMATCH;
	kvm_ioctl_fails(vm, KVM_IOEVENTFD, &any, EINVAL);
	kvm_ioctl_fails(vm, KVM_IOEVENTFD, &gone, ENOENT);
}
/* [/refused-ioeventfd] */

/* [machine] */
static int build_machine(int kvm)
{
	struct kvm_irqfd early;
	int vcpu, gic;

	vm = create_vm(kvm);
	load_guest(vm);
	add_devices();
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	gic = create_gic(vm);
	early = irqfd(line, BY_THREAD);
	kvm_ioctl_fails(vm, KVM_IRQFD, &early, EAGAIN);
	finish_gic(gic, INTIDS);
	connect();
	refuse_irqfds(line);
	refuse_ioeventfds(bell);
	return vcpu;
}
/* [/machine] */

/* [disconnect] */
static void disconnect(void)
{
	struct kvm_irqfd off = irqfd(line, BY_THREAD);
	struct kvm_ioeventfd silent = ioeventfd(bell, BY_THREAD);
	struct kvm_coalesced_mmio_zone zone = screen_zone();

	off.flags = KVM_IRQFD_FLAG_DEASSIGN;
	silent.flags |= KVM_IOEVENTFD_FLAG_DEASSIGN;
	kvm_ioctl(vm, KVM_IRQFD, &off, "It is no eventfd.");
	kvm_ioctl(vm, KVM_IOEVENTFD, &silent, "There is none such.");
	kvm_ioctl(vm, KVM_UNREGISTER_COALESCED_MMIO, &zone,
		  "Neither memory nor a port.");
}
/* [/disconnect] */

/* [main] */
int main(void)
{
	const struct sched_param first = { .sched_priority = 1 };
	int kvm = open_kvm("/dev/kvm"), vcpu;
	struct kvm_run *run;
	pthread_t device;

	bell = make_eventfd();
	line = make_eventfd();
	level_bell = make_eventfd();
	level_line = make_eventfd();
	resample = make_eventfd();
	add(bell, 2);
	add(bell, 3);
	printf("an eventfd: 2 + 3 = %d\n", (int)take(bell));

	vcpu = build_machine(kvm);
	run = map_run(kvm, vcpu);
	coalesce(run);
	errno = pthread_create(&device, NULL, play_device, NULL);
	must(-errno, "No memory is left.");
	/* It answers at once, where we may ask for that. */
	pthread_setschedparam(device, SCHED_FIFO, &first);
	run_guest(vcpu, run, handlers);
	pthread_join(device, NULL);
	disconnect();
	return 0;
}
/* [/main] */
