/* SPDX-License-Identifier: MIT */
/* Chapter 22: interrupts that are messages, and who translates them. */
/* [headers] */
#include <pthread.h>
#include <sys/eventfd.h>
#include "bus.h"
#include "its.h"
/* [/headers] */

/* [who] */
/* The IDs of our two devices, as a PCI bus would give them. */
enum { DISK = 0x08, CARD = 0x10 };

/* Memory for the tables that the guest gives to its GIC. */
enum { TABLES_AT = 0x50000000, TABLES_SIZE = 5 * 0x10000 };

static int vm, its;
static char *tables;
/* [/who] */

/* [board] */
enum { TAKEN = 0, STEP = 8 };

static int running;		/* the vCPU whose turn it is */
static uint64_t step;		/* the last that a guest came to */

static void board_write(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case TAKEN:
		printf("  vCPU %d takes %d\n", running, (int)value);
		break;
	case STEP:
		step = value;
		break;
	}
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};
/* [/board] */

/* [run] */
static struct { int fd; struct kvm_run *run; } vcpus[2];

/* Runs a vCPU to its next step. */
static void run_to_step(int vcpu)
{
	uint64_t before = step;

	running = vcpu;
	while (step == before) {
		kvm_ioctl(vcpus[vcpu].fd, KVM_RUN, 0,
			  "The guest cannot run.");
		if (vcpus[vcpu].run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(vcpus[vcpu].fd, vcpus[vcpu].run)) {
			print_exit(vcpus[vcpu].fd, vcpus[vcpu].run);
			exit(1);
		}
	}
	printf("step %d\n", (int)step);
}
/* [/run] */

/* [send] */
/* A device has something to say. */
static void send(const char *name, struct kvm_msi msi)
{
	bool mapped = signal_msi(vm, msi);

	printf("%s, event %d: %s\n", name, (int)msi.data,
	       mapped ? "sent" : "the guest wants none");
}
/* [/send] */

/* [queue] */
/* How far the guest's commands have come. */
static void print_queue(void)
{
	enum { REGS = KVM_DEV_ARM_VGIC_GRP_ITS_REGS };
	uint64_t creadr = get_gic(its, REGS, 0x90);
	uint64_t cwriter = get_gic(its, REGS, 0x88);

	printf("commands: %d queued, %d executed\n",
	       (int)cwriter / 32, (int)creadr / 32);
}
/* [/queue] */

/* [no-its] */
static void print_needs_id(void)
{
	printf("device IDs are needed: %d\n",
	       kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MSI_DEVID,
			 "This cannot fail."));
}

/* Messages that nobody translates, or not yet. */
static void refuse_message(struct kvm_msi msi, int error)
{
	kvm_ioctl_fails(vm, KVM_SIGNAL_MSI, &msi, error);
}

/* A message whose device ID is not said to be one. */
static struct kvm_msi without_flag(void)
{
	struct kvm_msi msi = message(DISK, 0);

	msi.flags = 0;
	return msi;
}

/* Messages that the ITS would not translate, on or off. */
static void refuse_wrong_messages(void)
{
	struct kvm_msi elsewhere = message(DISK, 0);
	struct kvm_msi flags = message(DISK, 0);

	elsewhere.address_lo = GICD_AT + 0x40;
	flags.flags |= 2;
	refuse_message(without_flag(), EINVAL);
	refuse_message(elsewhere, EINVAL);
	refuse_message(flags, EINVAL);
}
/* [/no-its] */

/* [attributes] */
/* An attribute of the ITS that may not be set, or not now. */
static void refuse_set(uint32_t group, uint64_t number, int error)
{
	uint64_t value = ITS_AT;
	struct kvm_device_attr attr = {
		.group = group, .attr = number,
		.addr = (uintptr_t)&value,
	};

	kvm_ioctl_fails(its, KVM_SET_DEVICE_ATTR, &attr, error);
}

static void refuse_attributes(void)
{
	enum { REGS = KVM_DEV_ARM_VGIC_GRP_ITS_REGS };

	refuse_set(KVM_DEV_ARM_VGIC_GRP_ADDR,
		   KVM_VGIC_ITS_ADDR_TYPE, EEXIST);
	refuse_set(KVM_DEV_ARM_VGIC_GRP_ADDR,
		   KVM_VGIC_V3_ADDR_TYPE_DIST, ENODEV);
	refuse_set(REGS, 0x84, EINVAL);		/* half a register */
	refuse_set(REGS, 0x98, ENXIO);		/* none is there */
}
/* [/attributes] */

/* [routes] */
/* Routing tables that KVM refuses. */
static void refuse_routes(void)
{
	struct kvm_irq_routing *table = map(-1, 4096);
	struct kvm_irq_routing_entry *e = table->entries;

	table->nr = 1;
	e[0].type = KVM_IRQ_ROUTING_MSI;
	e[0].gsi = 4096;			/* 4095 is the last */
	kvm_ioctl_fails(vm, KVM_SET_GSI_ROUTING, table, EINVAL);
	e[0].gsi = 5;
	e[0].flags = 2;				/* there is none */
	kvm_ioctl_fails(vm, KVM_SET_GSI_ROUTING, table, EINVAL);
	e[0].flags = 0;
	e[1] = e[0];				/* two for one GSI */
	table->nr = 2;
	kvm_ioctl_fails(vm, KVM_SET_GSI_ROUTING, table, EINVAL);
	munmap(table, 4096);
}
/* [/routes] */

/* [machine] */
/* A machine with two processors, a GIC and an ITS. */
static void build_machine(void)
{
	int kvm = open_kvm("/dev/kvm"), gic;

	vm = create_vm(kvm);
	load_guest(vm);
	tables = map(-1, TABLES_SIZE);
	add_memory(vm, 1, TABLES_AT, tables, TABLES_SIZE, 0);
	add_device(board);
	for (int i = 0; i < 2; i++) {
		vcpus[i].fd = add_vcpu(vm, i, 0);
		vcpus[i].run = map_run(kvm, vcpus[i].fd);
		set_reg(vcpus[i].fd, CORE_REG(regs.pc),
			MEMORY_AT + 0x3000);
		set_reg(vcpus[i].fd, CORE_REG(regs.regs[0]), i);
	}
	refuse_message(message(DISK, 0), EINVAL);	/* no GIC */
	gic = create_gic(vm);
	refuse_message(message(DISK, 0), ENODEV);	/* no ITS */
	print_needs_id();
	its = create_its(vm);
	print_needs_id();
	finish_gic(gic, 64);
	refuse_message(message(DISK, 0), EBUSY);	/* it is off */
	refuse_wrong_messages();
	refuse_attributes();
	refuse_routes();
}
/* [/machine] */

/* [connect] */
/* A descriptor that sends a device's message when it is written to. */
static int connect_msi(uint32_t gsi, uint32_t device, uint32_t event)
{
	struct kvm_irqfd irqfd = { .gsi = gsi };

	route_msi(vm, gsi, message(device, event));
	irqfd.fd = must(eventfd(0, EFD_CLOEXEC), "No descriptor left.");
	kvm_ioctl(vm, KVM_IRQFD, &irqfd, "The GIC is not built.");
	return irqfd.fd;
}

/* Says that something has happened, and waits a moment. */
static void notify(int fd)
{
	must(eventfd_write(fd, 1), "It is no eventfd.");
	usleep(10000);
}
/* [/connect] */

/* [thread] */
/* A thread: the card, which waits until the guest is asleep. */
static void *be_the_card(void *fd)
{
	usleep(30000);
	notify(*(int *)fd);
	return NULL;
}

static void run_beside_card(int fd)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, be_the_card, &fd);
	must(-errno, "No memory is left.");
	run_to_step(0);
	pthread_join(thread, NULL);
}
/* [/thread] */

/* [tables] */
/* Prints what is not 0 in the guest's tables. */
static void print_tables(const char *when)
{
	printf("the tables %s:\n", when);
	for (size_t i = 0; i < TABLES_SIZE; i += 8) {
		uint64_t word;

		memcpy(&word, tables + i, sizeof(word));
		if (word)
			printf("  0x%08zx: 0x%016llx\n", TABLES_AT + i,
			       (unsigned long long)word);
	}
}
/* [/tables] */

/* [main] */
int main(void)
{
	int card;

	build_machine();
	run_to_step(1);
	run_to_step(0);
	print_queue();
	send("disk", message(DISK, 0));
	run_to_step(0);
	send("disk", message(DISK, 0));
	send("disk, no flag", without_flag());
	run_to_step(0);
	send("disk", message(DISK, 1));
/* [/main] */

/* [irqfd] */
	card = connect_msi(5, CARD, 0);
	notify(card);
	run_to_step(0);
	run_beside_card(card);
/* [/irqfd] */

/* [inv] */
	send("card", message(CARD, 1));
	run_to_step(0);
/* [/inv] */

/* [movi] */
	run_to_step(0);
	notify(card);
	run_to_step(1);
/* [/movi] */

/* [save] */
	print_tables("that the guest gave");
	set_gic(its, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_ITS_SAVE_TABLES, NULL);
	print_tables("that KVM has written");
	return 0;
}
/* [/save] */
