#!/bin/bash
# tools/trace/capture: a program that hangs leaves a capture and says where it
# was; a program with files and variables; what the tool refuses.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 37

record() {
	rm -f "$tmp/x.kvt"
	capture tools/trace/capture --kernel stock --source tests/kvt/hang.c -o "$tmp/x.kvt" "$@"
}
line=$(grep -n 'ioctl(cpu, KVM_RUN, 0)' tests/kvt/hang.c | cut -d: -f1)

# --- the guest that never comes back ---------------------------------------
# The machine's clock runs on while the guest sleeps, so this takes no minute.
record build/tests/hang wfi
is "$status" 124 "a guest in wfi: the time is over"
is "$out" running "... what the program has said is there"
is "$(grep -E '^(status|stopped)' "$tmp/x.kvt" | xargs)" "status running stopped timeout" "... and a capture of all until then"
like "$err" "thread 0 is in ioctl\(5:vcpu, KVM_RUN, 0\) at tests/kvt/hang.c:$line"$'\n' "... in which line it is"
like "$err" "kvm_vcpu_block\(\)"$'\n' "... in which function of the kernel"
like "$err" "last at PC 0x40000004: it executed wfi"$'\n'"  it waits" "... and in which instruction of the guest"
like "$err" "capture: $tmp/x.kvt has [0-9]+ records of [0-9]+ system calls"$'\n'"capture: the recording was stopped before the program ended, by timeout" "... and what the capture has"
cp "$tmp/x.kvt" "$tmp/first.kvt"
record --quiet build/tests/hang wfi
is "$status:$(grep -c capture: <<<"$err")" "124:0" "--quiet says nothing of that"
ok "... and the capture is the same" cmp "$tmp/first.kvt" "$tmp/x.kvt"

# A guest that runs does take the time, and the machine to start, too.
SECONDS=0
in_lab -- exit 0
limit=$((4 * (SECONDS + 2)))
record --timeout $limit build/tests/hang loop
is "$status:$out" "124:running" "a guest in a loop"
like "$err" "last at PC 0x4000000[04]: an interrupt of the host came while it ran" "... where it runs"
record --duration 0.2 build/tests/hang wfi
is "$status:$(sed -n 's/^stopped //p' "$tmp/x.kvt")" "124:duration" "--duration ends the recording, the time the program"

# --- files, variables, limits ----------------------------------------------
record --put README.md:a/b --put Makefile $guest show a/b
is "$status:${out#* }" "0:$(<README.md)" "--put into a folder"
record --env TEST_A=1 --env "TEST_B=two words" $guest words -x "" y
is "$out" $'[./guest]\n[words]\n[-x]\n[]\n[y]\n{TEST_A=1}\n{TEST_B=two words}' "--env, and arguments"
record -- $guest exit 3
is "$status" 3 "the program's exit status"
like "$err" "has [0-9]+ records.*lacks return values \(.*RETVAL.*lacks where calls were made" "the stock kernel: what is missing"
record --timeout $limit --max-size 256K build/tests/hang mmio
is "$status:$(sed -n 's/^stopped //p' "$tmp/x.kvt")" "124:max-size" "--max-size ends the recording, the time the program"
like "$err" "alike, with reason=KVM_EXIT_MMIO" "... which entered the guest again and again, for the same reason"
record --buffer 100000 $guest exit 0
is "$status" 0 "--buffer"

# --- nested virtualization ---------------------------------------------------
header() { sed -n "s/^$1 //p" "$tmp/x.kvt"; }
echo 'mode nested' >"$tmp/needs"
record --machine-of "$tmp/needs" -- $guest exit 0
is "$status:$(header mode):$(header machine)" "0:nested:-cpu max,pauth=off" "a file of needs asks for mode nested, and the header tells"
capture build/kvt/kvt claim --mode nested "$tmp/x.kvt" 'KVM_RUN never'
is "$status" 0 "... which kvt can ask for"
record --mode vhe --machine-of "$tmp/needs" -- $guest exit 0
is "$status:$(header mode):$(header machine)" "0:vhe:" "--mode counts for more"

# --- what is refused --------------------------------------------------------
refuses() {
	capture tools/trace/capture "${@:3}"
	is "$status" "$1" "refused: ${*:3}"
	like "$err" "$2" "... and why"
}
refuses 2 "which program"
refuses 2 "--boil: unknown option" --boil $guest
refuses 2 "--env needs a value" --env
refuses 2 "must be NAME=VALUE" --env =x $guest
refuses 2 "no such file" /no/program
refuses 2 "must be a number of seconds" --timeout soon $guest
refuses 2 "--mode el3: must be vhe, nvhe, protected or nested" --mode el3 $guest
ok "... nothing was written" test ! -e guest.kvt
