#!/bin/bash
# The HTML of kvt as fragments for the book: parts with places for links,
# identities of calls, names of sides, sections.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 43

kvt=build/kvt/asan/kvt
symbols=traces/6.18.15/symbols.tsv
good=traces/6.18.15/vhe/04-vcpu.kvt
other=traces/6.18.15/nvhe/04-vcpu.kvt

# put_together: the parts of a fragment, with the spans that are printed else.
put_together() {
	jq -rj '.html | map(if type == "object" then "<span class=\"loc\" data-at=\"\(.at)\">\(.text)</span>" else . end) | add'
}
wrong=''
for options in "" "--gaps" "--syscall KVM_CREATE_VCPU --nth 2 --wbr" "--function kvm_share_hyp --open 1" "--unfold --traced --depth 2"; do
	# shellcheck disable=SC2086
	cmp -s <("$kvt" html --symbols $symbols $options "$good") <("$kvt" html --json --symbols $symbols $options "$good" | put_together) ||
		wrong+=" html $options"
done
is "$wrong" "" "html: the parts are the whole"
"$kvt" html --json --symbols $symbols --syscall KVM_CREATE_VCPU --gaps "$good" >"$tmp/json"
is "$(jq -c '[.html[] | objects] | unique | map([.at, .text])' "$tmp/json")" \
	"$("$kvt" lines --tsv "$good" | awk -F'\t' '$3 == "KVM_CREATE_VCPU" { printf "%s[\"%s:%s\",\"%s:%s\"]", n++ ? "," : "[", $1, $2, substr($1, 6), $2 } END { print "]" }')" \
	"... each line of the program is a place for a link"
is "$(jq -r '.html | map(strings) | add' "$tmp/json" | grep -c 'class="gap"')" "$(jq .gaps "$tmp/json")" "... and its gaps are counted"
is "$(jq -r '.html | map(strings) | add' "$tmp/json" | grep -oE '<li( class="(leaf|event|blind|step)")?( data-n="[0-9]+")?>' | wc -l)" "$(jq .calls "$tmp/json")" "... and its calls"
is "$("$kvt" html --json --symbols $symbols --syscall KVM_CREATE_VCPU "$good" | jq .gaps)" 0 "without --gaps there are none"

unwrapped=$("$kvt" html --symbols $symbols "$good")
is "$("$kvt" html --wbr --symbols $symbols "$good" | sed 's/<wbr>//g')" "$unwrapped" "--wbr adds nothing else"
is "$("$kvt" html --wbr --symbols $symbols "$good" | grep -o '<wbr>' | wc -l) $(grep -c '<wbr>' <<<"$unwrapped")" \
	"$(grep -o '<span class="args">(' <<<"$unwrapped" | wc -l) 0" "... one in each bracket of a function or an event"

# Identities: the number of a call is counted below the recorded call that made
# it, through levels and for its own name and kind only.
seal "$tmp/twins.kvt" 13 <<'END'
kvt 1
kernel 6.18.15
program twins
mode vhe
thread 0
@close(3:vm) at a.c:1 = 0
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:2 {
  kvm_vcpu_ioctl(filp=file#0) {
    ~kvm_vcpu_init() at b.c:1 {
      kvm_share_hyp() = 1
    }
    kvm_share_hyp() = 2
    !kvm_share_hyp()
    kvm_unshare_hyp() {
      kvm_share_hyp() = 3
    }
    ~kvm_vcpu_init() at b.c:9 {
      kvm_share_hyp() = 4
    }
  } = 0
} = 0
thread 1
@ioctl(5:vcpu, KVM_RUN, 0) at a.c:3 {
  kvm_vcpu_ioctl(filp=file#0) {
    kvm_share_hyp() = 5
  } = 0
} = 0
@close(3:vm) at a.c:4 = 0
END
"$kvt" html --unfold --symbols $symbols "$tmp/twins.kvt" >"$tmp/twins.html"
numbers() { grep "$1" "$tmp/twins.html" | grep -oE '<li[^>]*>' | grep -v through | sed -E 's/.*data-n="([0-9]+)".*/\1/; s/^<.*/-/' | tr '\n' ' '; }
is "$(numbers '>kvm_share_hyp</a>')" "- 2 - 3 - " "a function's numbers, below the call that made it"
is "$(numbers '>kvm_vcpu_init</a>')" "- 2 " "a level's"
is "$(numbers 'class="ev"')" "- " "an event of the same name is counted by itself"
is "$(numbers 'KVM_RUN')" "- 2 " "system calls, by request, through all threads"
is "$(numbers '>close(')" "- 2 " "... and by name"
way() { "$kvt" html --symbols $symbols "$@" "$tmp/twins.kvt" | grep -oE 'data-(in|at|n)="[^"]*"' | grep -v 'data-at="a.c:[14]"' | head -n 3 | tr '\n' ' '; }
is "$(way --function kvm_share_hyp --nth 4)" 'data-n="3" data-in="KVM_RUN/kvm_vcpu_ioctl/" data-at="a.c:2" ' "the way to a tree that begins below a system call"
is "$(way --function kvm_share_hyp --nth 5)" 'data-in="KVM_RUN.2/kvm_vcpu_ioctl/" data-at="a.c:3" ' "... below the second KVM_RUN, which is another thread's"
is "$(way --function kvm_share_hyp --nth 3 --traced)" 'data-in="KVM_RUN/kvm_vcpu_ioctl/kvm_unshare_hyp/" data-at="a.c:2" ' "... without levels"

# Levels that stand in a row are one row; what repeats, or has more below it
# than the next level, ends it.
seal "$tmp/levels.kvt" 7 <<'END'
kvt 1
kernel 6.18.15
program levels
mode vhe
thread 0
@ioctl(5:vm, KVM_RUN, 0) at a.c:1 {
  ?kvm_vm_ioctl() at b.c:1 {
    ~kvm_vcpu_init() at b.c:2 {
      ~kvm_vcpu_ioctl() at b.c:3 {
        kvm_share_hyp(kvm=kvm#0, to=vcpu#0, vcpu=vcpu#0+0x1, vcpu=kvm#0) = 0
        kvm_unshare_hyp(a={kvm=kvm#0, xkvm=kvm#1}) {
          kvm_arch_vcpu_create() {
            kvm_arch_vcpu_load() = 0
          } = 0
        } = 0
      }
    }
  }
} = 0
@close(3:vm) at a.c:9 {
  kvm_arch_vcpu_put() = 0
} = 0
END
levels() { "$kvt" html --symbols $symbols "$@" "$tmp/levels.kvt"; }
is "$(levels | grep -oE '<summary>… through [^<]*|class="step"[^>]*>' | tr '\n' ' ')" \
	'<summary>… through kvm_vm_ioctl, kvm_vcpu_init, kvm_vcpu_ioctl class="step"> class="step"> class="step"> ' "levels are one row, which opens to each of them"
is "$(levels | grep 'class="through"' | grep -oE '← b.c:[0-9]' | tr '\n' ' ')" "← b.c:1 ← b.c:2 ← b.c:3 " "... with its place"
is "$(levels | grep -c '<ul>$') $(levels --traced | grep -c 'through')" "6 0" "... and one fold"
is "$(levels | grep -oE '<var>[^<]*</var>' | tr -d '\n')" "<var>kvm=</var><var>vcpu=</var><var>kvm=</var>" "a name that only says the type again is marked"
is "$(levels --function kvm_vcpu_init | grep -oE '<summary>… through [^<]*')" "<summary>… through kvm_vcpu_init, kvm_vcpu_ioctl" "a tree may begin in the middle of them"

# What repeats, or stands beside another, has a row of its own.
seal "$tmp/more.kvt" 14 <<'END'
kvt 1
kernel 6.18.15
program more
mode vhe
thread 0
@ioctl(5:vm, KVM_RUN, 0) at a.c:1 {
  ~kvm_vm_ioctl() at b.c:1 {
    ~kvm_vcpu_init() at b.c:2 {
      kvm_share_hyp(kvm=kvmx) = 0
    }
    ~kvm_vcpu_ioctl() at b.c:3 {
      kvm_unshare_hyp(kvm=kvm#0) {
        kvm_arch_vcpu_create() {
          kvm_arch_vcpu_load() {
            kvm_arch_vcpu_put() {
              kvm_get_kvm() = 0
            } = 0
          } = 0
        } = 0
      } = 0
    }
  }
  ~kvm_vm_ioctl() at b.c:5 {
    kvm_share_hyp() = 1
    kvm_arch_vcpu_load() = 2
    kvm_share_hyp() = 1
    kvm_arch_vcpu_load() = 2
  }
} = 0
@close(3:vm) at a.c:9 {
  ~kvm_vm_ioctl() at b.c:9 {
    ~kvm_vcpu_init() at b.c:10 {
      kvm_arch_vcpu_put() = 0
    }
    ~kvm_vcpu_init() at b.c:10 {
      kvm_arch_vcpu_put() = 0
    }
  }
} = 0
END
more() { "$kvt" html --symbols $symbols "$@" "$tmp/more.kvt"; }
is "$(more | grep -oE '<summary>… through [^<]*|>× [0-9]+, the first round' | sed 's/.*through //' | tr '\n' ';')" \
	"kvm_vm_ioctl;kvm_vcpu_init;kvm_vcpu_ioctl;kvm_vm_ioctl;>× 2, the first round;kvm_vm_ioctl;kvm_vcpu_init;" "levels with a neighbor, and levels that repeat, have rows of their own"
is "$(more | grep -o '<var>' | wc -l)" 1 "a name that something else begins with is no type"
is "$(more --open 2 | sed -n 's/.*<details\( *[a-z]*\)><summary aria-label="below the first round".*/\1/p')" " open" "a round is open where its row is"
is "$(more --rows 100 | grep -c '<details>')" 0 "--rows alone opens all levels"
is "$(more --rows 100 --open 0 --named kvm_arch_vcpu_load | grep -c '<details>')" 6 "--named: the way to all calls of that name"

# Rows that are in sight at first.
rows() { levels --json "$@" | jq -j '"\(.rows) "'; levels "$@" | grep -c '<details open>'; }
is "$(rows) $(rows --open 1)" "8 5 4 2" "without --rows, three levels, or as --open says"
is "$(rows --rows 100)" "8 5" "--rows: all, where there is room"
is "$(rows --rows 100 --open 2)" "7 4" "... or no deeper than --open says"
is "$(for n in 1 2 3 4 5 6 7 8; do rows --rows $n; done | tr '\n' ' ')" "2 0 2 0 3 1 4 2 4 2 6 3 7 4 8 5 " "... no more than that, from the top down"
opened() { levels "$@" | sed -n 's/.*<details open><summary aria-label="below \([a-z_A-Z]*\)".*/\1/p' | tr '\n' ' '; }
is "$(opened --rows 7 --named kvm_arch_vcpu_load)" "KVM_RUN kvm_vcpu_ioctl kvm_unshare_hyp kvm_arch_vcpu_create " "--named: first the way there"
is "$(opened --rows 4 --named kvm_arch_vcpu_load --named kvm_arch_vcpu_put)" "KVM_RUN close " "... where there is room for it"
is "$(levels --named kvm_arch_vcpu_load --named kvm_vcpu_init --named KVM_RUN --named close --named ioctl | grep -oE 'named in the text: ">◆</span> <[^>]*>' | sed 's/.*<//; s/ href.*//' | tr '\n' ' ')" \
	'details class="steps"> a class="fn" ' "... and marks them, the row of a level, too, but no system call"
is "$(levels --later --rows 3 | grep -c noscript) $(levels --later --rows 2 | grep -oE '<summary aria-label="below (KVM_RUN|close)"></summary><noscript><ul>' | wc -l)" "2 2" "--later: what is below a folded system call"
is "$(levels --later --rows 2 | sed 's/<\/*noscript>//')" "$(levels --rows 2 | sed '/KVM_RUN\|close/!s/"below [a-z_]*"/"below"/')" "... is there as it would be, its switches without names"

# diff: the sides have names.
"$kvt" diff --html --symbols $symbols "$good" "$other" >"$tmp/ab.html"
sed 's/only in A/only in VHE \&amp; more/g; s/only in B/only in nVHE/g' "$tmp/ab.html" >"$tmp/named.html"
ok "diff: names of the sides" diff "$tmp/named.html" <("$kvt" diff --html --name-a 'VHE & more' --name-b nVHE --symbols $symbols "$good" "$other")
for side in a:A b:B; do
	is "$(grep -oE "<p class=\"only-${side%:*}\"><span class=\"sign\" title=\"[^\"]*\"" "$tmp/ab.html" | sed 's/.*title=//')" "\"only in ${side#*:}\"" \
		"... the sign of ${side#*:} says its own"
done
ok "... in text, too" diff <("$kvt" diff "$good" "$other" | sed 's/only in B$/only in nVHE/') <("$kvt" diff --name-b nVHE "$good" "$other")
ok "... and in parts" diff "$tmp/ab.html" <("$kvt" diff --html --json --symbols $symbols "$good" "$other" | put_together)
capture "$kvt" diff --json "$good" "$other"
like "$status $err" "^2 .*diff --json is a form of --html" "diff --json is for HTML"

# claim: a line of JSON for each that is true.
claims=('kvm_create_vm once' 'KVM_CREATE_VCPU#2')
ok "claim: the parts are the whole" diff <("$kvt" claim --evidence html --symbols $symbols "$good" "${claims[@]}") \
	<("$kvt" claim --evidence json --symbols $symbols "$good" "${claims[@]}" | put_together)

# cover: sections.
"$kvt" cover --html --pages --symbols $symbols "$good" >"$tmp/cover.html"
"$kvt" cover --html --json --pages --symbols $symbols "$good" >"$tmp/cover.json"
ok "cover: the sections are the whole" diff "$tmp/cover.html" <(jq -rj '.[] | "<h2 id=\"\(.id)\">\(.title)</h2>\n", .html' "$tmp/cover.json")
is "$(jq -c '[.[].id][:3]' "$tmp/cover.json")" '["in-all","by-program","by-directory"]' "... each with its id"
