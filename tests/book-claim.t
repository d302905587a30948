#!/bin/bash
# Claims in a chapter: what the page shows for a true one, and that a false one
# stops the build with its line.  Uses kvt itself, and a capture of the book.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/block.sh
source "$root/tests/book/block.sh"
plan 27
"$root/tools/need" tidy:tidy || bail 'no tidy'

chapter=chapters/04-vcpu.md
page=build/book/04-vcpu.html
trace=traces/6.18.15/vhe/04-vcpu.kvt

# A book of one chapter that has claims, with the real kvt and captures.
block()
{
	local mode
	sample
	sed -i "s,^KVT := .*,KVT := $root/build/kvt/kvt," Makefile
	cp "$root"/code/04-vcpu.c "$root"/code/kvmbook.h code
	cp "$root"/traces/6.18.15/*.tsv traces/6.18.15
	for mode in vhe nvhe protected; do
		cp "$root/traces/6.18.15/$mode"/04-vcpu.* "traces/6.18.15/$mode"
	done
	cat >$chapter <<'END'
---
question: Is it so?
---

# One vCPU

[The first works]{.claim in="KVM_CREATE_VCPU#1" shows="kvm_vm_ioctl = 5"}, [the second](https://example.org/) does not.
[It fails]{.claim shows="KVM_CREATE_VCPU#2 returns EINVAL"}. [`KVM` says so]{.claim shows="kvm_vm_ioctl_create_vcpu(id=512) returns EINVAL"}.

- [Pages are mapped]{.claim mode="nvhe protected" shows="kvm_share_hyp >> kvm_host_owns_hyp_mappings"}.
- [Here too, with "quotes" & `<tags>`]{.claim of="04-vcpu" shows="kvm_share_hyp calls nothing and kvm_share_hyp > kvm_host_* never"}
END
	sed -i "s,^# One.*,# $(sed -n 's,^[0-9]*\. \[\(.*\)\](chapters/04-vcpu.md).*,\1,p' book.md)," $chapter
}

check 'a page with claims' builds :
check 'each is a sentence with a mark' in_book bash -c '[[ $(grep -o "<span class=\"claim\">" $0 | wc -l) == 5 ]]' $page
check 'the mark stands after what is claimed, in the line of its word' in_book grep -q 'The first <span class="held">works,<button type="button" class="check" popovertarget="claim-1"' $page
check 'and after its period' in_book grep -qE 'It <span class="held">fails\.<button' $page
check '... and is a link, where there are no popovers' in_book grep -qE '<a class="check" href="#claim-5"' $page
check 'each mark has its evidence' in_book bash -c 'for i in 1 2 3 4 5; do grep -q "id=\"claim-$i\" popover>" $0 || exit 1; done' $page
check 'the evidence says the claim' in_book holds $page '<code>in KVM_CREATE_VCPU#1: kvm_vm_ioctl = 5</code>'
check '... and what it is of' in_book holds $page '<p class="of">04-vcpu, VHE mode</p>'
check '... once for each mode' in_book holds $page '<p class="of">04-vcpu, protected mode</p>'
check '... and the calls, those that are meant marked' in_book grep -q '<div class="leaf claimed"><span class="sys">ioctl(' $page
check 'the command below it prints the same' in_book bash -c '
	command=$(sed -n "s,.*<code>build/kvt/kvt \(claim .*create_vcpu(.*\)</code></pre>.*,\1,p" $0)
	eval "$1 $command" | grep -q "^\*  *kvm_vm_ioctl_create_vcpu(kvm=kvm#0, id=512) = -EINVAL"' $page "$root/build/kvt/kvt"
check 'valid HTML, but for popovers, which tidy does not know' in_book bash -c 'sed -E "s/ popover(target(action)?=\"[^\"]*\")?//g" $0 | tidy -q -e' $page
check 'nothing to do' in_book bash -c '! make $0 | grep PAGE' $page
touch "$tmp"/book/traces/6.18.15/protected/04-vcpu.kvt
check 'a page depends on the captures of its claims' in_book bash -c 'make $0 | grep PAGE' $page

refuses 'a claim that is false' "^$chapter:8: claim fails: KVM_CREATE_VCPU#2 returns EEXIST$" 'sed -i "8s/returns EINVAL/returns EEXIST/" $chapter'
check '... with what is there instead' in_book grep -qE "^$trace:   line [0-9]+: ioctl\(4:vm, KVM_CREATE_VCPU, 512\) = -EINVAL  code/04-vcpu.c:[0-9]+$" said
refuses 'the second in its line' "^$chapter:8: claim fails: kvm_vm_ioctl_create_vcpu\(id=513\)" 'sed -i "8s/id=512/id=513/" $chapter'
refuses 'one in a list, in another mode' "^$chapter:10: claim fails: kvm_share_hyp >> kvm_host_owns_hyp_mappings" 'sed -i "10s/nvhe/vhe/" $chapter'
refuses 'each that is false' "^$chapter:11: claim fails:" 'sed -i "7s/ = 5/ = 6/; 11s/never/once/" $chapter'
check '... all of them' in_book grep -q "^$chapter:7: claim fails:" said
refuses 'a claim that is not understood' "^$trace: *\^$" 'sed -i "7s/= 5/5/" $chapter'
refuses 'a name that is misspelt in what never happens' 'has kvm_hots: that it is not called says nothing' 'sed -i "11s/kvm_host_\*/kvm_hots/" $chapter'
refuses 'a claim without a text' "^$chapter:8: a claim needs shows=" 'sed -i "8s/ shows=\"KVM[^\"]*\"//" $chapter'
refuses 'an attribute that no claim has' "^$chapter:10: a claim has no modes=" 'sed -i "10s/mode=/modes=/" $chapter'
refuses 'a capture that is not there' "^$chapter:11: no capture traces/6.18.15/vhe/05-vcpu.kvt" 'sed -i "11s/04-vcpu/05-vcpu/" $chapter'
# The same claims, of a capture in which something else happened.
alter()
{
	sed -i "$1; /^end /d" $trace
	printf 'end %s sha256:%s\n' "$(sed -n 's/^end \([0-9]*\) .*/\1/p' "$root/$trace")" "$(sha256sum <$trace | cut -d' ' -f1)" >>$trace
}
refuses 'a capture that was altered' "^$chapter:8: claim fails: KVM_CREATE_VCPU#2 returns EINVAL" 'alter "s/-EINVAL/-EPERM/"'
refuses '... and not sealed' "^$chapter:[0-9]+: $trace was altered: its checksum" 'sed -i s/EINVAL/EPERM/ $trace'
