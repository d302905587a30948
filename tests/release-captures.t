#!/bin/bash
# The captures of other kernels, and what says which of them are to be recorded.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 11

capture tools/release/captures --help
like "$status:$out" "^0:usage: tools/release/captures" "--help"
capture tools/release/captures --none
like "$status:$err" "^2:captures: --none: unknown option; see --help" "an unknown option"
capture tools/release/captures --again --stale
is "$status" 2 "what contradicts itself"
capture tools/release/captures --stale 5.4
like "$status:$err" "^[1-9].*5\.4" "a release that nobody has"

all=(traces/*/stock/vhe/*.kvt.gz)
ok "each of ${#all[@]} captures is whole" build/kvt/kvt check "${all[@]}"
wrong=''
for file in "${all[@]}"; do
	release=${file#traces/} release=${release%%/*} name=${file##*/}
	[[ $(gzip -dc "$file" | sed -n '/^thread /q; s/^kernel \([0-9.]*\).*/\1/p; s/^program //p; s/^mode //p; s/^lost //p' | paste -sd ' ') == \
		"$release vhe ${name%.kvt.gz} 0" ]] || wrong+=" $file"
done
is "$wrong" "" "... of the kernel, the mode and the program that it is named for, and nothing is lost"
capture build/kvt/kvt diff --syscall KVM_CREATE_VCPU --nth 1 traces/{6.18.15,7.3.4}/stock/vhe/04-vcpu.kvt.gz
like "$status:$out" "^[01]:.*Linux 7\.3\.4" "two kernels can be compared"

# In a tree of its own, in which only the programs' sources differ.
mkdir -p "$tmp/tree/tools" "$tmp/tree/traces/$RELEASE/vhe"
cp -r code "$tmp/tree"
cp -r tools/lab tools/release "$tmp/tree/tools"
for release in traces/*/stock; do
	mkdir -p "$tmp/tree/${release%/stock}"
	cp -r "$release" "$tmp/tree/$release"
done
touch "$tmp/tree/traces/$RELEASE/vhe/"{04-vcpu,11-run}.kvt
stale() { (cd "$tmp/tree" && tools/release/captures --stale "$@") || true; }
before=$(stale)
echo '/* new */' >>"$tmp/tree/code/11-run.c"
is "$(stale | grep -cvxF "${before:-none}")" "$((3 - $(grep -c 11-run <<<"$before")))" "a program that has changed is recorded again on each kernel"
is "$(stale 7.3 | grep 11-run)" "traces/7.3.4/stock/vhe/11-run.kvt.gz" "... or on one"
rm "$tmp/tree/traces/7.3.4/stock/vhe/04-vcpu.kvt.gz"
is "$(stale 7.3 | grep 04-vcpu)" "traces/7.3.4/stock/vhe/04-vcpu.kvt.gz" "so is one that has none"
mv "$tmp/tree/traces/$RELEASE/vhe/11-run.kvt" "$tmp/tree/traces/$RELEASE/vhe/05-none.kvt"
like "$(stale 7.3)" "05-none" "so is one that is new in the book"
