#!/bin/bash
# Keeps kvt's house in order: which file may include which, and that a name
# means one thing in the whole tool.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 10
tools/need python3:/usr/bin/python3 || bail "no python3"

is "$(tests/kvt/house circles)" "" "no module includes itself by way of others"
is "$(tests/kvt/house folders)" "" "a folder includes only what comes before it"
is "$(tests/kvt/house headers)" "" "each file says at its head what it is for; each header has a guard and a user"
is "$(tests/kvt/house sizes)" "" "files have 700 lines at most, functions 60"
is "$(tests/kvt/house tags)" "" "each struct's name is defined once"
is "$(tests/kvt/house statics)" "" "each static function's name is defined in one file"
like "$(tests/kvt/house graph)" '"main" -> "base/die";' "the graph can be drawn"

# uapi.tsv is searched by halves.
order() { printf 'kind\tname\tvalue\ttype\n%b' "$1" | LC_ALL=C awk -f tools/kvt/uapi.awk; }
ok "uapi.tsv in order becomes a table" order 'a\tA\t1\t\na\tB\t10\t\nb\tC\t2\t\n'
for rows in 'b\tB\t1\t\na\tA\t2\t\n' 'a\tB\t10\t\na\tA\t9\t\n'; do
	capture order "$rows"
	like "$status $err" '^1 .*:3: a A is out of order' "... out of order it is refused, by kind and by value"
done
