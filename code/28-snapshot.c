/* SPDX-License-Identifier: MIT */
/* Chapter 28: save a machine, and let another process go on with it. */
/* [headers] */
#define _GNU_SOURCE		/* memfd_create(), strerrorname_np() */
#include <pthread.h>
#include <sys/wait.h>
#include "bus.h"
#include "lines.h"
#include "state.h"
/* [/headers] */

/* [attribute] */
#ifndef KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ	/* headers before 6.18 */
#define KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ	9
#endif
/* [/attribute] */

/* [ram] */
/* The guest's memory, with the tables of its GIC, one of them here. */
enum { RAM_SIZE = 0x50000, PENDING_AT = 0x40000 };

/* What the file holds. */
struct snapshot {
	char ram[RAM_SIZE];
	struct state state;
};
/* [/ram] */

/* [board] */
/* What the guest reports: who interrupted it, and when. */
static struct report { uint64_t value; bool is_new; } report;

static void board_write(uint64_t offset, uint64_t value)
{
	(void)offset;
	report = (struct report) { .value = value, .is_new = true };
}

static const struct device board = {
	.address = 0x09040000, .size = 4096, .write = board_write,
};

enum { TICK = 27, DISK = 8, LEVEL = 40, EDGE = 41, LPI = 8192 };

/* Prints the last report; returns the INTID. */
static int print_report(void)
{
	int intid = report.value & 0xffff, tenths = report.value >> 32;
	int missed = report.value >> 16 & 0xffff;

	printf(intid == TICK ? " tick" : " %d", intid);
	printf(" at %d.%d s", tenths / 10, tenths % 10);
	if (missed)
		printf(" (%d missed)", missed);
	return intid;
}
/* [/board] */

/* [run] */
/* Runs the guest to its next report; returns the INTID. */
static int run_to_report(const struct machine *m)
{
	int intid;

	report.is_new = false;
	while (!report.is_new) {
		kvm_ioctl(m->vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (m->run->exit_reason != KVM_EXIT_MMIO ||
		    !handle_mmio(m->vcpu, m->run)) {
			print_exit(m->vcpu, m->run);
			exit(1);
		}
	}
	intid = print_report();
	if (intid == LEVEL)
		set_line(m->vm, spi(LEVEL), false);
	return intid;
}

/* Runs the guest to its next tick. */
static void run_to_tick(const struct machine *m)
{
	printf(" ");
	while (run_to_report(m) != TICK)
		printf(",");
	printf("\n");
}
/* [/run] */

/* [build] */
/* A machine with a GIC, around memory that is there already. */
static struct machine build(int kvm, char *ram, bool init)
{
	struct machine m = { .ram = ram };

	m.vm = kvm_ioctl(kvm, KVM_CREATE_VM,
			 KVM_VM_TYPE_ARM_IPA_SIZE(36),
			 "No memory, or no descriptor left.");
	add_memory(m.vm, 0, MEMORY_AT, ram, RAM_SIZE, 0);
	m.vcpu = init ? add_vcpu(m.vm, 0, 0) :
		 kvm_ioctl(m.vm, KVM_CREATE_VCPU, 0, "No memory.");
	m.run = map_run(kvm, m.vcpu);
	m.gic = create_gic(m.vm);
	finish_gic(m.gic, 64);
	return m;
}
/* [/build] */

/* [busy] */
static struct machine machine;

/* A thread: wants to read the GIC while the vCPU is in KVM_RUN. */
static void *read_too_early(void *error)
{
	struct record ctlr = { .part = DIST };

	usleep(30000);
	if (move_record(&machine, &ctlr, false) < 0)
		*(int *)error = errno;
	return NULL;
}

static void run_and_read(void)
{
	pthread_t thread;
	int error = 0;

	errno = pthread_create(&thread, NULL, read_too_early, &error);
	must(-errno, "No memory is left.");
	run_to_tick(&machine);
	pthread_join(thread, NULL);
	errno = error;
	must_fail(error ? -1 : 0, EBUSY, "GICD_CTLR, too early");
}
/* [/busy] */

/* [stop] */
/* Three interrupts that the guest, in its handler, cannot take yet. */
static void interrupt(const struct machine *m)
{
	signal_msi(m->vm, message(DISK, 0));
	set_line(m->vm, spi(LEVEL), true);
	set_line(m->vm, spi(EDGE), true);
	set_line(m->vm, spi(EDGE), false);
}

static void print_pc(const struct machine *m)
{
	printf("pc is 0x%x\n",
	       (int)get_reg(m->vcpu, CORE_REG(regs.pc)));
}

/* Has KVM complete the guest's store, and nothing else. */
static void finish_exit(const struct machine *m)
{
	print_pc(m);
	m->run->immediate_exit = 1;
	kvm_ioctl_fails(m->vcpu, KVM_RUN, 0, EINTR);
	print_pc(m);
}
/* [/stop] */

/* [file] */
static void print_count(const struct state *s)
{
	int vcpu = 0, its = 0;

	for (int i = 0; i < s->count; i++) {
		vcpu += s->records[i].part == VCPU;
		its += s->records[i].part == ITS_REGS ||
		       s->records[i].part == ITS_ON;
	}
	printf("%d values: %d of the vCPU, %d of the GIC, %d of the"
	       " ITS\n", s->count, vcpu, s->count - vcpu - its, its);
}

/* Writes a machine into a new file; returns its descriptor. */
static int write_snapshot(const struct machine *m)
{
	static struct state state;
	int fd = must(memfd_create("snapshot", 0), "No memory.");

	save_state(m, &state);
	print_count(&state);
	must(write(fd, m->ram, RAM_SIZE), "No memory.");
	must(write(fd, &state, sizeof(state)), "No memory.");
	return fd;
}

/* A copy of what the file holds; the file stays as it is. */
static struct snapshot *map_snapshot(int fd)
{
	void *p = mmap(NULL, sizeof(struct snapshot),
		       PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	must(p == MAP_FAILED ? -1 : 0, "No such file, or no memory.");
	return p;
}
/* [/file] */

/* [first] */
/* Runs this program again, as a process of its own, with the file. */
static int go_on(const char *name, int fd)
{
	char number[16];
	int status;

	snprintf(number, sizeof(number), "%d", fd);
	fflush(stdout);
	if (must(fork(), "No memory is left.") == 0)
		must(execl("/proc/self/exe", name, number, NULL),
		     "Is /proc mounted?");
	must(wait(&status), "There is no child.");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The first process: runs a guest, saves it, and starts the second. */
static int run_and_save(const char *name)
{
	char *ram = map(-1, RAM_SIZE);
	int fd;

	printf("the first process:\n");
	memcpy(ram, guest, guest_end - guest);
	machine = build(open_kvm("/dev/kvm"), ram, true);
	machine.its = create_its(machine.vm);
	set_reg(machine.vcpu, CORE_REG(regs.pc), MEMORY_AT + 0x2000);
	run_to_tick(&machine);
	run_and_read();
	run_to_tick(&machine);
	interrupt(&machine);
	finish_exit(&machine);
	fd = write_snapshot(&machine);
	usleep(500000);
	return go_on(name, fd);
}
/* [/first] */

/* [words] */
/* The steps of a trial that restore a part of the state. */
static const char *const parts[] = {
	[DIST] = "dist", [REDIST] = "redist", [BASES] = "bases",
	[LPIS] = "lpis", [CPU] = "cpu", [LEVELS] = "levels",
	[ITS_REGS] = "regs", [ITS_ON] = "on", [VCPU] = "vcpu",
};

/* Steps, of which only the last fails, with this error, or none. */
static const struct trial {
	const char *steps;
	int error;
} trials[] = {
	{ "its bases lpis regs tables on", 0 },
	{ "its bases lpis regs on tables", 0 },
	{ "unsaved its bases lpis regs tables on", 0 },
	{ "its bases regs tables lpis on", 0 },
	{ "its bases lpis tables regs on", 0 },
	{ "its bases lpis on regs tables", 0 },
	{ "bases lpis its bases regs tables on", 0 },
	{ "its bases lpis regs tables reset regs tables on", 0 },
	{ "bases its lpis regs tables", EFAULT },
	{ "its lpis bases regs tables", EFAULT },
	{ "its regs tables", EFAULT },
	{ "its bases lpis regs tables tables", EEXIST },
	{ "its bases lpis regs tables on regs", EBUSY },
	{ "vcpu", ENOEXEC },
};
/* [/words] */

/* [take] */
/* Takes one step; -1 and errno if KVM refuses. */
static int take(struct machine *m, struct state *s, const char *word)
{
	for (enum part part = DIST; part <= VCPU; part++)
		if (!strcmp(word, parts[part]))
			return restore_part(m, s, part);
	if (!strcmp(word, "tables"))
		return restore_tables(m);
	if (!strcmp(word, "reset"))
		return control_its(m, KVM_DEV_ARM_ITS_CTRL_RESET);
	if (!strcmp(word, "its"))
		m->its = create_its(m->vm);
	else	/* as if the pending LPIs had not been saved */
		memset(m->ram + PENDING_AT, 0, 2048);
	return 0;
}
/* [/take] */

/* [look] */
/* Whether KVM knows that the LPI is pending: it writes so. */
static bool is_pending(const struct machine *m)
{
	char *byte = m->ram + PENDING_AT + LPI / 8;

	*byte = 0;
	set_gic(m->gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, NULL);
	return *byte & 1 << LPI % 8;
}

/* What has become of the LPI that was pending, and of the device. */
static void print_lpi(const struct machine *m)
{
	struct kvm_msi msi = message(DISK, 0);
	bool pending = is_pending(m);
	int result = ioctl(m->vm, KVM_SIGNAL_MSI, &msi);

	printf("%s, a message: %s\n", pending ? "pending" : "lost",
	       result < 0 ? strerrorname_np(errno) :
	       result ? "sent" : "not wanted");
}
/* [/look] */

/* [try] */
/* Takes the steps in a new machine, and says how they end. */
static void try(int kvm, int fd, const struct trial *trial)
{
	const char *rest = trial->steps;
	struct snapshot *s = map_snapshot(fd);
	struct machine m = build(kvm, s->ram, false);
	int error = 0, length;
	char word[16];

	while (!error && sscanf(rest, "%15s%n", word, &length) == 1) {
		error = take(&m, &s->state, word) < 0 ? errno : 0;
		rest += length;
	}
	if (*rest || error != trial->error) {
		fprintf(stderr, "%s: %s at %s\n", trial->steps,
			strerror(error), word);
		exit(1);
	}
	printf("  %-47s ", trial->steps);
	if (error)
		printf("%s\n", strerrorname_np(error));
	else
		print_lpi(&m);
}
/* [/try] */

/* [attributes] */
/* Attributes that there are, or that there are not. */
static const struct attribute {
	const char *name;
	bool its;
	uint32_t group;
	uint64_t attr;
} attributes[] = {
#define GIC(group) false, KVM_DEV_ARM_VGIC_GRP_ ## group
#define ITS(group) true, KVM_DEV_ARM_VGIC_GRP_ ## group
	{ "64 INTIDs", GIC(NR_IRQS), 0 },
	{ "the redistributors' place", GIC(ADDR),
	  KVM_VGIC_V3_ADDR_TYPE_REDIST },
	{ "... as region 0", GIC(ADDR),
	  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION },
	{ "the maintenance interrupt", GIC(MAINT_IRQ), 0 },
	{ "initialize", GIC(CTRL), KVM_DEV_ARM_VGIC_CTRL_INIT },
	{ "save the pending LPIs", GIC(CTRL),
	  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES },
	{ "GICD_CTLR", GIC(DIST_REGS), 0 },
	{ "half of GICD_IGROUPR1", GIC(DIST_REGS), 0x86 },
	{ "no register of the GIC", GIC(DIST_REGS), 0x40 },
	{ "GICR_CTLR of vCPU 0", GIC(REDIST_REGS), 0 },
	{ "GICR_CTLR of vCPU 1", GIC(REDIST_REGS), 1ULL << 32 },
	{ "ICC_PMR_EL1", GIC(CPU_SYSREGS), ICC(4, 6, 0) },
	{ "ICC_AP1R1_EL1", GIC(CPU_SYSREGS), ICC(12, 9, 1) },
	{ "ICC_IAR1_EL1", GIC(CPU_SYSREGS), ICC(12, 12, 0) },
	{ "lines from 32", GIC(LEVEL_INFO), 32 },
	{ "lines from 40", GIC(LEVEL_INFO), 40 },
	{ "not the lines' levels", GIC(LEVEL_INFO), 1 << 10 | 32 },
	{ "the ITS's place", ITS(ADDR), KVM_VGIC_ITS_ADDR_TYPE },
	{ "initialize the ITS", ITS(CTRL), KVM_DEV_ARM_VGIC_CTRL_INIT },
	{ "save its tables", ITS(CTRL), KVM_DEV_ARM_ITS_SAVE_TABLES },
	{ "restore its tables", ITS(CTRL),
	  KVM_DEV_ARM_ITS_RESTORE_TABLES },
	{ "reset it", ITS(CTRL), KVM_DEV_ARM_ITS_CTRL_RESET },
	{ "GITS_CBASER", ITS(ITS_REGS), 0x80 },
	{ "half of GITS_CBASER", ITS(ITS_REGS), 0x84 },
	{ "no register of the ITS", ITS(ITS_REGS), 0x98 },
};
/* [/attributes] */

/* [has] */
static const char *result_name(int result)
{
	return result < 0 ? strerrorname_np(errno) : "yes";
}

/* Whether each attribute is there, and whether it can be read. */
static void print_attributes(const struct machine *m)
{
	uint64_t value;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes);
	     i++) {
		const struct attribute *a = &attributes[i];
		struct kvm_device_attr attr = {
			.group = a->group, .attr = a->attr,
			.addr = (uintptr_t)&value,
		};
		int fd = a->its ? m->its : m->gic;

		value = 0;
		printf("  %-28s %-6s", a->name, result_name(ioctl(fd,
		       KVM_HAS_DEVICE_ATTR, &attr)));
		printf(" %s\n", result_name(ioctl(fd,
		       KVM_GET_DEVICE_ATTR, &attr)));
	}
}
/* [/has] */

/* [refuse] */
/* Registers and states that a vCPU that has run does not take. */
static void refuse_registers(const struct machine *m)
{
	struct kvm_mp_state mp = { .mp_state = KVM_MP_STATE_HALTED };
	struct kvm_vcpu_events events = {
		.exception = { .serror_pending = 1, .serror_has_esr = 1,
			       .serror_esr = 1ULL << 32 },
	};
	uint64_t value, id = ARM64_SYS_REG(3, 0, 0, 0, 0);
	struct kvm_one_reg midr = { id, (uintptr_t)&value };
	struct kvm_one_reg pfr0 = { id | 4 << 3, (uintptr_t)&value };

	value = get_reg(m->vcpu, midr.id) + 1;
	kvm_ioctl_fails(m->vcpu, KVM_SET_ONE_REG, &midr, EINVAL);
	value = get_reg(m->vcpu, pfr0.id) - 1;
	kvm_ioctl_fails(m->vcpu, KVM_SET_ONE_REG, &pfr0, EBUSY);
	kvm_ioctl_fails(m->vcpu, KVM_SET_MP_STATE, &mp, EINVAL);
	kvm_ioctl_fails(m->vcpu, KVM_SET_VCPU_EVENTS, &events, EINVAL);
}
/* [/refuse] */

/* [second] */
/* The second process, which has nothing but the file. */
static int resume(int fd)
{
	int kvm = open_kvm("/dev/kvm");
	struct snapshot *s = map_snapshot(fd);
	struct machine m = build(kvm, s->ram, true);

	printf("the second process:\n");
	m.its = create_its(m.vm);
	restore_state(&m, &s->state);
	run_to_tick(&m);
	signal_msi(m.vm, message(DISK, 0));
	run_to_tick(&m);
	print_attributes(&m);
	refuse_registers(&m);
	for (size_t i = 0; i < sizeof(trials) / sizeof(*trials); i++)
		try(kvm, fd, &trials[i]);
	return 0;
}

int main(int argc, char **argv)
{
	add_device(board);
	return argc > 1 ? resume(atoi(argv[1])) : run_and_save(argv[0]);
}
/* [/second] */
