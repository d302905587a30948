#!/bin/bash
# kvt believes only whole captures, not truncated, altered or badly written
# ones.  Runs under the address and undefined-behavior sanitizers.
# shellcheck source-path=SCRIPTDIR source=tap.sh disable=SC2059
source "$(dirname "$0")/tap.sh"
plan 49

kvt=build/kvt/asan/kvt
good=tests/kvt/vcpu.kvt

capture "$kvt" show "$good"
is "$status" 0 "a sound capture is read"

# Every way to cut it at a line's end, and 300 random changes.
spoiled=0 wrong=''
lines=$(wc -l <"$good")
for ((n = 0; n < lines; n += 13)); do
	head -n "$n" "$good" >"$tmp/cut.kvt"
	capture "$kvt" show "$tmp/cut.kvt"
	spoiled=$((spoiled + 1))
	[[ $status == 3 && $err == kvt:* ]] || wrong+=" cut:$n=$status"
	capture "$kvt" show --unfold "$tmp/cut.kvt"
	[[ $status == 3 && $err == kvt:* ]] || wrong+=" cut:$n=$status"
done
is "$wrong" "" "cut after a line: always exit 3 and a message ($spoiled times)"

wrong=''
for seed in {1..300}; do
	build/tests/mutate "$seed" "$good" "$tmp/bad.kvt"
	capture "$kvt" show "$tmp/bad.kvt"
	[[ $status == 3 && $err == kvt:* && $err != *Sanitizer* ]] || wrong+=" $seed=$status"
	capture "$kvt" show --unfold "$tmp/bad.kvt"
	[[ $status == 3 && $err == kvt:* && $err != *Sanitizer* ]] || wrong+=" stream:$seed=$status"
done
is "$wrong" "" "300 random changes: always exit 3 and a message"

# Captures with a right checksum that are wrong inside.
seal() {
	local records=$1 body
	body=$(cat; printf x)
	body=${body%x}
	printf '%send %s sha256:%s\n' "$body" "$records" \
		"$(printf '%s' "$body" | sha256sum | cut -d' ' -f1)" >"$tmp/sealed.kvt"
	capture "$kvt" show "$tmp/sealed.kvt"
}
head='kvt 1\nkernel x\nthread 0\n'

seal 1 < <(printf "${head}a(x=1) = 2\n")
is "$status" 0 "a small sound capture"
seal 2 < <(printf "${head}@b(1) at code/x.c:12 {\n  a()\n} = 2\n")
like "$status $out" "^0 .*b\(1\) = 2  code/x.c:12" "a system call with its line"
seal 1 < <(printf "${head}!e() at code/x.c:12\n")
like "$err" "neither a result" "tracepoints have no line"
seal 1 < <(printf "${head}@b() at  = 1\n")
like "$err" "no place" "a line must be named"
seal 2 < <(printf "${head}a(x=1) = 2\n")
like "$err" "counts 2 records" "a wrong number of records"
seal 1 < <(printf "${head}a() {\n")
like "$err" "ends inside a call" "a call that is not closed"
seal 0 < <(printf "${head}}\n")
like "$err" "did not begin" "a call that is not opened"
seal 1 < <(printf "${head}  a()\n")
like "$err" "indentation" "wrong indentation"
seal 1 < <(printf "${head}a( = 2\n")
like "$err" "not a call" "no closing parenthesis"
seal 1 < <(printf "${head}(x)\n")
like "$err" "not a call" "no name"
seal 1 < <(printf "${head}a() 2\n")
like "$err" "neither a result" "words after a call"
seal 1 < <(printf "${head}!e() {\n}\n")
like "$err" "nothing inside" "an event with calls inside"
seal 1 < <(printf "${head}a() {\nthread 1\n")
like "$err" "inside a call" "a thread inside a call"
seal 1 < <(printf "${head}a() {\n}\n")
like "$err" "braces with nothing" "braces with nothing inside"
seal 1 < <(printf "${head}thread 1\na()\n")
like "$err" "no calls" "a thread without calls"
seal 2 < <(printf "${head}a()\nthread 0\na()\n")
like "$err" "comes twice" "two sections of one thread"
seal 2 < <(printf "kvt 1\nthread 1\na()\nthread 0\na()\n")
like "$err" "out of order" "threads out of order"
seal 1 < <(printf "kvt 1\nthread x\na()\n")
like "$err" "without a number" "a thread that is not a number"
seal 1 < <(printf "${head}a(x=\033[2J)\n")
like "$err" "4: a control character" "an escape sequence for the terminal"
seal 1 < <(printf "${head}a(x=\xc2\x9b2J)\n")
like "$err" "4: not UTF-8" "a control character of eight bits"
seal 1 < <(printf "${head}a(x=\xed\xa0\x80)\n")
like "$err" "4: not UTF-8" "a surrogate"
seal 1 < <(printf "${head}a(x=\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80)\n")
is "$status" 0 "letters of all lengths"
seal 0 < <(printf 'kvt 2\033[2J\n')
like "$err" "version '2' of" "another version, with an escape sequence"
seal 0 < <(printf 'kvt 2\n')
like "$err" "version '2'" "another version of the format"
seal 0 < <(printf 'hello\n')
like "$err" "not a capture" "another kind of file"
printf 'kvt 1\n\0\n' >"$tmp/nul.kvt"
capture "$kvt" show "$tmp/nul.kvt"
like "$err" "not text" "a NUL byte"
deep() {
	printf "$head"
	for ((i = 0; i < 1100; i++)); do printf '%*sa() {\n' $((2 * i)) ''; done
	for ((i = 1099; i >= 0; i--)); do printf '%*s}\n' $((2 * i)) ''; done
}
seal 1100 < <(deep)
like "$err" "deeper than 1000" "absurd depth"
: >"$tmp/empty.kvt"
capture "$kvt" show "$tmp/empty.kvt"
is "$status" 3 "an empty file"
capture "$kvt" show --unfold "$tmp/empty.kvt"
is "$status" 3 "... read as a stream"
capture "$kvt" show "$tmp/none.kvt"
like "$err" "No such file" "a file that is not there"
capture "$kvt" show "$tmp"
like "$status $err" "^[35] kvt:" "a directory"

# Compressed, it is the same capture.
other=tests/kvt/open.kvt
for file in "$good" "$other"; do gzip -n <"$file" >"$tmp/${file##*/}.gz"; done
packed=$tmp/${good##*/}.gz
# same COMMAND...: with GOOD and OTHER in it, or with their compressed forms.
same() {
	local plain gz said
	plain=("${@/#GOOD/$good}") gz=("${@/#GOOD/$packed}")
	plain=("${plain[@]/#OTHER/$other}") gz=("${gz[@]/#OTHER/$tmp/${other##*/}.gz}")
	said=$("$kvt" "${plain[@]}" 2>&1; echo "status $?")
	capture "$kvt" "${gz[@]}"
	# shellcheck disable=SC2001
	out=$(sed "s|$tmp/\([a-z]*\.kvt\)\.gz|tests/kvt/\1|g" <<<"$out$err"$'\n'"status $status")
	is "$out" "$said" "compressed, as not: kvt ${*:1:1}"
}
same show GOOD
same show --unfold GOOD
same diff GOOD OTHER
same compare GOOD OTHER
same claim GOOD 'KVM_CREATE_VCPU 3 times'
same claim GOOD 'KVM_RUN once'
same stats GOOD
same check GOOD
{ head -c 5000 "$good" | gzip -n; tail -c +5001 "$good" | gzip -n; } >"$tmp/two.kvt.gz"
capture "$kvt" show "$tmp/two.kvt.gz"
is "$status" 0 "in two pieces, one behind the other"
gzip -n <"traces/$RELEASE/functions.tsv" >"$tmp/functions.tsv.gz"
# (compare keeps its tables until it ends, which the sanitizer would tell.)
capture build/kvt/kvt compare --seen-by "$tmp/functions.tsv.gz" --seen-by "$tmp/functions.tsv.gz" "$good" "$good"
is "$status" 0 "a table may be compressed, too"
wrong='' size=$(wc -c <"$packed")
for ((n = 2; n < size; n += 31)); do
	head -c "$n" "$packed" >"$tmp/cut.kvt.gz"
	capture "$kvt" show "$tmp/cut.kvt.gz"
	[[ $status == 3 && $err == "kvt: $tmp/cut.kvt.gz: truncated: the end"* ]] || wrong+=" cut:$n=$status"
done
is "$wrong" "" "truncated: always exit 3, and what it is"
wrong=''
for seed in {1..100}; do
	build/tests/mutate "$seed" "$packed" "$tmp/bad.kvt.gz"
	[[ $(head -c 2 "$tmp/bad.kvt.gz" | od -An -tx1) == ' 1f 8b' ]] || continue
	capture "$kvt" show "$tmp/bad.kvt.gz"
	[[ $status == [03] && $err != *Sanitizer* ]] && { ((status == 3)) || cmp -s <(gzip -dc "$tmp/bad.kvt.gz" 2>/dev/null) "$good"; } ||
		wrong+=" $seed=$status"
done
is "$wrong" "" "100 random changes: exit 3, or the change says nothing"
{ cat "$packed"; echo more; } >"$tmp/more.kvt.gz"
capture "$kvt" show "$tmp/more.kvt.gz"
like "$status:$err" "^3:.*damaged: this is not what gzip wrote" "something behind it"
head -n -1 "$good" | gzip -n >"$tmp/half.kvt.gz"
capture "$kvt" show "$tmp/half.kvt.gz"
like "$status:$err" "^3:.*half.kvt.gz is truncated" "a truncated capture, compressed"
is "$("$kvt" show /dev/stdin < <(cat "$packed") | tail -n +2)" "$("$kvt" show "$good" | tail -n +2)" "from a pipe"
