#!/bin/bash
# Work must grow with the length of a capture, not with its square.  Each row
# runs a command on captures of N, 2N and 4N records and counts instructions,
# because no other program on the machine can disturb those.  From 2N to 4N a
# linear command needs twice what it needs from N to 2N, a quadratic one four
# times; constant work cancels out.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

kvt=build/kvt/kvt
symbols=traces/6.18.15/symbols.tsv
unset KVT_SYMBOLS

# name | kind of capture | N | command, where A and B are two captures and TIMES
# is when the records of A were (tests/kvt/lengthen has the kinds)
rows() {
	cat <<-'END'
		check a run|run|2000|check A
		show a run|run|2000|show A
		show rows|rows|2000|show A
		show a run unfolded|run|2000|show --unfold A
		show the nth of a function|names|2000|show --function g7 A
		show --gaps|run|4000|show --gaps --symbols SYMBOLS A
		html of a run|run|2000|html --symbols SYMBOLS A
		html of a run unfolded|run|2000|html --unfold --symbols SYMBOLS A
		html of thirty rows|run|2000|html --rows 30 --named g7 --symbols SYMBOLS A
		html --gaps|run|4000|html --gaps --symbols SYMBOLS A
		lanes|run|4000|lanes --symbols SYMBOLS A
		diff of the same rows|rows|2000|diff A A
		diff of other rows|rows|4000|diff A B
		diff of the same run|run|2000|diff A A
		diff of another run|run|4000|diff A B
		diff of other names|names|4000|diff A B
		diff --args of other names|names|2000|diff --args A B
		diff of threads|threads|2000|diff A A
		compare the same|run|2000|compare A A
		compare other names|names|4000|compare A B
		a claim about a run|run|2000|claim A 'in KVM_RUN: kvm_handle_guest_abort > kvm_guest_fault at least 3 times and kvm_handle_guest_abort >> gfn_to_memslot before kvm_x'
		a claim with its evidence|run|2000|claim --evidence text A 'KVM_RUN >> kvm_handle_guest_abort > kvm_guest_fault'
		a false claim about names|names|2000|claim A 'f7 > g8'
		a claim about a name that is not there|names|2000|claim A 'g_of_no_call'
		stats of a run|run|2000|stats A
		stats with times|run|2000|stats --times TIMES A
		where a run is|run|2000|where A
		html of a diff|run|2000|diff --html --symbols SYMBOLS A B
		turns of threads|threads|2000|turns A TIMES
		a strip of a run|run|2000|strip --html --page p A
		a strip of rows|rows|2000|strip --json A
		a strip of names|names|2000|strip A
		stats of names|names|2000|stats A
		export as json|run|2000|export --format json --unfold A
		export as jsonl|run|2000|export --format jsonl A
		export for chrome|run|2000|export --format chrome A
		export folded stacks|names|2000|export --format folded A
		all objects|names|2000|object A
		one object|names|2000|object A vcpu#7
		lines|names|2000|lines A
		cover|run|2000|cover --symbols SYMBOLS A
	END
}

mapfile -t all < <(rows)
plan ${#all[@]}

tools/need valgrind:valgrind python3:/usr/bin/python3 >&2 || {
	skip ${#all[@]} "no valgrind"
	exit
}

# made KIND N SEED: the file with that capture.
made() {
	local file=$tmp/$1-$2-$3
	[[ -e $file ]] || tests/kvt/lengthen "$1" "$2" "$3" >"$file"
	echo "$file"
}

# times_of CAPTURE: a file with times for its records, one after the other.
times_of() {
	if [[ ! -e $1.times ]]; then
		printf 'record\tstart_ns\tduration_ns\tcpu\n' >"$1.times"
		sed -n 's/^end \([0-9]*\) .*/\1/p' "$1" | xargs seq |
			awk '{ print $1 "\t" $1 * 10 "\t5\t" $1 % 2 }' >>"$1.times"
	fi
	echo "$1.times"
}

# instructions COMMAND...: how many it and its children take, whatever it
# exits with.
instructions() {
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
		"$@" 2>&1 >/dev/null | tr -d , |
		awk '/I *refs:/ { sum += $NF } END { printf "%.0f\n", sum }'
}

# cost KIND N COMMAND...
cost() {
	local kind=$1 n=$2 word words=()
	shift 2
	for word; do
		case $word in
		A) words+=("$(made "$kind" "$n" 0)") ;;
		B) words+=("$(made "$kind" "$n" 1)") ;;
		TIMES) words+=("$(times_of "$(made "$kind" "$n" 0)")") ;;
		SYMBOLS) words+=("$symbols") ;;
		*) words+=("$word") ;;
		esac
	done
	instructions "$kvt" "${words[@]}"
}

for row in "${all[@]}"; do
	IFS='|' read -r name kind n command <<<"$row"
	eval "words=($command)"
	# shellcheck disable=SC2154
	one=$(cost "$kind" "$n" "${words[@]}")
	two=$(cost "$kind" $((2 * n)) "${words[@]}")
	four=$(cost "$kind" $((4 * n)) "${words[@]}")
	# 2.5: what sorts takes a little more than twice.
	ok "$name" [ $(((four - two) * 10)) -lt $(((two - one) * 25)) ] ||
		diag "$n, $((2 * n)) and $((4 * n)) records took $one, $two and $four instructions"
	[[ -z ${VERBOSE-} ]] || diag "$name: $one $two $four: $(((four - two) * 100 / (two - one)))%"
done
