#!/bin/bash
# A program in the lab behaves as if it ran here.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 42

for code in 0 3 255; do
	in_lab -- exit $code
	is "$status" $code "exit status $code comes through"
done
is "$out$err" "" "a silent program is silent"

in_lab -- signal 11
is "$status" 139 "killed by SIGSEGV: 128 + 11"
like "$err" "guest was killed by signal 11" "and a line says so"
in_lab -- signal 9
is "$status" 137 "killed by SIGKILL: 128 + 9"

in_lab -- machine
is "$out" "dir /work uid 0 kvm yes tracefs yes shm yes pid1 yes" "the machine has what programs expect"

in_lab -- both
ok "standard output is complete and alone" cmp -s "$tmp/out" <(seq -f 'out %g' 0 999)
ok "standard error is complete and alone" cmp -s "$tmp/err" <(seq -f 'err %g' 0 999)

head -c 1000000 /dev/urandom >"$tmp/random"
in_lab -- cat <"$tmp/random"
is "$status" 0 "a megabyte through stdin and stdout: exit status"
ok "a megabyte through stdin and stdout: unchanged" cmp "$tmp/random" "$tmp/out"
in_lab -- cat </dev/null
is "$status:$out" "0:" "an empty standard input is at its end"
in_lab -- cat <&-
is "$status:$out" "0:" "so is a closed one"
mkfifo "$tmp/fifo"
exec 9<>"$tmp/fifo"
in_lab -- exit 4 <&9
exec 9>&-
is "$status" 4 "a program that ignores its input does not wait for it"
$lab run --kernel "$kernel" $guest cat <"$tmp/random" | { sleep 2; cat; } >"$tmp/slow"
ok "a slow reader gets all of it" cmp "$tmp/random" "$tmp/slow"

in_lab --env TEST_A=1 --env "TEST_B=two words" -- words "" "two words" $'two\nlines' '*' --help
is "$out" $'[./guest]\n[words]\n[]\n[two words]\n[two\nlines]\n[*]\n[--help]\n{TEST_A=1}\n{TEST_B=two words}' \
	"arguments and variables come through"

echo data >"$tmp/plain"
printf '#!/bin/sh\n' >"$tmp/script"
chmod 640 "$tmp/plain"
chmod 755 "$tmp/script"
in_lab --put "$tmp/plain" -- show plain
is "$out" "644 data" "--put copies a file"
in_lab --put "$tmp/script:a b" --put "$tmp/plain" -- show "a b"
is "$out" "755 #!/bin/sh" "--put with another name, executable as here"

in_lab --put "$tmp/plain:a/b c/d" --put "$tmp/script:a/e" -- show "a/b c/d"
is "$out" "644 data" "--put into folders"
in_lab --put "$tmp/plain:a/b c/d" --put "$tmp/script:a/e" -- show a/e
is "$out" "755 #!/bin/sh" "... and another file beside them"

in_lab --tty -- terminal <<<$'one\ntwo'
# What comes in is echoed, at any time.
is "$status:$(tr -d '\r' <"$tmp/out" | grep -vE '^(one|two)$')" $'4:terminal 111 24x80\nline one\nline two\nend' "--tty: a terminal, although there is none here"

in_lab --out "$tmp/new/dir" -- leave-files <"$tmp/random"
is "$status" 5 "--out: the exit status is still the program's"
ok "--out: a large file" cmp "$tmp/random" "$tmp/new/dir/large"
is "$(find "$tmp/new/dir" -type f -printf '%f %s %m\n' | sort)" \
	$'a name with blanks 7 644\nempty 0 644\nlarge 1000000 644\nscript 10 755' "--out: all files and nothing else"
like "$err" "/out/directory is not a file: left behind" "--out: a directory is said to be left behind"
like "$err" "/out/link is not a file: left behind" "--out: so is a symbolic link"
mkdir "$tmp/cwd"
in_lab -- leave-files <"$tmp/plain"
is "$status:$err" "5:" "without --out the files are nobody's business"

# Who has not inherited that descriptor has no part in what is fetched.
in_lab --out "$tmp/hidden" --hidden -- leave-hidden
is "$status:$err:$(find "$tmp/hidden" -type f -printf '%f %s %m')" "0::hidden 7 640" "--hidden: the descriptor's files, and no other's"
is "$out" "/ 755" "... and the tree is root's"

# Held by it, the run would end at its time limit, with status 124.
in_lab -- leave-child
is "$status:$out" "0:parent done" "a child that was left behind does not hold the run"

set +o pipefail
$lab run --kernel "$kernel" $guest flood-stdout 2>"$tmp/err" | head -c 10 >"$tmp/out"
is "${PIPESTATUS[0]}" 141 "a reader who leaves ends the run as SIGPIPE would"
set -o pipefail
is "$(<"$tmp/out")" $'y\ny\ny\ny\ny' "after having had what it read"
is "$(<"$tmp/err")" "" "without a word"

in_lab --icount --out "$tmp/icount" -- leave-files <"$tmp/random"
is "$status:$(find "$tmp/icount" -type f | wc -l):$(stat -c %s "$tmp/icount/large")" 5:4:0 \
	"--icount: status and files; standard input is empty"
in_lab --icount -- both
ok "--icount: standard output" cmp -s "$tmp/out" <(seq -f 'out %g' 0 999)
ok "--icount: standard error" cmp -s "$tmp/err" <(seq -f 'err %g' 0 999)
in_lab --icount -- clock
first=$out
in_lab --icount -- clock
like "$out" '^[0-9]+\.[0-9]{9}.*[0-9]$' "--icount: the clock runs"
is "$out" "$first" "--icount: and shows the same in every run"
in_lab -- clock
isnt_same=$([[ $out != "$first" ]]; echo $?)
is "$isnt_same" 0 "which it does not without"

in_lab --timeout 0 -- exit 6
is "$status" 6 "--timeout 0 is no limit"
ok "no machine is left" none_left
