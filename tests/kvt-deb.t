#!/bin/bash
# The Debian package kvt: it is built, lintian has nothing to say, and what is
# installed shows a capture with the tables that came along.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 17

missing=''
for tool in dh lintian dpkg-buildpackage; do
	type -P $tool >/dev/null || missing+=" $tool"
done
if [[ $missing ]]; then
	skip 17 "there is no${missing// / } here: make test-kvt-deb installs what it takes"
	exit
fi

# Only what the package is built from, so that it needs nothing else.
tree=$tmp/build/kvt
mkdir -p "$tree"
git ls-files -z Makefile LICENSE debian tools "traces/$RELEASE/*.tsv" | xargs -0 cp --parents -t "$tree"
capture env -C "$tree" DEB_BUILD_OPTIONS=parallel=2 dpkg-buildpackage -us -uc -b
is "$status" 0 "dpkg-buildpackage -us -uc -b"
[[ $status == 0 ]] || diag "$(tail -n 30 "$tmp/out" "$tmp/err")"
deb=("$tmp"/build/kvt_*.deb)
ok "... makes one package" test "${#deb[@]}" = 1 -a -e "${deb[0]}"
capture lintian --allow-root --fail-on error,warning --info "$tmp"/build/kvt_*.changes
is "$status $out" "0 " "lintian has nothing to say"
like "$(dpkg-deb -f "${deb[0]}" Depends)" "libc6.*libtracefs1" "it asks for the libraries that it is linked with"
is "$(dpkg-deb -f "${deb[0]}" Version)" "$(dpkg-parsechangelog -l debian/changelog -S Version)" "its version is that of debian/changelog"

# Another root, so that the machine stays as it is.
root=$tmp/root
mkdir -p "$root"/var/lib/dpkg/{updates,info}
touch "$root"/var/lib/dpkg/{status,available}
to_root() { dpkg --root="$root" --force-not-root --force-depends --log=/dev/null "$@" >"$tmp/dpkg" 2>&1; }
ok "dpkg installs it" to_root -i "${deb[0]}"
kvt=$root/usr/bin/kvt
unset KVT_SYMBOLS
capture "$kvt" --help
is "$status" 0 "... and kvt runs"
ours=traces/$RELEASE/vhe/03-vm.kvt
capture "$kvt" show "$ours"
place=$(awk -F'\t' '$1 == "kvm_dev_ioctl" { print $3 ":" $4; exit }' "traces/$RELEASE/symbols.tsv")
like "$status $out" "^0 .*$place" "... and shows where functions are, by the table that came along"
is "$err" "" "... without a word"
is "$out" "$(build/kvt/kvt show --symbols "traces/$RELEASE/symbols.tsv" "$ours")" "... the same as this tree's kvt with this tree's table"
capture "$kvt" show --gaps "$ours"
is "$out" "$(build/kvt/kvt show --gaps --symbols "traces/$RELEASE/symbols.tsv" "$ours")" "... what no tracer sees as well"
capture "$kvt" cover "$ours"
is "$status $out" "0 $(build/kvt/kvt cover --symbols "traces/$RELEASE/symbols.tsv" "$ours")" "... and coverage"
capture env KVT_SYMBOLS="$tmp/nothing.tsv" "$kvt" show "$ours"
like "$status $err" "^5 .*nothing.tsv" "KVT_SYMBOLS goes before what was installed"
for section in 1 5; do
	is "$(man -M "$root/usr/share/man" -w $section kvt)" "$root/usr/share/man/man$section/kvt.$section.gz" "man $section kvt"
done
# shellcheck source-path=SCRIPTDIR source=../tools/kvt/kvt.bash
source "$root/usr/share/bash-completion/completions/kvt"
is "$(complete -p kvt 2>&1)" "$(source tools/kvt/kvt.bash && complete -p kvt)" "bash completes it"
to_root -r kvt
is "$(find "$root/usr" -type f 2>/dev/null)" "" "removed, it leaves nothing"
