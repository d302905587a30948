#!/bin/bash
# Pictures of objects: what a page has of a capture's moment, as a drawing and in
# words, and what the build refuses.  What kvt state says is tests/kvt-state.t's.
# shellcheck disable=SC2016,SC2153
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 63
"$root/tools/need" graphviz:dot tidy:tidy || bail 'no dot, or no tidy'

chapter=chapters/01-open.md
page=build/book/01-open.html
run='capture="11-run" after="KVM_RUN.2"'
mmio='capture="12-mmio" after="KVM_RUN.8"'
table=$root/tools/book/objects/relations.tsv

# A small book with the book's own captures.
sample
for name in 04-vcpu 05-max-vcpus 07-lifetime 11-run 12-mmio 15-psci; do
	cp "$root/traces/$RELEASE/vhe/$name".* traces/6.18.15/vhe
	cp "$root/code/$name".* code
	recapture_one "code/$name.c" "traces/6.18.15/vhe/$name.kvt"
	recapture_one code/kvmbook.h "traces/6.18.15/vhe/$name.kvt"
done
cp "$root/code/"{vmm,bus}.h "$root/code/psci.S" code
cp "$root/traces/$RELEASE/lines.tsv" traces/6.18.15/lines.tsv
cp "$root/glossary.md" glossary.md
cp $chapter "$tmp/clean.md"
export KVT=$root/build/kvt/kvt BOOK_KERNEL=$release

# Pictures at the end of its first chapter, one for each of the attributes.
with_objects()
{
	local attributes
	cp "$tmp/clean.md" $chapter
	for attributes; do
		printf '\n::: {.objects %s}\nA caption.\n:::\n' "$attributes" >>$chapter
	done
}

# drawn ATTRIBUTES: the filter alone draws it.
drawn()
{
	with_objects "$@"
	pandoc -t html5 -L "$root/tools/book/filters/objects.lua" -o $page $chapter 2>said
}

figure() { sed -n '/<figure class="drawing objects">/,/<\/figure>/p' $page; }
drawing() { figure | sed -n '/<svg/,/<\/svg>/p'; }
list() { figure | sed -n '/<div class="in-words">/,/<\/div>/p'; }
has() { grep -qF -- "$2" <<<"$($1)" || { $1; echo "does not hold: $2"; return 1; }; }
lacks() { ! grep -F -- "$2" <<<"$($1)"; }
# nodes [CLASS]: the names of the boxes, of those with a class.
nodes() { drawing | awk -v c="${1-node}" '/<g class="/ { on = index($0, "node") && match($0, "[ \"]" c "[ \"]") }
	on && /class="code" font-weight/ { gsub(/.*bold">/, ""); gsub(/<.*/, ""); print }
	on && /><tspan font-weight="bold">run page/ { print "run" }' | sort | xargs; }

with_objects "$run since=\"04-vcpu KVM_CREATE_VCPU\" show=\"run slots\""
check 'a page with a picture builds' builds $page
is "$(tidy -q -e $page 2>&1 | grep -v 'Warning: <a> proprietary attribute')" '' 'it is valid HTML; tidy does not know links in drawings'
check 'the caption, which has the words, ends the figure: anywhere else it is not allowed' \
	bash -c 'tr -d "\n" <<<"$1" | grep -q "<figcaption>.*<details>.*</details></figcaption></figure>"' - "$(figure)"
is "$(nodes user)" '3:system 4:vm 5:vcpu user#3' 'the program has descriptors and mappings'
is "$(nodes kernel)" 'kvm#0 memslot#0 pgtable#0 run s2_mmu#0 vcpu#0' 'the kernel has objects'
is "$(nodes new)" 'memslot#0 user#3' 'what is new is marked'
is "$(nodes source)" 'run' '... and what no capture has'
check 'the mark is a word, too' bash -c 'grep -q "user#3</tspan><tspan> </tspan><tspan font-style=\"italic\">new<" <<<"$1"' - "$(drawing)"
is "$(drawing | grep -c 'class="edge source')" 4 'lines from the source: a reference, the table of vCPUs, the run page and its mapping'
is "$(drawing | grep -A1 'class="edge source' | grep -c stroke-dasharray)" 4 '... each is dashed'
is "$(drawing | grep -c 'class="edge kernel')" 5 '... and those that a call shows: two descriptors, stage 2, its tables, the slot'
check 'the two lines of a box keep apart' bash -c '! "$0/tests/book/labels" "$0/tools/book/editions" "$1" | grep "too near"' "$root" $page
check 'a box leads to its first call' has drawing '<a href="11-run-tree.html#11-run/KVM_CREATE_VM/kvm_dev_ioctl/kvm_create_vm/kvm_arch_alloc_vm" tabindex="-1"><title>kvm#0: kvm_arch_alloc_vm</title>'
check 'who reads with ears or keys gets the words instead' has drawing ' aria-hidden="true"'
is "$(comm -23 <(drawing | grep -o 'href="[^"]*"' | sort -u) <(list | grep -o 'href="[^"]*"' | sort -u))" '' 'the words have all links of the drawing'
check 'a box says what it is, with its entry in the glossary' has list '<code>vcpu#0</code>, <a href="glossary.html#vcpu">a vCPU</a>: first in <a href="11-run-tree.html#11-run/KVM_CREATE_VCPU/kvm_vm_ioctl/kvm_vm_ioctl_create_vcpu/kvm_arch_vcpu_create">kvm_arch_vcpu_create()</a>'
check '... and what is behind a descriptor' has list '(file#1): first in <a href="11-run-tree.html#11-run/KVM_CREATE_VM">ioctl KVM_CREATE_VM</a>'
check 'a line has its call' has list 'slot: <code>memslot#0</code>, by <a href="11-run-tree.html#11-run/KVM_SET_USER_MEMORY_REGION/'
check '... or its place' has list 'vcpu_array: <code>vcpu#0</code>, from the source: <a href="https://elixir.bootlin.com/linux/v6.18.15/source/virt/kvm/kvm_main.c#L4226"'
check '... a single line, too' has list '<li><code>kvm#0</code>, by <a href="11-run-tree.html#11-run/KVM_CREATE_VM/'
check '... the words say what is new' has list '<code>memslot#0</code> <b>new</b>'
check 'the picture has a text' has drawing 'aria-label="3:system; 4:vm → kvm#0; 5:vcpu → vcpu#0, reference kvm#0; user#3 (new) → page 0 run page; kvm#0 → stage 2 s2_mmu#0'
check 'it says of which moment it is' has figure 'After <code>KVM_RUN.2</code> in the capture of <code>11-run</code>'
check '... and since when is new' has figure 'since <code>KVM_CREATE_VCPU</code> in <code>04-vcpu</code>'
check 'no color but by class' lacks drawing '#00'

# --- memory ------------------------------------------------------------------
check 'a slot is a strip' has drawing '>slot 0 (new)</text>'
check '... with its address and its size' has drawing '>64 KiB</text>'
check '... and the program'"'"'s address' has drawing '>user#2</text>'
check 'the page that faulted' has drawing '>0x40000000 faulted</text>'
check 'an address without a slot' has drawing '>no slot</text>'
check 'the same in words' has list 'slot 0 <b>new</b>: guest addresses <code>0x40000000</code> to <code>0x4000ffff</code> are the program'"'"'s from <code>user#2</code> on, by <a href="11-run-tree.html#11-run/KVM_SET_USER_MEMORY_REGION">'
check '... with who handled a fault' has list 'the guest faulted at <code>0x9000000</code>, which no slot has: <a href="11-run-tree.html#11-run/KVM_RUN.2/'
check '... and in plain text' has drawing '(); slot 0 new: guest addresses 0x40000000 to 0x4000ffff are the program'"'"'s from user#2 on, by ioctl KVM_SET_USER_MEMORY_REGION; the guest'

# --- places, choices -----------------------------------------------------------
# spot NAME: where a box is, from the first descriptor on.
spot() { drawing | awk -v name="$1" 'match($0, />3:system</) { split($0, a, "\""); x = a[6]; y = a[8] }
	index($0, ">" name "<") { split($0, b, "\"") } END { printf "%.0f %.0f\n", b[6] - x, b[8] - y }'; }
there=$(spot kvm#0; spot vcpu#0; spot s2_mmu#0) page_there=$(spot 'run page')
drawn "$run show=\"run\"" || cat said
is "$(spot 'run page')" "$page_there" 'what is new moves nothing'
drawn "$mmio hide=\"mapping\" show=\"io_bus\"" || cat said
is "$(spot kvm#0; spot vcpu#0; spot s2_mmu#0)" "$there" 'an object stands where it stood in another picture'
is "$(nodes)" '3:system 4:vm 5:vcpu io_bus#0 kvm#0 memslot#0 memslot#1 pgtable#0 s2_mmu#0 vcpu#0' 'hide= leaves a type out, show= adds one'
check 'a bus hangs at its VM' has list 'buses: <code>io_bus#0</code>, from the source'
is "$(nodes new)" '' 'without since=, nothing is new'
check '... and no memory is drawn unless it is asked for' lacks drawing 'slot 0'
drawn "$run since=\"KVM_CREATE_VCPU\"" || cat said
is "$(nodes new)" 'user#3' 'since= an earlier moment of the same capture'
drawn 'capture="07-lifetime" after="close"' || cat said
is "$(nodes user)" '3:system 5:vcpu 6:stats' 'with several threads their turns count'
is "$(drawing | grep -c 'class="edge source')" 2 'a file that a call shows with its VM has no second line from the source'
drawn 'capture="04-vcpu" after="end"' || cat said
is "$(nodes)" '' 'at the end nothing is left'
drawn 'capture="05-max-vcpus" after="KVM_CREATE_VCPU.514" since="04-vcpu KVM_CREATE_VCPU"' || cat said
is "$(nodes)" '3:system 4:vm 5:vcpu … 516:vcpu kvm#1 pgtable#1 s2_mmu#1 vcpu#1 … #512' 'many of a kind are one box'
is "$(nodes new)" '' '... and objects of two captures go by their order, not by their numbers'
is "$(drawing | grep -c 'class="edge')" 6 '... with the lines of one'
with_objects "$run since=\"04-vcpu KVM_CREATE_VCPU\""
make $page >said 2>&1
touch -d '+9 seconds' traces/6.18.15/vhe/04-vcpu.kvt
check 'another capture that it looks at makes the page again' bash -c 'make -n "$0" | grep -q "pandoc [+].* -d "' $page

# --- refusals --------------------------------------------------------------------
refused()
{
	eval "${3-}"
	if drawn "$2"; then
		echo 'the filter did not stop'
		return 1
	fi
	grep -qE -- "$1" said || { cat said; echo "expected: $1"; return 1; }
}
refuses() { check "refused: $1" refused "^$chapter:[0-9]+: $2" "$3" "${4-}"; }
refuses 'no capture' 'a picture of objects needs capture="NN-name" and after=' 'after="KVM_RUN"'
refuses 'no moment' 'a picture of objects needs capture="NN-name" and after=' 'capture="11-run"'
refuses 'what is no attribute' 'a picture of objects has no nth=: it takes capture, after' "$run nth=\"2\""
refuses 'a capture that is missing' 'no capture traces/6.18.15/vhe/99-none.kvt' 'capture="99-none" after="end"'
refuses 'a call that is missing' 'traces/6.18.15/vhe/11-run.kvt has no call that fits --syscall KVM_RUN --nth 99' 'capture="11-run" after="KVM_RUN.99"'
refuses 'an earlier call that is missing' 'traces/6.18.15/vhe/04-vcpu.kvt has no call that fits --syscall KVM_RUN --nth 1' "$run since=\"04-vcpu KVM_RUN\""
refuses 'a type that there is not' 'show="gic": there is no type gic; there are fd, mapping' "$run show=\"gic\""
refuses '... to be hidden' 'hide="vcpus": there is no type vcpus; there are fd, mapping' "$run hide=\"vcpus\""
refuses 'a type that is not there' 'show="run": nothing of the type run is there after KVM_CREATE_VM in 11-run' 'capture="11-run" after="KVM_CREATE_VM" show="run"'
refuses '... slots, too' 'show="slots": nothing of the type slots is there' 'capture="11-run" after="KVM_CREATE_VM" show="slots"'
refuses 'more than one sees at a glance' '[0-9]+ boxes are more than one sees at a glance, 14: hide=' 'capture="15-psci" after="KVM_RUN" show="run file"'
check 'refused: a place that is not in the table of lines' refused 'objects/relations.tsv:[0-9]+: src:kvm_vcpu_fault "virt_to_page\(vcpu->run\)" is not in .*lines.tsv: run make index' \
	"$run" 'sed -i /virt_to_page/d traces/6.18.15/lines.tsv'

# --- the tables ---------------------------------------------------------------------
cd "$root" || exit 1
is "$(grep -v '^#' tools/book/objects/types.tsv | cut -f5 | while read -r term; do
	grep -qE "^$term( \(|\$)|\($term(,|\))" glossary.md || echo "$term"; done)" '' 'each type has its entry in the glossary'
is "$(awk -F'\t' '!/^#/ && $4 { print $4 "\t" $5 }' "$table" | while read -r row; do
	grep -qF "$row	" "traces/$RELEASE/lines.tsv" || echo "$row"; done)" '' 'each place is in the table of lines'
mkdir -p "$tmp/cite/tools/book/objects" "$tmp/cite/linux/virt/kvm"
cd "$tmp/cite" || exit 1
printf 'make_it\tfunction\tvirt/kvm/x.c\t2\t4\n' >symbols.tsv
printf '\nvoid make_it(void)\n{\n\thang_up(it);\n}\n' >linux/virt/kvm/x.c
printf '# a table\nkvm\tslot\tmemslot\nkvm\thook\tvcpu\tmake_it\thang_up(it)\n' >tools/book/objects/relations.tsv
is "$(SYMBOLS=symbols.tsv "$root/tools/book/cite-lines" linux | tail -n 1)" $'make_it\thang_up(it)\tvirt/kvm/x.c\t4' 'cite-lines finds the places of the table'
sed -i 's/hang_up/hung_up/' tools/book/objects/relations.tsv
check '... and refuses one that is gone, at its line' bash -c '! SYMBOLS=symbols.tsv "$0/tools/book/cite-lines" linux 2>said && grep -q "^tools/book/objects/relations.tsv:3: src:make_it: \"hung_up(it)\" occurs nowhere" said' "$root"
