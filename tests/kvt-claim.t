#!/bin/bash
# kvt claim: each construct of the language, true and false; what kvt says
# about a false claim; claims that it does not understand.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
# shellcheck source-path=SCRIPTDIR source=kvt/golden.sh
source tests/kvt/golden.sh

kvt=build/kvt/asan/kvt
good=tests/kvt/vcpu.kvt
symbols=traces/$RELEASE/symbols.tsv
unset KVT_SYMBOLS

# yes CLAIM, no CLAIM [REGEX]: on the capture in $file.
file=$tmp/made.kvt
yes() {
	capture "$kvt" claim "$file" "$1"
	is "$status $err ${out%%:*}" "0  true" "true: $1"
}
no() {
	capture "$kvt" claim "$file" "$1"
	like "$status $err $out" "^1  false: ${2-}" "false: $1"
}
# faulty CLAIM MESSAGE COLUMN: and the caret stands there, from 0.
faulty() {
	capture "$kvt" claim "$file" "$1"
	is "$status $out $err" "2  kvt: the claim is not understood: $2
  $1
  $(printf '%*s' "$3" '')^" "not understood: $1"
}

seal "$file" 18 <<'END'
kvt 1
mode nvhe
thread 0
@ioctl(3:system, KVM_CREATE_VM, 0) at code/a.c:1 {
  make(type=0, name="a, b") = vm#0
} = 4:vm
@ioctl(4:vm, KVM_CREATE_VCPU, 0) at code/a.c:2 {
  create(vm=vm#0, id=0) {
    check(id=0) = 0
    build(vcpu=vcpu#0, regs={a=1, b=2}) {
      check(id=7) = 0
      part(vcpu=vcpu#0)
    } = 0
    !made(id=0)
    fd.isra.0(vcpu=vcpu#0) = 5
  } = 5
} = 5:vcpu
@ioctl(4:vm, KVM_CREATE_VCPU, 1) at code/a.c:3 {
  create(vm=vm#0, id=1) {
    check(id=1) = -EINVAL
  } = -EINVAL
} = -EINVAL
@close(4:vm) {
  drop(vm=vm#0) {
    part(vcpu=vcpu#0)
    part(vcpu=vcpu#1)
  }
} = 0
thread 1
@exit_group(0) never returned
END

# Steps
yes 'create'
no 'crate' 'crate.*has no crate; it has create'
yes 'KVM_CREATE_VCPU'
yes 'ioctl 3 times'
yes 'close once'
no 'close twice' '.*there 1 time:.*line 23: close'
yes '@close and !made and @ioctl'
no '!close' '.*'
no '@create' '.*'
yes 'c*te twice'
yes 'KVM_CREATE_* 3 times'
yes 'fd.isra.0'
yes 'fd* returns 5'
yes 'check(id=0)'
yes 'check(0)'
yes 'check(id=0, id=0) once'
no 'check(id=2)' '.*check is there 3 times:.*line 9: check\(id=0\) = 0'
no 'check(i=0)'
yes 'create(id=1, vm=vm#0)'
yes 'create(vm#0) twice'
yes 'create(vm=vm#*) twice'
yes 'build(regs={a=1, b=2})'
yes 'build(regs={*b=2})'
no 'build(b=2)'
yes 'make(name="a, b") never'
yes 'make(name=*)'
yes 'KVM_CREATE_VCPU(4:vm) twice'
yes 'KVM_CREATE_VCPU(4:vm, 1)'
no 'KVM_CREATE_VCPU(5:vcpu)' '.*is there 2 times:'
yes 'check = 0 twice'
yes 'check = -EINVAL and check = EINVAL once'
yes 'KVM_CREATE_VCPU = 5:vcpu'
no 'part = 0' '.*part is there 3 times'
yes 'KVM_CREATE_VCPU#1 = 5:vcpu'
no 'KVM_CREATE_VCPU#2 = 5:vcpu' '.*line 18: ioctl.* = -EINVAL'
no 'KVM_CREATE_VCPU#3' '.*is there 2 times:'
yes 'check#2..3 twice'
yes 'check#last = EINVAL once'
no 'check#last = 0' '.*'
no 'check before part#1' '.*'
yes 'check#1 before part#last'
yes 'part(vcpu=vcpu#0)#2'
yes 'exit_group'

# Paths
yes 'create > build > part'
no 'create > part' '.*it has create \(line 8\), but not then part.*further down, line 12: KVM_CREATE_VCPU > create > build > part.*it calls check \(2 times\), build'
yes 'create >> part'
yes 'create >> check 3 times'
yes 'create > check twice'
yes 'create > check#1 twice'
no 'create > check#2 once' '.*'
yes 'create > check#last = 0 once and create > check#last = EINVAL once'
yes 'KVM_CREATE_VCPU#1 >> check#last = 0 once'
yes 'KVM_CREATE_VCPU > create > check = EINVAL'
no 'build > drop' '.*elsewhere, line 24: close > drop.*it calls check, part'
yes 'create > * 5 times'

# Counts
yes 'part 3 times'
no 'part 2 times' '.*it is there 3 times:.*line 12.*line 25.*line 26'
yes 'part at least 3 times and part at most 3 times'
no 'part at least 4 times'
no 'part at most 2 times'
yes 'create > part never'
no 'part never' '.*it is there 3 times'
no 'part once'
yes 'nobody never'
yes 'inner never'
yes 'in create: atomic never and oncemore never'
yes '@calls never'
capture "$kvt" claim "$file" 'in KVM_CREATE_VCPU: create once'
is "$status $out" "0 true: 2 calls, the first in line 8; in each of 2 calls" "in how many calls it is true"

# Results
yes 'build returns 0'
yes 'create > check#1 = 0 returns 0'
no 'check returns 0' '.*1 of 3 does not:.*line 20: check\(id=1\) = -EINVAL'
yes 'KVM_CREATE_VCPU#2 returns EINVAL'
no 'part returns 0' '.*3 of 3 do not'
no 'nobody returns 0' '.*has no nobody'
yes 'KVM_CREATE_VM returns "4:vm"'

# Leaves
yes 'part calls nothing'
no 'drop calls nothing' '.*line 24: drop.*it calls part \(2 times\)'
no 'nobody calls nothing'

# Likeness
yes 'part alike'
no 'create alike' '.*line 19 is not like the first, in line 8; they part here:.*line 9: check.* = 0.*line 20: check.* = -EINVAL'
no 'drop alike' '.*there is only one, in line 24'

# Order
yes 'KVM_CREATE_VM before KVM_CREATE_VCPU'
yes 'KVM_CREATE_VM before create#1 before create#2 before close'
no 'KVM_CREATE_VCPU before KVM_CREATE_VM' '.*the last KVM_CREATE_VCPU returns in line 22, the first KVM_CREATE_VM begins in line 4'
no 'create before part' '.*'
no 'create#1 before build' '.*returns in line 16.*begins in line 10'
no 'make before nobody' '.*has no nobody'
no 'close before exit_group' '.*two threads'
yes 'KVM_CREATE_VCPU after each KVM_CREATE_VM'
yes 'check after each KVM_CREATE_VM and close after each make'
yes 'part after each build and drop after each create#2'
yes 'part after each create#2..2'
no 'check after each create' '.*none between these two:.*line 8: create.*line 19: create'
no 'create after each KVM_CREATE_VCPU' '.*none between these two:'
no 'make after each close' '.*none behind this one:.*line 23: close'
no 'make after each make' '.*none behind this one:'
no 'exit_group after each close' '.*none behind this one:'
no 'close after each exit_group' '.*none behind this one:'
no 'make after each nobody' '.*has no nobody'
no 'nobody after each make' '.*has no nobody'

# Scopes
yes 'in create#1: part once'
yes 'in build: part once and check returns 0'
yes 'in KVM_CREATE_VCPU: check at least 1 times'
no 'in KVM_CREATE_VCPU: check twice' '.*in line 18: KVM_CREATE_VCPU.*there 1 time:'
yes 'in KVM_CREATE_VCPU = EINVAL: check once'
yes 'in KVM_CREATE_VCPU > create = 5: build'
no 'in KVM_CREATE_VCPU > build: part' '.*it has KVM_CREATE_VCPU \(line 7\), but not then build'
no 'in build: create' '.*elsewhere, line 8: KVM_CREATE_VCPU > create.*it calls check, part'
yes 'in create: check#1'
no 'in create: check#2'

# Levels that only the source has
file=tests/kvt/sites.kvt
yes 'KVM_CREATE_VM > kvm_dev_ioctl > kvm_create_vm'
yes 'KVM_CREATE_VM > ?__arm64_sys_ioctl > ~vfs_ioctl > kvm_dev_ioctl > ~kvm_dev_ioctl_create_vm > kvm_create_vm'
yes 'kvm_dev_ioctl > kvm_dev_ioctl_create_vm'
yes '~create_vcpu_fd > anon_inode_getfd once'
no '~kvm_create_vm'
no '?create_vcpu_fd'
no '~__arm64_sys_ioctl'
yes 'KVM_CREATE_VM > * once'
yes 'KVM_CREATE_VM > ~* once'
no 'create_vcpu_fd calls nothing' '.*it calls anon_inode_getfd'
no 'KVM_CREATE_VM > kvm_create_vm' '.*it calls kvm_dev_ioctl'
file=$tmp/made.kvt

# What is not understood
faulty '' 'here the name of a call is missing' 0
faulty 'a >' 'here the name of a call is missing' 3
faulty 'a > in' 'here the name of a call is missing' 4
faulty 'a b' "here the claim should end, or go on with 'and', '>', 'returns', 'before', 'after each', 'never', 'N times', 'calls nothing' or 'alike'" 2
faulty 'a 4294967296 times' 'that number is too large' 2
faulty 'a = b) never' "here the claim should end, or go on with 'and', '>', 'returns', 'before', 'after each', 'never', 'N times', 'calls nothing' or 'alike'" 5
faulty 'a and' 'here the name of a call is missing' 5
faulty 'in a b' "after 'in' and a path comes ':'" 5
faulty 'in a:' 'here the name of a call is missing' 5
faulty 'a#' 'after # comes a number, or last: #2, #3..7, #last' 2
faulty 'a#lasting' 'after # comes a number, or last: #2, #3..7, #last' 2
faulty 'a#0' 'calls are counted from 1' 2
faulty 'a#3..2' 'this range ends before it begins' 1
faulty 'a#3..' 'the range has no end' 5
faulty 'a#99999999999999999999' 'that number is too large' 2
faulty 'a(b' 'this bracket is never closed' 1
faulty 'a(b=)' 'an argument is missing' 4
faulty 'a(*b=c*)' "no argument's name has a *; a value with = in it goes in quotes" 2
faulty 'a(b="c)' 'this quote is never closed' 4
faulty 'a 3' "after the number comes 'times'" 3
faulty 'a at 3 times' "after 'at' comes 'least' or 'most'" 5
faulty 'a calls b' "after 'calls' comes 'nothing'; what it does call is said with '>'" 8
faulty 'a returns' 'a result is missing' 9
faulty 'a after b' "after 'after' comes 'each'; what comes first is said with 'before'" 8
faulty 'a after each' 'here the name of a call is missing' 12
faulty 'a before' 'here the name of a call is missing' 8
faulty 'a(x="…") b' "here the claim should end, or go on with 'and', '>', 'returns', 'before', 'after each', 'never', 'N times', 'calls nothing' or 'alike'" 9
capture "$kvt" claim "$file" $'a\e[31m'
is "$status $err" "2 kvt: the claim has a control character" "what would command the terminal is not shown"

# Options
capture "$kvt" claim --mode nvhe "$file" create
is "$status" 0 "--mode"
capture "$kvt" claim --mode vhe "$file" create
is "$status $out" "1 false: the capture is of mode nvhe, not vhe" "a capture of another mode"
capture "$kvt" claim --mode ehv "$file" create
is "$status $err" "2 kvt: --mode takes vhe, nvhe, protected or nested, not 'ehv'" "an unknown mode"
capture "$kvt" claim --symbols "$symbols" "$good" 'kvm_sahre_hyp never'
like "$status $err" "^2 .*neither the capture nor the index has kvm_sahre_hyp" "an absence that is misspelt"
capture "$kvt" claim --symbols "$symbols" "$good" 'kvm_vcpu_block never and KVM_RUN never'
is "$status" 0 "... and one that is not"
capture "$kvt" claim --symbols "$symbols" "$good" '@write never and !kvm_nothing never'
is "$status" 0 "... of a system call and of a tracepoint, which no index has"
capture "$kvt" claim --evidence html "$good" kvm_create_vm
like "$status $err" "^2 .*needs --symbols" "HTML without an index"
capture "$kvt" claim --evidence tree "$good" kvm_create_vm
like "$status $err" "^2 .*takes text, html or json, not 'tree'" "--evidence of another kind"
capture "$kvt" claim "$good"
like "$status $err" "^2 .*one capture and one claim" "no claim"
capture "$kvt" claim "$good" kvm_create_vm 'kvm_create_vm > kvm_create_vm' kvm_create_vm
is "$status $(grep -o '^true\|^false' <<<"$out" | tr '\n' ' ')" "1 true false true " "several claims, of which one is false"
capture "$kvt" claim "$good" kvm_create_vm kvm_create_vm
is "$status" 0 "several that are true"
head -n 100 "$good" >"$tmp/cut.kvt"
capture "$kvt" claim "$tmp/cut.kvt" kvm_create_vm
like "$status $err" "^3 .*truncated" "a capture that was cut"
capture bash -c "$kvt claim $good kvm_create_vm >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"

# What is called when a thread ends stands beside its system calls.
before=$file file=$tmp/end.kvt
seal "$file" 3 <<'END'
kvt 1
thread 0
@openat("/dev/kvm") = 3:system
drop(vm=vm#0) {
  part(vcpu=vcpu#0)
}
END
no 'absent' '.*its system calls: openat$'
file=$before

# What is true of a capture, but not proved by it: $reason.
# unproved CLAIM [OPTION]
unproved() {
	capture "$kvt" claim "${@:2}" "$file" "$1"
	like "$status $err $out" "^1  no proof: $reason" "no proof${2+ ($2)}: $1"
}
file=$tmp/part.kvt
seal "$file" 6 <<'END'
kvt 1
stopped max-size
thread 0
@ioctl(3:system, KVM_CREATE_VM, 0) {
  make(type=0, at={a=1}) = vm#0
} = 4:vm
@ioctl(4:vm, KVM_SET, user#1 {slot=3, at={a=1}}) = 0
@ioctl(4:vm, KVM_SET, user#2) = 0
@close(4:vm) {
  drop(vm=vm#0)
} = 0
END
reason='.*the recording was stopped before the program ended'
yes 'make and KVM_SET at least 2 times and close > drop'
unproved 'KVM_SET twice'
unproved 'make and KVM_RUN never'
unproved 'close at most 1 times'
unproved 'close returns 0'
unproved 'drop calls nothing'
unproved 'KVM_SET alike'
unproved 'make before drop'
unproved 'drop after each make'
unproved 'KVM_SET#last'
unproved 'KVM_SET#2'
unproved 'close#1 >> drop'
unproved 'in close: drop'
no 'KVM_SET 3 times' '.*there 2 times'
no 'make and KVM_SET never' '.*there 2 times'
capture "$kvt" claim --evidence json --symbols "$symbols" "$file" 'KVM_SET twice'
like "$status $out" '^1 no proof: KVM_SET twice' "what is not proved has no evidence"
unlike "$out" 'html' "... but the reason"
sed -i '/^stopped/d; /^end/d' "$file"
seal "$file" 6 <<<"$(cat "$file")"
yes 'KVM_SET twice and KVM_RUN never'
# Of the second one, only the address is known.
reason='.*the recorder could not fetch what an ioctl was given'
unproved 'KVM_SET("*slot=3*") once'
unproved 'KVM_SET("*{slot=4, *") never'
unproved 'KVM_SET("*, at={a=1}}") = 0 once'
unproved 'KVM_SET(x=3) never'
unproved 'KVM_SET(4:vm, "*slot=4*") at most 2 times'
unproved 'ioctl("*slot=4*") never'
unproved 'make before KVM_SET("*slot=3*")'
unproved 'close after each KVM_SET("*slot=3*")'
unproved 'KVM_SET("*slot=3*")#last'
unproved 'in KVM_SET("*slot=3*"): make never'
yes 'KVM_SET("*slot=3*")'
yes 'KVM_SET("*slot=3*") at least 1 times and KVM_CREATE_VM before KVM_SET'
yes 'KVM_SET(*) twice and KVM_SET(user#2) once and KVM_SET("user#1 {*") once and KVM_SET("user#3 {*") never'
yes 'KVM_SET("*slot=3*") = EINVAL never and KVM_SET(5:vm, "*slot=3*") never and KVM_SET("*slot=3") never'
yes 'make(type=1) never and KVM_CREATE_VM(type=1) never'
reason='.*another thread can change what an ioctl is given by address'
unproved 'KVM_SET("*slot=3*")' --threads
unproved 'KVM_SET(*) twice' --threads
unproved 'KVM_SET("user#1 {slot=3, at={a=1}}")' --threads
unproved 'KVM_SET("user#*a=1}}")' --threads
unproved 'KVM_SET("*slot=4*") never' --threads
unproved 'KVM_SET(x=3) never' --threads
unproved 'make before KVM_SET("*slot=3*")' --threads
unproved 'close after each KVM_SET("*slot=3*")' --threads
unproved 'in KVM_SET("*slot=3*"): make never' --threads
unproved 'make and ioctl("*slot=3*") >> make never' --threads
capture "$kvt" claim --threads "$file" 'KVM_SET(4:vm) = 0 twice' 'KVM_SET(*:vm) and KVM_SET(user#2)' \
	'KVM_SET(user#1*x) never' 'KVM_CREATE_VM(*system) = *:vm' 'make(*) and close(*)' 'KVM_SET(vm*) never and KVM_SET("") never'
is "$status $(grep -c '^true' <<<"$out")" "0 6" "arguments in registers are the kernel's, whatever threads do"
file=$before

# Evidence
golden help-claim.txt "$kvt" claim --help
golden claim-path.txt "$kvt" claim --evidence text "$good" 'KVM_CREATE_VCPU > kvm_vm_ioctl >> kvm_share_hyp'
golden claim-never.txt "$kvt" claim --evidence text "$good" 'in KVM_CREATE_VCPU#2: kvm_arch_vcpu_create never'
golden claim-many.txt "$kvt" claim --evidence text "$good" 'stage2_free_walker at least 1000 times'
golden claim-before.html "$kvt" claim --evidence html --symbols "$symbols" "$good" \
	'in KVM_CREATE_VCPU = EEXIST: kvm_arch_vcpu_create before kvm_arch_vcpu_destroy'
golden claim-alike.txt "$kvt" claim --evidence text "$good" 'kvm_arch_vcpu_create alike'
golden claim-threads.txt "$kvt" claim --evidence text "$file" 'create >> part and @exit_group calls nothing'
capture "$kvt" claim --evidence text --color always "$file" 'create alike'
like "$status $out" "^1 false" "nothing is evident of what is false"

capture $kvt claim "traces/$RELEASE/vhe/25-gmem.kvt" 'in KVM_RUN#1: gmem_abort 2 times and gmem_abort.constprop.0 2 times'
like "$out" "^true" "a function of which the compiler made a copy has its own name, too"
seal "$tmp/part.kvt" 2 <<<$'kvt 1\nthread 0\nwhole.part.0()\ncopy.isra.0()'
capture $kvt claim "$tmp/part.kvt" 'whole.part.0 once and whole never and copy once'
like "$out" "^true" "... but a piece of one is not the whole"

plan $tap_count
