#!/bin/sh
# shellcheck disable=SC2012,SC2086
# Runs in the lab: what kvt record leaves behind, and what it says.
# Prints a line "name value" each; tests/kvt-record.t judges them.
t=/sys/kernel/tracing
options="funcgraph-args funcgraph-retval funcgraph-irqs funcgraph-retaddr"
state() {
	for o in $options; do cat $t/options/$o 2>/dev/null || echo -; done | tr -d '\n'
}
events() { grep -c kvt $t/dynamic_events; }
same() { [ "$before" = "$(state)" ]; }
instances() { ls $t/instances | wc -l; }
raw() { rm -rf /tmp/raw; mkdir /tmp/raw; ./kvt record --raw /tmp/raw --functions functions.tsv "$@"; }

echo 1 >$t/options/funcgraph-irqs
echo 0 >$t/options/funcgraph-args
before=$(state)

raw -- 2>/dev/null; echo "no-program $?"
raw -- ./busybox true; echo "status-0 $?"
raw -- ./busybox sh -c 'exit 7'; echo "status-7 $?"
raw -- ./busybox sh -c 'kill -9 $$'; echo "status-killed $?"
raw -- ./no-such 2>/tmp/err; echo "status-missing $? $(cat /tmp/err)"
same; echo "options-restored $?"
echo "instances-left $(instances)"
echo "events-left $(events)"
echo "tracer $(cat $t/current_tracer) $(cat $t/tracing_on)"

# a recorder that is killed in the middle, with both of its instances
raw --sites -- /bin/sleep 100 &
sleep 1
echo "instances-while $(instances)"
killall -9 kvt
sleep 0.2
killall sleep 2>/dev/null
echo "instances-killed $(instances)"
echo "events-killed $(events)"
same; echo "options-killed $?"
raw -- ./busybox true 2>/tmp/err; echo "status-next $?"
echo "cleaned $(grep -c 'removed the instance' /tmp/err)"
echo "instances-next $(instances)"
echo "events-next $(events)"
same; echo "options-next $?"

# an interrupt from the terminal ends the program and keeps the recording
raw -- /bin/sleep 100 &
sleep 1
killall -INT kvt
wait $!; echo "status-interrupted $?"
grep -q '^status 130' /tmp/raw/meta; echo "interrupted-kept $?"
echo "instances-interrupted $(instances)"

# loss: a buffer too small for a recorder that sleeps meanwhile
raw --buffer 64 -- ./busybox sh -c 'killall -STOP kvt; ./many-vcpus; killall -CONT kvt' >/dev/null
echo "status-small $?"
cp /tmp/raw/* /out
grep '^lost ' /tmp/raw/meta

# everything in one go, on this machine, whose configuration lies in /boot
mkdir -p /boot
echo CONFIG_OF_THIS_KERNEL=y >"/boot/config-$(uname -r)"
./kvt record --symbols symbols.tsv -o /tmp/here.kvt -- ./01-open >/dev/null
echo "status-here $?"
sed -n 's/^kernel .* config sha256:/config-here /p' /tmp/here.kvt
./kvt show /tmp/here.kvt >/tmp/here.txt; echo "show-here $?"
grep -c 'KVM_GET_API_VERSION, 0) = 12' /tmp/here.txt | sed 's/^/calls-here /'
ls -d /tmp/kvt-* 2>/dev/null | wc -l | sed 's/^/temporary-left /'

# an index of another release, which lacks some of this kernel's functions
./kvt facts --symbols symbols.tsv /tmp/same 2>/tmp/err
echo "facts-same $? $(cat /tmp/err)"
./kvt facts --symbols other.tsv /tmp/other 2>/tmp/err
echo "facts-other $? $(cat /tmp/err)"
for d in same other; do cut -f 3 /tmp/$d/functions.tsv | sort >/tmp/$d.names; done
echo "facts-missing $(comm -23 /tmp/same.names /tmp/other.names | wc -l)"
echo "facts-more $(comm -13 /tmp/same.names /tmp/other.names | wc -l)"

# not root
chmod 755 . kvt busybox
mkdir -p /etc
echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
start-stop-daemon -S -c nobody -x "$PWD/kvt" -- record --raw /tmp/raw2 \
	--functions functions.tsv -- ./busybox true 2>/tmp/err
echo "status-user $? $(head -n 1 /tmp/err)"
