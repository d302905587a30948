#!/bin/bash
# The archive forgets: what is pinned comes from elsewhere when the mirror has
# dropped it, and is taken only if it is what was pinned.  The mirror, the
# snapshot service and kernel.org are a server on this machine.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lab/archive.sh
source tests/lab/archive.sh
plan 40

# A kernel and its source of a few bytes: Debian's packages of them, and
# kernel.org's tarball, which is another file.
made=$tmp/made
deb=$made/linux-image-$RELEASE+deb13-cloud-arm64.deb
package linux-image-$RELEASE+deb13-cloud-arm64 "$RELEASE-1~bpo13+1" "$deb" boot/vmlinuz-x Image boot/config-x config
mkdir -p "$made/tree/linux-$RELEASE"
echo source >"$made/tree/linux-$RELEASE/README"
tar -cJf "$made/linux_$RELEASE.orig.tar.xz" -C "$made/tree" "linux-$RELEASE"
tar -cJf "$made/linux-$RELEASE.tar.xz" -C "$made/tree" --owner=other:1 "linux-$RELEASE"
seq 999 >"$made/wrong"

# The same tools, which want these files instead.
{
	echo "STOCK_SHA1=$(sum sha1 "$deb")"
	echo "STOCK_SHA256=$(sum sha256 "$deb")"
	echo "TARBALL_SHA1=$(sum sha1 "$made/linux_$RELEASE.orig.tar.xz")"
	echo "TARBALL_SHA256=$(sum sha256 "$made/linux_$RELEASE.orig.tar.xz")"
	echo "UPSTREAM_SHA256=$(sum sha256 "$made/linux-$RELEASE.tar.xz")"
} >"$tmp/sums"
cat "$tmp/sums" >>"$tools/lab/release"
# shellcheck disable=SC1091
source "$tmp/sums"

# The mirror's lists have the two files; whether it has them itself is another thing.
pool=/debian/pool
# lists PACKAGE TARBALL: as the lists have them, with the hashes of these files.
lists() {
	{
		cat "$deb.control"
		printf 'Filename: pool/linux.deb\nSize: %s\nSHA256: %s\n' "$(size "$1")" "$(sum sha256 "$1")"
	} >"$tmp/Packages"
	printf 'Package: linux\nBinary: x\nFormat: 3.0 (quilt)\nVersion: %s-1~bpo13+1\nDirectory: pool\nChecksums-Sha256:\n %s %s linux_%s.orig.tar.xz\n %s 9 linux_%s-1.dsc\n' \
		"$RELEASE" "$(sum sha256 "$2")" "$(size "$2")" "$RELEASE" "$(sum sha256 "$2")" "$RELEASE" >"$tmp/Sources"
	make_lists "$tmp/Packages" "$tmp/Sources"
}
lists "$deb" "$made/linux_$RELEASE.orig.tar.xz"
start_archive
snapshot_deb=/snapshot/file/$STOCK_SHA1
snapshot_tarball=/snapshot/file/$TARBALL_SHA1
upstream=/kernel/pub/linux/kernel/v${RELEASE%%.*}.x/linux-$RELEASE.tar.xz

# fetch WHAT "PATH HOW FILE"...: with a fresh cache, where the server has these.
fetch() {
	rm -rf "$tmp/cache" "$tmp/table.asked"
	serve "${@:2}"
	capture "$tools/lab/fetch" "$1"
	asked=$(grep -v dists "$tmp/table.asked" 2>/dev/null | tr '\n' ' ')
}
# has FILE WORD: of a kernel or a source that has been fetched.
has() { [[ $(<"$out/$1") == "$2" ]]; }
left() { find "$tmp/cache" -name '*.partial' -o -name it; }

# --- the mirror has it -------------------------------------------------------
fetch stock "$pool/linux.deb right $deb"
is "$status" 0 "the mirror has the kernel"
ok "... here it is" has Image Image
is "$asked" "$pool/linux.deb " "... and nobody else was asked"
fetch source "$pool/linux_$RELEASE.orig.tar.xz right $made/linux_$RELEASE.orig.tar.xz"
is "$status" 0 "the mirror has the source"
ok "... here it is" has README source

# --- it has dropped it -------------------------------------------------------
fetch stock "$snapshot_deb right $deb"
is "$status" 0 "a kernel that the mirror has dropped is in the snapshot service"
ok "... here it is" has Image Image
like "$err" "404 +Not Found.*lab: asking $address$snapshot_deb" "... a line says where"
is "$(left)" "" "... and nothing half-made is left"
fetch stock "$snapshot_deb moved /elsewhere" "/elsewhere right $deb"
is "$status" 0 "... which may have it elsewhere"
fetch source "$snapshot_tarball right $made/linux_$RELEASE.orig.tar.xz" "$upstream right $made/linux-$RELEASE.tar.xz"
is "$status" 0 "a source that the mirror has dropped is in the snapshot service"
unlike "$asked" "/kernel/" "... so that kernel.org is not asked"
fetch source "$upstream right $made/linux-$RELEASE.tar.xz"
is "$status" 0 "a source that Debian has lost is at kernel.org"
ok "... here it is" has README source
like "$asked" "$snapshot_tarball +$upstream" "... which was asked last"
rm -r "$tmp/cache/source"
: >"$tmp/table"
capture "$tools/lab/fetch" source
is "$status:$err" "0:lab: unpacking the source of Linux $RELEASE (1.7 GB)" "... and its file in the cache does as well"

# --- nobody has it -----------------------------------------------------------
fetch stock
is "$status" 125 "nobody has the kernel: exit status"
like "$err" "could not be had:"$'\n'"  the mirror does not have it.*"$'\n'"  $address$snapshot_deb: 404 +Not Found.*say KERNEL_DEB=FILE.*$STOCK_SHA256" \
	"... why, what to do, and by what to know it"
fetch source
like "$status:$err" "^125:.*$address$snapshot_tarball: 404.*$address$upstream: 404.*say KERNEL_TARBALL=FILE.*$TARBALL_SHA256; linux-$RELEASE.tar.xz with $UPSTREAM_SHA256 does" \
	"nobody has the source"

# --- half a file, a wrong file ----------------------------------------------
for how in half short; do
	fetch stock "$pool/linux.deb $how $deb" "$snapshot_deb right $deb"
	is "$status" 0 "the mirror sends half of it ($how): the snapshot service has it"
	ok "... whole" has Image Image
	fetch stock "$snapshot_deb $how $deb"
	is "$status:$(find "$tmp/cache/downloads" "$tmp/cache/kernels" -type f)" "125:" "the snapshot service sends half of it ($how)"
	fetch source "$snapshot_tarball $how $made/linux_$RELEASE.orig.tar.xz" "$upstream right $made/linux-$RELEASE.tar.xz"
	is "$status" 0 "... of the source ($how): kernel.org has it"
done
fetch stock "$snapshot_deb right $made/wrong"
like "$status:$err" "^125:.*$address$snapshot_deb sends another file: its SHA-256 is not $STOCK_SHA256" "the snapshot service sends a wrong file"
is "$(find "$tmp/cache/downloads" "$tmp/cache/kernels" -type f)" "" "... which is not kept"
fetch source "$upstream right $made/wrong"
like "$status:$err" "^125:.*$address$upstream sends another file: its SHA-256 is not $UPSTREAM_SHA256" "kernel.org sends a wrong file"
lists "$made/wrong" "$made/wrong"
fetch stock "$pool/linux.deb right $made/wrong" "$snapshot_deb right $deb"
is "$status" 0 "a mirror whose lists have a wrong file, too: the snapshot service has the right one"
fetch stock "$pool/linux.deb right $made/wrong"
like "$status:$err" "^125:.*the mirror sends another file: its SHA-256 is not $STOCK_SHA256" "... or nobody has"

# --- no mirror, nobody to ask, the reader's own file -------------------------
LAB_MIRROR=http://127.0.0.1:9/debian fetch stock "$snapshot_deb right $deb"
is "$status" 0 "a mirror that does not answer: the snapshot service has it"
LAB_MIRROR=http://127.0.0.1:9/debian LAB_SNAPSHOT=http://127.0.0.1:9 fetch stock
like "$status:$err" "^125:.*the lists could not be fetched.*  the mirror: see above.*Could not connect.*is the network there\?" "no network at all"
LAB_SNAPSHOT='' LAB_KERNEL_ORG='' fetch source "$snapshot_tarball right $made/linux_$RELEASE.orig.tar.xz"
unlike "$asked" "snapshot|kernel/" "an empty address: nobody is asked there"
# Where the address comes from when nobody says it.
service=$LAB_SNAPSHOT
unset LAB_SNAPSHOT
fetch stock "$snapshot_deb right $deb"
like "$status:$err" "^125:.*LAB_SNAPSHOT=URL has Debian's snapshot service asked" "an address that nobody knows: how to say it"
unlike "$asked" "snapshot" "... and nobody is asked"
printf 'Acquire::Snapshots::URI::Origin::Debian "%s/archive/debian/@SNAPSHOTID@/";\n' "$service" >"$tmp/apt.conf"
APT_CONFIG=$tmp/apt.conf fetch stock "$snapshot_deb right $deb"
is "$status" 0 "apt's configuration says it"
sed -i 's/"http/"no-http/' "$tmp/apt.conf"
APT_CONFIG=$tmp/apt.conf fetch stock "$snapshot_deb right $deb"
is "$status" 125 "... and it is the one that is asked"
export LAB_SNAPSHOT=$service
KERNEL_TARBALL=$made/linux-$RELEASE.tar.xz fetch source
is "$status" 0 "KERNEL_TARBALL may be kernel.org's"
