#!/bin/bash
# Every chapter's program, in the lab on Debian's kernel: what it prints is
# what the book says it prints, and a capture taken there shows what the
# committed one does, as far as that kernel can see.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

release=6.18.15
mapfile -t captures < <(cd traces/$release && find vhe nvhe protected -name '*.kvt' 2>/dev/null | sort)
plan $((3 * ${#captures[@]} + 1))

ok "there are captures" test "${#captures[@]}" -ge 7
facts=$(tools/kvt/lab-facts stock)
for file in "${captures[@]}"; do
	mode=${file%/*} chapter=$(basename "$file" .kvt)
	committed=traces/$release/$mode/$chapter
	capture tools/kvt/capture --kernel stock --mode "$mode" --source "code/$chapter.c" \
		--source code/kvmbook.h -o "$tmp/$chapter.kvt" "build/code/$chapter"
	is "$status" "$(sed -n 's/^status //p' "$committed.kvt")" "$mode/$chapter: exit status"
	ok "$mode/$chapter: prints what the book says" diff -u "$committed.out" "$tmp/out"
	capture build/kvt/kvt compare --seen-by "traces/$release/functions.tsv" \
		--seen-by "$facts/functions.tsv" "$committed.kvt" "$tmp/$chapter.kvt"
	is "$status" 0 "$mode/$chapter: Debian's kernel shows the same"
	[[ $status == 0 ]] || diag "$out$err"
done
