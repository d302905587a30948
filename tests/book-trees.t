#!/bin/bash
# Which calls a tree of a chapter marks, how much of it is open, and the page with
# the whole capture.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 10

# marked PAGE N: the functions that the N-th tree of the page marks.
marked()
{
	perl -0777 -ne 'my @t = /<div class="kvt-tree".*?\n<\/div>/sg; print join " ", $t['"$(($2 - 1))"'] =~ />◆<\/span> <a class="fn"[^>]*>(\w+)/g' "$1"
}

sample
page=build/book/04-vcpu.html
check 'a page' builds $page
check 'the calls that the section names are marked' test "$(marked $page 1)" = \
	'kvm_arch_vcpu_precreate kvm_arch_vcpu_create kvm_share_hyp'
check '... and none of another section' test -z "$(marked $page 2)"
sed -i 's/^In VHE the host is/In VHE `kvm_share_hyp` returns: the host is/' chapters/04-vcpu.md
builds $page
check 'a caption belongs to its section' test "$(marked $page 2)" = kvm_share_hyp
sed -i 's/^Back to /[It returns]{.claim in="KVM_CREATE_VCPU#1" shows="kvm_timer_vcpu_init once"}. Back to /; s/^!\[A door/### More\n\n![A door/' chapters/04-vcpu.md
printf '\n::: {.trace capture="04-vcpu" syscall="KVM_CREATE_VCPU" nth="1"}\n:::\n' >>chapters/04-vcpu.md
check 'a claim names calls' builds $page
check '... which are marked' test "$(marked $page 5)" = kvm_timer_vcpu_init
tree=build/book/04-vcpu-tree.html
builds $tree
check 'the whole capture marks none' bash -c '! grep -q "class=\"named\"" "$0"' $tree
printf '\n## Later\n\n::: {.trace capture="04-vcpu" later="yes" open="0"}\n:::\n' >>chapters/04-vcpu.md
builds $page
check 'later= keeps what is folded as text' grep -q '<noscript>' $page
check '... of each system call' test "$(grep -c '<noscript><ul>' $page)" = "$(grep -c '^@.*{' traces/6.18.15/vhe/04-vcpu.kvt)"
check '... but nothing of what is open' bash -c '! grep -q "<details open>.*<noscript>" "$0"' $page
