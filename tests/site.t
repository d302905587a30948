#!/bin/bash
# The book itself, as `make book` builds it.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 11

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
ok "the links between pages lead somewhere" tools/book/check-links build/book
ok "the pages are valid HTML" tidy -q -e --gnu-emacs yes build/book/*.html

# Every link into the kernel's source is a line that the index or the table
# of cited lines has for that file.
places() { awk -F '\t' 'FNR > 1 { print $3 "#L" $4 }' traces/6.18.15/symbols.tsv traces/6.18.15/lines.tsv | sort -u; }
base=https://elixir.bootlin.com/linux/v6.18.15/source/
links() { grep -ohE "href=\"${base}[^\"]*\"" build/book/*.html | sed "s|href=\"$base||; s|\"||" | sort -u; }
is "$(comm -23 <(links | grep '#L') <(places))" "" "every link into the source is in the tables"
ok "there are such links" test "$(links | wc -l)" -ge 200

# A name in a tree shows its place, and leads to it.
is "$(grep -oE '<a class="fn" [^>]*>[^<]*</a>' build/book/*.html | grep -vcE 'href="[^"]*#L[0-9]+" title="[^"]*:[0-9]+"')" 0 \
	"every function in a tree is a link with its place"
is "$(grep -lE '(src|href)="(http://|//)|@import|url\(http' build/book/*.html build/book/style.css)" "" "nothing is loaded from elsewhere"

# The map says what kvt counts, and the first page leads to it.
captures=()
for chapter in "${chapters[@]}"; do
	captures+=(traces/6.18.15/*/"$chapter.kvt")
done
counted=$(build/kvt/kvt cover --symbols traces/6.18.15/symbols.tsv "${captures[@]}" |
	sed -nE '1s/^([0-9]+) of ([0-9]+) .*/<td>\1<\/td><td>\2<\/td>/p')
ok "the map has the numbers of kvt cover: $counted" grep -qF "${counted:-nothing}" build/book/coverage.html
ok "the first page leads to the map" grep -q 'href="coverage.html"' build/book/index.html
