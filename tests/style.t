#!/bin/bash
# The rules of style, as far as a machine can check them.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 11
git rev-parse --git-dir >/dev/null || bail "this needs git, and a clone"

mapfile -t scripts < <(git ls-files | grep -vE '\.(c|h|md|lua|tsv|kvt|out)$' |
	while read -r file; do head -c 20 "$file" | grep -qE '^#!.*(ba)?sh$' && echo "$file"; done)
ok "shellcheck has nothing to say about ${#scripts[@]} scripts" shellcheck -x "${scripts[@]}"

wide=$(git ls-files 'code/*.[chS]' | while read -r file; do
	expand "$file" | awk -v f="$file" 'length($0) > 72 { print f ":" FNR }'
done)
is "$wide" "" "listing lines have 72 columns at most"
wide=$(git ls-files 'tools/*.[ch]' 'tests/*.[ch]' | while read -r file; do
	expand "$file" | awk -v f="$file" 'length($0) > 100 { print f ":" FNR }'
done)
is "$wide" "" "lines of C have 100 columns at most"

# A function is what stands between "{" and "}" in the first column, without
# the marks by which the book finds its pieces.
long=$(git ls-files '*.c' | xargs awk '
	FNR == 1 { start = 0 } /^{/ { start = FNR; marks = 0 } /^\/\* \[.*\] \*\/$/ { marks++ }
	/^}/ && start { n = FNR - start - marks; if (n > 66) print FILENAME ":" start ": " n " lines"; start = 0 }')
is "$long" "" "functions fit a screen (66 lines)"

# The chapters' programs are arm64's: another machine's linux/kvm.h lacks what
# they use.  The first word of the command is the compiler, the rest its options.
read -ra arm64_cc < <(tools/lab/lab cc)

warnings() {
	local file
	local -a arm64=("${arm64_cc[@]}")
	[[ $1 == gcc ]] || arm64=("$1" --target=aarch64-linux-gnu "${arm64_cc[@]:1}")
	for file in code/*.c; do
		"${arm64[@]}" -std=gnu11 -O2 -Wall -Wextra -Wno-unused-command-line-argument -c -o /dev/null "$file" 2>&1
	done
	for file in tools/kvt/*.c tools/kvt/*/*.c tools/lab/init.c tools/lab/labrun.c tools/lab/initramfs.c tests/kvt/mutate.c tests/kvt/long.c tests/kvt/fuzz-*.c; do
		"$@" -std=gnu11 -O2 -Wall -Wextra -Ibuild/kvt -Itools/kvt -I/usr/include/tracefs -I/usr/include/traceevent \
			-c -o /dev/null "$file" 2>&1
	done
}
is "$(warnings gcc)" "" "gcc has no warnings"
if command -v clang >/dev/null; then
	is "$(warnings clang)" "" "clang has no warnings"
else
	skip 1 "no clang"
fi

# What the headers of Debian lack, a program has itself.
new=$(git grep -hE '^#define (KVM_CAP|GUEST_MEMFD)_' -- 'code/*.[ch]' | while read -r _ name value; do
	kernels=$(awk -F'\t' -v n="$name" '$2 == n { print $3 }' "traces/$RELEASE/uapi.tsv")
	[[ $kernels && $((${value//ULL/})) == "$kernels" ]] || echo "$name is ${kernels:-no name of the kernel}"
done)
is "$new" "" "constants newer than the headers are the kernel's"

files=$(git ls-files | grep -vE '\.png$|^traces/|^tests/kvt/corpus/raw/|^tests/kvt/.*\.(kvt|txt)$')
# shellcheck disable=SC2086
is "$(grep -nE '[[:blank:]]+$' $files | grep -vE '\.(svg|png|patch):|^Binary' | head)" "" "no blanks at the ends of lines"
# shellcheck disable=SC2086
is "$(grep -nE '\b(TODO|FIXME|XXX)\b' $files | grep -v '^tests/style.t' | head)" "" "no unfinished marks"
lines=$(git ls-files 'chapters/*.md' book.md README.md CONTRIBUTING.md | xargs grep -nE '[a-z)`][.?] [A-Z][a-z]+ [a-z]' |
	grep -vE '^[^:]*:[0-9]+: *(- |\||[0-9]+\.|    |!\[)' | head)
is "$lines" "" "one sentence a line"
# Manual pages and READMEs may show it in an example.
is "$(git grep -nF "$RELEASE" -- Makefile .ci tools ':!*.md' ':!*.[0-9]' ':!tools/lab/release')" "" \
	"the release stands in tools/lab/release alone"
