#!/bin/bash
# Chapter 16 says how many instructions a character takes by a hypercall and by
# a store to a device: what `make bench-call` counts, rounded.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 7

chapter=chapters/16-smccc.md
tools/lab/lab kernel book >/dev/null 2>"$tmp/err" || bail "no kernel: $(tail -n 5 "$tmp/err")"

# numbers PATTERN: those that a sentence of the chapter has in its groups.
numbers() { sed -nE "s/.*$1.*/\\1 \\2 \\3 \\4/p" $chapter | tr -d ,; }

# near TYPED COUNTED NAME: the clock ticks every 16 instructions, and the
# chapter rounds.
near() {
	local off=$(($1 - $2))
	((${off#-} * 50 <= $2 + 50 * 16))
	result $? "$3" || diag "the chapter says $1, and it counts $2"
}

read -r call_inside call_outside store_inside store_outside < <(numbers \
	'about ([0-9,]+) instructions inside .* and ([0-9,]+) outside.* by a store it takes about ([0-9,]+) and ([0-9,]+)\.')
read -r loses < <(numbers 'Counted in instructions, the hypercall .* loses, by some ([0-9,]+)()()()\.')
ok "the chapter has five numbers" test -n "${store_outside:-}" -a -n "${loses:-}"

capture tools/kvt/bench/call book
is "$status" 0 "make bench-call counts"
mapfile -t counted < <(sed -nE 's/^  vhe .* ([0-9]+) in KVM_RUN, +([0-9]+) in the program,.*/\1 \2/p' <<<"$out")
read -r call_kvm call_program <<<"${counted[0]-0 0}"
read -r store_kvm store_program <<<"${counted[1]-0 0}"
near "${call_inside:-0}" "$call_kvm" "by hypercall, inside KVM_RUN"
near "${call_outside:-0}" "$call_program" "by hypercall, outside of it"
near "${store_inside:-0}" "$store_kvm" "by a store, inside KVM_RUN"
near "${store_outside:-0}" "$store_program" "by a store, outside of it"
# A difference of four numbers, each rounded.
difference=$((call_kvm + call_program - store_kvm - store_program))
ok "the difference: the chapter says ${loses:-nothing}, and it is $difference" test "$((difference / 100))" = "$((${loses:-0} / 100))"
