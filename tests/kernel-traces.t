#!/bin/bash
# Takes the committed captures again on the book's kernel: they must be equal.
# With PART=K/N every Nth of them, from the Kth on.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

mapfile -t captures < <(cd traces/$RELEASE && find vhe nvhe protected nested -name '*.kvt' 2>/dev/null | sed 's/\.kvt$//' | sort)
part_of captures
plan $((${#captures[@]} + 5))

tools/lab/lab kernel book >/dev/null 2>"$tmp/err" || bail "no kernel: $(tail -n 5 "$tmp/err")"
for name in "${captures[@]}"; do
	capture tools/trace/verify-traces 1 "$name"
	is "$status" 0 "$name is the same again"
	[[ $status == 0 ]] || diag "$out$err"
	[[ $out != *"another build"* ]] || diag "compared over what both kernels can trace"
done

# Interrupts come when they like: without the instruction counter, two runs
# of a busy guest have different rounds, and the captures must not show it.
facts=$(tools/trace/lab-facts book)
for i in 1 2; do
	tools/lab/lab run --kernel book --put build/tests/spin --put "$facts/functions.tsv" \
		--out "$tmp/spin$i" -- build/kvt/arm64/kvt record --raw /out \
		--functions functions.tsv -- ./spin >/dev/null
	build/kvt/kvt import --facts "$facts" --times "$tmp/times$i" -o "$tmp/spin$i.kvt" "$tmp/spin$i"
done
like "$(tail -n 1 "$tmp/times1")" "folded: [1-9][0-9]* interrupt rounds" "the guest was interrupted"
is "$(grep -c '^@ioctl(5:vcpu, KVM_RUN, 0)' "$tmp/spin1.kvt")" 6 "... and left six times"
capture build/kvt/kvt compare "$tmp/spin1.kvt" "$tmp/spin2.kvt"
like "$out" "^same: [1-9]" "... and two captures of it show the same"

# Nor does it show that the vCPU turned back before the guest: a round of the
# loop without an entry, and then another, in one system call.
cd traces/$RELEASE || exit
mapfile -t captures < <(find vhe nvhe protected nested -name '*.kvt' 2>/dev/null | sed 's/\.kvt$//' | sort)
is "$(awk '/^@/ || /!kvm_entry\(/ { head = 0 }
	/^ *kvm_nested_flush_hwstate\(/ { if (head) print FILENAME ":" FNR; head = 1 }' \
	"${captures[@]/%/.kvt}" "$tmp"/spin?.kvt)" "" "no capture has a round that turned back"

# Nor what the tracepoints have of kvm_sched_out() where the function tracer
# has not: events of the timer that no function of the timer is around.
is "$(awk '{ depth = match($0, /[^ ]/); name[depth] = $1 }
	/!kvm_(get_timer_map|timer_save_state)\(/ && name[depth - 2] !~ /timer/ { print FILENAME ":" FNR }' \
	"${captures[@]/%/.kvt}")" "" "no capture has the tracepoints of a visit of the scheduler"
