#!/bin/sh
# shellcheck disable=SC2086
# Runs in the lab: records a monitor of several threads in all the ways that
# there are.  Prints a line "name value" each, and leaves the recordings in
# /out/NAME.tar; tests/kvt-monitor.t judges them.
raw=/tmp/raw ours='/sys/kernel/tracing/instances/kvt-*'
# record NAME OPTION...
record() {
	name=$1
	shift
	rm -rf $raw
	mkdir $raw
	./kvt record --raw $raw --functions functions.tsv "$@" 2>/tmp/err
	echo "status-$name $?"
	sed "s/^/says-$name /" /tmp/err
	tar -cf "/out/$name.tar" -C $raw .
}
# held: a monitor whose guests wait in KVM_RUN; its process is $held.
held() {
	rm -f /tmp/go
	./monitor 4 "$1" /tmp/go >/tmp/said &
	held=$!
	until grep -q ready /tmp/said; do sleep 0.1; done
}
# soon COMMAND...: when a recorder is at work.
soon() {
	until [ "$(cat $ours/current_tracer $ours/tracing_on 2>/dev/null | xargs)" = "function_graph 1" ]; do
		sleep 0.1
	done
	"$@"
}

# by command, and by process: at each, all of 4 vCPUs' rounds, a hundred times
# what the buffer holds
record command --buffer 512 -- ./monitor 4 500 >/tmp/command
grep ^status- /tmp/command
sed -n 's/ stores$//; s/^vcpu /stores-/p' /tmp/command | tr -d :

held 500
soon touch /tmp/go &
record pid --pid $held
wait $held
echo "status-followed $?"

# a recording that a signal ends; the process goes on, in the guest
held 10
(soon sleep 0.3; killall -INT kvt) &
record interrupt --pid $held
kill -0 $held
echo "goes-on $?"
touch /tmp/go
wait $held
echo "status-left $?"

# limits
held 10
record duration --duration 0.3 --pid $held
touch /tmp/go
wait $held
record duration-command --duration 1 -- ./busybox sh -c './monitor 2 10 /tmp/no-such & sleep 3; kill $!; exit 7'
record max-size --max-size 256K -- ./monitor 4 500 >/tmp/said
grep -E '^(status|says)-' /tmp/said
grep -c '500 stores' /tmp/said | sed 's/^/stores-max-size /'

# a buffer that is too small for a recorder that sleeps meanwhile
(soon killall -STOP kvt; sleep 1; killall -CONT kvt) &
record small --buffer 64 -- ./monitor 4 500

# everything in one go, on this machine, of a process
held 20
soon touch /tmp/go &
./kvt record --symbols symbols.tsv -o /tmp/here.kvt --pid $held
echo "status-here $?"
wait $held
./kvt show --unfold /tmp/here.kvt >/tmp/here.txt
grep -c 'vcpu, KVM_RUN, 0)' /tmp/here.txt | sed 's/^/runs-here /'
find /sys/kernel/tracing/instances -mindepth 1 -maxdepth 1 | wc -l | sed 's/^/instances-left /'

# what is refused
for o in "--pid 4000000" "--pid 0" "--pid $$ -- ./monitor" "--duration soon -- x" "--duration 0 -- x" \
	"--max-size 1T -- x" "--max-size 0 -- x" "--max-size -1K -- x" "--pid 2"; do
	./kvt record --raw $raw --functions functions.tsv $o 2>/tmp/err
	echo "refused $o: $? $(cat /tmp/err)"
done
