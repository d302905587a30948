#!/bin/bash
# Appendices: what has a letter in place of a number, on a small book; and the
# places that the book's own appendices promise.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 30

index=build/book/index.html page=build/book/a-words.html
menu() { sed -n '/class="menu chapters"/,/<\/details>/p' "$1"; }

# The small book with an appendix, which has a program of its own.
with_appendix()
{
	sample
	printf '\n## Appendices\n\n1. [Words](chapters/a-words.md)\n   What do the words mean?\n' >>book.md
	cat >chapters/a-words.md <<-'END'
	---
	question: What do the words mean?
	files: [code/a-words.c]
	---

	# Words

	A **process** is a program that runs, as that of [chapter 1](01-open.md) does; a vCPU is none.

	## Exercises {#to-do}

	::: exercise
	What is it?

	::: solution
	It is `EINVAL`.
	:::
	:::
	END
	cp code/01-open.c code/a-words.c
	local mode=traces/6.18.15/vhe anchor
	sed -nE 's,^\s*/\* \[([a-z-]+)\] \*/,\1,p' code/a-words.c | while read -r anchor; do
		printf '\n``` {.listing file="code/a-words.c" anchor="%s"}\n```\n' "$anchor"
	done >>chapters/a-words.md
	sed -e "s,01-open,a-words,g" -e "/^source /d" $mode/01-open.kvt |
		awk -v sum="$(sha256sum code/a-words.c | cut -d' ' -f1)" '/^thread / && !done++ { print "source code/a-words.c sha256:" sum } { print }' >$mode/a-words.kvt
	cp $mode/01-open.out $mode/a-words.out
	seal $mode/a-words.kvt
	sed -i '/^vCPU/i process (processes)\n:   A program that runs.\n    [Appendix A](chapters/a-words.md).\n' glossary.md
	sed -i 's/^Back to /In this process, back to /' chapters/04-vcpu.md
}

with_appendix
check 'a book with an appendix builds' builds book
check 'its page says what it is' holds $page '<p class="number">Appendix A</p>'
check '... and has the letter at its exercises' holds $page '<p class="box-title">Exercise A.1</p>'
check 'the menu has it, below what book.md calls it' bash -c 'tr -d "\n" <<<"$0" | grep -q "index.html#appendices\">Appendices</a></p><ol><li><a href=\"a-words.html\"[^>]*><span class=\"no\">A</span> Words"' "$(menu $page)"
check 'every page has it' test -z "$(grep -LF 'href="a-words.html"' build/book/*.html)"
check 'so has the first page, with its letter and length' bash -c 'tr -d "\n" <$0 | grep -qE "<span class=\"no\">A</span> <a href=\"a-words.html\" class=\"to-chapter\">Words</a> <span class=\"length\">[0-9]+ min"' $index
check '... and its exercises' holds $index '<a href="a-words.html#exercise-1" class="to-exercise">A.1</a>'
check 'the chapter before leads to it' holds build/book/04-vcpu.html 'aria-label="Next: appendix A" title="A. Words"'
check '... and it leads back' holds $page 'aria-label="Before: chapter 4"'
check 'its capture has a page' holds build/book/a-words-tree.html 'a-words.html" class="here" title="the chapter of this page"'
check '... which leads back to it' holds build/book/a-words-tree.html '<span>Before</span> A. Words'
check 'the last pages stand behind it' holds build/book/glossary.html 'aria-label="Before: appendix A"'
check 'its term leads to the glossary' holds $page '<a href="glossary.html#process"'
check '... and back' holds build/book/glossary.html '<a href="a-words.html#term-process">Appendix A</a>'
check '... which says who uses it' bash -c 'tr -d "\n" <$0 | grep -q "id=\"process\".*Also in chapter <a href=\"04-vcpu.html\">4</a>\."' build/book/glossary.html
check '... and that the appendix uses the others' bash -c 'tr -d "\n" <$0 | grep -qE "id=\"vcpu\".*Also in <a href=\"a-words.html\">appendix.{1,6}A</a>\."' build/book/glossary.html
check 'the lists name it by its letter' holds build/book/functions.html '<b>A</b>'
check '... and scripts find it' holds build/book/names.js 'A:"a-words"'
check 'the search has it' holds build/book/search-index.js '"A. Words"'
sed -i 's/^It has what/[chapters]{.count} and [exercises]{.count}: &/' book.md
builds $index
check 'it does not count as a chapter, but its exercises do' bash -c 'grep -q "2 and $1: It has what" $0' $index "$(grep -c '^::: exercise' chapters/*.md | awk -F: '{ n += $2 } END { print n }')"
sed -i 's/\*\*process\*\*/**thread**/' chapters/a-words.md
check 'what it has in bold needs an entry that names it' stops '\[Appendix A\]\(chapters/a-words.md\)' $page

with_appendix
"$root/tools/need" weasyprint:weasyprint python3-lxml:/usr/lib/python3/dist-packages/lxml epubcheck:epubcheck || bail 'no tools for the editions'
check 'an EPUB' builds epub
mkdir epub && (cd epub && unzip -qq ../build/book/kvm-on-arm64.epub)
said=$(find epub -name a-words.xhtml -exec cat {} +)
check '... has it' bash -c 'grep -q ">Appendix A</p>" <<<"$0"' "$said"
check '... and its solution by that name' bash -c 'cat $(find epub -name solutions.xhtml) | grep -q "Appendix A: Words"'
said=$(find epub -name nav.xhtml -exec cat {} + | tr -d '\n')
check '... in the contents' bash -c 'grep -qE "Appendices</a><ol><li><a[^>]*>A\. Words" <<<"$0"' "$said"

# The book's own: chapters link to these.
cd "$root" || exit 1
is "$(perl -Itools/book -MChapter=by_number,chapter_name -e 'print join ", ", map { chapter_name($_) } sort { by_number($a, $b) } qw(B 10 A 4)')" \
	'chapter 4, chapter 10, appendix A, appendix B' 'the tools in Perl name them, and have them in order'
ids() { pandoc -f markdown -t html "chapters/$1.md" | grep -oE ' id="[^"]*"' | cut -d'"' -f2 | sort; }
promised()
{
	local name=$1
	shift
	comm -13 <(ids "$name") <(printf '%s\n' "$@" | sort)
}
is "$(promised a-system processes virtual-memory page-tables page-faults demand-paging mmap copy-on-write \
	user-and-kernel system-calls descriptors inodes ioctl threads scheduling preemption interrupts locks rcu barriers \
	reference-counts modules debugfs signals)" "" 'appendix A has the places that it promises'
is "$(promised b-arm64 registers pstate flags encoding loads-and-stores branches calls the-program exception-levels vhe \
	system-registers exceptions vector-table mmu tlb barriers calls-upward wfi eret arm-arm)" "" 'so has appendix B'
is "$(sed -nE 's,^1?[0-9]*\. +\[.*\]\(chapters/([a-z])-.*,\1,p' book.md | tr -d '\n')" abcd 'book.md lists them'
ok 'the program of appendix B is run by its letter' bash -c 'make -n run-b | grep -q build/code/b-arm64'
