#!/bin/bash
# kvt walk and kvt called: which calls they mean, what they say of them, and
# what they say of those that are not there.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh
plan 39

kvt=build/kvt/asan/kvt
book=traces/$RELEASE/vhe/04-vcpu.kvt
export KVT_SYMBOLS=traces/$RELEASE/symbols.tsv
# Its functions are no kernel's, so it has an index of its own.
symbols=$tmp/symbols.tsv
{
	printf 'name\tkind\tpath\tline\tend\n'
	for name in a b create destroy make; do
		printf '%s\tfunction\tvirt/kvm/%s.c\t1\t9\n' $name $name
	done
} >"$symbols"
file=$tmp/made.kvt
seal "$file" 15 <<'END'
kvt 1
features sites
program made
mode nvhe
thread 0
@ioctl(3:system, KVM_CREATE_VM, 0) at code/a.c:1 {
  make(type=0) at virt/kvm/a.c:5 = vm#0
  make(type=1) at virt/kvm/a.c:5 = vm#1
} = 4:vm
@ioctl(4:vm, KVM_CREATE_VCPU, 0) at code/a.c:2 {
  ?outer() {
    ~inner() at virt/kvm/b.c:3 {
      create(id=0) at virt/kvm/b.c:4 {
        a(n=1) at virt/kvm/c.c:1 {
          b(n=2) at virt/kvm/c.c:2 {
            make(type=2) at virt/kvm/c.c:3 {
              a(n=9) at virt/kvm/c.c:4
            } = 0
          } = 0
          !event(x=1)
          b(n=3) at virt/kvm/c.c:2
        } = 0
      } = 0
    }
  }
} = 5:vcpu
@ioctl(4:vm, KVM_CREATE_VCPU, 1) at code/a.c:3 {
  create(id=1) at virt/kvm/b.c:4 = -EINVAL
} = -EINVAL
thread 1
@ioctl(4:vm, KVM_CREATE_VM, 0) at code/a.c:9 {
  destroy(id=0) at virt/kvm/a.c:7
} = 6:vm
END

walk() { capture "$kvt" walk --symbols "$symbols" "$file" "$@"; }
# goes NAME STEPS... = LINES: the arguments of the calls, as the walk prints them.
goes() {
	local name=$1 wanted=$2
	shift 2
	walk "$@"
	is "$status $err$(sed -E 's/^ *([0-9]+)  ([^ ]*\([^)]*\)).*/ \1 \2/' <<<"$out")" "0 $wanted" "$name"
}
stops() {
	local name=$1 wanted=$2
	shift 2
	walk "$@"
	like "$status $err$out" "$wanted" "$name"
}

goes "each step is the next such call" " 1 make(type=0)
 2 make(type=1)
 3 make(type=2)" make make make
goes "a call by its number" " 1 make(type=1)" 'make#2'
goes "a call below another" " 1 make(type=2)" 'create >> make'
goes "in a call" " 1 b(n=2)
 2 b(n=3)" 'in KVM_CREATE_VCPU#1: b' 'in KVM_CREATE_VCPU#1: b'
goes "that call itself" " 1 ioctl(4:vm, KVM_CREATE_VCPU, 1)
 2 create(id=1)" 'in KVM_CREATE_VCPU#2: KVM_CREATE_VCPU' 'in KVM_CREATE_VCPU#2: create'
goes "... by its result, too" " 1 ioctl(4:vm, KVM_CREATE_VCPU, 1)" 'in KVM_CREATE_VCPU: KVM_CREATE_VCPU = EINVAL'
goes "in several calls, the first that has it" " 1 create(id=0)
 2 create(id=1)" 'in KVM_CREATE_VCPU: create' 'in KVM_CREATE_VCPU: create'
goes "a tracepoint" " 1 event(x=1)" '!event'
stops "a name that is not there" 'step 2: in KVM_CREATE_VM: destroy#2
  in line 6: KVM_CREATE_VM' make 'in KVM_CREATE_VM: destroy#2'
stops "a step that is earlier" '^1  1  create.*
step 2: make#1
  it is in line 7, and step 1, create, is in line 13: a walk goes on in the order of time$' create 'make#1'
stops "the step before, once more" 'step 2: make#1
  it is in line 7, and step 1, make, is in line 7:' make 'make#1'
stops "a step in another thread" 'step 2: destroy
  it is in another thread than step 1, and a capture has no order between two$' make destroy
stops "a call that is not in the other" 'step 1: in KVM_CREATE_VCPU#2: a' 'in KVM_CREATE_VCPU#2: a'
stops "no such call to be in" 'step 1: in KVM_CREATE_VCPU#3: create
  KVM_CREATE_VCPU is there 2 times:' 'in KVM_CREATE_VCPU#3: create'
for more in 'make once' 'make and create' 'make returns 0' 'make before create' 'make never' 'make at least 2 times'; do
	stops "no path: $more" "^2 kvt: a step is the path of a call, and no more: $more$" "$more"
done

# json STEP FIELD: of the walk's JSON.
json() { "$kvt" walk --json --symbols "$symbols" "$file" "$1" | python3 -c "import json, sys; print(json.load(sys.stdin)['$2'])"; }
is "$(json make line)" 7 "JSON: the line of the capture"
is "$(json create way)" "['KVM_CREATE_VCPU', 'inner']" "JSON: the way, with inlined functions, without those that are not recorded"
is "$(json 'create >> make' at)" code/a.c:2 "JSON: the line of the program"
is "$(json '~inner' link)" 'made.nvhe/KVM_CREATE_VCPU/~inner' "JSON: the link to a level"
is "$(json 'b#2' link)" 'made.nvhe/KVM_CREATE_VCPU/create/a/b.2' "JSON: the link to the second of a name"
# FNV-1a of "create/a/b", as script/calls.js has it.
is "$(json 'make > a' link)" "made.nvhe/KVM_CREATE_VCPU/+$(python3 -c '
h = 2166136261
for c in b"create/a/b": h = (h ^ c) * 16777619 % 2 ** 32
h %= 36 ** 4
print("".join("0123456789abcdefghijklmnopqrstuvwxyz"[h // 36 ** k % 36] for k in (3, 2, 1, 0)))')/make/a" "JSON: the middle of a long link is four letters"
link() { "$kvt" walk --json "traces/$RELEASE/vhe/$1.kvt" "${@:2}" | python3 -c "import json, sys; print(json.loads(sys.stdin.readlines()[-1])['link'])"; }
is "$(link 05-max-vcpus 'KVM_CREATE_VCPU#100')" '05-max-vcpus/KVM_CREATE_VCPU.3' "JSON: of calls that are folded, the link leads to the first"
is "$(link 05-max-vcpus 'KVM_CREATE_VCPU#100' kvm_timer_vcpu_init)" "$(link 05-max-vcpus 'KVM_CREATE_VCPU#3' kvm_timer_vcpu_init)" "... and of one below, to the one below the first"
is "$(link 05-max-vcpus 'KVM_CREATE_VCPU#515' kvm_vm_ioctl)" '05-max-vcpus/KVM_CREATE_VCPU.515/kvm_vm_ioctl' "... but not of one that is shown itself"
pairs=$tmp/pairs.kvt
seal "$pairs" 7 <<'END'
kvt 1
program pairs
mode vhe
thread 0
@ioctl(4:vm, KVM_CREATE_VM, 0) at code/a.c:9 {
  a(n=1) = 0
  b(n=1) = 0
  a(n=2) = 0
  b(n=2) = 0
  a(n=3) = 0
  b(n=3) = 0
} = 0
END
is "$("$kvt" walk --json --symbols "$symbols" "$pairs" 'b#3' | grep -o '"link":"[^"]*"')" '"link":"pairs/KVM_CREATE_VM/b"' "... of pairs, to its like in the first"
golden walk.jsonl "$kvt" walk --json "$book" 'KVM_CREATE_VCPU#1' 'create_vcpu_fd > anon_inode_getfd'

called() { capture "$kvt" called --symbols "$symbols" "$file" "$@"; }
called virt/kvm/b.c:4 virt/kvm/c.c:2 code/a.c:2 virt/kvm/c.c:22
# shellcheck disable=SC2001  # each line has an end to be cut off
is "$status $err$(sed 's/  \(virt\|←\).*//' <<<"$out")" "0 virt/kvm/b.c:4: 2 calls
  create(id=0) = 0
  create(id=1) = -EINVAL
virt/kvm/c.c:2: 2 calls
  b(n=2) = 0
  b(n=3)
code/a.c:2: 0 calls
virt/kvm/c.c:22: 0 calls" "called: the calls of each line, but none of the program"
is "$("$kvt" called --json --symbols "$symbols" "$file" virt/kvm/c.c:2 | grep -o '"names":[^]]*]')" '"names":["b"]' "called: each name once"
called --in 'KVM_CREATE_VCPU#2' virt/kvm/b.c:4
like "$out" '^virt/kvm/b.c:4: 1 call
  create\(id=1\)' "called: only below one call"
called --in 'KVM_CREATE_VCPU#3' virt/kvm/b.c:4
is "$status $err" "2 kvt: $file has no call KVM_CREATE_VCPU#3" "called: below a call that is not there"
called --in 'create never' virt/kvm/b.c:4
is "$status $err" "2 kvt: --in takes the path of a call, not 'create never'" "called: below what is no path"
sed -e 's/^features sites/features args/; /^end /d' "$file" >"$tmp/bare"
seal "$tmp/bare.kvt" 15 <"$tmp/bare"
capture "$kvt" called --symbols "$symbols" "$tmp/bare.kvt" virt/kvm/b.c:4
like "$status $err" '^2 kvt: .*: it was recorded without call sites$' "called: a capture without call sites"
golden called.jsonl "$kvt" called --json --in 'KVM_CREATE_VCPU#1' "$book" virt/kvm/kvm_main.c:4207 virt/kvm/kvm_main.c:5158 virt/kvm/kvm_main.c:1
golden called-deep.jsonl "$kvt" called --json --in 'KVM_CREATE_VM#1' "traces/$RELEASE/vhe/03-vm.kvt" virt/kvm/kvm_main.c:1192
