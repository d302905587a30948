#!/bin/bash
# kvt gaps and --gaps: what a function may call out of the tracer's sight.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 63

kvt=build/kvt/kvt
symbols=traces/$RELEASE/symbols.tsv
unset KVT_SYMBOLS

# --- finding them, in a small kernel --------------------------------------
ok "a small kernel" tests/kvt/small-kernel "$tmp"
# The index, with the functions of the small kernel that are inlined.
grep -n '^merged merged_' tests/kvt/small/arch/arm64/kvm/small.c |
	awk -F '[: (]' -v OFS='\t' '{ print $3, "function", "arch/arm64/kvm/small.c", $1, $1 + 4 }' |
	cat "$symbols" - | LC_ALL=C sort >"$tmp/index.tsv"
make_gaps() {
	build/kvt/asan/kvt gaps --facts "$tmp/small" --symbols "$tmp/index.tsv" "${1:-$tmp/vmlinux}" tests/kvt/small
}
capture make_gaps
is "$status $err" "0 " "kvt gaps"
is "$(sed -n 1p "$tmp/out")" $'kernel\t6.18.15 aarch64 config sha256:'"$(printf '%064d' 0)" "the kernel it is of"
is "$(awk -F'\t' 'NR > 2 && $5 !~ /^(enter|call|pointer|switch|gap|part)$/ { print $1 "|" $2 "|" $3 "|" $4 "|" $5 }' "$tmp/out")" "$(
	cat <<-'END'
	ask|protected|1|__pkvm_share|hypercall
	ask|vhe nvhe protected|1|merged_ask|inlined
	asked|vhe nvhe protected|1|merged_between|inlined
	asked|vhe nvhe protected|1|merged_perhaps|inlined
	asked|vhe nvhe protected|1|merged_other|inlined
	counted|vhe nvhe protected|1|merged_other|inlined
	fault|vhe nvhe protected|1|merged_other|inlined
	flush_all|nvhe protected|1|helper|notrace
	flush_all|nvhe protected|2|flush|hypercall
	forgotten|vhe nvhe protected|1|merged_other|inlined
	merge|vhe nvhe protected|1|merged_quiet|inlined
	merge|vhe nvhe protected|1|merged_loud|inlined
	merge|vhe nvhe protected|2|merged_inner|inlined
	request|vhe nvhe protected|1|merged_between|inlined
	request|vhe nvhe protected|1|merged_other|inlined
	request|vhe nvhe protected|1|merged_perhaps|inlined
	request|vhe nvhe protected|1|merged_level|inlined
	request|vhe nvhe protected|2|merged_inner|inlined
	request|vhe nvhe protected|1|merged_between|inlined
	rounds|vhe|1|enter_exit|noinstr
	rounds|nvhe protected|1|enter_exit|noinstr
	rounds|nvhe protected|2|__kvm_run|hypercall
	rounds|nvhe protected|3|run|EL2
	rounds|nvhe protected|4|__guest_enter|assembly
	row|vhe nvhe protected|1|merged_between|inlined
	run|vhe|1|enter_exit|noinstr
	run|nvhe protected|1|enter_exit|noinstr
	run|nvhe protected|2|__kvm_run|hypercall
	run|nvhe protected|3|run|EL2
	run|nvhe protected|4|__guest_enter|assembly
	run_vhe|vhe nvhe protected|1|__guest_enter|assembly
	share|protected|1|__pkvm_share|hypercall
	tabled|protected|1|__pkvm_share|hypercall
	tabled|vhe nvhe protected|1|merged_between|inlined
	tabled|vhe nvhe protected|1|merged_quiet|inlined
	tabled|vhe nvhe protected|1|merged_perhaps|inlined
	tabled|vhe nvhe protected|1|merged_loud|inlined
	tabled|vhe nvhe protected|2|merged_inner|inlined
	tabled|vhe nvhe protected|1|merged_other|inlined
	twice|vhe|1|enter_exit|noinstr
	twice|nvhe protected|1|enter_exit|noinstr
	twice|nvhe protected|2|__kvm_run|hypercall
	twice|nvhe protected|3|run|EL2
	twice|nvhe protected|4|__guest_enter|assembly
	twice|vhe|1|enter_exit|noinstr
	twice|nvhe protected|1|enter_exit|noinstr
	twice|nvhe protected|2|__kvm_run|hypercall
	twice|nvhe protected|3|run|EL2
	twice|nvhe protected|4|__guest_enter|assembly
	unshared|protected|1|__pkvm_share|hypercall
	unshared|vhe nvhe|1|merged_between|inlined
	END
)" "noinstr, assembly and EL2, by mode; inlined functions without a trace; not what is merely not traced"
# Each place: the line has the callee's name, or makes its hypercall.
wrong=$(awk -F'\t' 'NR > 2 && $7 ~ /:/ { print $4, $5, $6, $7 }' "$tmp/out" | while read -r name kind call definition; do
	text=$(sed -n "${call#*:}p" "tests/kvt/small/${call%:*}")
	[[ $text == *"$name("* || ($kind == hypercall && $text == *hvc*) ]] || echo "$name is not called at $call"
	text=$(head -n "${definition#*:}" "tests/kvt/small/${definition%:*}" | tail -n 1)
	[[ $text == *"$name"* ]] || echo "$name is not defined at $definition"
done)
is "$wrong" "" "the places of calls and definitions"

cp "$tmp/out" "$tmp/gaps.tsv"

head -c 3000 "$tmp/vmlinux" >"$tmp/short"
capture make_gaps "$tmp/short"
like "$status $err" "^5 .*/short: " "a truncated kernel"
capture make_gaps build/code/03-vm
like "$status $err" "^5 .*: is it a kernel with KVM\?" "a program that is no kernel"
sed -i 's/^1\t[0-9a-f]*/1\t400000/' "$tmp/small/functions.tsv"
capture make_gaps
like "$status $err" "^5 .*is it of another kernel\?" "the facts of another kernel"
capture $kvt gaps "$tmp/vmlinux" tests/kvt/small
like "$status $err" "^2 .*takes --facts DIR" "no facts"

# --- what the code says of a run of the small kernel ------------------------
small=tests/kvt/small/arch/arm64/kvm/small.c
# at TEXT: its line in the source, as a capture has it.
at() { echo "arch/arm64/kvm/small.c:$(grep -nF "$1" $small | sed -n "${2:-1}{s/:.*//p}")"; }
# ran MODE RECORDS FUNCTION [CALL]...: how the tree below FUNCTION goes on.
ran() {
	seal "$tmp/ran.kvt" "$2" < <(
		printf '%s\n' 'kvt 1' "kernel 6.18.15 aarch64 config sha256:$(printf '%064d' 0)" "mode $1" 'program guest' \
			'features sites' 'thread 0' '@ioctl(5:vm, KVM_CREATE_VCPU, 0) {'
		printf '%s\n' "${@:3}" | awk '/^}/ { n-- } { printf "%*s%s\n", 2 + 2 * n, "", $0 } /\{$/ { n++ }'
		echo '} = 0')
	build/kvt/asan/kvt show --gaps --symbols "$tmp/index.tsv" "$tmp/ran.kvt" >"$tmp/shown" 2>&1 || cat "$tmp/shown"
	sed -n '/^    /{ s/^ *//; s/ *\(← \)\{0,1\}[^ ]*small\.c:.*//; s/()//; p; }' "$tmp/shown" | tr '\n' ';'
}
is "$(ran vhe 4 'request() {' "first() at $(at 'first();	/* 1')" "second() at $(at 'second();	/* 1')" '}')" \
	"first;… ran, inlined: merged_between;second;" "what every way between two calls comes by ran; what no way comes by is not there"
is "$(ran vhe 2 'request()')" "… may run, inlined: merged_other;" "where no call was made, what another case does cannot have run"
is "$(ran vhe 4 'request() {' "first() at $(at 'first();	/* 3')" "third() at $(at 'third();	/* 3')" '}')" \
	"first;… may run, inlined: merged_perhaps;third;" "what a branch goes round may run"
is "$(ran vhe 3 'request() {' "first() at $(at 'first();	/* 1')" '} never returned')" "first;… may run, inlined: merged_between;" \
	"what may have come when the recording ended"
is "$(ran vhe 4 'request() {' "~merged_level() at $(at 'merged_level();') {" "first() at $(at 'first();')" "second() at $(at 'second();')" '}' '}')" \
	"~merged_level;first;… ran, inlined: merged_inner;second;… ran, inlined: merged_between;" "... inside of what was merged, and behind it"
is "$(ran vhe 4 'request() {' "first() at $(at 'first();')" "second() at $(at 'second();')" '}')" \
	"first;… ran, inlined: merged_level > merged_inner;second;… ran, inlined: merged_between;" "... without the levels, too"
for mode in vhe protected; do
	guest='… called, unseen: enter_exit (noinstr);'
	[[ $mode == vhe ]] || guest='… may call, unseen: enter_exit (noinstr) > __kvm_run (EL2, by hypercall) > run (EL2) > __guest_enter (assembly): here the guest runs;'
	round=("first() at $(at 'first();	/* round')" "second() at $(at 'second();	/* round')")
	is "$(ran $mode 4 'rounds() {' "${round[@]}" '}')" "first;${guest}second;" "between two calls of a round, $mode"
done
is "$(ran protected 6 'rounds() {' "${round[0]}" "${round[1]}" "${round[0]}" "${round[1]}" '}' | grep -o 'the guest runs' | wc -l)" 1 \
	"the guest once in rounds that are folded"
is "$(ran vhe 4 'fault() {' "first() at $(at 'first();	/* fault')" "third() at $(at 'third();	/* fault')" '}')" \
	"first;… ran, inlined: merged_other;third;" "the way on behind an access to memory that failed"
unshared=('unshared() {' "first() at $(at 'first();	/* unshared')" "second() at $(at 'second();	/* unshared')" "third() at $(at 'third();	/* unshared')" '}')
is "$(ran vhe 5 "${unshared[@]}")" "first;… ran, inlined: merged_between;second;third;" "a branch of the kernel's that jumps in this mode"
is "$(ran protected 5 "${unshared[@]}")" "first;… called, unseen: __pkvm_share (EL2, by hypercall);second;third;" "... and falls through in that one"
is "$(ran vhe 5 'twice() {' "first() at $(at 'first();	/* twice')" "second() at $(at 'second();	/* twice')" "third() at $(at 'third();	/* twice')" '}')" \
	"first;… called, unseen: enter_exit (noinstr);second;… called, unseen: enter_exit (noinstr);third;" "a call that is made in two lines"
is "$(ran protected 4 'ask() {' "first() at $(at 'first();	/* ask')" "third() at $(at 'third();	/* ask')" '}')" \
	"first;… called, unseen: __pkvm_share (EL2, by hypercall);… ran, inlined: merged_ask;third;" "two that are one instruction"
is "$(ran vhe 7 'row() {' "third() at $(at 'third();	/* row')" "first() at $(at 'first();	/* row')" "second() at $(at 'second();	/* row')" "first() at $(at 'first();	/* row')" \
	"second() at $(at 'second();	/* row')" '}')" "third;… ran, inlined: merged_between;× 2, the first round of these 2:;first;second;" "once before a row of rounds"
is "$(ran protected 2 'share()')" "… called, unseen: __pkvm_share (EL2, by hypercall);" "a branch that this mode always takes"
is "$(ran vhe 2 'share()')" "" "... and other modes never do"

# The value of an argument says which of the ways it can have been.
asked() { ran vhe 3 "asked($1) {" "first() at $(at 'first();	/* asked')" '}'; }
tabled() { ran "${2:-vhe}" 2 "tabled($1)"; }
is "$(asked ioctl=KVM_CREATE_VCPU)" "first;… ran, inlined: merged_between;" "what the request asks for ran, and nothing else"
is "$(asked ioctl=KVM_RUN) $(asked 'filp=ptr#1, ioctl=KVM_GET_DIRTY_LOG, arg=0')" "first;… ran, inlined: merged_other; first;… ran, inlined: merged_other;" \
	"... for two requests of one case, and behind another argument"
is "$(asked ioctl=KVM_NMI)" "first;" "... nothing for a request that no case is for"
for request in ioctl=0xae43 '' request=KVM_RUN 'p={a=1, ioctl=KVM_RUN, b=2}' ioctl=KVM_RU ioctl=KVM_RUN_; do
	is "$(asked "$request")" "first;… may run, inlined: merged_between;… may run, inlined: merged_other;" "a value that nobody knows: '$request'"
done
is "$(tabled ioctl=KVM_GET_API_VERSION)$(tabled ioctl=KVM_CHECK_EXTENSION)$(tabled ioctl=KVM_S390_ENABLE_SIE)" \
	"… ran, inlined: merged_between;… ran, inlined: merged_perhaps;… ran, inlined: merged_other;" "through a table of jumps, from its first case to its last"
is "$(tabled ioctl=KVM_CREATE_VCPU)$(tabled ioctl=KVM_CREATE_VM)" "" "... and past it"
is "$(tabled ioctl=0xae05 protected | grep -o 'may' | wc -l)" 6 "... any of them for a value that has no name"
is "$(ran vhe 2 'forgotten(ioctl=KVM_RUN)')$(ran vhe 2 'forgotten(ioctl=KVM_NMI)')" "… may run, inlined: merged_other;… may run, inlined: merged_other;" \
	"a value that was in memory"
counted="first() at $(at 'first();	/* counted')"
is "$(ran vhe 4 'counted(ioctl=KVM_RUN) {' "$counted" "$counted" '}' | grep -o 'may run, inlined: merged_other')" "may run, inlined: merged_other" \
	"a value that a loop changes"

# --- showing them ---------------------------------------------------------
# Two functions on the way to the guest, and what they call.
run_capture() {
	seal "$tmp/$1.kvt" "${3:-3}" <<-END
	kvt 1
	kernel 6.18.15 aarch64 config sha256:$(printf '%064d' 0)
	mode $1
	program guest
	thread 0
	@ioctl(6:vcpu, KVM_RUN, 0) {
	  kvm_arch_vcpu_ioctl_run(vcpu=vcpu#0) {
	    $2
	  } = 0
	} = 0
	END
}
run_capture vhe '__kvm_vcpu_run_vhe(vcpu=vcpu#0) = 0'
run_capture nvhe 'kvm_vcpu_exit_request(vcpu=vcpu#0) = false'
run_capture protected 'kvm_vcpu_exit_request(vcpu=vcpu#0) = false'
gaps() { grep -o '^ *… may call, unseen: [^…]*)[^/]*  ' | sed 's/ *$//'; }
shown() { $kvt show --gaps --symbols "$symbols" "$@"; }
is "$(shown "$tmp/vhe.kvt" | gaps)" "    … may call, unseen: kvm_arm_vcpu_enter_exit (noinstr)
      … may call, unseen: __guest_enter (assembly): here the guest runs" "where the guest runs in VHE mode"
run_capture nested '__kvm_vcpu_run_vhe(vcpu=vcpu#0) = 0'
is "$(shown "$tmp/nested.kvt" | gaps)" "$(shown "$tmp/vhe.kvt" | gaps)" "nested virtualization runs it as VHE mode does"
way="kvm_arm_vcpu_enter_exit (noinstr) > __kvm_vcpu_run (EL2, by hypercall) > __kvm_vcpu_run (EL2) > __guest_enter (assembly): here the guest runs"
for mode in nvhe protected; do
	like "$(shown "$tmp/$mode.kvt")" "unseen: ${way//[()]/.}  arch/arm64/kvm/arm.c:1240" "... in $mode mode"
done
unlike "$($kvt show --symbols "$symbols" "$tmp/nvhe.kvt")" unseen "not when nobody asks"
run_capture v '__kvm_vcpu_run_vhe(vcpu=vcpu#0) = 0'
unlike "$(shown "$tmp/v.kvt")" unseen "nor in a mode that there is not"
run_capture vhe 'kvm_arm_vcpu_enter_exit(vcpu=vcpu#0) = 0'
unlike "$(shown "$tmp/vhe.kvt")" unseen "nor where the capture has the call"

# What is merged into a function stands where the source has it: between the
# calls before and after it, below the level that it is in, unless the tree
# shows it as a level.
seal "$tmp/sites.kvt" 5 <<-END
	kvt 1
	kernel 6.18.15 aarch64 config sha256:$(printf '%064d' 0)
	mode vhe
	program guest
	features sites
	thread 0
	@ioctl(5:vm, KVM_CREATE_VCPU, 0) {
	  kvm_vm_ioctl_create_vcpu(kvm=kvm#0, id=0) at virt/kvm/kvm_main.c:5158 {
	    kvm_arch_vcpu_precreate(kvm=kvm#0, id=0) at virt/kvm/kvm_main.c:4182 = 0
	    kvm_arch_vcpu_create(vcpu=vcpu#0) at virt/kvm/kvm_main.c:4207 = 0
	    ~create_vcpu_fd() at virt/kvm/kvm_main.c:4241 {
	      anon_inode_getfd(name=ptr#3) at virt/kvm/kvm_main.c:4121 = 5
	    }
	  } = 5
	} = 5
END
run_order() { shown "$@" | sed -n 's/^  *\(… ran, inlined: \)\{0,1\}~\{0,1\}\(kvm_vcpu_init\|kvm_arch_vcpu_[a-z]*\|create_vcpu_fd\).*/\2/p' | tr '\n' ' '; }
is "$(run_order "$tmp/sites.kvt")" "kvm_arch_vcpu_precreate kvm_vcpu_init kvm_arch_vcpu_create create_vcpu_fd " \
	"an inlined function without a trace, where the source has it"
is "$(run_order traces/$RELEASE/vhe/04-vcpu.kvt | cut -d' ' -f1-4)" \
	"kvm_arch_vcpu_precreate kvm_vcpu_init kvm_arch_vcpu_create create_vcpu_fd" "... in a capture of the book"
unlike "$(shown --depth 1 "$tmp/sites.kvt")" "kvm_vcpu_init" "... not below what is not unfolded"
sed "/^end/d; s/kvm_arch_vcpu_precreate(kvm=kvm#0, id=0) at .*/~kvm_vcpu_init() at virt\/kvm\/kvm_main.c:4205 {\n      ack_kick()\n    }/" \
	"$tmp/sites.kvt" | seal "$tmp/level.kvt" 5
unlike "$(shown "$tmp/level.kvt")" "may run, inlined: kvm_vcpu_init" "... nor twice, where the tree has it"
like "$($kvt html --gaps --symbols "$symbols" --source-base http://x/ "$tmp/sites.kvt" | tr -d '\n')" \
	'precreate.*<li class="gap">… ran, inlined: <a class="fn" href="http://x/virt/kvm/kvm_main.c#L441">kvm_vcpu_init</a> <a class="loc"[^>]*>kvm_main.c:4205</a></li>.*vcpu_create<' \
	"html: the same"

# What pages are shared with the hypervisor: it alone is asked, in protected mode.
shares() { shown --function kvm_share_hyp "traces/$RELEASE/$1/04-vcpu.kvt" | grep -c 'unseen: __pkvm_host_share_hyp (EL2'; }
is "$(shares vhe) $(shares nvhe)" "0 0" "no hypercall shares pages in VHE and nVHE mode"
ok "one does in protected mode" test "$(shares protected)" -ge 1

# Of all that was recorded, nothing may be off the ways that the table has for
# the value of an argument.
is "$(tests/kvt/off-the-ways traces/$RELEASE/gaps.tsv traces/$RELEASE/*/*.kvt | sed 's/^[1-9][0-9]* calls/calls/')" "calls, 0 off their ways" \
	"every recorded call is on the ways for the request around it"
shown traces/$RELEASE/vhe/02-caps.kvt >"$tmp/shown"
is "$(awk 'match($0, /check_extension\(.*ext=[0-9A-Z_]+/) { ext = substr($0, RSTART, RLENGTH); sub(/.*=/, "", ext) }
	/… .*arm\.c:(344|352)$/ { print ext }' "$tmp/shown" | sort -u | tr '\n' ' ')" \
	"245 9999 KVM_CAP_MAX_VCPUS KVM_CAP_MAX_VCPU_ID KVM_CAP_NR_VCPUS " "which capabilities ask for the number of vCPUs; of numbers without a name behind the last, who knows"

html() { $kvt html --gaps --symbols "$symbols" --source-base http://x/ "$@"; }
html "$tmp/nvhe.kvt" >"$tmp/html"
like "$(<"$tmp/html")" '<li class="gap">… may call, unseen: <a class="fn" href="http://x/arch/arm64/kvm/arm.c#L[0-9]+">kvm_arm_vcpu_enter_exit</a>' \
	"html: a line of its own, with links"
{ echo '<!DOCTYPE html><title>x</title>'; cat "$tmp/html"; } >"$tmp/page.html"
unlike "$(tidy -q -e "$tmp/page.html" 2>&1)" "missing|discarding|unexpected|Error" "... and well-formed"
run_capture protected 'pkvm_create_hyp_vm(kvm=kvm#0) = 0'
like "$(html "$tmp/protected.kvt")" 'pkvm_create_hyp_vm</a>.*</summary><ul>.*<li class="gap">' \
	"html: a call that has nothing else below it unfolds"

# --- wrong tables ---------------------------------------------------------
capture $kvt show --gaps "$tmp/nvhe.kvt"
like "$status $err" "^2 .*--gaps needs --symbols" "no index"
sed "/^end/d; s/^kernel 6.18.15/&+deb13/" "$tmp/nvhe.kvt" | seal "$tmp/other.kvt" 3
capture shown "$tmp/other.kvt"
like "$status $err" "^0 .* is of Linux 6.18.15, but .* is of .*: what no tracer sees is left out" "a capture of another kernel"
wrong=''
cp "$symbols" "$tmp/symbols.tsv"
for fault in 1d '3s/\t1\t/\t2\t/' '3s/\t1\t/\t0\t/' '/^kvm_arch_vcpu_ioctl_run\t.*\tenter\t/s/[^\t]*$/999/' \
	'/^kvm_arch_vcpu_ioctl_run\t.*\tenter\t/s/\t-\tenter/\tx=y\tenter/' '3s/\t[^\t]*$//' '3s/^/zzz/'; do
	sed "$fault" traces/$RELEASE/gaps.tsv >"$tmp/gaps.tsv"
	capture build/kvt/asan/kvt show --gaps --symbols "$tmp/symbols.tsv" "$tmp/nvhe.kvt"
	[[ $status == 5 && $err == *gaps.tsv:* ]] || wrong+=" $fault: $status $err"
done
is "$wrong" "" "a table that is not one"
rm "$tmp/gaps.tsv"
capture $kvt show --gaps --symbols "$tmp/symbols.tsv" "$tmp/nvhe.kvt"
like "$status $err" "^5 .*gaps.tsv" "no table beside the index"
