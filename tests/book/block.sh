# For tests/book-*.t of one block of a chapter, after lib.sh: page is the page with it, and block makes the small book
# whose chapter has it.  Each test begins with that book.
# shellcheck shell=bash disable=SC2154

# make_page CHANGE: builds the page after a change of the book.
make_page()
{
	block
	eval "$1"
	make "$page" >said 2>&1
}

builds() { make_page "$1" || { cat said; return 1; }; }

# refused PATTERN CHANGE: the build stops and says PATTERN, and leaves no page.
refused()
{
	if make_page "$2"; then
		cat said
		echo 'the build did not stop'
		return 1
	fi
	[[ ! -e $page ]] || { echo "there is a page"; return 1; }
	grep -qE -- "$1" said || { cat said; echo "expected: $1"; return 1; }
}

# refuses NAME PATTERN CHANGE
refuses() { check "refused: $1" refused "$2" "$3"; }

# in_book COMMAND...: in the book of the check before.
in_book() { cd "$tmp/book" && "$@"; }
