#!/bin/bash
# Strips in a small book: above a capture that enters the guest, above a whole
# program, where an author asks for one; and what the build refuses.  What kvt
# strip prints is tests/kvt-strip.t's.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 30

cat >"$tmp/run.kvt" <<'END'
kvt 1
kernel 6.18.15
program 01-open
mode vhe
source code/01-open.c sha256:0
thread 0
@openat(AT_FDCWD, user#0, O_RDWR) at code/01-open.c:1 = 3:system
@ioctl(5:vcpu, KVM_RUN, 0) at code/01-open.c:1 {
  kvm_vcpu_ioctl(filp=file#0) {
    !kvm_entry(vcpu_pc=0x1000)
    !kvm_exit(ret=TRAP, esr_ec=DABT_LOW, vcpu_pc=0x1008)
    !kvm_userspace_exit(reason=KVM_EXIT_MMIO, errno=0)
  } = 0
} = 0
@ioctl(5:vcpu, KVM_RUN, 0) at code/01-open.c:2 {
  !kvm_userspace_exit(reason=KVM_EXIT_INTR, errno=-EINTR)
} = -EINTR
thread 1
@ioctl(6:vcpu, KVM_RUN, 0) at code/01-open.c:2 {
  !kvm_entry(vcpu_pc=0x2000)
  !kvm_exit(ret=IRQ, esr_ec=0, vcpu_pc=0x2008)
} = 0
end 11 sha256:0
END
page=build/book/01-open.html
# make_page TEXT [FAULT]: chapter 1 ends with TEXT, and its program runs a guest.
make_page() {
	sample
	cp "$tmp/run.kvt" traces/6.18.15/vhe/01-open.kvt
	recapture_one code/01-open.c traces/6.18.15/vhe/01-open.kvt
	printf '0\t9\n1\t4\n0\t3\n' >traces/6.18.15/vhe/01-open.turns
	sed -i '/^::: {.trace/,/^:::$/d; /^\[.*\.claim/d' chapters/01-open.md
	printf '\n%s\n' "$1" >>chapters/01-open.md
	eval "${2-}"
	make "${3-$page}" >said 2>&1
}
# makes NAME TEXT [FAULT [PAGE]]: it can be built, and this is its directory.
makes() {
	make_page "${@:2}"
	result $? "$1" || diag "$(<said)"
}
block() { printf '::: {.%s}\nA caption.\n:::\n' "$@"; }
# What a page's strips lead to, and the text of the steps.
hrefs() { sed -n '/class="strips"/,/^<\/div>/p' "$1" | grep -oE '<a href="[^"]*" class="(user|kernel|guest)' | cut -d'"' -f2; }
labels() { sed -n '/class="strips"/,/^<\/div>/p' "$1" | grep -oE 'class="(code|times)"[^>]*>[^<]*' | sed 's/.*>//' | tr '\n' ' '; }

makes 'a capture that enters the guest' "$(block 'trace capture="01-open" syscall="KVM_RUN" nth="1"')"
is "$(labels $page)" "thread 0 KVM_RUN 0x1000 DABT MMIO " '... has a strip above it'
is "$(hrefs $page)" "#01-open/KVM_RUN
#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_entry
#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_exit
#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_userspace_exit" '... that leads to its rows'
is "$(for id in $(hrefs $page); do grep -c " id=\"${id#\#}\"" $page; done | sort -u)" 1 '... each of which has an id'
is "$(grep -n 'class="strips"\|class="kvt-tree"\|A caption' $page | sed 's/[0-9]*:.*\(A caption\|strips\|kvt-tree\).*/\1/' | xargs)" "A caption strips kvt-tree" \
	'... between the caption and the tree'
makes 'a capture that does not' "$(block 'trace capture="01-open" syscall="KVM_RUN" nth="2"')"
is "$(grep -c 'class="strips"' $page) $(grep -c ' id="01-open/' $page)" "0 0" '... has none, and its rows no ids'
makes 'the same call twice' "$(block 'trace capture="01-open" syscall="KVM_RUN" nth="1"' 'trace capture="01-open" syscall="KVM_RUN" nth="1" depth="1"')"
is "$(hrefs $page | sed -n '5,$p' | head -n 2)" "01-open-tree.html#01-open/KVM_RUN
01-open-tree.html#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_entry" '... the second leads to the whole capture'
is "$(grep -o ' id="01-open/[^"]*"' $page | sort | uniq -d)" "" '... and no id stands twice'

makes 'a call among others' "$(block 'trace capture="01-open" syscall="KVM_RUN" nth="1"' 'trace capture="01-open" syscall="KVM_RUN"')"
is "$(grep -o ' id="01-open/[^"]*"' $page | sort | uniq -d)" "" '... nor does it of one of several'
is "$(hrefs $page | sed -n '5,$p' | grep -vc '^01-open-tree.html#')" 0 '... all of which lead to the whole capture'

makes 'a whole capture' '' '' build/book/01-open-tree.html
is "$(labels build/book/01-open-tree.html)" "thread 0 thread 1 openat KVM_RUN runs DABT MMIO KVM_RUN runs IRQ KVM_RUN -EINTR " '... has one of the program, with its threads in the order of time'
makes '... without turns' '' 'rm traces/6.18.15/vhe/01-open.turns' build/book/01-open-tree.html
is "$(labels build/book/01-open-tree.html)" "thread 0 openat KVM_RUN runs DABT MMIO KVM_RUN -EINTR thread 1 KVM_RUN runs IRQ " '... one after the other'
makes 'of a program that runs no guest' '' "cp $root/tests/book/sample/traces/6.18.15/vhe/01-open.kvt traces/6.18.15/vhe; rm traces/6.18.15/vhe/*.turns" build/book/01-open-tree.html
like "$(labels build/book/01-open-tree.html)" "^open KVM_GET_API_VERSIO" '... too'

makes 'what an author asks for' "$(block 'strip capture="01-open" syscall="KVM_RUN" nth="1"')"
is "$(hrefs $page)" "01-open-tree.html#01-open/KVM_RUN
01-open-tree.html#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_entry
01-open-tree.html#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_exit
01-open-tree.html#01-open/KVM_RUN/kvm_vcpu_ioctl/!kvm_userspace_exit" '... leads to the whole capture'
makes '... of some turns' "$(block 'strip capture="01-open" turns="2-2"')"
is "$(labels $page)" "thread 1 KVM_RUN runs IRQ " '... is of these'
is "$(grep -c '01-open.turns' build/book/.deps/01-open.d)" 2 '... and the page is made again when they change'

# refuses NAME MESSAGE ATTRIBUTES [FAULT]
refuses() {
	if make_page "$(block "strip $3")" "${4-}"; then
		result 1 "refused: $1"
	else
		like "$(<said)" "chapters/01-open.md:[0-9]+: $2" "refused: $1"
	fi
}
refuses 'a strip of nothing' 'a strip needs capture=' 'nth="1"'
refuses 'one of a capture that is missing' 'no capture traces/6.18.15/nvhe/01-open.kvt: run make traces' 'capture="01-open" mode="nvhe"'
refuses 'a call that is not there' '.*01-open.kvt has no call that fits --syscall KVM_NO' 'capture="01-open" syscall="KVM_NO"'
refuses 'one call too many' '.*has no call that fits --syscall KVM_RUN --nth 9' 'capture="01-open" syscall="KVM_RUN" nth="9"'
refuses 'turns that nobody recorded' 'no turns .*01-open.turns: run make traces' 'capture="01-open" turns="1-2"' 'rm traces/6.18.15/vhe/*.turns'
refuses 'turns that are not there' 'nothing of .*01-open.kvt fits' 'capture="01-open" turns="8-9"'
