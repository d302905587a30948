#!/bin/bash
# tools/book/cite-lines: from citations in chapters to lines of a source tree.
# shellcheck disable=SC2154
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 18

cites() { "$root/tools/book/cite-lines" "$@"; }

mkdir -p "$tmp/kernel/virt" "$tmp/kernel/hyp/nvhe" "$tmp/book/chapters"
cd "$tmp/book" || exit 1
cat >../kernel/virt/doors.c <<'END'
static int close_door(int id)
{
	return id >= 3;
}

int open_door(int id)
{
	if (id  >=	3)
		return -1;
	return 0;
}

const struct operations door_operations = {
	.open	= open_door,
	.close	= close_door,
};

#define EACH_DOOR(id)		\
	for (id = 0; id < 3;	\
	     id++)
int after_each_door;
#define LAST_DOOR 3
int after_last_door;
END
echo 'int open_door(int id) { return 0; }' >../kernel/hyp/nvhe/doors.c
printf '%s\t%s\t%s\t%s\t%s\n' name kind path line end \
	EACH_DOOR macro virt/doors.c 18 0 \
	LAST_DOOR macro virt/doors.c 22 0 \
	door_operations variable virt/doors.c 13 13 \
	open_door function virt/doors.c 6 11 \
	open_door function hyp/nvhe/doors.c 1 1 >../symbols.tsv
export SYMBOLS=$tmp/symbols.tsv
cat >chapters/01-open.md <<'END'
# Doors

A door [is checked](src:open_door "if (id >= 3)"), [is a door](src:open_door), or
[is elsewhere](src:open_door@hyp/nvhe "return 0"), or [there](src:open_door@nvhe).
[Operations](src:door_operations ".close = close_door") and
[a loop](src:EACH_DOOR "id++") and [a file](src:virt/doors.c "after_each"), `open_door(3, 4)`.

![A door](figures/doors.dot "[A caption](src:open_door \"return 0\").")
END
mkdir chapters/figures
printf '%s\n' '# A door.' '// src at="open_door" has="return  -1" text="-1"' '// output of="01-open" has="0" text="0"' \
	'digraph { a [label="-1 or 0"] }' >chapters/figures/doors.dot

capture cites ../kernel
is "$status" 0 'citations are found'
is "$err" '' 'without a word'
is "$(head -n 1 <<<"$out")" $'symbol\ttext\tpath\tline' 'a head line'
like "$out" $'open_door\tif \(id >= 3\)\tvirt/doors.c\t8' 'inside the function, however it is spaced'
like "$out" $'open_door\t\tvirt/doors.c\t6' 'the definition'
like "$out" $'open_door@hyp/nvhe\treturn 0\thyp/nvhe/doors.c\t1' 'another definition'
like "$out" $'door_operations\t.close = close_door\tvirt/doors.c\t15' 'inside a table whose end ctags does not tell'
like "$out" $'EACH_DOOR\tid\+\+\tvirt/doors.c\t20' 'inside a macro of several lines'
like "$out" $'virt/doors.c\tafter_each\tvirt/doors.c\t21' 'in a file'
like "$out" $'open_door\treturn -1\tvirt/doors.c\t9' 'in a figure'
is "$(cites --names)" $'EACH_DOOR\ndoor_operations\nopen_door' '--names lists what the chapters mention'

fails()
{
	echo "$1" >>chapters/01-open.md
	capture cites ../kernel
	sed -i '$d' chapters/01-open.md
	if [[ $status != 1 || $err != "$2"* ]]; then
		echo "status $status: $err"
		return 1
	fi
}

check 'a text that occurs nowhere in the function' fails '[x](src:open_door "close_door")' \
	'chapters/01-open.md:9: src:open_door: "close_door" occurs nowhere in virt/doors.c, lines 6–11'
check 'a text behind a definition of one line' fails '[x](src:LAST_DOOR "after")' \
	'chapters/01-open.md:9: src:LAST_DOOR: "after" occurs nowhere in virt/doors.c, lines 22–22'
check 'a symbol that is not in the index' fails '[x](src:window "pane")' \
	"chapters/01-open.md:9: src:window is not in $SYMBOLS"
check 'a file that is not in the tree' fails '[x](src:virt/windows.c "pane")' \
	'chapters/01-open.md:9: src:virt/windows.c: no such file'
sed -i 's/return  -1/return -2/' chapters/figures/doors.dot
check '... of a figure, at its line' fails '' 'chapters/figures/doors.dot:2: src:open_door: "return -2" occurs nowhere'
capture cites
is "$status" 2 'wrong usage'
capture cites --help
like "$status $out" '0 usage: cite-lines' '--help'
