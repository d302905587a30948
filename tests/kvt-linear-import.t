#!/bin/bash
# Does twice the input take twice the work?  Counts instructions, not time, for
# inputs of one, two and four times a size.  Work that a program does only once
# cancels out of the differences, and if twice the input took four times the
# work, the second difference would be four times the first.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 6
tools/need valgrind:valgrind || bail "no valgrind"

kvt=build/kvt/kvt

# instructions COMMAND...: how many it executes.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		sed -n 's/.*Collected : //p'
}
# grows NAME SIZE COMMAND...: COMMAND, with an input of SIZE, 2*SIZE and 4*SIZE
# in place of its word INPUT, grows with it.  `input N FILE` makes the input.
grows() {
	local name=$1 size=$2 times count=()
	shift 2
	for times in 1 2 4; do
		input $((size * times)) "$tmp/input"
		count+=("$(instructions "${@//INPUT/$tmp/input}")")
		rm -rf "$tmp/input"
	done
	ok "$name: ${count[*]} instructions" awk -v a="${count[0]}" -v b="${count[1]}" -v c="${count[2]}" \
		'BEGIN { exit !(a > 0 && b > a && (c - b) / (b - a) < 2.6) }'
}

# --- kvt import: a raw recording, made by tests/kvt/recording.c

# lines PATTERN N: awk's PATTERN for i from 0 to N - 1.
lines() { awk -v n="$2" "BEGIN { for (i = 0; i < n; i++) $1 }"; }
import=("$kvt" import --facts INPUT/facts --times INPUT/times -o INPUT/kvt INPUT/raw)

input() {
	{
		echo '1 syscall 29 5 0xae80 0'
		lines 'printf "1 call thing 0xffff0000%08x\n1 return thing %d\n", i * 4096, i' "$1"
	} | build/tests/recording "$2"
}
grows "import of many objects, in one system call" 4000 "${import[@]}"

input() {
	{
		echo '1 syscall 29 5 0xae80 0'
		echo '1 call run 1'
		lines 'print "1 kvm_entry 1\n1 kvm_exit 0 2\n1 call kvm_sched_in 1\n1 return kvm_sched_in 0\n1 kvm_entry 2\n1 kvm_exit 2 2"' "$1"
	} | build/tests/recording "$2"
}
grows "... of many interrupts and visits of the scheduler" 2000 "${import[@]}"

input() {
	lines 'printf "1 syscall 29 5 0xae80 0\n1 sysret 29 0\n1 syscall 57 %d\n1 sysret 57 0\n", i' "$1" |
		build/tests/recording "$2"
}
grows "... of many system calls" 2000 "${import[@]}"

input() {
	lines 'printf "%d syscall 29 5 0xae80 0\n%d sysret 29 0\n1 syscall 220 0x11\n1 call f 1\n1 return f 1\n1 sysret 220 %d\n", i + 2, i + 2, i + 2' \
		"$1" | build/tests/recording "$2"
}
grows "... of many processes" 1000 "${import[@]}"

input() {
	lines 'printf "1 call f %d\n", i' 100 >"$tmp/deep"
	{
		echo '1 syscall 29 5 0xae80 0'
		cat "$tmp/deep"
		lines 'printf "1 call g %d\n1 return g %d\n", i, i' "$1"
	} | build/tests/recording "$2"
}
grows "... of calls below many others" 4000 "${import[@]}"

input() {
	lines 'printf "1 call f%d %d\n1 return f%d %d\n", i % 60, i, i % 60, i' "$1" | build/tests/recording "$2"
}
grows "... of calls outside of system calls" 4000 "${import[@]}"
