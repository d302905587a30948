#!/bin/bash
# Fuzzes the readers of captures and raw recordings for a minute, the same way
# each time; `make fuzz` tries other inputs, and for longer.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
export FUZZ_SEED=1
fuzzers=(read raw claim)
plan ${#fuzzers[@]}

for name in "${fuzzers[@]}"; do
	if [[ ! -x build/tests/fuzz-$name ]]; then
		skip 1 "$(cat "build/tests/fuzz-$name")"
		continue
	fi
	capture tests/kvt/fuzz "$name" $((${FUZZ_SECONDS:-60} / ${#fuzzers[@]}))
	is "$status" 0 "fuzz-$name: $(tail -n 1 <<<"$out")"
	[[ $status == 0 ]] || diag "$out"
done
