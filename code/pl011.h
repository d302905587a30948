/* SPDX-License-Identifier: MIT */
/*
 * A UART that Linux has a driver for: as much of Arm's PL011 as the
 * SBSA, a standard for servers, asks for.  Chapter 30 explains it.
 */
/* [headers] */
#ifndef PL011_H
#define PL011_H

#include "lines.h"
#include "terminal.h"
/* [/headers] */

/* [registers] */
enum {
	PL011_AT = 0x09000000, PL011_INTID = 33,
	DR = 0x00,			/* a character in, or out */
	FR = 0x18,			/* flags */
	FR_NOTHING_IN = 1 << 4, FR_ALL_OUT = 1 << 7,
	IMSC = 0x38,			/* which interrupts may come */
	RIS = 0x3c,			/* which would */
	INT_IN = 1 << 4, INT_OUT = 1 << 5,
};
/* [/registers] */

/* [state] */
static int pl011_vm;
static uint32_t pl011_mask;		/* IMSC */
static bool pl011_has_terminal;		/* it gets what is typed */

/*
 * A driver that begins throws away what has come before.  So nothing
 * comes until it wants to be interrupted for it.
 */
static inline bool pl011_input_waits(void)
{
	return pl011_has_terminal && pl011_mask & INT_IN &&
	       typed_first != typed_last;
}

/* There is always room for a character that goes out. */
static inline uint32_t pl011_raw(void)
{
	return INT_OUT | (pl011_input_waits() ? INT_IN : 0);
}

/* The line is high as long as there is a reason that is not masked. */
static inline void pl011_update(void)
{
	static bool was;
	bool level = pl011_raw() & pl011_mask;

	if (level != was)
		set_line(pl011_vm, spi(PL011_INTID), level);
	was = level;
}
/* [/state] */

/* [access] */
static inline uint64_t pl011_read(uint64_t offset)
{
	char c = 0;

	switch (offset) {
	case DR:
		if (pl011_input_waits() && next_typed(&c))
			add(bell);	/* there is room for more */
		pl011_update();
		return (unsigned char)c;
	case FR:
		return FR_ALL_OUT |
		       (pl011_input_waits() ? 0 : FR_NOTHING_IN);
	case IMSC:
		return pl011_mask;
	case RIS:
		return pl011_raw();
	default:
		return 0;
	}
}

static inline void pl011_write(uint64_t offset, uint64_t value)
{
	char c = value;

	if (offset == DR)
		show(&c, 1);
	if (offset == IMSC)
		pl011_mask = value;
	pl011_update();
}

static const struct device pl011 = {
	.address = PL011_AT, .size = 4096,
	.read = pl011_read, .write = pl011_write,
};
/* [/access] */

/* [end] */
#endif
/* [/end] */
