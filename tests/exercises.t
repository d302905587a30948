#!/bin/bash
# Checks what the solutions say by doing what the exercises ask: changes the
# chapter's program, builds it and runs it.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 25

cc=$(tools/lab/lab cc)
declare -A libs=([14-debug]=-lcapstone)

# changed CHAPTER C-SCRIPT [S-SCRIPT]: builds the chapter's program with its
# two files changed by sed; a script that changes nothing is a mistake.
changed() {
	local chapter=$1 edited
	rm -rf "$tmp/src"
	mkdir "$tmp/src"
	cp code/*.h "code/$chapter.c" "code/$chapter.S" "$tmp/src"
	for edited in "$chapter.c:${2:-}" "$chapter.S:${3:-}"; do
		[[ ${edited#*:} ]] || continue
		sed -i "${edited#*:}" "$tmp/src/${edited%%:*}"
		! cmp -s "code/${edited%%:*}" "$tmp/src/${edited%%:*}" || diag "${edited%%:*}: nothing changed"
	done
	# shellcheck disable=SC2086
	capture $cc -std=gnu11 -O2 -Wall -Wextra -o "$tmp/$chapter" "$tmp/src/$chapter.c" \
		"$tmp/src/$chapter.S" ${libs[$chapter]:-}
	is "$status:$err" "0:" "$chapter, changed, builds"
}

# run CHAPTER [OPTION]...
run() {
	local chapter=$1
	shift
	capture tools/lab/lab run "$@" "$tmp/$chapter"
}

# 12.2: a load of two bytes, forgotten.
changed 12-mmio 's/n <= 6/n <= 9/' 's/ldr\tw3, \[x1\].*/ldrh\tw9, [x1, #2]/'
run 12-mmio
like "$out" $'\n  x9 is 0x00000000000000fc$' "12.2: forgotten, it gets the first two bytes of the answer before"
changed 12-mmio 's/n <= 6/n <= 9/; s/printf("and on/handle_mmio(vcpu, run);\n&/' 's/ldr\tw3, \[x1\].*/ldrh\tw9, [x1, #2]/'
run 12-mmio
like "$out" $'\n  x9 is 0x0000000000000000$' "12.2: answered, it gets 0"

# 12.3: the program counter set between the answer and the next run.
changed 12-mmio 's/^\trun->immediate_exit = 1;/\tset_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);\n&/'
run 12-mmio
like "$out" "as expected"$'\n'"  MMIO: the guest loads 4 bytes at 0x9010000 [(]pc 0x40000004[)]" "12.3: the guest goes on at 0x40000004"

# 13.1: no memory at 0.
changed 13-faults '/^\tadd_memory(vm, 1, 0, zeros/d'
run 13-faults
like "$out" "INTR: a signal interrupted the run [(]pc 0x200[)]"$'\n'"  ESR 0x86000010, instruction abort, ELR 0x200, FAR 0x200" \
	"13.1: the same hang, of external aborts"

# 13.2: the report by a store of two registers.
stp='/str\tx10, \[x9\]/d; s/str\tx11, \[x9, #8\].*/stp\tx10, x11, [x9]/'
changed 13-faults "" "$stp"
run 13-faults
like "$status:$err" "^1:[^ ]*: KVM_RUN: Function not implemented"$'\n'"The guest cannot run" "13.2: a report that cannot be made"

# 13.3: the entry that fails.
changed 13-faults '/"with vectors/,/run_again/s/run_again.*/kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINVAL); printf("%u\\n", run->exit_reason); get_reg(vcpu, CORE_REG(regs.pc)); return 0;/' \
	's/brk\t#2.*/mov\tx0, #0x10\n\tmsr\tspsr_el1, x0\n\tmsr\telr_el1, xzr\n\teret/'
LAB_APPEND=arm64.no32bit_el0 run 13-faults
like "$out" "KVM_RUN with 0: Invalid argument, as expected"$'\n'"9$" "13.3: KVM_EXIT_FAIL_ENTRY"
like "$status:$err" "^1:[^ ]*: KVM_GET_ONE_REG: Exec format error" "13.3: ... and the vCPU is not initialized any more"
run 13-faults
like "$status:$out$err" "^1:.*KVM_RUN with 0: expected \"Invalid argument\", but got \"Success\"" "13.3: where 32-bit programs may run, it does not fail"
unlike "$out" $'\n9$' "13.3: ... and there is no such exit"

# 14.2: a watchpoint on loads and stores.
changed 14-debug 's/STORES = 2 << 3/STORES = 3 << 3/'
run 14-debug
like "$out" "DEBUG: watchpoint at 0x40000040, syndrome 0xd2000022"$'\n'"  next is 0x40000008  ldr " "14.2: it stops at the load"

# 14.3: the store completed without a run.
changed 14-debug 's/i < 9; i++)/& {/; s/^\t\trun_once(vcpu, run, memory);/&\n\t\tif (run->exit_reason == KVM_EXIT_MMIO) {\n\t\t\trun->immediate_exit = 1;\n\t\t\tkvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);\n\t\t\trun->immediate_exit = 0;\n\t\t\tprintf("pc %llx\\n", (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));\n\t\t}\n\t}/'
run 14-debug
like "$out" $'\npc 4000001c\nDEBUG: step, syndrome 0xca000022\n  next is 0x4000001c  b ' "14.3: the step over a store stays one step"

# 15.1: SYSTEM_SUSPEND is not offered.
changed 15-psci 's/^\tenable_suspend(vm);/\t(void)enable_suspend;/'
run 15-psci
like "$out$err" "SYSTEM_EVENT: the guest switches itself off .*"$'\n'"  x0 is 0xfffffffffffffffa" "15.1: the guest finds NOT_SUPPORTED, and switches the machine off"

# 15.2: no PSCI 0.2.
changed 15-psci 's/psci = 1 << KVM_ARM_VCPU_PSCI_0_2/psci = 0/'
run 15-psci
like "$out$err" "MMIO: the guest stores .*"$'\n'"  x0 is 0xffffffffffffffff" "15.2: an older PSCI knows none of the calls"

# 16.1: the vendor's range is open.
changed 16-smccc '/fill_filter(0x86000000/,/has an action/d'
run 16-smccc
like "$out" $'\n  x21 is 0x0000000000000003\n' "16.1: KVM has two functions of its own"
