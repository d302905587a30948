/* SPDX-License-Identifier: MIT */
/* Machine code as text, by Capstone.  Chapter 14 explains it. */
/* [headers] */
#ifndef DISASSEMBLE_H
#define DISASSEMBLE_H

#include <capstone/capstone.h>
#include "vmm.h"
/* [/headers] */

/* [disassemble] */
/* Room for an instruction in words. */
enum { INSTRUCTION_SIZE = 200 };

/*
 * Writes the instruction at CODE into TEXT, of INSTRUCTION_SIZE bytes.
 * The guest has it at ADDRESS, from which branches count.
 */
static inline void disassemble(char *text, const char *code,
			       uint64_t address)
{
	cs_insn *instruction;
	csh capstone;

	if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone)) {
		fprintf(stderr, "Capstone does not know arm64.\n");
		exit(1);
	}
	snprintf(text, INSTRUCTION_SIZE, "no instruction");
	if (cs_disasm(capstone, (const uint8_t *)code, 4, address, 1,
		      &instruction)) {
		snprintf(text, INSTRUCTION_SIZE, "%-4s %s",
			 instruction->mnemonic, instruction->op_str);
		cs_free(instruction, 1);
	}
	cs_close(&capstone);
}
/* [/disassemble] */

/* [end] */
#endif
/* [/end] */
