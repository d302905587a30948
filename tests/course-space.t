#!/bin/bash
# Grading on a disk that gets full meanwhile: what was graded stays, what could
# not be has failed, is told with the reason, and is graded when there is room.
# shellcheck source-path=SCRIPTDIR source=tap.sh
# In a namespace, where everybody can mount a small disk.
if [[ ! ${IN_NAMESPACE-} ]]; then
	if ! unshare --map-root-user --mount mount -t tmpfs none /mnt 2>/dev/null; then
		echo "1..0 # SKIP this machine lets nobody mount a small disk"
		exit 0
	fi
	IN_NAMESPACE=1 exec unshare --map-root-user --mount "$0"
fi
source "$(dirname "$0")/tap.sh"
make -s course-tools >/dev/null || bail "no grader"
tools/need bubblewrap:bwrap || bail "no sandbox"
if ! bwrap --unshare-all --ro-bind / / --proc /proc true 2>"$tmp/err"; then
	echo "1..0 # SKIP this machine lets nobody make a sandbox: $(head -n 1 "$tmp/err")"
	exit 0
fi
plan 22

home=exercises/04-vcpu
disk=$tmp/disk
graded=$disk/graded
mkdir -p "$disk" build/course/given
mount -t tmpfs -o size=320M disk "$disk" || bail "no small disk"
trap 'umount build/course/given "$disk" "$tmp/one"; rm -rf "$tmp"' EXIT
mkdir "$tmp/one"
mount -t tmpfs -o size=1M one "$tmp/one"
# The capture that the questions are judged by is on it, too.
mkdir "$disk/given"
mount --bind "$disk/given" build/course/given

# Every second one has the solution.
for i in 1 2 3 4 5 6 7 8; do
	mkdir -p "$tmp/class/s$i/04-vcpu"
	{
		echo "/* s$i */"
		if ((i % 2)); then cat $home/solution/build.c; else cat $home/build.c; fi
	} >"$tmp/class/s$i/04-vcpu/build.c"
done
wanted=$'s1,5,5,15\ns2,0,0,15\ns3,5,5,15\ns4,0,0,15\ns5,5,5,15\ns6,0,0,15\ns7,5,5,15\ns8,0,0,15'

fill() { cat /dev/zero >"$disk/ballast" 2>/dev/null; }
make_room() { rm "$disk/ballast"; }
# while_filling CONDITION COMMAND...: captures the command, and fills the disk as soon as the
# condition, a function, is true.
while_filling() {
	(
		until "$1"; do sleep 0.02; done
		fill
	) &
	capture "${@:2}"
	kill $! 2>/dev/null
	wait
}
class=(tools/course/grade-class --exercise 04 --timeout 300 --limit 1500 --out "$graded" "$tmp/class")
# What was stored, but for locks.
stored() { (cd "$disk" && find . -type f ! -name lock ! -name ballast | sort); }

# Full before it begins.
fill
capture "${class[@]}"
is "$status:$(grep -c 'could not be graded: exercises/04-vcpu/predict.c, which comes with the exercise' <<<"$out")" 1:8 \
	"a disk that is full: every student is told, with the reason"
like "$out" "8 exercises could not be graded; the same command tries them again" "... and what to do"
like "$err" "No space left.*the table and the pages are not those of this run" "... and that there is no table"
is "$(stored)" "" "... and nothing is stored, no capture of the given program either"
status=0
"${class[@]}" >"$disk/log" 2>"$tmp/err" || status=$?
is "$status" 1 "what is printed to that disk does not stop the class, either"
like "$(cat "$tmp/err")" "grade-class: the standard output lacks lines: No space left" "... which is said"
rm "$disk/log"
make_room

# Full while the fourth is graded.
is_at_fourth() { grep -qs '/\* s4 ' "$graded"/tmp/scratch-*/files/build.c; }
while_filling is_at_fourth "${class[@]}" --jobs 1
is "$status" 1 "a disk that gets full in the middle: exit status"
is "$(grep -o 's[1-3]  04-vcpu: .*' <<<"$out")" $'s1  04-vcpu: 5 of 15\ns2  04-vcpu: 0 of 15\ns3  04-vcpu: 5 of 15' \
	"... whoever was graded has points"
like "$out" "s4  04-vcpu: could not be graded: [^ ].*space" "... who was being graded is told the reason"
is "$(grep -c 's[5-8]  04-vcpu: could not be graded: .*only 0 MiB are free.*try again' <<<"$out")" 4 \
	"... and so are the others, as the class goes on"
like "$out" "8 students, 5 exercises could not be graded" "... the sum"
# Of the pages, those for which there was room.
is "$(stored | grep -v '^./given/\|^./graded/students/s[1-8].html$')" $'./graded/verdicts/s1/04-vcpu.json\n./graded/verdicts/s2/04-vcpu.json\n./graded/verdicts/s3/04-vcpu.json' \
	"... and nothing half"
before=$(cd "$graded/verdicts" && stat -c %i%Y s[123]/*)
make_room
capture "${class[@]}"
is "$status:$(tail -n +2 "$graded/grades.csv")" "0:$wanted" "with room again, the same command gives all their grades"
is "$(cd "$graded/verdicts" && stat -c %i%Y s[123]/*)" "$before" "... and what was graded is as it was"

# The table is that of the run before, or of this one, but a whole one.
fill
rm -r "$graded/verdicts/s8"
capture "${class[@]}"
# Two are graded at once, so the order of the last lines is not certain.
like "$status:$(sort -k 2 <<<"$out")" "^1:.*s7  04-vcpu: 5 of 15.*s8  04-vcpu: could not be graded" "a verdict that was lost"
like "$(cat "$graded/grades.csv")" $'^student,.*\ns7,5,5,15\ns8,(0,0|failed,failed),15$' "... and no half of a table"
make_room

# Without a sandbox: full when the program has been compiled, and is to run.
grade=(tools/course/grade --trusted --timeout 300 --work "$disk/work" --submission "$tmp/class/s1/04-vcpu" --task build 04)
is_compiled() { [[ -x $disk/work/build ]]; }
while_filling is_compiled "${grade[@]}"
like "$status:$err" "^3:grade: .*(make room, then try again|No space left)" "one's own program: no verdict, with the reason"
is "$out" "" "... and no points"
is "$(cd "$disk/work" && find . -name '*.json')" "" "... nor is one stored"
make_room
capture "${grade[@]}"
like "$status:$out" "^0:.*5 of 5 points" "... until there is room"

# A whole exercise, with files that are nobody else's and a TMPDIR without room.
umask 077
TMPDIR=$tmp/one capture tools/course/check-exercise --solutions --timeout 300 01
is "$status:$(grep -v '^ok' <<<"$out")" "0:1..${out##*1..}" "umask 077 and a TMPDIR of 1 MB: all points"
is "$(ls -A "$tmp/one")" "" "... and nothing is in there"
