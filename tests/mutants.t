#!/bin/bash
# The rows of `make mutants` still fit the files that they break.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 2
tools/need python3:/usr/bin/python3 || bail "no python3"

capture tests/mutants/run --check
is "$status" 0 "every row of tests/mutants/*.tsv applies exactly once"
((status == 0)) || diag "$out$err"
rows=${out%% *}
ok "there are at least 100 of them" test "${rows:-0}" -ge 100
