#!/bin/bash
# Which version of the book the pages say they are, and where they come from.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 29
"$root/tools/need" git:git || bail 'no git'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z' TZ=UTC
page=build/book/01-open.html

# A repository that has the book's two files about its version, and book.md.
tree=$tmp/tree
mkdir -p "$tree/tools/book"
cp "$root"/tools/book/version{,.txt} "$tree/tools/book"
cp "$root/.gitattributes" "$tree"
echo 'title: x' >"$tree/book.md"
version() { (cd "$tree" && tools/book/version); }
in_tree() { git -C "$tree" -c init.defaultBranch=main -c commit.gpgsign=false "$@" >/dev/null 2>&1; }

is "$(version)" unknown 'a tree without git does not know its version'
in_tree init && in_tree add -A && in_tree commit -m x
commit=$(git -C "$tree" rev-parse --short=7 HEAD)
is "$(version)" "$commit, 2026-01-02" 'a commit, and its day'
echo >>"$tree/book.md"
is "$(version)" "$commit+, 2026-01-02" '... with a sign that something has changed since'
in_tree checkout book.md
unpack() { rm -rf "$tmp/archive"; mkdir "$tmp/archive"; git -C "$tree" archive HEAD | tar -x -C "$tmp/archive"; }
unpack
is "$(cd "$tmp/archive" && tools/book/version)" "$commit, 2026-01-02" 'an archive that git made has both'
in_tree tag v2
is "$(version)" "v2, 2026-01-02" 'a tag is its name'
unpack
is "$(cd "$tmp/archive" && tools/book/version)" "v2, 2026-01-02" '... in the archive, too'
echo y >"$tree/y" && in_tree add y && in_tree commit -m y
like "$(version)" '^v2-1-g[0-9a-f]{7}, 2026-01-02$' '... and after it'
mkdir -p "$tree/copy" && cp -r "$tmp/archive/." "$tree/copy"
cp "$root/tools/book/version.txt" "$tree/copy/tools/book"
is "$(cd "$tree/copy" && tools/book/version)" unknown 'a copy inside of another repository is not of its version'
: >"$tmp/archive/tools/book/version.txt"
is "$(cd "$tmp/archive" && tools/book/version)" unknown '... and an empty file says nothing'
echo "$commit+, 2026-01-02" >"$tmp/archive/tools/book/version.txt"
(cd "$tmp/archive" && git init -q . && git add book.md && git -c commit.gpgsign=false commit -qm theirs)
is "$(cd "$tmp/archive" && tools/book/version)" "$commit+, 2026-01-02" 'the tree for students, which they keep in a repository of theirs, is of the version of the book'
check 'version --help' grep -q '^usage: tools/book/version' <("$root/tools/book/version" --help)
check '... and refuses what it does not know' bash -c '"$0/tools/book/version" x >/dev/null 2>&1; test $? = 2' "$root"

# The pages of a book, which stamp brings up to date.
sample
check 'the book builds' builds book
check 'its pages say what is known' holds $page '<p>Version <span class="version">unknown</span>.</p>'
check 'no repository is named, so no link leads there' bash -c '! grep -qE "class=.origin|Report a mistake|class=.source-link" build/book/*.html'
check 'all pages have the icon' bash -c 'cmp "$0/tools/book/icon.svg" build/book/icon.svg && ! grep -L "rel=.icon. href=.icon.svg." build/book/*.html | grep .' "$root"
git init -q . && git add book.md chapters && git -c commit.gpgsign=false commit -qm x
short=$(git rev-parse --short=7 HEAD)
touch -r $page before
check 'a commit is no reason to make pages again' bash -c 'make book >said 2>&1 && ! grep -E "PAGE|LIST" said'
check '... but every page has it' test "$(grep -lF "<span class=\"version\">$short, 2026-01-02</span>" build/book/*.html | wc -l)" = "$(find build/book -maxdepth 1 -name '*.html' | wc -l)"
check '... and its time' bash -c 'test ! build/book/01-open.html -nt before && test ! before -nt build/book/01-open.html'
check 'and then there is nothing to do' bash -c 'make book | diff - <(echo "The book is up to date: build/book/index.html")'
touch chapters/01-open.md
check 'a page that is made again has it at once' bash -c "make $page >said && grep -qF '>$short, 2026-01-02<' $page"
check 'stamp --help' grep -q '^usage: stamp' <("$root/tools/book/stamp" --help)
check '... and refuses what is no folder' bash -c '"$0/tools/book/stamp" none x >said 2>&1; test $? = 2' "$root"
"$root/tools/book/stamp" build/book 'a <b> & c'
check 'what is written is text' holds $page '<span class="version">a &lt;b&gt; &amp; c</span>.</p>'

# One line of book.md says where the repository is.
repository() {
	sed -i "/^repository:/d; s,^lang:,repository: $1\n&," book.md
	make build/book/index.html $page build/book/01-open-tree.html >said 2>&1
}
repository https://github.com/someone/kvm-book
check 'on GitHub: the file of a chapter, and a report that names it' bash -c "grep -qF 'href=\"https://github.com/someone/kvm-book/blob/HEAD/chapters/01-open.md\"' $page &&
	grep -qF 'href=\"https://github.com/someone/kvm-book/issues/new?title=01-open%3A%20\"' $page && grep -qF /blob/HEAD/book.md build/book/index.html &&
	grep -qF /blob/HEAD/traces/6.18.15/vhe/01-open.kvt build/book/01-open-tree.html"
repository https://gitlab.example.org/group/kvm/book
check 'on a GitLab' bash -c "grep -qF 'https://gitlab.example.org/group/kvm/book/-/blob/HEAD/chapters/01-open.md\"' $page && grep -qF '/-/issues/new?issue[title]=01-open%3A%20\"' $page"
repository https://codeberg.org/someone/book
check 'on Codeberg' holds $page 'href="https://codeberg.org/someone/book/src/branch/main/chapters/01-open.md"'
check 'what is no address is refused' bash -c 'sed -i "s,^repository:.*,repository: my repository," book.md; ! make "$0" >said 2>&1 && grep -qE "^book.md:[0-9]+: repository: is no address of a repository, such as https://github.com/OWNER/NAME: my repository$" said' $page
sed -i '/^repository:/d' book.md
check 'without the line there are no such links again' bash -c "make $page >said && ! grep -q class=.origin $page"
