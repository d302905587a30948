#!/bin/bash
# Runs every chapter's program in the lab on Debian's kernel: it prints what
# the book says, and its capture shows what the committed one does, as far as
# that kernel can see.  With PART=K/N every Nth capture, from the Kth on.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"

mapfile -t captures < <(cd traces/$RELEASE && find vhe nvhe protected nested -name '*.kvt' 2>/dev/null | sort)
there=${#captures[@]}
part_of captures
plan $((5 * ${#captures[@]} + 1))

ok "there are captures" test "$there" -ge 50
facts=$(tools/trace/lab-facts stock)

# read_bodies INTO FILE...: what the static functions of these files do, by name.
declare -A body own
read_bodies() {
	local name text
	# shellcheck disable=SC2034,SC2004
	local -n into=$1
	into=()
	while IFS=$'\t' read -r name text; do
		# shellcheck disable=SC2004,SC2034
		into[$name]=$text
	done < <(awk '/^static / && match($0, /[a-z_]+\(/) { name = substr($0, RSTART, RLENGTH - 1); text = "" }
	/^{/ { inside = 1 } /^}/ && inside { print name "\t" text; inside = 0 } inside { gsub(/\t/, " "); text = text " " $0 }' "${@:2}")
}
read_bodies body code/*.h

# holds TEXT WHAT: the text holds it, or a header's function that it calls does.
holds() {
	local name
	[[ $1 != *"$2"* ]] || return 0
	for name in "${!body[@]}"; do
		[[ ! $1 =~ (^|[^a-z_])"$name(" ]] || ! holds "${body[$name]}" "$2" || return 0
	done
	return 1
}

# merged TEXT WHAT: the text calls a function of the program's own that holds it,
# and of which the compiler may have left nothing to return to.
merged() {
	local name
	for name in "${!own[@]}"; do
		[[ ! $1 =~ (^|[^a-z_])"$name(" ]] || ! holds "${own[$name]}" "$2" || return 0
	done
	return 1
}

# The system calls of a capture whose line of the program does not hold the
# call: "@ioctl(3:system, KVM_RUN, 0) at code/x.c:7" must find KVM_RUN, or the
# ioctl() or ask() that serves several requests, at line 7 or the next two.
# The C library makes a thread's stack with mprotect(), and gives it back with
# madvise() when nothing of the program is left in the thread; it waits for a
# thread's end with futex().
misplaced() {
	local call name request file line text
	local -A seen=()
	while read -r call; do
		name=${call%%(*} request=${call#*, }
		request=${request%%[,)]*}
		[[ $call =~ " at "([^ :]+):([0-9]+) ]] || { echo "no line: $call"; continue; }
		file=${BASH_REMATCH[1]} line=${BASH_REMATCH[2]}
		# A line that makes a call hundreds of times is looked at once.
		[[ ! ${seen[$name $request $file:$line]:-} ]] || continue
		seen[$name $request $file:$line]=yes
		text=$(sed -n "$line,$((line + 2))p" "$file")
		case $name in
		@ioctl) holds "$text" "$request" || merged "$text" "$request" || [[ $text == *ioctl\(* || $text == *ask\(* || $text == *fill\(* ]] ;;
		@openat) [[ $text == *open* ]] ;;
		@eventfd2) [[ $text == *eventfd\(* ]] ;;
		@pread64) [[ $text == *pread\(* ]] ;;
		@mprotect) [[ $text == *pthread_create\(* ]] ;;
		@futex) [[ $text == *pthread_join\(* ]] ;;
		@clone) [[ $text == *fork\(* ]] ;;
		@exit_group) [[ $text == *return* || $text == *exit\(* ]] ;;
		*) holds "$text" "${name#@}(" ;;
		esac || echo "$call: $file:$line is: $text"
	done < <(grep '^@' "$1" | grep -vE '^@(exit_group|madvise)')
}
# A boot of Linux varies: what its needs claim must be so, and no more is compared.
# shellcheck source=tools/lab/needs.sh
source tools/lab/needs.sh
for file in "${captures[@]}"; do
	mode=${file%/*} chapter=$(basename "$file" .kvt)
	committed=traces/$RELEASE/$mode/$chapter
	need_claims=()
	[[ ! -e code/$chapter.needs ]] || read_needs "code/$chapter.needs"
	# Debian's own kernel as a guest leaves 95,000 times: too much to record.
	if ((${#need_claims[@]})) && ! tools/lab/guest build/guest code/30-linux.init small 2>/dev/null; then
		skip 5 "$mode/$chapter: there is no small kernel to boot, which make guest-kernel builds"
		continue
	fi
	capture tools/trace/capture --kernel stock --mode "$mode" --timeout 300 \
		-o "$tmp/$chapter.kvt" "build/code/$chapter"
	is "$status" "$(sed -n 's/^status //p' "$committed.kvt")" "$mode/$chapter: exit status"
	if ((${#need_claims[@]})); then
		like "$out" "^Linux ${RELEASE}[^ ]*, 2 processors" "$mode/$chapter: prints what the book says, but for the guest's release"
		for boot in "$committed" "$tmp/$chapter"; do
			capture build/kvt/kvt claim "$boot.kvt" "${need_claims[@]}"
			is "$status" 0 "$mode/$chapter: ${boot%/*} shows what every boot does"
			[[ $status == 0 ]] || diag "$out$err"
		done
		skip 1 "a boot's lines are in headers"
		continue
	fi
	ok "$mode/$chapter: prints what the book says" diff -u "$committed.out" "$tmp/out"
	capture build/kvt/kvt compare --seen-by "traces/$RELEASE/functions.tsv" \
		--seen-by "$facts/functions.tsv" "$committed.kvt" "$tmp/$chapter.kvt"
	is "$status" 0 "$mode/$chapter: Debian's kernel shows the same"
	[[ $status == 0 ]] || diag "$out$err"
	read_bodies own "code/$chapter.c"
	is "$(misplaced "$committed.kvt")" "" "$mode/$chapter: each system call has its line in the program"
	is "$(misplaced "$tmp/$chapter.kvt")" "" "$mode/$chapter: ... on Debian's kernel, too"
done
