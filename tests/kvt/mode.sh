#!/bin/sh
# Runs in the lab: how KVM uses EL2, as the log has it and without the log.
# Prints a line "name value" each; tests/kvt-trouble.t judges them.
for name in log quiet; do
	mkdir /tmp/$name
	./kvt record --raw /tmp/$name --functions functions.tsv -- ./busybox true
	sed -n "s/^mode/$name-mode/p" /tmp/$name/meta
	dmesg -c >/dev/null
done
echo "events-left $(grep -c kvt /sys/kernel/tracing/dynamic_events)"
