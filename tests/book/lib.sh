# For tests/book-*.t: small books made of tests/book/sample, one a test.
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR source=../tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"

root=$PWD
tools/need pandoc:pandoc make:make || bail "no pandoc"
unset MAKEFLAGS MAKELEVEL V

# check NAME COMMAND...: like ok, but what a failed command printed is shown.
check()
{
	local name=$1 said
	shift
	said=$("$@" 2>&1)
	result $? "$name" || diag "$said"
}

# A fresh copy of the sample book, which becomes the working directory.
sample()
{
	rm -rf "$tmp/book"
	cp -r "$root/tests/book/sample" "$tmp/book"
	cd "$tmp/book" || exit 1
	{
		grep -E '^(RELEASE|Q|say) ' "$root/Makefile"
		printf 'KVT := %s\ninclude %s\n' "$root/tests/book/kvt" "$root/tools/book/book.mk"
	} >Makefile
}

holds()
{
	local status=0
	grep -qF -- "$2" "$1" || status=$?
	((status == 0)) || { echo "$1 does not hold (grep: $status): $2"; return 1; }
}
