#!/bin/bash
# Similar submissions of a class: which are listed, in which order, and what
# students' files may not do.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
make -s course-tools >/dev/null || bail "no grader"
tools/need bubblewrap:bwrap similarity-tester:sim_c || bail "no sandbox, or no sim_c"
if ! bwrap --unshare-all --ro-bind / / --proc /proc true 2>"$tmp/err"; then
	echo "1..0 # SKIP this machine lets nobody make a sandbox: $(head -n 1 "$tmp/err")"
	exit 0
fi
plan 21

home=exercises/04-vcpu
class=$tmp/class graded=$tmp/graded

not() { ! "$@"; }

# hand_in STUDENT FILE: a build.c of exercise 4.
hand_in() {
	mkdir -p "$class/$1/04-vcpu"
	cp "$2" "$class/$1/04-vcpu/build.c"
}

similar() { capture tools/course/similar-class --exercise 04 --out "$graded" "$@" "$class"; }
rows() { sed 1d "$graded/similar.csv"; }

# other_names FILE: the same program with other names, comments and spaces.
other_names() { sed -e 's/\bid\b/number/g; s/vm\b/machine/g; s/^\t*/  /; 5i /* mine */' "$1"; }

hand_in yves $home/solution/build.c
hand_in zoe <(other_names $home/solution/build.c)
hand_in cleo exercises/03-vm/solution/build.c
hand_in Dan $home/build.c
hand_in eve $home/build.c
mkdir -p "$class/fred"
similar
is "$status $err$(tail -n 1 <<<"$out")" "0 6 students, similar pairs: 1; see $tmp/graded/similar.html" "a class is compared"
is "$(rows)" "04-vcpu,build.c,yves,zoe,100,0" "a copy with other names is listed, and nobody who changed nothing"
ok "the two are side by side" grep -q '<div class="pair"><div><h3>yves</h3>.*' "$graded/similar.html"
ok "... with all that was handed in" grep -q '/\* mine \*/' "$graded/similar.html"
similar --least 20 --pages 0
like "$(rows)" '^04-vcpu,build.c,yves,zoe,100,0
04-vcpu,build.c,(cleo|yves|zoe),(cleo|yves|zoe),[2-9][0-9],0' "--least: the most alike come first"
ok "--pages: none" not grep -q '<h2>' "$graded/similar.html"
is "$(ls -A "$graded/tmp")" "" "nothing is left behind"

# What two have of the start counts less than what they have of each other.
rm -rf "$class"
for name in ann bob; do
	mkdir -p "$class/$name/04-vcpu"
	cp $home/solution/change.c "$class/$name/04-vcpu"
done
similar
is "$(rows | cut -d, -f1-5)" "04-vcpu,change.c,ann,bob,100" "each task that has a program is compared"
like "$(rows)" ',[1-9][0-9]?$' "... with what students begin with"

# Names and files as they come.
rm -rf "$class"
hand_in '<b>&"' $home/solution/build.c
hand_in $'=J\xfcrgen' $home/solution/build.c
similar
is "$status $(rows | wc -l)" "0 1" "any name will do"
ok "... and is text on the page" grep -qF '&lt;b&gt;&amp;&quot;' "$graded/similar.html"
ok "... wherever it stands" not grep -qF '<b>' "$graded/similar.html"
ok "... and in the table" grep -qF "'=J" "$graded/similar.csv"
hand_in linked /etc/passwd
ln -sf "$PWD/$home/solution/build.c" "$class/linked/04-vcpu/build.c"
head -c 2000000 /dev/zero >"$tmp/large"
hand_in large "$tmp/large"
head -c 100000 /dev/urandom >"$tmp/noise"
hand_in noise "$tmp/noise"
hand_in control <(printf '/* \033[2J */\n'; cat $home/solution/build.c)
similar
is "$status $err" "1 left out: large, 04-vcpu: build.c is larger than 1024 KiB" "what is too large is left out with a word, and the rest goes on"
is "$(rows | wc -l)" 3 "... all that can be compared is"
ok "... no link is followed" not grep -q linked "$graded/similar.csv"
ok "... and control characters are shown" grep -qF '\x1b[2J' "$graded/similar.html"

capture tools/course/similar-class
is "$status" 2 "no directory"
capture tools/course/similar-class --least 101 "$class"
is "$status" 2 "a percentage beyond 100"
capture tools/course/similar-class "$tmp/nowhere"
is "$status $err" "2 similar-class: $tmp/nowhere is no directory" "a directory that is not there"
capture env PATH="$tmp/bin:/usr/sbin" /usr/bin/python3 tools/course/similar-class --exercise 04 "$class"
like "$status $err" '^2 similar-class: .*(bubblewrap|similarity-tester)' "without its tools, it names the package"
