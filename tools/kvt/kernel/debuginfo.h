/* SPDX-License-Identifier: MIT */
/*
 * The debugging information (DWARF) of a kernel or a program: which function
 * an instruction belongs to, which functions the compiler inlined there, and
 * the source lines.  Answers are those of `addr2line -f -i`.
 *
 * Nothing here dies but for want of memory.  A file without debugging
 * information has names of functions, and no lines.  Each part of the file is
 * read when somebody asks for it, and kept.  All strings belong to the struct
 * debuginfo and are valid until debuginfo_close().
 */
#ifndef KVT_DEBUGINFO_H
#define KVT_DEBUGINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct debuginfo;

/* One function that an instruction belongs to. */
struct debug_frame {
	const char *function;	/* NULL: unknown */
	const char *file;	/* absolute, without "." and ".."; NULL: unknown */
	int line;		/* from 1; 0: unknown */
};

/* NULL: the file cannot be read, or is no ELF file. */
struct debuginfo *debuginfo_open(const char *file);
/*
 * Sets FRAME to the functions that the instruction at ADDRESS belongs to: the
 * innermost inlined one first, with the line of the instruction, then the one
 * that it is inlined into, with the line of the inlined call, and so on.
 * Returns how many; 0 when nothing is known.  FRAME is valid until the next
 * call.
 */
int debuginfo_frames(struct debuginfo *d, uint64_t address,
		     const struct debug_frame **frame);
/*
 * Does a statement begin at the instruction at ADDRESS that is in the lines
 * FROM to TO of FILE?  Where none does, the compiler may have moved the
 * instruction away from the statement that it belongs to.
 */
bool debuginfo_statement(struct debuginfo *d, uint64_t address,
			 const char *file, int from, int to);
/*
 * The register in which the function that begins at ADDRESS gets its argument
 * NAME, and its SIZE in bytes; -1: it has none of that name, or gets it
 * elsewhere.
 */
int debuginfo_argument(struct debuginfo *d, uint64_t address, const char *name,
		       unsigned int *size);
/* The address of the function NAME in the symbol table, or 0. */
uint64_t debuginfo_symbol(struct debuginfo *d, const char *name);
/*
 * The root of a kernel's source tree, with "/" at its end: what comes before
 * KVM's directories in the paths of the files that were compiled.  NULL when
 * none of them is KVM's.
 */
const char *debuginfo_tree(struct debuginfo *d);
void debuginfo_close(struct debuginfo *d);

#endif
