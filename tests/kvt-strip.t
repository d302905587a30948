#!/bin/bash
# kvt strip: who acts in turns, in short: steps, reasons, what repeats, which
# rows of a tree they lead to; threads in the order of time; SVG.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 48

kvt=build/kvt/asan/kvt
run=traces/$RELEASE/vhe/11-run.kvt
symbols=traces/$RELEASE/symbols.tsv
golden help-strip.txt "$kvt" strip --help

# A program that makes a VM, runs its guest four times, twice alike, and fails.
seal "$tmp/run.kvt" 28 <<'END'
kvt 1
program run
mode vhe
thread 0
@openat(AT_FDCWD, user#0) at a.c:1 = 3:system
@ioctl(3:system, KVM_CREATE_VM, 0) at a.c:2 = 4:vm
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:3 {
  kvm_vcpu_ioctl(filp=file#0) {
    kvm_run.isra.0(vcpu=vcpu#0) {
      !kvm_entry(vcpu_pc=0x1000)
      !kvm_exit(ret=TRAP, esr_ec=IABT_LOW, vcpu_pc=0x1000)
      !kvm_entry(vcpu_pc=0x1004)
      !kvm_exit(ret=TRAP, esr_ec=DABT_LOW, vcpu_pc=0x1008)
      !kvm_entry(vcpu_pc=0x1008)
      !kvm_exit(ret=IRQ, esr_ec=0, vcpu_pc=0x100c)
    } = 0
    !kvm_userspace_exit(reason=KVM_EXIT_INTR, errno=0)
  } = 0
} = 0
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:4 {
  kvm_vcpu_ioctl(filp=file#0) {
    !kvm_entry(vcpu_pc=0x2000)
    !kvm_exit(ret=TRAP, esr_ec=HVC64, vcpu_pc=0x2000)
    !kvm_userspace_exit(reason=KVM_EXIT_HYPERCALL, errno=0)
  } = 0
} = 0
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:4 {
  kvm_vcpu_ioctl(filp=file#0) {
    !kvm_entry(vcpu_pc=0x2004)
    !kvm_exit(ret=TRAP, esr_ec=HVC64, vcpu_pc=0x2004)
    !kvm_userspace_exit(reason=KVM_EXIT_HYPERCALL, errno=0)
  } = 0
} = 0
@ioctl(5:vcpu, KVM_RUN, 1) at a.c:5 {
  kvm_vcpu_ioctl(filp=file#0) {
    !kvm_userspace_exit(reason=KVM_EXIT_HYPERCALL, errno=-EINVAL)
  } = -EINVAL
} = -EINVAL
@munmap(user#1, 4096) at a.c:6 = 0
@close(4:vm) at a.c:6 {
  kvm_vm_release() never returned
} never returned
END
strip() { "$kvt" strip "$@" | sed -E 's/ +/ /g'; }
is "$(strip "$tmp/run.kvt")" " program openat
 program KVM_CREATE_VM
 program KVM_RUN
 guest runs
 KVM IABT
 guest runs
 KVM DABT
 guest runs
 KVM IRQ
 program INTR
2 times, all with a bar:
| program KVM_RUN
| guest runs
| KVM HVC
| program HYPERCALL
 program KVM_RUN
 program -EINVAL
 program munmap
 program close" "the program: its calls, the guest, exits, reasons, an error; what repeats is there once"
is "$(strip --syscall KVM_RUN --nth 1 "$tmp/run.kvt")" " program KVM_RUN
 guest 0x1000
 KVM IABT
 guest 0x1004
 KVM DABT
 guest 0x1008
 KVM IRQ
 program INTR" "one call: with the addresses at which the guest goes on"
is "$(strip --syscall KVM_RUN "$tmp/run.kvt" | grep -A2 '^2 times')" "2 times, all with a bar:
| program KVM_RUN
| guest runs" "... but not where they differ in what repeats"
is "$(strip --syscall KVM_CREATE_VM "$tmp/run.kvt")" " program KVM_CREATE_VM
 program = 4:vm" "a call without a guest: its result"
is "$(strip --syscall close "$tmp/run.kvt")" " program close" "one that never returned has none"
is "$(strip --function kvm_vcpu_ioctl --nth 2 "$tmp/run.kvt")" " program kvm_vcpu_ioctl
 guest 0x2000
 KVM HVC
 program HYPERCALL" "a function"
is "$(strip --at a.c:2 "$tmp/run.kvt")" "$(strip --syscall KVM_CREATE_VM "$tmp/run.kvt")" "a line of the program"

# --- JSON, and the rows -----------------------------------------------------
json() { "$kvt" strip --json "$@"; }
steps() { json "${@:2}" | jq -r "[.rounds[].steps[]] | $1"; }
is "$(json "$tmp/run.kvt" | jq -c '[.entries, (.rounds | length), ([.rounds[].steps[]] | length)]')" '[5,11,25]' "JSON: entries, rounds and steps"
is "$(json "$tmp/run.kvt" | jq -c '.rounds[6:8][] | [.times, .group, .place]')" $'[2,2,0]\n[2,2,1]' "... what repeats"
is "$(steps '.[5] | [.lane, .label, .kind, .text, .thread, .line] | tojson' "$tmp/run.kvt")" \
	'["KVM","","","KVM: ioctl(5:vcpu, KVM_RUN, 0)","0",7]' "... KVM's turn by a call"
is "$(steps '.[7] | [.lane, .label, .kind, .text, .thread, .line] | tojson' "$tmp/run.kvt")" \
	'["KVM","IABT","memory","KVM: kvm_exit(ret=TRAP, esr_ec=IABT_LOW, vcpu_pc=0x1000)","0",11]' "... and by an exit"
is "$(steps 'map(select(.label == "KVM_CREATE_VM"))[0].text' "$tmp/run.kvt")" "program: ioctl(3:system, KVM_CREATE_VM, 0) at a.c:2" "... the program's line"
is "$(steps '.[-1].text' --syscall KVM_RUN --nth 4 "$tmp/run.kvt")" "program: KVM_RUN returned -EINVAL" "... its result"
is "$(steps 'map(.kind) | unique | tojson' "$tmp/run.kvt")" '["","call","failed","interrupt","memory"]' "... kinds of reasons"
is "$(steps '.[9].row, .[11].row' "$tmp/run.kvt")" "run/KVM_RUN/kvm_vcpu_ioctl/kvm_run/!kvm_exit
run/KVM_RUN/kvm_vcpu_ioctl/kvm_run/!kvm_exit" "rows: a tracepoint that the tree folds is in the row of the first"
is "$(steps '.[1:][] | .row' --syscall KVM_RUN --nth 3 "$tmp/run.kvt")" "run/KVM_RUN.3
run/KVM_RUN.3/kvm_vcpu_ioctl/!kvm_entry
run/KVM_RUN.3/kvm_vcpu_ioctl/!kvm_exit
run/KVM_RUN.3/kvm_vcpu_ioctl/!kvm_userspace_exit" "... but one that was chosen by its number has a row of its own"
is "$(steps '.[2:][] | .row' --at a.c:4 "$tmp/run.kvt")" "run/KVM_RUN.2/kvm_vcpu_ioctl/!kvm_entry
run/KVM_RUN.2/kvm_vcpu_ioctl/!kvm_exit
run/KVM_RUN.2/kvm_vcpu_ioctl/!kvm_userspace_exit" "... of two that repeat, the first"
is "$(steps '.[2:5][] | .row' --syscall KVM_RUN --nth 1 --depth 1 "$tmp/run.kvt")" "run/KVM_RUN/kvm_vcpu_ioctl
run/KVM_RUN/kvm_vcpu_ioctl
run/KVM_RUN/kvm_vcpu_ioctl" "... where the tree is not as deep, the call that they are in"
is "$(steps '.[2:4][] | .row' --syscall KVM_RUN --nth 1 --depth 3 "$tmp/run.kvt")" "run/KVM_RUN/kvm_vcpu_ioctl/kvm_run/!kvm_entry
run/KVM_RUN/kvm_vcpu_ioctl/kvm_run/!kvm_exit" "... and themselves where it is"

# Each row that a strip leads to has an id in the tree of the same selection.
captures=(traces/"$RELEASE"/*/*.kvt)
part_of captures
wrong=''
rows=0
for capture in "${captures[@]}"; do
	for options in "" "--syscall KVM_RUN --nth 2 --depth 3" "--syscall KVM_RUN" "--syscall KVM_RUN --nth 1 --depth 2"; do
		# shellcheck disable=SC2086
		build/kvt/kvt strip --json $options "$capture" >"$tmp/json" 2>/dev/null || continue
		jq -r '.rounds[].steps[].row' "$tmp/json" | sort -u >"$tmp/rows"
		# shellcheck disable=SC2086
		build/kvt/kvt html --ids --symbols "$symbols" $options "$capture" | grep -oE '<li[^>]* id="[^"]*"' | sed -E 's/.* id="(.*)"/\1/' | sort >"$tmp/ids"
		((rows += $(wc -l <"$tmp/rows")))
		[[ ! $(comm -23 "$tmp/rows" "$tmp/ids") ]] || wrong+=" $capture $options"
		[[ ! $(uniq -d "$tmp/ids") ]] || wrong+=" $capture $options: twice"
	done
done
is "$wrong" "" "every row that a strip of the book leads to has an id in its tree, which has no id twice"
ok "... all of them some hundreds" test $rows -gt $((9 * ${#captures[@]}))
is "$("$kvt" html --symbols "$symbols" "$run" | grep -c '<li[^>]* id=')" 0 "a tree that was not asked for them has no ids"
like "$("$kvt" html --ids --symbols "$symbols" --function kvm_handle_guest_abort --nth 1 --depth 1 traces/"$RELEASE"/protected/11-run.kvt |
	grep -oE '<li[^>]* id="[^"]*"')" '"11-run.protected/KVM_RUN.2/[+]1dx3/kvm_handle_guest_abort/user_mem_abort"' "a long way is made short, and tells its mode"

# --- threads ----------------------------------------------------------------
seal "$tmp/two.kvt" 7 <<'END'
kvt 1
program two
mode vhe
thread 0
@ioctl(4:vcpu, KVM_RUN, 0) at a.c:1 {
  !kvm_entry(vcpu_pc=0x1000)
  !kvm_exit(ret=TRAP, esr_ec=WFx, vcpu_pc=0x1000)
} = 0
@close(4:vcpu) at a.c:2 = 0
thread 1
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:3 {
  !kvm_entry(vcpu_pc=0x2000)
  !kvm_exit(ret=TRAP, esr_ec=CP15_32, vcpu_pc=0x2000)
} = 0
END
printf '%s\n' $'0\t2' $'1\t2' $'0\t1' $'1\t2' $'0\t3' >"$tmp/two.turns"
is "$(strip "$tmp/two.kvt")" "thread 0
 program KVM_RUN
 guest runs
 KVM WFx
 program close
thread 1
 program KVM_RUN
 guest runs
 KVM CP15" "threads, one after the other"
is "$(strip "$tmp/two.kvt" "$tmp/two.turns")" "thread 0
 program KVM_RUN
 guest runs
thread 1
 program KVM_RUN
 guest runs
thread 0
 KVM WFx
thread 1
 KVM CP15
thread 0
 program close" "... in turns"
is "$(strip --turns 3-4 "$tmp/two.kvt" "$tmp/two.turns")" "thread 0
 KVM WFx
thread 1
 KVM CP15" "... some of these"
is "$(json "$tmp/two.kvt" "$tmp/two.turns" | jq -c '[.rounds[] | [.turn, (.steps | length)]]')" '[[1,2],[1,1],[2,2],[2,1],[3,1],[4,1],[5,1],[5,2]]' \
	"... as JSON: who came back after others had acted has a step for it"
is "$(json "$tmp/two.kvt" | jq -c '[.rounds[].turn] | unique')" '[null]' "... without turns there are none"

seal "$tmp/long.kvt" 1 <<'END'
kvt 1
thread 0
kvm_arch_vcpu_run_map_fp_and_more() = 0
END

# --- SVG --------------------------------------------------------------------
html() { "$kvt" strip --html "$@"; }
html --page p.html "$tmp/run.kvt" >"$tmp/html"
{ echo '<!DOCTYPE html><title>x</title><body>'; cat "$tmp/html"; } >"$tmp/page.html"
is "$(tidy -q -e "$tmp/page.html" 2>&1 | grep -v proprietary)" "" "html: well-formed"
is "$(grep -c '^<li><svg' "$tmp/html")" 11 "... an SVG for each round"
is "$(grep -o 'href="p.html#[^"]*"' "$tmp/html" | wc -l)" "$(steps 'map(select(.label != "")) | length' "$tmp/run.kvt")" "... a link for each step that says something"
is "$(html "$tmp/run.kvt" | grep -c href)" 0 "... none without a page"
like "$(html --page '' "$tmp/run.kvt")" '<a href="#run/openat" class="user"><title>program: openat\(AT_FDCWD, user#0\) at a.c:1</title>' "... to the page itself, with words for who does not see"
is "$(grep -o '>× [0-9]*<' "$tmp/html")" '>× 2<' "... how often something repeats, once"
is "$(grep -o 'd="[^"]*"' "$tmp/html" | grep M | tr '\n' ' ')" 'd="M1,15 v-2 H73" d="M0,13 H142 v2" ' "... below a bracket over all of it"
is "$(grep -o 'class="lane"' "$tmp/html" | wc -l) $(html --syscall KVM_CREATE_VM "$tmp/run.kvt" | grep -o 'class="lane"' | wc -l)" "33 2" \
	"... two lanes where no guest is entered"
html --function kvm_arch_vcpu_run_map_fp_and_more "$tmp/long.kvt" >"$tmp/html"
like "$(<"$tmp/html")" '>kvm_arch_vcpu_run_map_fp_and…<' "... a name that is too long is cut"
like "$(<"$tmp/html")" '<title>program: kvm_arch_vcpu_run_map_fp_and_more[(][)]</title>' "... and is there whole"
like "$(html --syscall KVM_SET_USER_MEMORY_REGION "$run")" '>KVM_SET_USER_MEMORY_REGION<' "... an ioctl's is not"
is "$(html "$tmp/two.kvt" | grep -c '<ol class="strip">')" 2 "threads: a list for each"
html "$tmp/two.kvt" "$tmp/two.turns" >"$tmp/html"
is "$(grep -o '<ol class="[^"]*"' "$tmp/html")" '<ol class="strip threads"' "... one in turns"
is "$(grep -o '<g class="[a-z]*"><rect class="still" x="0" y="[0-9]*"' "$tmp/html" | sed 's/<g class="//; s/".* y=/ /' | uniq | tr '\n' ' ')" \
	'guest "80" guest "176" kernel "54" ' "... with a line for the one that waits, where it is"
is "$(html --turns 1-1 "$tmp/two.kvt" "$tmp/two.turns" | grep -o 'thread [01]')" "thread 0" "... for those that act"

# --- refusals -----------------------------------------------------------------
refuses() {
	capture "$kvt" strip "${@:3}"
	like "$status $err" "$1" "refused: $2"
}
refuses '^2 .*has no call that fits --syscall KVM_NO' 'a call that is not there' --syscall KVM_NO "$tmp/run.kvt"
refuses '^2 .*--turns chooses among those of a file' 'turns without a file' --turns 1-2 "$tmp/run.kvt"
refuses "^2 .*--turns takes FIRST-LAST, not '0-2'" 'turns from 0' --turns 0-2 "$tmp/two.kvt" "$tmp/two.turns"
refuses '^3 .*two.turns is not of this capture' 'turns of another' "$tmp/run.kvt" "$tmp/two.turns"
