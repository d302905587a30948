#!/bin/bash
# Compares all that kvt show, html and --help print with tests/kvt/golden.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 29

kvt=build/kvt/kvt
capture_file=tests/kvt/vcpu.kvt
symbols=traces/$RELEASE/symbols.tsv
unset KVT_SYMBOLS

golden show.txt "$kvt" show "$capture_file"
golden show-places.txt "$kvt" show --symbols $symbols --syscall KVM_CREATE_VCPU "$capture_file"
golden show-depth.txt "$kvt" show --depth 2 "$capture_file"
golden show-function.txt "$kvt" show --function kvm_share_hyp "$capture_file"
golden show-nth.txt "$kvt" show --syscall KVM_CREATE_VCPU --nth 3 "$capture_file"
golden show-unfold.txt "$kvt" show --unfold --function kvm_free_stage2_pgd "$capture_file"
golden show-colour.txt "$kvt" show --color always --syscall KVM_CREATE_VM "$capture_file"
golden html.txt "$kvt" html --symbols $symbols --syscall KVM_CREATE_VCPU "$capture_file"
golden html-depth.txt "$kvt" html --symbols $symbols --depth 3 --open 1 --source-base http://x/ "$capture_file"
for command in "" record check show html lines lanes compare gaps index facts import; do
	# shellcheck disable=SC2086
	golden "help${command:+-$command}.txt" "$kvt" $command --help
done

# What a capture says is text, and no markup.
{
	printf 'kvt 1\nprogram <a>\nthread 0\n@ioctl(<c>:vm, <d>, <e>) {\n'
	printf '  !kvm_<f>(g=<h>)\n} = <i>\nthread 1\n@<k>(<l>) = <m>\n'
} >"$tmp/markup.kvt"
printf 'end 3 sha256:%s\n' "$(sha256sum "$tmp/markup.kvt" | cut -d' ' -f1)" >>"$tmp/markup.kvt"
capture "$kvt" html --symbols $symbols "$tmp/markup.kvt"
is "$status $(grep -cE '<[c-m]>' <<<"$out") $(grep -oE '&lt;.&gt;' <<<"$out" | cut -c5 | tr -d '\n')" \
	"0 0 acdeidfhklm" "html: what a capture says is no markup"

capture "$kvt" show "$capture_file"
unlike "$out" $'\033' "no colour where it is no terminal"
capture script -qec "$kvt show $capture_file" /dev/null
like "$out" $'\033' "colour on a terminal"
capture env NO_COLOR=1 script -qec "env NO_COLOR=1 $kvt show $capture_file" /dev/null
unlike "$out" $'\033' "no colour with NO_COLOR"
capture "$kvt" show --function no_such "$capture_file"
like "$status $err" "^2 .*no call that fits --function no_such" "a filter that fits nothing is an error"
capture "$kvt" show --depth many "$capture_file"
like "$status $err" "^2 .*--depth takes a number" "a number that is none"
capture "$kvt" dance
like "$status $err" "^2 .*no command 'dance'" "an unknown command"
capture bash -c "$kvt show $capture_file >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
