#!/bin/bash
# Grades a class: harmful submissions cost only their own time and points.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
make -s course-tools >/dev/null || bail "no grader"
tools/need bubblewrap:bwrap || bail "no sandbox"
if ! bwrap --unshare-all --ro-bind / / --proc /proc true 2>"$tmp/err"; then
	echo "1..0 # SKIP this machine lets nobody make a sandbox: $(head -n 1 "$tmp/err")"
	exit 0
fi
plan 50

home=exercises/04-vcpu
class=$tmp/class graded=$tmp/graded

# hand_in STUDENT [FILE]...: what the student hands in, with the solution's answers.
hand_in() {
	local student=$1
	shift
	mkdir -p "$class/$student/04-vcpu"
	(($# == 0)) || cp "$@" "$class/$student/04-vcpu"
}

# change STUDENT: hands in a change.c, from standard input.
change() {
	hand_in "$1"
	cat >"$class/$1/04-vcpu/change.c"
}

grade() { capture tools/course/grade-class --exercise 04 --timeout 15 --out "$graded" "$class"; }
points() { sed -n "s/^$1,\\([^,]*\\),.*/\\1/p" "$graded/grades.csv"; }
page() { cat "$graded/students/$1.html"; }

hand_in good $home/solution/*
hand_in lazy $home/*.c $home/answers.txt
mkdir -p "$class/absent"
# Names as they are, in whatever encoding.
hand_in 'Ann Müller' $home/solution/answers.txt
hand_in $'J\xfcrgen' $home/solution/answers.txt
echo 'made = 4' >"$tmp/answers.txt"
hand_in nobody "$tmp/answers.txt"
rm "$class/nobody/04-vcpu/answers.txt"
mkdir "$class/nobody/04-vcpu/answers.txt"
# Deaf to the signals that confine.c has set timers for, as a hostile one is.
deaf='#include <signal.h>
#define DEAF (signal(SIGPROF, SIG_IGN), signal(SIGALRM, SIG_IGN))
'
change endless <<<'int main(void) { for (;;); }'
change deaf <<<"${deaf}int main(void) { DEAF; for (;;); }"
change fork-bomb <<<$'#include <unistd.h>\nint main(void) { for (;;) fork(); }'
change flood <<<$'#include <unistd.h>\n#include <string.h>\nint main(void) { static char b[1 << 16]; memset(b, 65, sizeof(b));
for (long i = 0; i < 10L << 14; i++) if (write(1, b, sizeof(b)) < 0) return 3; return 0; }'
change disk-full <<<"$deaf"$'#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\nint main(void) { static char b[1 << 16]; int n = 0; DEAF;
const char *d[] = { "fill", "/tmp/fill", "/dev/shm/fill", "/out/fill" };
for (int i = 0; i < 4; i++) { int fd = open(d[i], O_CREAT | O_WRONLY, 0600); while (fd >= 0 && write(fd, b, sizeof(b)) > 0) n++; }
printf("%d written\\n", n); return 0; }'
change eats-memory <<<"$deaf"$'#include <stdlib.h>\n#include <string.h>\nint main(void) { DEAF; for (;;) memset(malloc(1 << 20), 1, 1 << 20); }'
change kills <<<$'#include <signal.h>\n#include <stdio.h>\n#include <fcntl.h>\n#include <unistd.h>
int main(void) { printf("kill %d, ", kill(-1, SIGKILL)); printf("parent %d, ", kill(getppid(), SIGKILL));
printf("out %d, ", open("/out/meta", O_RDWR | O_CREAT, 0600)); printf("port %d\\n", open("/dev/vport0p1", O_RDWR)); return 0; }'
change reads-solution <<<"#include \"$PWD/$home/solution/change.c\""
change reads-another <<<"__asm__(\".incbin \\\"$class/good/04-vcpu/change.c\\\"\"); int main(void) { return 0; }"
change reads-host <<<'#include "/etc/passwd"'
change large-object <<<'char large[1L << 33] = { 1 }; int main(void) { return large[5]; }'
change includes-itself <<<$'#include __FILE__\n#include __FILE__\nint main(void) { return 0; }'
hand_in link
ln -s "$PWD/$home/solution/change.c" "$class/link/04-vcpu/change.c"

# Sandboxes of this class: other tests may grade at the same time.
sandboxes() { pgrep -c -f "^bwrap .*bind $tmp/" || :; }
grade
is "$status" 0 "a class with hostile submissions is graded"
diag "$out"
like "$out" "[1-9] exercises were stopped without a capture; the same command tries them again" "... and says which verdicts may not last"
is "$(points good)" 15 "a good submission has its points"
is "$(points lazy)" 0 "... and one that nobody worked on has none"
is "$(points absent)" "" "... and one that is not there has none"
is "$(points 'Ann Müller'):$(points 'J\\xfcrgen')" 4:4 "names may have blanks, and any encoding"
like "$(page 'Ann Müller')" "4 of 15 points" "... and have their pages"
is "$(points nobody)" 0 "a directory where a file should be"
like "$(page nobody)" "answers.txt is not a file" "... is said"
is "$(ls "$graded/tmp")" "" "no temporary directories are left"
like "$(page absent)" "Nothing was handed in" "... which the page says"

# name what student regex
harmless() {
	is "$(points "$1")" "${4-0}" "$2"
	like "$(page "$1")" "$3" "... and the page says what happened"
}
harmless endless "an endless loop has no points" "time was over"
harmless deaf "one that stops its timers has none, either" "time was over"
harmless fork-bomb "a fork bomb, which has no children, has none" "no end"
harmless flood "ten gigabytes of output have none" "KiB and was stopped|no capture|time was over|came down|signal"
harmless disk-full "there is no disk to fill" "its system calls" 0
harmless kills "killing everyone does not reach the recorder" "its system calls" 0
harmless reads-solution "the solution is not there" "No such file"
harmless reads-another "another's submission is not there" "No such file|could not open|file not found"
harmless reads-host "the host's files are not there" "No such file"
harmless large-object "a huge object has no end" "File too large|file size|cannot|no end|No space|limit"
harmless includes-itself "a file that includes itself has none" "nested|no end"
harmless link "a link is not followed" "change.c is not a file"
is "$(sandboxes)" 0 "no machine is left"

# To eat a machine's memory takes a slow machine long, and so does a panic of its kernel.
mkdir "$tmp/one"
mv "$class/eats-memory" "$tmp/one"
capture tools/course/grade-class --exercise 04 --timeout 60 --out "$tmp/eaten" "$tmp/one"
graded=$tmp/eaten harmless eats-memory "all the memory has none" "SIGKILL"
LAB_APPEND=sysctl.vm.panic_on_oom=2 capture tools/course/grade-class --exercise 04 --timeout 60 --out "$tmp/panic" "$tmp/one"
graded=$tmp/panic harmless eats-memory "a panic of its kernel has no points" "machine came down|Kernel panic"

# What was graded is not graded again, after an interruption either.
verdict() { stat -c %i "$2/verdicts/$1/04-vcpu.json" 2>/dev/null; }
before=$(verdict good "$graded")
grade
is "$(verdict good "$graded")" "$before" "what has not changed is not graded again"

resumed=$tmp/resumed
resume=(tools/course/grade-class --exercise 04 --jobs 1 --student good --student lazy --out "$resumed" "$class")
env --default-signal=INT "${resume[@]}" >/dev/null 2>"$tmp/said" &
running=$! seen=0
for ((i = 0; i < 200; i++)); do
	[[ $(verdict good "$resumed") ]] && break
	(($(sandboxes) == 0)) || seen=1
	sleep 0.2
done
kill -INT $running
wait $running
is "$?" 130 "Ctrl-C after the first: exit status"
is "$seen $(sandboxes)" "1 0" "... it ran in a sandbox, and leaves none"
before=$(verdict good "$resumed")
is "$(verdict lazy "$resumed")" "" "... and the second has no verdict"
capture "${resume[@]}"
is "$(verdict good "$resumed")" "$before" "... then the first is not graded again"
like "$out" "lazy  04-vcpu: 0 of 15" "... and the second is"
{ "${resume[@]}" 2>"$tmp/said"; echo $? >"$tmp/status"; } | true
is "$(cat "$tmp/status" "$tmp/said")" $'1\nstopped, as its output is not read; the same command goes on from here' "a pipe that nobody reads ends it, too"
# One that is killed cannot tidy up; the next does.
mkdir -p "$resumed/tmp/scratch-old"
touch "$resumed/tmp/scratch-old/file"
capture "${resume[@]}" --again
is "$status:$(ls "$resumed/tmp")" "0:" "what a killed grader has left is removed"
# A machine without room gives nobody points, nor takes any.
if ((EUID == 0)) && mkdir "$tmp/small" && mount -t tmpfs -o size=8M small "$tmp/small" 2>/dev/null; then
	capture tools/course/grade-class --exercise 04 --student good --out "$tmp/small/graded" "$class"
	like "$status:$out" "^1:.*good  04-vcpu: could not be graded" "a machine without room gives no grade"
	umount "$tmp/small"
else
	skip 1 "only root can mount a small file system"
fi
capture tools/course/grade-class --kernel linux "$class"
like "$status:$err" "^2:.*--kernel.*(choose from|invalid choice)" "a kernel that the lab has not"
