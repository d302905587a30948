#!/bin/bash
# What kvt import makes of a recording: rounds to fold away, calls that never
# returned, threads and their descriptors, truncated recordings.
# tests/kvt/recording.c makes the recordings, event by event.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 82

kvt=build/kvt/asan/kvt
made=$tmp/made

# recorded: makes a recording of standard input.
recorded() {
	rm -rf "$made"
	build/tests/recording "$made"
}
# import: imports it; $lines is what its capture says.
import() {
	rm -f "$tmp/i.kvt" "$tmp/i.times"
	capture "$kvt" import --facts "$made/facts" -o "$tmp/i.kvt" --times "$tmp/i.times" "$made/raw"
	lines=$(sed '1,/^lost/d; /^begun-before/d; /^end/d' "$tmp/i.kvt" 2>/dev/null)
	folded=$(sed -n 's/^# folded: //p' "$tmp/i.times" 2>/dev/null)
}
# says: the lines, from standard input, are what the capture says.
says() {
	is "$lines" "$(cat)" "$1"
	[[ $status == 0 ]] || diag "$err"
}
# in_run: a KVM_RUN of vCPU 5 around standard input.
in_run() {
	echo '1 syscall 29 5 0xae80 0'
	echo '1 call run 1'
	cat
	echo '1 return run 0'
	echo '1 sysret 29 0'
}
# inner: the lines in that KVM_RUN.
inner() { lines=$(sed -n 's/^    //p' <<<"$lines"); }

# --- rounds of interrupts

# A tick while the guest runs: the program's run begins at 0x100, and what ends
# it is the exit at 0x120, in the second round.
tick='1 kvm_entry 0x100
1 call switch 1
1 return switch 0
1 kvm_exit 0 0x110
1 call head 1
1 return head 0
1 kvm_entry 0x110
1 call switch 2
1 return switch 2'
{ echo "$tick"; echo '1 kvm_exit 2 0x120'; } | in_run | recorded
import
inner
says "a tick is left out: the first entry stays, and the round that met the exit" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=2) = 2
!kvm_exit(ret=TRAP, vcpu_pc=0x120)
END
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and counted"
is "$(sed -n '3,5p' "$tmp/i.times" | cut -f 2,3 | xargs)" "1010 110 1020 0 1090 10" "... each record has its own time"

# The guest's end of an interrupt is an interrupt for the host, too, but not one
# to forget: KVM tells the program of it.
told='1 kvm_entry 0x100
1 call switch 1
1 return switch 0
1 call irqfd_resampler_ack 1
1 return irqfd_resampler_ack 0
1 kvm_exit 0 0x110
1 call head 1
1 return head 0'
again='1 kvm_entry 0x110
1 call switch 2
1 return switch 2
1 kvm_exit 2 0x120'
kept='!kvm_entry(vcpu_pc=0x100)
switch(n=1) = 0
irqfd_resampler_ack(n=1) = 0
!kvm_exit(ret=IRQ, vcpu_pc=0x110)
head(n=1) = 0
!kvm_entry(vcpu_pc=0x110)
switch(n=2) = 2
!kvm_exit(ret=TRAP, vcpu_pc=0x120)'
{ echo "$told"; echo "$again"; } | in_run | recorded
import
inner
says "a round in which KVM told an eventfd of the guest's EOI stays" <<<"$kept"
is "$folded" "0 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and is not counted"
{ sed 4q <<<"$tick"; echo "${told//0x100/0x110}"; echo "$again"; } | in_run | recorded
import
inner
says "a tick before it is left out" <<<"$kept"
{ echo "$told"; echo "${tick//0x100/0x110}"; echo '1 kvm_exit 2 0x120'; } | in_run | recorded
import
inner
says "... and one behind it" <<<"$kept"
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and counted"

# What acts once, on an exception that KVM noted, does so in the first round.
# round N PC EXIT DID: a round; DID: what it did with the exception, or nothing.
round() {
	printf '%s\n' "1 kvm_entry $2" "1 call switch $1" '1 call __kvm_adjust_pc 1'
	[[ ! $4 ]] || printf '%s\n' "1 call $4 1" "1 return $4 1"
	printf '%s\n' '1 return __kvm_adjust_pc 0' "1 call rest $1" "1 return rest $1" "1 return switch $3" \
		"1 kvm_exit $3 $2" '1 call head 1' '1 return head 0'
}
{ round 1 0x100 0 inject; round 2 0x110 2 ''; } | in_run | recorded
import
inner
acting='!kvm_entry(vcpu_pc=0x100)
switch(n=1) {
  __kvm_adjust_pc(n=1) {
    inject(n=1) = 1
  } = 0
  rest(n=2) = 2
} = 2'
says "an exception that the first round injected stays" <<END
$acting
!kvm_exit(ret=TRAP, vcpu_pc=0x110)
head(n=1) = 0
END
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and the rest of that round does not"
{ round 1 0x100 0 inject; round 3 0x108 0 ''; round 2 0x110 2 ''; } | in_run | recorded
import
inner
says "... also before two ticks" <<END
$acting
!kvm_exit(ret=TRAP, vcpu_pc=0x110)
head(n=1) = 0
END
{ round 1 0x100 0 ''; round 2 0x110 2 inject; } | in_run | recorded
import
inner
says "one that the last round injected stays" <<END
${acting/n=1/n=2}
!kvm_exit(ret=TRAP, vcpu_pc=0x110)
head(n=1) = 0
END
{ round 1 0x90 2 inject; round 1 0x100 0 ''; round 2 0x110 2 ''; } | in_run | recorded
import
inner
is "$(sed '1,/^head/d; /^} /q' <<<"$lines")" '!kvm_entry(vcpu_pc=0x100)
switch(n=2) {
  __kvm_adjust_pc(n=1) = 0
  rest(n=2) = 2
} = 2' "... and one from before belongs to its own round"

{ round 1 0x100 0 inject; round 2 0x110 2 other; } | in_run | recorded
import
inner
ended=${acting/n=1/n=2}
says "where two rounds injected, the last one stays" <<END
${ended/inject/other}
!kvm_exit(ret=TRAP, vcpu_pc=0x110)
head(n=1) = 0
END
{
	round 1 0x90 2 inject
	printf '%s\n' '1 kvm_entry 0x100' '1 call switch 1' '1 return switch 0' '1 kvm_exit 0 0x100'
	round 2 0x110 2 ''
} | in_run | recorded
import
inner
is "$(sed '1,/^head/d; /^} /q' <<<"$lines")" '!kvm_entry(vcpu_pc=0x100)
switch(n=2) {
  __kvm_adjust_pc(n=1) = 0
  rest(n=2) = 2
} = 2' "a round that has no such call keeps nothing of another's"
{
	round 1 0x100 0 ''
	printf '%s\n' '1 call __kvm_adjust_pc 2' '1 call inject 1' '1 return inject 1' '1 return __kvm_adjust_pc 0'
	round 2 0x110 2 ''
} | in_run | recorded
import
inner
is "$(sed '/^} /q' <<<"$lines")" '!kvm_entry(vcpu_pc=0x100)
switch(n=2) {
  __kvm_adjust_pc(n=1) = 0
  rest(n=2) = 2
} = 2' "... nor of what is between two rounds"

{
	echo "$tick"
	cat <<'END'
1 kvm_exit 0 0x118
1 call head 2
1 return head 0
1 kvm_entry 0x118
1 call switch 3
1 return switch 2
1 kvm_exit 2 0x120
1 call handle 1
1 return handle 1
1 kvm_entry 0x124
1 call switch 4
1 return switch 2
1 kvm_exit 2 0x130
END
} | in_run | recorded
import
inner
says "two ticks in a row are left out, and the exit behind them is not" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=3) = 2
!kvm_exit(ret=TRAP, vcpu_pc=0x120)
handle(n=1) = 1
!kvm_entry(vcpu_pc=0x124)
switch(n=4) = 2
!kvm_exit(ret=TRAP, vcpu_pc=0x130)
END
is "$folded" "2 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and both are counted"

in_run <<'END' | recorded
1 kvm_entry 0x100
1 call switch 1
1 return switch 0
1 kvm_exit 0 0x110
1 call signal 1
1 return signal 1
END
import
inner
says "an interrupt that ends KVM_RUN stays" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=1) = 0
!kvm_exit(ret=IRQ, vcpu_pc=0x110)
signal(n=1) = 1
END
is "$folded" "0 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and is not counted"

in_run <<<"$tick" | head -n -2 | recorded
import
inner
says "when the recording ends in the guest, its last interrupt says where it was" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=1) = 0
!kvm_exit(ret=IRQ, vcpu_pc=0x110)
head(n=1) = 0
!kvm_entry(vcpu_pc=0x110)
switch(n=2) = 2
END

in_run <<'END' | recorded
1 kvm_entry 0x100
1 call switch 1
1 return switch 0
1 kvm_exit 0 0x110
1 return run 0
1 call run 2
1 kvm_entry 0x110
1 kvm_exit 2 0x120
END
import
inner
says "a round is one call's: what another call did stays" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=1) = 0
!kvm_exit(ret=IRQ, vcpu_pc=0x110)
!kvm_entry(vcpu_pc=0x110)
!kvm_exit(ret=TRAP, vcpu_pc=0x120)
END

# --- rounds that turn back

turn='1 call kvm_nested_flush_hwstate 1
1 return kvm_nested_flush_hwstate 0
1 call kvm_nested_flush_hwstate 2
1 call sync 1
1 return sync 0
1 return kvm_nested_flush_hwstate 0
1 call check 1
1 return check 0'
{ echo "$turn"; echo '1 kvm_entry 0x100'; echo '1 kvm_exit 2 0x110'; echo "$turn"; } | in_run | recorded
import
inner
says "a round that turned back before the guest is left out" <<'END'
kvm_nested_flush_hwstate(n=2) {
  sync(n=1) = 0
} = 0
check(n=1) = 0
!kvm_entry(vcpu_pc=0x100)
!kvm_exit(ret=TRAP, vcpu_pc=0x110)
kvm_nested_flush_hwstate(n=2) {
  sync(n=1) = 0
} = 0
check(n=1) = 0
END
is "$folded" "2 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and counted; what comes behind an entry is no such round"

in_run <<END | recorded
1 kvm_entry 0x100
1 kvm_exit 0 0x110
$turn
1 kvm_entry 0x110
1 kvm_exit 2 0x120
END
import
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "one that turned back in an interrupt's round is part of that"
in_run <<END | recorded
1 kvm_entry 0x100
1 kvm_exit 0 0x110
$turn
END
import
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "... and where the interrupt ended KVM_RUN, it counts for itself"
recorded <<END
1 syscall 29 5 0xae80 0
1 kvm_entry 0x100
1 kvm_exit 0 0x110
$turn
1 sysret 29 0
END
import
is "$folded" "1 interrupt rounds, 0 scheduler visits, 0 copied pages" "... also with no function around it"

# --- the scheduler, and who copies pages

recorded <<'END'
1 syscall 29 5 0xae80 0
1 call run 1
1 call load 1
1 call kvm_sched_out 1
1 call kvm_sched_in 1
1 kvm_ack_irq 1
1 return kvm_sched_in 0
1 return kvm_sched_out 0
1 return load 0
1 call kvm_sched_in 1
1 call put 1
1 return run 0
1 sysret 29 0
END
import
says "visits of the scheduler are left out, whatever they did" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  run(n=1) {
    load(n=1) = 0
  } = 0
} = 0
END
is "$folded" "0 interrupt rounds, 2 scheduler visits, 0 copied pages" "... one that never returned, too, up to where its caller did"

recorded <<'END'
1 syscall 29 5 0xae80 0
1 call kvm_sched_out 1
1 sysret 29 -4
END
import
says "... or its system call" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) = -EINTR
END

# Perf's calls for a counter stay where a function of KVM's asked for them.
recorded <<'END'
1 call kvm_clr_pmu_events 1
1 call-bare inner
1 return inner 0
1 return kvm_clr_pmu_events 0
1 syscall 29 5 0xae80 0
1 call kvm_set_pmuserenr 1
1 return kvm_set_pmuserenr 0
1 call run 1
1 call kvm_set_pmu_events 1
1 call-bare inner
1 return inner 0
1 return kvm_set_pmu_events 0
1 call kvm_pmu_create_perf_event.part.0 1
1 call kvm_set_pmu_events 2
1 return kvm_set_pmu_events 0
1 return kvm_pmu_create_perf_event.part.0 0
1 call kvm_pmu_stop_counter 1
1 call kvm_clr_pmu_events 2
1 return kvm_clr_pmu_events 0
1 return kvm_pmu_stop_counter 0
1 call other 1
1 call kvm_vcpu_pmu_resync_el0 1
1 return kvm_vcpu_pmu_resync_el0 0
1 return other 0
1 return run 0
1 sysret 29 0
END
import
says "perf's calls are left out when the thread came or went, and not when KVM asked" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  run(n=1) {
    kvm_pmu_create_perf_event.part.0(n=1) {
      kvm_set_pmu_events(n=2) = 0
    } = 0
    kvm_pmu_stop_counter(n=1) {
      kvm_clr_pmu_events(n=2) = 0
    } = 0
    other(n=1) = 0
  } = 0
} = 0
END
is "$folded" "0 interrupt rounds, 4 scheduler visits, 0 copied pages" "... and counted as visits"

visit='1 call kvm_sched_in 1
1 return kvm_sched_in 0'
in_run <<END | recorded
1 kvm_entry 0x100
$visit
1 call switch 1
$visit
1 return switch 0
1 kvm_exit 0 0x110
$visit
1 kvm_entry 0x110
1 call switch 2
$visit
1 return switch 2
$visit
1 kvm_exit 2 0x120
$visit
1 call handle 1
END
import
inner
says "... before, in and behind rounds that are left out" <<'END'
!kvm_entry(vcpu_pc=0x100)
switch(n=2) = 2
!kvm_exit(ret=TRAP, vcpu_pc=0x120)
handle(n=1) never returned
END
is "$folded" "1 interrupt rounds, 6 scheduler visits, 0 copied pages" "... and all are counted"

in_run <<'END' | recorded
1 call save 1
1 kvm_timer_save_state 1
1 kvm_get_timer_map 2
1 kvm_ack_irq 3
1 call kvm_timer_vcpu_put 1
1 kvm_timer_save_state 4
1 return kvm_timer_vcpu_put 0
1 return save 0
END
import
inner
says "events of the timer stay where a function of the timer is around them" <<'END'
save(n=1) {
  !kvm_ack_irq(irqchip=3)
  kvm_timer_vcpu_put(n=1) {
    !kvm_timer_save_state(ctl=4)
  } = 0
} = 0
END
recorded <<'END'
1 syscall 29 5 0xae80 0
1 kvm_timer_save_state 1
1 sysret 29 0
END
import
says "... or no function at all" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  !kvm_timer_save_state(ctl=1)
} = 0
END

recorded <<'END'
1 call kvm_mmu_notifier_invalidate_range_start 1
1 call unmap 1
1 return unmap 0
1 return kvm_mmu_notifier_invalidate_range_start 0
1 call kvm_mmu_notifier_invalidate_range_end 1
1 return kvm_mmu_notifier_invalidate_range_end 0
1 call release 1
1 call kvm_mmu_notifier_invalidate_range_start 2
1 return kvm_mmu_notifier_invalidate_range_start 0
1 return release 0
1 syscall 215 0 0
1 call kvm_mmu_notifier_invalidate_range_start 3
1 return kvm_mmu_notifier_invalidate_range_start 0
1 sysret 215 0
END
import
says "a copied page is left out, but what a call of the program's did to pages is not" <<'END'
thread 0
release(n=1) {
  kvm_mmu_notifier_invalidate_range_start(n=2) = 0
} = 0
@munmap(NULL, 0) {
  kvm_mmu_notifier_invalidate_range_start(n=3) = 0
} = 0
END
is "$folded" "0 interrupt rounds, 0 scheduler visits, 1 copied pages" "... and counted once"

# --- calls that never returned, and returns without a call

recorded <<'END'
1 return lost 1
1 kvm_ack_irq 1
1 syscall 29 5 0xae80 0
1 call outer 1
1 call inner 2
time 1100
1 call leaf 3
time 1200
1 return leaf 3
time 1300
1 return outer 1
1 return other 0
1 call again 1
1 kvm_ack_irq 1
1 syscall 29 5 0xae80 0
1 call last 1
END
import
says "a call that never returned ends with what is around it" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  outer(n=1) {
    inner(n=2) {
      leaf(n=3) = 3
    } never returned
  } = 1
  again(n=1) {
    !kvm_ack_irq(irqchip=1)
  } never returned
} never returned
@ioctl(5, KVM_RUN, 0) {
  last(n=1) never returned
} never returned
END

is "$(cut -f 2,3 "$tmp/i.times" | sed -n '2,8p' | tr '\t\n' ': ')" "1020:310 1030:270 1040:160 1100:100 1320:10 1330:0 1340:10 " \
	"... with its last child, as far as time is known"

recorded <<'END'
1 call outside 1
1 kvm_ack_irq 1
1 sched_switch 2
1 syscall 29 5 0xae80 0
1 sysret 29 -4
1 call outside 2
1 return outside 0
1 sysret 63 1
1 call outside 3
1 sysret 63 1
1 call inside 1
1 return outside 0
2 call early 1
2 return early 0
2 sysret 220 0
1 call outside 4
END
import
says "calls outside of a system call end where one begins" <<'END'
thread 0
outside(n=1) {
  !kvm_ack_irq(irqchip=1)
} never returned
@ioctl(5, KVM_RUN, 0) = -EINTR
outside(n=2) = 0
outside(n=3) {
  inside(n=1) never returned
} = 0
outside(n=4) never returned
thread 1
early(n=1) = 0
END

# --- threads and descriptors

# opened: a process, 1, that has /dev/kvm as descriptor 3.
opened='1 syscall 56 -100 0 0
1 call misc_open 1
1 return misc_open 0
1 sysret 56 3'
# closes PID: it closes descriptor 3.
closes() { printf '%s\n' "$1 syscall 57 3" "$1 sysret 57 0"; }
{ echo "$opened"; printf '%s\n' '1 syscall 220 0x11' '1 sysret 220 2'; closes 2; closes 1; } | recorded
import
is "$(grep -c '^@close(3:system) = 0' <<<"$lines") $(grep -c clone <<<"$lines")" "2 0" \
	"a process that was forked has descriptors of its own, and clone itself says nothing of KVM"
{ echo "$opened"; printf '%s\n' '1 syscall 220 0x400' '1 sysret 220 2'; closes 2; closes 1; } | recorded
import
is "$(grep -c '^@close(3:system) = 0' <<<"$lines")" "1" "... a thread shares its parent's"
{ echo "$opened"; printf '%s\n' '1 syscall 435 0x11' '1 sysret 435 2'; closes 2; closes 1; } | recorded
import
is "$(grep -c '^@close(3:system) = 0' <<<"$lines")" "1" "... and so does what clone3 makes"
{ echo "$opened"; printf '%s\n' '1 syscall 220 0x11' '1 sysret 220 -11'; closes 1; closes 1; } | recorded
import
is "$(grep -c '^@close(3:system) = 0' <<<"$lines")" "1" "... after a clone that failed, a descriptor is closed once"

recorded <<'END'
7 syscall 220 0x11
7 call release 1
7 return release 0
9 sched_switch 1
8 syscall 29 5 0xae80 0
8 sysret 29 0
7 sysret 220 8
END
import
says "threads are numbered as they appear, and those that say nothing are left out" <<'END'
thread 0
@clone(...) {
  release(n=1) = 0
} = thread 2
thread 2
@ioctl(5, KVM_RUN, 0) = 0
END

recorded <<END
$opened
1 syscall 63 3 0 1
1 sysret 63 0
1 syscall 63 4 0 1
1 sysret 63 0
1 syscall 172
1 sysret 172 1
1 syscall 57 3
1 call kvm_sched_in 1
1 return kvm_sched_in 0
1 sysret 57 0
1 syscall 57 3
1 sysret 57 0
END
import
says "of system calls with nothing inside, those stay that are about a descriptor of KVM's" <<'END'
thread 0
@openat(AT_FDCWD, NULL, O_RDONLY) {
  misc_open(n=1) = 0
} = 3:system
@read(3:system, NULL, 1) = 0
@close(3:system) = 0
END

recorded <<END
$opened
1 syscall 29 3 0xae01 0
1 call create 1
1 return create 0
1 sysret 29 4
1 syscall 29 4 0xc00caee0 0
1 call outer 1
1 call anon_inode_getfd -11
1 return anon_inode_getfd -11
1 call anon_inode_getfd 1
1 return anon_inode_getfd 7
1 call anon_inode_getfd 2
1 return anon_inode_getfd 8
1 return outer 0
1 sysret 29 0
1 syscall 57 7
1 sysret 57 0
1 syscall 57 8
1 sysret 57 0
END
import
is "$(grep '^@close' <<<"$lines")" "@close(7:device) = 0" "a device's descriptor is the first that was made for it"

# --- a program that ran already

recorded <<'END'
meta status running
meta attached
1 return run 0
1 kvm_ack_irq 1
1 call rest 1
1 call kvm_sched_in 1
1 return kvm_sched_in 0
1 return rest 0
1 call open 1
1 call kvm_sched_in 1
1 return kvm_sched_in 0
1 sysret 29 0
1 syscall 29 5 0xae80 0
1 call run 2
1 return run 0
1 sysret 29 0
2 kvm_ack_irq 1
3 sysret 63 0
4 syscall 29 5 0xae80 0
4 sysret 29 0
5 sched_switch 1
6 sysret 29 0
7 call never 1
END
import
says "what had begun before a recording is left out" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  run(n=2) = 0
} = 0
thread 3
@ioctl(5, KVM_RUN, 0) = 0
END
is "$folded" "0 interrupt rounds, 1 scheduler visits, 0 copied pages" "... and what was in it is not counted"
is "$(sed -n 's/^begun-before //p' "$tmp/i.kvt")" "5" "... but it is: 1, 2, 5, 6 and 7, though not what need not have been KVM's"

# --- CPUs and pages

recorded <<'END'
cpu 2
time 1000
1 syscall 29 5 0xae80 0
1 call a 1
cpu 0
time 1020
1 call b 2
1 return b 2
cpu 3
time 1035
1 call c 3
cpu 1
time 1040
1 return c 3
cpu 2
time 1050
1 return a 1
cpu 1
time 1050
2 syscall 29 6 0xae80 0
2 sysret 29 0
cpu 0
time 1060
1 sysret 29 0
END
import
says "a thread's calls come in order of time, on whatever CPU they were" <<'END'
thread 0
@ioctl(5, KVM_RUN, 0) {
  a(n=1) {
    b(n=2) = 2
    c(n=3) = 3
  } = 1
} = 0
thread 1
@ioctl(6, KVM_RUN, 0) = 0
END
is "$(cut -f 4 "$tmp/i.times" | sed -n '2,6p' | tr '\n' ' ')" "2 2 0 3 1 " "... and the times say on which each began"

recorded <<'END'
time 1000
1 call a 1
time 1030
1 return a 1
cpu 1
time 1010
1 call b 2
time 1020
1 return b 2
END
import
says "... of two CPUs, too" <<'END'
thread 0
a(n=1) {
  b(n=2) = 2
} = 1
END
recorded <<'END'
cpu 2
time 1000
1 call f 1
cpu 1
time 1000
2 call f 2
time 1001
2 return f 0
END
import
is "$(xargs <<<"$lines")" "thread 0 f(n=2) = 0 thread 1 f(n=1) never returned" \
	"... at one time, that of the lower CPU is the first"

# many: 3000 calls of a function in one system call.
many() {
	echo '1 syscall 29 5 0xae80 0'
	awk 'BEGIN { for (i = 0; i < 3000; i++) print "1 call f " i "\n1 return f " i }'
	echo '1 sysret 29 0'
}
many | recorded
import
is "$(sed -n 's/^  f(n=\(.*\)) = .*/\1/p' <<<"$lines" | cksum)" "$(seq 0 2999 | cksum)" "pages are read one behind the other"
{ echo 'pages 65536'; echo 'meta page-size 65536'; many; } | recorded
import
is "$status $(grep -c '^  f(' <<<"$lines")" "0 3000" "pages can be larger"
{ echo 'meta page-size 5000'; many; } | recorded
import
is "$status $err" "3 kvt: the recording has pages of '5000' bytes, which no ring buffer has" "... but not of any size"

# --- the header

printf '%s\n' 'meta features args retval lines data sites' $'meta program a\eb' $'meta stopped \x01' | recorded
import
is "$(grep -E '^(program|features|stopped|begun)' "$tmp/i.kvt")" \
	$'program a?b\nfeatures args retval lines data\nstopped ?' "a program's name is made text; sites that nobody asked for are no feature"
recorded <<<'meta features retval'
import
is "$(grep '^features' "$tmp/i.kvt")" "features retval" "... and others are"
{ echo 'meta features args retval'; printf '1 %s\n' 'syscall 29 5 0xae80 0' 'call-bare f' 'return f 0' 'sysret 29 0'; } | recorded
import
like "$status $(grep '^features' "$tmp/i.kvt") $err" "^0 features retval kvt: the kernel recorded no arguments, although" \
	"a tracer that recorded no argument: the capture has no such feature, and import says so"
{ echo 'meta features args retval'; printf '1 %s\n' 'syscall 29 5 0xae80 0' 'call f 1' 'call-bare g' 'return g 0' 'return f 0' 'sysret 29 0'; } | recorded
import
is "$status $(grep '^features' "$tmp/i.kvt") $err" "0 features args retval " "... one argument shows that it did"

# --- what ioctls pass

# one_reg ADDRESS FIRST LAST: sets a register; was the first byte of what is
# passed readable, and the last of 64?
one_reg() {
	echo "1 passed-at $1 $2 $3 7 0"
	echo "1 syscall 29 5 0x4010aeac $1"
	echo '1 call run 1'
	echo '1 return run 0'
	echo '1 sysret 29 0'
}
{
	one_reg 0x4aff00 1 1
	one_reg 0x4aff00 1 0
	one_reg 0x4aff00 0 1
	one_reg 0x4afff0 1 0
	one_reg 0x4afff8 1 0
	one_reg 0x4afff8 1 1
	one_reg 0x4afff8 0 0
	echo '1 syscall 29 5 0x4010aeac 0x4aff00'
	echo '1 call run 1'
	echo '1 return run 0'
	echo '1 sysret 29 0'
} | recorded
import
lines=$(sed -n 's/^@ioctl(5[^,]*, KVM_SET_ONE_REG, //p' <<<"$lines")
says "a struct is shown as far as it was read for sure" <<'END'
user#0 {id=0x7, addr=NULL}) {
user#0 {id=0x7, addr=NULL}) {
user#0) {
user#1 {id=0x7, addr=NULL}) {
user#2 {id=0x7, ...}) {
user#2 {id=0x7, addr=NULL}) {
user#2) {
user#0) {
END

# --- recordings that are not whole

cut_at() {
	truncate -s "$1" "$made/raw/cpu0.raw"
	import
}
many | recorded
size=$(stat -c %s "$made/raw/cpu0.raw")
cut_at $((size - 4096))
like "$status $err" "^3 kvt: the recording was cut: .*/cpu0.raw has $((size - 4096)) of the $size bytes that were recorded$" \
	"a recording that was cut at the end of a page is refused"
cut_at 0
like "$status $err" "^3 kvt: the recording was cut: .*/cpu0.raw has 0 of the $size bytes" "... one that is empty, too"
cut_at 4196
sed -i "s/^bytes cpu0.raw .*/bytes cpu0.raw 4196/" "$made/raw/meta"
import
is "$status $err" "3 kvt: the recording ends inside a page" "... and one that ends inside a page"
rm "$made/raw/cpu0.raw"
import
like "$status $err" "^3 kvt: the recording was cut: .*/cpu0.raw: No such file" "... and one whose pages are not there"
sed -i 's/^bytes cpu0.raw .*/bytes cpu0.raw 1x/' "$made/raw/meta"
import
is "$status $err" "3 kvt: the recording's meta file does not say how long a file is: 'bytes cpu0.raw 1x'" "... or of unknown length"
many | recorded
sed -i '$d' "$made/raw/meta"
import
is "$status $err" "3 kvt: the recording was cut: the last line of $made/raw/meta is not 'end'; record again" \
	"a recorder that did not come to its end is noticed"

# ended STATUS LINE...: a program that ended with that status.
ended() {
	{ echo "meta status $1"; many; printf '%s\n' "${@:2}"; } | recorded
	import
	echo "$status ${err#*: }"
}
is "$(ended 0)" "3 the recording was cut: the program ended with status 0, but its system call exit_group is not there; record again" \
	"a program that ended has made a system call for it"
is "$(ended 0 '1 syscall 94 0') $(ended 7 '1 syscall 93 7')" "0  0 " "... exit_group, or exit"
like "$(ended 128)" "^3 the recording was cut" "... whatever its status"
is "$(ended 129) $(ended unknown) $(ended 0 'meta stopped duration')" "0  0  0 " \
	"... but not if a signal ended it, or the recording ended first"

{ echo missed; many; } | recorded
import
is "$status $err" "4 kvt: the kernel dropped 1 events, so there is no capture: record again with a larger --buffer" "a page that lacks events is a loss"
{ echo 'meta lost 3'; many; } | recorded
import
is "$status $err" "4 kvt: the kernel dropped 3 events, so there is no capture: record again with a larger --buffer" "... and so is what the recorder was told of"
ok "... and no file is begun" test ! -e "$tmp/i.kvt" -a ! -e "$tmp/i.times"

# --- long calls

# The calls of one KVM_RUN are more than may be in memory.
{
	echo '1 syscall 29 5 0xae80 0'
	awk 'BEGIN { for (i = 0; i < 600000; i++) print "1 call f " i "\n1 return f " i }'
	echo '1 sysret 29 0'
} | recorded
# shellcheck disable=SC2016
capture bash -c 'ulimit -v 60000; exec build/kvt/kvt import --facts "$0/facts" --times "$0/times" -o "$0/kvt" "$0/raw"' "$made"
is "$status $err" "0 " "a system call of 600,000 calls is imported in 60 MB"
is "$(sed -n 's/^  f(n=\(.*\)) = .*/\1/p' "$made/kvt" | cksum)" "$(seq 0 599999 | cksum)" "... with all that it called"
is "$(sed -n 2p "$made/times")" $'1\t1000\t12000010\t0' "... and the time of all of it"

# --- the machine

many | recorded
capture "$kvt" import --facts "$made/facts" --machine "-M gic-version=2 -cpu max" "$made/raw"
is "$(grep -A 1 '^cpu ' <<<"$out" | tail -n 1)" "machine -M gic-version=2 -cpu max" "--machine is in the header, after the processor"
for machine in "" $'a\nb'; do
	capture "$kvt" import --facts "$made/facts" --machine "$machine" "$made/raw"
	like "$status $err" "^2 kvt: --machine: a capture cannot hold this" "... if it is a line"
done
