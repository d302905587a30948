#!/bin/bash
# The rows of `make mutants` still fit the files that they break.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 4
tools/need python3:/usr/bin/python3 || bail "no python3"

capture tests/mutants/run --check
is "$status" 0 "every row of tests/mutants/*.tsv applies exactly once"
((status == 0)) || diag "$out$err"
rows=${out%% *}
ok "there are at least 100 of them" test "${rows:-0}" -ge 100

# Two runs would break things in the same copies.
mkdir -p build/mutants
exec 9>>build/mutants/lock
if flock -n 9; then
	capture tests/mutants/run 'base\.tsv'
	is "$status" 1 "a second run at the same time is refused"
	ok "... and says so" grep -q '^mutants: another run uses build/mutants' <<<"$err"
else
	skip 2 "a run is under way"
fi
