#!/bin/bash
# The grader as a student meets it: forms of the verdict, exit codes, what it
# says about mistakes, hints, progress, watching.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
make -s course-tools >/dev/null || bail "no grader"
tools/need jq:jq entr:entr patch:patch || bail "no jq, no entr, no patch"
plan 63

home=exercises/04-vcpu
# Our own files, so without a sandbox, which not every machine has.
grade() { capture tools/course/grade --trusted --work "$tmp/work" "$@"; }
fresh() { rm -rf "$tmp/sub"; mkdir "$tmp/sub"; cp $home/solution/* "$tmp/sub"; }

fresh
grade --submission "$tmp/sub" 04
is "$status" 0 "all points: exit status 0"
like "$out" $'\n15 of 15 points$' "... and the sum"
grade --submission "$tmp/sub" --json 04-vcpu
is "$(jq -r '[.exercise, .points, .of, (.tasks | length), .tasks[1].steps[0].passed] | join(" ")' "$tmp/out")" \
	"04-vcpu 15 15 3 true" "JSON has it all"

patch -s -d "$tmp/sub" <$home/wrong/change-leak.patch
grade --submission "$tmp/sub" --task change 04
is "$status" 1 "fewer points: exit status 1"
like "$out" "✗ every descriptor is closed, .*0/1.*expected .*happened .*read .*chapters/04-vcpu.md:[0-9]+" \
	"a step that was not done: what was expected, what happened, what to read"
like "$out" "change.c:[0-9]+" "... with the line of the program"
like "$out" "look +build/kvt/kvt show --at $tmp/sub/change.c:[0-9]+ $tmp/work/change.kvt" "... and how to see that call"
like "$out" "look .*kvt show $tmp/work/change.kvt" "... and the capture"
build/kvt/kvt check "$tmp/work/change.kvt" >/dev/null
is $? 0 "... which is whole"
grade --submission "$tmp/sub" --task change --tap 04
is "$(head -n 1 "$tmp/out")" "1..4" "TAP has a plan"
is "$(grep -c '^ok ' "$tmp/out"):$(grep -c '^not ok 4 - change: every' "$tmp/out")" 3:1 "... and a line for each step"

# What has not changed is not run again.
before=$(stat -c %Y%i "$tmp/work/change.kvt")
grade --submission "$tmp/sub" --task change 04
is "$(stat -c %Y%i "$tmp/work/change.kvt")" "$before" "the same file is not run again"
grade --submission "$tmp/sub" --task change --again 04
isnt_same=$([[ $(stat -c %Y%i "$tmp/work/change.kvt") == "$before" ]] && echo same || echo new)
is "$isnt_same" new "... but with --again"
grade --submission "$tmp/sub" --task change --kernel stock 04
is "$status $(sed -n 's/^kernel .*sha256://p' "$tmp/work/change.kvt")" "1 $(cat "$(tools/trace/lab-facts stock)/config.sha256")" \
	"... and on the kernel that is asked for"
grade --submission "$tmp/sub" --kernel linux 04
like "$status:$err" "^2:.*--kernel.*(choose from|invalid choice)" "... which must be one of the lab's"

# Mistakes.
echo 'int main(void) { return kvm; }' >"$tmp/sub/change.c"
grade --submission "$tmp/sub" --task change 04
like "$out" "change.c:1:.*undeclared.*there is no program to run" "what the compiler says"
printf '#include "kvmbook.h"\nint main(void) { int unused; return *(volatile int *)0; }\n' >"$tmp/sub/change.c"
grade --submission "$tmp/sub" --task change 04
like "$out" "unused variable.*SIGSEGV ended it" "a warning and a crash"
rm "$tmp/sub/change.c"
grade --submission "$tmp/sub" --task change 04
like "$status:$out" "^1:.*change.c is not there" "a file that is not there"
printf 'made = 3\ndestroyed: x\nends = 1; KVM_CREATE_VM\n' >"$tmp/sub/answers.txt"
grade --submission "$tmp/sub" --task predict 04
like "$out" "answers.txt:2: not \"name = answer\"" "a line that is no answer"
like "$out" "no answer at \"destroyed =\"" "... and the one that is missing"
like "$out" "\"1; KVM_CREATE_VM\" is not a decimal number" "an answer cannot be a claim"
like "$out" "predict, answers.txt: 1 of 4" "... and what is right has its points"
unlike "$out" "kvm_arch_vcpu_destroy|not so" "a wrong answer does not tell the right one"

# A program that has no end is ended, and what it did is judged.
cat >"$tmp/sub/change.c" <<-'END'
	#include "kvmbook.h"
	int main(void)
	{
		open_kvm("/dev/kvm");
		printf("so far\n");
		fflush(stdout);
		fprintf(stderr, "no further\n");
		for (;;);
	}
END
grade --submission "$tmp/sub" --task change 04
like "$out" "It had no end, .*It printed.*so far.*On standard error it said.*no further" "no end: how it went, once"
like "$out" "its system calls: openat.*change.kvt" "... and what it did until then"
sed 's/for (;;);/for (;;) pause();/' -i "$tmp/sub/change.c"
grade --submission "$tmp/sub" --task change 04
like "$out" "It had no end, .*its system calls: openat" "... also of one that waits"

# What a slow machine may be to blame for is judged again.
sed 's/open_kvm/signal(SIGALRM, SIG_IGN); open_kvm/; 1i #include <signal.h>' -i "$tmp/sub/change.c"
grade --timeout 12 --submission "$tmp/sub" --task change 04
like "$out" "It had no end, .*there is no capture of it" "no end, nor a capture"
before=$(stat -c %Y%i "$tmp/work/change")
grade --timeout 12 --submission "$tmp/sub" --task change 04
ok "... which is tried again" test "$(stat -c %Y%i "$tmp/work/change")" != "$before"
# These are also what a recorder says that has failed.
printf 'int main(void) { return 4; }\n' >"$tmp/sub/change.c"
grade --submission "$tmp/sub" --task change 04
like "$out" "It ended with the status 4" "a program's own status"

# Whatever the umask and TMPDIR are, all points.
(umask 077; mkdir "$tmp/private"; cp $home/solution/build.c "$tmp/private")
old=$(umask)
umask 077
TMPDIR=$tmp/nowhere capture tools/course/grade --trusted --work "$tmp/work77" --submission "$tmp/private" --task build 04
umask "$old"
like "$status:$out" "^0:.*5 of 5 points" "umask 077 and a TMPDIR that is not there"
is "$(find "$tmp/work77/tmp" -mindepth 1)" "" "... and no temporary files are left"

# Where there is no room, there is no verdict.
if ((EUID == 0)) && mkdir "$tmp/small" && mount -t tmpfs -o size=1M small "$tmp/small" 2>/dev/null; then
	capture tools/course/grade --trusted --work "$tmp/small/work" --submission "$tmp/private" --task build 04
	like "$status:$err" "^3:grade: $tmp/small/work: only [01] MiB are free" "a work directory without room"
	mount -o remount,ro "$tmp/small"
	capture tools/course/grade --trusted --work "$tmp/small/other" --submission "$tmp/private" --task build 04
	like "$status:$err" "^3:grade: .*Read-only file system.*nothing was graded; say --work DIR" "... or that may not be written"
	umount "$tmp/small"
else
	skip 2 "only root can mount a small file system"
fi

# A submission of somebody else's.
if bwrap --unshare-all --ro-bind / / --proc /proc true 2>/dev/null; then
	mkdir "$tmp/theirs;touch x"
	printf '#include "%s"\n#pragma message "one\\nok 9 - two"\n' "$PWD/$home/solution/change.c" >"$tmp/theirs;touch x/change.c"
	capture make -s grade-04 TAP=1 TASK=change SUBMISSION="$tmp/theirs;touch x"
	like "$status:$out" "^0:.*solution/change.c: No such file" "another's submission does not see the solution"
	unlike "$out" $'\nok 9' "... nor is what it has the compiler say a result"
else
	skip 2 "this machine lets nobody make a sandbox"
fi
capture env PATH="$tmp/nothing" /usr/bin/python3 tools/course/grade --submission "$tmp/sub" --task change 04
like "$status:$err" "^3:.*please install bubblewrap.*written these files yourself.*--trusted" "without a sandbox, only one's own"
capture env -C "$tmp" mkdir bare
cp -r exercises tools chapters code "$tmp/bare"
capture env -C "$tmp/bare" tools/course/grade --task change 04
like "$status:$err" "^3:grade: build/kvt/kvt has not been built: type make course-tools" "tools that have not been built"

mkdir "$tmp/guestless"
cp exercises/15-psci/solution/build.c "$tmp/guestless"
echo '.error "not this one"' >"$tmp/guestless/build.S"
capture tools/course/grade --trusted --work "$tmp/work15" --submission "$tmp/guestless" --task build 15
is "$status" 0 "a guest that is given is not changed by handing in another"

grade 99
like "$status:$err" "^3:grade: there is no exercise 99; there are 01 02 " "no such exercise"
grade --task nonsense 04
like "$status:$err" "^3:.*has no task nonsense; it has predict, change, build" "no such task"
grade --submission "$tmp/nowhere" 04
like "$status:$err" "^3:grade: $tmp/nowhere is no directory" "no such submission"
capture tools/course/grade
is "$status" 2 "no exercise named"
capture make grade-99
like "$status:$err" "^2:there is no exercise 99; NN is one of: 01" "make says so, too"
for tool in grade hint progress grade-class check-exercise slurm-class dist; do
	capture tools/course/$tool --help
	like "$status:$out" "^0:.*(usage: tools/course/$tool)" "$tool --help"
done

# Hints, progress, in a tree of their own.
mkdir -p "$tmp/tree/build"
cp -r exercises tools chapters code "$tmp/tree"
(
	cd "$tmp/tree" || exit
	tools/course/hint --task build 04
	tools/course/hint --task build 04
) >"$tmp/hints"
is "$(grep -c 'hint 1 of' "$tmp/hints"):$(grep -c 'hint 2 of' "$tmp/hints")" 2:1 "a hint at a time, with those before"
capture env -C "$tmp/tree" bash -c 'for i in 1 2 3 4 5 6 7; do tools/course/hint --task build 04 || exit; done'
like "$status:$out" "^1:.*no more hints" "... until there are none"
mkdir -p "$tmp/tree/build/course/04-vcpu"
cp "$tmp"/work/*.json "$tmp/tree/build/course/04-vcpu"
capture env -C "$tmp/tree" tools/course/progress
like "$out" "04 .* 1/15 +A vCPU: predict 1/4, change 0/6, build -/5" "progress has the points"
like "$out" "next: exercises/01-open/answers.txt, then make grade-01" "... and what is next"
touch -d '+1 minute' "$tmp/tree/exercises/04-vcpu/change.c"
capture env -C "$tmp/tree" tools/course/progress
like "$out" "change 0/6\*.*changed since" "... and what has changed"

# What is stopped has no verdict, and does not go on.
echo 'int main(void) { for (;;) { } }' >"$tmp/sub/change.c"
rm -rf "$tmp/work"
tools/course/grade --trusted --work "$tmp/work" --submission "$tmp/sub" --task change 04 >"$tmp/out" 2>&1 &
grader=$!
until [[ -e $tmp/work/change ]]; do sleep 0.1; done
sleep 1
kill "$grader"
wait "$grader"
is "$? $(cat "$tmp/out") $(ls "$tmp/work/change.json" 2>/dev/null)" "130  " "a grader that is ended says nothing"
is "$(pgrep -fc "$tmp/work/change")" 0 "... and leaves nothing running"

# A program that is run with several lists of arguments.
mkdir -p "$tmp/tree/exercises/90-args" "$tmp/tree/build/course"
cp -r build/kvt build/lab "$tmp/tree/build"
ln -s "$PWD/traces" "$tmp/tree/traces"
cp build/course/confine "$tmp/tree/build/course"
cat >"$tmp/tree/exercises/90-args/exercise.toml" <<-'END'
	title = "Arguments"
	chapter = "04-vcpu"
	[[task]]
	name = "build"
	kind = "program"
	file = "build.c"
	args = ["a"]
	[[task.step]]
	name = "one"
	points = 1
	output = '\A1 a\n\Z'
	read = "04-vcpu: ## The program"
	[[task.step]]
	name = "two"
	points = 2
	args = ["b", "c"]
	output = '^2 b'
	exit = 0
	read = "04-vcpu: ## The program"
	[[task.step]]
	name = "none"
	points = 3
	args = []
	exit = 0
	read = "04-vcpu: ## The program"
END
cat >"$tmp/tree/exercises/90-args/build.c" <<-'END'
	#include <stdio.h>
	int main(int argc, char **argv)
	{
		printf("%d %s\n", argc - 1, argc > 1 ? argv[1] : "-");
		return argc < 2;
	}
END
capture env -C "$tmp/tree" tools/course/grade 90
like "$status:$out" "^1:.*3 of 6 points.*With no arguments:.*It ended with the status 1.*✓ one .*✓ two .*✗ none .*expected with no arguments, the exit status 0.*build.3.kvt" \
	"steps that are judged by runs with other arguments"

# Watching: a save grades again, until Ctrl-C; in a tree that may be changed.
tools/course/dist "$tmp/dist" >/dev/null
cd "$tmp/dist/kvm-course" || exit
mkdir build
cp -r "$OLDPWD/build/kvt" "$OLDPWD/build/lab" build
mkfifo "$tmp/keys"
exec 9<>"$tmp/keys"
# Others may watch on this machine, too.
watchers() { pgrep -fc 'entr -rcn tools/course/grade'; }
before=$(watchers)
: >"$tmp/watch"
timeout 300 script -qec "make -s watch-04 TASK=change" /dev/null <"$tmp/keys" >"$tmp/watch" 2>&1 &
watch=$!
# graded POINTS TIMES: waits until so many were given so often.
graded() {
	local i
	for ((i = 0; i < 400; i++)); do
		(($(grep -c "^.*change.c: $1 of 6 points" "$tmp/watch") >= $2)) && return
		sleep 0.3
	done
	return 1
}
ok "make watch-04 grades" graded 0 1
touch $home/change.c
ok "... and again when a file is saved" graded 0 2
# Once more, and when that has been compiled, so that it is too late for it:
touch "$tmp/now"
echo '/* and more */' >>$home/change.c
until [[ build/course/04-vcpu/change -nt $tmp/now ]]; do sleep 0.05; done
cp "$OLDPWD/$home/solution/change.c" $home
ok "... also when it is saved while it is being graded" graded 6 1
printf '\003' >&9
wait $watch
unlike "$?" "^124$" "... until Ctrl-C"
# It ends beside script(1), which does not wait for it.
gone() {
	local i
	for ((i = 0; i < 100; i++)); do
		[[ $(watchers) == "$before" ]] && return
		sleep 0.1
	done
	return 1
}
ok "... which leaves nothing running" gone
