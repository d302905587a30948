#!/bin/bash
# Fetching: which mirror it takes, and what it refuses.  Downloads nothing.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 36
fetch=tools/lab/fetch
export KVM_BOOK_CACHE=$tmp/cache
# tests/lab-archive.t is about these.
export LAB_SNAPSHOT='' LAB_KERNEL_ORG=''

# The machine's apt configuration is what $tmp/etc says.
mkdir -p "$tmp/etc/parts" "$tmp/etc/lists/partial"
cat >"$tmp/apt.conf" <<END
Dir::Etc::sourcelist "$tmp/etc/sources.list";
Dir::Etc::sourceparts "$tmp/etc/parts";
Dir::State::lists "$tmp/etc/lists";
END
: >"$tmp/template"	# apt's for Debian, on another distribution
export LAB_APT_TEMPLATE=$tmp/template
mirror() {
	capture env APT_CONFIG="$tmp/apt.conf" $fetch mirror
}

mirror
is "$status" 125 "apt without sources: exit status"
like "$err" "say LAB_MIRROR=URL" "apt without sources: what to do"
echo 'deb [trusted=yes] http://one.example/debian/ bookworm main contrib' >"$tmp/etc/sources.list"
mirror
is "$out" "http://one.example/debian/" "a one-line source"
cat >"$tmp/etc/sources.list" <<'END'
# deb http://comment.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb http://other.example/apt stable-tools main
deb http://two.example/mirror/debian trixie-updates main
END
mirror
is "$out" "http://two.example/mirror/debian/" "not comments, security archives and strangers"
rm "$tmp/etc/sources.list"
cat >"$tmp/etc/parts/debian.sources" <<'END'
Types: deb deb-src
URIs: https://three.example/debian
Suites: trixie trixie-updates
Components: main
END
mirror
is "$out" "https://three.example/debian/" "a deb822 source"
cat >"$tmp/etc/parts/debian.sources" <<'END'
Types: deb
URIs: http://ubuntu.example/ubuntu
Suites: noble noble-updates
Components: main
END
printf 'Suite: trixie\nBaseURI: http://five.example/debian/\nSuite: sid\nBaseURI: http://six.example/debian/\n' >"$tmp/template"
mirror
is "$out" "http://five.example/debian/" "another distribution's sources: apt's template for Debian"
: >"$tmp/template"
mirror
is "$status" 125 "... and a template without one: exit status"
LAB_MIRROR=http://four.example/debian mirror
is "$out" "http://four.example/debian/" "LAB_MIRROR is taken as it is"

# Files that the reader supplies.
echo "not a kernel" >"$tmp/file"
KERNEL_DEB=$tmp/file capture $fetch stock
is "$status" 125 "a wrong KERNEL_DEB: exit status"
like "$err" "$tmp/file is not the right file: its SHA-256 is not ${STOCK_SHA256:0:8}" "a wrong KERNEL_DEB: the reason"
KERNEL_DEB=/no/file capture $fetch stock
like "$err" "KERNEL_DEB=/no/file: cannot be read" "a missing KERNEL_DEB"
KERNEL_TARBALL=$tmp/file capture $fetch source
is "$status" 125 "a wrong KERNEL_TARBALL: exit status"
like "$err" "is not the right file: its SHA-256 is not ${TARBALL_SHA256:0:8}.*, nor $UPSTREAM_SHA256" "a wrong KERNEL_TARBALL: the reason"
is "$(find "$tmp/cache" -name 'linux-*' -o -name 'stock-*')" "" "nothing half-made is left"

# A download that was damaged later is fetched again, and not refused for ever.
mkdir -p "$tmp/cache/downloads"
echo "half a kernel" >"$tmp/cache/downloads/$STOCK_PACKAGE.deb"
LAB_MIRROR=http://127.0.0.1:9/debian capture $fetch stock
is "$status" 125 "a damaged download, and no mirror: exit status"
like "$err" "\.deb is damaged, so it is fetched again" "... what it does"
ok "... and what is damaged is gone" test ! -e "$tmp/cache/downloads/$STOCK_PACKAGE.deb"

# Paths that commands, which are words, cannot have.
for place in "$tmp/a b" "$tmp/a;b"; do
	KVM_BOOK_CACHE=$place capture tools/lab/lab kernel stock
	is "$status" 125 "a cache at $place: exit status"
	like "$err" "the lab cannot be at $place:.*export KVM_BOOK_CACHE=DIR" "... and what to do"
done

# A mirror that cannot be reached.
LAB_MIRROR=http://127.0.0.1:9/debian capture $fetch sysroot
is "$status" 125 "no mirror: exit status"
like "$err" "could not be fetched: is the network there" "no mirror: the reason"
ok "no mirror: no sysroot" test -z "$(find "$tmp/cache" -maxdepth 1 -name 'sysroot-*' ! -name '*.partial')"

# A QEMU for --mode nested: the installed one, if it is of version 9 or newer.
mkdir "$tmp/bin"
# qemu VERSION: what fetch does where that is installed.
qemu() {
	printf '#!/bin/sh\necho "QEMU emulator version %s (Debian 1)"\n' "$1" >"$tmp/bin/qemu-system-aarch64"
	chmod +x "$tmp/bin/qemu-system-aarch64"
	LAB_MIRROR=http://127.0.0.1:9/debian PATH=$tmp/bin:$PATH capture $fetch qemu
}
qemu 10.0.13
is "$status:$out" 0:qemu-system-aarch64 "QEMU 10 is installed: that one"
qemu 9.0.2
is "$status:$out" 0:qemu-system-aarch64 "QEMU 9, too"
qemu 8.2.2
is "$status:$out" "125:" "QEMU 8 is too old, and no mirror there"
like "$err" "could not be fetched: is the network there" "... the reason"
printf '#!/bin/sh\necho riscv64\n' >"$tmp/bin/uname"
chmod +x "$tmp/bin/uname"
qemu 7.2.22
is "$status:$out" "125:" "neither for a machine of which Debian's is not fetched"
like "$err" "needs QEMU 9, which is not installed, and Debian's is fetched for x86-64 and arm64 alone" "... the reason"

capture $fetch moon
is "$status" 2 "wrong usage"

# clean says what and how much, and asks.
mkdir -p "$tmp/cache/x"
capture tools/lab/lab clean </dev/null
is "$status" 2 "clean without a terminal wants --yes"
like "$err" "would remove $tmp/cache \([0-9.]+[KMG]" "and says what and how much"
ok "and removes nothing" test -d "$tmp/cache/x"
capture tools/lab/lab clean --yes
ok "clean --yes removes it" test ! -e "$tmp/cache"

# A compiler that is only now installed, or replaced: the name of a kernel has
# its version in it.
mkdir -p "$tmp/new/tools" "$tmp/new/bin"
cp -r tools/lab "$tmp/new/tools"
compiler() { printf '#!/bin/sh\necho gcc %s\n' "$1" | tee "$tmp/new/bin/gcc" >"$tmp/new/bin/aarch64-linux-gnu-gcc"; chmod +x "$tmp/new/bin/"*; }
kernel_of() {
	compiler "$1"
	env PATH="$tmp/new/bin:$PATH" KVM_BOOK_CACHE="$tmp/new/cache" bash -c 'source tools/lab/common.sh; book_kernel_dir'
}
mkdir -p "$(kernel_of new)" "$(kernel_of old)"
want=$(kernel_of new)
compiler old
printf '#!/bin/sh\nsed -i s/old/new/ %s/*gcc\n' "$tmp/new/bin" >"$tmp/new/tools/need"
chmod +x "$tmp/new/tools/need"
capture env PATH="$tmp/new/bin:$PATH" KVM_BOOK_CACHE="$tmp/new/cache" "$tmp/new/tools/lab/build-kernel"
is "$status:$out" "0:$want" "the book's kernel is named after the compiler that is there in the end"
