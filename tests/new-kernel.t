#!/bin/bash
# What in the book is no longer so on another kernel.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 20

new_kernel() { capture tools/release/new-kernel "$@"; }

new_kernel --help
like "$status:$out" "^0:usage: tools/release/new-kernel" "--help"
new_kernel
like "$status:$err" "^2:new-kernel: which release\?; see --help" "no release"
new_kernel --quickly 7.3
like "$status:$err" "^2:new-kernel: --quickly: unknown option" "an option that there is not"
new_kernel 5.x
like "$status:$err" "^2:.*must be a number like 6.12" "no release of that name"
new_kernel 7.3 vhe/99-nothing
like "$status:$err" "^2:.*there is no traces/$RELEASE/vhe/99-nothing.kvt" "a capture that there is not"
new_kernel --source "$tmp" 7.3
like "$status:$err" "^2:.*no kernel's source is there" "a folder without a kernel's source"
capture make new-kernel
like "$status:$err" "^2:.*RELEASE= says which kernel" "make new-kernel without RELEASE="
capture make -n new-kernel RELEASE="7.3'; echo"
like "$out" "new-kernel -- '7\.3'[\\]''; echo'" "make new-kernel RELEASE=, a word for the shell"

# Beside itself nothing differs.
new_kernel "$RELEASE" vhe/01-open
is "$status" 0 "the book's release beside itself"
like "$out" "Programs that end in another way, or print something else: none" "... prints the same"
like "$out" "Claims that are false here: none" "... and all claims are true"

capture tools/lab/lab kernel stock 7.3
if ((status)); then
	skip 9 "Linux 7.3 cannot be had here: $(tail -n 1 <<<"$err")"
	exit
fi
rm -rf build/releases/7.3.4
new_kernel 7.3 vhe/12-mmio
is "$status" 1 "a release that differs"
like "$out" "^Linux 7\.3\.4, beside Linux $RELEASE of the book: 1 runs" "... says what is compared"
like "$out" $'print something else: 1\n  vhe/12-mmio prints something else\n' "... which program prints something else"
like "$out" "    [+]  x4 is 0xfffffffffffffffd" "... and what"
like "$out" $'captures that have them: 1\n  kvm_init_nested, and here kvm_share_hyp:\n    vhe/12-mmio' "the first other call"
like "$out" $'Claims that are false here: [1-9]\n  chapters/12-mmio.md, vhe/12-mmio: in KVM_RUN#4' "claims that are false"
like "$out" "Citations were not looked at" "what it could not look at"
is "$(cat build/releases/7.3.4/report.txt)" "${out%$'\n'This report*}" "the report is kept"
touch "$tmp/before"
new_kernel 7.3 vhe/12-mmio
ok "a second run records nothing again" test "$tmp/before" -nt build/releases/7.3.4/vhe/12-mmio.kvt
