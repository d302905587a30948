#!/bin/bash
# kvt export: three formats, with and without times; what comes out is read
# by jq, and counted.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 40

kvt=build/kvt/asan/kvt
good=tests/kvt/vcpu.kvt
open=tests/kvt/open.kvt
times=tests/kvt/open.times

golden help-export.txt "$kvt" export --help
for format in chrome folded jsonl; do
	golden "export-$format.txt" "$kvt" export --format "$format" "$open"
	golden "export-$format-times.txt" "$kvt" export --format "$format" --times "$times" "$open"
done
golden export-folded-vcpu.txt "$kvt" export --format folded "$good"

# The whole of every capture, against the counts in its end line.
wrong=''
for file in "$good" traces/"$RELEASE"/*/*.kvt; do
	records=$(sed -n 's/^end \([0-9]*\) .*/\1/p' "$file")
	events=$(grep -c '^ *!' "$file")
	"$kvt" export --format jsonl "$file" >"$tmp/jsonl"
	[[ $(jq -s 'map(select(.record)) | length' "$tmp/jsonl") == "$records" ]] || wrong+=" $file: jsonl"
	[[ $(jq -s 'map(select(.kind == "event")) | length' "$tmp/jsonl") == "$events" ]] || wrong+=" $file: events"
	n=$("$kvt" export --format chrome "$file" | jq '.traceEvents | map(select(.ph != "M" and .cat != "inlined" and .cat != "unseen")) | length')
	[[ $n == "$records" ]] || wrong+=" $file: chrome"
	n=$("$kvt" export --format folded "$file" | awk '{ n += $NF } END { print n }')
	[[ $n == $((records - events)) ]] || wrong+=" $file: folded"
done
is "$wrong" "" "every record of every capture, in every format"

# The tree can be built again from the lines.
rebuilt() {
	jq -r '("  " * .depth) + {syscall: "@", event: "!", call: ""}[.kind] + .name' "$1"
}
lines() {
	sed -n '/^thread/,/^end/p' "$1" | grep -vE '^(thread|end) |^ *}' | sed -E 's/\(.*//'
}
"$kvt" export --format jsonl "$good" >"$tmp/jsonl"
ok "depth, kind and name are those of the capture" diff <(lines "$good") <(rebuilt "$tmp/jsonl")
is "$(jq -c 'select(.line == 16) | [.args, .result]' "$tmp/jsonl")" \
	'[{"fd":"3:system","request":"KVM_CREATE_VM","arg":"0"},"4:vm"]' "arguments of a system call by name"
is "$(jq -c 'select(.name == "kvm_share_hyp") | .args' "$tmp/jsonl" | head -n 1)" \
	'{"from":"kvm#0","to":"kvm#0+0xfe8"}' "arguments of a function by name"
is "$(jq -c 'select(.name == "kvm_eventfd_init") | .result' "$tmp/jsonl")" null "a void function has no result"

# Intervals nest, in both clocks: each lies within its parent's.
nests() {
	jq -e '[.traceEvents[] | select(.ph == "X")] | sort_by(.ts, -.dur) |
		reduce .[] as $e ({stack: [], bad: 0, n: 0};
			.stack |= map(select(.ts + .dur > $e.ts)) | .n += 1 |
			if (.stack | length) > 0 and $e.ts + $e.dur > (.stack[-1] | .ts + .dur) + 0.0001
			then .bad += 1 else . end | .stack += [$e]) |
		.bad == 0 and .n > 10' >/dev/null
}
ok "calls nest by record number" nests < <("$kvt" export --format chrome "$open")
ok "calls nest by time" nests < <("$kvt" export --format chrome --times "$times" "$open")
is "$("$kvt" export --format chrome "$open" | jq -r .otherData.clock)" \
	"record numbers, not time: one record is shown as 1 us" "without times the metadata says what the clock is"
is "$("$kvt" export --format chrome --times "$times" "$open" | jq -r .otherData.clock)" \
	"time of the recording" "... and with times, too"
total=$(awk '$1 == 1 || $1 == 4 || $1 == 6 || $1 == 8 || $1 == 11 { n += $3 } END { print n }' "$times")
is "$("$kvt" export --format folded --times "$times" "$open" | awk '{ n += $NF } END { print n }')" "$total" \
	"self times add up to the time in system calls"

# A part keeps its record numbers, and so its times.
"$kvt" export --format jsonl "$good" | jq -c 'del(.depth)' >"$tmp/all"
for view in "--syscall KVM_CREATE_VCPU" "--function kvm_share_hyp --nth 2" "--depth 1"; do
	# shellcheck disable=SC2086
	"$kvt" export --format jsonl $view "$good" | jq -c 'del(.depth)' >"$tmp/part"
	ok "$view: $(wc -l <"$tmp/part") records as they are in the whole" \
		test -s "$tmp/part" -a -z "$(grep -vxFf "$tmp/all" "$tmp/part")" -a "$(wc -l <"$tmp/part")" -lt 1000
done

# What would break a format: quotes, control characters, bytes that are not
# UTF-8, semicolons, brackets in arguments, threads, no result.
seal "$tmp/odd.kvt" 9 < <(printf '%b' 'kvt 1\nprogram a;b "c"\nthread 0\n' \
	'@ioctl(3:x, "a\\\\b", {0x1, 0x2}) {\n' \
	'  od;d na me(s="q\\"", t={0x1, 0x2}, u=ERR_PTR(-ENOENT), ...) = \xc3\xa9\n' \
	'  !event(x=1)\n} = -EINVAL\n@name(...) never returned\n@other(1, [2, 3])\nempty()\n' \
	'thread 1\n@close(3:x) = 0\n@ioctl(3)\n@ioctl()\n')
golden export-odd-jsonl.txt "$kvt" export --format jsonl "$tmp/odd.kvt"
golden export-odd-chrome.txt "$kvt" export --format chrome "$tmp/odd.kvt"
golden export-odd-folded.txt "$kvt" export --format folded "$tmp/odd.kvt"
is "$("$kvt" export --format jsonl "$tmp/odd.kvt" | jq -c .record | tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 " "all of it is JSON"
is "$("$kvt" export --format chrome "$tmp/odd.kvt" | jq -c '[.traceEvents[].tid] | unique')" "[1,2]" "... in both formats, with two threads"
ok "... and UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$tmp/out"
is "$("$kvt" export --format jsonl "$tmp/odd.kvt" | jq -c 'select(.record == 2) | .args')" \
	'{"s":"\"q\\\"\"","t":"{0x1, 0x2}","u":"ERR_PTR(-ENOENT)","...":null}' "arguments with commas in them"
seal "$tmp/none.kvt" 0 <<<$'kvt 1'
is "$("$kvt" export --format chrome "$tmp/none.kvt" | jq -c '.traceEvents | length')" 1 "a capture without records"

capture "$kvt" export --format jsonl -o "$tmp/file" "$open"
ok "-o writes a file" diff tests/kvt/golden/export-jsonl.txt "$tmp/file"
is "$status$out$err" 0 "... and prints nothing"
capture "$kvt" export --format jsonl -o "$tmp/no/file" "$open"
like "$status $err" "^5 .*No such file" "a directory that is not there"
capture bash -c "$kvt export --format chrome $good >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
capture "$kvt" export "$open"
like "$status $err" "^2 .*needs --format chrome, folded or jsonl" "no format"
capture "$kvt" export --format xml "$open"
like "$status $err" "^2 .*takes chrome, folded or jsonl, not 'xml'" "an unknown format"

bad_times() { capture "$kvt" export --format chrome --times "$tmp/times" "$open"; }
head -n 5 "$times" >"$tmp/times"
bad_times
like "$status $err" "^3 .*fewer records" "times that were cut"
sed '/^11/a12\t1\t1\t0' "$times" >"$tmp/times"
bad_times
like "$status $err" "^3 .*more records" "times of another capture"
sed '4s/0$/x/' "$times" >"$tmp/times"
bad_times
like "$status $err" "^3 .*times:4: not the record number.*of record 3" "a time that is none"
echo hello >"$tmp/times"
bad_times
like "$status $err" "^3 .*has no times" "another kind of file"
capture "$kvt" export --format chrome --times "$tmp/no-such" "$open"
like "$status $err" "^5 .*No such file" "no file of times"
