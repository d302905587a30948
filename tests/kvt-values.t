#!/bin/bash
# What a capture shows of the values that tests/kvt/values.c passes.
# KERNEL=book shows more (kernel-values.t).
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 44

kernel=${KERNEL:-stock}
kvt=build/kvt/kvt
export ASAN_OPTIONS=detect_leaks=0
capture tools/trace/capture --kernel "$kernel" --source tests/kvt/values.c -o "$tmp/v.kvt" build/tests/values
is "$status" 0 "the program runs and is recorded"
[[ $status == 0 ]] || diag "$out$err"

v=$(cat "$tmp/v.kvt")
call() { # the line of the Nth such system call: call REQUEST [N]
	grep "^@ioctl([^,]*, $1, " <<<"$v" | sed -n "${2:-1}p"
}
has() { # has TEXT LINE WHAT
	if [[ $2 == *"$1"* ]]; then ok "$3" true; else
		ok "$3" false
		diag "'$1' is not in: ${2:0:2000}"
	fi
}
if_book() { # for what needs results, or calls that Debian's kernel inlines
	if [[ $kernel == book ]]; then
		"$@"
	else
		ok "${*: -1} # SKIP on Debian's kernel" true
	fi
}

has " {slot=3, flags=KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr=0x40000000, memory_size=0x2000, userspace_addr=user#" \
	"$(call KVM_SET_USER_MEMORY_REGION)" "a memory region, field by field"
has " {type=KVM_DEV_TYPE_ARM_VGIC_V3, flags=KVM_CREATE_DEVICE_TEST})" "$(call KVM_CREATE_DEVICE)" \
	"a device, without the descriptor that the kernel fills in"
has " {cap=KVM_CAP_ARM_NISV_TO_USER, flags=0, args=0})" "$(call KVM_ENABLE_CAP)" "a capability"
unlike "$(call KVM_ARM_PREFERRED_TARGET)" "[{].*[{]" "what the kernel fills in is not shown"
has " {target=KVM_ARM_TARGET_GENERIC_V8, features=KVM_ARM_VCPU_PSCI_0_2})" "$(call KVM_ARM_VCPU_INIT)" \
	"features by name"
has " {id=KVM_REG_ARM_CORE regs.pc, addr=user#" "$(call KVM_SET_ONE_REG)" "a register of the core"
has " {id=KVM_REG_ARM64_SYSREG MPIDR_EL1, addr=user#" "$(call KVM_GET_ONE_REG)" "a system register"
like "$(call KVM_SET_USER_MEMORY_REGION 2)" "REGION, 0x10\) " \
	"a struct that nobody can read is an address"
unlike "$(call KVM_SET_USER_MEMORY_REGION 2)" "slot" "... with nothing left over from another"
has " {id=0x0, addr=NULL})" "$(call KVM_GET_ONE_REG 2)" "one that ends where memory does, as a whole"
has " {id=0x0, ...})" "$(call KVM_GET_ONE_REG 3)" "one that ends where no memory is, up to there"
has " {type=KVM_DEV_TYPE_ARM_VGIC_V3, flags=0})" "$(call KVM_CREATE_DEVICE 2)" "no flags"
has " {flags=0, group=KVM_DEV_ARM_VGIC_GRP_ADDR, attr=KVM_VGIC_V3_ADDR_TYPE_DIST, addr=user#" \
	"$(call KVM_SET_DEVICE_ATTR)" "an attribute of a GIC"
if_book like "$(call KVM_SET_DEVICE_ATTR)" "^@ioctl\([0-9]+:device, " "... whose descriptor is known"
has " {guest_ipa=0x40000000, length=0x1000, addr=NULL, flags=KVM_ARM_TAGS_FROM_GUEST})" \
	"$(call KVM_ARM_MTE_COPY_TAGS)" "what is passed by a number that says that nothing is"
has " {irq=KVM_ARM_IRQ_TYPE_SPI 40 vcpu 0, level=1})" "$(call KVM_IRQ_LINE)" "an interrupt line"

has "!kvm_exit(ret=TRAP, esr_ec=DABT_LOW, vcpu_pc=0x40000004)" "$v" "the class of an exit"
has "hsr=0x93010045 (DABT_LOW, level 1 translation fault, write), hxfar=0x9000000" "$v" \
	"the syndrome of the store"
has "!kvm_mmio(type=KVM_TRACE_MMIO_WRITE, len=1, gpa=0x9000000" "$v" "a store to no memory"
has "!kvm_userspace_exit(reason=KVM_EXIT_MMIO, errno=0)" "$v" "the reason of an exit to the program"
if_book has "handle_exit(vcpu=vcpu#0, exception_index=TRAP)" "$v" "arguments, too"
if_book has "table=&sys_reg_descs" "$(grep 'id_to_sys_reg_desc(vcpu=vcpu#0, id=KVM_REG_ARM64_SYSREG MPIDR_EL1' <<<"$v")" \
	"a register's number as an argument"
is "$(grep -o " set_cntvoff(cntvoff=[^)]*)" <<<"$v" | sort -u | tr -d "\n")" " set_cntvoff(cntvoff=...) set_cntvoff(cntvoff=0)" "the host's counter is left out"
has "flags=O_RDWR|O_CLOEXEC" "$(grep 'anon_inode_getfd.*kvm_vcpu_fops' <<<"$v")" "open flags"
has "kvm_vcpu_ioctl(filp=file#2, ioctl=KVM_GET_ONE_REG, arg=user#" "$v" \
	"a request that is another's number on a VM"

capture "$kvt" show "$tmp/v.kvt"
is "$status" 0 "the capture can be read"
"$kvt" show --format kvt "$tmp/v.kvt" >"$tmp/w.kvt"
ok "... and written again, the same" cmp "$tmp/v.kvt" "$tmp/w.kvt"

# --- an address or a number that has several things, one after another -----

capture tools/trace/capture --kernel "$kernel" --source tests/kvt/reuse.c -o "$tmp/r.kvt" build/tests/reuse
is "$status" 0 "a program that makes things again is recorded"
[[ $status == 0 ]] || diag "$out$err"
v=$(cat "$tmp/r.kvt")
numbers() { # the numbers of the argument ARG of FUNCTION: numbers FUNCTION ARG
	grep -oE "^ *$1\([^)]*" <<<"$v" | grep -oE "[(, ]$2=[a-z_]+#[0-9]+" | sed 's/.*=//' | tr '\n' ' '
}
is "$(numbers misc_open file)" "file#0 file#1 file#2 " "each file of /dev/kvm is another"
unlike "$(numbers kvm_vm_ioctl filp)" "file#[012] " "... and no file of a VM"
is "$(numbers kvm_arch_free_memslot slot | tr ' ' '\n' | sort | uniq -d)" "" "each memslot is another"
is "$(numbers kvm_gmem_release file | wc -w) $(numbers kvm_gmem_release file | tr ' ' '\n' | sort -u | wc -w)" \
	"2 2" "each file of a guest_memfd is another"
is "$(grep -c ':guest_memfd) ' <<<"$v")" 2 "... and its descriptor is known"
has "= 5:guest_memfd" "$v" "... from the call that made it"
is "$(numbers vgic_destroy dev)" "device#0 device#1 " "each GIC is another"
is "$(numbers kvm_arch_vcpu_destroy vcpu)" "vcpu#0 vcpu#1 " "each vCPU is another"
is "$(numbers kvm_destroy_vm kvm)" "kvm#1 kvm#2 kvm#3 kvm#0 " "each VM is another"
has "userspace_addr=user#2+0x20000" "$v" "an address in a mapping is named after it"
like "$v" "arg=user#[0-9]+[)]" "an address in the program's own data, which is low"
unlike "$v" "va#" "no address of the program's is one of EL2's"
has "@fcntl(5:vm, F_DUPFD, 20)" "$v" "a copy of a descriptor"
has "@ioctl(20:vm, KVM_CHECK_EXTENSION" "$v" "... is what the first was"
has "@ioctl(5, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS)" "$v" "... which close_range() closed"
