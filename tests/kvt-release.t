#!/bin/bash
# An index belongs to one kernel.  Next to a capture of another its lines would
# be false, so every command leaves them out and says so once.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 45

kvt=build/kvt/asan/kvt
tables=traces/6.18.15
symbols=$tables/symbols.tsv
ours=$tables/vhe/04-vcpu.kvt
unset KVT_SYMBOLS
export ASAN_OPTIONS=detect_leaks=0

# of RELEASE FILE: the same capture, as if another kernel had made it.
of() { sed "/^end /d; s/^kernel [^ ]*/kernel $1/" $ours | seal "$2" "$(sed -n 's/^end \([0-9]*\) .*/\1/p' $ours)"; }
of 7.3.4 "$tmp/other.kvt"
of 6.18.15+deb13-cloud-arm64 "$tmp/debian.kvt"

is "$(awk -F'\t' '$2 == "release" { print $1 }' $symbols)" 6.18.15 "the index says of which kernel it is"
# Where the index has kvm_arch_vcpu_create(), as text and as a link or a field.
place=$(awk -F'\t' '$1 == "kvm_arch_vcpu_create" { print $3 ":" $4; exit }' $symbols)
has="$place|${place/:/#L}\""
said="symbols.tsv is of Linux 6.18.15, but .*/other.kvt is of 7.3.4: the places of functions are left out"

# leaves_out NAME COMMAND...: where @ is a capture of the index's kernel, the
# place is there; where it is the other's, it is not, and one line says so.
leaves_out() {
	capture "$kvt" "${@/#@/$ours}"
	like "$out" "$has" "$1: the place is there"
	is "$err" "" "... and nothing is said"
	capture "$kvt" "${@/#@/$tmp/other.kvt}"
	unlike "$out" "$has" "... but not with a capture of another kernel"
	like "$status:$(wc -l <"$tmp/err"):$err" "^[01]:1:.*$said" "... and a line says so"
}
leaves_out show --symbols $symbols @
leaves_out html --symbols $symbols --source-base http://x/ @
leaves_out object --symbols $symbols @ vcpu#0
leaves_out export --symbols $symbols --format json @
leaves_out claim --symbols $symbols --evidence text @ 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_create' 'kvm_vcpu_ioctl never'
leaves_out claim --symbols $symbols --evidence html --source-base http://x/ @ 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_create'
leaves_out diff --symbols $symbols @ $tables/vhe/05-max-vcpus.kvt
leaves_out diff --symbols $symbols $tables/vhe/05-max-vcpus.kvt @
leaves_out diff --symbols $symbols --html --source-base http://x/ @ $tables/nvhe/04-vcpu.kvt

KVT_SYMBOLS=$symbols capture "$kvt" show "$tmp/other.kvt"
like "$err" "$said" "the index of KVT_SYMBOLS is no other"
capture "$kvt" show --symbols $symbols "$tmp/debian.kvt"
is "$(grep -cE "$has" "$tmp/out")$err" "$("$kvt" show --symbols $symbols $ours | grep -cE "$has")" "what a distribution puts behind the release does not matter"
sed '2d' $symbols >"$tmp/silent.tsv"
capture "$kvt" show --symbols "$tmp/silent.tsv" "$tmp/other.kvt"
like "$out$err" "$has" "an index that does not say its kernel is believed"
for command in "show --gaps" "html --gaps --source-base http://x/" lanes; do
	# shellcheck disable=SC2086
	capture "$kvt" $command --symbols $symbols "$tmp/other.kvt"
	like "$status $err" "^0 .*gaps.tsv is of Linux 6.18.15, but .* is of 7.3.4: what no tracer sees is left out" "$command: the gaps of another kernel are left out"
done
capture "$kvt" cover --symbols $symbols "$tmp/other.kvt"
like "$status $err" "^0 .*other.kvt is of Linux 7.3.4, but the index is of 6.18.15: its calls are counted by their names" "cover says so, too"
capture "$kvt" compare --seen-by $tables/functions.tsv --seen-by $tables/functions.tsv --symbols $symbols $ours "$tmp/other.kvt"
like "$status $err" "^0 .*symbols.tsv is of Linux 6.18.15, but .* compared without it" "compare: and compares without it"
