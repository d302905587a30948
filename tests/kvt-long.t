#!/bin/bash
# A long capture: RECORDS=10000000 takes half a minute and 0.5 GB of disk
# (make check-long), a tenth of it is in `make check`.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 8

kvt=build/kvt/kvt
records=${RECORDS:-1000000}
limit=65536 # KiB of address space, libraries and all
long=$tmp/long.kvt
build/tests/long "$records" >"$long"

limited() { (ulimit -v "$limit" && "$kvt" "$@"); }

ok "$records records are written again as they were, in $((limit / 1024)) MiB" \
	cmp <(limited show --format kvt "$long") "$long"
limited show --unfold "$long" >"$tmp/out"
is "$? $(wc -l <"$tmp/out")" "0 $((records + 1))" "... and all shown, a line each"
is "$(tail -n 1 "$tmp/out")" "      kvm_exit(ret=2, esr_ec=36, vcpu_pc=$(printf '0x%x' $((records / 5 + 3))))" "... to the last"
is "$(limited show --unfold --function kvm_vcpu_ioctl --nth $((records / 5)) --depth 1 "$long" | tail -n +2)" \
	"kvm_vcpu_ioctl(filp=file#$(((records / 5 - 1) % 7)), ioctl=KVM_RUN) = 0
  kvm_arch_vcpu_ioctl_run(vcpu=vcpu#$(((records / 5 - 1) % 3))) = $(((records / 5 - 1) % 2))
    … 2 below" "the last call of a function is found in as little"

# What folds needs the tree: some 135 bytes a record.
capture limited show "$long"
like "$status $err" "^5 .*out of memory" "the folded tree does not fit into that"
limit=$((65536 + records * 140 / 1024))
capture limited show "$long"
is "$status $(sed -n 2p "$tmp/out")" "0 ioctl(5:vcpu, KVM_RUN, 0) = 0 × $((records / 5)), the first shown" \
	"... but into 140 bytes a record"

truncate -s -1 "$long"
limit=65536
capture limited show --unfold "$long"
like "$status $err" "^3 .*truncated" "a byte less is truncated"
echo >>"$long"
printf X | dd of="$long" bs=1 seek=$((records * 20)) conv=notrunc status=none
capture limited show --unfold "$long"
like "$status $err" "^3 .*altered" "a byte that differs is found"
