#!/bin/bash
# What code/NN-name.needs may say, and tools/lab/guest's words.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
needs_files=(code/*.needs)
plan $((19 + ${#needs_files[@]}))
# shellcheck source=tools/lab/needs.sh
source tools/lab/needs.sh

cat >"$tmp/needs" <<'END'
# A comment, and nothing.

file build/a
file build/b c
argument --one=two words
argument three
recorded --four
function kvm_one
terminal
memory 1024
mode nested
timeout 300
claim KVM_RUN once and KVM_RUN never
END
need_files=(old) need_claims=(old)
read_needs "$tmp/needs"
is "$(printf '%s;' "${need_files[@]}")" "build/a;build/b c;" "files, and none of another program"
is "$(printf '%s;' "${need_arguments[@]}")" "--one=two words;three;" "words of the command line, one a line"
is "${need_recorded[*]}" --four "words for a recording only"
is "${need_functions[*]}" kvm_one "functions"
is "$need_terminal:$need_memory:$need_timeout" 1:1024:300 "a terminal, memory, and a time limit"
is "$(unset LAB_TIMEOUT; set_machine; echo "$LAB_TIMEOUT")" 300 "... which the lab gets"
is "$(LAB_TIMEOUT=7; set_machine; echo "$LAB_TIMEOUT")" 7 "... unless the user has set one"
is "$need_mode" nested "a mode"
is "${need_claims[*]}" "KVM_RUN once and KVM_RUN never" "claims"
: >"$tmp/empty"
read_needs "$tmp/empty"
is "$need_terminal:$need_memory$need_timeout:$need_mode:${#need_files[@]}:${#need_claims[@]}" 0:::0:0 "an empty file needs nothing"
echo "files build/a" >"$tmp/wrong"
capture read_needs "$tmp/wrong"
is "$status:$err" "1:$tmp/wrong: files: no such kind of line" "what a line cannot be"
echo "mode nested2" >"$tmp/wrong"
capture read_needs "$tmp/wrong"
is "$status:$err" "1:$tmp/wrong: mode nested2: must be vhe, nvhe, protected or nested" "what a mode cannot be"
for wrong in none 0 -1; do
	echo "timeout $wrong" >"$tmp/wrong"
	capture read_needs "$tmp/wrong"
	is "$status:$err" "1:$tmp/wrong: timeout $wrong: must be a number of seconds" "what a time limit cannot be: $wrong"
done
for needs in "${needs_files[@]}"; do
	capture read_needs "$needs"
	is "$status:$err" 0: "$needs can be read"
done

capture tools/lab/guest
is "$status" 2 "tools/lab/guest wants a folder and a first process"
like "$err" '^usage: tools/lab/guest DIR INIT' "... and says so"
capture tools/lab/guest "$tmp/guest" code/30-linux.init large
is "$status" 2 "... and knows two kernels"
ok "... and has made nothing" test ! -e "$tmp/guest"
