#!/bin/bash
# What could make a recording silently incomplete, in the lab: other recorders,
# containers, switches of the tracer, programs that go into the background,
# time limits, priorities, a log that has wrapped.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 47

lab=tools/lab/lab
facts=$(tools/trace/lab-facts stock)
busybox=$("$lab" sysroot)/usr/bin/busybox
mkdir "$tmp/tar"
# in_lab SCRIPT OPTION...
in_lab() {
	local script=$1
	shift
	capture "$lab" run --kernel stock --timeout 200 "$@" \
		--put build/kvt/arm64/kvt --put "$facts/functions.tsv" --put build/code/01-open \
		--put build/tests/daemon --put build/tests/scheduled --put tests/kvt/trouble.sh \
		--put tests/kvt/mode.sh -- \
		"$busybox" sh -c "./busybox mkdir -p /bin; ./busybox --install -s /bin; . ./$script"
}
in_lab trouble.sh --out "$tmp/tar"
is "$status" 0 "the script ran to its end"
[[ $status == 0 ]] || diag "$out$err"
script_said=$out
said() { sed -n "s/^$1 //p" <<<"$script_said"; }
# import NAME: the capture of that recording, $tmp/NAME.kvt.
import() {
	mkdir -p "$tmp/$1"
	tar -xf "$tmp/tar/$1.tar" -C "$tmp/$1"
	capture build/kvt/kvt import --facts "$facts" -o "$tmp/$1.kvt" "$tmp/$1"
}
calls() { grep -c "^@ioctl(.*:system, $2" "$tmp/$1.kvt"; }

# --- two recorders at once --------------------------------------------------
is "$(said status-second) $(said status-first)" "0 3" "two recorders at once, one of them not called kvt"
is "$(said while-one-runs)" "1 10" "the one that begins and ends leaves the other's instance and options alone"
import first
is "$status $err" "0 " "... whose recording is whole"
is "$(calls first KVM_CHECK_EXTENSION)" 50 "... with each call of a process that was left behind"
is "$(said after-both)" "0 0" "at the end no instance is left, and the options are as before"
is "$(said early-ended)" 10 "the options stay, too, where the first ends first"
import late
like "$(<"$tmp/late.kvt")" 'kvm_dev_ioctl\(filp=' "... so the second has all arguments"
is "$(said status-early) $(said status-late) $(said after-late)" "0 0 0 0" "... and puts the options back as the first had found them"

# --- what it refuses --------------------------------------------------------
like "$(said status-container) $(said says-container)" "^5 .*this is a container with process numbers of its own" "a container is refused"
like "$(said status-off) $(said says-off)" "^5 .*tracer is off.*sysctl kernel.ftrace_enabled=1" "so is kernel.ftrace_enabled=0"
like "$(said status-turned-off) $(said says-turned-off)" "^5 .*tracer is off" "... if only from some time on"
like "$(said status-changed) $(said says-changed)" "^5 .*somebody changed the tracer's options" "... and other options of the tracer"
is "$(said after-trouble)" 0 "no instance is left"

# --- a full disk ------------------------------------------------------------
for size in 4k 64k; do
	like "$(said status-full-$size) $(said says-full-$size)" "^5 .*: cannot write.*: No space left on device" "a full disk, after $size: the recording fails, and says why"
done
is "$(said after-full)" 0 "... no instance is left"

# --- a program that puts itself into the background ------------------------
is "$(said status-daemon)" 3 "a program in the background: the exit status is the first process's"
like "$(said says-daemon)" "has ended and left processes behind" "... that the recording goes on is said"
import daemon
is "$status $err $(calls daemon KVM_CHECK_EXTENSION)" "0  200" "... and it has all 200 calls"
is "$(grep -E '^(status|stopped)' "$tmp/daemon.kvt")" "status 3" "... as its header says"
is "$(said status-limit) $(said limit-status) $(said limit-stopped)" "5 5 duration" "--duration ends it, if nothing else does"
like "$(said says-limit)" "what was left behind by ./busybox goes on" "... and says what goes on"
is "$(said status-ctrl-c) $(said ctrl-c-status) $(said ctrl-c-stopped)" "6 6 interrupt" "so does Ctrl-C"

# --- the time is over -------------------------------------------------------
is "$(said status-timeout) $(said timeout-status) $(said timeout-stopped)" "124 running timeout" "--timeout ends the recording, then the program"
is "$(said timeout-left)" 0 "... with all that it started"
like "$(said says-timeout)" "the time is over: ./busybox was ended" "... and says so"
is "$(said status-alarm) $(said alarm-status) $(said alarm-stopped)" "124 running timeout" "SIGALRM does the same"

# --- what the program and the recorder find --------------------------------
like "$script_said" $'SigIgn:\t0{16}\n' "the program does not ignore SIGPIPE"
# The recorder while it records; the program; the recorder when it has recorded.
is "$(said scheduling-0-0-0-0)" "2 1 0 0,0 0 0 0,0 0 0 0," "the recorder goes first, and is as before in the end"
is "$(said scheduling-0-0-5-0)" "2 1 5 0,0 0 5 0,0 0 5 0," "... with its nice value"
is "$(said scheduling-3-0-2-0)" "2 1 2 0,3 0 2 0,3 0 2 0," "... its policy"
is "$(said scheduling-0-0-5-1)" "2 1 5 1,0 0 5 1,0 0 5 1," "... and what its children do not inherit, but the program does"
is "$(said scheduling-1-7-0-0)" "1 7 0 0,1 7 0 0,1 7 0 0," "a real-time priority that it was started with stays"
is "$(said scheduling-2-3-0-1)" "2 3 0 1,2 3 0 1,2 3 0 1," "... and the program has it, too"

# --- what a recording says of itself ---------------------------------------
is "$(said events-left)" 0 "no event is left"
like "$(said meta)" "cpu0.raw [1-9]" "the meta file names each file of pages"
is "$(said meta)" "$(said size)" "... with its size"
is "$(said last)" end "... and its last line says that it is whole"

# --- how KVM uses EL2, without the kernel's log ----------------------------
is "$(said log-mode) $(said quiet-mode)" "vhe vhe" "vhe: the log tells, and a probe when it is silent"
for mode in nvhe protected nested; do
	in_lab mode.sh --mode $mode
	is "$status $(sed -n 's/^log-mode //p' <<<"$out") $(sed -n 's/^quiet-mode //p' <<<"$out")" "0 $mode $mode" "$mode: the same"
	is "$(sed -n 's/^events-left //p' <<<"$out")" 0 "... no event is left"
done
LAB_CPU=cortex-a72 in_lab mode.sh
is "$(sed -n 's/^log-mode //p' <<<"$out") $(sed -n 's/^quiet-mode //p' <<<"$out")" "nvhe nvhe" "a processor without VHE: nvhe"
