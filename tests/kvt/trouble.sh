#!/bin/sh
# shellcheck disable=SC2012,SC2086
# Runs in the lab: what could make a recording incomplete without a word.
# Prints a line "name value" each, and leaves recordings in /out/NAME.tar;
# tests/kvt-trouble.t judges them.
t=/sys/kernel/tracing
instances() { ls $t/instances | wc -l; }
options() { cat $t/options/funcgraph-args $t/options/funcgraph-irqs | tr -d '\n'; }
# record NAME OPTION... by the program $kvt
kvt=./kvt
record() {
	name=$1
	shift
	rm -rf /tmp/$name
	mkdir /tmp/$name
	$kvt record --raw /tmp/$name --functions functions.tsv "$@" 2>/tmp/$name.err
	echo "status-$name $?"
	sed "s/^/says-$name /" /tmp/$name.err
}
keep() { tar -cf /out/$1.tar -C /tmp/$1 .; }
# soon N COMMAND...: when N recorders are at work.
soon() {
	n=$1
	shift
	until [ "$(grep -l function_graph $t/instances/kvt-*/current_tracer 2>/dev/null | wc -l)" = "$n" ] &&
		[ "$(cat $t/instances/kvt-*/tracing_on | sort -u)" = 1 ]; do
		sleep 0.1
	done
	"$@"
}

# Two recorders at once, the first of them from a file with another name.
# The second begins and ends while the first is at work.
echo 0 >$t/options/funcgraph-args
echo 1 >$t/options/funcgraph-irqs
before=$(options)
cp kvt recorder
(kvt=./recorder; record first -- ./busybox sh -c 'until [ -e /tmp/go ]; do sleep 0.1; done; ./daemon 50') >/tmp/first.said &
first=$!
soon 1 record second -- ./01-open
echo "while-one-runs $(instances) $(options)"
touch /tmp/go
wait $first
cat /tmp/first.said
echo "after-both $(instances) $([ "$before" = "$(options)" ]; echo $?)"
keep first
# The other way round: the first ends while the second is at work.
rm /tmp/go
(record early -- ./busybox sh -c 'until [ -e /tmp/early-go ]; do sleep 0.1; done') >/tmp/early.said &
early=$!
soon 1 true
(record late -- ./busybox sh -c 'until [ -e /tmp/go ]; do sleep 0.1; done; ./01-open') >/tmp/late.said &
late=$!
soon 2 touch /tmp/early-go
wait $early
echo "early-ended $(options)"
touch /tmp/go
wait $late
cat /tmp/early.said /tmp/late.said
echo "after-late $(instances) $([ "$before" = "$(options)" ]; echo $?)"
keep late

# in a container
unshare -p -m -f ./busybox sh -c 'mount -t proc proc /proc; rm -rf /tmp/c; mkdir /tmp/c
	./kvt record --raw /tmp/c --functions functions.tsv -- ./01-open; echo "status-container $?"' \
	>/tmp/c.out 2>/tmp/c.err
grep ^status- /tmp/c.out
sed 's/^/says-container /' /tmp/c.err

# the function tracer is off, from the start or from some time on
echo 0 >/proc/sys/kernel/ftrace_enabled
record off -- ./01-open
echo 1 >/proc/sys/kernel/ftrace_enabled
record turned-off -- ./busybox sh -c 'echo 0 >/proc/sys/kernel/ftrace_enabled; ./01-open' | grep -v '^[^s]'
echo 1 >/proc/sys/kernel/ftrace_enabled
record changed -- ./busybox sh -c "echo 0 >$t/options/funcgraph-args; ./01-open" | grep -v '^[^s]'
echo 0 >$t/options/funcgraph-args
echo "after-trouble $(instances)"

# a disk that is full, at once or after some pages
for size in 4k 64k; do
	rm -rf /tmp/full
	mkdir /tmp/full
	mount -t tmpfs -o size=$size none /tmp/full
	./kvt record --raw /tmp/full --functions functions.tsv -- ./daemon 2000 2>/tmp/full.err
	echo "status-full-$size $?"
	sed "s/^/says-full-$size /" /tmp/full.err
	umount /tmp/full
done
echo "after-full $(instances)"

# a program that puts itself into the background
record daemon -- ./daemon 200
keep daemon
# one that never ends: a limit, and Ctrl-C
record limit --duration 0.5 -- ./busybox sh -c 'sleep 1000 & exit 5'
grep -E '^(status|stopped)' /tmp/limit/meta | sed 's/^/limit-/'
killall sleep
(soon 1 sleep 0.5; killall -INT kvt) &
record ctrl-c -- ./busybox sh -c 'sleep 1000 & exit 6'
grep -E '^(status|stopped)' /tmp/ctrl-c/meta | sed 's/^/ctrl-c-/'
killall sleep

# the time is over: the program ends, with what it started
record timeout --timeout 0.5 -- ./busybox sh -c './busybox sleep 1001 & sleep 1000'
grep -E '^(status|stopped)' /tmp/timeout/meta | sed 's/^/timeout-/'
# shellcheck disable=SC2009  # busybox has no pgrep -c
echo "timeout-left $(ps | grep -c 'sleep 100[01]$')"
(soon 1 sleep 0.5; killall -ALRM kvt) &
record alarm -- ./busybox sleep 1000
grep -E '^(status|stopped)' /tmp/alarm/meta | sed 's/^/alarm-/'

# what the program finds: SIGPIPE as the recorder did, and its scheduling
record pipe -- ./busybox grep SigIgn /proc/self/status
# scheduling POLICY PRIORITY NICE RESET: that of the recorder while it records,
# of the program, and of the recorder when it waits for the program
scheduling() {
	rm -rf /tmp/raw
	mkdir /tmp/raw
	# shellcheck disable=SC2016  # expanded by the shell in it
	./scheduled "$@" ./kvt record --raw /tmp/raw --functions functions.tsv --duration 0.6 -- ./busybox sh -c '
		sleep 0.3; ./scheduled $PPID; ./scheduled $$; sleep 1.2; ./scheduled $PPID' 2>/dev/null |
		tr '\n' ',' | sed "s/^/scheduling-$(echo "$*" | tr ' ' -) /"
	echo
}
scheduling 0 0 0 0
scheduling 0 0 5 0
scheduling 3 0 2 0
scheduling 0 0 5 1
scheduling 1 7 0 0
scheduling 2 3 0 1

# what tells how KVM uses EL2, once the log has gone
grep ^mode /tmp/daemon/meta | sed 's/^/log-/'
dmesg -c >/dev/null
record quiet -- ./01-open >/dev/null
grep ^mode /tmp/quiet/meta | sed 's/^/quiet-/'
echo "events-left $(grep -c kvt $t/dynamic_events)"

# what a recording says of itself
(cd /tmp/daemon || exit; for f in *.raw; do echo "size $f $(stat -c %s $f)"; done)
sed -n 's/^bytes/meta/p' /tmp/daemon/meta
tail -n 1 /tmp/daemon/meta | sed 's/^/last /'
