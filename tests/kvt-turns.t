#!/bin/bash
# kvt turns: the order in which threads took turns, from times; and the table
# of some calls in that order.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 29

kvt=build/kvt/asan/kvt
golden help-turns.txt "$kvt" turns --help

# Thread 0 is in outer() while thread 1 runs; the times are of this order.
# What begins when another ends comes after it, as in the capture.
seal "$tmp/two.kvt" 7 <<'END'
kvt 1
thread 0
@ioctl(4:vcpu, KVM_RUN, 0) at code/01-open.c:1 {
  ~level() at x.c:1 {
    outer.isra.0(vcpu=vcpu#0, slot=user#1 {slot=3, flags=0}) {
      !moment(n=1)
      inner(n=<1>) = -5
    } = 1
    inner(n=2) = 2
  }
} = 0
thread 1
@ioctl(5:vcpu, KVM_RUN, 0) at code/01-open.c:1 {
  other(vcpu=vcpu#1)
} never returned
END
printf '%s\n' $'record\tstart_ns\tduration_ns\tcpu' \
	$'1\t100\t900\t0' $'2\t110\t500\t0' $'3\t120\t0\t0' $'4\t400\t50\t0' $'5\t700\t10\t0' \
	$'6\t200\t600\t0' $'7\t210\t10\t0' '# folded: 1' >"$tmp/two.times"
capture "$kvt" turns "$tmp/two.kvt" "$tmp/two.times"
is "$status $(tr '\t\n' ': ' <"$tmp/out")" "0 0:3 1:3 0:5 1:1 0:1 " "the turns: calls that began or ended in each"
cp "$tmp/out" "$tmp/two.turns"
sed -i 's/^6\t200/6\t120/' "$tmp/two.times"
is "$("$kvt" turns "$tmp/two.kvt" "$tmp/two.times" | tr '\t\n' ': ')" "0:3 1:3 0:5 1:1 0:1 " \
	"what is at the same time stays in the order of the capture"

rows() { "$kvt" turns --calls "$@" "$tmp/two.kvt" "$tmp/two.turns" | sed -E '1d; s/^ +//; s/  +/ /g'; }
is "$(rows 'KVM_RUN outer inner other moment')" "1 0 ioctl(4:vcpu, KVM_RUN, 0)
1 0 outer.isra.0(vcpu=vcpu#0, slot=user#1)
1 0 moment(n=1)
2 1 ioctl(5:vcpu, KVM_RUN, 0)
2 1 other(vcpu=vcpu#1)
3 0 inner(n=<1>) = -5
3 0 … outer = 1
3 0 inner(n=2) = 2
4 1 … KVM_RUN never returned
5 0 … KVM_RUN = 0" "the table: a call in two rows where something comes between"
is "$(rows 'outer')" "1 0 outer.isra.0(vcpu=vcpu#0, slot=user#1)
3 0 … outer = 1" "... or where its turn ends"
is "$(rows 'inner(n=2) other')" "2 1 other(vcpu=vcpu#1)
3 0 inner(n=2) = 2" "chosen by an argument"
is "$(rows 'inner(n=2) inner(<1>)')" "3 0 inner(n=<1>) = -5
3 0 inner(n=2) = 2" "... by either of two"
is "$(rows KVM_RUN --turns 2-4)" "2 1 ioctl(5:vcpu, KVM_RUN, 0)
4 1 … KVM_RUN never returned" "chosen by turns, the first and the last among them"
is "$("$kvt" turns --json --calls inner "$tmp/two.kvt" "$tmp/two.turns" | jq -c '.[0]')" \
	'{"turn":3,"thread":"0","line":7,"text":"inner(n=<1>) = -5"}' "JSON"
golden turns-html.txt "$kvt" turns --html --calls 'inner other' "$tmp/two.kvt" "$tmp/two.turns"
is "$(grep -o "<td>" "$tmp/out" | wc -l)" 6 "a cell for each thread in each row"

# In the book: functions and lines are links, and calls lead to their rows.
symbols=traces/$RELEASE/symbols.tsv
in_book() {
	"$kvt" turns --html --symbols "$symbols" --source-base http://x/ "$@" --turns 2-6 --calls 'KVM_RUN kvm_psci_vcpu_on kvm_userspace_exit' \
		traces/"$RELEASE"/vhe/15-psci.kvt traces/"$RELEASE"/vhe/15-psci.turns
}
in_book --page p.html >"$tmp/html"
like "$(<"$tmp/html")" '<a class="fn" href="http://x/arch/arm64/kvm/psci.c#L[0-9]+">kvm_psci_vcpu_on</a><span class="args">[(]source_vcpu=vcpu#0[)]</span><span class="ret"> = 0</span></code> <a class="loc site" href="http://x/arch/arm64/kvm/psci.c#L[0-9]+">← psci.c:[0-9]+</a> <a class="to-row" href="p.html#15-psci/KVM_RUN/[+][0-9a-z]{4}/kvm_psci_0_2_call/kvm_psci_vcpu_on"' \
	"in the book: a call, its place, and its row"
like "$(<"$tmp/html")" '<b>KVM_RUN</b>, 0[)]</span></code> <span class="loc" data-at="code/15-psci.c:86">' "... the program's line"
like "$(<"$tmp/html")" '<code>… <span class="sys">KVM_RUN</span><span class="ret err"> = -EINTR</span></code> <a class="to-row" href="p.html#15-psci/KVM_RUN.5"' \
	"... where it ends there is no place"
is "$(in_book | grep -c to-row)" 0 "... without a page there are no rows"
is "$(in_book --json --page p.html | jq -rj '.html | map(if type == "object" then "<span class=\"loc\" data-at=\"\(.at)\">\(.text)</span>" else . end) | add')" \
	"$(<"$tmp/html")" "... in parts, too"

refuses() {
	capture "$kvt" turns "${@:3}"
	like "$status $err" "$1" "refused: $2"
}
refuses "^2 kvt: nobody is not called in these turns of .*two.kvt" 'a call that is not there' --calls 'inner nobody' "$tmp/two.kvt" "$tmp/two.turns"
refuses "^2 kvt: inner is not called in these turns" 'a call that is in other turns' --calls inner --turns 1-2 "$tmp/two.kvt" "$tmp/two.turns"
refuses "^2 kvt: level is not called" 'a level, which is no call' --calls level "$tmp/two.kvt" "$tmp/two.turns"
refuses "^2 .*takes NAME or NAME\(TEXT\)" 'brackets that do not end' --calls 'inner(n=2' "$tmp/two.kvt" "$tmp/two.turns"
for turns in 3 3- -3 0-3 a-b 1-2x; do
	refuses "^2 .*--turns takes FIRST-LAST, not '$turns'" "--turns $turns" --calls inner --turns "$turns" "$tmp/two.kvt" "$tmp/two.turns"
done
(cat "$tmp/two.turns"; printf '1\t1\n') >"$tmp/long.turns"
refuses "^3 .*long.turns is not of this capture" 'turns of a longer capture' --calls inner "$tmp/two.kvt" "$tmp/long.turns"
sed '$d' "$tmp/two.turns" >"$tmp/short.turns"
refuses "^3 .*short.turns is not of this capture" 'turns of a shorter one' --calls inner "$tmp/two.kvt" "$tmp/short.turns"
sed 's/^1/2/' "$tmp/two.turns" >"$tmp/other.turns"
refuses "^3 .*other.turns is not of this capture" 'turns of another thread' --calls inner "$tmp/two.kvt" "$tmp/other.turns"
