#!/bin/bash
# kvt object: the objects of a capture, and the calls that touched one.
# Compares counts and lines with what grep and awk find in the capture.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 28

kvt=build/kvt/asan/kvt
good=tests/kvt/vcpu.kvt
unset KVT_SYMBOLS

golden help-object.txt "$kvt" object --help
golden object-list.txt "$kvt" object "$good"
golden object-type.txt "$kvt" object "$good" vcpu
golden object-vcpu.txt "$kvt" object "$good" vcpu#0
golden object-destroyed.txt "$kvt" object --color always "$good" vcpu#1
golden object-folded.txt "$kvt" object "$good" pgtable_visit_ctx#0
golden object-depth.txt "$kvt" object --depth 3 "$good" kvm#0
golden object-places.txt build/kvt/kvt object --symbols traces/$RELEASE/symbols.tsv \
	--syscall KVM_CREATE_VM "$good" s2_mmu#0

# The list, made without kvt: a line that opens a call goes on a stack, and
# the objects of its result are its own as well.
list() {
	awk '
	function seen(text, call,   o) {
		while (match(text, /[A-Za-z_0-9]+#[0-9]+/)) {
			o = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			if (!(o in first)) first[o] = NR
			last[o] = NR
			if (!((o, call) in touched)) calls[o]++
			touched[o, call] = 1
		}
	}
	/^thread / { body = 1; next }
	!body || /^end / { next }
	/^ *}/ { seen($0, stack[depth--]); next }
	{ seen($0, NR) }
	/{$/ { stack[++depth] = NR }
	END { for (o in first) print o, first[o], last[o], calls[o] }' "$1" | sort
}
captures=("$good" traces/"$RELEASE"/*/*.kvt)
part_of captures
wrong=''
for file in "${captures[@]}"; do
	# Without rows, whose calls awk would have to make.
	build/kvt/kvt show --unfold --format kvt "$file" >"$tmp/unfolded"
	diff <(list "$tmp/unfolded") <("$kvt" object "$file" | awk 'NR > 1 { print $1, $2, $3, $4 }' | sort) \
		>"$tmp/diff" || wrong+=" $file: $(head -n 3 "$tmp/diff")"
done
is "$wrong" "" "the list is what awk finds, in ${#captures[@]} captures"

# Each object's tree has as many marks as the list has calls, and is what
# `kvt show` prints, less what was pruned.
wrong='' objects=0
"$kvt" show --unfold "$good" | tail -n +2 >"$tmp/all"
while read -r object _ _ calls; do
	objects=$((objects + 1))
	capture "$kvt" object --unfold "$good" "$object"
	tail -n +3 "$tmp/out" >"$tmp/tree"
	[[ $(grep -c '^\*' "$tmp/tree") == "$calls" ]] || wrong+=" $object: marks"
	sed -E 's/^..//; s/  ← [a-z ]*$//' "$tmp/tree" >"$tmp/lines"
	! diff "$tmp/all" "$tmp/lines" | grep '^>' >/dev/null || wrong+=" $object: lines"
	sed -n 's/^\* //p' "$tmp/tree" | grep -vE "\b$object\b" >/dev/null && wrong+=" $object: marked"
	grep '^  ' "$tmp/tree" | grep -E "\b$object\b" >/dev/null && wrong+=" $object: not marked"
done < <("$kvt" object "$good" | tail -n +2)
is "$wrong" "" "marks and lines of $objects trees"
ok "... which are not a few" test "$objects" -gt 20

# Made up: names within names, a result, a place in an object, threads.
seal "$tmp/made.kvt" 9 <<'END'
kvt 1
thread 0
make(a=vcpu#10, b=my_vcpu#1) {
  alloc() = vcpu#1
  none(x=2)
} = vcpu#1
use(p=vcpu#1+0x10, q=vcpu#1+0x20)
!event(vcpu=vcpu#1)
kvm_destroy_vm(kvm=kvm#0)
thread 1
use(p=vcpu#10)
kvm_arch_vcpu_destroy(vcpu=vcpu#1) {
  free(s="vcpu#", t=#1, u=vcpu#x) = 7
}
END
golden object-made.txt env -C "$tmp" "$PWD/$kvt" object made.kvt vcpu#1
golden object-made-list.txt "$kvt" object "$tmp/made.kvt"
capture "$kvt" object "$tmp/made.kvt" kvm#0
like "$out" "kvm#0: 1 call touched it.*destroyed in kvm_destroy_vm \(line 9\)" "an object that one call touched"
seal "$tmp/twice.kvt" 1 <<<$'kvt 1\nthread 0\na(x=vcpu#0) = vcpu#0'
capture "$kvt" object "$tmp/twice.kvt"
like "$out" "vcpu#0 +3 +3 +1$" "a call counts once that has an object as argument and result"
seal "$tmp/none.kvt" 1 <<<$'kvt 1\nthread 0\na(x=1) = 2'
capture "$kvt" object "$tmp/none.kvt"
like "$status $out" "^0 \(no call has an object" "a capture without objects"

capture "$kvt" object "$good" vcpu#7
is "$status $err" "2 kvt: $good has no vcpu#7; it has vcpu#0 to vcpu#1" "an unknown number: the nearest"
capture "$kvt" object "$good" kvm#1
like "$status $err" "^2 .*has no kvm#1; it has only kvm#0" "... where there is one"
capture "$kvt" object "$good" vgic#0
like "$status $err" "^2 .*has no vgic#0; its objects are of the types: dirty_ring, file, .*, vcpu$" "an unknown type"
capture "$kvt" object "$good" vgic
like "$status $err" "^2 .*has no vgic; its objects are of the types: " "... without a number"
capture "$kvt" object "$good" vcpu#0+0x10
like "$status $err" "^2 .*has no vcpu#0\+0x10; it has vcpu#0 to" "a place in an object is none"
capture "$kvt" object "$good" 'vcpu#'
like "$status $err" "^2 .*has no vcpu#; it has vcpu#0 to" "a name without a number"
capture "$kvt" object "$good" 'vcpu#99999999999999999999999'
like "$status $err" "^2 .*it has vcpu#0 to" "a number beyond all bounds"
capture "$kvt" object --function no_such "$good" vcpu#0
like "$status $err" "^2 .*no call that fits --function no_such" "a filter that fits nothing"
capture "$kvt" object
like "$status $err" "^2 .*takes a capture" "no capture"
capture "$kvt" object "$good" vcpu#0 vcpu#1
like "$status $err" "^2 .*takes a capture" "two objects"
head -n 100 "$good" >"$tmp/cut.kvt"
capture "$kvt" object "$tmp/cut.kvt" vcpu#0
like "$status $err" "^3 .*truncated" "a capture that was cut"
capture bash -c "$kvt object $good vcpu#0 >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
