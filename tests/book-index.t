#!/bin/bash
# Compares the lists of functions, ioctls and errors with the captures and the
# kernel's tables, by other means than those that made the lists.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 45
tools/need nodejs:node python3-lunr:/usr/lib/python3/dist-packages/lunr || bail "no node, or no lunr"

out=build/book tables=traces/$RELEASE
kvt() { build/kvt/kvt "$@"; }
ids() { grep -oE ' id="[^"]*"' "$out/$1" | sed 's/ id="//; s/"//' | sort -u; }
# entry PAGE ID: what stands from its line up to the next entry.
entry() { sed -n "/ id=\"$2\"/,/^<dt id=\|^<h2\|^<\/dl>/p" "$out/$1" | sed '1!{/^<dt id=/d}'; }

for tool in calls lists ioctl-table search-index; do
	ok "$tool --help" grep -q "^usage: $tool " <("tools/book/$tool" --help)
	"tools/book/$tool" >/dev/null 2>&1
	is $? 2 "... and without arguments it is refused"
done
echo nothing >"$tmp/x.kvt"
tools/book/calls "$tmp/x.kvt" >/dev/null 2>&1
is $? 1 "calls refuses what is no capture"
mkdir "$tmp/none"
like "$(tools/book/lists "$tmp/none" /dev/null $tables 01-open 2>&1)" 'no .*/.facts/01-open.tsv: run make book' "lists says what is missing"
like "$(tools/book/ioctl-table "$tmp/none" 2>&1)" 'is that a kernel tree' "ioctl-table, too"
like "$(tools/book/search-index "$tmp/none/rows" 2>&1)" "search-index: .*/none/rows: " "... and search-index"

ok "make book" make -s book
mapfile -t chapters < <(basename -s .md -a chapters/*.md)
captures=() vhe=()
for chapter in "${chapters[@]}"; do
	# An appendix may have no program.
	[[ -e $tables/vhe/$chapter.kvt || $chapter != [a-z]-* ]] || continue
	captures+=("$tables"/*/"$chapter.kvt")
	vhe+=("$tables/vhe/$chapter.kvt")
done

# Functions, by kvt cover.
reached() { kvt cover --json --symbols $tables/symbols.tsv "$@" | jq -c '.files[].functions[] | select(.state == "reached")'; }
is "$(comm -23 <(reached "${captures[@]}" | jq -r .name | sort -u) <(ids functions.html))" "" \
	"each function that kvt finds in the captures is in the list"
counted() {
	reached "${vhe[@]}" | jq -r '.name as $name | .by[] | select(.mode == "vhe") |
		"\($name) \(.program | split("-")[0] | tonumber? // ascii_upcase) \(.calls)"' | sort
}
listed() {
	perl -ne '$name = $1 if /^<dt id="([^"]*)"/;
		next if !/^<dd><span class="label">Called/;
		print "$name $1 $2\n" while m{<b>(\d+|[A-Z])</b>&nbsp;×&nbsp;(\d+)</a></span>}g' $out/functions.html | sort
}
# Functions at the border of KVM are in no file of kvt cover.
is "$(comm -23 <(counted) <(listed))" "" "... with as many calls in each chapter"
ok "... which are many" test "$(listed | wc -l)" -ge 2000
named() { sed -nE 's/^name\t([^\t]*)\t.*/\1/p' $out/.facts/{[0-9]*,[a-z]-*}.tsv | sort -u; }
is "$(comm -23 <(named) <(ids functions.html))" "" "so is each function that a chapter names: $(named | wc -l)"
links() { grep -ohE 'class="fn" title="[^"]*"><code>[a-z_0-9A-Z]+' $out/{[0-9]*,[a-z]-*}.html | sed 's/.*<code>//' | sort -u; }
is "$(comm -23 <(links) <(ids functions.html))" "" "... as the pages have it"
ok "a function: where it is" grep -q 'virt/kvm/kvm_main.c#L4412"' <(entry functions.html kvm_vcpu_ioctl)
ok "... where the text names it" grep -q '<a href="11-run.html#the-loop">' <(entry functions.html kvm_vcpu_ioctl)
ok "... where it was called first" grep -q 'href="11-run-tree.html#tree-11-run.c:' <(entry functions.html kvm_vcpu_ioctl)
# Each way to some functions that begins in KVM_RUN is a claim that
# a capture bears out, levels between the calls left open.
ways() {
	awk -F '\t' '$1 == "path" && $3 == "KVM_RUN" { way = "KVM_RUN"; for (i = 4; i <= NF; i++) way = way " >> " $i; print way " >> " $2 }' \
		$out/.lists/calls.tsv | grep 'abort$\|vcpu_load$'
}
false=$(ways | while read -r way; do
	for file in "${captures[@]}"; do
		kvt claim "$file" "$way" >/dev/null 2>&1 && continue 2
	done
	echo "$way"
done)
is "$false" "" "kvt finds the ways that the list has: $(ways | wc -l)"

# Ioctls, by kvt stats and by the tables.
requests() { for file in "${captures[@]}"; do kvt stats --json "$file"; done | jq -r '.syscalls[].name | select(startswith("KVM_"))' | sort -u; }
in_book() { sed -n '/id="in-this-book"/,/id="not-reached"/p' $out/ioctls.html | grep -oE '<dt id="[^"]*"' | cut -d'"' -f2 | sort -u; }
is "$(in_book)" "$(requests)" "the ioctls of the book are those that kvt counts"
is "$(comm -13 <(ids ioctls.html) <(tail -n +2 $tables/ioctls.tsv | cut -f1 | sort -u))" "" "what arm64 handles beyond them is there, too"
numbers() { grep -oE '<dt id="[^"]*">.*class="value">0x[0-9a-f]+' $out/ioctls.html | sed -E 's/<dt id="([^"]*)".*>(0x.*)/\1 \2/' | sort; }
is "$(comm -23 <(numbers) <(awk -F '\t' '$1 == "ioctl" { printf "%s 0x%x\n", $2, $3 }' $tables/uapi.tsv | sort))" "" "with their numbers"
ok "a line of a program" grep -q '<a href="04-vcpu.html#04-vcpu.c:21" class="nr">21</a>' <(entry ioctls.html KVM_CREATE_VCPU)
lacks() { ! grep -q "$@"; }
ok "what it makes" grep -q 'Returns</span> a descriptor of a vCPU<' <(entry ioctls.html KVM_CREATE_VCPU)
ok "... or returns, or fills" grep -q 'Returns</span> 0; fills <code>struct kvm_vcpu_init<' <(entry ioctls.html KVM_ARM_PREFERRED_TARGET)
ok "... but not on another architecture" lacks Returns <(entry ioctls.html KVM_GET_REGS)
ok "the chapter that explains it, which is not the first that makes it" grep -q 'Explained</span> <span class="per"><b>4</b>&nbsp;<a href="04-vcpu.html">' <(entry ioctls.html KVM_CREATE_VCPU)
ok "an error, with its causes and where they are explained" grep -q '<li><a href="errors.html#EEXIST-KVM_CREATE_VCPU"><code>EEXIST</code></a> [A-Z][^()]* (<a href="04-vcpu.html#wrong-[a-z-]*" class="nr">chapter 4</a>)' <(entry ioctls.html KVM_CREATE_VCPU)
ok "... one that no capture has" grep -q '<li><code>EIO</code> .*class="nr">chapter 3</a>' <(entry ioctls.html KVM_RUN)
ok "... one that no chapter explains, with the function that it came from" grep -q 'EINVAL</code></a> From <a href="functions.html#kvm_dev_ioctl">' <(entry ioctls.html KVM_GET_API_VERSION)
ok "a cause does not say again which ioctl it is of" lacks "[Ff]rom KVM_" <(entry ioctls.html KVM_SET_VCPU_EVENTS)

# The letters above the functions: each leads to a section, and all sections have one.
letters=$(grep -oE '<nav class="letters".*</nav>' $out/functions.html | grep -oE '<a href="#letter-[a-z]">[A-Z]</a>')
is "$(sed -E 's/.*#(letter-.)".*/\1/' <<<"$letters")" "$(grep -oE '<h2 id="letter-[a-z]"' $out/functions.html | cut -d'"' -f2)" \
	"$(wc -l <<<"$letters") letters lead to the sections of the functions"
ok "the glossary's lead to entries" grep -q '<nav class="letters" aria-label="Letters"><a href="#a[a-z-]*">A</a> <a ' $out/glossary.html

# Errors, by the text of the captures.
failed() { grep -hE '^@.* = -E|^} = -E' "${captures[@]}" | grep -oE -- '-E[A-Z0-9]+$' | tr -d - | sort -u; }
is "$(comm -23 <(failed) <(ids errors.html))" "" "each error that a system call returned: $(failed | tr '\n' ' ')"
ok "the function that first returned it" grep -q 'id="EBUSY-KVM_SET_DEVICE_ATTR".*kvm_smccc_set_filter()' $out/errors.html
ok "... the deepest that handed it up" grep -q 'id="EFAULT-KVM_RUN".*href="functions.html#user_mem_abort"' $out/errors.html
ok "the condition of a row is the title, without a place of the source" grep -qE '>An id of the range has an action, by you or as the architecture.{1,3}s</a> <span class="per">chapter 16</span>' $out/errors.html
ok "what a chapter says of it" grep -q '<a href="08-memslot.html#wrong-eexist-two-slots-at-one-ipa">Two slots at one IPA</a>' $out/errors.html
is "$(comm -13 <(ids errors.html) <(awk -F '\t' '$1 == "exit" { print $2 }' $tables/uapi.tsv | sort))" "" "each exit reason"
entries=$(sed -n '/^## What goes wrong/,/^## What we know/p' chapters/*.md | grep -cE '^\*\*`E[A-Z0-9]+`')
ok "the chapters' $entries paragraphs on errors have ids" test "$(grep -ohE ' id="wrong-e[a-z0-9]+-?[^"]*"' $out/[0-9]*.html | wc -l)" -ge "$entries"

# A list grows with the book: each entry has its chapters.
heavy=''
for page in functions ioctls errors; do
	limit=$((150 * $(ids "$page.html" | wc -l)))
	(($(gzip -9c "$out/$page.html" | wc -c) < (limit > 100000 ? limit : 100000))) || heavy+=" $page"
done
is "$heavy" "" "no list is heavier than 100 kB, packed, or 150 bytes an entry"
is "$(node -e '
	const [names, pages] = require("vm").runInThisContext(require("fs").readFileSync(process.argv[1], "utf8") + "; [NAMES, CHAPTERS]");
	const ids = {};
	const has = (page, id) => !id || (ids[page] ??= new Set(require("fs").readFileSync(`build/book/${page}`, "utf8").match(/(?<= id=")[^"]*/g))).has(id);
	const bad = Object.entries(names).filter(([name, { place, chapters, called }]) =>
		!/^[\w.]+$/.test(name) || !/^([^:]+:\d+)?$/.test(place) || !Object.keys({ ...chapters, ...called }).every((number) => pages[number])
		|| !Object.values(called).every(Number.isInteger) || !Object.entries(chapters).every(([number, id]) => has(`${pages[number]}.html`, id))
		|| !Object.entries(called).every(([number, line]) => line <= 0 || has(`${pages[number]}-tree.html`, `tree-${pages[number]}.c:${line}`)));
	const { place, chapters, called } = names.kvm_vcpu_ioctl;
	console.log(bad.length, place, chapters[11], called[4]);
' $out/names.js)" "0 virt/kvm/kvm_main.c:4412 the-loop 38" "names.js has the places for scripts, which are there"
