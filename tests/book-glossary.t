#!/bin/bash
# The glossary: what its page holds, what a bold term in a chapter becomes, and
# that the build refuses a book whose chapters and glossary disagree.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 42
"$root/tools/need" tidy:tidy || bail 'no tidy'

first=chapters/01-open.md
chapter=chapters/04-vcpu.md
page=build/book/04-vcpu.html
glossary=build/book/glossary.html

lacks() { ! grep -nE -- "$2" "$1"; }

# refuses NAME TARGET MESSAGE FAULT: as in book-refuse.t.
refused()
{
	sample
	eval "$3"
	stops "$2" "$1"
}

refuses() { check "refused: $1" refused "$2" "$3" "$4"; }

accepted()
{
	sample
	eval "$2"
	builds "$1"
}

accepts() { check "accepted: $1" accepted "$2" "$3"; }

sample
check 'the book builds, with links that lead somewhere' builds book
check 'the glossary is valid HTML' tidy -q -e $glossary
check 'its title' holds $glossary '<h1>Glossary</h1>'
is "$(grep -LE 'href="glossary.html"[^>]*>Glossary' build/book/*.html)" "" "every page leads to it"
check 'a bold term leads to its entry' holds $page \
	'<dfn id="term-vcpu"><a href="glossary.html#vcpu" class="term" title="in the glossary">vCPU</a></dfn>'
check 'the entry has that id, and other forms of the term' holds $glossary \
	'<dt><span id="vcpu">vCPU</span> <span class="forms">virtual CPU</span></dt>'
check '... and leads to the place in the chapter' holds $glossary '<a href="04-vcpu.html#term-vcpu">Chapter 4</a>'
check 'and to the chapters that use the word' holds $glossary 'Also in chapter <a href="04-vcpu.html">4</a>.'
check 'a word that no other chapter uses leads to its own alone' test "$(grep -c 'Also in' $glossary)" = 1
check 'a page depends on the glossary' grep -q '^build/book/04-vcpu.html:.* glossary.md' build/book/.deps/04-vcpu.d
touch -d '+2 seconds' glossary.md
check 'so that both are made again' bash -c 'diff <(printf "  PAGE    build/book/%s.html\n" 01-open 04-vcpu glossary) <(make book | grep PAGE | sort)'

# Whether chapter 1 uses the word vCPU when this is at its end.
uses()
{
	sample
	printf '\n%s\n' "$1" >>$first
	builds $glossary && grep -qF 'Also in chapter <a href="01-open.html">1</a>.' $glossary
}
uses_not() { ! uses "$1"; }
check 'used: several' uses 'Two vCPUs.'
check 'used: another form, in emphasis, over a line' uses $'A *virtual\nCPU*.'
check 'used: in a list in a box' uses $'::: note\n- The vCPU.\n:::'
check 'not used: in code' uses_not 'It is `vCPU`.'
check 'not used: as a part of a word' uses_not 'The vCPUless and the xvCPU.'
check 'not used: with other capitals' uses_not 'A VCPU.'
check 'not used: in a comment' uses_not '<!-- vCPU -->'

accepts 'a bold head that begins with code' $page 'printf "\n**\`EINVAL\`** is one.\n" >>$chapter'
accepts 'a bold head that is a sentence' $page 'printf "\n**Nothing is not an error.**\nIt is.\n" >>$chapter'
accepts 'italics, for all that is no term' $page 'printf "\nIt is *not* so.\n" >>$chapter'
accepts 'a term at the beginning of a sentence, and several' $page 'sed -i "s/^A \*\*vCPU\*\*/**Virtual CPUs** and what/" $chapter'
sample
sed -i 's/A \*\*vCPU\*\*/A [**vCPU**](01-open.md)/' $chapter
check 'accepted: a term inside a link' builds book
check '... stays that link' holds $page '<a href="01-open.html"><dfn id="term-vcpu">vCPU</dfn></a>'
check '... and is valid' tidy -q -e $page
accepts 'a term with an apostrophe' book 'printf "\nvCPU'"'"'s page\n:   A page. [Chapter 4](chapters/04-vcpu.md).\n" >>glossary.md; printf "\nIts **vCPU'"'"'s page**.\n" >>$chapter'

# What a chapter has and the glossary has not
refuses 'a bold word that is in no entry' $page \
	"^$chapter:9: run page is bold, but no term of glossary.md: add there, in its place of the alphabet, \"run page\" and below it \":   What it is, in a sentence or two. \[Chapter 4\]\($chapter\).\"; or mark it \*so\* here, if it is no term" \
	'sed -i "s/a page and/a **run page** and/" $chapter'
refuses 'a bold word for stress' $page "^$chapter:9: two is bold, but no term" 'sed -i "s/ two / **two** /" $chapter'
refuses 'a term that is bold twice, at the second place' $page \
	"^$chapter:$(($(wc -l <"$root/tests/book/sample/$chapter") + 2)): vCPU is bold in line 9 already: a term is bold once" \
	'printf "\nThe **vCPU**.\n" >>$chapter'
refuses 'a term that another chapter introduces' $page \
	"^$chapter:37: hypervisor is bold, but a term of $first by glossary.md:3: take the bold away here, or name this chapter there" \
	'sed -i "s/the hypervisor is/the **hypervisor** is/" $chapter'
refuses 'a bold word in a caption' $page "^$chapter:37: host is bold, but" 'sed -i "37s/the host is/the **host** is/" $chapter'
refuses 'a chapter with terms and no glossary' $page "^$chapter:9: vCPU is bold, but there is no glossary.md: make one, with an entry" \
	'rm glossary.md'
refuses 'a book without a glossary' $glossary '^glossary.md does not exist: tools/book/README.md says' 'rm glossary.md'

# What the glossary has and no chapter has
refuses 'an entry whose term is not bold in its chapter' $glossary \
	"^glossary.md:7: vCPU is not bold in $chapter: write \*\*vCPU\*\* there once, where it says what that is, or name the chapter that does" \
	'sed -i "s/\*\*vCPU\*\*/vCPU/" $chapter'
refuses 'an entry without a chapter' $glossary '^glossary.md:3: hypervisor names no chapter: end its entry with a link' \
	'sed -i 5s/.*/Nothing./ glossary.md; sed -i "s/\*\*hypervisor\*\*/hypervisor/" chapters/01-open.md'
refuses 'an entry of a chapter that book.md does not list' $glossary '^glossary.md:3: hypervisor names chapters/02-caps.md, which book.md does not list' \
	'sed -i 5s/01-open/02-caps/ glossary.md; sed -i "s/\*\*hypervisor\*\*/hypervisor/" chapters/01-open.md'
refuses 'an entry that is not in its place' $glossary '^glossary.md:7: guest comes before hypervisor \(line 3\) in the alphabet: move it there' \
	'sed -i "7s/.*/guest/" glossary.md; sed -i "s/\*\*vCPU\*\*/vCPU/" $chapter'
refuses 'an entry twice' $glossary '^glossary.md:7: Hypervisor stands in line 3 already' \
	'sed -i "7s/.*/Hypervisor/" glossary.md; sed -i "s/\*\*vCPU\*\*/vCPU/" $chapter'
refuses 'a form that is the term of another entry' $glossary '^glossary.md:7: hypervisor is a form of vCPU and of hypervisor \(line 3\)' \
	'sed -i "7s/virtual CPU/hypervisor/" glossary.md'
refuses 'a list with something between' $glossary '^glossary.md:3: the entries are not one list' 'sed -i "6s/.*/\nMore:\n/" glossary.md'
refuses 'a function that the kernel has not' $glossary '^glossary.md:[0-9]+: kvm_nothing\(\) is not in' 'sed -i "4s/guest/\`kvm_nothing()\`/" glossary.md'
refuses 'a link to nothing' $glossary '^glossary.md:[0-9]+: broken link: chapters/09-more.md' 'sed -i "5s,\$, See [more](chapters/09-more.md)," glossary.md'
