# A mirror, a snapshot service and kernel.org on this machine, and a copy of the
# tools that takes what they have.  Sourced after tests/tap.sh.
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
export KVM_BOOK_CACHE=$tmp/cache
unset KERNEL_DEB KERNEL_TARBALL
# apt tries again at once here.
export APT_CONFIG=$tmp/apt.conf
echo 'Acquire::Retries::Delay "false";' >"$APT_CONFIG"

# No key of ours signs the mirror's lists.
tools=$tmp/tools
cp -r tools "$tools"
sed -i 's/signed-by=\$keyring/trusted=yes/' "$tools/lab/fetch"
grep -q 'trusted=yes' "$tools/lab/fetch" || bail "tools/lab/fetch says otherwise how lists are signed"

sum() { "${1}sum" <"$2" | cut -d' ' -f1; }
size() { stat -c %s "$1"; }

# package NAME VERSION DEB [FILE TEXT]...: makes a package; DEB.control describes it.
package() {
	local deb=$3 root
	root=$(mktemp -d "$tmp/package.XXXXXX")
	mkdir -p "$root/DEBIAN" "${deb%/*}"
	printf 'Package: %s\nVersion: %s\nArchitecture: arm64\nMaintainer: x\nDescription: x\n' "$1" "$2" >"$root/DEBIAN/control"
	cp "$root/DEBIAN/control" "$deb.control"
	shift 3
	while (($#)); do
		mkdir -p "$root/${1%/*}"
		echo "$2" >"$root/$1"
		shift 2
	done
	dpkg-deb -b "$root" "$deb" >/dev/null
}

# make_lists PACKAGES SOURCES: of each suite that the tools look at.
make_lists() {
	local suite
	mkdir -p "$tmp/dists"
	cp "$1" "$tmp/dists/Packages"
	cp "$2" "$tmp/dists/Sources"
	printf 'Origin: x\nSuite: x\nDate: %s\nSHA256:\n %s %s main/binary-arm64/Packages\n %s %s main/source/Sources\n' \
		"$(date -Ru)" "$(sum sha256 "$1")" "$(size "$1")" "$(sum sha256 "$2")" "$(size "$2")" >"$tmp/dists/Release"
	for suite in trixie trixie-backports; do
		cat <<-LINES
			/debian/dists/$suite/Release right $tmp/dists/Release
			/debian/dists/$suite/main/binary-arm64/Packages right $tmp/dists/Packages
			/debian/dists/$suite/main/source/Sources right $tmp/dists/Sources
		LINES
	done >"$tmp/lists"
}

# serve "PATH HOW FILE"...: what the server has now, besides the lists.
serve() {
	cp "$tmp/lists" "$tmp/table"
	(($# == 0)) || printf '%s\n' "$@" >>"$tmp/table"
}

start_archive() {
	local i
	: >"$tmp/table"
	tests/lab/archive "$tmp/table" >"$tmp/address" &
	server=$!
	trap 'kill $server; rm -rf "$tmp"' EXIT
	for ((i = 0; i < 100; i++)); do
		[[ ! -s $tmp/address ]] || break
		sleep 0.1
	done
	address=$(<"$tmp/address")
	[[ $address ]] || bail "tests/lab/archive does not start"
	export LAB_MIRROR=$address/debian LAB_SNAPSHOT=$address/snapshot LAB_KERNEL_ORG=$address/kernel
}
