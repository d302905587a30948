#!/bin/bash
# Provokes the refusals that chapters quote, and compares what the programs
# print with the text.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 4

# The grader sends students back to a line of the chapter.
grep -hE '^read = ' exercises/*/exercise.toml | sed -E 's/^read = "([^:]*): (.*)"$/\1\t\2/; s/\\"/"/g' >"$tmp/read"
is "$(while IFS=$'\t' read -r chapter phrase; do
	grep -qF -- "$phrase" "chapters/$chapter.md" || echo "$chapter has no \"$phrase\""
done <"$tmp/read")" "" "each of the $(wc -l <"$tmp/read") places that exercises send back to is there"

# The chapter holds this output as a block of text, whole.
in_chapter() {
	local chapter=$1 name=$2 block
	block=$'``` text\n'$out$'\n```'
	[[ $(<"chapters/$chapter.md") == *"$block"* ]]
	result $? "$chapter: $name" || diag "the program said:"$'\n'"$out"
}

# Standard output, then standard error, as a terminal would show them.
both() {
	capture "$@"
	out=$(printf '%s\n%s' "$out" "$err" | sed '/^$/d')
}

LAB_APPEND=kvm-arm.mode=none both tools/lab/lab run --kernel stock build/code/01-open
in_chapter 01-open "ENOENT, with KVM turned off"

both tools/lab/lab run --kernel stock build/code/01-open /dev/null
in_chapter 01-open "ENOTTY, with another device"

busybox=$(tools/lab/lab sysroot)/usr/bin/busybox
# shellcheck disable=SC2016  # expanded in the guest
both tools/lab/lab run --kernel stock --put build/code/01-open -- "$busybox" sh -c '
	b=$PWD/busybox
	$b mkdir -p /etc
	echo "guest:x:1000:1000::/:/bin/sh" >/etc/passwd
	$b chmod 755 . 01-open
	$b start-stop-daemon -S -c guest -x $PWD/01-open'
in_chapter 01-open "EACCES, as another user"
