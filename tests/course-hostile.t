#!/bin/bash
# Submissions that want points for what the kernel did not do; each had all of
# them before that was denied.  And one that tries every way to be more than a
# user who may open /dev/kvm.  tools/course/README.md says what is denied.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
make -s course-tools >/dev/null || bail "no grader"
plan 19

# Debian's kernel: it looks for modules, which the book's does not.
kernel=stock

# A tree of its own, for exercises that are there to be fooled.
tree=$tmp/tree
mkdir -p "$tree/build/course"
cp -r exercises tools chapters code "$tree"
cp -r build/kvt build/lab "$tree/build"
cp build/course/confine "$tree/build/course"
ln -s "$PWD/traces" "$tree/traces"

# exercise NAME [LINE]...: with one step, that the lines say how to judge.
exercise() {
	mkdir "$tree/exercises/$1"
	{
		printf '%s\n' "title = \"$1\"" 'chapter = "04-vcpu"' '[[task]]' 'name = "change"' 'kind = "program"' 'file = "change.c"'
		[[ $1 != *-threads ]] || echo 'libs = ["-pthread"]'
		printf '%s\n' '[[task.step]]' 'name = "it"' 'points = 1' 'read = "04-vcpu: ## The program"' "${@:2}"
	} >"$tree/exercises/$1/exercise.toml"
}
# Their numbers are beyond those of the book.
exercise 90-given 'claim = "KVM_SET_USER_MEMORY_REGION(\"*slot=3*\") = 0 once"'
exercise 91-threads 'claim = "KVM_SET_MP_STATE(\"*KVM_MP_STATE_STOPPED*\") = 0"'
exercise 94-never 'claim = "KVM_CREATE_VM at least 2 times and KVM_CREATE_VCPU never"'
exercise 95-once 'claim = "KVM_SET_USER_MEMORY_REGION(\"*{slot=0, *\") = 0 once"'
exercise 92-escape "output = '\\Ano way out\\n\\Z'" 'exit = 0'
exercise 93-threads "output = '\\Ano way out\\n\\Z'" 'exit = 0'

# submit NAME EXERCISE [MACRO]: grades tests/hostile/NAME.c.  These are ours, so without a
# sandbox, which not every machine has.
submit() {
	rm -rf "$tmp/sub"
	mkdir "$tmp/sub"
	{
		[[ ! ${3-} ]] || echo "#define $3"
		cat "tests/hostile/$1.c"
	} >"$tmp/sub/change.c"
	capture env -C "$tree" tools/course/grade --trusted --kernel $kernel --timeout 300 --task change \
		--submission "$tmp/sub" --work "$tmp/work-$1-$2" "$2"
}
points() { sed -n 's/^\([0-9]* of [0-9]*\) points$/\1/p' <<<"$out"; }

# A recording of the solution, for one who can put it in place of its own.
facts=$(tools/trace/lab-facts $kernel)
read -ra cc < <(tools/lab/lab cc)
"${cc[@]}" -std=gnu11 -O2 -g -Icode -o "$tmp/change" exercises/04-vcpu/solution/change.c || bail "no program"
tools/lab/lab run --kernel $kernel --timeout 300 --icount --put build/course/confine --put "$tmp/change" \
	--put "$facts/functions.tsv" --out "$tmp/recording" -- build/kvt/arm64/kvt record --raw /out \
	--functions functions.tsv -- ./confine ./change 2>/dev/null || bail "no recording"
ok "there is a recording of the solution" test -s "$tmp/recording/cpu0.raw"

submit modprobe 04 "RECORDING \"$tmp/recording\""
is "$(points)" "0 of 6" "who never opens /dev/kvm has no point"
like "$out" "/sbin/modprobe: No such file" "... as the kernel finds no program that it runs as root"
like "$out" "its system calls: nothing" "... and the capture is its own"

submit copies 04 IN_CHILD
is "$(points)" "5 of 6" "a child cannot close for its parent"
like "$out" "✗ every descriptor is closed" "... so nothing is closed"
submit copies 04
is "$(points)" "5 of 6" "closing a copy closes nothing"
like "$out" "✗ every descriptor is closed" "... as there are no copies"

submit stopped 94 "TIMES 1500"
is "$(points)" "0 of 1" "what a stopped recording does not show may have happened"
like "$out" "no proof: KVM_CREATE_VCPU never.*the recording was stopped" "... which the verdict says"
like "$(grep '^stopped' "$tmp/work-stopped-94/change.kvt")" "max-size" "... and the capture"

submit unfetched 95
is "$(points)" "0 of 1" "a request that the recorder could not fetch may be what is forbidden"
like "$out" "no proof: KVM_SET_USER_MEMORY_REGION.*could not fetch" "... which the verdict says"

submit ptrace 90
is "$(points)" "0 of 1" "nobody changes what an ioctl is given when the recorder has seen it"
submit threads 91
like "$out" "no proof: KVM_SET_MP_STATE.*another thread can change" "a thread can, so that is no proof"
is "$(points)" "0 of 1" "... and has no points"
# What keeps it in if the list did not: with all system calls.
"${cc[@]}" -std=gnu11 -O2 -o "$tmp/escape" tests/hostile/escape.c || bail "tests/hostile/escape.c does not compile"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
kernel=stock
in_lab --timeout 300 --put build/course/confine --put "$tmp/escape" -- run-and-show \
	/proc/sys/kernel/usermodehelper/bset ./confine --allow everything ./escape files
is "$status:$out" $'0:no way out\n0\t0' "the tree alone has no way out; what the kernel starts has no capabilities"
submit escape 92
is "$(points)" "1 of 1" "no file and no system call but those of the list"
diag "$out"
submit escape 93
is "$(points)" "1 of 1" "... with threads either"
diag "$out"
