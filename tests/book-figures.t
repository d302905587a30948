#!/bin/bash
# The figures of the book, all of them, whether or not a chapter has them yet.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/figure.sh
source "$root/tests/book/figure.sh"
plan 3
"$root/tools/need" python3-fonttools:/usr/lib/python3/dist-packages/fontTools fonts-open-sans fonts-firacode ||
	bail 'no fonts to measure labels with'

# The book's captures are not the sample's.
cp "$root"/chapters/figures/*.dot "$tmp"
sed -i '/^\/\//d' "$tmp"/*.dot
sample
mkdir -p chapters/figures
cp "$tmp"/*.dot chapters/figures
for file in chapters/figures/*.dot; do
	printf '\n![The figure](%s)\n' "${file#chapters/}" >>$chapter
done
check 'all figures of the book can be drawn' builds $page
check '... in a page that is valid' tidy -q -e $page
check 'each label fits its box in the faces of the page and of the PDF' "$root/tests/book/labels" "$root/tools/book/editions" $page
