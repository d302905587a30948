#!/bin/bash
# Records a program that is not the book's: a monitor with four vCPU threads
# and thousands of exits, by command and by process, with limits, in the lab;
# on the book's kernel, too, if it has been built.  The monitor knows how often
# each of its vCPUs leaves the guest.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

lab=tools/lab/lab
kernels=(stock)
[[ $("$lab" kernel auto) != */book-* ]] || kernels+=(book)
plan $((37 * ${#kernels[@]}))
busybox=$("$lab" sysroot)/usr/bin/busybox

# import NAME: the capture of that recording.
import() {
	mkdir -p "$tmp/$kernel/$1"
	tar -xf "$tmp/$kernel/$1.tar" -C "$tmp/$kernel/$1"
	rm -f "$tmp/$1.kvt" "$tmp/$1.times" # the other kernel's
	capture build/kvt/kvt import --facts "$facts" -o "$tmp/$1.kvt" --times "$tmp/$1.times" "$tmp/$kernel/$1"
}
header() { sed '/^thread/,$d' "$tmp/$2.kvt" | sed -n "s/^$1 //p"; }
# runs NAME: how often each thread, the vCPUs' in order of that, ran a guest.
runs() {
	awk '/^thread/ { t = $2 } /^@ioctl\([0-9]+:vcpu, KVM_RUN, 0\)/ { n[t]++ }
		END { for (t in n) print n[t] }' "$tmp/$1.kvt" | sort -n | tr '\n' ' '
}
# exits NAME CLASS: how often each thread left the guest with a trap of it.
exits() {
	awk -v c="esr_ec=$2," '/^thread/ { t = $2 } /!kvm_exit/ && index($0, c) { n[t]++ }
		END { for (t in n) print n[t] }' "$tmp/$1.kvt" | sort -n | tr '\n' ' '
}
# open_calls NAME: the system calls that never returned.
open_calls() {
	awk '/^@/ { name = $0; sub(/\(.*/, "", name) } /^[@}].* never returned$/ { print name }' "$tmp/$1.kvt" |
		sort | xargs
}

for kernel in "${kernels[@]}"; do
	facts=$(tools/trace/lab-facts "$kernel")
	mkdir "$tmp/$kernel"
	capture "$lab" run --kernel "$kernel" --timeout 300 --out "$tmp/$kernel" \
		--put build/kvt/arm64/kvt --put "$facts/functions.tsv" --put traces/$RELEASE/symbols.tsv \
		--put tests/kvt/monitor.sh --put build/tests/monitor -- \
		"$busybox" sh -c './busybox mkdir -p /bin; ./busybox --install -s /bin; . ./monitor.sh'
	is "$status" 0 "on the $kernel kernel: the script ran to its end"
	[[ $status == 0 ]] || diag "$out$err"
	script_said=$out
	said() { sed -n "s/^$1 //p" <<<"$script_said"; }

	is "$(said status-command) $(said 'stores-[0-3]' | tr '\n' ' ')" "0 500 500 500 500 " "the monitor counts 500 stores a vCPU"
	import command
	is "$status $err" "0 " "... recorded by command, through a buffer of a hundredth"
	is "$(runs command)" "1 501 501 501 501 " "... each thread ran its vCPU 501 times, the first turned the machine off"
	# The last is SYSTEM_OFF.
	is "$(exits command HVC64)" "1 500 500 500 500 " "... and made 500 hypercalls"
	capture build/kvt/kvt stats --json --times "$tmp/command.times" "$tmp/command.kvt"
	is "$(jq -c '[.threads[].runs] | sort' <<<"$out") $(jq -c '.syscalls[0] | [.name, .count, .errors, .ns.count]' <<<"$out")" \
		'[1,501,501,501,501] ["KVM_RUN",2005,0,2005]' "... stats says the same"
	is "$(jq -c '[.threads[].userspace_exits] | sort' <<<"$out") $(jq '.userspace_exits[0].count' <<<"$out")" \
		'[1,501,501,501,501] 2004' "... and how often each thread came back"
	is "$(header status command),$(header stopped command),$(header begun-before command)" "0,," "... whole"
	# A thread that has been joined may still be on its way out in exit(2) when
	# the process ends, and be the last to let go of the VM.
	like "$(open_calls command)" '^(@exit )*@exit(_group)?$' "... and all returned but its exit"

	import pid
	is "$(said status-pid) $(said status-followed) $status $err" "0 0 0 " "by process: recorded until it ended"
	is "$(runs pid)" "1 500 500 500 500 " "... without the run that each thread was in at the start"
	is "$(header begun-before pid)" 4 "... which the header counts"
	is "$(exits pid HVC64)" "1 499 499 499 499 " "... and without its hypercall"
	is "$(header program pid) $(header status pid),$(header stopped pid)" "monitor unknown," "... whose child it was not"
	is "$(grep -oE '^@ioctl\([0-9]+:[a-z]+, KVM_RUN' "$tmp/pid.kvt" | sort -u | wc -l)" 4 "... its descriptors are known"
	is "$(said status-here) $(said runs-here) $(said instances-left)" "0 81 0" "... and in one go on the machine itself"

	import interrupt
	is "$(said status-interrupt) $(said goes-on) $(said status-left) $status" "0 0 0 0" "an interrupt ends the recording, the process goes on"
	is "$(header stopped interrupt) $(header status interrupt) $(header begun-before interrupt)" "interrupt running 4" "... as the header says"
	import duration
	is "$(said status-duration) $status" "0 0" "--duration ends it, too"
	is "$(header stopped duration) $(header status duration)" "duration running" "... as the header says"
	import duration-command
	is "$(said status-duration-command)" 7 "with a command, --duration leaves it alone and gives its status"
	like "$(said says-duration-command)" "stopped at --duration; ./busybox goes on" "... and says so"
	is "$(runs duration-command) $(header stopped duration-command) $(header status duration-command)" "1 1  duration running" "... the capture has what was before"
	is "$(open_calls duration-command)" "@ioctl @ioctl" "... and two runs of a guest that never returned"
	capture build/kvt/kvt show --depth 1 "$tmp/duration-command.kvt"
	like "$out" "recording stopped by duration, before the program ended" "... show says so"

	import max-size
	is "$(said status-max-size) $(said stores-max-size) $status" "0 4 0" "--max-size leaves the program alone"
	like "$(said says-max-size)" "stopped at --max-size, with [0-9]+ KiB; ./monitor goes on" "... and says so"
	size=$(cat "$tmp/$kernel"/max-size/cpu*.raw | wc -c)
	ok "... it has $size bytes, 256 KiB and what a half-full buffer holds at most" test "$size" -ge $((256 << 10)) -a "$size" -lt $((256 + 4096 << 10))
	is "$(header stopped max-size) $(header status max-size)" "max-size running" "... as the header says"
	capture build/kvt/kvt show "$tmp/max-size.kvt"
	like "$status $out" "^0 .*KVM_CREATE_VM" "... it is a sound capture"
	ok "... with its times" build/kvt/kvt export --format chrome --times "$tmp/max-size.times" -o /dev/null "$tmp/max-size.kvt"

	import small
	is "$(said status-small)" 0 "a buffer too small does not disturb the program"
	like "$status $err" "^4 .*dropped [1-9][0-9]* events.*larger --buffer" "... but there is no capture"
	is "$(grep -c '^refused --pid .*: 2 kvt: --pid' <<<"$script_said")" 4 "processes that are not there, or none, are refused"
	is "$(grep -c '^refused --duration .*: 2 kvt: --duration takes a number of seconds' <<<"$script_said")" 2 "... durations that are none"
	is "$(grep -c '^refused --max-size .*: 2 kvt: --max-size takes a number of bytes' <<<"$script_said")" 3 "... and sizes"
	echo 'x vm' >"$tmp/$kernel/pid/fds"
	import_again() { build/kvt/kvt import --facts "$facts" -o "$tmp/x.kvt" "$tmp/$kernel/pid"; }
	capture import_again
	like "$status $err" "^3 .*fds: no descriptor and its kind" "a table of descriptors that is none"
done
