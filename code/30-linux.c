/* SPDX-License-Identifier: MIT */
/* Chapter 30: a machine that boots Linux. */
/* [headers] */
#include <getopt.h>
#include <sched.h>
#include "console.h"
#include "disk.h"
#include "pl011.h"
#include "tree.h"
/* [/headers] */

/* [usage] */
static const char usage[] =
"usage: 30-linux [OPTION]... IMAGE\n"
"\n"
"Boots IMAGE, an arm64 Linux kernel, in a virtual machine.  Its\n"
"console is your terminal; Ctrl-A x leaves, and so does poweroff.\n"
"\n"
"  -i, --initrd FILE    the kernel's first files, a cpio archive\n"
"  -d, --disk FILE      a disk, /dev/vda; what is written stays\n"
"  -r, --read-only      ... unless nothing may be written\n"
"  -c, --console NAME   ttyAMA0, a UART that most kernels know, or\n"
"                       hvc0, by virtio (default: ttyAMA0)\n"
"  -a, --append WORDS   more words for the kernel's command line;\n"
"                       the last --append counts\n"
"  -n, --vcpus N        1 to 8 (default: 2)\n"
"  -m, --memory MIB     default: 256\n"
"  -x, --exits          at the end, say how many exits there were\n"
"      --real-time      devices run before vCPUs: for a recording,\n"
"                       and never for a guest that you do not trust\n"
"      --save-fdt FILE  write the device tree there, and end\n"
"      --fdt FILE       take this device tree instead; it has the\n"
"                       command line, too\n"
"  -h, --help\n"
"\n"
"Exit status: 0 the guest switched itself off, or Ctrl-A x; 1 it\n"
"cannot go on; 2 wrong usage; 3 the guest wants a reset.\n";
/* [/usage] */

/* [options] */
enum { VCPUS_MAX = 8, ARGUMENTS_MAX = 2048 };
enum { SAVE_FDT = 1000, FDT, REAL_TIME };

static struct {
	const char *image, *initrd, *disk, *append, *fdt, *save_fdt;
	bool read_only, hvc, print_exits, real_time;
	int vcpus, memory;
} options = { .append = "", .vcpus = 2, .memory = 256 };

static const struct option long_options[] = {
	{ "initrd", required_argument, NULL, 'i' },
	{ "disk", required_argument, NULL, 'd' },
	{ "read-only", no_argument, NULL, 'r' },
	{ "console", required_argument, NULL, 'c' },
	{ "append", required_argument, NULL, 'a' },
	{ "vcpus", required_argument, NULL, 'n' },
	{ "memory", required_argument, NULL, 'm' },
	{ "exits", no_argument, NULL, 'x' },
	{ "save-fdt", required_argument, NULL, SAVE_FDT },
	{ "fdt", required_argument, NULL, FDT },
	{ "real-time", no_argument, NULL, REAL_TIME },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

__attribute__((noreturn)) static void wrong(const char *why)
{
	fprintf(stderr, "30-linux: %s; see --help\n", why);
	exit(2);
}

/* A number from 1 to MAX; else ends the program. */
static int number(const char *text, int max, const char *why)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > max)
		wrong(why);
	return n;
}
/* [/options] */

/* [parse] */
static void set_option(int option, const char *value)
{
	switch (option) {
	case 'i': options.initrd = value; break;
	case 'd': options.disk = value; break;
	case 'r': options.read_only = true; break;
	case 'a': options.append = value; break;
	case 'x': options.print_exits = true; break;
	case FDT: options.fdt = value; break;
	case REAL_TIME: options.real_time = true; break;
	case SAVE_FDT: options.save_fdt = value; break;
	case 'c':
		options.hvc = !strcmp(value, "hvc0");
		if (!options.hvc && strcmp(value, "ttyAMA0"))
			wrong("--console is ttyAMA0 or hvc0");
		break;
	case 'n':
		options.vcpus = number(value, VCPUS_MAX,
				       "--vcpus is 1 to 8");
		break;
	case 'm':
		/* A guest's addresses have 40 bits. */
		options.memory = number(value, (1 << 20) - 1024,
					"--memory is 1 to 1047552 MiB");
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		wrong("this makes no sense");
	}
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "i:d:rc:a:n:m:xh",
				     long_options, NULL)) != -1)
		set_option(option, optarg);
	if (optind != argc - 1)
		wrong(optind == argc ? "which IMAGE?" :
		      "one IMAGE, and options before words");
	if (options.fdt && *options.append)
		wrong("--append goes into the tree, and --fdt brings"
		      " another");
	options.image = argv[optind];
}
/* [/parse] */

/* [exits] */
/* One thread at a time uses what is on the bus. */
static pthread_mutex_t bus_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned long uart_exits, virtio_exits;

/* Ends the program as the guest has asked for. */
static void end(bool reset)
{
	restore_terminal();
	if (options.print_exits)
		printf("Exits: %lu for the UART, %lu for virtio\n",
		       uart_exits, virtio_exits);
	exit(reset ? 3 : 0);
}
/* [/exits] */

/* [mmio] */
static void answer(int vcpu, struct kvm_run *run)
{
	bool answered;

	pthread_mutex_lock(&bus_lock);
	if (run->mmio.phys_addr < VIRTIO_AT)
		uart_exits++;
	else
		virtio_exits++;
	answered = handle_mmio(vcpu, run);
	pthread_mutex_unlock(&bus_lock);
	if (!answered) {
		printf("Nothing is there:\n");
		print_exit(vcpu, run);
		exit(1);
	}
}
/* [/mmio] */

/* [vcpu] */
struct vcpu {
	int fd;
	struct kvm_run *run;
};

/* A thread: runs a vCPU as long as there is a machine. */
static void *run_vcpu(void *argument)
{
	const struct vcpu *vcpu = argument;
	struct kvm_run *run = vcpu->run;

	for (;;) {
		run_once(vcpu->fd, run);
		switch (run->exit_reason) {
		case KVM_EXIT_INTR:
			break;
		case KVM_EXIT_MMIO:
			answer(vcpu->fd, run);
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			end(run->system_event.type ==
			    KVM_SYSTEM_EVENT_RESET);
			break;
		default:
			printf("The guest cannot go on:\n");
			print_exit(vcpu->fd, run);
			exit(1);
		}
	}
}
/* [/vcpu] */

/* [load] */
/* The device tree: ours, or that of --fdt. */
static void load_tree(uint64_t at, const struct machine *m)
{
	void *tree = guest_bytes(at, TREE_SIZE);
	int size, file;

	if (!tree)
		fail("No room for a device tree: --memory.");
	if (options.fdt) {
		uint64_t length = load_file(options.fdt, at) - at;

		if (length > 2 * MIB || fdt_check_header(tree) ||
		    fdt_totalsize(tree) > length)
			fail("%s is no device tree.", options.fdt);
		return;
	}
	size = write_tree(tree, m);
	if (options.save_fdt) {
		file = must(open(options.save_fdt, O_WRONLY | O_CREAT |
				 O_TRUNC, 0666), "It cannot be made.");
		if (write(file, tree, size) != size)
			fail("%s: not all could be written.",
			     options.save_fdt);
		exit(0);
	}
}

/* What a boot loader does; the vCPU then has what Linux asks for. */
static void boot(int vcpu, struct machine *m)
{
	uint64_t kernel, tree;

	kernel = load_kernel(options.image, &tree);
	tree = round_up(tree, 2 * MIB);
	m->initrd = m->initrd_end = tree + 2 * MIB;
	if (options.initrd)
		m->initrd_end = load_file(options.initrd, m->initrd);
	load_tree(tree, m);
	set_reg(vcpu, CORE_REG(regs.pc), kernel);
	set_reg(vcpu, CORE_REG(regs.regs[0]), tree);
}
/* [/load] */

/* [build] */
static void add_devices(int vm)
{
	bell = make_eventfd();
	pl011_vm = vm;
	pl011_has_terminal = !options.hvc;
	console_has_terminal = options.hvc;
	add_device(pl011);
	add_device(virtio_bus);
	add_console(vm);
	if (options.disk)
		add_disk(vm, options.read_only);
}

static void build_machine(int kvm, struct vcpu *vcpus)
{
	char arguments[ARGUMENTS_MAX];
	struct machine m = {
		.vcpus = options.vcpus, .arguments = arguments,
	};
	int vm = create_vm(kvm), gic;

	ram_size = (uint64_t)options.memory * MIB;
	ram = map(-1, ram_size);
	add_memory(vm, 0, MEMORY_AT, ram, ram_size, 0);
	for (int i = 0; i < m.vcpus; i++) {
		uint32_t off = i ? 1 << KVM_ARM_VCPU_POWER_OFF : 0;

		vcpus[i].fd = add_vcpu(vm, i, off |
				       1 << KVM_ARM_VCPU_PSCI_0_2);
		vcpus[i].run = map_run(kvm, vcpus[i].fd);
	}
	gic = create_gic(vm);
	finish_gic(gic, 64);
	add_devices(vm);
	if (snprintf(arguments, sizeof(arguments),
		     "console=%s panic=-1 %s",
		     options.hvc ? "hvc0" : "ttyAMA0",
		     options.append) >= ARGUMENTS_MAX)
		wrong("--append: Linux takes 2047 characters");
	boot(vcpus[0].fd, &m);
}
/* [/build] */

/* [loop] */
enum { SILENCE = 200 };			/* milliseconds */

/* The main thread sleeps here, and does what devices do. */
static void run_devices(void)
{
	struct pollfd fds[] = {
		{ .fd = bell, .events = POLLIN }, { .events = POLLIN },
	};
	uint64_t number;

	for (;;) {
		pthread_mutex_lock(&bus_lock);
		serve_virtio();
		pl011_update();
		fds[1].fd = !typed_all && has_room() ? 0 : -1;
		pthread_mutex_unlock(&bus_lock);
		if (!poll(fds, 2, console_is_awaited() ? SILENCE : -1))
			console_listens = true;
		if (fds[0].revents && read(bell, &number, 8) < 0)
			continue;
		pthread_mutex_lock(&bus_lock);
		if (fds[1].fd == 0 && fds[1].revents && read_input())
			end(false);
		pthread_mutex_unlock(&bus_lock);
	}
}
/* [/loop] */

/* [main] */
int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct vcpu vcpus[VCPUS_MAX];
	pthread_t thread;

	open_standard();
	parse(argc, argv);
	if (options.disk)
		open_disk(options.disk, options.read_only);
	build_machine(open_kvm("/dev/kvm"), vcpus);
	handle_signals();
	take_terminal();
	for (int i = 0; i < options.vcpus; i++) {
		errno = pthread_create(&thread, NULL, run_vcpu,
				       &vcpus[i]);
		must(-errno, "No memory is left.");
	}
	/* The lab has one CPU: this thread, when the bell rings. */
	if (options.real_time)
		pthread_setschedparam(pthread_self(), SCHED_FIFO,
				      &first);
	run_devices();
}
/* [/main] */
