# What the tests of the lab share.  Sourced after tests/tap.sh.
# shellcheck shell=bash disable=SC2154
lab=tools/lab/lab
kernel=${KERNEL:-auto}

guest=build/tests/guest
mkdir -p build/tests
if [[ ! $guest -nt tests/lab/guest.c ]]; then
	read -ra compiler < <($lab cc)
	"${compiler[@]}" -O2 -Wall -Wextra -o "$tmp/guest" tests/lab/guest.c || bail "tests/lab/guest.c does not compile"
	mv "$tmp/guest" $guest.$$
	mv $guest.$$ $guest
fi

# in_lab OPTIONS... -- ARG...: runs the guest program and captures.
in_lab() {
	local -a options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	capture $lab run --kernel "$kernel" "${options[@]}" "$guest" "${@:2}"
}

# The processes of a machine that this test started: each has this path in its command.
machines() { pgrep -f "^qemu-system-aarch64.*$marker" || true; }
marker=lab-test-$$
export LAB_APPEND="$marker=1"

# Waits until a condition holds, ten seconds at most.
wait_for() {
	local i
	for ((i = 0; i < 100; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}
none_left() { [[ -z $(machines) ]]; }
