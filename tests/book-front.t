#!/bin/bash
# The first page, the menu of chapters and the graded exercises, on a small book.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 50

index=build/book/index.html page=build/book/01-open.html
# The text of a page between two patterns, without tags.
text() { sed -n "/$2/,/$3/p" "$1" | sed 's/<[^>]*>//g' | tr -s '\n ' ' ' | sed 's/^ //; s/ $//'; }
# The same book again, with blocks of the first page before its first part, and
# other lines of its head.
front()
{
	sample
	mkdir -p exercises/01-open docs chapters/figures
	printf '# Exercise 1\n\nIt is **bold** here.\n\n## Predict: `answers.txt`\n\nRead `predict.c`.\nNot this.\n\n## Build: `build.c` and more\nWrite a program.\n' >exercises/01-open/README.md
	awk -v block="$1" -v head="${2-}" '/^lang:/ && head { print head } /^## Part I/ { print block; print "" } { print }' book.md >new
	mv new book.md
}
built() { make build/book/index.html >said 2>&1 || { cat said; return 1; }; }
refuses()
{
	local name=$1 message=$2
	shift 2
	front "$@"
	check "refused: $name" stops "$message" build/book/index.html
}

front ''
# Something to read: some fifteen minutes.
awk '/^::: exercise/ && !done++ { for (i = 0; i < 3000; i++) print "word"; print "" } { print }' chapters/01-open.md >new && mv new chapters/01-open.md
check 'a book whose first page shows nothing builds' builds book
minutes=$(awk '/^text / { n += NF - 1 } END { m = int(n / 200 + .5); print m < 1 ? 1 : m }' build/book/.facts/01-open.words)
check 'an entry has the minutes that its words take' test "$(grep -oE '<span class="length">[0-9]+ min' $index | head -1)" = "<span class=\"length\">$minutes min"
check '... which are more than ten here' test "$minutes" -gt 10
check '... its exercises, as the chapter numbers them, and the graded ones' test \
	"$(sed -n '/01-open.html"/,/<\/li>/p' $index | tr -d '\n' | grep -oE 'href="01-open.html#[^"]*"[^>]*>[^<]*' | sed 's/.*#//; s/".*>/ /' | tr '\n' ',')" = 'exercise-1 1.1,exercise-2 1.2,graded-predict Predict,graded-build Build,'
check 'a chapter without them has none' bash -c '! grep -q "href=.04-vcpu.html#" $0' $index
check 'the chapter lists the graded ones, with the first sentence of each' bash -c \
	'grep -A3 "id=\"graded-predict\"" $0 | sed "s/<[^>]*>//g" | grep -qx "Predict. Read predict.c." && grep -A3 "id=\"graded-build\"" $0 | sed "s/<[^>]*>//g" | grep -qx "Build. Write a program." && ! grep -q "Not this" $0' $page
check 'an exercise of its own keeps its number' holds $page '<p class="box-title">Exercise 1.1</p>'

# The menu.
menu() { sed -n '/class="menu chapters"/,/<\/details>/p' "$1"; }
check 'the menu has the part, and where the first page lists it' holds <(menu $page) '<a href="index.html#part-i-doors">Part I: Doors</a>'
check '... and there it is' holds $index 'id="part-i-doors"'
check 'the chapter is marked as the page' test "$(menu $page | grep -c 'class="here"') $(menu $page | grep 'class="here"' | grep -c '01-open.html" class="here" title="this page"')" = '1 1'
check 'of its capture, it is the chapter' bash -c 'grep -q "01-open.html\" class=\"here\" title=\"the chapter of this page\"" <<<"$0"' "$(menu build/book/01-open-tree.html)"
check 'the first page marks none' test "$(menu $index | grep -c here)" = 0
check 'a list is marked in its menu' holds build/book/ioctls.html '<a href="ioctls.html" class="here" title="this page">'
check 'the header has the chapters beside it' bash -c 'grep -q "class=\"step\" rel=\"next\" href=\"04-vcpu.html\" aria-label=\"Next: chapter 4\" title=\"4. One vCPU\"" $0 && ! grep -q "class=\"step\" rel=\"prev\"" $0' $page
check 'the header has the part' holds $page '<a class="of-part" href="index.html#part-i-doors">Part I: Doors</a>'
sed -i '/^## Part I/d' book.md
check 'a book without parts has a menu as well' bash -c 'make build/book/01-open.html >said && grep -c "class=\"no\"" build/book/01-open.html | grep -qx 2 && ! grep -q of-part build/book/01-open.html'

# What there is, counted.
front '[chapters]{.count} and [exercises]{.count} and [graded]{.count}: [shortest]{.count}, [longest]{.count}, [hours]{.count}.'
built
longest=$(awk 'FNR == 1 && NR > 1 { print n; n = 0 } /^text / { n += NF - 1 } END { print n }' build/book/.facts/*.words | awk '{ m = int($1 / 200 + .5); print m < 1 ? 1 : m }' | sort -n)
is "$(text $index 'class="cover"' 'id="part-i' | grep -oE '[0-9]+ and [0-9]+ and [0-9]+: [0-9, ]+')" "2 and $(grep -c '^::: exercise' chapters/*.md | awk -F: '{ n += $2 } END { print n }') and 2: $(head -1 <<<"$longest"), $(tail -1 <<<"$longest"), 1" 'counts'
refuses 'a count of nothing' '^book.md:[0-9]+: nothing counts "pages": there are chapters, shortest, longest, hours, exercises, graded$' '[pages]{.count}'

# The head of the page.
front '' 'takes: "You need `C`."\ntry: { command: make x, shows: "It shows." }\nstate: "There are [chapters]{.count}."'
built
is "$(text $index 'class="takes"' 'class="begin"')" 'You need C. Start reading Contents' 'what it takes, and the beginning'
is "$(text $index '<pre class="sh"' '<\/header>')" 'make x It shows. For paper: make pdf For e-readers: make epub There are 2.' 'the command, the editions that could be made, and what there is'
check '... no address of a repository' bash -c '! grep -q ">Source<" build/book/index.html'
echo >build/book/kvm-on-arm64.pdf
built
check 'a PDF that has been made is a link' holds $index '<a href="kvm-on-arm64.pdf">PDF</a> <span>For e-readers: <code>make epub</code></span>'
check '... and the page is not made again' test "$(make build/book/index.html | grep -c PAGE)" = 0
echo >build/book/kvm-on-arm64.epub; rm build/book/kvm-on-arm64.pdf
built
check 'so is an EPUB, and what is gone is none' holds $index '<span>For paper: <code>make pdf</code></span> <a href="kvm-on-arm64.epub">EPUB</a>'
sed -i 's,^lang:,repository: https://github.com/a/b\n&,' book.md
built
check 'the repository is one where it is known' holds $index '<a href="https://github.com/a/b">Source</a>'
is "$(text $index '<pre class="sh"' 'class="try"')" 'git clone https://github.com/a/b kvm-on-arm64 cd kvm-on-arm64 make x It shows.' '... and how to get it stands before the command'

# Doors, and the page for lecturers.
door='::: {.door if="docs/teaching.md"}
### Teach

[A plan](docs/teaching.md).
:::'
front "$door"
built
check 'a door that needs a file is not there without it' bash -c '! grep -q Teach build/book/index.html'
front "$door"
printf '# Teaching this\n\nSee [the tools](../tools/course/README.md) and [below](#weeks).\n\n## Weeks\n\nTwelve.\n' >docs/teaching.md
check '... and is there with it' builds book
check '... with a link to its page' holds $index '<a href="teaching.html">A plan</a>'
check 'the page has the title and its sections' bash -c 'grep -q "<h1>Teaching this</h1>" $0 && grep -q "<a href=\"#weeks\" class=\"self\">Weeks</a>" $0 && grep -q "href=\"#weeks\">below" $0' build/book/teaching.html
check 'a file of the repository that is not known is no link' bash -c '! grep -q course/README $0 && grep -q "See <span>the tools</span>" $0' build/book/teaching.html
sed -i 's,^lang:,repository: https://github.com/a/b\n&,' book.md
check '... and one where it is' bash -c 'make build/book/teaching.html >said && grep -q "href=\"https://github.com/a/b/blob/HEAD/tools/course/README.md\"" build/book/teaching.html'

# Lines of a piece, and their badge.
listing() { printf '``` {.listing file="code/04-vcpu.c" anchor="all" context="0" lines="%s"}\n```\n\n::: {.trace capture="04-vcpu" syscall="KVM_CREATE_VCPU" nth="1"}\n:::' "$1"; }
front "$(listing 12-13)"
check 'two lines of a piece' built
is "$(sed -n '/class="listing"/,/<\/figure>/p' $index | grep -oE 'data-n="[0-9]+"' | tr '\n' ' ')" 'data-n="14" data-n="16" ' '... are these, as marks are no lines'
check '... with the badge of the one that made a system call, which leads to the tree below' bash -c 'grep -q "class=\"woke\" href=\"#tree-04-vcpu.c:14\" data-woke=\"9\"" $0 && grep -q "id=\"tree-04-vcpu.c:14\"" $0' $index
check 'the first page is in no chapter, though it shows the program of one' test "$(menu $index | grep -c here)" = 0
front "$(listing 5)"
check 'one line' bash -c 'make build/book/index.html >said && sed -n "/class=\"listing\"/,/<\/figure>/p" build/book/index.html | grep -o "data-n=" | wc -l | grep -qx 1'
for lines in 3-2 0-1 1-17 1-99 a 1-; do
	refuses "lines=\"$lines\"" "^book.md:[0-9]+: lines=\"$lines\": code/04-vcpu.c \[all\] has the lines 1-16$" "$(listing "$lines")"
done
sample
sed -i '0,/anchor="main"/s//anchor="main" lines="1-1"/' chapters/01-open.md
check 'a piece of which only some lines are shown is not shown' stops 'anchor \[main\] is unused' $page

# A page in small.
items() { seq -f '%.0f. Item.' "$1"; }
small() { printf '::: {.annotated capture="04-vcpu" syscall="KVM_CREATE_VCPU" nth="1" %s}\n%s\n:::' "$1" "$(items "$2")"; }
front "$(small 'functions="kvm_vm_ioctl kvm_pmu_vcpu_init"' 8)"
check 'a page in small' built
is "$(text $index 'class="picture"' '<ol')" \
	"$(printf '114 int vcpu = CHECK(ioctl(vm, KVM_CREATE_VCPU, 0)); 29 3ioctl(4:vm, KVM_CREATE_VCPU, 0) 4= 5:vcpu 504-vcpu.c:14 6kvm_vm_ioctl 7(filp=file#1, ioctl=0xae41, arg=0x0) = 5:vcpu 8kvm_main.c:5147 kvm_pmu_vcpu_init (vcpu=vcpu#0) pmu-emul.c:252')" \
	'... is of the capture, and a number stands at the first of each kind'
refuses 'too few items' '^book.md:[0-9]+: the picture has 8 numbered parts, and the list below it 7 items$' "$(small 'functions="kvm_vm_ioctl"' 7)"
refuses 'a function that is not there' '^book.md:[0-9]+: kvm_nowhere is not among the calls of this system call in traces/6.18.15/vhe/04-vcpu.kvt$' "$(small 'functions="kvm_nowhere"' 5)"
refuses 'a system call that is not there' '^book.md:[0-9]+: traces/6.18.15/vhe/04-vcpu.kvt has no system call syscall="KVM_RUN"$' "$(small '' 5 | sed s/KVM_CREATE_VCPU/KVM_RUN/)"
refuses 'a page in small of nothing' '^book.md:[0-9]+: an annotated page needs capture="NN-name"$' "$(small '' 5 | sed 's/capture="04-vcpu"//')"
