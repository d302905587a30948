#!/bin/bash
# Runs a guest on the book's kernel: in each mode the tree says where KVM
# enters it, out of the tracer's sight.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 10

kvt=build/kvt/kvt
symbols=traces/$RELEASE/symbols.tsv
unset KVT_SYMBOLS

# record MODE: a capture of the guest in that mode.
record() {
	tools/trace/capture --kernel book --mode "$1" -o "$tmp/$1.kvt" build/tests/spin >/dev/null
}
# below FUNCTION: the calls and what it may call unseen, one level below it, in
# order; of calls the name.
below() {
	awk -v f="$1(" '
		{ match($0, /^ */); indent = RLENGTH; text = substr($0, indent + 1) }
		on && indent <= on - 1 { on = 0 }
		on && indent == on + 1 && text !~ /^… (may run|ran)/ { sub(/^… (may call|called), unseen: /, "unseen: ", text); if (text !~ /^unseen/) sub(/[( ].*/, "", text)
			else sub(/  [^ ]*$/, "", text); print text }
		index(text, f) == 1 { on = indent + 1 }' <<<"$out"
}
# What stands around the place where the guest is entered; nothing else may.
around() { below "$1" | grep -B1 -A1 guest_enter | grep -v '^--' | sort -u | tr '\n' ';'; }
# Exits from the guest that the kernel's own tracepoint saw.
exits() { $kvt export --format jsonl "$tmp/$1.kvt" | grep -c '"name":"kvm_exit"'; }

way="kvm_arm_vcpu_enter_exit (noinstr) > __kvm_vcpu_run (EL2, by hypercall) > __kvm_vcpu_run (EL2) > __guest_enter (assembly): here the guest runs"
for mode in vhe nvhe protected; do
	record $mode
	ok "the guest leaves $mode mode by exits" test "$(exits $mode)" -ge 5
	capture $kvt show --gaps --symbols "$symbols" "$tmp/$mode.kvt"
	if [[ $mode == vhe ]]; then
		is "$(around __kvm_vcpu_run_vhe)" \
			"__debug_switch_to_guest;sysreg_save_guest_state_vhe;unseen: __guest_enter (assembly): here the guest runs;" \
			"where it is entered in VHE mode"
		unlike "$out" "by hypercall" "a kernel at EL2 makes no hypercall"
		continue
	fi
	is "$(below kvm_arch_vcpu_ioctl_run | grep guest_enter | sort -u)" "unseen: $way" "where it is entered in $mode mode"
	is "$(below kvm_arch_vcpu_ioctl_run | grep -A1 guest_enter | grep -v 'guest_enter\|^--' | sort -u)" kvm_vgic_sync_hwstate \
		"... before what follows it in the source"
done
is "$($kvt show --gaps --symbols "$symbols" "$tmp/nvhe.kvt" | grep -c 'unseen: __pkvm_')" 0 "no hypercall of protected mode in nVHE mode"
