#!/bin/bash
# kvt stats: compares its counts with jq's over the records; durations; memory.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 21

kvt=build/kvt/asan/kvt
good=tests/kvt/vcpu.kvt
open=tests/kvt/open.kvt
times=tests/kvt/open.times

golden help-stats.txt "$kvt" stats --help
golden stats.txt "$kvt" stats "$good"
golden stats-times.txt "$kvt" stats --times "$times" "$open"

# The same counts, by jq of all records in memory.  A capture has a thread
# before its records, and a system call's are those up to the next one.
counts() {
	build/kvt/kvt export --format jsonl "$1" | jq -sc 'reduce .[] as $r ({top: "", n: {}};
		if $r.kind == "syscall" then .top = ($r.args.request // $r.name) |
			.n[.top].count += 1 |
			.n[.top].errors += (if ($r.result // "" | startswith("-E")) then 1 else 0 end)
		elif $r.depth == 0 then .top = "" | .n[""].count += 0 | .n[""].errors += 0 else . end |
		if $r.kind == "call" then .n[.top].calls += 1 | .n[.top].names[$r.name] = 1 else . end) |
		[.n | to_entries[] | [.key, .value.count, .value.errors, .value.calls // 0, (.value.names // {} | length)]] | sort'
}
said() { "$kvt" stats --json "$1" | jq -c '[.syscalls[] | [.name, .count, .errors, .calls, .functions]] | sort'; }
captures=("$good" traces/"$RELEASE"/*/*.kvt)
part_of captures
wrong=''
for file in "${captures[@]}"; do
	[[ $(said "$file") == "$(counts "$file")" ]] || wrong+=" $file"
	all=$("$kvt" stats --json "$file" | jq '[.threads[].calls] == [.syscalls[].calls] or ([.threads[].calls] | add) == ([.syscalls[].calls] | add)')
	[[ $all == true ]] || wrong+=" $file: threads"
done
is "$wrong" "" "of ${#captures[@]} captures, each system call's count, errors, calls and functions"

# Exits: two vCPUs' threads, with an exit inside of a call and one that ends
# the run; a run that the recording ended in; an event outside of any call.
seal "$tmp/runs.kvt" 19 <<'END'
kvt 1
program "a"
status running
stopped duration
thread 0
@ioctl(5:vcpu, KVM_RUN, 0) {
  kvm_vcpu_ioctl(filp=file#0) {
    !kvm_entry(vcpu_pc=0x1)
    !kvm_exit(ret=2, esr_ec=22, vcpu_pc=0x1)
    kvm_handle(vcpu=vcpu#0) = 1
    !kvm_entry(vcpu_pc=0x2)
    !kvm_exit(ret=2, esr_ec=36, vcpu_pc=0x2)
    !kvm_userspace_exit(reason=6, errno=0)
  } = 0
} = 0
@ioctl(5:vcpu, KVM_RUN, 0) {
  !kvm_entry(vcpu_pc=0x3)
  !kvm_exit(ret=2, esr_ec=22, vcpu_pc=0x3)
  !kvm_userspace_exit(reason=0, errno=-4)
} = -EINTR
thread 1
kvm_late() = 0
@ioctl(6:vcpu, KVM_RUN, 0) {
  !kvm_entry(vcpu_pc=0x1)
  !kvm_exit(ret=2, esr_ec=36, vcpu_pc=0x1)
  !kvm_userspace_exit(reason=6, errno=0)
} = 0
@ioctl(6:vcpu, KVM_RUN, 0) {
  !kvm_entry(vcpu_pc=0x2)
} never returned
END
# start and duration of each record
{
	printf 'record\tstart_ns\tduration_ns\tcpu\n'
	n=0
	for t in 1000:900 1010:800 1020:0 1100:0 1150:20 1200:0 1300:0 1350:0 \
		2000:500 2010:0 2100:0 2200:0 \
		100:5 1000:300 1010:0 1100:0 1150:0 5000:0 5010:0; do
		printf '%d\t%d\t%d\t0\n' $((n += 1)) "${t%:*}" "${t#*:}"
	done
} >"$tmp/runs.times"
golden stats-runs.txt env -C "$tmp" "$PWD/$kvt" stats --times runs.times runs.kvt
"$kvt" stats --json --times "$tmp/runs.times" "$tmp/runs.kvt" >"$tmp/json"
ask() { jq -c "$1" "$tmp/json"; }
is "$(ask '.exits | map([.name, .count, .ns])')" '[["ret=2, esr_ec=22",2,{"count":2,"min":100,"median":100,"max":400,"total":500}],["ret=2, esr_ec=36",2,{"count":2,"min":200,"median":200,"max":600,"total":800}]]' \
	"exits to the kernel last until the guest goes on, or the run ends"
is "$(ask '.userspace_exits | map([.name, .count, .ns.count, .ns.total])')" '[["reason=6, errno=0",2,2,4500],["reason=0, errno=-4",1,null,null]]' \
	"exits to the program last until the next run"
is "$(ask '.syscalls[0] | [.name, .count, .errors, .never_returned, .functions, .calls, .ns.count, .ns.total]')" \
	'["KVM_RUN",4,1,1,2,2,3,1700]' "what never returned has no duration"
is "$(ask '.syscalls[1] | [.name, .count, .calls]')" '["",0,1]' "functions outside of system calls"
is "$(ask '.threads | map([.name, .syscalls, .runs, .exits, .userspace_exits, .calls])')" \
	'[["0",2,2,3,2,2],["1",2,2,1,1,1]]' "threads"
is "$(ask '[.stopped, .status, .program, .mode, .records]')" '["duration","running","\"a\"",null,19]' "the header"

seal "$tmp/void.kvt" 2 <<<$'kvt 1\nthread 0\n@exit_group(0)\n@close(3:vm) never returned'
is "$("$kvt" stats --json "$tmp/void.kvt" | jq -c '[.syscalls[] | [.name, .never_returned]] | sort')" '[["close",1],["exit_group",0]]' \
	"what has no result is not what never returned"

# Medians: exact where they are small, one in a hundred off where not.
for n in 5 300 123456; do
	seal "$tmp/many.kvt" 101 < <(printf 'kvt 1\nthread 0\n'; yes '@ioctl(1:vm, KVM_X, 0) = 0' | head -n 101)
	{ printf 'record\tstart_ns\tduration_ns\tcpu\n'; seq 101 | awk -v n=$n '{ print $1 "\t" $1 * 1000000 "\t" $1 * n "\t0" }'; } >"$tmp/many.times"
	got=$("$kvt" stats --json --times "$tmp/many.times" "$tmp/many.kvt" | jq '.syscalls[0].ns.median')
	want=$((51 * n))
	ok "the median of $n to $((101 * n)) is $got, for $want" test "$got" -le $want -a $((got * 100)) -ge $((want * 99))
done

# A million records in a few megabytes.
build/tests/long 1000000 >"$tmp/long.kvt"
capture bash -c "ulimit -v 65536; build/kvt/kvt stats --json $tmp/long.kvt"
is "$status $(jq .records <<<"$out")" "0 $(tail -n 1 "$tmp/long.kvt" | cut -d' ' -f2)" "a million records in 64 MiB"

capture "$kvt" stats --times "$times" "$good"
like "$status $err" "^3 .*fewer records" "times of another capture"
capture "$kvt" stats
like "$status $err" "^2 .*stats takes one capture" "no capture"
capture "$kvt" stats --dance "$good"
like "$status $err" "^2 .*see 'kvt stats --help'" "an unknown option"
capture "$kvt" stats "$good" "$open"
like "$status $err" "^2 .*stats takes one capture" "two captures"
head -n 20 "$good" >"$tmp/cut.kvt"
capture "$kvt" stats --json "$tmp/cut.kvt"
is "$status $out" "3 " "a capture that was cut: nothing is printed"
