#!/bin/bash
# Sketches in a chapter: what a page shows of one, and what stops the build;
# and what make book says of the kernel's lines.  With kvt itself, and a
# capture of the book.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/block.sh
source "$root/tests/book/block.sh"
plan 37
"$root/tools/need" tidy:tidy || bail 'no tidy'

chapter=chapters/04-vcpu.md
page=build/book/04-vcpu.html
base=https://elixir.bootlin.com/linux/v$release/source

# row SYMBOL TEXT LINE: a citation that the table has.
row() { printf '%s\t%s\tvirt/kvm/kvm_main.c\t%s\n' "$@"; }

# A book of one chapter that has a sketch, with the real capture.
block()
{
	sample
	cp "$root"/code/04-vcpu.c "$root"/code/kvmbook.h code
	cp "$root"/traces/6.18.15/*.tsv traces/6.18.15
	cp "$root/traces/6.18.15/vhe"/04-vcpu.* traces/6.18.15/vhe
	{
		row kvm_vm_ioctl_create_vcpu 'first <line>' 4182
		row kvm_vm_ioctl_create_vcpu 'early' 4100
		row kvm_vm_ioctl_create_vcpu 'second' 4207
		row kvm_vm_ioctl_create_vcpu 'third' 4241
		row kvm_vm_ioctl_create_vcpu 'last' 4254
		row create_vcpu_fd 'name' 4120
		row create_vcpu_fd 'file' 4121
	} >>traces/6.18.15/lines.tsv
	cat >$chapter <<'END'
---
question: Is it so?
---

# One vCPU

::: {.sketch function="kvm_vm_ioctl_create_vcpu" in="KVM_CREATE_VCPU#1"}
The *caption*.

- let the architecture [object](src: "first <line>")
- make `it`, [twice](src: "second"), [or](src: "third") not
- make [the file](src: "third")
  - write [its name](src:create_vcpu_fd "name")
  - make [it](src: "file")
- [be](src: "last") done
:::
END
	sed -i "s,^# One.*,# $(sed -n 's,^[0-9]*\. \[\(.*\)\](chapters/04-vcpu.md).*,\1,p' book.md)," $chapter
}

# The sketch as text: a line for each of its places, words and names that ran.
outline()
{
	in_book sed -n '/<figure class="sketch"/,/<\/figure>/p' $page | sed -E 's/<p class="sketch-into">.*<code>(.*)<\/code>.*/\n> \1/; s/<details class="sketch-ran"><summary>/\n+ /g;
		s/<div class="sketch-words">/\n/' | sed -nE '/^> /p; s/^<li class="sketch-step">.*>([0-9]+)<\/a>/\1/p; s/^\+ (.*)<\/summary>/+ \1/p'
}

check 'a page with a sketch' builds :
check 'each step has its line, what it called, and where another function begins' diff <(outline) - <<'END'
4182
+ ran: <code>kvm_arch_vcpu_precreate</code>
4207
+ ran: <code>kvm_arch_vcpu_create</code>
+ ran: <code>create_vcpu_fd</code>
4241
+ ran: <code>create_vcpu_fd</code>
> create_vcpu_fd()
4120
4121
+ ran: <code>anon_inode_getfd</code>
4254
+ ran: <code>kvm_arch_vcpu_postcreate</code>
END
check 'a line is a link to it' in_book grep -q "<a class=\"sketch-line\" href=\"$base/virt/kvm/kvm_main.c#L4182\" title=\"virt/kvm/kvm_main.c:4182\" aria-label=\"kvm_main.c:4182\">" $page
check 'its words are no link' in_book grep -qx 'let the architecture object' $page
check '... but a second place of a step is one' in_book grep -qE "^make <code>it</code>, twice, <a href=\"$base/virt/kvm/kvm_main.c#L4241\" class=\"cite\" title=\"virt/kvm/kvm_main.c:4241\">or</a>" $page
check 'the caption' in_book grep -q '^<p>The <em>caption</em>.</p>$' $page
check 'the function is a link' in_book grep -q "<p class=\"sketch-head\"><a class=\"fn\" href=\"$base/virt/kvm/kvm_main.c#L4158\"" $page
check 'what ran can be opened' in_book grep -q '<span class="args">(<var>kvm=</var>kvm#0, id=0)</span><span class="ret"> = 0</span>' $page
check '... with what that called' in_book grep -q '>kvm_timer_vcpu_init</a>' $page
check 'it says of what the calls are' in_book grep -q '<code>KVM_CREATE_VCPU#1</code> of <b>code/04-vcpu.c</b>' $page
check 'valid HTML' in_book tidy -q -e $page
check 'without in=, all of the capture' builds 'sed -i "7s/ in=.*/}/" $chapter'
check '... has more' in_book bash -c '[[ $(grep -c "kvm_arch_vcpu_create</code> × 2</summary>" $0) == 1 ]]' $page
check 'places in order, several in one line' builds 'sed -i "11s/third/second/; 12s/third/second/" $chapter'

refuses 'a step without a place' "^$chapter:11: a step of a sketch needs its place" 'sed -i "11s/.*/- make it/" $chapter'
refuses 'a step below another without a place' "^$chapter:14: a step of a sketch needs its place" 'sed -i "14s/.*/  - make it/" $chapter'
refuses 'a place that is not there' "^$chapter:12: src:kvm_vm_ioctl_create_vcpu \"fourth\" is not in traces/6.18.15/lines.tsv: run make index" 'sed -i "12s/third/fourth/" $chapter'
refuses 'a function that is not there' "^$chapter:13: src:create_vcpu_df is no function of traces/6.18.15/symbols.tsv" 'sed -i "13s/_fd/_df/" $chapter'
refuses 'a structure for a function' "^$chapter:13: src:kvm_vcpu_fops is no function" 'sed -i "13s/create_vcpu_fd/kvm_vcpu_fops/" $chapter'
refuses 'steps out of order' "^$chapter:12: the sketch is not in the order of the source: kvm_main.c:4182 is before kvm_main.c:4241" 'sed -i "12s/third/first <line>/" $chapter'
refuses 'places of one step out of order' "^$chapter:11: the sketch is not in the order of the source: kvm_main.c:4207 is before kvm_main.c:4241" 'sed -i "11s/third/fourth/; 11s/second/third/; 11s/fourth/second/" $chapter'
refuses 'a step before its function' "^$chapter:10: .* order of the source: kvm_main.c:4100 is before kvm_main.c:4158" 'sed -i "10s/first <line>/early/" $chapter'
refuses 'steps of another function out of order' "^$chapter:14: .* order of the source: kvm_main.c:4116 is before kvm_main.c:4120" 'sed -i "14s/src: \"file\"/src:create_vcpu_fd/" $chapter'
refuses 'a step after those of another function' "^$chapter:15: .* order of the source: kvm_main.c:4207 is before kvm_main.c:4241" 'sed -i "15s/last/second/" $chapter'
refuses 'a sketch of no function' "^$chapter:7: a sketch needs function=" 'sed -i "7s/function=\"[^\"]*\" //" $chapter'
refuses 'a sketch of an unknown function' "^$chapter:7: kvm_nothing\(\) is not in traces/6.18.15/symbols.tsv" 'sed -i "7s/kvm_vm_ioctl_create_vcpu/kvm_nothing/" $chapter'
refuses 'a sketch without a list' "^$chapter:7: a sketch ends with the list of its steps" 'sed -i "10,15d" $chapter'
refuses 'a step of two paragraphs' "^$chapter:15: a step of a sketch is one paragraph" 'sed -i "15s/$/\n\n  And more.\n\n  And more./" $chapter'
refuses 'a call that is not there' "^$chapter:7: traces/6.18.15/vhe/04-vcpu.kvt has no call KVM_CREATE_VCPU#8" 'sed -i "7s/#1/#8/" $chapter'
refuses 'an attribute that no sketch has' "^$chapter:7: a sketch has no modes=: it takes" 'sed -i "7s/}/ modes=\"vhe\"}/" $chapter'
refuses 'a capture that is not there' "^$chapter:7: no capture traces/6.18.15/vhe/05-vcpu.kvt" 'sed -i "7s/}/ capture=\"05-vcpu\"}/" $chapter'

# On paper, a step is its line, its words, and what ran.
paper()
{
	builds : >/dev/null && in_book /usr/bin/python3 - "$root/tools/book/editions" $page <<'END'
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from lxml import html
import steps
body = html.parse(sys.argv[2], html.HTMLParser(encoding='utf-8')).getroot()
steps.steps(body)
for words in body.xpath('//div[@class="sketch-words"]'):
	print(' '.join(words.text_content().split()))
print(len(body.xpath('//figure[@class="sketch"]//details')))
END
}
check 'on paper a sketch is an outline, without what opens' diff <(paper) - <<'END'
4182 let the architecture object ran: kvm_arch_vcpu_precreate
4207 make it, twice, or kvm_main.c:4241 not ran: kvm_arch_vcpu_create ran: create_vcpu_fd
4241 make the file ran: create_vcpu_fd
4120 write its name
4121 make it ran: anon_inode_getfd
4254 be done ran: kvm_arch_vcpu_postcreate
0
END

# cite-lines finds the places of a sketch as those of any text.
cites()
{
	block
	mkdir -p "$tmp/linux/virt/kvm"
	{
		for ((n = 1; n < 4110; n++)); do echo; done
		for ((; n < 4300; n++)); do echo "line_$n"; done
	} >"$tmp/linux/virt/kvm/kvm_main.c"
	sed -i 's/first <line>/line_4182/; s/second/line_4207/; s/third/line_4241/; s/last/line_4254/; s/"name"/"line_4120"/; s/"file"/"line_4121"/' $chapter
	rm -f chapters/01-open.md glossary.md
	"$root/tools/book/cite-lines" "$tmp/linux" 2>&1
}
check 'cite-lines finds each in its function' diff <(cites | sed 1d) <(
	row create_vcpu_fd line_4120 4120
	row create_vcpu_fd line_4121 4121
	for n in 4182 4207 4241 4254; do row kvm_vm_ioctl_create_vcpu line_$n $n; done)
cites_wrong() { block; "$root/tools/book/cite-lines" "$tmp/linux" 2>&1; }
check '... and says which line of the chapter is wrong' grep -q '^chapters/04-vcpu.md:10: src:kvm_vm_ioctl_create_vcpu: "first <line>" occurs nowhere in' <(cites_wrong)

# The edition with the kernel's lines is offered where its source is at hand.
whole() { sample && KVM_BOOK_CACHE=$tmp/cache make "$@" book 2>&1; }
offers() { whole "$@" | grep -c 'beside it: make book LINUX=auto'; }
is "$(offers)" 0 'without the source, make book offers nothing'
mkdir -p "$tmp/cache/source/linux-$(sed -n 's/^RELEASE=//p' "$root/tools/lab/release")"
is "$(whole | tail -n 1)" "With the kernel's own lines beside it: make book LINUX=auto" 'with it, the last line offers the edition with it'
tree "$tmp/tree"
is "$(offers "LINUX=$tmp/tree")" 0 '... which does not offer itself'
