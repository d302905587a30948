#!/bin/bash
# Call sites on the book's kernel: a fresh capture has them and the inlined
# functions where the source has them, and each line lies within its caller.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 13

symbols=traces/$RELEASE/symbols.tsv
tools/lab/lab kernel book >/dev/null 2>"$tmp/err" || bail "no kernel: $(tail -n 5 "$tmp/err")"
record() {
	tools/trace/capture --kernel "$1" --source code/04-vcpu.c -o "$2" build/code/04-vcpu >/dev/null 2>"$tmp/err"
}
ok "a program is recorded" record book "$tmp/vcpu.kvt"
like "$(grep '^features' "$tmp/vcpu.kvt")" " sites$" "with call sites"
shows() { build/kvt/kvt claim "$tmp/vcpu.kvt" "$1"; }
ok "create_vcpu_fd() is where the source has it" shows \
	'in KVM_CREATE_VCPU#1: kvm_vm_ioctl > kvm_vm_ioctl_create_vcpu > create_vcpu_fd > anon_inode_getfd'
ok "... kvm_put_kvm(), too" shows 'kvm_vm_release > kvm_put_kvm > kvm_destroy_vm'
like "$(grep -c '^ *~' "$tmp/vcpu.kvt")" '^[1-9]' "... marked as inlined"

# Every line, held against the index: who calls is the function above, in
# the tree, if the index has one of that name in the same file.
outside() {
	awk -F '\t' -v file="$tmp/vcpu.kvt" '
		$2 == "function" { at[$1 "\t" $3] = at[$1 "\t" $3] " " $4 "-" $5 }
		END {
			while ((getline line < file) > 0) {
				if (line ~ /^end /) break
				depth = match(line, /[^ ]/) - 1
				text = substr(line, depth + 1)
				if (text !~ /^[@!~?a-z_A-Z].*\(/) continue
				name = text; sub(/^[~?]/, "", name); sub(/\(.*/, "", name); sub(/\..*/, "", name)
				caller = above[depth / 2 - 1]
				above[depth / 2] = name
				if (text ~ /^[@!]/ || !match(text, / at [^ ]+:[0-9]+/)) continue
				split(substr(text, RSTART + 4, RLENGTH - 4), place, ":")
				key = caller "\t" place[1]
				if (!(key in at)) { unknown++; continue }
				n = split(substr(at[key], 2), range, " ")
				inside = 0
				for (i = 1; i <= n; i++) {
					split(range[i], r, "-")
					inside += place[2] >= r[1] && place[2] <= r[2]
				}
				if (inside) known++
				else print name " called at " place[1] ":" place[2] ", outside of " caller
			}
			print known > "/dev/stderr"
		}' "$symbols" 2>"$tmp/known"
}
is "$(outside)" "" "each call's line lies within the function that calls it"
like "$(<"$tmp/known")" '^[0-9]{3,}$' "... of hundreds of calls"

ok "every call has a line" test -z "$(sed -n '/^thread/,/^end/p' "$tmp/vcpu.kvt" | grep -E '^ *[a-z_]+\(' | grep -v ' at ')"
facts=$(tools/trace/lab-facts book)
ok "what vmlinux said is kept" test -s "$facts/sites.tsv"

# A capture whose only new places are outside of KVM: the tree's name in paths
# is known all the same.  What an older kvt kept with that name is asked again.
mkdir "$tmp/raw"
tools/lab/lab run --kernel book --out "$tmp/raw" --put build/code/04-vcpu --put "$facts/functions.tsv" -- \
	build/kvt/arm64/kvt record --raw /out --functions functions.tsv --sites -- ./04-vcpu >"$tmp/said" 2>&1 ||
	bail "no recording: $(<"$tmp/said")"
cp -r "$facts" "$tmp/facts"
# same_with TABLE: as the capture by a kvt that has no table of places yet.
import_with() {
	cp "$1" "$tmp/facts/sites.tsv"
	build/kvt/kvt import --facts "$tmp/facts" --vmlinux "$(tools/lab/lab kernel book)/vmlinux" -o "$2" "$tmp/raw"
}
same_with() { import_with "$1" "$tmp/with.kvt" && cmp "$tmp/with.kvt" "$tmp/without.kvt"; }
import_with /dev/null "$tmp/without.kvt"
cp "$tmp/facts/sites.tsv" "$tmp/whole.tsv"
grep -v ' mm/' "$tmp/whole.tsv" >"$tmp/part.tsv"
like "$(grep -c ' mm/' "$tmp/whole.tsv")" '^[1-9]' "some calls come from outside of KVM"
ok "... and when only they are new, they have the same places" same_with "$tmp/part.tsv"
sed 's| mm/| /linux/mm/|g' "$tmp/whole.tsv" >"$tmp/old.tsv"
ok "... as with a table that has them with the tree's name" same_with "$tmp/old.tsv"

ok "without debugging information there are none" bash -c "
	tools/trace/capture --kernel stock -o '$tmp/stock.kvt' build/code/04-vcpu >/dev/null && ! grep -qE '^ *[~?]|^features.*sites' '$tmp/stock.kvt'"
