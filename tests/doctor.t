#!/bin/bash
# Every obstacle of the first five minutes has an answer.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 28

# A machine without faults, made of what a test may set.
mkdir -p "$tmp/tracing" "$tmp/cache/kernels/stock-$RELEASE"
touch "$tmp/kvm" "$tmp/cache/kernels/stock-$RELEASE/Image"
echo "blk function_graph function nop" >"$tmp/tracing/available_tracers"
echo nop >"$tmp/tracing/current_tracer"
export KVM_BOOK_CACHE=$tmp/cache DOCTOR_ARCH=aarch64 DOCTOR_RELEASE=$RELEASE DOCTOR_KVM=$tmp/kvm
export DOCTOR_TRACEFS=$tmp/tracing DOCTOR_UID=0 DOCTOR_FREE_KB=20000000

# obstacle NAME STATUS REGEX [VARIABLE=VALUE]...
obstacle() {
	local name=$1 wanted=$2 regex=$3
	shift 3
	capture env "$@" tools/doctor
	is "$status" "$wanted" "$name: exit status"
	like "$out" "$regex" "... and what to type"
}

obstacle "KVM without permission" 1 "NO .*not for you.*usermod -aG kvm" DOCTOR_UID=1000
obstacle "no /dev/kvm, no EL2" 0 "note .*programs run in the lab.*dmesg.*EL1" DOCTOR_KVM="$tmp/nothing"
obstacle "no tracefs" 1 "NO .*mount -t tracefs" DOCTOR_TRACEFS="$tmp/nothing"
obstacle "an old kernel" 0 "note .*5.10.0 is old.*LAB_NATIVE=0 make trace-04" DOCTOR_RELEASE=5.10.0
obstacle "no disk space" 1 "NO .*only 500 MB.*KVM_BOOK_CACHE" DOCTOR_FREE_KB=500000
obstacle "no network" 1 "NO .*cannot be reached.*make fetch" KVM_BOOK_CACHE="$tmp/nothing" LAB_MIRROR=http://localhost:1/
obstacle "not root" 1 "note .*tracer is root's.*sudo make trace-04" DOCTOR_UID=1000
obstacle "another processor" 0 "note .*riscv64" DOCTOR_ARCH=riscv64
obstacle "a blank in the cache's path" 1 "NO .*cannot be at $tmp/a b.*KVM_BOOK_CACHE" KVM_BOOK_CACHE="$tmp/a b"
obstacle "no HOME" 1 "NO .*HOME is not set.*KVM_BOOK_CACHE.*make doctor again" -u HOME -u XDG_CACHE_HOME -u KVM_BOOK_CACHE
capture env -u HOME DOCTOR_FREE_KB=20000000 tools/doctor
unlike "$out" "HOME" "... which is not needed where the cache's place is said"
echo "function nop" >"$tmp/tracing/available_tracers"
obstacle "no function-graph tracer" 1 "NO .*LAB_NATIVE=0 make trace-04"

# A tool that is missing: a path with all but QEMU.
mkdir "$tmp/bin"
for tool in bash make gcc pandoc dot xz aarch64-linux-gnu-gcc uname df awk dirname id apt-get mktemp cat; do
	ln -s "$(type -P $tool)" "$tmp/bin/$tool" 2>/dev/null
done
obstacle "a tool is missing" 1 "NO .*missing: .*qemu-system-arm.*sudo apt-get install .*qemu-system-arm" \
	DOCTOR_ARCH=x86_64 DOCTOR_UID=1000 PATH="$tmp/bin"
rm -f "$tmp/bin/aarch64-linux-gnu-gcc"
obstacle "no compiler for arm64" 1 "NO .*missing: .*gcc-aarch64-linux-gnu" DOCTOR_ARCH=x86_64 DOCTOR_UID=1000 PATH="$tmp/bin"
capture tools/doctor --nonsense
is "$status" 2 "wrong usage"
