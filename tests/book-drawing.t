#!/bin/bash
# The program that makes figures of what dot draws.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 23
"$root/tools/need" graphviz:dot python3-lxml:/usr/lib/python3/dist-packages/lxml || bail 'no dot'

# fit GRAPH: what it makes of what dot draws of it.
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
