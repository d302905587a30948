#!/bin/bash
# kvt where: where every thread was when the recording ended.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 29

kvt=build/kvt/asan/kvt
golden help-where.txt "$kvt" where --help
capture "$kvt" where
is "$status" 2 "without a capture: usage"
capture "$kvt" where tests/kvt/vcpu.kvt tests/kvt/open.kvt
is "$status" 2 "with two: usage"
capture "$kvt" where --no
is "$status" 2 "an option that there is not: usage"

header() { sed '/^thread/,$d' tests/kvt/vcpu.kvt | grep -vE '^(status|stopped)'; }
# where STATUS STOPPED: what kvt says of the records of standard input.
where() {
	local records
	cat >"$tmp/records"
	records=$(grep -cE '^ *[^ }t]' "$tmp/records")
	{
		header | sed "/^program/a status $1"
		[[ ! $2 ]] || echo "stopped $2"
		cat "$tmp/records"
	} | seal "$tmp/x.kvt" "$records"
	capture "$kvt" where "$tmp/x.kvt"
	is "$status $err" "0 " "a sound capture"
}
# run EVENT...: a KVM_RUN with them that came back.
run() {
	printf '@ioctl(5:vcpu, KVM_RUN, 0) at a.c:7 {\n  kvm_vcpu_ioctl() {\n'
	printf '    !%s\n' "$@"
	printf '  } = 0\n} = 0\n'
}
# left EVENT...: one that did not, inside of a function.
left() {
	printf '@ioctl(5:vcpu, KVM_RUN, 0) at a.c:7 {\n  kvm_vcpu_ioctl() {\n'
	printf '    !%s\n' "$@"
	printf '    kvm_arch_vcpu_ioctl_run() at virt/kvm/kvm_main.c:5 {\n      kvm_before()\n    } never returned\n'
	printf '  } never returned\n} never returned\n'
}
entry='kvm_entry(vcpu_pc=0x40000000)'
irq='kvm_exit(ret=IRQ, esr_ec=0, vcpu_pc=0x40000008)'
wfx='kvm_exit(ret=TRAP, esr_ec=WFx, vcpu_pc=0x40000004)'
wfi='kvm_wfx_arm64(vcpu_pc=0x40000004, is_wfe=0)'
wfe='kvm_wfx_arm64(vcpu_pc=0x40000004, is_wfe=1)'
dabt='kvm_exit(ret=TRAP, esr_ec=DABT_LOW, vcpu_pc=0x4000000c)'
mmio='kvm_mmio(type=KVM_TRACE_MMIO_WRITE, len=4, gpa=0x9000000, val=0x41)'
back='kvm_userspace_exit(reason=KVM_EXIT_MMIO, errno=0)'

where running timeout < <(echo thread 0; left "$entry" "$wfx" "$wfi")
like "$out" "^the recording was stopped by timeout, before the program ended"$'\n' "what ended the recording"
like "$out" "thread 0 is in ioctl\(5:vcpu, KVM_RUN, 0\) at a.c:7"$'\n' "the open call, and its line"
like "$out" "inside of it kvm_vcpu_ioctl\(\) > kvm_arch_vcpu_ioctl_run\(\) at virt/kvm/kvm_main.c:5"$'\n' "the open functions, and the innermost one's place"
like "$out" "last at PC 0x40000004: it executed wfi"$'\n'"  it waits" "wfi, and what follows"
unlike "$out" "number|alike|device" "... and nothing else"

where running duration < <(echo thread 0; left "$entry" "$irq")
like "$out" "last at PC 0x40000008: an interrupt of the host came while it ran"$'\n'"  it neither waits" "a loop"
where running duration < <(echo thread 0; left "$entry" "$wfx" "$wfe")
like "$out" "it executed wfe" "wfe"
unlike "$out" "it waits" "... does not sleep"
where running duration < <(echo thread 0; left "$entry" "$irq" "$entry")
like "$out" "the guest runs: it was entered at PC 0x40000000" "the guest runs"

where running timeout < <(echo thread 0; for _ in 1 2 3; do run "$entry" "$dabt" "$mmio" "$back"; done; left "kvm_x()")
like "$out" "it trapped, DABT_LOW"$'\n'"  which was an access to a device: type=KVM_TRACE_MMIO_WRITE, len=4, gpa=0x9000000" "a device, as the run before had it"
like "$out" "KVM_RUN number 4"$'\n'"  the last 3 that came back were alike, with reason=KVM_EXIT_MMIO, errno=0" "runs that come back alike"
where running timeout < <(echo thread 0; for _ in 1 2 3; do run "$entry" "$dabt" "$back"; done; left "$entry" "$dabt")
like "$out" "the last 3 that came back were alike, with reason=KVM_EXIT_MMIO" "... while the next has not come back"
where running timeout < <(echo thread 0; run "$entry" "$irq" "$back"; for _ in 1 2; do run "$entry" "$dabt" "$mmio" "$back"; done)
unlike "$out" "alike" "... two are no row"
like "$out" "thread 0 is outside of KVM: its last call was ioctl\(5:vcpu, KVM_RUN, 0\) = 0 at a.c:7" "outside of KVM"

where 139 "" < <(echo thread 0; run "$entry" "$irq"; echo thread 1; echo '@exit(0) never returned')
like "$out" "^signal 11 killed the program" "a program that a signal killed"
unlike "$out" "neither waits" "what a guest does that is not in KVM_RUN is not said"
like "$out" "thread 0 ended outside of KVM.*thread 1 has ended, with exit\(0\)" "each thread"
