#!/bin/bash
# kvt lines, and what --at selects: compares both with the captures line by
# line, and with what grep counts in them.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 22

kvt=build/kvt/kvt
traces=traces/$RELEASE
unset KVT_SYMBOLS

# A program of two files; one line makes two system calls, one makes two kinds.
{
	printf 'kvt 1\nprogram made\nthread 0\n'
	printf '@openat(3) at code/made.c:9 {\n  kvm_a(x=1)\n} = 3\n'
	printf '@ioctl(3:system, KVM_RUN, 0) at code/made.c:10 {\n'
	printf '  kvm_a(x=1) {\n    kvm_b() = 0\n    !kvm_exit(ret=1)\n    kvm_b() = 0\n  } = 0\n} = 0\n'
	printf '@ioctl(3:system, KVM_RUN, 0) at code/made.c:10 = -EINTR\n'
	printf 'kvm_c(y=2)\n'
	printf 'thread 1\n@close(3:system) at code/made.c:10 {\n  kvm_d()\n} = 0\n'
	printf '@close(4:vm) at code/lib.h:100 = 0\n@exit_group(0) {\n  kvm_a(x=1)\n} never returned\n'
} | seal "$tmp/made.kvt" 14

capture "$kvt" lines --tsv "$tmp/made.kvt"
is "$status $err$(head -n 1 <<<"$out")" $'0 file\tline\tnames\ttimes\tcalls\tfunctions' "the columns have names"
is "$(sed -n 2p <<<"$out")" $'code/lib.h\t100\tclose\t1\t0\t0' "a line that woke nothing, of another file"
is "$(sed -n 3p <<<"$out")" $'code/made.c\t9\topenat\t1\t1\t1' "line 9 comes before line 10"
is "$(sed -n 4p <<<"$out")" $'code/made.c\t10\tKVM_RUN, close\t3\t4\t3' \
	"three system calls of two kinds: four calls of three functions, no tracepoint among them"
is "$(sed -n 5p <<<"$out")" $'\t\texit_group\t1\t2\t2' "what has no line, and what ran outside of system calls"
is "$(wc -l <<<"$out")" 5 "and no more"
is "$("$kvt" lines --tsv <(cat "$tmp/made.kvt"))" "$out" "a pipe is read as well"

golden lines.txt "$kvt" lines "$tmp/made.kvt"

# Every committed capture: nothing is lost, and nothing is counted twice.
captures=("$traces"/*/*.kvt)
part_of captures
wrong='' count=0
for file in "${captures[@]}"; do
	sums=$("$kvt" lines --tsv "$file" | awk -F'\t' 'NR > 1 { t += $4; c += $5 } END { print t, c }')
	"$kvt" show --unfold --format kvt "$file" >"$tmp/all.kvt"
	grepped="$(grep -c '^@' "$tmp/all.kvt") $(grep -cE '^ *[a-z_][A-Za-z0-9_.]*\(' "$tmp/all.kvt")"
	[[ $sums == "$grepped" ]] || wrong+=" $file: $sums, not $grepped"
	# Each line again, by --at.
	while IFS=$'\t' read -r name line _ times calls functions; do
		"$kvt" show --unfold --at "$name:$line" --format kvt "$file" >"$tmp/at.kvt"
		shown="$(grep -c '^@' "$tmp/at.kvt") $(grep -cE '^ +[a-z_][A-Za-z0-9_.]*\(' "$tmp/at.kvt")"
		shown+=" $(grep -oE '^ +[a-z_][A-Za-z0-9_.]*\(' "$tmp/at.kvt" | tr -d ' ' | sort -u | wc -l)"
		[[ $shown == "$times $calls $functions" ]] || wrong+=" $file:$name:$line: $shown"
		((count += 1))
	done < <("$kvt" lines --tsv "$file" | awk -F'\t' 'NR > 1 && $1 != ""')
done
is "$wrong" "" "$count lines of the committed captures: what is counted is what --at shows"
ok "there are that many" test "$count" -ge $((8 * ${#captures[@]}))

# --at
vcpu=$traces/vhe/04-vcpu.kvt
line=$(sed -n 's/^@ioctl(4:vm, KVM_CREATE_VCPU, 0) at \([^ ]*\) .*= .*/\1/p; s/^@ioctl(4:vm, KVM_CREATE_VCPU, 0) at \([^ ]*\) {$/\1/p' $vcpu | head -n 1)
capture "$kvt" show --at "${line#code/}" $vcpu
is "$status $(grep -c '^ioctl' <<<"$out") $(grep -m 1 '^ioctl' <<<"$out")" "0 1 ioctl(4:vm, KVM_CREATE_VCPU, 0) = 5:vcpu  $line" \
	"directories may be left out"
capture "$kvt" show --at "cpu.c:${line#*:}" $vcpu
like "$status $err" "^2 .*no call that fits --at cpu.c:${line#*:}" "... but no part of a name"
capture "$kvt" show --at 04-vcpu.c $vcpu
like "$status $err" "^2 .*--at takes FILE:LINE, not '04-vcpu.c'" "a file alone is no line"
capture "$kvt" show --at "$line" --function kvm_vcpu_ioctl $vcpu
like "$status $err" "^2 .*fits --at $line --function kvm_vcpu_ioctl" "what was asked for is in the error"
is "$("$kvt" html --symbols $traces/symbols.tsv --at "$line" $vcpu | grep -c 'class="sys"')" 1 "html knows --at, too"
is "$("$kvt" diff --at "$line" $vcpu $traces/nvhe/04-vcpu.kvt | grep -c '^. ioctl(')" 1 "so does diff"

is "$("$kvt" export --format jsonl --at "$line" $vcpu | jq -r 'select(.kind == "syscall").line')" \
	"$(grep -n "^@.* at $line " $vcpu | cut -d: -f1)" "and export, with the line of the capture"
is "$("$kvt" object --at "$line" $vcpu vcpu#0 | grep -c '^[ *] ioctl(')" 1 "and object"

# A row of repeated calls is one of a single line.
is "$("$kvt" show "$traces/vhe/02-caps.kvt" | grep -c '512  code/02-caps.c:4[56]$')" 2 \
	"two lines of the program are two rows, however alike"

asan() { { build/kvt/asan/kvt "$@" >/dev/null; } 2>&1; }
is "$(asan lines $traces/vhe/05-max-vcpus.kvt; asan lines --tsv "$tmp/made.kvt")" "" "the sanitizers have nothing to say"
head -c 3000 $vcpu >"$tmp/cut.kvt"
capture "$kvt" lines "$tmp/cut.kvt"
like "$status $out$err" "^3 kvt: .*cut.kvt is truncated" "a truncated capture is refused, and nothing printed"
capture bash -c "$kvt lines $vcpu >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
