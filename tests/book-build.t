#!/bin/bash
# Builds a small book: checks what its pages hold, and what make makes again.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 78
"$root/tools/need" tidy:tidy jq:jq || bail 'no tidy or jq'

builds()
{
	make book >said 2>&1 || { cat said; return 1; }
	holds said 'The book is ready: build/book/index.html'
}

# rebuilds PAGE...: the next make book makes just these pages.
rebuilds()
{
	make book >said 2>&1 || { cat said; return 1; }
	# In any order: they are made side by side.
	diff <(printf '  PAGE    build/book/%s.html\n' "$@" | sort) <(grep PAGE said | sort)
}

change()
{
	sed -i "$1" "$2"
}

up_to_date()
{
	make book >said 2>&1
	diff - said <<<'The book is up to date: build/book/index.html'
}

# The text of a page as it is copied out of a browser: no tags, no attributes.
text()
{
	sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' "$1"
}

sample
check 'the book builds' builds
check 'the number of a chapter stays on its line' grep -q $'chapter\xc2\xa04' build/book/01-open.html
check 'a second time there is nothing to do' up_to_date
check 'one page each' test -s build/book/index.html -a -s build/book/01-open.html -a -s build/book/04-vcpu.html
check 'all pages are valid HTML' tidy -q -e build/book/index.html build/book/01-open.html build/book/04-vcpu.html
check 'V=1 shows commands' grep 'pandoc [+].* -d ' <(make -B V=1 book)

page=build/book/01-open.html
check 'nothing is loaded from outside' bash -c '! grep -nE "<iframe|(src|@import)[=(] *.?https?:|<link[^>]*https?:" build/book/*.html build/book/style.css build/book/book.js'
check 'language, main and skip link' bash -c 'grep -q "<html lang=\"en\">" $0 && grep -q "<main id=\"main-text\">" $0 && grep -q "class=\"skip\" href=\"#main-text\"" $0' $page
check 'the title comes from the chapter, with its number and part' bash -c 'grep -q "<h1>One device, one number</h1>" $0 && grep -q "Chapter 1<" $0 && grep -q "Part I: Doors" $0' $page
check 'the next chapter by book.md' holds $page '<a class="next" rel="next" href="04-vcpu.html">'
check 'and the one before' holds build/book/04-vcpu.html '<a class="previous" rel="prev" href="01-open.html">'
check 'the first page lists both' bash -c 'grep -q "href=\"01-open.html\"" $0 && grep -q "href=\"04-vcpu.html\"" $0' build/book/index.html

check 'a listing has a caption with its lines and function' \
	holds $page '<b>code/01-open.c</b>, lines 33–36, in <code>main()</code>'
check 'real line numbers, as attributes: they are not copied' holds $page '<span class="line" id="01-open.c:36" data-n="36">'
check 'faded context before it' holds $page '<span class="line before" data-n="30">'
check 'anchor lines are not shown' bash -c '! grep -E "\[/?(open|main|version)\]" $0' $page
check 'the text of the program, with its tabs' grep -qF $'\tint kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);' <(text $page)
check 'the whole program in a closed box' holds $page '<details class="whole"><summary>'
check 'a comment is coloured as one on its second line' holds $page '<span class="co"> * Opens the door'
check 'what the program printed' holds $page 'KVM API version 12'

check 'a function is a link to its source' holds $page \
	'<a href="https://elixir.bootlin.com/linux/v6.18.15/source/virt/kvm/kvm_main.c#L5522" class="fn" title="virt/kvm/kvm_main.c:5522"><code>kvm_dev_ioctl()</code></a>'
check 'its place follows the first time only' test "$(grep -o '</code></a><span class="place">[^<]*<span class="loc">kvm_main.c:5522</span></span>' $page | wc -l)" = 1
check 'a function of the program is no link' holds $page 'Now <code>main()</code>'
check 'neither is a call that the program makes' holds $page '<code>ioctl(kvm, KVM_GET_API_VERSION, 0)</code>'
check 'a call with arguments is a link' holds build/book/04-vcpu.html '<code>kvm_share_hyp(vcpu, vcpu + 1)</code></a>'
check 'another definition by file=' holds build/book/04-vcpu.html 'arch/arm64/kvm/hyp/nvhe/hyp-smp.c#L19'
check 'a manual page' holds $page 'href="https://man7.org/linux/man-pages/man2/ioctl.2.html"'
check 'a citation leads to its line' holds $page 'virt/kvm/kvm_main.c#L5531"'
check 'a citation of a definition' holds $page 'virt/kvm/kvm_main.c#L5557"'
check 'a link to another chapter' holds $page 'href="04-vcpu.html#the-call-tree"'
check 'an image is copied' cmp chapters/images/doors.png build/book/images/doors.png
check 'a solution is closed' holds $page '<details class="solution"><summary>Solution</summary>'
check 'exercises are numbered' holds $page 'Exercise 1.2'
check 'what no capture shows has its title' holds $page '<p class="box-title">What no capture shows</p>'
check 'a capture is there, with its caption and the command' bash -c \
	'grep -q "class=\"kvt-tree\"" $0 && grep -q "kvt show traces/6.18.15/vhe/01-open.kvt" $0' $page
check 'three modes side by side' test "$(grep -c '<p class="mode">' build/book/04-vcpu.html)" = 3

# Lines of the program and their trees.
check 'a line says what it woke' holds $page \
	'data-woke="1" title="KVM_GET_API_VERSION woke 1 kernel function; open the tree"'
check 'a line that ran twice' holds build/book/04-vcpu.html \
	'data-woke="9" title="KVM_CREATE_VCPU, 2 times, woke 9 kernel functions in 90 calls; open the tree"'
check 'the number is not copied with the code' bash -c '! grep "class=\"woke\"[^>]*>[^<]" build/book/*.html'
check 'a line leads to its tree' holds $page '<a class="woke" href="#tree-01-open.c:39"'
check 'the tree leads back' holds $page '<a class="loc" href="#01-open.c:39" title="the line of the program" id="tree-01-open.c:39">'
check 'an id stands once, however often the line is shown' \
	test "$(grep -c 'class="woke" href="#tree-01-open.c:39"' $page) $(grep -o 'id="01-open.c:39"' $page | wc -l)" = '3 1'
check 'a line without a tree on its page leads to the whole capture' holds build/book/04-vcpu.html \
	'href="04-vcpu-tree.html#tree-04-vcpu.c:11"'
check 'only the capture that was counted is led to' test "$(grep -o 'id="tree-' build/book/04-vcpu.html | wc -l)" = 1
tree=build/book/01-open-tree.html
check 'the whole capture has a page' holds $tree '<h1>The whole capture of 01-open</h1>'
check 'which leads back to the lines of the chapter' holds $tree '<a class="loc" href="01-open.html#01-open.c:33" title="the line of the program" id="tree-01-open.c:33">'
check 'and has them in a table' holds $tree '<td><a href="#tree-01-open.c:33">1</a></td>'
check 'the chapter leads to it' holds $page '<a href="01-open-tree.html">The whole capture'

# What two captures show differently.
check 'a diff is drawn' holds build/book/04-vcpu.html '<li class="leaf only-b">'
check 'with the names of its sides' holds build/book/04-vcpu.html \
	'<span class="sign">−</span> only in VHE mode</span>, <span class="only-b"><span class="sign">+</span> only in nVHE mode</span>'
check 'in the sum as well' holds build/book/04-vcpu.html '<p class="summary">1 only in nVHE mode</p>'
check 'its caption, and its command' bash -c \
	'grep -q "What nVHE does more" $0 && grep -q "kvt diff --syscall KVM_CREATE_VCPU --depth 4 traces/6.18.15/vhe/04-vcpu.kvt traces/6.18.15/nvhe/04-vcpu.kvt" $0' \
	build/book/04-vcpu.html
check 'a page depends on both captures' bash -c \
	'grep "^build/book/04-vcpu.html:" build/book/.deps/04-vcpu.d | grep "vhe/04-vcpu.kvt" | grep -q "nvhe/04-vcpu.kvt"'

change 's/first of three/first of the three/' chapters/01-open.md
# The first page says how long a chapter is.
check 'a changed chapter makes its pages again' rebuilds 01-open 01-open-tree glossary index
sed -i 's/API version %d/API number %d/' code/01-open.c
recapture_one code/01-open.c traces/6.18.15/vhe/01-open.kvt
change '' code/01-open.c
check 'so does its program' rebuilds 01-open 01-open-tree
change 's/= 5:vcpu/= 6:vcpu/' traces/6.18.15/nvhe/04-vcpu.kvt
seal traces/6.18.15/nvhe/04-vcpu.kvt
check 'so does any of its captures' rebuilds 04-vcpu
change 's/  kvm_no_compat_open/  kvm_dev_ioctl/' traces/6.18.15/vhe/04-vcpu.kvt
seal traces/6.18.15/vhe/04-vcpu.kvt
check 'so does what was counted, on the page of the whole capture, too' rebuilds 04-vcpu 04-vcpu-tree
change '' code/kvmbook.h
check 'so does a header that a capture was made with' rebuilds 04-vcpu
check 'and then there is nothing to do again' up_to_date
change '/kvm-nothing/d' book.md
check 'book.md makes all pages again' rebuilds 01-open 04-vcpu 01-open-tree 04-vcpu-tree glossary index
touch build/book/09-gone.html
change '' chapters/01-open.md
check 'a page that is no longer in the book goes away' bash -c 'make book && test ! -e build/book/09-gone.html'

change '' book.md
check 'make -j2 is handed on without a word' bash -c 'make -j2 book 2>&1 | diff - <(printf "The book is ready: build/book/index.html\n") | grep -v "PAGE\|LIST\|own lines" | grep "^<" && exit 1 || exit 0'

# What an earlier chapter's program had is shown with the whole program alone,
# where a tree can lead to its lines all the same.
sed -i -e '1d' -e 's/.*kvmbook.h.*//' -e 's,^int main,/* [all] */\n&,' code/04-vcpu.c
recapture
sed -i -e 's,^question:,since: 01-open\n&,' -e 's,^The line that matters,``` {.listing file="code/04-vcpu.c"}\n```\n\n&,' chapters/04-vcpu.md
check 'a program may have grown from that of an earlier chapter' builds
check 'which the whole of it says' holds build/book/04-vcpu.html 'is new since <a '
check 'what is old has ids there' holds build/book/04-vcpu.html '<span class="line" id="04-vcpu.c:2"'
check 'what is new has them in its piece' bash -c 'test "$(grep -o "id=\"04-vcpu.c:1[01]\"" $0 | wc -l)" = 2' build/book/04-vcpu.html

# The lines of a program, as the highlighter has colored them; of all programs at once.
colored() { "$root/tools/book/colored" "$@"; }
mkdir -p paint
printf 'int a; /* <b\n\n "c" */\n~~~~~~\n' > paint/a.c
printf '<a>\n' > paint/b.txt
printf '\tmov\tx0, #1\n' > paint/c.S
check 'a comment goes on in the next line; an empty line is one' diff - <(colored paint/a.c | jq -r '.[0:3][]') <<-'END'
	<span class="dt">int</span> a<span class="op">;</span> <span class="co">/* &lt;b</span>

	<span class="co"> "c" */</span>
END
check 'text is text' diff - <(colored paint/b.txt | jq -c '.[0]') <<<'"&lt;a&gt;"'
check 'several files are colored at once, each in its language' bash -c '"$0/tools/book/colored" paint/c.S paint/a.c > said &&
	test "$(wc -l < said)" = 2 && grep -q "mov</span>" said && grep -q "~~~~~~" said' "$root"
check '... for the pages, into files' bash -c '"$0/tools/book/colored" -o out paint/a.c paint/c.S && cmp out/paint/a.c.json <("$0/tools/book/colored" paint/a.c | tr -d "\n")' "$root"
check 'a file that is not there is refused' bash -c '! "$0/tools/book/colored" none.c 2>said && grep -q "^colored: .*none.c" said' "$root"
check '... and no file' bash -c '"$0/tools/book/colored" >said 2>&1; test $? = 2 && grep -q "^usage: colored" said && "$0/tools/book/colored" --help | grep -q ^usage' "$root"
check 'the pages take it from there, and only what has changed is colored again' bash -c 'test -s build/book/.deps/colors/code/04-vcpu.c.json && touch code/04-vcpu.c &&
	make -n build/book/.deps/colors/made V=1 | grep -q "files=.code/04-vcpu.c.;"'
# colored_alike CODE: the page with this code in its chapter is as pandoc alone makes it.
colored_alike()
{
	cp uncolored.md chapters/01-open.md
	printf '%b' "$1" >>chapters/01-open.md
	make $page >said 2>&1 && cp $page colored.html && rm $page || return
	echo '{}' >build/book/.deps/colors/chapters/01-open.md.json
	touch build/book/.deps/colors/made
	make $page >said 2>&1 && cmp $page colored.html
}

cp chapters/01-open.md uncolored.md
check 'so is the code in a chapter, and pandoc would make the same, to the letter' colored_alike \
	'\n``` sh\ncd a\n\techo "<b" # ="cb0\n```\n\n```\nplain\n```\n\n``` text\nx\n```\n\n``` sh\ncd b\n```\n'
touch chapters/01-open.md
check '... from make' bash -c 'make build/book/.deps/colors/made && jq -e ".\"sh\ncd b\" and .\"text\nx\" and .\"sh\ncd a\n    echo \\\"<b\\\" # =\\\"cb0\"" build/book/.deps/colors/chapters/01-open.md.json'
check '... also beside some with more than a language' colored_alike '\n``` sh\ncd a\n```\n\n``` {.sh .numberLines}\ncd b\n```\n\n``` sh\ncd c\n```\n'
check '... or with an id' colored_alike '\n``` {.sh #mine}\ncd a\n```\n\n``` sh\ncd b\n```\n'
check 'a page without code of its own does not start the highlighter' bash -c '"$0/tools/book/colored" -o out chapters/04-vcpu.md && grep -qx "{}" out/chapters/04-vcpu.md.json' "$root"
mv uncolored.md chapters/01-open.md
