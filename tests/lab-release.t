#!/bin/bash
# Another kernel than the book's: which one a name means, how it is fetched, and
# that nothing of it goes where the book's things are.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
book=$RELEASE real_cache=${KVM_BOOK_CACHE-}
# shellcheck source-path=SCRIPTDIR source=lab/archive.sh
source tests/lab/archive.sh
plan 54

# --- a mirror with kernels that nobody has pinned ----------------------------
# Up to 6.18 the kernel is in linux-image, later in linux-binary, and its
# configuration, if it is kept, in linux-base.
pool() { echo "$tmp/pool/$1.deb"; }
version=+deb13-cloud-arm64
old=linux-image-8.9.1$version new=linux-binary-9.1.12$version
package $old 8.9.1-1 "$(pool $old)" boot/vmlinuz-8.9.1$version "Image 8.9.1" boot/config-8.9.1$version "config 8.9.1" usr/lib/modules/x.ko.xz module
package $new 9.1.12-1 "$(pool $new)" usr/lib/modules/9.1.12$version/vmlinuz "Image 9.1.12"
package linux-base-9.1.12$version 9.1.12-1 "$(pool linux-base-9.1.12$version)" usr/lib/modules/9.1.12$version/config "config 9.1.12"
package linux-image-9.1.12$version 9.1.12-1 "$(pool linux-image-9.1.12$version)" usr/share/doc/x/y nothing
package linux-binary-9.1.2$version 9.1.2-1 "$(pool linux-binary-9.1.2$version)" boot/vmlinuz-9.1.2$version "Image 9.1.2"
package linux-image-9.0.1$version 9.0.1-1 "$(pool linux-image-9.0.1$version)" usr/share/doc/x/y nothing
package linux-image-9.2.1$version-unsigned 9.2.1-1 "$(pool linux-image-9.2.1$version-unsigned)" boot/vmlinuz x
for deb in "$tmp"/pool/*.deb; do
	cat "$deb.control"
	printf 'Filename: pool/%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(size "$deb")" "$(sum sha256 "$deb")"
done >"$tmp/Packages"
: >"$tmp/Sources"
make_lists "$tmp/Packages" "$tmp/Sources"
start_archive
all=()
for deb in "$tmp"/pool/*.deb; do
	all+=("/debian/pool/${deb##*/} right $deb")
done
serve "${all[@]}"

# --- which release a name means ----------------------------------------------
# means NAME RELEASE
means() {
	capture "$tools/lab/lab" release "$1"
	is "$status:$out" "0:$2" "$1 is $2"
}
no_release() {
	capture "$tools/lab/lab" release "$1"
	is "$status" 2 "there is no release \"$1\""
	like "$err" "$2" "... and which there are"
}
LAB_MIRROR=http://127.0.0.1:9 means 6.12 6.12.117
LAB_MIRROR=http://127.0.0.1:9 means 7.3.4 7.3.4
means "${book%.*}" "$book"
means "$book" "$book"
ok "what is pinned needs no network" test ! -e "$tmp/table.asked"
capture env LAB_MIRROR=http://127.0.0.1:9 "$tools/lab/lab" release 8.9
like "$status:$err" "^125:.*is the network there.*known without its lists are 6.12.117 $book 7.3.4" "... the rest does"
means 8.9 8.9.1
means 9.1 9.1.12
means 9.1.2 9.1.2
no_release 9 "release \"9\": must be a number like 6.12 or 7.3.4; known are 6.12.117 $book 7.3.4"
no_release 9.1.1 "Debian's mirror has no Linux 9.1.1; known are 6.12.117 $book 7.3.4"$'\n'"lab: the mirror also has releases of 8.9 9.0 9.1"
no_release 9.2 "no Linux 9.2"
no_release "../7.3" "must be a number"
no_release "" "must be a number"
capture "$tools/lab/lab" releases
is "$status:$out" "0:6.12.117"$'\n'"$book"$'\n'"7.3.4"$'\n'"8.9.1"$'\n'"9.0.1"$'\n'"9.1.2"$'\n'"9.1.12" "releases prints them all"

# --- how it is fetched -------------------------------------------------------
# fetched RELEASE FILE...: has these files and no others.
fetched() {
	local release=$1 file
	shift
	capture "$tools/lab/lab" kernel auto "$release"
	is "$status:$out:$(ls "$out")" "0:$tmp/cache/kernels/stock-$release:$(printf '%s\n' "$@")" "Linux $release is fetched"
	for file; do
		[[ $file == version ]] || is "$(<"$out/$file")" "$file $release" "... its $file"
	done
	is "$(<"$out/version")" "$release$version" "... how it calls itself"
}
fetched 8.9.1 Image config version
fetched 9.1.12 Image config version
fetched 9.1.2 Image version
capture env LAB_MIRROR=http://127.0.0.1:9 "$tools/lab/lab" kernel stock 9.1
is "$status:$out" "0:$tmp/cache/kernels/stock-9.1.12" "what is here needs no network"
capture "$tools/lab/lab" kernel stock 9.0
like "$status:$err" "^125:.*Debian's packages of Linux 9.0.1 have no kernel" "a package without a kernel"
is "$(find "$tmp/cache/kernels" -name 'stock-9.0*')" "" "... of which nothing is left"
rm -r "$tmp/cache/kernels/stock-8.9.1"
serve
capture "$tools/lab/lab" kernel stock 8.9
like "$status:$err" "^125:.*the mirror's lists have Linux 8.9.1, but the mirror does not have all of: ${old//+/.}" "a list is no promise"
LAB_SNAPSHOT='' capture "$tools/lab/lab" kernel stock 7.3
like "$status:$err" "^125:.*linux-binary-7.3.4.* could not be had:.*put it at $tmp/cache/downloads/linux-binary-7.3.4" "a pinned one that nobody has: what to do"
capture "$tools/lab/lab" kernel book 9.1
like "$status:$err" "^2:.*the book's kernel is Linux $book, and of 9.1.12 there is only Debian's: say --kernel stock" "the book's kernel is of one release"

# --- what it must not touch --------------------------------------------------
guest=README.md	# is never run
capture "$tools/lab/lab" run --release 7.x $guest
like "$status:$err" "^2:.*known are 6.12.117 $book 7.3.4" "run --release of nonsense"
capture "$tools/lab/lab" run --release 9.1 --kernel book $guest
is "$status" 2 "run --release with the book's kernel"
capture tools/trace/capture --release 7.3 -o "traces/$book/vhe/04-vcpu.kvt" $guest
like "$status:$err" "^2:.*there are the captures of Linux $book, and this is one of 7.3.4" "its captures are not for the folder of the book's"

# --- the real ones -----------------------------------------------------------
unset LAB_MIRROR LAB_SNAPSHOT LAB_KERNEL_ORG KVM_BOOK_CACHE APT_CONFIG
[[ ! $real_cache ]] || export KVM_BOOK_CACHE=$real_cache
# shellcheck source-path=SCRIPTDIR source=lab/lab.sh
source tests/lab/lab.sh
capture make -n run-04 RELEASE=7.3
like "$out" "lab run .*--release '7.3' .*-- build/code/04-vcpu" "make run-04 RELEASE="
capture env RELEASE=7.3 make -n run-04
like "$out" "--release '7.3'" "... which may be in the environment"
capture make -n trace-04 RELEASE=6.12
like "$out" "dir=build/traces/..tools/lab/lab release '6.12'.*capture --quiet .*--release '6.12'" "make trace-04 RELEASE= has a folder of its own"
like "$out" "--symbols traces/$book/symbols.tsv" "... and the book's tables, which kvt leaves out"
capture make -n lab RELEASE="7.3'; echo"
like "$out" "lab shell .*--release '7.3'[\\]''; echo'" "make lab RELEASE=, a word for the shell"
capture make -n traces RELEASE=7.3
like "$status:$err" "^2:.*RELEASE= is for run-NN, trace-NN, lab, fetch and new-kernel" "make traces is of the book's release"
for release in 6.12.117 7.3.4; do
	capture $lab kernel stock $release
	if ((status)); then
		skip 4 "Linux $release cannot be had here: $(tail -n 1 <<<"$err")"
		continue
	fi
	capture $lab run --release "${release%.*}" $guest dmesg
	like "$out" "Linux version ${release//./\\.}\+deb13-cloud-arm64.*VHE mode initialized" "Linux $release runs, with KVM"
	capture make -s trace-03 RELEASE="${release%.*}"
	is "$status:$(sed -n 's/^kernel \([^ ]*\) .*/\1/p' "build/traces/$release/03-vm.kvt")" "0:$release+deb13-cloud-arm64" "... and is recorded"
	like "$out" "KVM_CREATE_VM, 0.*kvm_dev_ioctl\(" "... and shown"
	like "$err" "symbols.tsv is of Linux $book, but .* is of $release.*: the places of functions are left out" "... without places of the book's release"
done
