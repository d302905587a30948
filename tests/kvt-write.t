#!/bin/bash
# kvt can write again what it reads: show, read, show gives the same bytes.
# The fuzzer checks the same for every capture that it makes up (kvt-fuzz.t).
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 12

kvt=build/kvt/asan/kvt
lifetime=traces/$RELEASE/vhe/07-lifetime.kvt
captures=(traces/*/*/*.kvt)
part_of captures
captures+=(tests/kvt/corpus/read/*.kvt)
old=tests/kvt/vcpu.kvt # from before there were rows

wrong='' lossy='' rows=0 count=0
for file in "${captures[@]}"; do
	capture "$kvt" show --format kvt "$file"
	[[ $status == 0 ]] && cmp -s "$file" "$tmp/out" || wrong+=" $file"
	# A pipe cannot be read twice: then the tree is kept in memory.
	"$kvt" show --format kvt <(cat "$file") | cmp -s "$file" - || wrong+=" pipe:$file"
	# Without rows it has a line for each record, and is the same with them again.
	"$kvt" show --format kvt --unfold "$file" >"$tmp/all"
	[[ $(grep -cE '^ *[0-9]+ times ' "$tmp/all" || true) == 0 &&
		$(sed '1,/^thread/d; /^thread /d; /^end /d' "$tmp/all" | grep -cvE '^ *[}~?]' || true) == \
			$(sed -n 's/^end \([0-9]*\) .*/\1/p' "$file") ]] || lossy+=" $file"
	"$kvt" show --format kvt "$tmp/all" | cmp -s "$file" - || lossy+=" again:$file"
	rows=$((rows + $(grep -cE '^ *[0-9]+ times ' "$file" || true)))
	count=$((count + 1))
done
is "$wrong" "" "every committed capture ($count) is written as it was, from a file and from a pipe"
ok "there are some" test "$count" -ge $((5 + ${#captures[@]} / 2))
is "$lossy" "" "... and has all its records without rows"
ok "... of which there are some" test "$rows" -ge ${#captures[@]}
ok "a capture from before there were rows comes back from them" \
	cmp <("$kvt" show --format kvt --unfold <("$kvt" show --format kvt $old)) $old

"$kvt" show --unfold "$lifetime" | tail -n +2 >"$tmp/file"
"$kvt" show --unfold <(cat "$lifetime") | tail -n +2 >"$tmp/pipe"
ok "a tree is the same, as a stream and from memory" cmp "$tmp/file" "$tmp/pipe"

"$kvt" show --format kvt --syscall KVM_CREATE_VCPU "$lifetime" >"$tmp/piece.kvt"
capture "$kvt" show --format kvt "$tmp/piece.kvt"
ok "a piece of a capture is a capture" cmp "$tmp/piece.kvt" "$tmp/out"
is "$(grep -c '^@' "$tmp/piece.kvt")" "$(grep -c '^@ioctl(.*KVM_CREATE_VCPU' "$lifetime")" "... with all that was asked for"
"$kvt" show --format kvt --traced --depth 1 "$lifetime" >"$tmp/flat.kvt"
capture "$kvt" show --format kvt "$tmp/flat.kvt"
ok "... and so is one cut at a depth" cmp "$tmp/flat.kvt" "$tmp/out"
is "$(grep -c '^@.*{$' "$tmp/flat.kvt") $(grep -c '^    ' "$tmp/flat.kvt")" \
	"$(grep -c '^@.*{$' "$lifetime") 0" "... whose calls keep the first level"

capture "$kvt" show --format json "$lifetime"
like "$status $err" "^2 .*--format takes tree, kvt or header" "another format"
capture bash -c "$kvt show --format kvt $lifetime >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
