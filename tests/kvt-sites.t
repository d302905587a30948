#!/bin/bash
# Call sites and inlined functions: the commands on captures that have them.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 29

kvt=build/kvt/asan/kvt
symbols=traces/$RELEASE/symbols.tsv
sites=tests/kvt/sites.kvt
unset KVT_SYMBOLS

golden sites-show.txt "$kvt" show --symbols $symbols --at 04-vcpu.c:35 "$sites"
golden sites-function.txt "$kvt" show --function create_vcpu_fd "$sites"
golden sites-html.txt "$kvt" html --symbols $symbols --at 04-vcpu.c:35 "$sites"
golden sites-jsonl.txt "$kvt" export --format jsonl --at 04-vcpu.c:35 "$sites"
golden sites-chrome.txt "$kvt" export --format chrome --at 04-vcpu.c:35 "$sites"
golden sites-folded.txt "$kvt" export --format folded --at 04-vcpu.c:35 "$sites"

# The same capture without levels, by other means: lines of levels go, with
# the braces that close them, and the rest moves to the left.
flat() {
	perl -ne 'if (/^end /) { exit }
		if (/^ *[~?]/) { push @open, 0 }
		elsif (/^ *}/) { print "  " x grep({ $_ } @open), s/^ *//r if pop @open }
		elsif (!/^ *[@!\w].*\(/ || !$calls && !/^@/) { print }
		else { $calls = 1; print "  " x grep({ $_ } @open), s/^ *//r; push @open, 1 if /\{$/ }' "$1"
}
flat "$sites" | seal "$tmp/flat.kvt" "$(sed -n 's/^end \([0-9]*\) .*/\1/p' "$sites")"
capture "$kvt" show --format kvt "$tmp/flat.kvt"
is "$status$err" 0 "without its levels it is a capture, with as many records"
capture "$kvt" show --traced --format kvt "$sites"
ok "--traced takes the levels out" cmp "$tmp/flat.kvt" "$tmp/out"
capture "$kvt" show --traced "$sites"
ok "... of a tree" diff <("$kvt" show --traced "$tmp/flat.kvt" | tail -n +2) <(tail -n +2 "$tmp/out")
unlike "$out" '~|\?' "... and their marks"
capture "$kvt" show --traced --unfold "$sites"
ok "... of a stream" diff <("$kvt" show --traced --unfold "$tmp/flat.kvt" | tail -n +2) <(tail -n +2 "$tmp/out")
capture "$kvt" show --traced --function create_vcpu_fd "$sites"
like "$status $err" "^2 .*no call that fits" "... so that none is found"
capture build/kvt/kvt compare "$sites" "$tmp/flat.kvt"
like "$status $out" "^0 same: [1-9]" "compare: levels are no difference"
capture "$kvt" diff --args "$sites" "$tmp/flat.kvt"
is "$status" 0 "diff: neither"
[[ $status == 0 ]] || diag "$out$err"
capture "$kvt" lines --tsv "$sites"
ok "lines: levels are no calls" diff <("$kvt" lines --tsv "$tmp/flat.kvt") "$tmp/out"
depth() { "$kvt" show --depth "$1" "$2" | grep -vE '^(←|tests|/)|^ *[~?]' | sed -E 's/^ *//' | grep -v '^…'; }
for n in 1 3; do
	ok "--depth $n shows the same calls" diff <(depth $n "$tmp/flat.kvt") <(depth $n "$sites")
done

# Records of an export are those of the capture, in every format.
records=$(sed -n 's/^end \([0-9]*\) .*/\1/p' "$sites")
is "$("$kvt" export --format jsonl "$sites" | jq -s 'map(select(.record)) | length')" "$records" "jsonl: as many records"
is "$("$kvt" export --format jsonl "$sites" | jq -s 'map(select(.kind == "inlined" or .kind == "unseen")) | length')" \
	"$(grep -cE '^ *[~?]' "$sites")" "... and the levels"
is "$("$kvt" export --format folded "$sites" | awk '{ n += $NF } END { print n }')" \
	"$((records - $(grep -c '^ *!' "$sites")))" "folded: levels have no weight"
is "$("$kvt" export --format chrome "$sites" | jq '[.traceEvents[] | select(.ph == "X")] | sort_by(.ts, -.dur) |
	reduce .[] as $e ({stack: [], bad: 0};
		.stack |= map(select(.ts + .dur > $e.ts)) |
		if (.stack | length) > 0 and $e.ts + $e.dur > (.stack[-1] | .ts + .dur)
		then .bad += 1 else . end | .stack += [$e]) | .bad')" 0 "chrome: intervals nest"

capture build/kvt/kvt cover --json --symbols $symbols "$sites"
is "$(jq -r '.. | objects | select(.inlined == true).name' "$tmp/out" | sort)" \
	"$(sed -nE 's/^ *~([a-z_0-9]+)\(\) at (virt|arch\/arm64)\/kvm.*/\1/p' "$sites" | sort -u)" "cover: what was seen inlined"

# What is wrong inside of a capture with a right checksum.
head='kvt 1\nkernel x\nthread 0\n'
refused() {
	seal "$tmp/bad.kvt" "$1" < <(printf '%b' "$head$2")
	capture "$kvt" show "$tmp/bad.kvt"
	like "$status $err" "^3 .*bad.kvt:[0-9]+: .*$3" "$4"
}
refused 0 '~a()\n' "nothing inside" "an inlined function with nothing inside"
refused 0 '?a() = 2\n' "nothing inside" "... or a result instead"
refused 1 '~a(x=1) {\n  b()\n}\n' "has arguments" "... with arguments"
refused 1 '?a() {\n  b()\n} = 2\n' "has a result" "... with a result"
refused 1 '~a() {\n  b()\n} never returned\n' "has a result" "... that never returned"
refused 1 'a() {\n  ~b() {\n  }\n}\n' "braces with nothing" "... with empty braces"
seal "$tmp/good.kvt" 1 < <(printf '%b' "$head"'?a() {\n  ~b() at x.c:1 {\n    c() at x.c:2\n  }\n}\n')
capture "$kvt" show "$tmp/good.kvt"
is "$status$err" 0 "levels outside of system calls, which are no records"
