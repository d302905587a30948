#!/bin/bash
# The manual page and the completion have every command and option, and the
# page's examples run, those for root in the lab.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

page=$tmp/page
man_page() { LC_ALL=C.UTF-8 MANWIDTH=120 man "$@" -P cat -E UTF-8 -l tools/kvt/kvt.1; }
man_page | col -bx >"$page"
section() { sed -n "/^$1\$/,/^[A-Z]/p" "$page"; }
mapfile -t examples < <(section EXAMPLES | sed -nE 's/^[[:space:]]+([#$] .*)/\1/p')
mapfile -t commands < <(build/kvt/kvt --help | sed -nE 's/^  ([a-z]+)  .*/\1/p')
mapfile -t here < <(printf '%s\n' "${examples[@]}" | sed -n 's/^\$ //p')
plan $((41 + ${#here[@]}))

is "$(man_page --warnings 2>&1 >/dev/null)" "" "man has no warnings"

# --- the format, kvt(5) -----------------------------------------------------
format=$tmp/format
format_page() { LC_ALL=C.UTF-8 MANWIDTH=120 man "$@" -P cat -E UTF-8 -l tools/kvt/kvt.5; }
format_page | col -bx >"$format"
is "$(format_page --warnings 2>&1 >/dev/null)" "" "man has no warnings about the format"
keys=$(awk '/^thread / { nextfile } { print $1 }' traces/*/*/*.kvt tests/kvt/*.kvt | sort -u)
is "$(for key in $keys; do grep -qE "^     $key( |\$)" "$format" || echo "$key"; done)" "" \
	"it explains each line of a header that a capture has"
# The first bytes of what a value can look like, as captures and page have them.
is "$(for value in '5:vcpu' 'vcpu#0' 'user#0' 'phys#1+0x20' 'va#0' '&kvm_vcpu_fops' '-EINVAL' 'kvm#0+0xfe8'; do
	kind=${value#[0-9]}
	grep -qF "     $value" "$format" && grep -qF -- "${kind%%[0-9]*}" traces/*/*/*.kvt || echo "$value"
done)" "" "... and values as captures have them"

ok "commands and examples were found" test ${#commands[@]} -ge 9 -a ${#here[@]} -ge 9

# The text under "kvt COMMAND", up to the next heading.
about() { awk -v c="   kvt $1" '/^ ? ?[^ ]|^   [^ ]/ { on = $0 == c } on' "$page"; }
options() { grep -oE -- '(^|[^-a-z])--[a-z][-a-z]*' | grep -oE -- '--.*' | grep -v '^--help$' | sort -u; }
wrong=''
for command in "${commands[@]}"; do
	[[ $(about "$command") ]] || wrong+=" no section on $command"
	# -q would leave at the first, and printf then fails for want of a reader.
	printf '%s\n' "${examples[@]}" | grep "kvt $command " >/dev/null || wrong+=" no example of $command"
	# A command that has nothing but --help has none of these.
	diff <(about "$command" | options) <(build/kvt/kvt "$command" --help | options) >"$tmp/diff" ||
		wrong+=" $command: $(grep '^[<>]' "$tmp/diff" | tr '\n' ' ')"
done
is "$wrong" "" "each of ${#commands[@]} commands has a section, its options and an example"

# --- the examples ---------------------------------------------------------
# As the reader sees them: from the page that man prints.
work=$tmp/work
mkdir "$work" "$work/linux"
cp traces/$RELEASE/symbols.tsv code/03-vm.c build/code/03-vm "$work"
echo 'set -e; PATH=.:/bin' >"$tmp/examples.sh"
printf '%s\n' "${examples[@]}" | sed -n 's/^# //p' >>"$tmp/examples.sh"
echo 'tar -cf /out/made.tar vm.kvt vm.times facts raw' >>"$tmp/examples.sh"
busybox=$(tools/lab/lab sysroot)/usr/bin/busybox
capture tools/lab/lab run --kernel stock --timeout 100 --icount --out "$work" \
	--put build/kvt/arm64/kvt --put build/code/03-vm --put "$tmp/examples.sh" \
	--put traces/$RELEASE/symbols.tsv -- \
	"$busybox" sh -c './busybox mkdir -p /bin; ./busybox --install -s /bin; . ./examples.sh'
is "$status" 0 "the examples for root run"
[[ $status == 0 ]] || diag "$out$err"
ok "... and made files" tar -xf "$work/made.tar" -C "$work"
rm "$work/made.tar"
ok "... among them times" test "$(wc -l <"$work/vm.times")" -gt 1000

# A kernel tree that has one function.
sed -n '/places\[\]/,/};/s/.*"\([^"]*\)".*/\1/p' tools/kvt/kernel/index.c | while read -r place; do
	case $place in
	*.[ch]) mkdir -p "$work/linux/${place%/*}" && : >"$work/linux/$place" ;;
	*) mkdir -p "$work/linux/$place" ;;
	esac
done
mkdir -p "$work/linux/virt/kvm"
printf 'int kvm_example(void)\n{\n\treturn 0;\n}\n' >"$work/linux/virt/kvm/kvm_main.c"

# A kernel to find gaps in, and a capture of that release.
tests/kvt/small-kernel "$work"
cp -r tests/kvt/small/arch "$work/linux"
cp traces/$RELEASE/vhe/03-vm.kvt "$work/book.kvt"

PATH=$PWD/build/kvt:$PATH
for example in "${here[@]}"; do
	capture env -C "$work" bash -euo pipefail -c "$example"
	is "$status $err" "0 " "$example"
	# What an example writes into a file is in that file.
	cp "$tmp/out" "$tmp/out-$(tr -cd '[:alnum:]' <<<"$example")"
done
printed() { cat "$tmp/out-$(tr -cd '[:alnum:]' <<<"$1")"; }
like "$(printed 'kvt object vm.kvt kvm#0')" "kvm#0: [0-9]+ calls touched it.*destroyed in kvm_destroy_vm" "the life of the machine"
like "$(printed 'kvt show vm.kvt')" "ioctl\(3:system, KVM_CREATE_VM, 0\)" "the tree has the ioctl"
is "$(jq '.otherData.clock == "time of the recording" and (.traceEvents | length) > 1000' "$work/vm.json")" true \
	"the trace is JSON, with times"
like "$(<"$work/vm.folded")" "03-vm;ioctl;KVM_CREATE_VM;kvm_dev_ioctl [0-9]+" "the stacks have nanoseconds"
like "$(<"$work/linux.tsv")" $'kvm_example\tfunction\tvirt/kvm/kvm_main.c\t1\t4' "the index has the function"

# --- make install ---------------------------------------------------------
capture make -s install PREFIX="$tmp/usr"
is "$status $(cd "$tmp/usr" && find . -type f | sort | tr '\n' ' ')" \
	"0 ./bin/kvt ./share/bash-completion/completions/kvt $(printf "./share/kvt/$RELEASE/%s.tsv " functions gaps symbols untraced)./share/man/man1/kvt.1 ./share/man/man5/kvt.5 " "make install PREFIX=..."
is "$(unset KVT_SYMBOLS; "$tmp/usr/bin/kvt" show "$work/book.kvt" 2>&1)" \
	"$(build/kvt/kvt show --symbols traces/$RELEASE/symbols.tsv "$work/book.kvt")" "what is installed finds its tables"
mv "$tmp/usr" "$tmp/moved"
is "$(unset KVT_SYMBOLS; "$tmp/moved/bin/kvt" show "$work/book.kvt" 2>&1)" \
	"$(build/kvt/kvt show --symbols traces/$RELEASE/symbols.tsv "$work/book.kvt")" "... wherever it was moved to"
mv "$tmp/moved" "$tmp/usr"
capture make -s install DESTDIR="$tmp/dest" PREFIX=/opt
ok "make install DESTDIR=..." test -x "$tmp/dest/opt/bin/kvt" -a -e "$tmp/dest/opt/share/kvt/$RELEASE/symbols.tsv"
is "$(MANPATH=$tmp/usr/share/man man -w kvt)" "$tmp/usr/share/man/man1/kvt.1" "man finds the page there"

# --- completion -----------------------------------------------------------
ok "shellcheck has nothing to say about kvt.bash" shellcheck tools/kvt/kvt.bash
cd "$work" || exit
mkdir dir
# shellcheck source-path=SCRIPTDIR source=../tools/kvt/kvt.bash
source "$tmp/usr/share/bash-completion/completions/kvt"
# complete WORD...: what the last of them may become.
complete_line() {
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_kvt
	printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}
is "$(complete_line kvt '')" "$(printf '%s\n' --help "${commands[@]}" | sort | tr '\n' ' ')" "all commands"
is "$(complete_line kvt ex)" "export " "a command"
wrong=''
for command in "${commands[@]}"; do
	for option in $(kvt "$command" --help | options) --help; do
		[[ " $(complete_line kvt "$command" --)" == *" $option "* ]] || wrong+=" $command $option"
	done
done
is "$wrong" "" "each command's options"
# Which options take a value, kvt's own parser says.
wrong='' values=0
for command in "${commands[@]}"; do
	for option in $(kvt "$command" --help | options); do
		takes=no completes=no
		[[ $(kvt "$command" "$option" 2>&1 </dev/null) == *"requires an argument"* ]] && takes=yes
		_kvt_value kvt "$command" "$option" '' && completes=yes
		[[ $takes == "$completes" ]] || wrong+=" $command $option: $takes, $completes"
		[[ $takes == no ]] || ((values += 1))
	done
done
is "$wrong" "" "after each option that takes a value, of all commands, comes a value"
ok "... and there are many such options" test "$values" -gt 25
is "$(complete_line kvt show --dep)" "--depth " "an option"
is "$(complete_line kvt show '')" "again.kvt book.kvt dir facts lines.kvt linux raw small vm.kvt " "captures and directories"
is "$(complete_line kvt show --symbols sym)" "symbols.tsv " "an index"
is "$(complete_line kvt export --format '')" "chrome folded json jsonl " "formats"
is "$(complete_line kvt claim --mode '')" "nested nvhe protected vhe " "modes"
is "$(complete_line kvt show --format '')" "header kvt tree " "formats of another command"
is "$(complete_line kvt diff --color a)" "always auto " "when there is color"
is "$(complete_line kvt diff vm.kvt --depth '')" " " "nothing for a number"
is "$(complete_line kvt diff --ht)" "--html " "an option of diff"
is "$(complete_line kvt diff vm.kvt ag)" "again.kvt " "another capture for diff"
is "$(complete_line kvt show vm.kvt --syscall KVM_CREATE)" "KVM_CREATE_VM " "an ioctl of the capture"
is "$(complete_line kvt show vm.kvt --function kvm_arch_a)" "kvm_arch_alloc_vm " "a function of the capture"
is "$(complete_line kvt show lines.kvt --at '')" "$(kvt lines --tsv lines.kvt | awk -F'\t' 'NR > 1 && $2 { print $1 ":" $2 }' | sort | tr '\n' ' ')" \
	"the lines of the program"
is "$(complete_line kvt show lines.kvt --at 03-vm.c : 5)" "52 54 " "... behind the colon, where bash breaks a word"
is "$(complete_line kvt object vm.kvt kv)" "kvm#0 kvm#1 " "an object of the capture"
is "$(complete_line kvt object v)" "vm.kvt " "a capture, before the object"
