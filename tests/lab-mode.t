#!/bin/bash
# The ways that KVM can run on arm64, as the kernel's own log tells them.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
plan 20

in_lab -- dmesg
like "$out" "VHE mode initialized" "without --mode: VHE"
in_lab --mode vhe -- dmesg
like "$out" "VHE mode initialized" "--mode vhe"
in_lab --mode nvhe -- dmesg
like "$out" "Hyp nVHE mode initialized" "--mode nvhe"
in_lab --mode protected -- dmesg
like "$out" "Protected h?n?VHE mode initialized" "--mode protected"
like "$out" "Linux version ${RELEASE//./\\.}" "the kernel is the pinned one"
in_lab --mode nested -- dmesg
like "$out" "VHE\+NV2 mode initialized" "--mode nested, on a QEMU that can do it"
echo 'mode nested' >"$tmp/needs"
in_lab --needs "$tmp/needs" -- dmesg
like "$out" "VHE\+NV2 mode initialized" "mode nested, as code/NN-name.needs asks for it"
in_lab --needs "$tmp/needs" --mode nvhe -- dmesg
like "$out" "Hyp nVHE mode initialized" "... but --mode counts for more"
LAB_CPU=max,pauth=off,sve=off in_lab --mode nested --icount -- dmesg
like "$out" "VHE\+NV2 mode initialized" "LAB_CPU can be another max, and --icount goes with it"
is "$(V=1 tools/lab/lab run --mode vhe --kernel "$kernel" $guest exit 0 2>&1 | grep -c '^lab: qemu-system-aarch64 ')" 1 \
	"the other modes run on the QEMU that is installed"

in_lab --kernel stock -- dmesg
like "$out" "Linux version ${RELEASE//./\\.}\+deb13-cloud-arm64" "--kernel stock is Debian's"
LAB_CPU=cortex-a72 in_lab -- dmesg
like "$out" "Hyp nVHE mode initialized" "LAB_CPU chooses the processor: a Cortex-A72 has no VHE"

# Another machine, as code/NN-name.needs asks for it.
printf 'machine gic-version=2\nmachine highmem=off\ncpu cortex-a72,pmu=off\n' >"$tmp/needs"
in_lab -- dmesg
like "$out" "GICv3: [0-9]+ SPIs" "without needs: a GICv3"
in_lab --needs "$tmp/needs" -- dmesg
unlike "$out" "GICv3" "machine gic-version=2: not a GICv3"
like "$out" "kvm \[1\]: vgic interrupt" "... and KVM can play one"
like "$out" "Hyp nVHE mode initialized" "cpu cortex-a72"
LAB_MACHINE=gic-version=3 LAB_CPU=neoverse-n1 in_lab --needs "$tmp/needs" -- dmesg
like "$out" "GICv3: [0-9]+ SPIs.*VHE mode initialized" "LAB_MACHINE and LAB_CPU count for more"
LAB_MACHINE=gic-version=2 in_lab --mode nvhe -- dmesg
like "$out" "vgic interrupt.*Hyp nVHE mode initialized" "LAB_MACHINE without needs"
LAB_MACHINE=gic-version=17 in_lab -- dmesg
is "$status" 125 "an option that QEMU does not know: the lab failed"
like "$err" "Invalid gic-version" "... and why"
