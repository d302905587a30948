#!/bin/bash
# kvt compare finds differences, but only in what both kernels trace.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 21

kvt=build/kvt/kvt
a=tests/kvt/vcpu.kvt

# Another capture: the same lines, changed by a sed script, sealed again.
other() {
	local records
	sed '/^end /d' "$a" | sed "$1" >"$tmp/b.kvt"
	records=$(sed '1,/^thread/d' "$tmp/b.kvt" | grep -vcE '^ *}' || true)
	printf 'end %s sha256:%s\n' "$records" \
		"$(sha256sum <"$tmp/b.kvt" | cut -d' ' -f1)" >>"$tmp/b.kvt"
}

capture "$kvt" compare "$a" "$a"
like "$status $out" "^0 same: 1133 " "a capture is the same as itself"

other '/kvm_init_nested/d'
capture "$kvt" compare "$a" "$tmp/b.kvt"
like "$status $out" "^1 .*kvm_init_nested.*kvm_share_hyp" "a missing call is found"

grep -oE '\b[a-z_0-9]+\(' "$a" | tr -d '(' | sort -u | sed 's/.*/1\t1\t&\tglobal/' >"$tmp/all.tsv"
grep -v kvm_init_nested "$tmp/all.tsv" >"$tmp/some.tsv"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/some.tsv" "$a" "$tmp/b.kvt"
like "$status $out" "^0 same" "a call that one kernel cannot trace does not count"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$a" "$tmp/b.kvt"
is "$status" 1 "a call that both can trace counts"

other 's/KVM_CREATE_VCPU, 512) = -EINVAL/KVM_CREATE_VCPU, 513) = -EINVAL/; s/KVM_CREATE_VCPU, 512)/KVM_CREATE_VCPU, 513)/'
capture "$kvt" compare "$a" "$tmp/b.kvt"
like "$status $out" "^1 .*512.*513" "another argument of a system call is found"

other '/kvm_init_nested/d'
sed '/kvm_init_nested/s/global/static/' "$tmp/all.tsv" >"$tmp/static.tsv"
capture "$kvt" compare --seen-by "$tmp/static.tsv" --seen-by "$tmp/static.tsv" "$a" "$tmp/b.kvt"
like "$status $out" "^0 same.*inlined.*kvm_init_nested" "a static function may be inlined here and there, and is named"
other '/kvm_timer_init_vm/d'
capture "$kvt" compare --seen-by "$tmp/static.tsv" --seen-by "$tmp/static.tsv" "$a" "$tmp/b.kvt"
is "$status" 1 "... a global one may not"

# kvm_arch_init_vm calls it; is it said to be in the same file?
printf 'name\tkind\tpath\tline\tend\nkvm_arch_init_vm\tfunction\tarm.c\t1\t9\nkvm_timer_init_vm\tfunction\tarm.c\t11\t19\n' \
	>"$tmp/symbols.tsv"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$a" "$tmp/b.kvt"
like "$status $out" "^0 same.*inlined.*kvm_timer_init_vm" "... unless its caller is in the same file"
sed '/kvm_timer/s/arm.c/timer.c/' "$tmp/symbols.tsv" >"$tmp/apart.tsv"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" --symbols "$tmp/apart.tsv" "$a" "$tmp/b.kvt"
is "$status" 1 "... by the index that is asked for"
capture "$kvt" compare --symbols "$tmp/symbols.tsv" "$a" "$tmp/b.kvt"
is "$status" 1 "... and where two kernels are compared"

# When a thread has to wait for a processor is up to the scheduler, and what KVM asks
# after a request; not what it asks after another one.
other 's/^\( *\)kvm_share_hyp(.*/&\n\1kvm_update_stolen_time(vcpu=vcpu#0) {\n\1  kvm_share_hyp()\n\1}\n\1kvm_dirty_ring_check_request()\n\1check_nested_vcpu_requests()/'
printf '1\t1\t%s\tglobal\n' kvm_dirty_ring_check_request check_nested_vcpu_requests >>"$tmp/all.tsv"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$a" "$tmp/b.kvt"
like "$status $out" "^0 same" "the time that a vCPU lost is left out, with what is below, where two kernels are compared"
capture "$kvt" compare "$a" "$tmp/b.kvt"
like "$status $out" "^1 .*kvm_update_stolen_time" "... and only there"
other 's/^\( *\)kvm_share_hyp(.*/&\n\1kvm_dirty_ring_check_request()\n\1check_nested_vcpu_requests()/'
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$a" "$tmp/b.kvt"
like "$status $out" "^1 .*kvm_dirty_ring_check_request" "... and not what follows another request"

# Debian's kernel does not show at once that a descriptor is a device's.
other 's/4:vm/4:device/'
cp "$tmp/b.kvt" "$tmp/device.kvt"
other 's/4:vm/4/'
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$tmp/device.kvt" "$tmp/b.kvt"
like "$status $out" "^0 same" "that a descriptor is a device's is left out where two kernels are compared"
capture "$kvt" compare "$tmp/device.kvt" "$tmp/b.kvt"
is "$status" 1 "... and only there"
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$a" "$tmp/b.kvt"
is "$status" 1 "... a VM's is not left out"

# Results of functions have addresses in the program, too, and Debian's kernel
# has no results: the numbers of those that system calls have may differ.
other 's/^@openat(AT_FDCWD, user#0/&+0x10, user#1, user#0/'
cp "$tmp/b.kvt" "$tmp/user.kvt"
other 's/^@openat(AT_FDCWD, user#0/@openat(AT_FDCWD, user#12+0x10, user#15, user#12/'
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$tmp/user.kvt" "$tmp/b.kvt"
like "$status $out" "^0 same" "addresses go by their order where two kernels are compared"
capture "$kvt" compare "$tmp/user.kvt" "$tmp/b.kvt"
is "$status" 1 "... and only there"
other 's/^@openat(AT_FDCWD, user#0/@openat(AT_FDCWD, user#12+0x10, user#15, user#15/'
capture "$kvt" compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$tmp/user.kvt" "$tmp/b.kvt"
is "$status" 1 "... another address is another"
# A rank may be longer than the number: the first eleven come before user#0.
other 's/^@openat(AT_FDCWD, user#0/@openat(AT_FDCWD, user#99, user#98, user#97, user#96, user#95, user#94, user#93, user#92, user#91, user#90, user#0, user#/'
# (What can be traced is never freed.)
capture env ASAN_OPTIONS=detect_leaks=0 build/kvt/asan/kvt compare --seen-by "$tmp/all.tsv" --seen-by "$tmp/all.tsv" "$tmp/b.kvt" "$tmp/b.kvt"
like "$status $out$err" "^0 same" "... however long the numbers are"

capture "$kvt" compare "$a"
is "$status" 2 "one capture is too few"
