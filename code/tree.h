/* SPDX-License-Identifier: MIT */
/*
 * The device tree: what tells the guest what it has.  libfdt writes it.
 * Chapter 30 explains it.
 */
/* [headers] */
#ifndef TREE_H
#define TREE_H

#include <arpa/inet.h>
#include <libfdt.h>
#include "pl011.h"
#include "virtio.h"
/* [/headers] */

/* [machine] */
enum { TREE_SIZE = 64 * KIB };

/* What the tree is about, besides what is always the same. */
struct machine {
	int vcpus;
	const char *arguments;		/* the kernel's command line */
	uint64_t initrd, initrd_end;	/* equal: there is none */
};
/* [/machine] */

/* [cells] */
enum { TREE_CELLS = 12 };

/* A property of numbers of 32 bits, big-endian there. */
static inline int cells(void *tree, const char *name, int count,
			const uint32_t *values)
{
	uint32_t big[TREE_CELLS];

	for (int i = 0; i < count; i++)
		big[i] = htonl(values[i]);
	return fdt_property(tree, name, big, 4 * count);
}

#define CELLS(tree, name, ...)					\
	cells(tree, name, sizeof((uint32_t[]) { __VA_ARGS__ }) / 4, \
	      (const uint32_t[]) { __VA_ARGS__ })
/* [/cells] */

/* [names] */
/* A node's name: what it is, and where. */
static inline int begin_node_at(void *tree, const char *what,
				uint64_t address)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%llx", what,
		 (unsigned long long)address);
	return fdt_begin_node(tree, name);
}

/* What an interrupt is called: a kind, a number in it, how it comes. */
enum { GIC_NODE = 1, SPI = 0, PPI = 1, EDGE = 1, HIGH = 4 };
/* [/names] */

/* [chosen] */
static inline void write_chosen(void *tree, const struct machine *m)
{
	fdt_begin_node(tree, "chosen");
	fdt_property_string(tree, "bootargs", m->arguments);
	fdt_property_string(tree, "stdout-path", "/uart@9000000");
	if (m->initrd_end > m->initrd) {
		fdt_property_u64(tree, "linux,initrd-start", m->initrd);
		fdt_property_u64(tree, "linux,initrd-end",
				 m->initrd_end);
	}
	fdt_end_node(tree);

	begin_node_at(tree, "memory", MEMORY_AT);
	fdt_property_string(tree, "device_type", "memory");
	CELLS(tree, "reg", 0, MEMORY_AT, ram_size >> 32, ram_size);
	fdt_end_node(tree);
}
/* [/chosen] */

/* [cpus] */
static inline void write_cpus(void *tree, int vcpus)
{
	fdt_begin_node(tree, "cpus");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 0);
	for (int i = 0; i < vcpus; i++) {
		begin_node_at(tree, "cpu", i);
		fdt_property_string(tree, "device_type", "cpu");
		fdt_property_string(tree, "compatible", "arm,armv8");
		fdt_property_string(tree, "enable-method", "psci");
		fdt_property_u32(tree, "reg", i);
		fdt_end_node(tree);
	}
	fdt_end_node(tree);

	fdt_begin_node(tree, "psci");
	fdt_property_string(tree, "compatible", "arm,psci-1.0");
	fdt_property_string(tree, "method", "hvc");
	fdt_end_node(tree);
}
/* [/cpus] */

/* [gic] */
static inline void write_gic(void *tree, int vcpus)
{
	begin_node_at(tree, "intc", GICD_AT);
	fdt_property_string(tree, "compatible", "arm,gic-v3");
	CELLS(tree, "reg", 0, GICD_AT, 0, 64 * KIB,
	      0, GICR_AT, 0, vcpus * 128 * KIB);
	fdt_property_u32(tree, "#interrupt-cells", 3);
	fdt_property(tree, "interrupt-controller", NULL, 0);
	fdt_property_u32(tree, "phandle", GIC_NODE);
	fdt_end_node(tree);

	fdt_begin_node(tree, "timer");
	fdt_property_string(tree, "compatible", "arm,armv8-timer");
	CELLS(tree, "interrupts", PPI, 13, HIGH, PPI, 14, HIGH,
	      PPI, 11, HIGH, PPI, 10, HIGH);
	fdt_property(tree, "always-on", NULL, 0);
	fdt_end_node(tree);
}
/* [/gic] */

/* [devices] */
static inline void write_devices(void *tree)
{
	begin_node_at(tree, "uart", PL011_AT);
	fdt_property_string(tree, "compatible", "arm,sbsa-uart");
	CELLS(tree, "reg", 0, PL011_AT, 0, 4096);
	CELLS(tree, "interrupts", SPI, PL011_INTID - 32, HIGH);
	fdt_property_u32(tree, "current-speed", 115200);
	fdt_end_node(tree);

	for (int i = 0; i < VIRTIO_DEVICES; i++) {
		uint64_t at = VIRTIO_AT + i * VIRTIO_SIZE;

		if (!virtio[i].id)
			continue;
		begin_node_at(tree, "virtio", at);
		fdt_property_string(tree, "compatible", "virtio,mmio");
		CELLS(tree, "reg", 0, at, 0, VIRTIO_SIZE);
		CELLS(tree, "interrupts", SPI, VIRTIO_INTID - 32 + i,
		      EDGE);
		fdt_property(tree, "dma-coherent", NULL, 0);
		fdt_end_node(tree);
	}
}
/* [/devices] */

/* [write-tree] */
/* Writes TREE_SIZE bytes at most; returns how many. */
static inline int write_tree(void *tree, const struct machine *m)
{
	fdt_create(tree, TREE_SIZE);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_string(tree, "compatible", "linux,dummy-virt");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
	fdt_property_u32(tree, "interrupt-parent", GIC_NODE);
	write_chosen(tree, m);
	write_cpus(tree, m->vcpus);
	write_gic(tree, m->vcpus);
	write_devices(tree);
	fdt_end_node(tree);
	/* No call lacks room: 2 KiB of command line, 3 of the rest. */
	if (fdt_finish(tree))
		fail("The device tree is too large.");
	return fdt_totalsize(tree);
}
/* [/write-tree] */

/* [end] */
#endif
/* [/end] */
