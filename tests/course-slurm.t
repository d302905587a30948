#!/bin/bash
# Slurm grades a class: one node, with Debian's packages.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
((EUID == 0)) || { echo "1..0 # SKIP only root can set up a Slurm of one node here"; exit 0; }
make -s course-tools >/dev/null || bail "no grader"
tools/need bubblewrap:bwrap slurmctld:slurmctld slurmd:slurmd slurm-client:sbatch munge:munged patch:patch >/dev/null ||
	bail "no Slurm"
if ! bwrap --unshare-all --ro-bind / / --proc /proc true 2>"$tmp/err"; then
	echo "1..0 # SKIP this machine lets nobody make a sandbox: $(head -n 1 "$tmp/err")"
	exit 0
fi
plan 8

host=$(hostname -s)
export SLURM_CONF=$tmp/slurm.conf
head -c 1024 /dev/urandom >"$tmp/munge.key"
chmod 600 "$tmp/munge.key"
mkdir "$tmp/state" "$tmp/spool"
cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$tmp/munge.sock
CredType=cred/munge
StateSaveLocation=$tmp/state
SlurmdSpoolDir=$tmp/spool
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmdPidFile=$tmp/slurmd.pid
SlurmctldLogFile=$tmp/slurmctld.log
SlurmdLogFile=$tmp/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=4096 State=UNKNOWN
PartitionName=teaching Nodes=$host Default=YES MaxTime=INFINITE State=UP
END

# What is stopped at the end, however it ends.
stop_slurm() {
	local daemon
	for daemon in slurmd slurmctld munged; do
		[[ ! -s $tmp/$daemon.pid ]] || kill "$(cat "$tmp/$daemon.pid")" 2>/dev/null
	done
	sleep 1
	rm -rf "$tmp"
}
trap stop_slurm EXIT
munged --force --socket="$tmp/munge.sock" --key-file="$tmp/munge.key" --pid-file="$tmp/munged.pid" \
	--log-file="$tmp/munged.log" --seed-file="$tmp/munge.seed" || bail "munged"
slurmctld || bail "slurmctld: $(tail -n 3 "$tmp/slurmctld.log")"
slurmd || bail "slurmd: $(tail -n 3 "$tmp/slurmd.log")"
for ((i = 0; i < 60; i++)); do
	[[ $(sinfo -h -o %t) == idle ]] && break
	sleep 0.5
done
is "$(sinfo -h -o %t)" idle "a Slurm of one node waits for work"

home=exercises/04-vcpu
class=$tmp/class graded=$tmp/graded
for student in ann ben eve; do
	mkdir -p "$class/$student/04-vcpu"
done
cp $home/solution/* "$class/ann/04-vcpu"
cp $home/solution/change.c "$class/ben/04-vcpu"
patch -s -d "$class/ben/04-vcpu" <$home/wrong/change-leak.patch
cp $home/change.c "$class/eve/04-vcpu"

capture tools/course/slurm-class --parts 2 --wait "$class" --exercise 04 --out "$graded"
is "$status" 0 "a class is graded in two parts"
[[ $status == 0 ]] || diag "$err"
is "$(cut -d, -f1,2 "$graded/grades.csv" | tr '\n' ' ')" "student,04-vcpu ann,15 ben,5 eve,0 " "... with the right points"
like "$(cat "$graded/students/ben.html")" "every descriptor is closed" "... and pages"
is "$(squeue -h)" "" "... and nothing is left in the queue"
logs=$(cat build/class/slurm-*.log)
like "$logs" "1/1  ben  04-vcpu: 5 of 15" "a part had every other student"

capture tools/course/slurm-class "$tmp/nowhere"
is "$status:$err" "2:slurm-class: $tmp/nowhere is no directory" "submissions that are not there"
PATH=/usr/sbin:/bin capture tools/course/slurm-class --parts 0 "$class"
is "$status" 2 "no parts"
