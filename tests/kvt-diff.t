#!/bin/bash
# kvt diff: compares its output with tests/kvt/golden on real captures
# (GOLDEN=write makes those files again), and on captures changed on purpose.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 43

kvt=build/kvt/kvt
traces=traces/$RELEASE
vhe=$traces/vhe/04-vcpu.kvt
symbols=$traces/symbols.tsv
golden=tests/kvt/golden
unset KVT_SYMBOLS

# golden STATUS NAME OPTION...
golden() {
	local wanted=$1 name=$2
	shift 2
	capture "$kvt" diff "$@"
	if [[ ${GOLDEN-} == write ]]; then
		cp "$tmp/out" "$golden/$name"
	fi
	ok "$name" diff -u "$golden/$name" "$tmp/out"
	is "$status$err" "$wanted" "... exits $wanted"
}

golden 1 diff-nvhe.txt $vhe $traces/nvhe/04-vcpu.kvt
golden 1 diff-protected.txt $vhe $traces/protected/04-vcpu.kvt
golden 1 diff-programs.txt $traces/vhe/03-vm.kvt $vhe
golden 1 diff-many.txt $traces/vhe/05-max-vcpus.kvt $vhe
golden 0 diff-same.txt --args $vhe $vhe
golden 1 diff-args.txt --args --syscall KVM_CREATE_VM $vhe $traces/protected/04-vcpu.kvt
golden 1 diff-function.txt --function kvm_share_hyp --symbols $symbols $vhe $traces/protected/04-vcpu.kvt
golden 1 diff-depth.txt --depth 3 $vhe $traces/protected/04-vcpu.kvt
golden 1 diff-colour.txt --color always --syscall KVM_CREATE_VM $vhe $traces/protected/04-vcpu.kvt
golden 1 diff-threads.txt --depth 1 $traces/vhe/06-run-page.kvt $traces/vhe/07-lifetime.kvt
golden 1 diff-html.txt --html --symbols $symbols $traces/vhe/05-max-vcpus.kvt $vhe
golden 0 help-diff.txt --help

# Nothing gets lost: what is not only in one is in both.
sums() {
	local other n
	for other in nvhe/04-vcpu protected/04-vcpu vhe/03-vm; do
		"$kvt" diff $vhe $traces/$other.kvt >"$tmp/diff"
		for n in A B; do
			sed -n "s/.*, \([0-9]*\) records$/\1/p" "$tmp/diff" | sed -n "$([[ $n == A ]] && echo 1 || echo 2)p"
			tail -1 "$tmp/diff" | grep -oE "[0-9]+ only in $n" || echo 0
		done | awk '{ n[NR] = $1 } END { print n[1] - n[2] - n[3] + n[4] }'
	done
}
is "$(sums)" $'0\n0\n0' "both have as many calls, but for those that only one has"

there=$("$kvt" diff $vhe $traces/protected/04-vcpu.kvt | grep -c '^[-+]')
is "$("$kvt" diff $traces/protected/04-vcpu.kvt $vhe | grep -c '^[-+]')" "$there" "the other way round as much differs"

# Another capture: lines from stdin, sealed.
seal() {
	local records
	cat >"$1"
	records=$(sed '1,/^thread/d' "$1" | grep -vcE '^ *[}~?]' || true)
	printf 'end %s sha256:%s\n' "$records" "$(sha256sum <"$1" | cut -d' ' -f1)" >>"$1"
}
# changed SCRIPT: the capture of chapter 4, changed by sed, against itself.
changed() {
	"$kvt" show --unfold --format kvt $vhe | sed '/^end /d' | sed -E "$1" | seal "$tmp/b.kvt"
	capture "$kvt" diff "${@:2}" $vhe "$tmp/b.kvt"
	out=$(grep '^[-+~]' <<<"${out#*$'\n'*$'\n'}")
}

changed 's/(kvm|vcpu|file|ptr)#([0-9])/\1#7\2/g; s/4:vm/44:vm/; s/phys#([0-9])/phys#9/' --args
is "$status $out" "0 " "numbers of objects and descriptors don't count"
changed '/kvm_timer_init_vm/d; s/^( *)kvm_vgic_early_init.*/\1kvm_timer_init_vm(kvm=kvm#0)\n&/'
like "$status $out" "^1 ~ *kvm_vgic_early_init.*moved from here.~ *kvm_vgic_early_init.*moved to here" "a call that changed places with its neighbor"
changed '/kvm_arm_init_hypercalls/d; s/^( *)kvm_enable_virtualization/\1kvm_arm_init_hypercalls(kvm=kvm#0)\n&/'
is "$(grep -oE 'moved.*' <<<"$out" | tr '\n' ';')" \
	"moved from here to kvm_create_vm();moved here from kvm_arch_init_vm();" "a call that moved to another function"
changed 's/(kvm_arch_vcpu_precreate.*) = 0/\1 = -EBUSY/'
like "$status $out" "^1 ~ *kvm_arch_vcpu_precreate\(.*\) = 0 \| -EBUSY" "a failure counts"
changed 's/(get_kvm_ipa_limit.*) = 48/\1 = 52/'
is "$status $out" "0 " "another result does not"
changed 's/(get_kvm_ipa_limit.*) = 48/\1 = 52/' --args
like "$status $out" "^1 ~ *get_kvm_ipa_limit\(\) = 48 \| 52$" "... but with --args"
changed 's/flags=O_RDWR\|O_CLOEXEC/flags=O_RDWR/' --args
like "$status $out" "^1 ~ *anon_inode_getfd\(name=ptr#3, .*, flags=O_RDWR\|O_CLOEXEC \| O_RDWR\)" "... as another argument does"

# Thousands of siblings that are all different: f0, f1, ... as a tree.
many() {
	printf 'kvt 1\nprogram many\nthread 0\n@close(4:vm) = 0 {\n'
	awk -v skip="$1" 'BEGIN { for (i = 0; i < 9000; i++) if (skip == 0 || i % skip) print "  f" i "()" }'
	printf '} = 0\n'
}
many 0 | sed 's/ = 0 {/ {/' | seal "$tmp/all.kvt"
many 10 | sed 's/ = 0 {/ {/' | seal "$tmp/some.kvt"
capture timeout 60 "$kvt" diff "$tmp/all.kvt" "$tmp/some.kvt"
is "$status $(tail -1 <<<"$out")" "1 900 only in A" "more siblings than are aligned at a time"

# Two calls of one capture: the second vCPU of chapter 6 has a dirty ring.
run=$traces/vhe/06-run-page.kvt
capture "$kvt" diff --syscall KVM_CREATE_VCPU --nth 1 --nth-b 2 $run $run
like "$status $(grep '^+' <<<"$out")" "^1 .*06-run-page.*kvm_dirty_ring_alloc\(" "--nth-b compares two calls of one capture"
is "$(grep -c '^-' <<<"$out")" 1 "... of which the first does nothing that the second does not"
capture "$kvt" diff --syscall KVM_CREATE_VCPU --nth 1 --nth-b 9 $run $run
like "$status $(tail -n 1 <<<"$out")" "^1 [0-9]+ only in A$" "... and one that is not there has nothing"

asan() {
	local option
	for option in "" --args --html "--function kvm_share_hyp"; do
		# shellcheck disable=SC2086
		build/kvt/asan/kvt diff $option --symbols $symbols $traces/vhe/05-max-vcpus.kvt $traces/nvhe/04-vcpu.kvt >"$tmp/asan.out" 2>>"$tmp/asan.err"
	done
	cat "$tmp/asan.err"
}
is "$(asan)" "" "the sanitizers have nothing to say"
"$kvt" diff --html --symbols $symbols $traces/vhe/07-lifetime.kvt $traces/nvhe/04-vcpu.kvt |
	sed '1i <!DOCTYPE html><html lang="en"><head><title>x</title></head><body>' >"$tmp/page.html"
is "$(tidy -qe "$tmp/page.html" 2>&1)" "" "tidy has nothing to say about the HTML"
capture "$kvt" diff --syscall KVM_NO_SUCH $vhe $vhe
like "$status $err" "^2 .*neither .* has a call that fits --syscall KVM_NO_SUCH" "a filter that fits nothing is an error"
capture "$kvt" diff $vhe
like "$status $err" "^2 .*two captures" "one capture is too few"
head -20 $vhe >"$tmp/cut.kvt"
capture "$kvt" diff $vhe "$tmp/cut.kvt"
like "$status $err" "^3 .*cut.kvt is truncated" "a truncated capture is refused"
capture "$kvt" diff --html $vhe $vhe
like "$status $err" "^2 .*--symbols" "HTML needs to know where the functions are"
