#!/bin/bash
# The three ways that KVM can run on arm64, as the kernel's own log tells them.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 7

in_lab -- dmesg
like "$out" "VHE mode initialized" "without --mode: VHE"
in_lab --mode vhe -- dmesg
like "$out" "VHE mode initialized" "--mode vhe"
in_lab --mode nvhe -- dmesg
like "$out" "Hyp nVHE mode initialized" "--mode nvhe"
in_lab --mode protected -- dmesg
like "$out" "Protected h?n?VHE mode initialized" "--mode protected"
like "$out" "Linux version ${RELEASE//./\\.}" "the kernel is the pinned one"

in_lab --kernel stock -- dmesg
like "$out" "Linux version ${RELEASE//./\\.}\+deb13-cloud-arm64" "--kernel stock is Debian's"
LAB_CPU=cortex-a72 in_lab -- dmesg
like "$out" "Hyp nVHE mode initialized" "LAB_CPU chooses the processor: a Cortex-A72 has no VHE"
