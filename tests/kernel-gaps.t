#!/bin/bash
# A guest that runs on the book's kernel: the tree says where it is entered,
# out of sight, in each mode.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 8

kvt=build/kvt/kvt
symbols=traces/6.18.15/symbols.tsv
unset KVT_SYMBOLS

# record MODE: a capture of the guest in that mode.
record() {
	tools/kvt/capture --kernel book --mode "$1" -o "$tmp/$1.kvt" build/tests/spin >/dev/null
}
# below FUNCTION: the lines right below it that say what it may call unseen.
below() { grep -A1 "^ *$1(" <<<"$out" | sed -n 's/ *… may call, unseen: \(.*\)  .*/\1/p' | sort -u; }
# Exits from the guest that the kernel's own tracepoint saw.
exits() { $kvt export --format jsonl "$tmp/$1.kvt" | grep -c '"name":"kvm_exit"'; }

way="kvm_arm_vcpu_enter_exit (noinstr) > __kvm_vcpu_run (EL2, by hypercall) > __kvm_vcpu_run (EL2) > __guest_enter (assembly): here the guest runs"
for mode in vhe nvhe protected; do
	record $mode
	ok "the guest leaves $mode mode by exits" test "$(exits $mode)" -ge 5
	capture $kvt show --gaps --symbols "$symbols" "$tmp/$mode.kvt"
	if [[ $mode == vhe ]]; then
		is "$(below __kvm_vcpu_run_vhe)" "__guest_enter (assembly): here the guest runs" "where it is entered in VHE mode"
		unlike "$out" "by hypercall" "a kernel at EL2 makes no hypercall"
		continue
	fi
	is "$(below kvm_arch_vcpu_ioctl_run | grep guest_enter)" "$way" "where it is entered in $mode mode"
done
is "$($kvt show --gaps --symbols "$symbols" "$tmp/nvhe.kvt" | grep -c 'unseen: __pkvm_')" 0 "no hypercall of protected mode in nVHE mode"
