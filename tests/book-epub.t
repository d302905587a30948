#!/bin/bash
# The book as an EPUB: a small one, and the whole.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 26
"$root/tools/need" epubcheck:/usr/share/java/epubcheck.jar default-jre-headless:java unzip:unzip tidy:tidy || bail 'no epubcheck, unzip or tidy'
export LC_ALL=C.UTF-8

# Debian's command needs a kernel that runs jar files; this does not.
checked()
{
	java -jar /usr/share/java/epubcheck.jar "$1" >"$tmp/report" 2>&1
	grep -q '^Messages: 0 fatals / 0 errors / 0 warnings' "$tmp/report" || { cat "$tmp/report"; return 1; }
}

unpack()
{
	rm -rf "$tmp/epub"
	unzip -q "$1" -d "$tmp/epub"
	cd "$tmp/epub/book" || exit 1
}

# All links within the book lead to a file and a place that there is.
links_lead()
{
	perl -e '
		for my $file (<*.xhtml>) {
			local $/; open F, "<", $file; $text = <F>;
			$place{"$file#$1"} = 1 while $text =~ /\bid="([^"]*)"/g;
			$place{$file} = 1;
			push @links, [$file, $1] while $text =~ /href="(?![a-z]+:)([^"]*)"/g;
		}
		for (@links) { $bad = 1, print "$$_[0]: $$_[1]\n" unless $$_[1] eq "style.css" || $place{$$_[1]} }
		exit $bad'
}

sample
# Nothing names the calls there, so nothing unfolds them.
printf '\n## Folded\n\n::: {.trace capture="01-open" open="0"}\nThe whole of it.\n:::\n' >>chapters/01-open.md
book=$PWD
check 'make epub' builds epub
check 'it is valid, without a warning' checked build/book/kvm-on-arm64.epub
cp build/book/kvm-on-arm64.epub "$tmp/first.epub"
touch chapters/01-open.md
builds epub
check 'once more, it is the same to the letter' cmp build/book/kvm-on-arm64.epub "$tmp/first.epub"
check 'the type comes first, as it is' test "$(head -c 58 build/book/kvm-on-arm64.epub | tail -c 28)" = mimetypeapplication/epub+zip
unpack build/book/kvm-on-arm64.epub
check 'a cover of text' bash -c 'grep -q ">A small book</text>" cover.svg && grep -q "properties=\"cover-image\"" content.opf'
check 'contents with parts, chapters and sections' bash -c 'tr -d "\n" <nav.xhtml | grep -q "Part I: Doors</a><ol><li><a[^>]*>1. One device, one number</a><ol><li><a[^>]*>The program</a>"'
check 'links lead somewhere' links_lead
check 'no script, no buttons, nothing that opens' bash -c '! grep -lE "<script|<button|<details|popover|onclick" *.xhtml'
check 'a listing has its caption, and numbers' bash -c 'grep -q "lines 33–36" 01-open.xhtml && grep -q "<span class=\"n\">36</span>" 01-open.xhtml'
check '... and lines that hang, further in than they begin' grep -q 'style="padding-left: 9.2em; text-indent: -9.2em"' 01-open.xhtml
check '... without tabs' bash -c '! grep -P "\t" *.xhtml'
check 'its style wraps lines' grep -q '^\.code \.words {.*pre-wrap' style.css
check 'a tree is lists in lists' bash -c 'tr -d "\n" <04-vcpu.xhtml | grep -qE "<ul><li[^>]*><div class=\"call\">.*</div> *<ul><li"'
check '... cut where the page has it folded, with the count of what is below' \
	grep -q 'KVM_GET_API_VERSION</b>.*<span class="pruned">1 call below, not shown</span>' 01-open.xhtml
check 'a picture is there, with its text' bash -c 'cmp images-doors.png "$0/chapters/images/doors.png" && grep -q "src=\"images-doors.png\" alt=\"[^\"]" 04-vcpu.xhtml' "$book"
check 'a solution is in a file of its own' bash -c 'grep -q "solutions.xhtml#" 01-open.xhtml && grep -q "01-open.xhtml#p-01-open-exercise-1" solutions.xhtml'
check 'so is a whole program' bash -c 'grep -q "programs.xhtml#" 01-open.xhtml && grep -q "<code>code/01-open.c</code>" programs.xhtml'
check 'the glossary' grep -q '<dt><span id="p-glossary-vcpu">' glossary.xhtml
check 'wrong usage' bash -c '"$0"/tools/book/editions/make-epub >"$1/said" 2>&1; test $? = 2' "$root" "$tmp"

cd "$root" || exit 1
make -s epub >"$tmp/said" 2>&1
result $? 'make epub of the whole book' || bail "$(cat "$tmp/said")"
check 'it is valid, without a warning' checked build/book/kvm-on-arm64.epub
size=$(stat -c %s build/book/kvm-on-arm64.epub)
check "it has $((size / 1024)) KiB" test "$size" -lt 2000000
chapters=$(sed -nE 's/^[0-9]+\. +\[.*\]\(chapters\/(.*)\.md\)/\1/p' book.md)
# Figures, pictures of objects, and the pieces of strips.
figures=$(cat chapters/*.md | grep -cE '\(figures/[^ )]*\.dot|^:+ \{\.objects |^:+ \{\.walk .*objects="yes"')
unpack build/book/kvm-on-arm64.epub
check 'every chapter is there' bash -c 'for chapter in $0; do test -s $chapter.xhtml || { echo "no $chapter"; exit 1; }; done' "$chapters"
check 'links lead somewhere' links_lead
drawings=$(grep -ohE '<img src="[^"]*\.svg"' [0-9]*.xhtml [a-z]-*.xhtml index.xhtml | wc -l)
check "all $drawings drawings are SVG with a text; $figures or more are figures" test "$drawings" -ge "$figures" -a "$drawings" = \
	"$(grep -ohE '<img src="[^"]*\.svg" alt="[^"]{15,}' [0-9]*.xhtml [a-z]-*.xhtml index.xhtml | wc -l)"
check '... and in each the text once more, for who opens it' bash -c 'for figure in *-figure-*.svg; do grep -qE "<title>.{15,}</title>" $figure || exit 1; done'
