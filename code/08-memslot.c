/* SPDX-License-Identifier: MIT */
/* Chapter 8: give a virtual machine memory, and change it. */
/* [headers] */
#include "vmm.h"
/* [/headers] */

/* [pages] */
/* Prints how many pages of MEMORY the host has provided so far. */
static void print_pages(void *memory)
{
	unsigned char present[MEMORY_SIZE / 4096] = { 0 };
	int count = 0;

	must(mincore(memory, MEMORY_SIZE, present), "It is unmapped.");
	for (size_t i = 0; i < sizeof(present); i++)
		count += present[i] & 1;
	printf("Pages in memory: %d\n", count);
}
/* [/pages] */

/* [wrong-changes] */
/* Two changes that are refused.  SLOT says how the slot is now. */
static void wrong_changes(int vm,
			  struct kvm_userspace_memory_region slot)
{
	struct kvm_userspace_memory_region resized = slot;
	struct kvm_userspace_memory_region writable = slot;

	resized.memory_size *= 2;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &resized,
			EINVAL);
	writable.flags = 0;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &writable,
			EINVAL);
}
/* [/wrong-changes] */

/* [wrong-slots] */
/* Five slots that cannot be.  SLOT is one that could be. */
static void wrong_slots(int vm, int slots,
			struct kvm_userspace_memory_region slot)
{
	struct kvm_userspace_memory_region misnumbered = slot;
	struct kvm_userspace_memory_region unknown_flag = slot;
	struct kvm_userspace_memory_region unaligned = slot;
	struct kvm_userspace_memory_region overlap = slot;
	struct kvm_userspace_memory_region beyond = slot;

	misnumbered.slot = slots;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &misnumbered,
			EINVAL);
	unknown_flag.flags = 1u << 31;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &unknown_flag,
			EINVAL);
	unaligned.guest_phys_addr += 1024;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &unaligned,
			EINVAL);
	overlap.guest_phys_addr = MEMORY_AT;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &overlap,
			EEXIST);
	beyond.guest_phys_addr = 1ULL << 52;
	kvm_ioctl_fails(vm, KVM_SET_USER_MEMORY_REGION, &beyond,
			EFAULT);
}
/* [/wrong-slots] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	struct kvm_userspace_memory_region slot;
	char *memory;
	int vm, slots;

	vm = create_vm(kvm);
	slots = kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_NR_MEMSLOTS,
			  "This cannot fail.");
	printf("Slots of this VM: 0 to %d\n", slots - 1);
/* [/main] */

/* [create] */
	memory = map(-1, MEMORY_SIZE);
	print_pages(memory);
	add_memory(vm, 0, MEMORY_AT, memory, MEMORY_SIZE, 0);
	printf("Slot 0 is at 0x%x\n", MEMORY_AT);
	print_pages(memory);
	memory[0] = 1;
	print_pages(memory);
/* [/create] */

/* [move] */
	slot = (struct kvm_userspace_memory_region) {
		.guest_phys_addr = MEMORY_AT + MEMORY_SIZE,
		.memory_size = MEMORY_SIZE,
		.userspace_addr = (uintptr_t)memory,
	};
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot,
		  "Another slot is there.");
	printf("Slot 0 is at 0x%llx\n", slot.guest_phys_addr);
/* [/move] */

/* [flags] */
	slot.flags = KVM_MEM_LOG_DIRTY_PAGES;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot,
		  "There is no memory for the log.");
	printf("Slot 0 has a log of writes\n");
/* [/flags] */

/* [delete] */
	slot.memory_size = 0;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot,
		  "There is no slot 0.");
	printf("Slot 0 is deleted\n");
/* [/delete] */

/* [read-only] */
	slot.flags = KVM_MEM_READONLY;
	slot.guest_phys_addr = MEMORY_AT;
	slot.memory_size = MEMORY_SIZE;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot,
		  "Slots of this VM cannot be read-only.");
	printf("Slot 0 is new, and read-only\n");
	wrong_changes(vm, slot);
/* [/read-only] */

/* [new] */
	slot.slot = 1;
	slot.flags = 0;
	slot.guest_phys_addr = MEMORY_AT + MEMORY_SIZE;
	wrong_slots(vm, slots, slot);
/* [/new] */

/* [nothing] */
	slot.userspace_addr = 0;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot,
		  "The slot does not fit.");
	printf("Slot 1 is at 0x%llx, with nothing behind it\n",
	       slot.guest_phys_addr);
	return 0;
}
/* [/nothing] */
