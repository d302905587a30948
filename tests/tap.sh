# A few TAP helpers for tests in bash.  Sourced; needs "plan N" first.
# shellcheck shell=bash disable=SC2034
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# $RELEASE, of the kernel whose captures are in traces/.
# shellcheck source=tools/lab/release
source tools/lab/release
export LC_ALL=C
# A test must see the same whether make runs it or a person.
unset MAKEFLAGS MFLAGS MAKELEVEL
tap_count=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

plan() { echo "1..$1"; }

# part_of ARRAY: with PART=K/N keeps every Nth of its elements, from the Kth on.
part_of() {
	local -n elements=$1
	local i part=${PART:-1/1}
	if [[ ! $part =~ ^[1-9][0-9]*/[1-9][0-9]*$ ]] || ((${part%/*} > ${part#*/})); then
		bail "PART=$part is not K/N, as 2/8"
	fi
	for i in "${!elements[@]}"; do
		((i % ${part#*/} == ${part%/*} - 1)) || unset "elements[$i]"
	done
	elements=("${elements[@]}")
	[[ $part == 1/1 ]] || diag "part $part: ${#elements[@]} of $((i + 1))"
}

diag() { echo "# ${*//$'\n'/$'\n'# }"; }

bail() {
	echo "Bail out!  $*"
	exit 1
}

# result STATUS NAME: prints a result; the functions below use it.
result() {
	((tap_count += 1))
	if (($1 == 0)); then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
	fi
	return "$1"
}

# ok NAME COMMAND...: passes when the command succeeds.
ok() {
	local name=$1
	shift
	"$@"
	result $? "$name" || diag "failed: $*"
}

# is GOT WANTED NAME
is() {
	[[ $1 == "$2" ]]
	result $? "$3" || diag "got:    $1"$'\n'"wanted: $2"
}

# like TEXT REGEX NAME
like() {
	[[ $1 =~ $2 ]]
	result $? "$3" || diag "got:             $1"$'\n'"wanted to match: $2"
}

# unlike TEXT REGEX NAME
unlike() {
	[[ ! $1 =~ $2 ]]
	result $? "$3" || diag "got:                 $1"$'\n'"wanted not to match: $2"
}

# skip COUNT WHY: in place of that many tests.
skip() {
	local i
	for ((i = 0; i < $1; i++)); do
		((tap_count += 1))
		echo "ok $tap_count # SKIP $2"
	done
}

# capture COMMAND...: its outputs and status in $out, $err and $status.
capture() {
	status=0
	"$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	# Bytes that bash cannot hold are for cmp on $tmp/out.
	out=$(tr -d '\0' <"$tmp/out") err=$(tr -d '\0' <"$tmp/err")
	return 0
}
