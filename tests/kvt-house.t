#!/bin/bash
# Whether the house of kvt is in order: what may include what, and that a name
# means one thing in the whole tool.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 7
tools/need python3:/usr/bin/python3 || bail "no python3"

# faults CHECK: what tests/kvt/house finds, without what is known to be open.
faults() {
	tests/kvt/house "$1" | while IFS= read -r fault; do
		known=$(sed -E 's/ (is defined in|has (no|more)) .*//' <<<"$1: $fault")
		grep -qxF -- "$known" tests/kvt/house.open || echo "$fault"
	done
}

is "$(faults circles)" "" "no module includes itself by way of others"
is "$(faults folders)" "" "a folder includes only what comes before it"
is "$(faults headers)" "" "each file says at its head what it is for; each header has a guard and a user"
is "$(faults sizes)" "" "files have 700 lines at most, functions 60"
is "$(faults tags)" "" "each struct's name is defined once"
is "$(faults statics)" "" "each static function's name is defined in one file"
like "$(tests/kvt/house graph)" '"main" -> "base/die";' "the graph can be drawn"
