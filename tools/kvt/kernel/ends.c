// SPDX-License-Identifier: MIT
/* The functions of KVM that destroy an object. */
#include <stddef.h>

#include "kernel/ends.h"

const struct object_end object_ends[] = {
	{ "kvm_arch_vcpu_destroy", 0, "vcpu" },
	{ "kvm_destroy_vm", 0, "kvm" },
	{ "kvm_vm_release", 1, "file" },
	{ "kvm_vcpu_release", 1, "file" },
	{ "kvm_vm_stats_release", 1, "file" },
	{ "kvm_vcpu_stats_release", 1, "file" },
	{ "kvm_device_release", 1, "file" },
	{ NULL, 0, NULL }
};
