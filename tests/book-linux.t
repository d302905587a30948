#!/bin/bash
# The kernel's lines next to the book: make book LINUX=DIR, on a small book and
# a small tree, and on two real pages if the source is in the cache.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 48
web=https://elixir.bootlin.com/linux/v$release/source/

made()
{
	make book "$@" >said 2>&1 || { cat said; return 1; }
	holds said 'The book is ready: build/book/index.html'
}

# made_pages COUNT ARGUMENT...: make makes that many pages by pandoc.
made_pages()
{
	local count=$1
	shift
	made "$@" && { [[ $(grep -c '  PAGE ' said) == "$count" ]] || { cat said; return 1; }; }
}

up_to_date()
{
	make book "$@" >said 2>&1
	diff - said <<<'The book is up to date: build/book/index.html'
}

# refused MESSAGE ARGUMENT...: make says this, and makes nothing.
refused()
{
	local message=$1
	shift
	! make book "$@" >said 2>&1 || { echo 'make had nothing against it'; return 1; }
	holds said "$message" && { ! grep '  PAGE ' said; }
}

sample
tree linux
# Chapter 4 without its tree, which the page with the whole capture has.
sed -i '/^::: {.trace .*depth="4"}/,/^:::$/d' chapters/04-vcpu.md

# Without LINUX, and what is refused.
check 'what is no directory' refused "LINUX=nowhere: there is no such directory; LINUX=auto takes the source of Linux $release" LINUX=nowhere
mkdir empty
check 'what is no kernel' refused 'LINUX=empty is no tree of the kernel'"'"'s source: it must hold arch/arm64/kvm and the Makefile' LINUX=empty
tree other 1
check 'another version' refused "LINUX=other is Linux ${release%.*}.1, and the book is of $release, whose lines have other numbers: give a tree of $release" LINUX=other
check 'a book without the kernel' made
check 'has no line of it' bash -c '! grep -rl "kernel_line" build && test ! -e build/book/source'
check '... and leads to the web' holds build/book/01-open.html "href=\"${web}virt/kvm/kvm_main.c#L5522\""
cp -r build/book without

# With it.
check 'the kernel comes beside the book, and no page is made again for it' made_pages 0 LINUX=linux
check 'all links lead somewhere' "$root/tools/book/check-links" build/book
check 'a second time there is nothing to do' up_to_date LINUX=linux
page=build/book/source/virt/kvm/kvm_main.c.html
check 'a page for a file that the book links to' test -s $page
check 'and for no other' test ! -e build/book/source/Makefile.html
check 'the pages are valid HTML' tidy -q -e $page build/book/source/index.html build/book/01-open.html
check 'no link leads to the lines on the web' bash -c "! grep -l 'href=\"$web' build/book/*.html"
check 'a function in the text leads here' holds build/book/01-open.html 'href="source/virt/kvm/kvm_main.c.html#L5522" class="fn" title="virt/kvm/kvm_main.c:5522"'
check 'a citation' holds build/book/01-open.html 'href="source/virt/kvm/kvm_main.c.html#L5531" class="cite"'
check 'a function in a tree' grep -q '<a class="fn" href="source/virt/kvm/kvm_main.c.html#L' build/book/04-vcpu-tree.html
check 'manual pages stay where they are' holds build/book/01-open.html 'href="https://man7.org/linux/man-pages/man2/ioctl.2.html"'
check 'the lines are as the file has them' bash -c \
	'diff <(sed -n "/<pre/,/<\/pre>/p" $0 | sed -E "s/<span class=\"shown\">[^\n]*<\/a><\/span>//; s/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g" | head -n 6000) linux/virt/kvm/kvm_main.c' $page
check 'each with its number' holds $page '<span class="line" id="L5522" data-n="5522">'
check 'and in color' holds $page '<span class="co">/* in virt/kvm/kvm_main.c */</span>'
check 'as pandoc would have it' holds $page '<span class="st">"a&lt;b"</span>'
check 'style and script are the book'"'"'s' bash -c 'grep -q "<base href=\"../../../\">" $0 && grep -q "href=\"style.css\"" $0 && grep -q "src=\"book.js\"" $0 && grep -q "class=\"home\" href=\"index.html\"" $0' $page
check 'the page says whose license it has' holds $page 'under GPL-2.0-only; it is not under the book'"'"'s license'
check 'the chapters say so, too' holds build/book/01-open.html 'beside it are under GPL-2.0; this copy must not be published'
check 'a function leads back to the chapters' grep -q '<span class="shown">In chapter <a href="01-open.html#[a-z-]*" title="chapter 1: [^"]*">1</a></span><span class="line" id="L5522"' $page
check 'a citation counts for its function' bash -c '! grep -q "class=\"shown\">.*id=\"L5531\"" $0' $page
check 'where no text shows it, to the capture' grep -q '<span class="shown">In chapters .* <a class="whole-capture" href="04-vcpu-tree.html#[a-z]*-[^"]*" title="chapter 4: the whole capture">4</a></span><span class="line" id="L118"' build/book/source/drivers/char/misc.c.html
check 'a list of what the chapters show' holds $page '<li><a href="source/virt/kvm/kvm_main.c.html#L5522"><code>kvm_dev_ioctl()</code></a></li>'
check 'a list of the files' holds build/book/source/index.html '<a href="source/virt/kvm/kvm_main.c.html">'

# The lines around a place.
data=build/book/source/virt/kvm/kvm_main.c.js
ok 'the lines around each place, for the script' holds $data '5531: [5527, 5535, "kvm_dev_ioctl()"]'
check 'of a definition from its first line on' holds $data '5522: [5521, 5532, "kvm_dev_ioctl()"]'
check 'but not the whole file' bash -c '! grep -q "^3000:" $0' $data
if type -P node >/dev/null; then
	check 'the script can read them' node -e 'global.window = {}; require("vm").runInThisContext(require("fs").readFileSync(process.argv[1], "utf8"));
		const file = window.SOURCE["virt/kvm/kvm_main.c"]; if (file.license !== "GPL-2.0-only" || file.lines[5521] !== "<span class=\"kw\">static</span> <span class=\"dt\">long</span>") throw file.lines[5521]' $data
else
	skip 1 'no node'
fi

# What changes, and what goes away. The first page says how long a chapter is.
sed -i 's/first of three/first of the three/' chapters/01-open.md
check 'a changed chapter makes its pages again, and its links lead here' made_pages 4 LINUX=linux
check 'nothing leads to the web' bash -c "! grep -l 'href=\"$web' build/book/*.html"
cp -r linux same
check 'another directory of the same kernel will do' made_pages 0 LINUX=same
sed -i '5531s/kernel_line/kernel_changed/' same/virt/kvm/kvm_main.c
rm build/book/.checked
check '... and a file that has changed is read again' bash -c 'make book LINUX=same && grep -q kernel_changed build/book/source/virt/kvm/kvm_main.c.html'
check 'what is made to be passed on' make book-published
check '... has nothing of the kernel' bash -c '! grep -rl "kernel_line" build'
made LINUX=same
sed -i 's/first of the three/first of three/' chapters/01-open.md
check 'without LINUX the kernel goes away, and only what changed is made' made_pages 4
check 'nothing of it is left' diff -r -x .linux -x .checked -x .deps without build/book
check 'and there is nothing to do again' up_to_date

# What a tree lacks.
sed -i '5000,$d' linux/virt/kvm/kvm_main.c
check 'a line that the file has not' refused 'broken link: virt/kvm/kvm_main.c has 4999 lines, and no line 5522' LINUX=linux
check 'leaves no line of the kernel behind' bash -c '! grep -rl kernel_line build'
rm linux/virt/kvm/kvm_main.c
check 'a file that is not there' refused 'broken link: there is no virt/kvm/kvm_main.c in ' LINUX=linux
check 'wrong usage' bash -c '"$0"; test $? = 2' "$root/tools/book/source-pages"
check '--help' bash -c '"$0" --help | grep -q "^usage: source-pages"' "$root/tools/book/source-pages"

# The real tree.
cd "$root" || exit 1
source=${KVM_BOOK_CACHE:-$HOME/.cache/kvm-on-arm64}/source/linux-$release
real()
{
	local out=$tmp/real
	make -s BOOK_OUT="$out" "$out"/{04-vcpu,04-vcpu-tree}.html "$out/.deps/source.page" &&
		tools/book/source-pages --base "$web" --kernel "$release" --tree "$(tools/book/source-pages --check --kernel "$release" "$source")" \
			--symbols "traces/$release/symbols.tsv" --page "$out/.deps/source.page" "$out" || return 1
	! tools/book/check-links "$out" 2>&1 | grep -F 'source/virt/kvm/kvm_main.c' | grep -v '\.\(css\|js\))$\|glossary\|index\|functions\|ioctls\|errors' || return 1
	holds "$out/source/virt/kvm/kvm_main.c.html" '<a href="04-vcpu.html#into-the-kernel" title="chapter 4: Into the kernel">4</a></span><span class="line" id="L4158"'
}
if [[ -d $source && -x build/kvt/kvt ]]; then
	check 'chapter 4 beside the real source' real
else
	skip 1 'the kernel'"'"'s source is not in the cache (tools/lab/lab source)'
fi
