// SPDX-License-Identifier: MIT
/*
 * Where objects of the kernel begin and end, in 6.18.
 *
 * Parts of an object end with it, and objects on the stack end with their
 * frame; import/lifetimes.c takes care of both, so neither needs a row.
 *
 * Some objects have no row because KVM frees them without calling a function
 * that a tracer sees with them: the vgic_irq of an LPI (it ends with its VM),
 * an ITS's collections, VFIO's files, pKVM's mappings.  Objects that are not
 * KVM's own (struct page, mm_struct, task_struct) have none either: they
 * outlive what a capture shows, or mean the same as long as they have their
 * address.
 */
#include <stddef.h>

#include "kernel/ends.h"

const struct object_end object_ends[] = {
	/* kvm_vcpu_destroy() frees the dirty ring, a part of it, afterwards. */
	{ "kvm_arch_vcpu_destroy", END_ARGUMENT, 0, "vcpu", END_WITH_CALLER },
	{ "kvm_arch_vcpu_create", END_ARGUMENT, 0, "vcpu", END_ON_FAILURE },
	{ "kvm_destroy_vm", END_ARGUMENT, 0, "kvm", END_ALWAYS },
	{ "kvm_create_vm", END_FIRST_SEEN, -1, "kvm", END_ON_FAILURE },

	/* What kvm_free_memslot() calls last before kfree(). */
	{ "kvm_arch_free_memslot", END_ARGUMENT, 1, "memslot", END_ALWAYS },
	/* A slot that was moved, or whose flags were changed, is a new one;
	 * kvm_commit_memory_region() frees the old one. */
	{ "kvm_arch_commit_memory_region", END_ARGUMENT, 1, "memslot",
	  END_UNLESS_DELETE },
	/* The invalid slot, for as long as a slot is moved or deleted. */
	{ "kvm_set_memslot", END_FIRST_SEEN, -1, "memslot", END_ALWAYS },
	{ "kvm_set_memory_region", END_FIRST_SEEN, -1, "memslot",
	  END_ON_FAILURE },

	{ "kvm_vm_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_vcpu_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_vm_stats_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_vcpu_stats_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_device_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_debugfs_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_ptdump_guest_close", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_gmem_release", END_ARGUMENT, 1, "file", END_ALWAYS },
	{ "kvm_gmem_release", END_ARGUMENT, 0, "inode", END_ALWAYS },
	{ "kvm_gmem_release", END_MENTIONED, -1, "gmem", END_ALWAYS },

	{ "vgic_destroy", END_ARGUMENT, 0, "device", END_ALWAYS },
	{ "vgic_its_destroy", END_ARGUMENT, 0, "device", END_ALWAYS },
	{ "vgic_its_destroy", END_MENTIONED, -1, "vgic_its", END_ALWAYS },
	{ "kvm_vfio_release", END_ARGUMENT, 0, "device", END_ALWAYS },
	{ "vgic_create", END_ARGUMENT, 0, "device", END_ON_FAILURE },
	{ "vgic_its_create", END_ARGUMENT, 0, "device", END_ON_FAILURE },
	{ "kvm_vfio_create", END_ARGUMENT, 0, "device", END_ON_FAILURE },
	{ "its_free_ite", END_ARGUMENT, 1, "its_ite", END_ALWAYS },
	{ "vgic_its_free_device", END_ARGUMENT, 2, "its_device", END_ALWAYS },
	{ "vgic_v3_free_redist_region", END_ARGUMENT, 1, "vgic_redist_region",
	  END_ALWAYS },

	/* Registering anything replaces the bus by a copy. */
	{ "kvm_io_bus_register_dev", END_ALL, -1, "io_bus", END_ALWAYS },
	{ "kvm_io_bus_unregister_dev", END_ALL, -1, "io_bus", END_ALWAYS },
	{ "kvm_io_bus_destroy", END_ARGUMENT, 0, "io_bus", END_ALWAYS },
	{ "kvm_io_bus_register_dev", END_ARGUMENT, 4, "io_device",
	  END_ON_FAILURE },
	{ "kvm_io_bus_unregister_dev", END_ARGUMENT, 2, "io_device",
	  END_ALWAYS },
	{ "ioeventfd_destructor", END_ARGUMENT, 0, "io_device", END_ALWAYS },
	{ "coalesced_mmio_destructor", END_ARGUMENT, 0, "io_device",
	  END_ALWAYS },

	/* A kernel worker frees it later, which is not a thread we record. */
	{ "irqfd_deactivate", END_ARGUMENT, 0, "kernel_irqfd", END_ALWAYS },
	{ "kvm_irqfd", END_FIRST_SEEN, -1, "kernel_irqfd", END_ON_FAILURE },
	{ "free_irq_routing_table", END_ARGUMENT, 0, "irq_routing_table",
	  END_ALWAYS },

	{ "kvm_pgtable_stage2_destroy", END_ARGUMENT, 0, "pgtable", END_ALWAYS },
	{ "pkvm_pgtable_stage2_destroy", END_ARGUMENT, 0, "pgtable",
	  END_ALWAYS },
	{ NULL, 0, 0, NULL, 0 }
};

const struct object_begin object_begins[] = {
	/* KVM does not run when a file of /dev/kvm is closed. */
	{ "misc_open", 1, "file" },
	{ "anon_inode_getfile", BEGIN_RESULT, "file" },
	{ "anon_inode_getfile_fmode", BEGIN_RESULT, "file" },
	/* Nor when memory is unmapped, but each mmap() has a new one. */
	{ "kvm_vcpu_mmap", 1, "vm_area_struct" },
	{ "kvm_device_mmap", 1, "vm_area_struct" },
	{ "kvm_gmem_mmap", 1, "vm_area_struct" },
	{ NULL, 0, NULL }
};

const struct object_use object_uses[] = {
	{ "misc_open", 1, "system" },
	{ "kvm_no_compat_open", 1, "system" },
	{ "kvm_dev_ioctl", 0, "system" },
	{ "kvm_vm_ioctl", 0, "vm" },
	{ "kvm_vm_release", 1, "vm" },
	{ "kvm_vcpu_ioctl", 0, "vcpu" },
	{ "kvm_vcpu_mmap", 0, "vcpu" },
	{ "kvm_vcpu_release", 1, "vcpu" },
	{ "kvm_device_ioctl", 0, "device" },
	{ "kvm_device_mmap", 0, "device" },
	{ "kvm_device_release", 1, "device" },
	{ "kvm_vm_stats_read", 0, "stats" },
	{ "kvm_vm_stats_release", 1, "stats" },
	{ "kvm_vcpu_stats_read", 0, "stats" },
	{ "kvm_vcpu_stats_release", 1, "stats" },
	{ "kvm_gmem_fallocate", 0, "guest_memfd" },
	{ "kvm_gmem_mmap", 0, "guest_memfd" },
	{ "kvm_gmem_release", 1, "guest_memfd" },
	{ NULL, 0, NULL }
};

const char *const belonging_types[] = { "vgic_irq", "io_bus", NULL };

const struct object_part object_parts[] = {
	{ "s2_mmu", "kvm" },
	{ NULL, NULL }
};
