#!/bin/bash
# Figures: the build turns a graph in dot's language into an SVG, and refuses
# bad ones.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/figure.sh
source "$root/tests/book/figure.sh"
plan 37

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
