#!/bin/bash
# Links into other projects' source: the filter that makes them, and the check
# that they still lead to what they say.
# shellcheck disable=SC2016,SC2154
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 39
tools/need git:git || bail 'no git'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
table=chapters/elsewhere.tsv
page=build/book/01-open.html

row() { printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@"; }

# The pages.

project=https://github.com/someone/monitor
hash=0123456789abcdef0123456789abcdef01234567
linked()
{
	sample
	echo 'A monitor [opens it](elsewhere:monitor-open), since [a commit](elsewhere:monitor-why), or [later](elsewhere:monitor-open-late).' >>chapters/01-open.md
	{
		echo '# A comment.'
		row monitor-open "$project" v1.2 src/open.c 7 'open('
		row monitor-why "$project" $hash - - 'because'
		row monitor-open-late "$project" v1.2 src/late.c 8 'open('
	} >$table
}

linked
check 'a page with such links builds' builds $page
is "$(cat said)" "  PAGE    $page" '... without a word'
check 'a link leads to the line at its tag' holds $page "href=\"$project/blob/v1.2/src/open.c#L7\""
check '... says so' holds $page 'title="monitor v1.2, src/open.c:7"'
check '... has a class' holds $page 'class="elsewhere"'
check '... and its place behind it' holds $page '>monitor open.c:7</span>'
check 'a link leads to a commit' holds $page "href=\"$project/commit/$hash\""
check '... says so' holds $page 'title="monitor, commit 0123456789"'
check '... and has its number behind it' holds $page '>monitor 0123456789</span>'
sed -i "s,v1.2,$hash," $table
check 'the page is made again when the table changes' bash -c "make $page >said && grep -q PAGE said"
check 'a hash in the place of a tag is shortened for readers' holds $page 'title="monitor 0123456789, src/open.c:7"'

# refuses NAME MESSAGE FAULT
refuses()
{
	linked
	eval "$3"
	check "refused: $1" stops "$2" $page
}
refuses 'an unknown key' '^chapters/01-open.md:[0-9]+: elsewhere:monitor-close is not in chapters/elsewhere.tsv$' \
	'sed -i s/elsewhere:monitor-open/elsewhere:monitor-close/ chapters/01-open.md'
is "$(grep -c '' chapters/01-open.md)" "$(sed -n 's/^chapters.01-open.md:\([0-9]*\): elsewhere.*/\1/p' said)" '... at its line'
refuses 'a link where there is no table' '^chapters/01-open.md:[0-9]+: elsewhere:monitor-open is not in' 'rm $table'
refuses 'a key that stands twice' "^$table:5: monitor-open stands twice: it is in line 2, too\$" \
	'row monitor-open $project v1 src/x.c 1 x >>$table'
refuses 'a row that lacks a field' "^$table:2: a row has key, repository," 'sed -i "2s/\t[^\t]*$//" $table'
refuses 'a line that is none' "^$table:2: the line is no number: 07\$" 'sed -i "2s/\t7\t/\t07\t/" $table'
refuses 'a repository without an address' "^$table:2: the repository is no https://github.com/OWNER/NAME: monitor\$" \
	'sed -i "2s,$project,monitor," $table'
refuses 'a commit that is a branch' "^$table:3: a commit is 40 hexadecimal digits: main\$" 'sed -i s,$hash,main, $table'
linked
row monitor-close "$project" v1.2 src/close.c 1 x >>$table
check 'its page builds beside a row that no chapter uses' builds $page
check '... and the book does not' stops "^$table:5: no chapter uses monitor-close: take the row out\$" book-listed
linked
check 'a book that uses all of them does' builds book-listed

# The check, of a repository with two versions: in the second, line 2 is line 3,
# and one file is gone.

origin=$tmp/origin
git init -q -b main "$origin"
git -C "$origin" config uploadpack.allowFilter true
git -C "$origin" config uploadpack.allowAnySHA1InWant true
mkdir "$origin/src"
printf 'int one;\nint\t two;\nint three;\n' >"$origin/src/open.c"
printf 'int gone;' >"$origin/gone.c"
git -C "$origin" add . && git -C "$origin" commit -qm 'first' -m $'Two lines, because\nthis is why.' && git -C "$origin" tag v1
commit=$(git -C "$origin" rev-parse HEAD)
sed -i '1i /* new */' "$origin/src/open.c"
git -C "$origin" rm -q gone.c && git -C "$origin" commit -qam second && git -C "$origin" tag -a -m two v2

links() { "$root/tools/book/check-elsewhere" "$@"; }
# checked ROW...: the rows are the table; a row is its fields from the tag on.
checked()
{
	local fields
	: >"$tmp/table.tsv"
	for fields; do
		IFS='|' read -ra fields <<<"$fields"
		row "k" "file://$origin" "${fields[@]}" >>"$tmp/table.tsv"
	done
	capture links "$tmp/table.tsv"
}

good=('v1|src/open.c|2|int two;' "$commit|gone.c|1|gone" "$commit|-|-|lines, because this is why" 'v2|src/open.c|3|int two')
checked "${good[@]}"
is "$status $err" '0 ' 'right rows are right: a line, with any blanks, a commit and its message, a tag with a message'
is "$out" "  CHECK   file://$origin v1: 1 link
  CHECK   file://$origin $commit: 2 links
  CHECK   file://$origin v2: 1 link
All 4 links lead to what they say." '... and it says what it does'
checked 'v2|src/open.c|2|int two;'
is "$status $err" "1 $tmp/table.tsv:1: k: src/open.c:2 of v2 does not hold \"int two;\"; they are in line 3" 'a line that has moved'
unlike "$out" 'All' '... and no good end'
checked 'v2|src/open.c|2|int four;' 'v2|src/open.c|99|int two;'
is "$err" "$tmp/table.tsv:1: k: src/open.c:2 of v2 does not hold \"int four;\"; no line of the file does
$tmp/table.tsv:2: k: src/open.c:99 of v2 does not hold \"int two;\"; they are in line 3" 'words that are gone, and a line behind the end: all are said'
checked 'v2|gone.c|1|gone'
is "$status $err" "1 $tmp/table.tsv:1: k: v2 has no file gone.c" 'a file that is gone'
checked 'v3|src/open.c|2|int two;'
is "$status $err" "1 $tmp/table.tsv:1: k: file://$origin has no v3" 'a wrong tag'
checked "${hash}|src/open.c|2|int two;"
is "$status $err" "1 $tmp/table.tsv:1: k: file://$origin has no $hash" 'a commit that is not there'
checked "$commit|-|-|no such reason"
is "$status $err" "1 $tmp/table.tsv:1: k: the message of commit $commit does not hold \"no such reason\"" 'a commit that says something else'
checked 'v1|gone.c|0|int' 'v1|src/open.c|2' 'v1|src/open.c|0|int'
is "$status $err" "1 $tmp/table.tsv:2: a field of this row is empty
$tmp/table.tsv:1: k: gone.c:0 of v1 does not hold \"int\"; they are in line 1
$tmp/table.tsv:3: k: src/open.c:0 of v1 does not hold \"int\"; they are in line 1, 2, 3" 'a line 0, and no words'
row k "file://$tmp/nowhere" v1 src/open.c 2 'int two;' >"$tmp/table.tsv"
row k "file://$tmp/nowhere" v1 src/open.c 3 'int three;' >>"$tmp/table.tsv"
capture links "$tmp/table.tsv"
is "$status" 125 'offline, it does not say that all is well, nor that a row is wrong'
like "$err" "^$tmp/table.tsv:1: file://$tmp/nowhere cannot be reached, so 2 of its links were not checked: .*[a-z]" '... and says so'
row k "file://$origin" v3 src/open.c 2 'int two;' >>"$tmp/table.tsv"
capture links "$tmp/table.tsv"
is "$status" 1 'a row that is wrong is worse'
tac "$tmp/table.tsv" >"$tmp/turned.tsv"
capture links "$tmp/turned.tsv"
is "$status" 1 '... whichever comes first'
printf 'k\tx\n' >"$tmp/table.tsv"
capture links "$tmp/table.tsv"
is "$status $err" "1 $tmp/table.tsv:1: this row has 2 fields, not 6: key, repository, tag, path, line, words" 'a row that is none'
capture links "$tmp/none.tsv"
like "$status $err" '^2 usage: check-elsewhere' 'wrong usage'
capture links --help
like "$status $out" '^0 usage: check-elsewhere' '--help'
