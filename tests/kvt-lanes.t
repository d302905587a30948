#!/bin/bash
# kvt lanes: who acts when, in text and in HTML; where the guest runs.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 23

kvt=build/kvt/asan/kvt
symbols=traces/$RELEASE/symbols.tsv
unset KVT_SYMBOLS
run=traces/$RELEASE/vhe/11-run.kvt
lanes() { $kvt lanes --symbols "$symbols" "$@"; }

# The first run of chapter 11: a fault for the first instruction, then a store
# to a device.
few=kvm_arch_vcpu_load,__kvm_vcpu_run,handle_exit,user_mem_abort,stage2_map_walker,io_mem_abort
golden lanes-vhe.txt lanes --syscall KVM_RUN --nth 2 --show "$few" $run
golden lanes-nvhe.txt lanes --syscall KVM_RUN --nth 2 --show "${few/__kvm_vcpu_run,/}" ${run/vhe/nvhe}
is "$(lanes --syscall KVM_RUN --nth 2 --show handle_exit,kvm_arch_vcpu_put $run | grep -c 'the guest runs')" \
	"$(build/kvt/kvt show --syscall KVM_RUN --nth 2 --unfold $run | grep -c ' kvm_entry(')" \
	"the guest runs as often as it was entered"
for mode in vhe nvhe; do
	is "$(lanes --syscall KVM_RUN --nth 4 --show kvm_arch_vcpu_load ${run/vhe/$mode} | grep -c 'the guest runs')" 0 \
		"... not where it was not, in $mode mode"
done
like "$(lanes --syscall KVM_RUN --nth 4 --show kvm_arch_vcpu_load $run)" "program = -EINTR, KVM_EXIT_MMIO" "an error, and the reason that is left from before"
like "$(lanes --syscall KVM_RUN --nth 2 --show kvm_guest_fault $run)" "KVM  *kvm_guest_fault" "a tracepoint may be chosen"
ok "without a choice, all of them" test \
	"$(lanes --syscall KVM_RUN --nth 2 $run | grep -c '^KVM')" -gt 200

lanes --html --source-base http://x/ --syscall KVM_RUN --nth 2 --show "$few" $run >"$tmp/html"
is "$(sed -n 's/^<li class="\([a-z]*\)">.*/\1/p' "$tmp/html" | uniq | tr '\n' ' ')" \
	"program kernel guest kernel guest kernel program " "html: the lanes in order"
like "$(<"$tmp/html")" '<li class="kernel"><div style="--depth: 1"><span class="who">KVM: </span><a class="fn" href="http://x/arch/arm64/kvm/mmu.c#L[0-9]+"' \
	"... with links, nesting, and words for who does not see"
{ echo '<!DOCTYPE html><title>x</title><body>'; cat "$tmp/html"; } >"$tmp/page.html"
is "$(tidy -q -e "$tmp/page.html" 2>&1)" "" "... and well-formed"

is "$(grep -c 'class="to-row"' "$tmp/html")" 0 "... without links to rows"
lanes --html --source-base http://x/ --page p.html --syscall KVM_RUN --nth 2 --show "$few" $run >"$tmp/linked"
is "$(sed 's, <a class="to-row"[^>]*>#</a>,,' "$tmp/linked")" "$(<"$tmp/html")" "a page for the rows adds links, nothing else"
is "$(grep -o 'href="p.html#[^"]*"' "$tmp/linked" | grep -E 'KVM_RUN.2"|kvm_exit|io_mem' | tr '\n' ' ')" \
	'href="p.html#11-run/KVM_RUN.2" href="p.html#11-run/KVM_RUN.2/kvm_vcpu_ioctl/kvm_arch_vcpu_ioctl_run/!kvm_exit" href="p.html#11-run/KVM_RUN.2/kvm_vcpu_ioctl/kvm_arch_vcpu_ioctl_run/!kvm_exit.2" href="p.html#11-run/KVM_RUN.2/+85aj/kvm_handle_guest_abort/io_mem_abort" ' \
	"... to the calls by their ways"
is "$(grep -o 'href="p.html#[^"]*stage2_map_walker[^"]*"' "$tmp/linked" | sort -u | wc -l)" 3 "... each to its own"
is "$(lanes --html --json --source-base http://x/ --page p.html --syscall KVM_RUN --nth 2 --show "$few" $run |
	jq -rj '.html | map(if type == "object" then "<span class=\"loc\" data-at=\"\(.at)\">\(.text)</span>" else . end) | add')" \
	"$(<"$tmp/linked")" "in parts, with a place for the program's line"
like "$(<"$tmp/html")" '<span class="ev">kvm_exit</span><span class="args">[(]ret=TRAP' "tracepoints look as in a tree"

# Two threads, as chapter 7 has them: each begins with its name.
is "$(lanes traces/$RELEASE/vhe/07-lifetime.kvt | sed -n 's/^thread //p' | tr '\n' ' ')" "0 1 " "threads are told apart"
sed "/^end/d; s/^kernel $RELEASE/&+deb13/" $run | seal "$tmp/other.kvt" "$(sed -n 's/^end \([0-9]*\).*/\1/p' $run)"
capture lanes "$tmp/other.kvt"
like "$status $err" "^0 .*gaps.tsv is of Linux $RELEASE, but .*: what no tracer sees is left out" "a capture of another kernel"
is "$(lanes "$tmp/other.kvt" 2>/dev/null | awk '/ kvm_exit: / { print before } { before = $0 }' | sort | uniq -c | xargs)" \
	"$(grep -c '!kvm_exit(' $run) guest the guest runs" "... has the guest before each exit"

capture lanes --syscall KVM_RUN --nth 2 --show handle_exit,kvm_no_such $run
like "$status $err" "^2 .*11-run.kvt has no call of kvm_no_such in what was selected" "a function that is not there"
capture $kvt lanes $run
like "$status $err" "^2 .*lanes takes --symbols TSV and one capture" "no index"
head -n 50 $run >"$tmp/short.kvt"
capture lanes "$tmp/short.kvt"
is "$status $out" "3 " "a truncated capture"
