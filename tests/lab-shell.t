#!/bin/bash
# The shell: on a terminal, which script(1) provides.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 13

# Types a line when the screen shows a text.
on_screen() { grep -qF -- "$1" "$tmp/screen"; }
type_after() {
	wait_for on_screen "$1"
	printf '%b' "$2"
}

session() {
	: >"$tmp/screen"
	"$1" | script -qefc "stty rows 33 cols 99; $lab shell --kernel $kernel --put tools/need:FILE; \
		status=\$?; stty -a | grep -o '.icanon'; exit \$status" /dev/null >"$tmp/screen" 2>&1
	status=$?
	screen=$(tr -d '\r' <"$tmp/screen")
}

# The guest expands these, not this shell.
# shellcheck disable=SC2016
talk() {
	type_after ':/work#' 'echo "<$(tty) $(stty size) $(ls)>"\r'
	type_after '>' 'sleep 100; echo no; echo $((6*7))interrupted\r'
	sleep 1
	printf '\003'
	sleep 1
	type_after ':/work#' 'echo $((6*7))alive; exit 3\r'
	wait_for on_screen icanon
}
session talk
is "$status" 3 "the shell's exit status"
like "$screen" "</dev/pts/0 33 99 FILE" "a terminal of the right size, the file in /work"
unlike "$screen" $'\n42interrupted' "Ctrl-C interrupts what runs in there"
like "$screen" $'\n42alive' "and not the shell"
like "$screen" $'\n icanon' "the terminal is as before"
ok "no machine is left" none_left

leave() {
	type_after ':/work#' '\035'
	wait_for on_screen icanon
}
leave_program() {
	type_after 'terminal 111' '\035'
	wait_for on_screen icanon
}
session leave
is "$status" 0 "Ctrl-] leaves: exit status"
like "$screen" "left with Ctrl-\].* icanon" "Ctrl-] leaves: the terminal is as before"
ok "Ctrl-] leaves: no machine is left" none_left

run_on_terminal() {
	: >"$tmp/screen"
	"$1" | script -qefc "stty rows 33 cols 99; $lab run --tty --kernel $kernel $guest terminal; \
		status=\$?; stty -a | grep -o '.icanon'; exit \$status" /dev/null >"$tmp/screen" 2>&1
	status=$?
	screen=$(tr -d '\r' <"$tmp/screen")
}
talk_to_program() {
	type_after 'terminal 111 33x99' 'hello\r'
	type_after 'line hello' '\004'
	wait_for on_screen icanon
}
run_on_terminal talk_to_program
is "$status" 4 "run --tty: the program's exit status, after Ctrl-D"
like "$screen" "terminal 111 33x99.*line hello.*end" "run --tty: a terminal of the right size"
like "$screen" $'\n icanon' "run --tty: the terminal is as before"
run_on_terminal leave_program
is "$status" 0 "run --tty: Ctrl-] leaves"
