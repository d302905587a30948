#!/bin/bash
# Runs kvt's unit tests, which use cmocka, under the sanitizers: a program
# build/tests/unit-* for each tests/kvt/unit-*.c.  Passes their tests on as
# "MODULE: NAME".  With arguments, only those modules.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
export ASAN_OPTIONS=detect_leaks=0

# run_unit MODULE: passes its tests on.  A program that is missing, stops
# early or fails without a "not ok" is a failed test of its own.
run_unit() {
	local module=$1 line planned=0 seen=0 failed=0
	capture "build/tests/unit-$module"
	while IFS= read -r line; do
		case $line in
		1..*) planned=${line#1..} ;;
		"ok "*)
			((seen += 1))
			line=${line#ok * - }
			result 0 "$module: ${line#test_}"
			;;
		"not ok "*)
			((seen += 1, failed += 1))
			line=${line#not ok * - }
			result 1 "$module: ${line#test_}"
			;;
		"# ok"* | "") ;;
		*) diag "$line" ;;
		esac
	done <<<"$out"
	if ((planned == 0 || seen != planned || (status != 0 && failed == 0))); then
		result 1 "$module: status $status after $seen of $planned tests"
	fi
	((status == 0)) || diag "$err"
}

if (($# == 0)); then
	for source in tests/kvt/unit-*.c; do
		module=${source#tests/kvt/unit-}
		set -- "$@" "${module%.c}"
	done
fi
for module; do
	run_unit "$module"
done
plan "$tap_count"
