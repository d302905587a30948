#!/bin/bash
# Walks in a chapter: the steps that a page shows, and what stops the build.
# With kvt itself, and a capture of the book.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/block.sh
source "$root/tests/book/block.sh"
plan 47
"$root/tools/need" graphviz:dot tidy:tidy || bail 'no dot, or no tidy'

# The program's line that creates a vCPU.
at=$(sed -n 's|.*KVM_CREATE_VCPU, 0.* at code/04-vcpu.c:\([0-9]*\).*|\1|p' "$root/traces/6.18.15/vhe/04-vcpu.kvt" | head -n 1)
chapter=chapters/04-vcpu.md
page=build/book/04-vcpu.html
trace=traces/6.18.15/vhe/04-vcpu.kvt

# A book of one chapter that has two walks, with the real captures.
block()
{
	local mode
	sample
	cp "$root"/code/04-vcpu.c "$root"/code/kvmbook.h code
	cp "$root"/traces/6.18.15/*.tsv traces/6.18.15
	for mode in vhe nvhe; do
		cp "$root/traces/6.18.15/$mode"/04-vcpu.* "traces/6.18.15/$mode"
	done
	cat >$chapter <<'END'
---
question: Is it so?
---

# One vCPU

::: {.walk capture="04-vcpu" in="KVM_CREATE_VCPU#1"}
The *caption*.

1. `KVM_CREATE_VCPU`: The program asks, with `code` & more.
2. `kvm_arch_vcpu_create(vcpu=vcpu#0)`: It [is made]{.claim shows="kvm_arch_vcpu_create"}.
   In two sentences.
3. `kvm_arch_vcpu_create > kvm_share_hyp`: It is shared.
4. `create_vcpu_fd > anon_inode_getfd`: It has a file.
:::

::: {.walk capture="04-vcpu" mode="nvhe" name="share"}
1. `KVM_CREATE_VCPU#1 >> __create_hyp_mappings`: The first page.
2. `__create_hyp_mappings`: The next one.
:::

::: {.walk capture="04-vcpu" in="KVM_CREATE_VCPU#1" name="objects" objects="yes" hide="pgtable"}
1. `kvm_vm_ioctl`: Nothing new.
2. `kvm_arch_vcpu_precreate`: Nothing new, either.
3. `kvm_arch_vcpu_create`: There is a vCPU.
4. `kvm_share_hyp`: It is not new any more.
5. `anon_inode_getfd`: There is a descriptor.
:::
END
	sed -i "s,^# One.*,# $(sed -n 's,^[0-9]*\. \[\(.*\)\](chapters/04-vcpu.md).*,\1,p' book.md)," $chapter
}

# step N TEXT: what the page has of one step, the id and the next one's between.
step() { in_book awk -v from="id=\"$1\"" 'index($0, from) { on = 1 } on; on && /<\/li>/ { exit }' $page | grep -qF -- "$2"; }

check 'a page with walks' builds :
check 'the caption' in_book grep -q '^<p>The <em>caption</em>.</p>$' $page
check 'the first has short ids, another its name in them' in_book bash -c '
	[[ $(grep -oE "id=\"walk-[a-z]*-?[0-9]\"" $0 | tr -d "\n") == "id=\"walk-1\"id=\"walk-2\"id=\"walk-3\"id=\"walk-4\"id=\"walk-share-1\"id=\"walk-share-2\"id=\"walk-objects-1\""* ]]' $page
check 'a step says what the author wrote' step walk-1 'The program asks, with <code>code</code> &amp; more.'
check '... and all of it' step walk-2 'In two sentences.'
check '... with claims in it' step walk-2 'popovertarget="claim-1"'
check 'it shows the call with arguments and result' step walk-3 '<span class="args">(from=vcpu#0, to=vcpu#0+0x1ca0)</span><span class="ret"> = 0</span>'
check '... a system call with its line' step walk-1 "<span class=\"loc\" data-at=\"code/04-vcpu.c:$at\">04-vcpu.c:$at</span></div>"
check '... and the place' step walk-3 '← arm.c:496</a>'
check 'and the way there, inlined functions too' step walk-4 '› KVM_CREATE_VCPU › vfs_ioctl › kvm_vm_ioctl › kvm_vm_ioctl_create_vcpu › create_vcpu_fd</p>'
no_way() { ! step walk-1 walk-way; }
check '... none above a system call' no_way
check 'a script finds the row' step walk-3 'data-call="04-vcpu/KVM_CREATE_VCPU/kvm_vm_ioctl/kvm_vm_ioctl_create_vcpu/kvm_arch_vcpu_create/kvm_share_hyp"'
check '... a short link where the way is long' step walk-share-1 'data-call="04-vcpu.nvhe/KVM_CREATE_VCPU/+'
check '... the line of the program' step walk-3 "data-at=\"04-vcpu.c:$at\""
check 'a step goes on to the next call of that name' step walk-share-2 '<var>phys=</var>phys#5'

# picture N: what the page has of the walk's Nth picture of objects.
picture() { in_book awk -v n="$1" '/<div class="walk-picture"/ { i++ } i == n; i == n && /^<p class="key">/ { exit }' $page; }
# boxes N [new]: the boxes of a picture, or those that are new.
boxes() { picture "$1" | awk -v c="${2-node}" '/<g class="/ { on = /node/ && match($0, "[ \"]" c "[ \"]") }
	on && match($0, /font-weight="bold">[^<]*/) { print substr($0, RSTART + 19, RLENGTH - 19) }' | sort | xargs; }
check 'a walk without objects="yes" has no pictures' in_book bash -c '[[ $(grep -c "class=\"walk-pictures" $0) == 1 ]]' $page
is "$(in_book grep -oE 'id="walk-objects-.".*data-picture="."' $page | sed -E 's/.*objects-(.).*picture="(.)"/\1:\2/' | xargs)" '1:1 2:1 3:2 4:3 5:4' \
	'each step has its picture, and steps with the same share one'
is "$(boxes 1)" '3:system 4:vm kvm#0 s2_mmu#0' 'the first has what is there when the walk goes on'
is "$(boxes 1 new)$(boxes 3 new)" '' '... and nothing that was there before is new'
is "$(boxes 2) / $(boxes 2 new)" '3:system 4:vm kvm#0 s2_mmu#0 vcpu#0 / vcpu#0' 'an object is new at the step that made it'
is "$(boxes 3)" "$(boxes 2)" '... and stays'
is "$(boxes 4) / $(boxes 4 new)" '3:system 4:vm 5:vcpu kvm#0 s2_mmu#0 vcpu#0 / 5:vcpu' 'the last is that of the end of the system call'
is "$(for n in 1 2 3 4; do picture $n | tail -n 1; done | sed 's/<[^>]*>//g')" \
	'Steps 1 to 2: nothing new.
Step 3: new vcpu#0.
Step 4: nothing new.
Step 5, and KVM_CREATE_VCPU has returned: new 5:vcpu.' '... and it says so in words'
is "$(for n in 1 2 3 4; do picture $n | head -n 1; done | grep -c ' hidden>')$(picture 4 | grep -c ' hidden>')" 30 'without a script only the last is there'
is "$(for n in 1 2 3 4; do picture $n | grep -oE 'viewBox="[^"]*"'; done | sort -u | wc -l)" 1 'all have one size, so that nothing jumps'
check 'who sees none is told what is in it' bash -c 'grep -q "aria-label=\"[^\"]*vcpu#0 (new)" <<<"$0"' "$(picture 2)"
check 'valid HTML, but for popovers, which tidy does not know' in_book bash -c 'sed -E "s/ popover(target(action)?=\"[^\"]*\")?//g" $0 | tidy -q -e' $page

refuses 'a call that is gone' "^$chapter:13: walk fails: step 3: in KVM_CREATE_VCPU#1: kvm_unshare_hyp$" 'sed -i "13s/.*/3. \`kvm_unshare_hyp\`: No./" $chapter'
check '... with what is there instead' in_book grep -q "^$trace:   elsewhere, line [0-9]*: .*kvm_unshare_hyp" said
refuses 'a step out of order' "^$chapter:11: walk fails: step 2: " 'sed -i "10s/KVM_CREATE_VCPU/create_vcpu_fd/" $chapter'
check '... with both places' in_book grep -q "^$trace:   it is in line 81, and step 1, create_vcpu_fd, is in line 87: a walk goes on in the order of time$" said
refuses 'no such call to be in' "^$chapter:10: walk fails: step 1: in KVM_CREATE_VCPU#7: KVM_CREATE_VCPU$" 'sed -i "7s/#1/#7/" $chapter'
refuses 'a path that is not understood' "^$chapter:7: walk fails: the claim is not understood" 'sed -i "13s/ > / > > /" $chapter'
refuses 'what is more than a path' "^$chapter:7: walk fails: a step is the path of a call, and no more: " 'sed -i "13s/share_hyp/share_hyp once/" $chapter'
refuses 'a step without a call' "^$chapter:13: a step of a walk begins with its call, a colon and some text" 'sed -i "13s/.*/3. It is shared./" $chapter'
refuses 'a step without a colon' "^$chapter:13: a step of a walk begins with its call, a colon and some text" 'sed -i "13s/: It/; It/" $chapter'
refuses 'a step without a text' "^$chapter:13: a step of a walk begins with its call, a colon and some text" 'sed -i "13s/: It is shared\./:/" $chapter'
refuses 'a walk without steps' "^$chapter:7: a walk needs a numbered list" 'sed -i "10,14d" $chapter'
refuses 'text after the steps' "^$chapter:7: nothing follows the numbered list" 'sed -i "14s/$/\n\nThe end./" $chapter'
refuses 'a second walk without a name' "^$chapter:17: the second walk of a page needs a name=" 'sed -i "17s/ name=\"share\"//" $chapter'
refuses 'an attribute that no walk has' "^$chapter:17: a walk has no modes=: it takes" 'sed -i "17s/mode=/modes=/" $chapter'
refuses 'objects that are not "yes"' "^$chapter:22: objects=\"no\": it is \"yes\", or left out" 'sed -i "22s/\"yes\"/\"no\"/" $chapter'
refuses 'types without objects' "^$chapter:22: a walk has types to show or hide only with objects=\"yes\"" 'sed -i "22s/ objects=\"yes\"//" $chapter'
refuses 'a type that there is not' "^$chapter:22: hide=\"gic\": there is no type gic; there are fd" 'sed -i "22s/pgtable/gic/" $chapter'
refuses 'a type that is not there' "^$chapter:22: show=\"slots\": nothing of the type slots is there after KVM_CREATE_VCPU in 04-vcpu" 'sed -i "22s/hide=\"pgtable/show=\"slots/" $chapter'
refuses 'pictures in which nothing is ever new' "^$chapter:22: objects=\"yes\": no step of this walk has a new object, so leave it out" 'sed -i "22s/VCPU#1/VCPU = EINVAL/; 24,27d" $chapter'
refuses 'a capture that is not there' "^$chapter:7: no capture traces/6.18.15/vhe/05-vcpu.kvt" 'sed -i "7s/04-vcpu/05-vcpu/" $chapter'
