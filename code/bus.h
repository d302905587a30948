/* SPDX-License-Identifier: MIT */
/*
 * The bus of the monitor: devices, and who answers a load or a store
 * where the guest has no memory.  Chapter 12 explains it.
 */
/* [headers] */
#ifndef BUS_H
#define BUS_H

#include "vmm.h"
/* [/headers] */

/* [device] */
/* A range of guest addresses, and what a load or a store there does. */
struct device {
	uint64_t address, size;		/* in bytes */
	/* Each may be NULL: a load is then 0, a store has no effect. */
	uint64_t (*read)(uint64_t offset);
	void (*write)(uint64_t offset, uint64_t value);
};
/* [/device] */

/* [add-device] */
enum { DEVICES = 16 };

/* The devices; those without a size are not there yet. */
static struct device bus[DEVICES];

/* Puts a device on the bus; ends the program if that is full. */
static inline void add_device(struct device device)
{
	for (int i = 0; i < DEVICES; i++) {
		if (!bus[i].size) {
			bus[i] = device;
			return;
		}
	}
	fprintf(stderr, "The bus has room for %d devices.\n", DEVICES);
	exit(1);
}
/* [/add-device] */

/* [find-device] */
/* The device at a guest address; NULL if there is none. */
static inline const struct device *find_device(uint64_t address)
{
	for (int i = 0; i < DEVICES; i++)
		if (address - bus[i].address < bus[i].size)
			return &bus[i];
	return NULL;
}
/* [/find-device] */

/* [handle-mmio] */
/* Answers a load or a store; false if no device is there. */
static inline bool handle_mmio(int vcpu, struct kvm_run *run)
{
	const struct device *d = find_device(run->mmio.phys_addr);
	uint64_t offset, value = 0;

	(void)vcpu;	/* it does not matter which */
	if (!d)
		return false;
	offset = run->mmio.phys_addr - d->address;
	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		if (d->write)
			d->write(offset, value);
	} else {
		if (d->read)
			value = d->read(offset);
		memcpy(run->mmio.data, &value, run->mmio.len);
	}
	return true;
}
/* [/handle-mmio] */

/* [uart] */
static inline void uart_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		putchar(value);
}

/* A UART: what the guest stores there, the program prints. */
static const struct device uart = {
	.address = 0x09000000, .size = 4096, .write = uart_write,
};
/* [/uart] */

/* [power] */
static inline void power_write(uint64_t offset, uint64_t value)
{
	if (offset == 0)
		power = value;
}

/* The power switch: a 0 stored there ends run_guest(). */
static const struct device power_switch = {
	.address = 0x09020000, .size = 4096, .write = power_write,
};
/* [/power] */

/* [end] */
#endif
/* [/end] */
