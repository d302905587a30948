#!/bin/bash
# A failure in the lab ends soon, with a clear error, and leaves nothing
# behind.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 64

# How long a run takes here and now: what waits for one waits for a multiple.
SECONDS=0
in_lab -- exit 0
is "$status" 0 "the machine works"
bare=$((SECONDS + 1))

# At the limit, the status would be 124.
in_lab --timeout 600 -- panic
is "$status" 125 "a panic is the lab's failure"
like "$err" "the machine stopped before the program had ended" "it says so"
like "$err" "Kernel panic - not syncing: sysrq triggered crash" "with the console's end"

in_lab -- power-off
is "$status" 125 "a machine that powers itself off, too"

limit=$((4 * bare))
SECONDS=0
in_lab --timeout $limit -- hang
took=$SECONDS
is "$status:$out" "124:hanging" "a program that hangs is stopped; what it had printed is there"
like "$err" "time limit of $limit s" "it says which limit"
ok "not before the limit" test $took -ge $((limit - 1))
ok "and soon after it" test $took -lt $((3 * limit))
like "$err" "guest was stopped" "... and what was stopped"
in_lab --timeout $limit --icount -- hang
is "$status:$out" "124:hanging" "--icount: the limit is the host's time; what it had printed is there, too"
in_lab --timeout $limit --icount --out "$tmp/orderly" -- hang-orderly
is "$status:$out:$(<"$tmp/orderly/last-words")" "124:hanging:time" "a program may end in good order: its files are there"
LAB_GRACE=1 in_lab --timeout $limit -- hang-deaf
is "$status:$out" "124:hanging" "one that does not listen is killed"
like "$err" "guest was stopped" "... and so without the machine"
head -c 1000000 /dev/zero >"$tmp/zeros"
LAB_GRACE=1 in_lab --timeout $limit -- hang-deaf <"$tmp/zeros"
is "$status:$out" "124:hanging" "... even if it leaves its input where it is"

in_lab --timeout 600 -- flood-console
is "$status" 125 "a console flood is the lab's failure"
like "$err" "flooded its console" "it says so"
ok "and shows but the end of it" test "$(wc -c <"$tmp/err")" -lt 40000

interrupted() {
	local signal=$1 pid
	: >"$tmp/out"
	# Not in the background of this shell, which would have SIGINT ignored.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' $lab run --kernel "$kernel" $guest hang >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	wait_for grep -q hanging "$tmp/out" || diag "the program did not start"
	started=$(machines)
	kill -"$signal" $pid
	{ wait $pid; } 2>/dev/null
	status=$?
}
for signal in INT TERM HUP KILL; do
	interrupted $signal
	like "$started" '^[0-9]+$' "SIG$signal: there was one machine"
	is "$status" $((128 + $(kill -l $signal))) "SIG$signal: exit status"
	ok "SIG$signal: nothing keeps running" wait_for none_left
done

# A machine that does not keep to the protocol.
fake() {
	rm -rf "$tmp/fake"
	mkdir "$tmp/fake"
	capture build/lab/labrun --init build/lab/init --timeout 20 --out "$tmp/fake" \
		--qemu=tests/lab/fake-qemu --qemu="$1" $guest
	left=$(find "$tmp/fake" -mindepth 1)
}
refused() {
	fake "$1"
	is "$status:$left" "125:" "refused: $1"
	like "$err" "$2" "refused: $1: the reason"
}
fake "exit"
is "$status" 7 "the stand-in for QEMU is understood"
fake slow
is "$status:$out" "0:abc" "frames may come byte by byte"
refused slash 'named "../escaped"'
ok "refused: slash: nothing was written elsewhere" test ! -e "$tmp/escaped"
refused parent 'named ".."'
refused no-name "not asked for"
refused unknown "unknown type 77"
refused too-long "a frame of 1073741824 bytes"
refused stray-data "data of no file"
refused stray-end "ended no file"
refused short-exit "broken exit status"
refused error "the guest has a problem"
refused half-file "stopped before the program had ended"
refused complaint "qemu: no such board"
fake_times() { capture build/lab/labrun --init build/lab/init --timeout 1 --grace 1 --qemu=tests/lab/fake-qemu --qemu="$1" $guest </dev/null; }
fake_times told
is "$status:$out" "124:1 12 12 " "the machine is told twice that the time is over"
fake_times deaf
is "$status" 124 "a machine that does not answer"
like "$err" "the machine was stopped" "... is stopped"
# A reader who takes nothing: only a part of the frame fits into the pipe.
SECONDS=0
set +o pipefail
# shellcheck disable=SC2216  # it reads nothing: that is the point
build/lab/labrun --init build/lab/init --timeout 1 --grace 1 --qemu=tests/lab/fake-qemu --qemu=flood $guest \
	2>/dev/null </dev/null | sleep 6
is "${PIPESTATUS[0]}" 124 "a reader who takes nothing does not hold the run"
set -o pipefail
fake half-frame
is "$status:$out" "125:" "refused: half a frame"

mkdir "$tmp/half"
build/lab/labrun --init build/lab/init --out "$tmp/half" --qemu=tests/lab/fake-qemu --qemu=half-file-waiting $guest &
pid=$!
half_is_there() { compgen -G "$tmp/half/.lab-*.partial" >/dev/null; }
ok "a file on its way is there under another name" wait_for half_is_there
kill -TERM $pid
wait $pid
is "$?:$(find "$tmp/half" -mindepth 1)" "143:" "and goes when the run is ended"

capture build/lab/labrun --init build/lab/init --qemu=/nowhere/qemu $guest
is "$status" 125 "without QEMU"
like "$err" "cannot run /nowhere/qemu: No such file" "without QEMU: the reason"
