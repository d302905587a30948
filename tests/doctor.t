#!/bin/bash
# Every obstacle of the first five minutes has an answer.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 67

# A machine without faults, made of what a test may set.
mkdir -p "$tmp/tracing" "$tmp/cache/kernels/stock-$RELEASE"
touch "$tmp/kvm" "$tmp/cache/kernels/stock-$RELEASE/Image"
echo "blk function_graph function nop" >"$tmp/tracing/available_tracers"
echo nop >"$tmp/tracing/current_tracer"
export KVM_BOOK_CACHE=$tmp/cache DOCTOR_ARCH=aarch64 DOCTOR_RELEASE=$RELEASE DOCTOR_KVM=$tmp/kvm
export DOCTOR_TRACEFS=$tmp/tracing DOCTOR_UID=0 DOCTOR_FREE_KB=20000000 DOCTOR_PAGE_SIZE=4096

# What make is asked goes into a file; what it says is in two others.
cat >"$tmp/make" <<'END'
#!/bin/bash
echo "$1 ${LAB_NATIVE-}" >>"$ASKED"
cat "$SAYS-$1" && [[ $1 != "${FAILS-}" ]]
END
chmod +x "$tmp/make"
says_run='KVM_GET_API_VERSION, request 0xae00: 12'
says_trace=$'ioctl(3:system, KVM_GET_API_VERSION, 0) = 12 {\n  kvm_dev_ioctl() = 12'
echo "$says_run" >"$tmp/says-run-01"
echo "$says_trace" >"$tmp/says-trace-01"
export DOCTOR_TRY=$tmp/make ASKED=$tmp/asked SAYS=$tmp/says
# The lab's compiler and libraries are there, too.
sysroot=$(bash -c "source tools/lab/common.sh; sysroot_dir")
mkdir -p "$sysroot"

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

echo "blk function_graph function nop" >"$tmp/tracing/available_tracers"

# A tool that is missing: a path with all but QEMU.
mkdir "$tmp/bin"
for tool in bash make gcc pandoc dot xz aarch64-linux-gnu-gcc uname df awk dirname id apt-get mktemp cat \
	grep sed getconf sha256sum cut env tail; do
	ln -s "$(type -P $tool)" "$tmp/bin/$tool" 2>/dev/null
done
obstacle "a tool is missing" 1 "NO .*missing: .*qemu-system-arm.*sudo apt-get install .*qemu-system-arm" \
	DOCTOR_ARCH=x86_64 DOCTOR_UID=1000 PATH="$tmp/bin"
like "$out" "NO    for the lab, missing: qemu-system-arm"$'\n' "... what for, and nothing else for that"
rm -f "$tmp/bin/pandoc"
ln -s "$(type -P true)" "$tmp/bin/qemu-system-aarch64"
obstacle "no pandoc" 1 "ok    the tools for running programs are there.*NO    for the book, missing: pandoc" \
	DOCTOR_ARCH=x86_64 DOCTOR_UID=1000 PATH="$tmp/bin"
obstacle "no pandoc, but root" 0 "note  for the book, missing: pandoc: make will install.*nothing was tried.*make installs what is missing.  Begin" \
	DOCTOR_ARCH=x86_64 PATH="$tmp/bin"
rm -f "$tmp/bin/aarch64-linux-gnu-gcc"
obstacle "no compiler for arm64" 1 "NO .*missing: .*gcc-aarch64-linux-gnu" DOCTOR_ARCH=x86_64 DOCTOR_UID=1000 PATH="$tmp/bin"
capture tools/doctor --nonsense
is "$status" 2 "wrong usage"

# --- what it tries

: >"$tmp/asked"
obstacle "all is there" 0 "ok    chapter 1's program runs, on this machine.*ok    recording it works, on this machine.*All is there.  Begin with: make trace-04"
is "$(<"$tmp/asked")" "run-01 "$'\n'"trace-01 " "... seen by running and recording it"
: >"$tmp/asked"
obstacle "another processor's machine" 0 "runs, in the lab.*works, in the lab.*Begin with: make trace-04" DOCTOR_ARCH=x86_64
is "$(<"$tmp/asked")" "run-01 "$'\n'"trace-01 " "... the same"
: >"$tmp/asked"
obstacle "a user who may use KVM, but not the tracer" 0 "runs, on this machine.*works, in the lab.*Begin with: LAB_NATIVE=0 make trace-04" \
	DOCTOR_UID=1000 DOCTOR_MAY_USE=1
is "$(<"$tmp/asked")" "run-01 "$'\n'"trace-01 0" "... records in the lab"
: >"$tmp/asked"
obstacle "an old kernel" 0 "runs, on this machine.*works, in the lab.*Begin with: LAB_NATIVE=0 make trace-04" DOCTOR_RELEASE=6.1.0
: >"$tmp/asked"
obstacle "something is missing" 1 "note  nothing was tried, because something is missing" DOCTOR_KVM="$tmp/nothing" DOCTOR_FREE_KB=5
is "$(<"$tmp/asked")" "" "... so nothing is tried"
rmdir "$sysroot"
obstacle "the lab was never fetched" 0 "note  nothing was tried, because the lab has not been fetched.*make fetch" DOCTOR_ARCH=x86_64
is "$(<"$tmp/asked")" "" "... so nothing is tried there, either"
mkdir "$sysroot"

echo 'first
last words' >"$tmp/says-run-01"
obstacle "the program fails" 1 "NO    chapter 1's program does not work: last words.*make run-01" FAILS=run-01
obstacle "the program says something else" 1 "NO    chapter 1's program does not print KVM's version"
echo "$says_run" >"$tmp/says-run-01"
obstacle "recording fails" 1 "runs, on this machine.*NO    recording it does not work: .*make trace-01" FAILS=trace-01
echo 'ioctl(3:system, KVM_GET_API_VERSION, 0) = 12' >"$tmp/says-trace-01"
obstacle "a recording without functions" 1 "NO    the recording of chapter 1's program lacks what the kernel did"
echo "$says_trace" >"$tmp/says-trace-01"

# --- what this kernel does otherwise

capture env DOCTOR_RELEASE="$RELEASE+deb13-arm64" tools/doctor
unlike "$out" "differ" "the book's own release, as a distribution has it: nothing differs"
obstacle "pages of 16 KiB" 0 "note  this kernel has pages of 16 KiB" DOCTOR_PAGE_SIZE=16384
obstacle "a release that nobody tried" 0 "note  nobody has tried the book's programs on Linux 6.3[.]*: .*tried were: [67].*LAB_NATIVE=0" DOCTOR_RELEASE=6.3.1

# A tree of its own, with another table and a header that nobody has.
mkdir "$tmp/tree"
cp -r --parents tools/doctor tools/need tools/differs.tsv tools/kvt/kvt.mk tools/lab/{common.sh,release,fetch,libelf-eu.c,kernel.config} "$tmp/tree"
printf '%s\t%s\t%s\n' 5.99 "1, 2" "they print more" 5.99 3 "it waits" 6.99 - - >"$tmp/tree/tools/differs.tsv"
own=$tmp/tree/tools/doctor
capture env DOCTOR_RELEASE=5.99.1 "$own"
like "$out" "note  chapters that differ on Linux 5.99: 1, 2"$'\n'".*they print more"$'\n'"note  chapters that differ on Linux 5.99: 3"$'\n'".*it waits" \
	"a release with differences: each is named"
capture env DOCTOR_RELEASE=6.99.1 "$own"
like "$status $out" "^0 .*ok    on Linux 6.99 each program prints what the book shows" "a release without"
sed -i 's,/usr/include/tracefs/tracefs.h,/no/such/header.h,' "$tmp/tree/tools/kvt/kvt.mk"
capture env DOCTOR_UID=1000 DOCTOR_MAY_USE=1 "$own"
like "$status $out" "^1 .*NO    for recording them, missing: libtracefs-dev"$'\n'".*sudo apt-get install .*libtracefs-dev" "a library's headers are missing"
# The table of what was tried.
is "$(grep -v '^#' tools/differs.tsv | awk -F'\t' 'NF != 3 || $1 !~ /^[0-9]+\.[0-9]+$/')" "" "each row of the table has a release, chapters and what"
