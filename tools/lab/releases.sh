# Which kernels tools/lab/fetch can get, and what a reader's name for one means.
# shellcheck shell=bash disable=SC2154 # tools/lab/fetch has the variables

# Pinned are the book's own, and those in releases.tsv.
pinned_releases() {
	{
		echo "$RELEASE"
		sed '/^#/d; s/\t.*//' "$lab_dir/releases.tsv"
	} | sort -uV
}

rows_of() {
	awk -F'\t' -v release="$1" '$1 == release' "$lab_dir/releases.tsv"
}

cached_releases() {
	[[ -d $cache/kernels ]] || return 0
	find "$cache/kernels" -maxdepth 1 -name 'stock-*' ! -name '*.partial' -printf '%f\n' | sed 's/^stock-//'
}

listed_packages() {
	private_apt apt-cache pkgnames | grep -E '^linux-(image|binary|base)-[0-9.]+\+deb[0-9.]+-cloud-arm64$' || true
}

listed_releases() {
	listed_packages | sed -nE 's/^linux-(image|binary)-([0-9.]+)\+.*/\2/p' | sort -uV
}

# The packages that hold the kernel of a release, as the mirror's lists have
# them: since 6.19 it is in linux-binary, and linux-image has nothing; its
# configuration is then in linux-base, of which not every release is kept.
packages_of() {
	local all kind package
	all=$(listed_packages | grep -F -- "-$1+" | sort -V)
	for kind in binary base image; do
		package=$(grep "^linux-$kind-" <<<"$all" | tail -n 1) || continue
		[[ $kind == image && $all == *linux-binary-* ]] || echo "$package"
	done
}

# The newest of the releases on standard input that a name means: a release, or
# a part of one up to a dot.
newest_of() {
	awk -v name="$1" '$0 == name || index($0, name ".") == 1' | sort -V | tail -n 1
}

in_a_line() { paste -sd' '; }

series() { sed -E 's/^([0-9]+\.[0-9]+).*/\1/' | uniq | in_a_line; }

# In the mirror's lists, which may be of another day than the mirror.
find_in_lists() {
	prepare_apt
	if [[ ! $(listed_releases | newest_of "$1") && $(find "$apt_root/fetched" -mmin +1440) ]]; then
		update_apt
	fi
	listed_releases | newest_of "$1"
}

# Prints which release a name means.  What is pinned or here needs no network.
find_release() {
	local found known
	known=$(pinned_releases | in_a_line)
	if [[ ! $1 =~ ^[0-9]+\.[0-9]+(\.[0-9]+)*$ ]]; then
		say "release \"$1\": must be a number like 6.12 or 7.3.4; known are $known"
		exit 2
	fi
	found=$(pinned_releases | newest_of "$1")
	[[ $found ]] || found=$(cached_releases | newest_of "$1")
	[[ $found ]] || found=$(find_in_lists "$1") ||
		die "so whether Debian has Linux $1 cannot be said; known without its lists are $known"
	if [[ ! $found ]]; then
		say "Debian's mirror has no Linux $1; known are $known"
		say "the mirror also has releases of $(listed_releases | series)"
		exit 2
	fi
	echo "$found"
}

print_releases() {
	local pinned
	pinned=$(pinned_releases)
	echo "$pinned"
	prepare_apt
	listed_releases | grep -vxF "$pinned"
}
