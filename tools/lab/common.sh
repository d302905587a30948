# Functions of the lab's scripts, to source.
# shellcheck shell=bash disable=SC2034 source-path=SCRIPTDIR

lab_dir=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)
top_dir=${lab_dir%/tools/lab}
build_dir=$top_dir/build/lab
cache=${KVM_BOOK_CACHE:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}
[[ -n ${KVM_BOOK_CACHE-} || ! $cache ]] || cache+=/kvm-on-arm64
[[ ! $cache || $cache == /* ]] || cache=$PWD/$cache

source "$lab_dir/release"

say() { echo "lab: $*" >&2; }
die() { say "$@"; exit 125; }
need() { "$top_dir/tools/need" "$@" || exit 125; }

host_is_arm64() { [[ $(uname -m) == aarch64 ]]; }

# Why the cache cannot be where it is said to be; nothing if it can.
# The commands that compile are words, with paths in them.
cache_fault() {
	if [[ ! $cache ]]; then
		echo "HOME is not set, so there is no place for the lab"
	elif [[ $cache =~ [[:space:]\'\"\`\$\&\;\|\<\>\(\)\*\?\#\\] ]]; then
		echo "the lab cannot be at $cache: a blank, a quote or another sign of the shell's is in its path"
	fi
}
fault=$(cache_fault)
[[ ! $fault || ${LAB_FAULT_IS_SHOWN-} ]] || die "$fault: export KVM_BOOK_CACHE=DIR, another directory"

# The compiler for arm64, and the prefix of its tools.
if host_is_arm64; then
	cross='' cross_package=gcc
else
	cross=aarch64-linux-gnu- cross_package=gcc-aarch64-linux-gnu
fi

# Waits until no other lab makes or fetches the same thing.  The lock goes
# when this process ends; children that outlive it must not inherit it.
lock() {
	mkdir -p "$cache"
	exec {lock_fd}>"$cache/$1.lock"
	if ! flock -n "$lock_fd"; then
		say "another lab is at work on $1: waiting for it"
		flock "$lock_fd"
	fi
}

# The book's kernel depends on the source, the options and the compiler.
# Raise the number when tools/lab/build-kernel changes what it makes.
book_kernel_key() {
	{
		echo "2 $RELEASE"
		"${cross}gcc" --version | head -n 1
		cat "$lab_dir/kernel.config"
	} | sha256sum | cut -c 1-12
}

# So does that of chapter 30's guest.
guest_kernel_key() {
	{
		echo "1 $RELEASE"
		"${cross}gcc" --version | head -n 1
		cat "$lab_dir/guest.config"
	} | sha256sum | cut -c 1-12
}

guest_kernel_dir() { echo "$cache/kernels/small-$RELEASE-$(guest_kernel_key)"; }

book_kernel_dir() { echo "$cache/kernels/book-$RELEASE-$(book_kernel_key)"; }

# Another list of packages is another sysroot.
sysroot_dir() {
	local sum
	sum=$({ sed -n '/^sysroot_packages=/,/)/p' "$lab_dir/fetch"; cat "$lab_dir/libelf-eu.c"; } | sha256sum)
	echo "$cache/sysroot-${sum:0:8}"
}

# The compiler with the sysroot's headers, start files and libraries.  Every
# path is given: Debian's cross compiler looks into its own headers and its
# own C library before it looks into any sysroot.
compiler_command() {
	local sysroot=$1 lib=$1/usr/lib/aarch64-linux-gnu dir
	echo -n "${cross}gcc --sysroot=$sysroot -static -nostdinc -B$lib/"
	for dir in "$("${cross}gcc" -print-file-name=include)" \
		"$sysroot"/usr/include{/aarch64-linux-gnu,,/tracefs,/traceevent}; do
		echo -n " -isystem $dir"
	done
	echo
}
