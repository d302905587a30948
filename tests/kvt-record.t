#!/bin/bash
# The recorder, in the lab: exit status, clean-up, loss.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 35

lab=tools/lab/lab
facts=$(tools/trace/lab-facts stock)
busybox=$("$lab" sysroot)/usr/bin/busybox
# The index without a few functions, as if it were of another release.
gone=(kvm_vcpu_ioctl vgic_flush_pending_lpis kvm_vgic_create)
sed "2s/^[^\t]*/6.12.1/" traces/$RELEASE/symbols.tsv | grep -vE "^($(IFS='|' && echo "${gone[*]}"))"$'\t' >"$tmp/other.tsv"
capture "$lab" run --kernel stock --timeout 100 --out "$tmp/raw" \
	--put build/kvt/arm64/kvt --put "$facts/functions.tsv" \
	--put traces/$RELEASE/symbols.tsv --put tests/kvt/record.sh \
	--put "$tmp/other.tsv" \
	--put build/tests/many-vcpus --put build/code/01-open -- \
	"$busybox" sh -c './busybox mkdir -p /bin; ./busybox --install -s /bin; . ./record.sh'
is "$status" 0 "the script ran to its end"
[[ $status == 0 ]] || diag "$out$err"

script_said=$out
said() { sed -n "s/^$1 //p" <<<"$script_said"; }
is "$(said no-program)" 2 "no program: usage"
is "$(said status-0)" 0 "the program's exit status: 0"
is "$(said status-7)" 7 "the program's exit status: 7"
is "$(said status-killed)" 137 "a program that a signal killed: 128 + 9"
like "$(said status-missing)" "^127 kvt: ./no-such: No such file" "a program that is not there"
is "$(said options-restored)" 0 "the options that all instances share are as before"
is "$(said instances-left)" 0 "no tracing instance is left"
is "$(said events-left)" 0 "no event is left"
is "$(said tracer)" "nop 1" "the machine's own tracer was not touched"
is "$(said instances-while)" 2 "while recording call sites there are two instances"
is "$(said instances-killed)" 2 "a recorder killed with SIGKILL leaves them behind"
is "$(said options-killed)" 1 "... and the options changed"
is "$(said events-killed)" 2 "... and its events"
is "$(said status-next)" 0 "the next recorder works"
is "$(said cleaned)" 2 "... and says that it cleaned up"
is "$(said instances-next)" 0 "... the instances are gone"
is "$(said options-next)" 0 "... the options are back"
is "$(said events-next)" 0 "... the events are gone"
is "$(said status-interrupted)" 130 "an interrupted program: 130"
is "$(said interrupted-kept)" 0 "... its recording is kept"
is "$(said instances-interrupted)" 0 "... no instance is left"
is "$(said status-small)" 0 "a buffer too small does not disturb the program"
unlike "$(said lost)" "^0*$" "... the recording counts what was lost"
export ASAN_OPTIONS=detect_leaks=0
capture build/kvt/asan/kvt import --facts "$facts" -o "$tmp/x.kvt" "$tmp/raw"
like "$status $err" "^4 .*dropped [1-9][0-9]* events.*larger --buffer" "... and is refused"
ok "... no capture is written" test ! -e "$tmp/x.kvt"
truncate -s 5000 "$tmp/raw/cpu0.raw"
capture build/kvt/asan/kvt import --facts "$facts" -o "$tmp/x.kvt" "$tmp/raw"
like "$status $err" "^3 .*the recording was cut: .*cpu0.raw has 5000 of the" "a recording that was cut is refused"
is "$(said status-here) $(said show-here) $(said calls-here)" "0 0 1" "kvt record -o makes the capture on the machine itself"
is "$(said config-here)" "$(echo CONFIG_OF_THIS_KERNEL=y | sha256sum | cut -d' ' -f1)" "... with the hash of the kernel's configuration, from /boot"
is "$(said temporary-left)" 0 "... and leaves nothing in /tmp"
like "$(said status-user)" "^5 kvt: " "an ordinary user is told why not"
is "$(said facts-same)" "0 " "with an index of this kernel, kvt facts says nothing"
like "$(said facts-other)" "^0 kvt: the index is of Linux 6.12.1, and this kernel is $RELEASE.*: [0-9]+ functions" "with one of another release it says so"
is "$(said facts-missing)" 0 "... and finds all that the index has no more, by what is around them"
like "$(said facts-more)" "^[0-9]{1,2}$" "... and little else"
