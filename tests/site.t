#!/bin/bash
# The book itself, as `make book` builds it.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 30

capture make -s book
is "$status" 0 "make book"
[[ $status == 0 ]] || diag "$out$err"
capture make book
like "$out" "^The book is up to date: build/book/index.html$" "a second make book has nothing to do, and says so"

mapfile -t chapters < <(basename -s .md -a chapters/*.md)
missing=''
for chapter in "${chapters[@]}"; do
	[[ -s build/book/$chapter.html ]] || missing+=" $chapter"
done
is "$missing" "" "a page for each of ${#chapters[@]} chapters"
# In the menu of every page, and in it once.
menu() { sed -n '/class="menu chapters"/,/<\/details>/{s/<\/details>.*//; p}' "$1" | grep -oE 'href="([0-9]+|[a-z])-[^"#]*\.html"' | sed 's/href="//; s/\.html"//'; }
is "$(for page in build/book/*.html; do
	[[ $(menu "$page") == "$(printf '%s\n' "${chapters[@]}")" ]] || echo "$page"
done)" "" "... in the menu of every page"
is "$(grep -LE '<span class="version">[^<]+</span>' build/book/*.html)" "" "every page says of which version it is"
is "$(grep -ohE '<span class="version">[^<]+' build/book/*.html | sort -u | sed 's/.*>//')" "$(tools/book/version)" "... which is the one of the tree"
ok "the links between pages lead somewhere" tools/book/check-links build/book
# A "|" in a cell of a table ends the cell, and a link in it falls apart.
is "$(grep -lE '\((src|elsewhere):' build/book/*.html)" "" "no link of the text has stayed as it was written"
# Tidy knows neither popovers, nor links in drawings, nor groups in a list of terms.
mkdir "$tmp/pages"
for page in build/book/*.html; do
	perl -0pe 's/ popover(target(action)?="[^"]*")?//g; s{<div>\n(<dt.*?)</div>\n}{$1}gs' "$page" >"$tmp/pages/${page##*/}"
done
is "$(tidy -q -e --gnu-emacs yes "$tmp"/pages/*.html 2>&1 | grep -v 'Warning: <a> proprietary attribute')" "" "the pages are valid HTML"

# Every link into the kernel's source is a line that the index or the table
# of cited lines has for that file, one that a capture says has a call, or the
# case or the documentation of an ioctl.
places() {
	{
		awk -F '\t' 'FNR > 1 { print $3 "#L" $4 }' traces/$RELEASE/symbols.tsv traces/$RELEASE/lines.tsv
		awk -F '\t' 'FNR > 1 { print $4 "#L" $5; print "Documentation/virt/kvm/api.rst#L" $6 }' traces/$RELEASE/ioctls.tsv
		awk -F '\t' 'FNR > 2 { print $6; print $7 }' traces/$RELEASE/gaps.tsv | sed 's/:/#L/'
		sed -nE 's/^ *([0-9]+ times )?[a-z~_].*\) at ([^ ]+):([0-9]+).*/\2#L\3/p' traces/$RELEASE/*/*.kvt
	} | sort -u
}
base=https://elixir.bootlin.com/linux/v$RELEASE/source/
links() { grep -ohE "href=\"${base}[^\"]*\"" build/book/*.html | sed "s|href=\"$base||; s|\"||" | sort -u; }
is "$(comm -23 <(links | grep '#L') <(places))" "" "every link into the source is in the tables"
ok "there are such links" test "$(links | wc -l)" -ge 200

# What no tracer sees has a line in the trees: hypercalls in protected mode.
is "$(sed -n 's/.*data-mode="\([a-z]*\)".*/\1/p; /may call, unseen: </s/.*/gap/p' build/book/03-vm.html | grep -B1 gap | grep -v "^gap\|^--" | sort -u)" \
	"protected" "chapter 3 names hypercalls in protected mode, and in no other"

# A name in a tree shows its place, and leads to it.
is "$(grep -ohE '<a class="fn" [^>]*>[^<]*</a>' build/book/*.html | grep -vcE 'href="[^"]*#L[0-9]+"')" 0 \
	"every function in a tree is a link"
is "$(grep -ohE '<a class="fn" href="[^"]*">[^<]*</a>(<span class="args">|</span> <span class="level">).*' build/book/*.html |
	sed -nE 's|^<a class="fn" href="[^"]*/([^/"]*)#L([0-9]+)">.*|\1:\2 &|p' |
	awk '!index($0, " <span class=\"loc\">" $1 "</span>") && !/class="to-row"/' | head -3)" "" "... with its place at the end of the line"
# A reader may have a slow line.  Who asks for all of a capture gets all of it.
is "$(for page in build/book/*.html; do
	size=$(gzip -9 <"$page" | wc -c) most=100000
	[[ $page != *-tree.html ]] || most=250000
	[[ $page != */functions.html ]] || most=150000
	((size < most)) || echo "$page: $size of $most"
done)" "" "every page has less than 100 KB, compressed, or 250 KB for a whole capture, 150 KB for the list of functions"
is "$(grep -lE '(src|href)="(http://|//)|@import|url\(http' build/book/*.html build/book/style.css build/book/book.js)" "" "nothing is loaded from elsewhere"

# In assembly, what is marked as a comment is one, and each instruction is marked.
assembly() { grep -hE '^(<.*>)?<span class="line[^>]* id="[^"]*\.S:' build/book/*.html; }
is "$(assembly | grep -oE 'class="co">.{4}' | grep -v '>/\* ' | head -3)" "" "no operand is marked as a comment"
is "$(assembly | grep -P 'data-n="\d+">\t[a-z]' | head -3)" "" "every instruction is marked"
ok "... and there are some" test "$(assembly | grep -cP '>\t<span class="kw">')" -ge 100

# A line of a listing says how many functions it woke, as kvt counts them, and
# leads to its tree; every system call in a tree leads to its line.
wrong='' count=0
for chapter in "${chapters[@]}"; do
	kvt=traces/$RELEASE/vhe/$chapter.kvt
	# An appendix may have no program.
	[[ -e $kvt || $chapter != [a-z]-* ]] || continue
	[[ -s build/book/$chapter-tree.html ]] || wrong+=" no $chapter-tree.html"
	diff <(build/kvt/kvt lines --tsv "$kvt" | awk -F'\t' -v own="code/$chapter.c" 'NR > 1 && $1 == own { sub(".*/", "", $1); print $1 ":" $2, $6 }' | sort) \
		<(grep -oE 'class="woke" href="[^"]*#tree-[^"]*" data-woke="[0-9]+"' "build/book/$chapter.html" |
			sed -E 's/.*#tree-([^"]*)" data-woke="([0-9]+)"/\1 \2/' | sort -u) >"$tmp/diff" ||
		wrong+=" $chapter: $(grep '^[<>]' "$tmp/diff" | tr '\n' ' ')"
	((count += $(grep -c 'class="woke"' "build/book/$chapter.html")))
done
is "$wrong" "" "the lines of each chapter's program have the numbers of kvt lines"
ok "... $count times" test "$count" -ge 100
is "$(grep -ohE 'class="woke"[^>]*>[^<]' build/book/*.html)" "" "... which are not copied with the code"
is "$(cat build/book/*-tree.html | grep -oE 'data-at="[^"]*"')" "" "every system call of a whole capture leads to its line"
# The text of the line that a tree leads to makes a system call.
lines() { grep -ohE 'href="[^"]*" title="the line of the program"' build/book/*-tree.html | sed -E 's/.*#([^"]*)" .*/\1/' | sort -u; }
is "$(lines | while IFS=: read -r file line; do
	sed -n "${line}p" "code/$file" | grep -qE '[a-z_]+\(' || echo "$file:$line"
done)" "" "... and what is there is a call, for each of $(lines | wc -l)"

# The map says what kvt counts, and the first page leads to it.
captures=()
for chapter in "${chapters[@]}"; do
	for file in traces/"$RELEASE"/*/"$chapter.kvt"; do
		[[ ! -e $file ]] || captures+=("$file")
	done
done
counted=$(build/kvt/kvt cover --symbols traces/$RELEASE/symbols.tsv "${captures[@]}" |
	sed -nE '1s/^([0-9]+) of ([0-9]+) .*/<td>\1<\/td><td>\2<\/td>/p')
ok "the map has the numbers of kvt cover: $counted" grep -qF "${counted:-nothing}" build/book/coverage.html
ok "the first page leads to the map" grep -q 'href="coverage.html"' build/book/index.html

# Each claim of a chapter is a sentence with two marks, for browsers with
# popovers and without, and evidence that both lead to.
wrong=''
for chapter in "${chapters[@]}"; do
	page=build/book/$chapter.html
	claims=$(grep -o '{\.claim ' "chapters/$chapter.md" | wc -l)
	marks=$(grep -oE '<button type="button" class="check" popovertarget="claim-[0-9]+"' "$page" | sort -u | wc -l)
	links=$(grep -oE '<a class="check" href="#claim-[0-9]+"' "$page" | sort -u | wc -l)
	boxes=$(grep -oE 'id="claim-[0-9]+" popover>' "$page" | sort -u | wc -l)
	[[ "$claims $claims $claims" == "$marks $links $boxes" ]] || wrong+=" $chapter: $claims claims, $marks $links $boxes"
	# The prologue explains nothing yet, and an appendix little of KVM.
	((claims >= 10)) || [[ $chapter == 00-* || $chapter == [a-z]-* ]] || wrong+=" $chapter has $claims claims"
done
is "$wrong" "" "claims, marks and evidence of each chapter"
evidence() { sed -n '/<div class="evidence"/,/<p class="close">/p' build/book/*.html; }
unlike "$(evidence)" '<ul>[[:space:]]*</ul>' "no evidence is empty"
# What it says, kvt says as well.
commands=$(evidence | sed -nE 's/.*<code>(build\/kvt\/kvt claim .*)<\/code>.*/\1/p' |
	sed 's/&gt;/>/g; s/&lt;/</g; s/&quot;/"/g; s/&amp;/\&/g')
is "$(bash -e <<<"$commands" | grep -cE '^true: ')" "$(wc -l <<<"$commands")" "the commands below the evidence"
is "$(grep -l '<col style="width' build/book/*.html)" "" "no table has columns of equal widths, whatever is in them"
