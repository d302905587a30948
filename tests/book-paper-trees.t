#!/bin/bash
# What tools/book/editions makes of a tree for paper and e-readers.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 9
tools/need python3-lxml:/usr/lib/python3/dist-packages/lxml || bail 'no lxml'

symbols=traces/$RELEASE/symbols.tsv
seal "$tmp/levels.kvt" 9 <<'END'
kvt 1
kernel 6.18.15
program levels
mode vhe
thread 0
@ioctl(5:vm, KVM_RUN, 0) at a.c:1 {
  ?kvm_vm_ioctl() at b.c:1 {
    ~kvm_vcpu_init() at b.c:2 {
      kvm_share_hyp(kvm=kvm#0) = 0
      kvm_unshare_hyp() {
        kvm_arch_vcpu_create() {
          kvm_arch_vcpu_load() = 0
          kvm_arch_vcpu_load() = 0
          ~kvm_get_kvm() at b.c:9 {
            kvm_arch_vcpu_put() = 0
          }
        } = 0
      } = 0
    }
  }
} = 0
@close(3:vm) at a.c:9 {
  kvm_arch_vcpu_put() = 0
} = 0
END
# paper OPTION...: the tree as text, a line a row, without places.
paper() {
	build/kvt/kvt html --symbols "$symbols" "$@" |
		PYTHONPATH=tools/book/editions PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import sys
from lxml import html
import edition
tree = html.fragment_fromstring(sys.stdin.read(), create_parent="div")
edition.unfold(tree)
print(html.tostring(tree, encoding="unicode"))'
}
rows() { paper "$@" | grep -oE '<(li|div)( class="[^"]*")?>.*' | sed -E 's/<[^>]*>//g; s/\xc2\xa0/ /g; s/← [a-z.:0-9]*|[a-z_-]+\.[ch]:[0-9]+//g; s/ +/ /g; s/ $//' | grep .; }

is "$(rows "$tmp/levels.kvt" --rows 3)" 'ioctl(5:vm, KVM_RUN, 0) = 0
… through kvm_vm_ioctl, kvm_vcpu_init 6 calls below, not shown
close(3:vm) = 0 1 call below, not shown' "what is folded is counted, levels not"
is "$(rows "$tmp/levels.kvt" --rows 100)" 'ioctl(5:vm, KVM_RUN, 0) = 0
… through kvm_vm_ioctl, kvm_vcpu_init
kvm_share_hyp(kvm=kvm#0) = 0
kvm_unshare_hyp() = 0
kvm_arch_vcpu_create() = 0
kvm_arch_vcpu_load() = 0 × 2
… through kvm_get_kvm
kvm_arch_vcpu_put() = 0
close(3:vm) = 0
kvm_arch_vcpu_put() = 0' "what is open is there, and levels are one row"
is "$(rows "$tmp/levels.kvt" --rows 6 | grep unshare)" 'kvm_unshare_hyp() = 0 4 calls below, not shown' "what repeats counts as often"
is "$(rows "$tmp/levels.kvt" --depth 2 | grep -c 'below, not shown')" 1 "what is cut for depth is counted, too"
is "$(paper "$tmp/levels.kvt" --rows 6 | grep -cE '<(details|summary|noscript)')" 0 "nothing is left that folds"
is "$(paper "$tmp/levels.kvt" --rows 100 | grep -o 'class="call"' | wc -l)" 6 "a row with calls below it says so"
is "$(paper --gaps --rows 100 --syscall KVM_CREATE_VCPU traces/"$RELEASE"/vhe/04-vcpu.kvt | grep -cE 'class="(gap|dark|blind"><div)')" 0 "what no tracer saw is left out"
is "$(rows --gaps --rows 100 --syscall KVM_CREATE_VCPU traces/"$RELEASE"/vhe/04-vcpu.kvt | grep -c kvm_timer_vcpu_init)" 2 "... and what it stands below is there"
build/kvt/kvt diff --html --symbols "$symbols" traces/"$RELEASE"/{vhe,nvhe}/04-vcpu.kvt >"$tmp/diff.html"
is "$(PYTHONPATH=tools/book/editions PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import sys
from lxml import html
import edition
tree = html.fragment_fromstring(open(sys.argv[1]).read(), create_parent="div")
edition.unfold(tree)
print(len(tree.xpath(".//details | .//summary")), len(tree.xpath(".//li")) > 10)' "$tmp/diff.html")" "0 True" "nor does a difference fold"
