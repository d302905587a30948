#!/bin/bash
# kvt check: is a capture whole, and does it still fit its program?
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 13

kvt=build/kvt/asan/kvt
good=traces/$RELEASE/vhe/04-vcpu.kvt
all=(traces/*/*/*.kvt)

capture "$kvt" check --sources . "${all[@]}"
is "$status $(grep -c ': whole, [0-9]* records, of this program$' <<<"$out")" "0 ${#all[@]}" \
	"every committed capture is whole, and of the program as it is"
is "$(grep -oE '[0-9]+ records' <<<"$("$kvt" check "$good")")" \
	"$(sed -n 's/^end \([0-9]*\) .*/\1 records/p' "$good")" "the count is that of the end line"

# One bad capture among good ones.
sed '100s/$/ /' "$good" >"$tmp/altered.kvt"
head -n 100 "$good" >"$tmp/cut.kvt"
capture "$kvt" check "$good" "$tmp/altered.kvt" "$tmp/cut.kvt" "$good"
is "$status $(grep -c whole <<<"$out")" "3 2" "a bad capture stops no other, and is the exit status"
like "$err" "altered.kvt was altered.*cut.kvt" "both are named, with the reason"
capture "$kvt" check "$tmp/nowhere.kvt"
is "$status" 5 "a file that is not there"

# The program changes, and goes.
mkdir "$tmp/code"
cp code/04-vcpu.c code/kvmbook.h "$tmp/code"
capture "$kvt" check --sources "$tmp" "$good"
is "$status" 0 "the same program elsewhere"
echo >>"$tmp/code/kvmbook.h"
capture "$kvt" check --sources "$tmp" "$good"
like "$status $out" "^1 .*code/kvmbook.h has changed since it was recorded" "a header has changed"
unlike "$out" "whole" "... and no more is said"
rm "$tmp/code/04-vcpu.c"
capture "$kvt" check --sources "$tmp" "$good" "$tmp/cut.kvt"
like "$status $out" "^3 .*code/04-vcpu.c is not there" "a source is gone; a cut capture weighs more"
capture "$kvt" check "$good"
is "$status" 0 "without --sources, the program does not matter"
printf 'kvt 1\nkernel x\nthread 0\na()\n' >"$tmp/none.kvt"
printf 'end 1 sha256:%s\n' "$(sha256sum "$tmp/none.kvt" | cut -d' ' -f1)" >>"$tmp/none.kvt"
capture "$kvt" check --sources . "$tmp/none.kvt"
like "$status $out" "^1 .*does not say which program" "a capture that names no source"

capture "$kvt" check
like "$status $err" "^2 .*one capture or more" "no capture"
capture bash -c "$kvt check $good >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
