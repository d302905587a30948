# Outputs compared whole with tests/kvt/golden; GOLDEN=write makes those
# files again, for `git diff` to review.  Sourced, after tap.sh.
# shellcheck shell=bash

# golden FILE COMMAND...: what the command prints is what the file holds.
golden() {
	local file=tests/kvt/golden/$1 name=$1
	shift
	capture "$@"
	if [[ ${GOLDEN-} == write ]]; then
		cp "$tmp/out" "$file"
	fi
	diff -u "$file" "$tmp/out" >"$tmp/golden" 2>&1
	result $? "$name" ||
		diag "$(head -n 40 "$tmp/golden")"$'\n'"If the new output is right: GOLDEN=write prove $0, and read git diff."
}

# seal FILE RECORDS: a capture with a right checksum, of standard input.
seal() {
	cat >"$1"
	printf 'end %s sha256:%s\n' "$2" "$(sha256sum <"$1" | cut -d' ' -f1)" >>"$1"
}
