#!/bin/bash
# The book's build refuses each fault alone, in a small book that is otherwise
# sound, and accepts its sound twin.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 68

chapter=chapters/01-open.md
program=code/01-open.c
capture=traces/6.18.15/vhe/01-open.kvt

# make_page TARGET FAULT: the fault is a command for bash.
make_page()
{
	sample
	eval "$2"
	make "$1" >said 2>&1
}

refused()
{
	if make_page "$1" "$3"; then
		cat said
		echo 'the build did not stop'
		return 1
	fi
	grep -qE -- "$2" said || { cat said; echo "expected: $2"; return 1; }
}

# refuses NAME MESSAGE FAULT: the page of chapter 1 is not built, and says why.
refuses()
{
	check "refused: $1" refused build/book/01-open.html "$2" "$3"
}

refuses_book()
{
	check "refused: $1" refused book "$2" "$3"
}

builds()
{
	make_page build/book/01-open.html "$2" || { cat said; return 1; }
}

accepts()
{
	check "accepted: $1" builds - "$2"
}

line()
{
	local out
	out=$(printf '%*s' "$1" '')
	echo "${out// /x}"
}

accepts 'the sound book' :

# Listings
refuses 'a listing of an anchor that is missing' \
	"^$chapter:[0-9]+: anchor \[opne\] is not in $program" 'sed -i s/anchor=.open./anchor=\"opne\"/ $chapter'
refuses 'the same among several anchors' "^$chapter:[0-9]+: anchor \[opne\] is not in $program" \
	'sed -i "s/anchor=.version./anchor=\"opne version\"/" $chapter'
refuses 'anchors that do not follow each other' \
	"^$chapter:[0-9]+: anchor \[open\] does not come after \[version\] in $program" \
	'sed -i "s/anchor=.version./anchor=\"version open\"/" $chapter'
refuses 'anchors with code between them' \
	"^$chapter:[0-9]+: between anchors \[headers\] and \[open\] is line 15 of $program" \
	'sed -i "s/anchor=.open./anchor=\"headers open\"/" $chapter'
refuses 'an anchor without a name' "^$chapter:16: anchor=\"\" names no piece of $program" \
	'sed -i 16s/anchor=[^}]*/anchor=\"\"/ $chapter'
accepts 'anchors that follow each other' \
	'sed -i -e /anchor=.version./,+1d -e "s/anchor=.open./anchor=\"open version\"/" $chapter'
refuses 'a listing of a file that is missing' \
	"^$chapter:16: code/1-open.c does not exist" 'sed -i 16s,code/01,code/1, $chapter'
refuses 'a listing with a text of its own' \
	"^$chapter:16: a listing has no text of its own" 'sed -i "16a int x;" $chapter'
refuses 'a listing without a file' \
	"^$chapter:16: a listing needs file=" 'sed -i "16s/file=[^ ]*//" $chapter'
refuses 'a doubled anchor' "^$program:[0-9]+: anchor \[open\] is doubled: it begins at line 32 too" \
	'sed -i "s,\[version\],[open],; s,\[/version\],[/open]," $program; recapture'
refuses 'an anchor that is never closed' "^$program:32: anchor \[open\] is unbalanced: it is never closed" \
	'sed -i "\,\[/open\],d" $program; sed -i "\,\[/main\],d" $program; recapture'
refuses 'an anchor that closes what was never opened' "^$program:[0-9]+: anchor \[/lost\] is unbalanced" \
	'echo "/* [/lost] */" >>$program; recapture'
refuses 'anchors that cross' "^$program:37: anchor \[/main\] is unbalanced: it closes inside \[open\]" \
	'sed -i "37s/open/main/; 47s/main/open/" $program; recapture'
refuses 'an anchor that no listing shows' "^$program:38: anchor \[version\] is unused: no listing in $chapter" \
	'sed -i /anchor=.version./,+1d $chapter'
refuses 'a line that is shown nowhere' "^$program:48: this line is shown nowhere" \
	'echo "int more;" >>$program; recapture'
accepts 'a blank line that is shown nowhere' 'echo >>$program; recapture'
accepts 'a comment at the head that no listing shows' 'sed -i "1i /* SPDX */\n/* Two\n * lines. */\n" $program; recapture'
refuses 'a line of 73 columns' "^$program:12: this line has 73 columns, a listing shows 72" \
	'sed -i "12s,.*,//$(line 71)," $program; recapture'
accepts 'a line of 72 columns' 'sed -i "12s,.*,//$(line 70)," $program; recapture'
refuses 'a line of 73 columns with tabs' "^$program:12: this line has 73 columns" \
	'sed -i "12s,.*,\t\t$(line 57)," $program; recapture'
refuses 'a program that is missing' "^$chapter:3: code/2-open.c does not exist" 'sed -i 3s,01,2, $chapter'

# Functions and citations
refuses 'a capture of another kernel' "^$chapter:[0-9]+: $capture is of Linux 7.3.4, and the lines of the source are those of 6.18.15" \
	'sed -i "s/^kernel [^ ]*/kernel 7.3.4/" $capture; seal $capture'
refuses 'a capture of a kernel whose release begins like it' "$capture is of Linux 6.18.150, and" \
	'sed -i "s/^kernel [^ ]*/kernel 6.18.150/" $capture; seal $capture'
refuses 'a function that is not in the index' "^$chapter:[0-9]+: kvm_dve_ioctl\(\) is not in traces/6.18.15/symbols.tsv" \
	'sed -i "s/.kvm_dev_ioctl()..is only/\`kvm_dve_ioctl()\` is only/; s/.kvm_dev_ioctl(). is only/\`kvm_dve_ioctl()\` is only/" $chapter'
refuses 'a call of one with arguments' "^$chapter:[0-9]+: kvm_dve_ioctl\(\) is not in" \
	'echo "Then \`kvm_dve_ioctl(filp, 0)\`." >>$chapter'
refuses 'a function in the wrong file' "^$chapter:[0-9]+: misc_open\(\) is not defined in a file like drivers/net" \
	'sed -i s,drivers/char/misc.c,drivers/net, $chapter'
refuses 'a variable written as a function' "^$chapter:[0-9]+: kvm_vcpu_fops\(\) is not in" \
	'echo "\`kvm_vcpu_fops()\`" >>$chapter'
refuses 'a citation that is not in lines.tsv' \
	"^$chapter:[0-9]+: src:kvm_dev_ioctl \"if \(args\)\" is not in traces/6.18.15/lines.tsv: run make index" \
	'sed -i "s/\"if (arg)\"/\"if (args)\"/" $chapter'
refuses 'a citation of nothing' "^$chapter:[0-9]+: src:kvm_nothing is not in .*: run make index" \
	'sed -i s/src:kvm_chardev_ops/src:kvm_nothing/ $chapter'

# Captures
refuses 'a trace without its capture' "^$chapter:62: no capture traces/6.18.15/nvhe/01-open.kvt: run make traces" \
	'sed -i "62s/}/ mode=nvhe}/" $chapter'
refuses 'an output without its capture' "^$chapter:57: no capture traces/6.18.15/vhe/02-caps.kvt: run make traces" \
	'sed -i 57s/01-open/02-caps/ $chapter'
refuses 'an output that is missing' "^$chapter:57: no output traces/6.18.15/vhe/01-open.out: run make traces" \
	'rm traces/6.18.15/vhe/01-open.out'
refuses 'lines that the output has not' "^$chapter:57: lines=\"1-7\" is not in .*01-open.out, which has 1 lines" \
	'sed -i "57s/}/ lines=\"1-7\"}/" $chapter'
accepts 'lines that it has' 'sed -i "57s/}/ lines=\"1-1\"}/" $chapter'
refuses 'a capture whose program has changed since' \
	"^$chapter:[0-9]+: $program has changed since $capture was captured: run make traces" \
	'sed -i s/leads/lead/ $program; echo "/* more */" >>$program; sed -i "\$d" $program; sed -i "s/that lead on/that help/" $program'
refuses 'a capture whose program is gone' "^$chapter:[0-9]+: code/gone.c has gone since $capture was captured" \
	'sed -i "5i source code/gone.c sha256:00" $capture; seal $capture'
refuses 'a capture that does not name its program' "^$capture:1: this capture does not say which program" \
	'sed -i /^source/d $capture; seal $capture'
refuses 'a capture that kvt refuses' "^$chapter:16: $capture: version '9' of the format" 'sed -i "1s/.*/kvt 9/" $capture'
refuses 'a capture that was altered' "^$chapter:16: $capture was altered: its checksum" 'sed -i "s/= 12/= 13/" $capture'
refuses 'a system call that the capture has not' \
	"^$chapter:62: syscall=\"KVM_RUN\" matches nothing in $capture" 'sed -i "62s/}/ syscall=\"KVM_RUN\"}/" $chapter'
refuses 'a function that the capture has not' \
	"^$chapter:62: function=\"kvm_nothing\" matches nothing in $capture" \
	'sed -i "62s/}/ function=\"kvm_nothing\"}/" $chapter'
refuses 'a capture with no calls' "^$chapter:62: $capture has no calls to show" 'sed -i -e "/^thread/,/^@exit/d" -e "s/^end [0-9]*/end 0/" $capture; seal $capture'

# Links, images, titles
refuses 'a link to a chapter that is not there' "^$chapter:[0-9]+: broken link: 05-max.md is not a chapter" \
	'sed -i s,04-vcpu.md#the-call-tree,05-max.md, $chapter'
refuses 'a link that says only "here"' "^$chapter:12: a link must say where it leads, and \"here\" does not" \
	'sed -i "12s,\$, It is [here](04-vcpu.md)," $chapter'
refuses 'a citation that says only "Here"' "^$chapter:12: a link must say where it leads, and \"Here\" does not" \
	'sed -i "12s,\$, [Here](src:kvm_vcpu_fops)," $chapter'
accepts 'a link that says more' 'sed -i "12s,\$, It is [here in chapter 4](04-vcpu.md)," $chapter'
refuses_book 'a link to a section that is not there' \
	'^build/book/01-open.html:[0-9]+: broken link: 04-vcpu.html#the-tree \(no id "the-tree" in 04-vcpu.html\)' \
	'sed -i s,#the-call-tree,#the-tree, $chapter'
refuses_book 'an id that stands twice' '^build/book/01-open.html:[0-9]+: the id "twice" stands twice' \
	'printf "\n## One {#twice}\n\n## Two {#twice}\n" >>$chapter'
refuses 'an image without a text' "^$chapter:[0-9]+: image without a text: images/doors.png" \
	'printf "\n![](images/doors.png)\n" >>$chapter'
refuses 'an image that is not there' "^$chapter:[0-9]+: no image chapters/images/windows.png" \
	'printf "\n![A window](images/windows.png)\n" >>$chapter'
refuses 'an image from elsewhere' "^$chapter:[0-9]+: an image is a file below chapters/" \
	'printf "\n![A window](https://example.org/w.png)\n" >>$chapter'
accepts 'an image with a text' 'printf "\n![A door](images/doors.png)\n" >>$chapter'
refuses 'a title unlike the one in book.md' \
	"^$chapter:6: the title is \"One device\", but book.md \(line 12\) says \"One device, one number\"" \
	'sed -i "6s/,.*//" $chapter'
refuses_book 'a chapter that book.md does not list' '^chapters/05-max.md:1: book.md does not list this chapter' \
	'echo "# More" >chapters/05-max.md'
refuses_book 'a chapter that book.md lists and that is not there' '^book.md:16: chapters/05-max.md does not exist' \
	'echo "3. [More](chapters/05-max.md)" >>book.md'

# A program and the header it includes
sample
check 'accepted: the other chapter' make build/book/04-vcpu.html
check 'refused: a capture whose header has changed since' refused build/book/04-vcpu.html \
	'^chapters/04-vcpu.md:[0-9]+: code/kvmbook.h has changed since' 'echo >>code/kvmbook.h'

# Who acts when
add_lanes='printf "\n::: {.lanes %s}\nA caption.\n:::\n"'
refuses 'lanes without a capture' "^$chapter:[0-9]+: lanes need capture=" "$add_lanes 'nth=\"1\"' >>\$chapter"
refuses 'lanes of a capture that is missing' "^$chapter:[0-9]+: no capture traces/6.18.15/nvhe/01-open.kvt: run make traces" \
	"$add_lanes 'capture=\"01-open\" mode=\"nvhe\"' >>\$chapter"
refuses 'lanes that kvt cannot draw' "^$chapter:[0-9]+: traces.6.18.15.gaps.tsv: No such file or directory" "$add_lanes 'capture=\"01-open\"' >>\$chapter"

# What two captures show differently
other=chapters/04-vcpu.md
refuses_other()
{
	check "refused: $1" refused build/book/04-vcpu.html "$2" "$3"
}

refuses_other 'a diff with a capture that is missing' "^$other:[0-9]+: no capture traces/6.18.15/vhe/05-more.kvt: run make traces" \
	'sed -i "/\.diff/s/b-mode=.nvhe./b=\"05-more\"/" $other'
refuses_other 'a diff of a capture with itself' "^$other:[0-9]+: a diff needs a second capture" \
	'sed -i "/\.diff/s/b-mode=.nvhe.//" $other'
refuses_other 'a diff without a capture' "^$other:[0-9]+: a diff needs a=" 'sed -i "/\.diff/s/ a=[^ ]*//" $other'
refuses_other 'a diff that is misspelled' "^$other:[0-9]+: a diff knows no sycall=" 'sed -i "/\.diff/s/syscall/sycall/" $other'
refuses_other 'a diff where there is no difference' \
	"^$other:[0-9]+: traces/6.18.15/vhe/04-vcpu.kvt and traces/6.18.15/nvhe/04-vcpu.kvt do not differ" \
	'sed -e "s/^mode vhe/mode nvhe/" traces/6.18.15/vhe/04-vcpu.kvt >traces/6.18.15/nvhe/04-vcpu.kvt; seal traces/6.18.15/nvhe/04-vcpu.kvt'
refuses_other 'a diff with a capture that kvt refuses' "^$other:[0-9]+: traces/6.18.15/protected/04-vcpu.kvt: version '9' of the format" \
	'sed -i "/\.diff/s/nvhe/protected/; /modes=/s/ protected//" $other; sed -i "1s/.*/kvt 9/" traces/6.18.15/protected/04-vcpu.kvt'
refuses_other 'a diff with a capture whose program has changed since' \
	"^$other:[0-9]+: code/01-open.c has changed since traces/6.18.15/vhe/01-open.kvt was captured" \
	'sed -i "/\.diff/s/b-mode=.nvhe./b=\"01-open\"/" $other; echo "/* more */" >>code/01-open.c'
