/* SPDX-License-Identifier: MIT */
/*
 * kvt, the trace tool of the book: what its parts share.
 *
 *   facts.c    what decoding needs to know of a kernel, gathered once
 *   record.c   runs a program under the function-graph tracer
 *   attach.c   the threads and descriptors of a process that runs
 *   raw.c      reads the ring buffer's pages back, in order of time
 *   types.c    types of arguments and results, from the kernel's BTF
 *   values.c   words as text; pointers become vcpu#0, kvm#0
 *   decode.c   words as names: registers, syndromes, what an ioctl is given
 *   passed.c   the structs that a program gave its ioctls
 *   lines.c    where in the program a system call was made
 *   import.c   turns raw events into the calls of a capture
 *   write.c    writes a capture, the .kvt format
 *   read.c     checks and reads a capture
 *   check.c    is a capture whole, and still of its program?
 *   tree.c     folds what repeats, and walks what is asked for
 *   options.c  the options that show, html, object, export, diff share
 *   show.c     a tree for the terminal
 *   html.c     a tree for the book
 *   places.c   what each line of the program woke
 *   object.c   the calls that touched an object
 *   export.c   a capture for other tools: Perfetto, flame graphs, jq
 *   stats.c    how often: system calls, exits, threads, and how long
 *   times.c    the file of times beside a capture
 *   diff.c     what one capture has that another has not
 *   claim.c    does a capture show what a text says? claim.h has more
 *   compare.c  two captures, as far as both kernels could see
 *   cover.c    how much of KVM captures reach; cover-print.c prints it
 *   lanes.c    kvt lanes: program, kernel and guest in time order
 *   gaps.c     what a function may call out of the tracer's sight;
 *              gaps-make.c finds that in a kernel, code.c reads its code
 *   index.c    symbols.tsv: where each kernel function is defined
 */
#ifndef KVT_H
#define KVT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <nettle/sha2.h>

/* Exit codes, the same for every subcommand. */
enum {
	KVT_OK = 0,
	KVT_DIFFERENT = 1,	/* compare, diff: captures differ; claim: false;
				 * check: the program has changed */
	KVT_USAGE = 2,		/* the command line is wrong */
	KVT_BAD_CAPTURE = 3,	/* the capture is truncated or altered */
	KVT_LOST = 4,		/* the kernel lost events: no capture */
	KVT_FAILED = 5,		/* anything else; the message says what */
};

/* util.c */

/* Prints "kvt: MESSAGE" on stderr and exits with CODE; does not return. */
void die(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* SIZE bytes, not zeroed, for what is large; free() frees them. */
void *xlarge(size_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* A whole file as memory, with a NUL behind it; dies if it can't be read. */
char *read_file(const char *path, size_t *size);
/* The same, but NULL when the file is not there. */
char *read_file_if(const char *path, size_t *size);
void write_file(const char *path, const void *data, size_t size);
FILE *open_file(const char *path, const char *mode);
/* Closes a stream that was written to; dies if not all of it arrived. */
void close_file(FILE *f, const char *path);
/* SHA-256 of memory as 64 lower-case hex digits, NUL-terminated. */
/* Ends a SHA-256: the sum in hexadecimal; SUM can begin again. */
void sha256_end(struct sha256_ctx *sum, char hex[65]);
void sha256_hex(const void *data, size_t size, char hex[65]);

/* Splits LINE in place at tabs; returns the number of fields, at most MAX. */
int split_tabs(char *line, char **field, int max);

/* A command-line number within [low, high], or a usage error. */
long parse_number(const char *option, const char *text, long low, long high);

/* symbols.c: symbols.tsv, the committed index of the kernel's source */

struct symbol {
	char *name;
	char *kind;		/* function, variable, struct, macro, ... */
	char *path;		/* relative to the kernel tree */
	int line;		/* of the definition, from 1 */
	int end;		/* its last line; 0 when unknown */
};

struct symbols {
	struct symbol *sym;
	size_t count;
	char *text;
};

struct symbols *symbols_load(const char *path);
/* The definition that NAME means, with or without a suffix; or NULL. */
const struct symbol *symbols_find(const struct symbols *s, const char *name);
void symbols_free(struct symbols *s);
/* Strips what the compiler appends to the name of a function whose
 * arguments or extent it changed: "foo.isra.0" -> "foo". */
void strip_suffix(char *name);

/* The kernel directories whose functions are recorded. */
bool is_kvm_path(const char *path);
/* Functions just outside of KVM that calls pass through; NULL-terminated. */
extern const char *const boundary_functions[];

/* facts.c: a directory of plain files */

struct function {
	unsigned long number;	/* its line in available_filter_functions */
	uint64_t address;
	char *name;		/* with the compiler's suffix, if any */
	bool is_static;		/* may be inlined by some of its callers */
};

struct facts {
	struct function *function;	/* by address */
	size_t functions;
	struct function *variable;	/* KVM's, by address; no numbers */
	size_t variables;
	size_t untraced;		/* KVM functions out of sight */
	char *release;			/* uname -r */
	char config[65];		/* SHA-256 of the configuration */
	struct types *types;
	struct tep_handle *tep;		/* formats of the events we record */
};

struct function *functions_load(const char *path, size_t *count);
struct facts *facts_load(const char *dir);
const struct function *facts_function(const struct facts *f, uint64_t addr);
/* The variable of KVM's at exactly that address, or NULL. */
const char *facts_variable(const struct facts *f, uint64_t addr);

/* The tracepoints of system calls that are recorded; NULL-terminated. */
extern const char *const recorded_syscalls[];

/* types.c */

struct types *types_load(const char *btf_file);
struct type_func;
/* The prototype of a kernel function, or NULL where BTF has none. */
const struct type_func *types_function(struct types *t, const char *name);

enum value_class {
	VALUE_VOID,
	VALUE_SIGNED,
	VALUE_UNSIGNED,
	VALUE_BOOL,
	VALUE_ENUM,
	VALUE_POINTER,
	VALUE_PHYSICAL,		/* a physical address of the host's */
	VALUE_FRAME,		/* the number of a page of the host's, or why none */
	VALUE_ENTRY,		/* of a page table */
	VALUE_BYTES,		/* a struct or union passed in registers */
};

struct value_type {
	enum value_class class;
	unsigned int size;	/* bytes */
	char name[64];		/* of the struct pointed to, the enum, ... */
	unsigned int pointee_size;	/* bytes; 0 when unknown */
	unsigned int id;	/* BTF type id of an enum */
};

int type_func_args(const struct type_func *f);
const char *type_func_arg(const struct type_func *f, int i,
			  struct value_type *t);
void type_func_result(const struct type_func *f, struct value_type *t);
const char *types_enum_name(struct types *t, unsigned int id, int64_t value);
/* Writes VALUE as the enumerators of one bit each that it is made of;
 * false, and nothing: it is 0, or the enumeration is not one of bits. */
bool types_enum_bits(FILE *out, struct types *t, unsigned int id,
		     uint64_t value);

struct type_field {
	const char *name;	/* "" of a struct without one */
	unsigned int offset;	/* bytes into the struct */
	unsigned int size;	/* bytes, of one element of an array */
	unsigned int count;	/* elements; 1 of what is no array */
	bool is_array;
	int id;			/* of the struct or union it is; or 0 */
	struct value_type type;	/* of what is neither */
};

/* The BTF type id of a struct; negative where BTF has none. */
int types_struct(struct types *t, const char *name);
/* Field I, from 0, of the struct or union ID; of a union the first only.
 * False: there is no such field. */
bool types_field(struct types *t, int id, int i, struct type_field *f);
/* What stands OFFSET bytes into the struct NAME, as "regs.regs[3]"; the
 * size in bytes, or 0: nothing begins there. */
unsigned int types_path(struct types *t, const char *name,
			unsigned int offset, char *path, size_t size);

/* values.c */

struct objects;
struct objects *objects_new(const struct facts *facts);
/* The types of the kernel whose objects they are. */
struct types *objects_types(const struct objects *o);
/* Appends the text of one value, numbering pointers as they appear. */
void value_print(FILE *out, struct objects *o, const struct value_type *t,
		 uint64_t word, uint64_t next_word);
/* As a function's result: negative errnos by name. */
void result_print(FILE *out, struct objects *o, const struct value_type *t,
		  uint64_t word);
/* The object of type NAME at ADDRESS is gone; the next there is another. */
void objects_retire(struct objects *o, const char *name, uint64_t address);
/* The functions that destroy an object; ends with a function of NULL. */
struct object_end {
	const char *function;
	int arg;		/* which of its arguments, from 0 */
	const char *type;	/* as in a capture */
};
extern const struct object_end object_ends[];
const char *errno_name(int error);

/* attach.c: a process that runs already; each dies if there is none */

/* Its threads, "12 13 14 ", to be freed. */
char *attach_threads(pid_t pid);
/* The file that it runs, to be freed. */
char *attach_program(pid_t pid);
/* Writes "FD KIND" lines, by tabs, of its descriptors that are KVM's. */
void attach_fds(pid_t pid, FILE *out);

/* decode.c */

/* What of a call's or event's values says how to read the next. */
struct decode {
	const char *where;	/* the function, tracepoint or struct */
	struct types *types;
	uint64_t before;	/* the value before this one */
	const char *about;	/* whose attributes: "vcpu", "vgic", or NULL */
};

/*
 * Writes WORD, which NAME of D->where holds, as a name, where it is known
 * to be one; false: nothing is known, and nothing was written.
 */
bool decode_value(FILE *out, const struct decode *d, const char *name,
		  const struct value_type *t, uint64_t word);
/* A syndrome: 0x92000046 (DABT_LOW, level 2 translation fault, write). */
void esr_print(FILE *out, uint64_t esr);
/* The id of a register, as of KVM_GET_ONE_REG; TYPES may be NULL. */
void reg_print(FILE *out, struct types *types, uint64_t id);

/* passed.c */

/*
 * Writes " {field=value, ...}" of the struct TYPE that a program passed by
 * address: its first SIZE bytes are in WORD, at most 64; "..." is the rest.
 * ABOUT: whose attributes are meant, "vcpu", "vgic", or NULL: not known.
 * Writes nothing where the type is not known.
 */
void passed_print(FILE *out, struct objects *o, const char *type,
		  const char *about, const uint64_t *word, unsigned int size);

/* raw.c: events in order of time, over all CPUs */

struct raw_event {
	uint64_t ts;		/* ns */
	int cpu;
	unsigned int size;
	void *data;
};

struct raw;
/* Its files in DIR are NAME and the CPU's number: "cpu0.raw". */
struct raw *raw_open(const char *dir, const char *name);
/* The same of pages in memory, which it then owns; a call a CPU. */
struct raw *raw_new(void);
void raw_add_cpu(struct raw *r, char *pages, size_t size);
/* The next event, or NULL at the end. */
struct raw_event *raw_next(struct raw *r);
/* Events that the kernel says it dropped, all CPUs together. */
unsigned long long raw_lost(const struct raw *r);
void raw_close(struct raw *r);

/* The lines "key value..." of a recording's meta file. */
const char *meta_get(const char *meta, const char *key, char *buf,
		     size_t size);

/* lines.c */

enum { USER_ADDRESSES = 5 };
struct lines;

/* Asks addr2line for the places of COUNT addresses in PROGRAM. */
struct lines *lines_load(const char *program, const uint64_t *address,
			 size_t count);
/*
 * Where a system call was made: of its return addresses, nearest first,
 * the first that lies in SOURCE[0], else in any SOURCE.  "FILE:LINE" with
 * the source's name as given, to be freed; NULL: nowhere in them.
 */
char *lines_find(const struct lines *l, const uint64_t address[USER_ADDRESSES],
		 char *const *source, int sources);
/* The places of an address that was asked for, what is inlined first:
 * "/PATH:LINE"; returns how many there are. */
int lines_at(const struct lines *l, uint64_t address, char ***frame);
void lines_free(struct lines *l);

/* The addr2line for arm64 programs: $ADDR2LINE, or what is usual. */
const char *addr2line(void);

/* A capture in memory: tree.c, read.c */

enum node_kind {
	NODE_CALL,		/* a kernel function */
	NODE_SYSCALL,
	NODE_EVENT,		/* a tracepoint */
	/* Levels: the source has them, but nothing was recorded of them. */
	NODE_INLINED,		/* a function inlined into the one above */
	NODE_UNSEEN,		/* one that the recorder leaves alone */
};

/* There is one a record: its size is what a capture costs to read. */
struct node {
	char *name;
	char *args;		/* between the parentheses; "" if none */
	char *place;		/* FILE:LINE where it was called, of the
				 * program or the kernel, or NULL */
	char *result;		/* NULL when there is none */
	struct node *parent;
	struct node **child;
	unsigned int children;
	unsigned int line;	/* of the capture file, from 1 */
	/* set by tree_fold() */
	uint64_t shape;		/* hash of the names in the subtree */
	unsigned int times;	/* how often its group stands in a row */
	unsigned int index;	/* its place among its siblings */
	unsigned char group;	/* how many siblings the group has */
	bool leader;		/* the first of its group's first round */
	bool hidden;		/* in a later round */
	bool open;		/* entered, but the recording ended inside */
	enum node_kind kind;
};

/* Was N recorded, or is it a level that only the source has? */
static inline bool is_level(const struct node *n)
{
	return n->kind == NODE_INLINED || n->kind == NODE_UNSEEN;
}

struct thread {
	char *name;
	struct node root;
};

struct capture {
	const char *file;
	char **header;		/* the lines before the first thread */
	unsigned int headers;
	struct thread *thread;
	unsigned int threads;
	unsigned long records;	/* without levels */
	bool stream;		/* no tree: its threads have no children */
	struct memory *memory;	/* where all of it is */
};

/* For trees made by hand; a capture's own nodes are freed with it. */
struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name);
void node_free(struct node *n);

/* Reads FILE; a capture that is not whole and sound ends the program. */
struct capture *capture_read(const char *file);
/* The same of SIZE bytes from malloc() with a NUL behind them, which the
 * capture then owns; FILE is for messages. */
struct capture *capture_read_text(const char *file, char *text, size_t size);
/*
 * Checks all of FILE, but keeps no tree: memory is that of the largest
 * system call.  Only capture_each() and tree_walk() with a view that
 * unfolds can read the calls.  What is no regular file is read whole.
 */
struct capture *capture_stream(const char *file);
/* Calls EACH with every system call of a stream (and with what stands
 * outside of one), in order; N is gone when EACH returns. */
void capture_each(struct capture *c,
		  void (*each)(void *data, const struct thread *t,
			       struct node *n), void *data);
/* What keeps LINE from being one of a capture, or NULL: a capture is shown
 * on terminals, and no line of it may command them. */
const char *text_fault(const char *line);
/* The rest of the first header line that begins with KEY, or NULL. */
const char *capture_header(const struct capture *c, const char *key);
/* Is FEATURE ("sites") one of those that the header says were recorded? */
bool capture_has(const struct capture *c, const char *feature);
void capture_free(struct capture *c);
/* Takes the levels out of a capture in memory: what they hold moves up. */
void tree_flatten(struct capture *c);

/* sites.c: where the kernel's functions were called from */

enum { MAX_LEVELS = 32 };

struct site_level {
	enum node_kind kind;	/* NODE_INLINED or NODE_UNSEEN */
	char *name, *place;	/* PLACE: "FILE:LINE" or NULL */
};

struct sites;
/*
 * Looks up COUNT return addresses of the kernel of which RUNNING tells and
 * which VMLINUX is, with debugging information; RUNNING is NULL when they are
 * VMLINUX's own addresses, KVM's among them.  What the file TABLE has is not
 * asked again, and what is new goes there; NULL: no table.  Sorts ADDRESS.
 * Dies where the file or addr2line cannot be read, and when VMLINUX is
 * another kernel.
 */
struct sites *sites_load(const char *vmlinux, const struct facts *running,
			 const char *table, uint64_t *address, size_t count);
/*
 * What stands between CALLER (NULL: none that was traced) and a call that
 * returns to ADDRESS, outermost first; returns how many.  PLACE is the line
 * of the call itself, or NULL.  All of it is the sites' own.
 */
int sites_levels(const struct sites *s, uint64_t address, const char *caller,
		 struct site_level level[MAX_LEVELS], const char **place);
void sites_free(struct sites *s);

/* times.c: the file that --times of record and import wrote */

struct record_time {
	uint64_t start, duration;	/* ns */
	int cpu;
};

struct times;
/* The times of C; each of these dies if FILE does not fit it. */
struct times *times_open(const char *file, const struct capture *c);
struct record_time times_next(struct times *t);
/* There must be none left. */
void times_close(struct times *t);

struct view {
	const char *function;	/* only subtrees of this function */
	const char *syscall;	/* only these system calls or ioctls */
	const char *at;		/* only those made at FILE:LINE */
	long nth;		/* only the nth match, from 1; 0: all */
	long depth;		/* levels below each root; 0: all */
	bool unfold;		/* show repetitions one by one */
	bool folded;		/* the tree says itself what repeats */
	bool traced;		/* without levels */
	bool optional;		/* that nothing fits is no mistake */
};

/* Marks runs of siblings of the same shape (periods up to 8), wherever in
 * the program their calls were made; tree_walk() tells those apart. */
void tree_fold(struct node *n);
/* The same, but arguments and results are part of the shape. */
void tree_fold_args(struct node *n);
/* Adds TEXT to a hash, without the numbers in it that differ between two
 * runs of one program: vcpu#0, phys#1+0x20, 5:vcpu. */
uint64_t tree_hash_text(uint64_t hash, const char *text);
/* The request of an ioctl: "KVM_RUN" of "6:vcpu, KVM_RUN, 0", or "". */
const char *request_of(const struct node *n, size_t *length);
/* Is the result, which N must have, part of the shape? */
bool is_telling(const struct node *n);
/*
 * What a format prints for what a walk meets.  DEPTH is how deep a line
 * stands below the first that is shown, groups included.
 */
struct tree_ops {
	/* A thread begins; called only where a capture has several. */
	void (*thread)(void *data, const struct thread *t);
	/* A row of calls that repeats begins, and ends. */
	void (*group)(void *data, const struct node *first, long depth);
	void (*group_end)(void *data, long depth);
	/* A call; TIMES is how often it stands in a row, 1 if that is said
	 * elsewhere.  LEVEL counts calls only.  BELOW: how many more there
	 * are that the view's depth leaves out. */
	void (*enter)(void *data, const struct node *n, long depth,
		      long level, unsigned int times, unsigned long below);
	void (*leave)(void *data, const struct node *n, long depth);
};

/* Walks what VIEW selects of C; dies if that is nothing. */
void tree_walk(struct capture *c, const struct view *view,
	       const struct tree_ops *ops, void *data);
/* Does VIEW select nothing, but show all system calls? */
bool tree_shows_all(const struct view *v);
/* What VIEW selects, as options: " --syscall NAME --nth 2"; to be freed. */
char *tree_asked(const struct view *v);
/* How many calls, system calls and events there are below N. */
unsigned long tree_count(const struct node *n);
/* Are the repetitions of N's group the same to the letter? */
bool tree_group_alike(const struct node *n);
/* gaps.c: what a function may call out of the tracer's sight */

struct gap_step {
	const char *name;
	const char *kind;	/* noinstr, assembly, hypercall, EL2, notrace,
				 * inlined */
	const char *call;	/* PATH:LINE, in the step before it */
	const char *definition;	/* PATH:LINE */
};

struct gap_chain {
	const char *function;	/* that begins the chain, and is traceable */
	const char *modes;	/* "nvhe protected" */
	const struct gap_step *step;
	int steps;
};

struct gaps;
/* Reads a gaps.tsv; dies if it is none. */
struct gaps *gaps_load(const char *path);
/* The gaps.tsv in the directory of the index SYMBOLS. */
struct gaps *gaps_beside(const char *symbols);
/* From here on, gaps are those in C's mode; dies if C's kernel has another
 * release than the table's. */
void gaps_choose(struct gaps *g, const struct capture *c);
/* The gaps below N, a call or a function inlined in one, one by one, NULL at
 * the end; AFTER is the one before, or NULL.  A G of NULL has none. */
const struct gap_chain *gaps_next(const struct gaps *g, const struct node *n,
			    const struct gap_chain *after);
/* The step of the gaps below N that is the first below N. */
int gap_begin(const struct node *n);
/* While a tree is shown: N is entered, and left. */
void gaps_enter(struct gaps *g, const struct node *n);
void gaps_leave(struct gaps *g);
/*
 * Calls EACH for the gaps of the call that was entered last which stand
 * before CHILD in the source, and did not before an earlier child; a CHILD of
 * NULL: for all that are left.  DEPTH is passed on.
 */
void gaps_before(struct gaps *g, const struct node *child,
		 void (*each)(void *data, const struct node *n,
			      const struct gap_chain *gap, long depth),
		 void *data, long depth);
/* Is it a function merged into another, and not a call? */
bool gap_is_inlined(const struct gap_chain *gap);
/* Does the chain end where a guest is entered? */
bool gap_runs_guest(const struct gap_chain *gap);
/* Why a step cannot be seen, in words. */
const char *gap_kind(const struct gap_step *s);
void gaps_free(struct gaps *g);

/* export.c: SIZE bytes of text as a string of JSON, quotes and all. */
void json_string(FILE *out, const char *text, size_t size);

/* html.c: prints S so that HTML takes it as text, in attributes, too. */
void put_text(const char *s);

/* show.c: the terminal's format, for object and diff, too */

struct painter {
	const struct symbols *symbols;
	bool colour;
	bool legend;		/* explain the marks of levels */
	/* NULL, or what is said about a call: NULL if it is only on the
	 * way to one that is meant, else what to put behind it. */
	const char *(*mark)(void *data, const struct node *n);
	void *data;
	bool dim;		/* this line */
	bool cut;		/* what is below it is not shown */
	struct gaps *gaps;	/* to be shown, or NULL */
};

enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED };

extern const struct tree_ops show_ops;	/* their data is a painter */
void show_header(const struct painter *p, const struct capture *c);
/* A call with its arguments and result; and where the source has it. */
void show_call(const struct painter *p, const struct node *n);
void show_place(const struct painter *p, const struct node *n);
/* What follows is in PAINT; PLAIN ends that. */
void show_paint(const struct painter *p, enum paint paint);
/* html.c: the book's format, for diff, too */

struct page {
	const struct symbols *symbols;
	const char *base;	/* of links to the source; ends in a slash */
	long open;		/* levels that are unfolded at first */
	bool cut;		/* what is below the call is not shown */
	long inside;		/* calls that are entered and not left */
	const struct capture *capture;	/* that a whole tree is of */
	struct gaps *gaps;	/* to be shown, or NULL */
};

extern const char html_source_base[];	/* when nothing else is asked for */

void html_call(const struct page *p, const struct node *n);
void html_place(const struct page *p, const struct node *n);

/* options.c: what the commands that read captures have in common */

/* Which of the shared options a command takes. */
enum {
	TAKE_CALLS = 1,		/* --syscall, --at, --function, --depth */
	TAKE_NTH = 2,		/* --nth */
	TAKE_UNFOLD = 4,	/* --unfold */
	TAKE_VIEW = TAKE_CALLS | TAKE_NTH | TAKE_UNFOLD,
	TAKE_SYMBOLS = 8,	/* --symbols */
	TAKE_COLOUR = 16,	/* --color */
	TAKE_OPEN = 32,		/* --open */
	TAKE_BASE = 64,		/* --source-base */
	TAKE_GAPS = 128,	/* --gaps */
	TAKE_TRACED = 256,	/* --traced */
};

/* What they said; what is set before the parsing are the defaults. */
struct options {
	struct view view;
	const char *symbols_file;	/* NULL: neither said nor in KVT_SYMBOLS */
	struct symbols *symbols;	/* by options_symbols() */
	bool gaps;
	bool colour;
	const char *base;	/* of links to the source; ends in a slash */
	long open;		/* levels that are unfolded at first */
};

struct option;

struct command_options {
	unsigned int takes;
	const struct option *own;	/* the command's, ends in {}; or NULL */
	const char *letters;	/* the short ones among them, for getopt() */
	/* One of its own; VALUE is NULL where it takes none. */
	void (*take)(void *data, int opt, const char *value);
	const char *help;
};

/*
 * Takes all options; optind is then the first argument.  Below 0: go on;
 * else the exit code: help was asked for, or an option is wrong.
 */
int options_parse(struct options *o, const struct command_options *c,
		  void *data, int argc, char **argv);
/* The index, or NULL when there is none; options_free() frees it. */
const struct symbols *options_symbols(struct options *o);
/* The gaps if they were asked for, or NULL; to be freed. */
struct gaps *options_gaps(const struct options *o);
void options_free(struct options *o);
/* What --color says; dies if it says nothing. */
bool want_colour(const char *when);

/* write.c: what VIEW selects as a capture of its own, unfolded */
void capture_write(FILE *out, struct capture *c, const struct view *view);

/* Subcommands; each returns an exit code. */
int cmd_facts(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_html(int argc, char **argv);
int cmd_lanes(int argc, char **argv);
int cmd_lines(int argc, char **argv);
int cmd_object(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_cover(int argc, char **argv);
int cmd_gaps(int argc, char **argv);
int cmd_index(int argc, char **argv);

/* import.c, for record */
struct import {
	const char *facts;	/* directory */
	const char *raw;	/* directory */
	const char *out;	/* file, or NULL for stdout */
	const char *times;	/* sidecar file, or NULL */
	const char *program;	/* with debugging information, or NULL */
	const char *vmlinux;	/* the same of the kernel, or NULL */
	bool keep_sites;	/* in the facts' directory, for the next time */
	char **source;		/* files whose hashes the header holds */
	int sources;
};
int import_recording(const struct import *im);

#endif
