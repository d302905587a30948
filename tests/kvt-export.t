#!/bin/bash
# kvt export: four formats, with and without times; jq reads and counts the
# output.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 53

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

# The whole of every capture (with PART, of a part), against the counts in its end line.
captures=("$good" traces/"$RELEASE"/*/*.kvt)
part_of captures
wrong=''
for file in "${captures[@]}"; do
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

# A level lasts from the begin of its first call to the end of the last to end.
seal "$tmp/level.kvt" 5 <<'END_OF_CAPTURE'
kvt 1
thread 0
@ioctl(5:vcpu, KVM_RUN, 0) {
  ~level() at x.c:1 {
    first() = 0
    second() {
      third() = 0
    } = 0
  }
  fourth() = 0
} = 0
END_OF_CAPTURE
printf '%s\n' $'record\tstart_ns\tduration_ns\tcpu' $'1\t1000\t9000\t0' $'2\t2000\t100\t0' $'3\t3000\t2500\t0' \
	$'4\t3100\t2000\t0' $'5\t9000\t500\t0' >"$tmp/level.times"
is "$("$kvt" export --format chrome --times "$tmp/level.times" "$tmp/level.kvt" | jq -c '.traceEvents[] | select(.name == "level") | .ts == 2 and .dur == 3.5')" \
	true "a level lasts from its first call's begin to its last one's end"
is "$("$kvt" export --format chrome "$tmp/level.kvt" | jq -c '.traceEvents[] | select(.name == "level") | .ts == 2 and .dur == 3')" true \
	"... without times, as many as there are records in it"

# Trees: unfolded, they have what the lines have; folded, each call stands for
# as many records as it and the groups around it are repeated.
golden export-json.txt "$kvt" export --format json --times "$times" --symbols traces/6.18.15/symbols.tsv "$open"
wrong='' folded=0
for file in "$good" tests/kvt/sites.kvt traces/6.18.15/nvhe/11-run.kvt; do
	cmp -s <("$kvt" export --format jsonl "$file" | jq -c '[.record, .line, .thread, .kind, .name, .place, .args, .result, .never_returned]' | sed 's/,{}/,null/') \
		<("$kvt" export --format json --unfold "$file" | jq -c '.threads[] | .thread as $t | .calls[] | recurse(.calls[]?) |
			[.record, .line, $t, .kind, .name, .place, .args, .result, .never_returned]' | sed 's/,{}/,null/') || wrong+=" $file: unfolded"
	"$kvt" export --format json "$file" >"$tmp/trees"
	count=$(jq 'def weigh($n): ($n * (.times // 1)) as $m | (if .record then $m else 0 end) + ([.calls[]? | weigh($m)] | add // 0);
		[.threads[].calls[] | weigh(1)] | add' "$tmp/trees")
	[[ $count == "$(jq .records "$tmp/trees")" && $count == "$(tail -n 1 "$file" | cut -d' ' -f2)" ]] || wrong+=" $file: $count"
	((folded += $(grep -o '"kind":"group"' "$tmp/trees" | wc -l)))
done
is "$wrong" "" "trees of JSON have every record, unfolded and folded"
ok "... and $folded groups" test "$folded" -gt 0
ask_tree() { "$kvt" export --format json "${@:2}" | jq -c "$1"; }
is "$(ask_tree '.threads[].calls[] | recurse(.calls[]?) | select(.times) | [.name, .line, .times, .alike]' "$good" | tr '\n' ' ')" \
	'["__kvm_pgtable_walk",118,2,false] ["stage2_free_walker",119,512,true] ["kvm_free_memslots",1183,2,false] ' \
	"a call that repeats says how often, and whether all are the same to the letter"
is "$(ask_tree '.threads[].calls[0] | [.record, .line, .calls[0].below, .calls[0].record]' --function kvm_vcpu_ioctl --depth 1 tests/kvt/sites.kvt)" \
	'[65,132,null,66]' "a selection keeps its numbers"
is "$(ask_tree '.threads[].calls[0] | [.name, .below, .calls]' --syscall KVM_CREATE_VM --depth 0 "$good" | cut -c1-30)" '["ioctl",null,[{"kind":"call",' "a depth of 0 leaves nothing out"
is "$(for n in 1 2 3 4 5; do ask_tree '[.threads[].calls[] | recurse(.calls[]?) | .below // empty] | [length, add]' --syscall KVM_CREATE_VM --depth $n "$good"; done | tr '\n' ' ')" \
	"$(for n in 1 2 3 4 5; do "$kvt" show --syscall KVM_CREATE_VM --depth $n "$good" | awk '/… .* below/ { lines++; n += $2 } END { printf "[%d,%d] ", lines, n }'; done)" \
	"what a depth leaves out is counted"
is "$(ask_tree '[.header.kernel[0][:7], .header.mode, (.header.source | length)]' "$open")" '["6.18.15",["vhe"],2]' "the header, each key with all of its lines"
is "$(ask_tree '[.threads[] | [.thread, (.calls | length)]]' "$tmp/odd.kvt")" '[["0",4],["1",2]]' "two threads"
is "$(ask_tree '.threads' "$tmp/none.kvt")" '[]' "no thread"
is "$(ask_tree '.threads[0].calls[0].calls[0].source' --symbols traces/6.18.15/symbols.tsv "$good")" '"drivers/char/misc.c:118"' "where a function is defined"

capture "$kvt" export --format jsonl -o "$tmp/file" "$open"
ok "-o writes a file" diff tests/kvt/golden/export-jsonl.txt "$tmp/file"
is "$status$out$err" 0 "... and prints nothing"
capture "$kvt" export --format jsonl -o "$tmp/no/file" "$open"
like "$status $err" "^5 .*No such file" "a directory that is not there"
capture bash -c "$kvt export --format chrome $good >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
capture "$kvt" export "$open"
like "$status $err" "^2 .*needs --format chrome, folded, json or jsonl" "no format"
capture "$kvt" export --format xml "$open"
like "$status $err" "^2 .*takes chrome, folded, json or jsonl, not 'xml'" "an unknown format"

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
