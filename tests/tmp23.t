#!/bin/bash
# Checks what the solutions say by doing what the exercises ask: changes the
# chapter's program, builds it and runs it.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 10

cc=$(tools/lab/lab cc)
declare -A libs=([14-debug]=-lcapstone)

# changed CHAPTER C-SCRIPT [S-SCRIPT [VECTORS-SCRIPT]]: builds the chapter's
# program with its two files, and vectors.S, changed by sed; a script that
# changes nothing is a mistake.
changed() {
	local chapter=$1 edited
	rm -rf "$tmp/src"
	mkdir "$tmp/src"
	cp code/*.[hS] "code/$chapter.c" "$tmp/src"
	for edited in "$chapter.c:${2:-}" "$chapter.S:${3:-}" "vectors.S:${4:-}"; do
		[[ ${edited#*:} ]] || continue
		sed -i "${edited#*:}" "$tmp/src/${edited%%:*}"
		! cmp -s "code/${edited%%:*}" "$tmp/src/${edited%%:*}" || diag "${edited%%:*}: nothing changed"
	done
	# shellcheck disable=SC2086
	capture $cc -std=gnu11 -O2 -Wall -Wextra -o "$tmp/$chapter" "$tmp/src/$chapter.c" \
		"$tmp/src/$chapter.S" ${libs[$chapter]:-}
	is "$status:$err" "0:" "$chapter, changed, builds"
}

# run CHAPTER [OPTION]...
run() {
	local chapter=$1
	shift
	capture tools/lab/lab run "$@" "$tmp/$chapter"
}
# 23.1: a device that stores where nobody sees it.
changed 23-dirty-log 's/^\t\tcopy_pages(from, to, bitmap);/&\n\t\tif (round == 1)\n\t\t\t((uint64_t *)(from->ram + 15 * PAGE))[1] = 42;/; s/^\tcopy_registers(from, to);/\tprintf("word: %d\\n", (int)((uint64_t *)(to->ram + 15 * PAGE))[1]);\n&/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\nword: 0\n' "23.1: page 15 does not arrive"
changed 23-dirty-log 's/^\t\tcopy_pages(from, to, bitmap);/&\n\t\tif (round == 1)\n\t\t\t((uint64_t *)(from->ram + 9 * PAGE))[1] = 42;/; s/^\tcopy_registers(from, to);/\tprintf("word: %d\\n", (int)((uint64_t *)(to->ram + 9 * PAGE))[1]);\n&/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\nword: 42\n' "23.1: page 9 does, by chance"

# 23.2: a guest as fast as the copying, and with four pages only.
changed 23-dirty-log 's/migrate(&a, &b, 1, AT_ONCE)/migrate(\&a, \&b, 2, AT_ONCE)/'
run 23-dirty-log --icount
like "$(grep -c '^  16 #' <<<"$(sed '/a fast/q' <<<"$out")")" '^5$' "23.2: five rounds of 16 pages"
changed 23-dirty-log 's/migrate(&a, &b, 1, AT_ONCE)/migrate(\&a, \&b, 2, AT_ONCE)/' 's/^\tand\tx20, x20, #15/\tand\tx20, x20, #3/'
run 23-dirty-log --icount
like "$(sed '/a fast/q' <<<"$out" | grep -c '^   4 ####')" '^4$' "23.2: and then four of four"

# 23.3: registers copied in the middle of a load.
changed 23-dirty-log 's/^\tfinish_load(from);/\t(void)finish_load;/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\na fast guest\n' "23.3: the other guest has not added up"
