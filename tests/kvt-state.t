#!/bin/bash
# kvt state: what is there at a moment of a capture.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 52
tools/need jq:jq || bail 'no jq'

kvt=build/kvt/asan/kvt
vhe=traces/$RELEASE/vhe
vcpu=$vhe/04-vcpu.kvt
lifetime=$vhe/07-lifetime
# state CHAPTER OPTION...: in text.
state() { $kvt state "${@:2}" "$vhe/$1.kvt"; }
# objects CHAPTER TYPE OPTION...: the living objects of a type.
objects() { state "$1" "${@:3}" | awk -v t="$2#" '/^objects/ { on = 1 } on && index($1, t) == 1 { print $1 }' | xargs; }
json() { $kvt state --json "${@:3}" "$vhe/$1.kvt" | jq -r "$2" | xargs; }

golden state-vcpu.txt state 04-vcpu --syscall KVM_CREATE_VCPU
golden state-before.txt state 04-vcpu --before 82
golden state-run.txt state 11-run --syscall KVM_RUN --nth 2

# --- ends ---------------------------------------------------------------
is "$(objects 04-vcpu vcpu --function kvm_arch_vcpu_destroy)" "vcpu#0 vcpu#1" "a call still has what ends with its caller"
is "$(objects 04-vcpu vcpu --function kvm_vm_ioctl_create_vcpu --nth 3)" "vcpu#0" "... and then it is gone"
is "$(objects 04-vcpu vcpu --syscall close)" "vcpu#0" "a vCPU survives its descriptor"
is "$(state 04-vcpu --syscall close | grep -c 5:vcpu)" 0 "... which is closed"
is "$(objects 04-vcpu 'kvm')$(objects 04-vcpu s2_mmu)$(objects 04-vcpu vcpu)$(objects 04-vcpu file)" "" "at the end all is gone, parts and what the program closed"
is "$(objects 03-vm kvm --syscall KVM_CREATE_VM --nth 3)" "kvm#0" "a VM that could not be made is none"
is "$(for n in 1 2 3 4 5; do objects 08-memslot memslot --syscall KVM_SET_USER_MEMORY_REGION --nth $n; done | xargs)" \
	"memslot#0 memslot#1 memslot#3 memslot#5" "slots: made, moved, with other flags, deleted, made again; the invalid ones do not stay"
is "$(json 08-memslot '.slots[] | select(.gone | not) | .guest_phys_addr + " " + .flags' --syscall KVM_SET_USER_MEMORY_REGION --nth 3)" \
	"0x40010000 KVM_MEM_LOG_DIRTY_PAGES" "... of the program's side only the last is there"
is "$(json 08-memslot '.slots[] | select(.gone | not)' --syscall KVM_SET_USER_MEMORY_REGION --nth 4)" "" "... none when it was deleted"
is "$(json 08-memslot '[.slots[] | .set.line] | length')" 6 "... a region that KVM refused is none"
is "$(json 08-memslot '.slots[] | select(.gone | not)')" "" "... and they go with their VM"
is "$(state 06-run-page --syscall mmap --nth 2 | grep -c 'bytes of 5:vcpu')" 1 "a mapping is gone when it is unmapped"
is "$(json 06-run-page '.mappings | length' --syscall mmap --nth 3)" 2 "... and one that failed is none"
is "$(json 06-run-page '.mappings[] | .object + " " + .length + " " + .offset' --syscall mmap --nth 2)" \
	"vcpu#0 8192 0 vcpu#0 12288 0" "... of a vCPU, this long, from there"

# --- descriptors ----------------------------------------------------------
is "$(json 04-vcpu '.descriptors[] | .name + " " + (.file // "-") + " " + (.object // "-")' --syscall KVM_CREATE_VCPU)" \
	"3:system file#0 - 4:vm file#1 kvm#0 5:vcpu - vcpu#0" "what is behind a descriptor"
is "$(json 04-vcpu '.descriptors[2] | .file, .file_shown.call, .object_shown.call' --syscall KVM_CREATE_VCPU --nth 4)" \
	"file#2 kvm_vcpu_ioctl anon_inode_getfd" "... and the calls that show it; a file may be seen later"
is "$(json 04-vcpu '.descriptors[] | .name + " " + .closed.call' --syscall close --nth 2)" \
	"3:system 4:vm close 5:vcpu close" "who was closed"
is "$(json 18-vgic '.descriptors[] | select(.name == "6:device") | .object, .object_shown.call' --syscall KVM_RUN --nth 2)" \
	"device#0 vgic_v3_has_attr" "KVM_CREATE_DEVICE returns no descriptor: its first use says which device it is of"
is "$(json 25-gmem '.descriptors[] | select(.kind == "guest_memfd") | .object // "-"' --syscall KVM_RUN --nth 3)" \
	"-" "no call has what a guest_memfd is of"
is "$(json 25-gmem '.descriptors[] | select(.kind == "guest_memfd") | .object, .object_shown.call, .made_on' --syscall KVM_RUN --nth 4)" \
	"gmem#0 __kvm_gmem_invalidate_begin kvm#0" "... before its first use; and of which VM it is"
is "$(json 25-gmem '.mappings[] | select(.fd == "6:guest_memfd" and (.gone | not)) | .object' --syscall KVM_RUN --nth 4)" \
	"gmem#0" "... then also of what was mapped before"
is "$(json 25-gmem '.pairs[] | select(.a == "gmem#0" and .shown.call == "kvm_gmem_bind") | .b' --syscall KVM_RUN --nth 4)" \
	"memslot#0" "... and bound before"
is "$(json 25-gmem '.pairs[] | select(.a == "gmem#0" and .shown.call == "kvm_gmem_bind") | .b' --syscall KVM_RUN --nth 5)" \
	"memslot#0 memslot#2" "... as what is bound later"
is "$(state 05-max-vcpus --syscall KVM_CREATE_VM --nth 2 | grep -c ' made in')" 2 "a number that is used again is another descriptor"

seal "$tmp/dup.kvt" 4 <<'END'
kvt 1
kernel 6.18.15
thread 0
@openat(AT_FDCWD, user#0, O_RDWR) = 3:system
@ioctl(3:system, KVM_CREATE_VM, 0) {
  anon_inode_getfile(other_priv=kvm#1, priv=kvm#0) = file#1
} = 4:vm
@dup3(3:system, 4, 0) = 4:system
END
is "$($kvt state --syscall KVM_CREATE_VM "$tmp/dup.kvt" | awk '/4:vm/ { print $2, $3 }')" "file#1 kvm#0" "an argument goes by its whole name"
is "$($kvt state "$tmp/dup.kvt" | awk '/ made in/ { print $1 }' | xargs)" "3:system 4:system" "a descriptor that took another's number"

# --- threads ----------------------------------------------------------------
capture state 07-lifetime
like "$status $err" "^2 .*07-lifetime.kvt has 2 threads: --turns says how they took turns" "threads need their turns"
is "$(objects 07-lifetime kvm --turns $lifetime.turns --syscall KVM_CREATE_VM --nth 2)" "kvm#0 kvm#1" "a VM lives as long as a file holds it"
is "$(state 07-lifetime --turns $lifetime.turns --syscall KVM_CREATE_VM --nth 2 | awk '/:/ { print $1 }' | xargs)" \
	"3:system 5:vcpu 6:stats 4:vm" "... also one that another descriptor's number hides"
is "$(objects 07-lifetime kvm --turns $lifetime.turns)" "" "... and ends when the program does"
is "$(state 07-lifetime --turns $lifetime.turns | awk '/:/ { print $1 }' | xargs)" "3:system" "... and its descriptor with it"
capture state 04-vcpu --turns $lifetime.turns
like "$status $err" "^3 .*07-lifetime.turns is not of this capture" "turns of another capture"

# --- pairs, places, faults ---------------------------------------------------
is "$(json 04-vcpu '.pairs[] | select(.b == "s2_mmu#0") | .a + " " + .shown.link' --syscall KVM_CREATE_VCPU)" \
	"kvm#0 04-vcpu/KVM_CREATE_VM/kvm_dev_ioctl/kvm_create_vm/kvm_arch_init_vm/kvm_init_stage2_mmu pgtable#0 04-vcpu/KVM_CREATE_VM/+6ik2/kvm_init_stage2_mmu/__kvm_pgtable_stage2_init" \
	"a call with two objects, and what the pages call it"
is "$(json 04-vcpu '.pairs | map(select(.a == .b)) | length')" 0 "no object goes with itself"
is "$(json 04-vcpu '.objects[] | select(.name == "vcpu#0") | .inside[0]')" "kvm#0" "the calls around an object's first one had others"
is "$(json 04-vcpu '.after.link' --syscall KVM_CREATE_VCPU --nth 3)" "04-vcpu/KVM_CREATE_VCPU.3" "which moment it is"
is "$(json 11-run '.faults[] | .args.ipa + " " + .handled.call + " " + (.memslot // "-")' --syscall KVM_RUN --nth 2)" \
	"0x40000000 user_mem_abort memslot#0 0x9000000 io_mem_abort -" "faults, and who handled them"

# --- before a call --------------------------------------------------------------
line_of() { $kvt show --unfold --format kvt "$vhe/$1.kvt" | grep -n "$2" | sed -n "${3-1}s/:.*//p"; }
is "$(objects 04-vcpu vcpu --before "$(line_of 04-vcpu 'kvm_arch_vcpu_create(')")" "" "an object is not there before the first call that has it begins"
is "$(objects 04-vcpu vcpu --before "$(line_of 04-vcpu 'kvm_timer_vcpu_init(')")" "vcpu#0" "... and before the next one it is"
is "$(json 04-vcpu '.after, .before.call, (.descriptors | length)' --before "$(line_of 04-vcpu 'anon_inode_getfd(')")" \
	"null anon_inode_getfd 2" "a descriptor is there when its system call has returned, and which moment it is"
is "$(objects 07-lifetime kvm --turns $lifetime.turns --before "$(line_of 07-lifetime '^@ioctl.*KVM_CREATE_VM' 2)")" "kvm#0" "the order is that of all threads"
capture state 04-vcpu --before 99999
like "$status $err" "^2 .*has no call that begins in line 99999" "no call begins there"
capture state 04-vcpu --before "$(line_of 04-vcpu '^ *} = 0$')"
like "$status $err" "^2 .*has no call that begins in line " "... nor where one ends"
capture state 04-vcpu --before 82 --syscall KVM_CREATE_VCPU
like "$status $err" "^2 .*--before LINE is a moment of its own" "one moment at a time"

# --- refusals -----------------------------------------------------------------
capture state 04-vcpu --syscall KVM_CREATE_VCPU --nth 9
like "$status $err" "^2 .*no call that fits --syscall KVM_CREATE_VCPU --nth 9" "a call that is not there"
capture $kvt state
like "$status $err" "^2 .*state takes one capture" "no capture"
head -n 100 "$vcpu" >"$tmp/cut.kvt"
capture $kvt state "$tmp/cut.kvt"
like "$status $err" "^3 .*truncated" "a capture that was cut"
capture bash -c "$kvt state $vcpu >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"

is "$(json 11-run '.. | .link? // empty' | tr ' ' '\n' | grep -cvE '^11-run(/[!~]?[A-Za-z_0-9.]+|/\+[0-9a-z]{4})+$')" 0 "links have the form of links to calls"
