#!/bin/bash
# Figures: the build turns a graph in dot's language into an SVG, and refuses
# bad ones.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 103
"$root/tools/need" graphviz:dot tidy:tidy python3-fonttools:/usr/lib/python3/dist-packages/fontTools \
	python3-lxml:/usr/lib/python3/dist-packages/lxml fonts-open-sans fonts-firacode || bail 'no dot, or no tidy'

chapter=chapters/01-open.md
page=build/book/01-open.html
figure=chapters/figures/doors.dot

# A small book whose first chapter ends with a figure.
with_figure()
{
	sample
	mkdir -p chapters/figures
	cat >$figure <<-'END'
	digraph {
		program [class=user, label="your program"]
		subgraph cluster_kernel {
			class=kernel
			label="the kernel"
			file [class=kernel, label=<<B>file</B>, by <FONT FACE="Courier">open()</FONT>>]
		}
		program -> file [label="open"]
	}
	END
	printf '\n![A door & a file](figures/doors.dot "What `open(2)` opens.")\n' >>$chapter
}

drawn()
{
	sed -n '/<figure class="drawing">/,/<\/figure>/p' $page
}

has() { drawn | grep -qF -- "$1" || { drawn; echo "does not hold: $1"; return 1; }; }
lacks() { ! drawn | grep -nE -- "$1"; }

# refuses NAME MESSAGE FAULT: as in book-refuse.t.
refused()
{
	with_figure
	eval "$2"
	stops "$1" $page
}

refuses() { check "refused: $1" refused "$2" "$3"; }

accepted()
{
	with_figure
	eval "$1"
	builds $page
}

accepts() { check "accepted: $1" accepted "$2"; }

with_figure
check 'a page with a figure builds' builds $page
check 'it is valid HTML' tidy -q -e $page
check 'the figure is in the page, an image with its text' has '<svg role="img" aria-label="A door &amp; a file"'
check 'its caption is text of the page' has '<figcaption>'
check 'with links like any' has 'href="https://man7.org/linux/man-pages/man2/open.2.html"'
check 'what is wider than the page can be scrolled with the keys' has '<div class="drawn" tabindex="0">'
check 'its size follows the letters of the page' has 'style="--width:'
check 'classes come through' has '<g class="node user">'
check 'a line of several fonts is one text' has '<tspan font-weight="bold">file</tspan><tspan>, by </tspan><tspan class="code">open()</tspan></text>'
check 'no ids' lacks ' id="'
check 'no fonts but the page'"'"'s' lacks 'font-family'
check 'no comment, no version, no names of dot'"'"'s' lacks '<!|[Gg]raphviz|<title'
check 'no color but that of the text, which the style sheet sets' lacks '(fill|stroke)="([^nc]|n[^o]|c[^u])|fill:|stroke:|#[0-9a-f]{6}"'
check 'and there are lines, areas and texts' bash -c 'test "$(grep -cE "(fill|stroke)=\"(none|currentColor)\"" $0)" -ge 6' $page
check 'every text has a color' lacks '<text [^f]*>'
cp $page "$tmp/first.html"
touch $chapter
check 'once more, it is the same to the letter' bash -c "make $page >said && cmp $page $tmp/first.html"
sed -i 's/your program/our program/' $figure
touch -d '+2 seconds' $figure
check 'it is from the drawings of all figures' test -s build/book/.deps/figures/doors.svg
check 'a changed figure makes the page again' bash -c "make $page | grep -q PAGE && grep -q 'our program' $page"

check 'so does a changed program that draws' bash -c 'touch -d "+9 seconds" $0; ! make -n $0 | grep "pandoc [+].* -d " && make -nW "$1/tools/book/drawing" $0 | grep -q "pandoc [+].* -d "' $page "$root"

with_figure
printf '\n![The same again](figures/doors.dot)\n' >>$chapter
check 'twice in a page, and without a caption' bash -c "make $page >said && tidy -q -e $page && test \"\$(grep -c 'aria-label=\"The same again\"' $page)\" = 1"

refuses 'a figure that is missing' "^$chapter:[0-9]+: no figure chapters/figures/door.dot" 'sed -i s,figures/doors,figures/door, $chapter'
refuses 'a figure without a text' "^$chapter:[0-9]+: figure without a text: say between !\[ and \] what figures/doors.dot shows" \
	'sed -i "s/A door & a file//" $chapter'
refuses '... at its line' "^$chapter:$(($(wc -l <"$root/tests/book/sample/$chapter") + 2)): figure without" \
	'sed -i "s/A door & a file//" $chapter'
refuses 'a graph with a mistake, at its line' "^$figure:4: dot: syntax error near" 'sed -i "4s/.*/class= [/" $figure'
refuses 'a graph that dot warns of' "^$figure:2: dot: node 'program'.* too small for label" \
	'sed -i "2s/class=user/class=user, fixedsize=true, width=.1/" $figure'
refuses 'a graph with a color of its own' "^$figure:2: the color red would not suit every page: give a class" \
	'sed -i "2s/class=user/color=red/" $figure'
refuses '... also one by its numbers' "^$figure:2: the color #ff8800 would" 'sed -i "2s/class=user/color=\"#ff8800\"/" $figure'
refuses '... of its letters' "^$figure:2: the color gray would" 'sed -i "2s/class=user/fontcolor=gray/" $figure'
refuses '... of a shape that is filled' "^$figure:1: the color lightgrey would" 'sed -i "2s/class=user/style=filled/" $figure'
refuses 'a color that there is not' "^$figure:2: dot: rde is not a known color" 'sed -i "2s/class=user/color=rde/" $figure'
refuses 'a class that there is not' "^$figure:2: class=\"usr\" is none of user, kernel" 'sed -i "2s/class=user/class=usr/" $figure'
refuses 'a graph with links' "^$figure:1: a figure has no links, images or gradients" 'sed -i "2s/class=user/URL=\"x\"/" $figure'
refuses 'a figure in the middle of a text' "^$chapter:[0-9]+: a figure stands alone, between empty lines: figures/doors.dot" \
	'sed -i "s/^!\[A door/See ![A door/" $chapter'
refuses 'a figure from elsewhere' "^$chapter:[0-9]+: a figure is a file chapters/figures/NAME.dot: images/doors.dot" \
	'sed -i s,figures/doors.dot,images/doors.dot, $chapter'
refuses 'a citation in a caption that is in no table' "src:kvm_nothing is not in" \
	'sed -i "s/What .open(2). opens./[This](src:kvm_nothing)./" $chapter'
accepts 'black, which is the color of the text' 'sed -i "2s/class=user/color=black/" $figure'
accepts 'a node without a shape, and a dashed line' 'sed -i "2s/class=user/shape=plaintext, style=dashed/" $figure'

# in_book COMMAND...: in the book that the check before has left.
in_book() { cd "$tmp/book" && "$@"; }

# claims LINE...: the figure begins with these lines.
claims() { { printf '%s\n' "$@"; cat $figure; } >claiming && mv claiming $figure; }
# The commands that are evaluated use these.
# shellcheck disable=SC2034
claim='// claim of="04-vcpu" in="KVM_CREATE_VCPU#1" shows="timer_context_init 4 times"'
# shellcheck disable=SC2034
never='// claim of="04-vcpu" in="KVM_CREATE_VCPU#1" shows="timer_context_init never" text="open"'

accepts 'what a capture bears out, and in it a text of several pieces' 'claims "$claim text=\"file, by open()\" text=\"your program\""'
check '... does not get into the page' in_book lacks timer_context_init
check '... on which the page depends' in_book grep -q traces/6.18.15/vhe/04-vcpu.kvt build/book/.deps/01-open.d
accepts '... in another mode' 'claims "// claim of=\"04-vcpu\" mode=\"nvhe\" shows=\"KVM_CREATE_VCPU\" text=\"open\""'
check '... on which it depends, too' in_book grep -q traces/6.18.15/nvhe/04-vcpu.kvt build/book/.deps/01-open.d
accepts 'what a program prints' 'claims "// output of=\"04-vcpu\" has=\"file descriptor 5\" text=\"open\""'
check '... on which the page depends' in_book grep -q traces/6.18.15/vhe/04-vcpu.out build/book/.deps/01-open.d
accepts 'what the source has' 'claims "// src at=\"kvm_dev_ioctl\" has=\"r =  KVM_API_VERSION\" text=\"the kernel\""'
accepts 'what a file has, with a quotation mark' 'claims "// file at=\"code/04-vcpu.c\" has=\"open(\\\"/dev/kvm\\\", O_RDWR | O_CLOEXEC)\" text=\"open\""'
check '... on which the page depends' in_book grep -q code/04-vcpu.c build/book/.deps/01-open.d
accepts 'a text at the end of a line and the beginning of the next' 'sed -i "s/your program/your\\\\nprogram/" $figure; claims "$claim text=\"your program\""'
accepts 'cells of a row' 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1 <\/TD> <TD>2<\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2\""'
accepts '... that are apart' 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\/TD>\n\t<TD><B>2 <\/B><\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2|\""'
accepts 'signs of XML' 'sed -i "s/<B>file/<B>a \&lt; \&amp;b/" $figure; claims "$claim text=\"a < &b\""'
accepts 'a second place that is a word' 'sed -i "s/your program/opener open/" $figure; claims "$claim text=\"open\""'
refuses 'a claim that is false, at its line' "^$figure:2: claim fails: in KVM_CREATE_VCPU#1: timer_context_init never" 'claims "$claim text=\"open\"" "$never"'
check '... and why' in_book grep -q '^traces/6.18.15/vhe/04-vcpu.kvt:   it is there 4 times' said
check '... and only that' in_book bash -c 'test "$(grep -c "claim fails" said)" = 1'
refuses 'a claim of a text that the figure does not have' "^$figure:1: the figure does not say 4 doors" 'claims "$claim text=\"4 doors\""'
refuses '... of a part of a word' "^$figure:1: the figure does not say pen" 'claims "$claim text=\"pen\""'
refuses '... of its other part' "^$figure:1: the figure does not say ope" 'claims "$claim text=\"ope\""'
refuses '... of what is no label' "^$figure:1: the figure does not say user" 'claims "$claim text=\"user\""'
refuses '... of a comment' "^$figure:2: the figure does not say a door" 'claims "# label=\"a door\"" "$claim text=\"a door\""'
refuses '... of two cells' "^$figure:1: the figure does not say 1 2" 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\\/TD><TD>2<\\/TD><\\/TR><\\/TABLE>>]/" $figure; claims "$claim text=\"1 2\""'
refuses '... of two rows' "^$figure:1: the figure does not say 1|2" 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\/TD><\/TR> <TR><TD>2<\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2\""'
refuses '... one text of two' "^$figure:1: the figure does not say shut" 'claims "$claim text=\"shut\" text=\"open\""'
refuses 'a claim about a capture that is not there' "no capture traces/6.18.15/vhe/05-none.kvt: run make traces" 'claims "// claim of=\"05-none\" shows=\"x\" text=\"open\""'
refuses 'a claim about a capture of another program' "code/04-vcpu.c has changed since" 'echo >>code/04-vcpu.c; claims "$claim text=\"open\""'
refuses 'what a program does not print' "^$figure:1: traces/6.18.15/vhe/04-vcpu.out has no line with descriptor 6" 'claims "// output of=\"04-vcpu\" has=\"descriptor 6\" text=\"open\""'
refuses '... but a part of it' "^$figure:1: traces/6.18.15/vhe/04-vcpu.out has no line with CPU 0" 'claims "// output of=\"04-vcpu\" has=\"CPU 0\" text=\"open\""'
refuses '... of a program that has changed' "code/04-vcpu.c has changed since" 'echo >>code/04-vcpu.c; claims "// output of=\"04-vcpu\" has=\"descriptor 5\" text=\"open\""'
refuses 'what is in no table of the source' "^$figure:1: src:kvm_dev_ioctl \"r = 1\" is not in .*lines.tsv: run make index" 'claims "// src at=\"kvm_dev_ioctl\" has=\"r = 1\" text=\"open\""'
refuses 'what a file has not' "^$figure:1: code/04-vcpu.c has no line with open_doors" 'claims "// file at=\"code/04-vcpu.c\" has=\"open_doors\" text=\"open\""'
refuses 'a claim of another kind' "^$figure:1: // begins a claim, an output, a src or a file; other comments" 'claims "// clam of=\"04-vcpu\" shows=\"KVM_RUN\" text=\"open\""'
refuses '... that is indented' "^$figure:1: // begins a claim" 'claims "	// clam"'
refuses 'a claim without a text' "^$figure:1: claim needs text=" 'claims "$claim"'
refuses '... with an empty one' "^$figure:1: src needs has=" 'claims "// src at=\"x\" has=\" \" text=\"open\""'
refuses '... with an attribute that it has not' "^$figure:1: file has no of=" 'claims "// file at=\"code/04-vcpu.c\" has=\"main\" of=\"x\" text=\"open\""'
refuses '... with one twice' "^$figure:1: claim: after it come attributes" 'claims "$claim of=\"x\" text=\"open\""'
refuses '... with other words' "^$figure:1: claim: after it come attributes" 'claims "$claim text=\"open\" or not"'

# The program alone.  fit GRAPH: what it makes of what dot draws of it.
mkdir "$tmp/alone"
cd "$tmp/alone" || exit 1
fit()
{
	printf '%s\n' "$1" >g.dot
	sed -zf "$root/tools/book/dot.sed" g.dot | dot -Tsvg -Gbgcolor=transparent -Nfontname=Helvetica -Nshape=box -o drawn 2>warned
	"$root/tools/book/drawing" g.dot 'A text' warned <drawn
}

# makes PATTERN GRAPH: a line of it matches.
makes()
{
	fit "$2" >made 2>&1
	grep -qE -- "$1" made || { cat made; return 1; }
}

mixed='label=<plain, <I>italic</I>, <U>under</U>, <FONT POINT-SIZE="9">small</FONT><BR/>next>'
check 'a piece has its style, and the line the size' makes '^<text fill="currentColor" text-anchor="middle" x="[0-9.]+" y="[^"]+" font-size="14.00"><tspan>plain, </tspan><tspan font-style="italic">italic</tspan><tspan>, </tspan><tspan text-decoration="underline">under</tspan><tspan>, </tspan><tspan font-size="9.00">small</tspan></text>$' "digraph { a [$mixed] }"
check 'another height is another line' makes '^<text [^>]*><tspan>next</tspan></text>$' "digraph { a [$mixed] }"
check 'there is nothing else' test "$(grep -c '<text ' made)" = 2
check 'a line is in the middle of its box' bash -c '
	set -- $(grep -oE "points=\"[^\"]*|<text [^>]* x=\"[^\"]*" "$0" | sed "s/.*\"//; s/,[^ ]*//g" | tr "\n" " ")
	echo "$@"; awk "BEGIN { exit !((d = ($1 + $2) / 2 - $6) < .1 && d > -.1 && $1 != $2) }"' made
check '... where dot has placed it, when the columns are to stay' makes '<text fill="currentColor" text-anchor="start" x="[0-9.]+" [^<]*>plain, </text>' "digraph { a [class=left, $mixed] }"
check '... each of its pieces' test "$(grep -c '<text [^>]*text-anchor="start"' made)" = 7
check 'a label of an edge begins where dot has it begin' makes '<text fill="currentColor" text-anchor="start"[^>]*><tspan>one </tspan><tspan class="code">two</tspan></text>' 'digraph { a -> b [label=<one <FONT FACE="Courier">two</FONT>>] }'
check 'the first piece has its style alone' makes '<text fill="currentColor" text-anchor="start" x="[0-9.-]+" y="[0-9.-]+" font-size="14.00"><tspan font-weight="bold">one</tspan><tspan> two</tspan></text>' 'digraph { a -> b [label=<<B>one</B> two>] }'
check 'a blank at the beginning of a label stays' makes $'<tspan>\xc2\xa0\xc2\xa0x<' 'digraph { a -> b [label=<  x<B>y</B>>] }'
check 'letters from elsewhere' makes 'aria-label="A text".*|<text [^>]*>門 &amp; ö</text>' 'digraph { a [label="門 & ö"] }'
check 'code in a plain label is code' makes '<text class="code" fill="currentColor" [^>]*>x</text>' 'digraph { a [label=x, fontname=Courier] }'
check 'the label of the whole graph' makes '<text fill="currentColor" [^>]*>all</text>' 'digraph { label=all; a }'
check 'what is transparent is not drawn' makes '<polygon fill="none" stroke="none"' 'digraph { a [color=transparent] }'
check 'all that is wrong is said, each thing once' diff - <(fit 'digraph { a [class=usr, color=red]
	b [class=usr, fontcolor=red] }' 2>&1) <<-'END'
	g.dot:1: class="usr" is none of user, kernel, el2, guest, note and left
	g.dot:1: the color red would not suit every page: give a class instead (user, kernel, el2, guest, note)
END
check 'no more than what dot says of it' test "$(fit 'digraph {' 2>&1 | wc -l)" = 1
check 'a picture that is none' bash -c ': >warned; ! "$0/tools/book/drawing" g.dot x warned </dev/null 2>said && grep -qx "g.dot:1: dot draws no SVG of it" said' "$root"
check 'a file that is missing' bash -c '! "$0/tools/book/drawing" none.dot x warned </dev/null 2>said && grep -qx "drawing: none.dot: No such file or directory" said' "$root"
# Several at once, as make has it: some with a mistake, a warning, a color; two that are good.
mkdir all
printf 'digraph { a }\n' >one.dot
printf 'digraph { b -> c }\n' >two.dot
printf 'digraph {\n' >bad.dot
printf 'digraph { a [color=red] }\n' >red.dot
printf 'digraph { a [label="a long label", fixedsize=true, width=.1] }\n' >warned.dot
: >all/bad.svg
check 'several graphs at once, with three that are refused' bash -c '"$0/tools/book/drawing" -o all one.dot bad.dot warned.dot red.dot two.dot && ls all | tr "\n" " " | grep -qx "one.svg two.svg "' "$root"
check '... without a text' grep -q 'aria-label=""' all/one.svg
check '... without complaints' bash -c '"$0/tools/book/drawing" -o all two.dot one.dot 2>said && ! test -s said' "$root"
check '... each as it is alone' bash -c 'mkdir alone && for name in one two; do "$0/tools/book/drawing" -o alone $name.dot; done && diff -r all alone' "$root"
check '--help' bash -c '"$0/tools/book/drawing" --help | grep -q "^usage: drawing FILE TEXT SAID"' "$root"
check 'wrong usage' bash -c '"$0/tools/book/drawing" x >said 2>&1; test $? = 2 && grep -q ^usage: said' "$root"

# The figures of the book, all of them, whether or not a chapter has them yet.
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
