#!/bin/bash
# Compares the committed tables with the kernel: makes them again from its
# source, and compares the places of functions with the debugging information
# of the book's kernel, which the compiler wrote.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 10

tables=traces/$RELEASE
tree=$(tools/lab/lab source) || bail "no kernel source"
kernel=$(tools/lab/lab kernel book) || bail "no kernel"

build/kvt/kvt index "$tree" >"$tmp/symbols.tsv" 2>"$tmp/err"
ok "symbols.tsv is what ctags finds" cmp "$tables/symbols.tsv" "$tmp/symbols.tsv"
tools/kvt/uapi-table "$tree" >"$tmp/uapi.tsv"
ok "uapi.tsv is what the headers say" cmp "$tables/uapi.tsv" "$tmp/uapi.tsv"
tools/book/cite-lines "$tree" >"$tmp/lines.tsv"
tools/book/ioctl-table "$tree" >"$tmp/ioctls.tsv"
ok "ioctls.tsv is what the kernel handles" cmp "$tables/ioctls.tsv" "$tmp/ioctls.tsv"
ok "lines.tsv is where the source has them" cmp "$tables/lines.tsv" "$tmp/lines.tsv"

# Function by function: does the compiler agree on file and lines?  Asked for
# the first instructions after those that the tracer patches; what is inlined
# there has a chain of places, and the last of them is the function's own.
addr2line=$(command -v aarch64-linux-gnu-addr2line || command -v addr2line)
cut -f2,3 "$(tools/trace/lab-facts book)/functions.tsv" | grep -v '\.' >"$tmp/functions"
# shellcheck disable=SC2094
while read -r address _; do printf '%x\n' $((0x$address + 8)); done <"$tmp/functions" |
	"$addr2line" -i -a -e "$kernel/vmlinux" |
	awk '/^0x/ { if (NR > 1) print last; next } { last = $0 } END { print last }' |
	sed -E 's, \(discriminator.*,,; :up
		s,/[^/.]+/\.\./,/,; t up
		s,^/linux/,,' |
	paste "$tmp/functions" - >"$tmp/places"
judge() {
	awk -F '\t' '
		NR == FNR { if (!($1 in path)) { path[$1] = $3; line[$1] = $4; end[$1] = $5 } next }
		{
			split($3, at, ":")
			if (at[1] !~ "/" || at[2] == "?") next	# no debugging information
			n++
			if (path[$2] != at[1] || at[2] < line[$2] - 5 || at[2] > end[$2])
				print $2 ": index " path[$2] ":" line[$2] "-" end[$2] ", compiler " $3
		}
		END { if (n < 1000) print "only " n + 0 " functions compared" }' \
		"$tables/symbols.tsv" "$tmp/places"
}
wrong=$(judge)
# One name that two files define for themselves; kvt cannot tell them apart.
is "$(grep -v '^el2_visibility:' <<<"$wrong")" "" "each function is in the file that the compiler says"

# Which static functions are inlined, and the suffixes of those that were
# changed, is the compiler's affair: on a kernel that another one built, what
# stays is every function that other files may call.
facts=$(tools/trace/lab-facts book)
recorded=$(sed -n '/^kernel/{s/.*sha256://p; q}' $tables/vhe/04-vcpu.kvt)
what=.
if [[ $(<"$facts/config.sha256") != "$recorded" ]]; then
	diag "built by another compiler: functions.tsv is compared over what is global"
	what='global$'
fi
functions() { grep "$what" "$1" | cut -f3 | sort; }
is "$(functions $tables/functions.tsv)" "$(functions "$facts/functions.tsv")" \
	"functions.tsv is what the book's kernel can trace"

build/kvt/kvt gaps --facts "$facts" --symbols "$tables/symbols.tsv" "$kernel/vmlinux" "$tree" >"$tmp/gaps.tsv"
if [[ $(<"$facts/config.sha256") == "$recorded" ]]; then
	ok "gaps.tsv is what this kernel calls unseen" cmp $tables/gaps.tsv "$tmp/gaps.tsv"
else
	skip 1 "built by another compiler, which inlines differently"
fi
# What is inlined: the source has a definition there, and a call, but for calls
# by way of a macro or a pointer, or over several lines.
in_source() {
	awk -F'\t' -v field="$1" '$5 == "inlined" { print $4 "\t" $field }' $tables/gaps.tsv | sort -u |
		while IFS=$'\t' read -r name place; do
			text=$(sed -n "${place#*:}p" "$tree/${place%:*}")
			[[ $text == *"$name"* ]] || echo "$name is not at $place: $text"
		done
}
is "$(in_source 7)" "" "each inlined function is defined where gaps.tsv says"
calls=$(grep -c $'\tinlined\t' $tables/gaps.tsv)
ok "nearly each is called there ($calls)" test "$(in_source 6 | wc -l)" -lt $((calls / 20))

# Each hypercall in the source of the host is in the table, but for the two
# that only code of the boot makes.
hypercalls() {
	grep -rhoE 'kvm_call_hyp(_ret|_nvhe)?\(__[a-z0-9_]+' "$tree/arch/arm64/kvm" --include='*.c' --exclude-dir=nvhe |
		sed 's/.*(//' | sort -u
}
is "$(comm -3 <(hypercalls) <(awk -F'\t' '$5 == "hypercall" { print $4 }' $tables/gaps.tsv | sort -u) | tr '\n' ' ')" \
	"__pkvm_init __pkvm_prot_finalize " "every hypercall of the host is in it"
