// SPDX-License-Identifier: MIT
/*
 * Fuzzes what reads raw recordings.  An input whose first byte is even is
 * pages of the ring buffer as they are; of any other, every four bytes say
 * one event, which is put into sound pages.  Its third bit says that the
 * program ran already when the recording began.  What must hold:
 *
 *   - the recording is imported, or refused with a known exit code;
 *   - what the importer wrote is a capture.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <event-parse.h>
#include <kbuffer.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "import/import.h"
#include "import/raw.h"
#include "kernel/btf.h"
#include "kernel/facts.h"
#include "fuzz.h"

enum { PAGE = 4096, PAGES = 4, FUNCTIONS = 8 };

static struct function function[FUNCTIONS] = {
	{ .name = "kvm_dev_ioctl" }, { .name = "kvm_vm_ioctl" },
	{ .name = "kvm_sched_in" }, { .name = "kvm_destroy_vm" },
	{ .name = "kvm_vm_release" }, { .name = "misc_open" },
	{ .name = "kvm_vcpu_ioctl" }, { .name = "no_type" },
};
static struct facts facts = { .release = "6.18.15" };
static const uint8_t *input;
static size_t input_size;

static const char events[] =
#define HEAD "format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
"ftrace name: funcgraph_entry\nID: 11\n" HEAD
"\tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;\n"
"\tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;\n"
"\tfield:unsigned long args[];\toffset:24;\tsize:0;\tsigned:0;\n"
"\nprint fmt: \"\"\n\001"
"ftrace name: funcgraph_exit\nID: 10\n" HEAD
"\tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;\n"
"\tfield:unsigned long retval;\toffset:16;\tsize:8;\tsigned:0;\n"
"\nprint fmt: \"\"\n\001"
"raw_syscalls name: sys_enter\nID: 25\n" HEAD
"\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
"\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n"
"\nprint fmt: \"\"\n\001"
"raw_syscalls name: sys_exit\nID: 24\n" HEAD
"\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
"\tfield:long ret;\toffset:16;\tsize:8;\tsigned:1;\n"
"\nprint fmt: \"\"\n\001"
"kvm name: kvm_exit\nID: 61\n" HEAD
"\tfield:int ret;\toffset:8;\tsize:4;\tsigned:1;\n"
"\tfield:unsigned int esr_ec;\toffset:12;\tsize:4;\tsigned:0;\n"
"\tfield:unsigned long vcpu_pc;\toffset:16;\tsize:8;\tsigned:0;\n"
"\nprint fmt: \"\"\n";

/* --- what the importer asks for ------------------------------------- */

struct facts *__wrap_facts_load(const char *dir)
{
	(void)dir;
	return &facts;
}

const struct function *__wrap_facts_function(const struct facts *f,
					     uint64_t address)
{
	return &f->function[address % FUNCTIONS];
}

char *__real_read_file(const char *path, size_t *size);
char *__wrap_read_file(const char *path, size_t *size)
{
	char *meta;

	if (!facts.types)	/* make_types() reads them */
		return __real_read_file(path, size);
	meta = xasprintf("release 6\nmachine aarch64\nmode vhe\ncpu 0\n"
			 "program a\033b\nstatus 137\nlost 0\n"
			 "features args retval\n%send\n", input[0] & 4 ?
			 "stopped max-size\nattached\n" : "");
	if (size)
		*size = strlen(meta);
	return meta;
}

struct kbuffer *__real_kbuffer_alloc(enum kbuffer_long_size size,
				     enum kbuffer_endian endian);
struct kbuffer *__wrap_kbuffer_alloc(enum kbuffer_long_size size,
				     enum kbuffer_endian endian)
{
	return add_live(__real_kbuffer_alloc(size, endian));
}

void __real_kbuffer_free(struct kbuffer *k);
void __wrap_kbuffer_free(struct kbuffer *k)
{
	drop_live(k);
	__real_kbuffer_free(k);
}

/* --- files ---------------------------------------------------------- */

/* Open files of the importer: pages, and a temporary file. */
static FILE *open_files[8];

static FILE *keep_open(FILE *f)
{
	for (int i = 0; i < 8; i++)
		if (!open_files[i])
			return open_files[i] = f;
	abort();
}

FILE *__real_temporary_file(void);
FILE *__wrap_temporary_file(void)
{
	return keep_open(__real_temporary_file());
}

int __real_fclose(FILE *f);
int __wrap_fclose(FILE *f)
{
	for (int i = 0; i < 8; i++)
		if (open_files[i] == f)
			open_files[i] = NULL;
	return __real_fclose(f);
}

/* Closes the files that the importer left open when it died. */
static void close_files(void)
{
	for (int i = 0; i < 8; i++)
		if (open_files[i])
			fclose(open_files[i]);
}

/* --- events --------------------------------------------------------- */

static uint64_t interesting(uint8_t n)
{
	static const uint64_t value[] = {
		0, 1, 3, 4, 5, 0xae01, 0xae41, 0xae80, 0x4010aeab, 29, 56, 57,
		222, 220, 435, 23, 24, 93, -1ull, -22ull, -4095ull, -4096ull,
		0xffff000000001000, 0xffff000000002008, 0x800000001008,
		0xaaaaaaaa0000, 1 << 21, 1ull << 63, 0xae03, 66, 0x4018aee1,
	};

	return value[n % (sizeof(value) / sizeof(*value))];
}

/* Writes to P the event that four bytes describe; returns its length. */
static size_t put_event(char *p, const uint8_t *say)
{
	static const uint16_t type[] = { 11, 10, 25, 24, 61, 6 };
	static const int words[] = { 8, 2, 7, 2, 2, 1 };
	int kind = say[0] % 6, size = 8 + 8 * words[kind];
	uint32_t head = 0x20 | size / 4, pid = say[1] % 3;
	uint64_t word[8] = { interesting(say[2]) };

	for (int i = 1; i < 8; i++)
		word[i] = interesting(say[3] + (i - 1) * (say[0] / 6));
	if (kind < 2)
		word[0] = say[2];
	if (size / 4 > 28) {	/* the longest that a head can express */
		size = 112;
		head = 0x20 | 28;
	}
	memcpy(p, &head, 4);
	memcpy(p + 4, &type[kind], 2);
	memcpy(p + 8, &pid, 4);
	memcpy(p + 12, word, size - 8);
	return 4 + size;
}

static size_t make_pages(char *pages)
{
	size_t at = 1, page = 0;

	for (; page < PAGES && at + 4 <= input_size; page++) {
		char *p = pages + page * PAGE;
		uint64_t used = 0, time = 1000 * page;

		while (at + 4 <= input_size && used < PAGE - 16 - 128) {
			used += put_event(p + 16 + used, input + at);
			at += 4;
		}
		memcpy(p, &time, 8);
		memcpy(p + 8, &used, 8);
	}
	return page * PAGE;
}

/* Makes a file of a CPU's pages, exact to the byte, so that the sanitizer sees
 * its end. */
static void add_pages(struct raw *r, char *pages, size_t size)
{
	FILE *f = size ? fmemopen(pages, size, "r") : fopen("/dev/null", "r");

	if (!f)
		abort();
	raw_add_cpu(r, keep_open(f));
}

struct raw *__wrap_raw_open(const char *dir, const char *name, size_t page)
{
	static char pages[PAGES * PAGE];
	struct raw *r = raw_new(page);
	size_t size = input_size - 1;

	(void)dir;
	(void)name;
	memset(pages, 0, sizeof(pages));
	if (input[0] & 1)
		size = make_pages(pages);
	else
		memcpy(pages, input + 1, size = size > PAGES * PAGE ?
					       PAGES * PAGE : size);
	if (size >= 2 * PAGE && input[0] & 2)
		add_pages(r, pages, PAGE);
	add_pages(r, pages, size);
	return r;
}

/* --- types ---------------------------------------------------------- */

static void make_types(void)
{
	struct btf *btf = btf__new_empty();
	int s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int u64 = btf__add_int(btf, "u64", 8, 0);
	int flag = btf__add_int(btf, "bool", 1, BTF_INT_BOOL);
	int kvm = btf__add_ptr(btf, btf__add_struct(btf, "kvm", 4096));
	int pair = btf__add_struct(btf, "pair", 16);
	int phys = btf__add_typedef(btf, "phys_addr_t", u64);
	int letter = btf__add_enum(btf, "letter", 4), proto;
	const void *data;
	char path[64];
	__u32 size;
	int fd = memfd_create("btf", 0);

	for (int i = 0; i < FUNCTIONS - 1; i++) {
		proto = btf__add_func_proto(btf, i % 2 ? s32 : i ? kvm : phys);
		btf__add_func_param(btf, "kvm", kvm);
		btf__add_func_param(btf, "ioctl", i % 2 ? u64 : s32);
		btf__add_func_param(btf, "flag", i % 3 ? flag : phys);
		btf__add_func_param(btf, "pair", pair);
		btf__add_func_param(btf, "letter", i % 2 ? letter : u64);
		btf__add_func(btf, function[i].name, BTF_FUNC_GLOBAL, proto);
	}
	data = btf__raw_data(btf, &size);
	if (write(fd, data, size) != (ssize_t)size)
		abort();
	sprintf(path, "/proc/self/fd/%d", fd);
	facts.types = types_load(path);
	/* These keep what they looked up. */
	types_enum_name(facts.types, letter, 0);
	types_struct(facts.types, "kvm_regs");
}

static void make_events(void)
{
	char *text = strdup(events), *save, *part;

	facts.tep = tep_alloc();
	tep_set_file_bigendian(facts.tep, TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(facts.tep, TEP_LITTLE_ENDIAN);
	tep_set_long_size(facts.tep, 8);
	for (part = strtok_r(text, "\001", &save); part;
	     part = strtok_r(NULL, "\001", &save)) {
		char *format = strchr(part, ' ');

		*format++ = '\0';
		if (tep_parse_event(facts.tep, format, strlen(format), part))
			abort();
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	facts.function = function;
	facts.functions = FUNCTIONS;
	make_types();
	make_events();
	lives = 0;	/* whatever is allocated now stays */
	return 0;
}

/* --- properties ----------------------------------------------------- */

void __wrap_close_file(FILE *f, const char *path)
{
	(void)path;
	fclose(f);
	open_in = NULL;
}

static void is_a_capture(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = xcalloc(1, size + 1);

	if (pread(fd, text, size, 0) != size)
		abort();
	capture_free(capture_read_text("imported", text, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct import how = { .facts = "", .raw = "" };
	static char path[64];
	static int fd = -1;
	static bool imported;

	if (!size)
		return 0;
	if (fd < 0)
		fd = memfd_create("capture", 0);
	sprintf(path, "/proc/self/fd/%d", fd);
	how.out = path;
	input = data;
	input_size = size;
	died_code = 0;
	imported = false;
	if (!setjmp(died)) {
		import_recording(&how);
		imported = true;
		for (int i = 0; i < 8; i++)
			must(!open_files[i], "the importer closes its files");
		is_a_capture(fd);
		died_code = KVT_OK;
	}
	must(!imported || died_code == KVT_OK,
	     "what was imported is a capture");
	must(died_code == KVT_OK || died_code == KVT_BAD_CAPTURE ||
	     died_code == KVT_LOST, "imported, refused, or lost events");
	close_files();
	free_live();
	return 0;
}
