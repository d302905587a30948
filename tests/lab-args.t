#!/bin/bash
# The lab refuses bad arguments at once, and says what is wrong and what to do.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 104

# refuses STATUS REGEX ARG...
refuses() {
	local wanted=$1 regex=$2
	shift 2
	capture $lab "$@" </dev/null
	is "$status" "$wanted" "lab $*: exit status"
	like "$err" "$regex" "lab $*: the reason"
}

capture $lab --help
is "$status" 0 "--help"
like "$out" "usage: tools/lab/lab SUBCOMMAND" "--help prints the usage"
for tool in tools/lab/fetch tools/lab/build-kernel build/lab/labrun tools/need; do
	capture $tool --help
	is "$status:${out%%:*}" "0:usage" "$tool --help"
done

refuses 2 "usage:"
refuses 2 "boil: no such subcommand" boil
refuses 2 "which program\?" run
refuses 2 "unknown option" run --boil $guest
refuses 2 "--mode needs a value" run --mode
refuses 2 "--mode el3: must be vhe, nvhe, protected or nested" run --mode el3 $guest
refuses 2 "--kernel 5.4: must be auto, stock or book" run --kernel 5.4 $guest
refuses 2 "--kernel books: must be auto, stock or book" run --kernel books $guest
refuses 2 "--mode hvhe: must be vhe, nvhe, protected or nested" run --mode hvhe $guest
LAB_CPU=neoverse-n1 refuses 125 "needs a processor with FEAT_NV2, .*only max has it: not LAB_CPU=neoverse-n1" run --mode nested $guest
refuses 125 "--mode nested needs Linux 6.16 or newer: not 6.12.117" run --mode nested --release 6.12 $guest
refuses 2 "--timeout soon: must be a number of seconds" run --kernel "$kernel" --timeout soon $guest
refuses 2 "--env X: must be NAME=VALUE" run --kernel "$kernel" --env X $guest
for name in a/../b ../b a//b /b a/ a/. ..; do
	refuses 2 "\"$name\" is no name for a file" run --kernel "$kernel" --put "README.md:$name" $guest
done
refuses 2 "would both be /work/a" run --kernel "$kernel" --put README.md:a/b --put $lab:a $guest
refuses 2 "would both be /work/guest" run --kernel "$kernel" --put README.md:guest/b $guest
refuses 2 "--tty makes no sense" run --kernel "$kernel" --tty --icount $guest
refuses 2 "would both be /work/lab" run --kernel "$kernel" --put $lab --put README.md:lab $guest
refuses 2 "would both be /work/guest" run --kernel "$kernel" --put $lab:guest $guest
refuses 125 "/no/file: No such file" run --kernel "$kernel" --put /no/file $guest
refuses 125 "/no/program: no such file" run /no/program
refuses 125 "tools/lab/lab: not an arm64 program: compile it with" run --kernel "$kernel" $lab
refuses 2 "shell: needs a terminal" shell
refuses 2 "one argument too many" shell $guest
refuses 2 "are for run" shell --icount
# wants LINE: a file of needs with that line.
wants() { echo "$1" >"$tmp/x.needs"; }
for line in 'machine' 'machine gic-version' 'machine gic-version=2,' 'machine gic-version=2 mte=on' 'machine -M virt'; do
	wants "$line"
	refuses 2 "x.needs: $line *: must be options of QEMU's -M virt, such as" run --needs "$tmp/x.needs" $guest
done
for line in 'cpu' 'cpu max,pauth' 'cpu max pauth=off' $'cpu max\ncpu max'; do
	wants "$line"
	refuses 2 "x.needs: cpu .*: must be one of QEMU's -cpu, such as" run --needs "$tmp/x.needs" $guest
done
for line in 'mode' 'mode nesting' 'mode nested vhe'; do
	wants "$line"
	refuses 2 "x.needs: mode .*: must be vhe, nvhe, protected or nested" run --needs "$tmp/x.needs" $guest
done
printf 'mode nested\ncpu cortex-a72\n' >"$tmp/x.needs"
refuses 125 "not LAB_CPU=cortex-a72" run --needs "$tmp/x.needs" $guest
wants 'machines gic-version=2'
refuses 2 "x.needs: machines: no such kind of line" run --needs "$tmp/x.needs" $guest
refuses 2 "stock or book\?" kernel
refuses 2 "stock or book\?" kernel 6.1

cp "$guest" "$tmp/data"
chmod -x "$tmp/data"
refuses 125 "data: not executable" run --kernel "$kernel" "$tmp/data"
# The guest program with its first unneeded segment made one that names an interpreter.
perl -0777 -pe 'my $at = unpack("Q", substr($_, 32, 8)); my $n = unpack("v", substr($_, 56, 2));
	substr($_, $at + 56 * ($n - 1), 4) = pack("V", 3)' "$guest" >"$tmp/dynamic"
chmod +x "$tmp/dynamic"
refuses 125 "dynamic: not static" run --kernel "$kernel" "$tmp/dynamic"
