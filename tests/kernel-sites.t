#!/bin/bash
# Call sites on the book's kernel: a fresh capture has them and the inlined
# functions where the source has them, and each line lies within its caller.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 11

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
				sub(/^[0-9]+ times /, "", text)
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

ok "every call has a line" test -z "$(sed -n '/^thread/,/^end/p' "$tmp/vcpu.kvt" | grep -E '^ *([0-9]+ times )?[a-z_]+\(' | grep -v ' at ')"
ok "some calls come from outside of KVM" grep -q '^ *?[a-z]' "$tmp/vcpu.kvt"
unlike "$(grep -o ' at /[^ ]*' "$tmp/vcpu.kvt" | sort -u)" . "... and all lines are relative to the kernel's tree"

ok "without debugging information there are none" bash -c "
	tools/trace/capture --kernel stock -o '$tmp/stock.kvt' build/code/04-vcpu >/dev/null && ! grep -qE '^ *[~?]|^features.*sites' '$tmp/stock.kvt'"
