#!/bin/bash
# A header that grows: two chapters own it, and each shows what it adds.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 13

page=build/book/01-open.html
other=build/book/04-vcpu.html

# The sample book with code/grow.h, of which chapter 4 adds to what chapter 1 has.
share()
{
	sample
	cat >code/grow.h <<-'END'
		/* SPDX */
		/* [first] */
		int number(int of)
		{
			switch (of) {
			case 1:
				return 11;
			/* [second] */
			case 2:
				return 22;
			/* [/second] */
			}
			return 33;
		}
		/* [/first] */
	END
	sed -i 's,^files: .*,files: [code/01-open.c\, code/grow.h],' chapters/01-open.md
	sed -i 's,^  - code/04-vcpu.c,&\n  - code/grow.h,' chapters/04-vcpu.md
	list first 01-open
	list second 04-vcpu
}

list() { printf '\n``` {.listing file="code/grow.h" anchor="%s"}\n```\n' "$1" >>"chapters/$2.md"; }

# lines PAGE: the numbers of the header's lines in a page's listing.
lines()
{
	sed -n '/<b>code\/grow.h<\/b>/,/<\/figure>/p' "$1" | grep -oE 'class="line( new)?"[^>]* data-n="[0-9]+"' |
		sed -E 's/class="line( new)?".* data-n="([0-9]+)"/\2\1/' | xargs
}

share
check 'two chapters share a header' builds $page $other
is "$(lines $page)" "3 4 5 6 7 12 13 14" "the first shows it without what the second adds"
is "$(lines $other)" "9 10" "the second shows what it adds"
check '... in which function that is' holds $other ', in <code>number()</code>'
check '... after two lines of it' holds $other '<span class="line before" data-n="7">'

share
sed -i -e '1d' -e 's/.*kvmbook.h.*//' -e 's,^int main,/* [all] */\n&,' code/04-vcpu.c
recapture
sed -i 's,^question:,since: 01-open\n&,' chapters/04-vcpu.md
check 'the second may go on with the program of the first' builds $other
is "$(lines $other)" "9 new 10 new" "... then what it adds is marked as new"

share
sed -i '/anchor="second"/,$d' chapters/04-vcpu.md
check 'what no chapter shows is refused' stops '^code/grow.h:8: anchor \[second\] is unused: no listing in a chapter that owns the file shows it' $other
check '... on each page of them' stops '^code/grow.h:8: anchor \[second\] is unused' $page
list second 01-open
check 'the one may show the other anchor as well' builds $page

share
list second 01-open
check 'what two chapters show is refused' \
	stops '^chapters/04-vcpu.md:[0-9]+: anchor \[second\] of code/grow.h is shown twice: in chapters/01-open.md, too' $page

share
echo 'int more;' >>code/grow.h
check 'a line outside of anchors is refused' stops '^code/grow.h:16: this line is shown nowhere: put it inside an anchor that a chapter' $page

share
sed -i 's,^files: .*,files: [code/01-open.c],' chapters/01-open.md
check 'a chapter that does not own it cannot show it for another' stops '^code/grow.h:2: anchor \[first\] is unused: no listing in chapters/04-vcpu.md' $other
