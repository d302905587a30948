#!/bin/bash
# Checks what the solutions say by doing what the exercises ask: changes the
# chapter's program, builds it and runs it.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 116

cc=$(tools/lab/lab cc)
declare -A libs=([14-debug]=-lcapstone)

# changed CHAPTER C-SCRIPT [S-SCRIPT [VECTORS-SCRIPT [RING-SCRIPT
# [STATE-SCRIPT]]]]: builds the chapter's program with its two files, vectors.S,
# ring.h and state.h changed by sed; a script that changes nothing is a mistake.
changed() {
	local chapter=$1 edited
	rm -rf "$tmp/src"
	mkdir "$tmp/src"
	cp code/*.[hS] "code/$chapter.c" "$tmp/src"
	for edited in "$chapter.c:${2:-}" "$chapter.S:${3:-}" "vectors.S:${4:-}" "ring.h:${5:-}" "state.h:${6:-}"; do
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
# By the instruction counter, or on a busy machine the signal comes before the
# first instruction.
run 13-faults --icount
like "$out" "INTR: a signal interrupted the run [(]pc 0x200[)]"$'\n'"  ESR 0x86000010, instruction abort, ELR 0x200, FAR 0x200" \
	"13.1: the same hang, of external aborts"

# 13.2: a load from an odd address, and with bit 1 of SCTLR_EL1.
changed 13-faults "" 's/brk\t#2.*/ldr\tx2, [x0, #1]/; s/^\tisb.*/\tmrs\tx1, sctlr_el1\n\torr\tx1, x1, #2\n\tmsr\tsctlr_el1, x1\n&/'
run 13-faults
like "$out" $'\nwith vectors\n'"  ESR 0x96000021, data abort, ELR 0x4000002c, FAR 0x40000801"$'\n'"  ESR 0x86000010" "13.2: refused, with the bit"

# 13.3: EL1 with the stack pointer of EL0.
changed 13-faults 's/^\trun_guest/\tset_reg(vcpu, CORE_REG(regs.pstate), 0x3c4);\n&/'
run 13-faults
like "$out" "ESR 0x86000010, instruction abort, ELR 0xa000000, FAR 0xa000000"$'\n'".*"$'\n'"  abort pending: 0 [(]pc 0x40000800[)]" "13.3: the first entry of the table"

# C.1: the vectors store two registers.
changed c-exits "" "" 's/str\txzr, \[x9\]/stp\txzr, xzr, [x9]/'
run c-exits
like "$status:$out" "^0:.*"$'\n'"  ARM_NISV: the guest stores at 0x9030000, syndrome 0x4[4-7] [(]pc 0x40000a00[)]"$'\n' "C.1: each report is without a syndrome"
unlike "$out" "  ESR " "C.1: ... and is skipped"

# C.2: the entry that fails.
changed c-exits 's/KVM_RUN, 0, ENOSYS/KVM_RUN, 0, EINVAL/' \
	's/str\tw2, \[x3\], #4.*/mov\tx0, #0x10\n\tmsr\tspsr_el1, x0\n\tmsr\telr_el1, xzr\n\teret/'
LAB_APPEND=arm64.no32bit_el0 run c-exits
like "$out" "KVM_RUN with 0: Invalid argument, as expected"$'\n'"  FAIL_ENTRY: " "C.2: KVM_EXIT_FAIL_ENTRY"
like "$status:$err" "^1:[^ ]*: KVM_GET_ONE_REG: Exec format error" "C.2: ... and the vCPU is not initialized any more"
run c-exits
like "$status:$out$err" "^1:.*KVM_RUN with 0: expected \"Invalid argument\", but got \"Success\"" "C.2: where 32-bit programs may run, it does not fail"

# D.1: an SGI to all others.
changed d-gicv2 "" 's/=2 << 24 | 1/=1 << 24 | 1/'
run d-gicv2 --needs code/d-gicv2.needs
like "$status:$out" "^0:.*taken: INTID 1, from vCPU 1"$'\n' "D.1: vCPU 1's SGI is taken"
unlike "$out" "INTID 1, from vCPU 0" "D.1: ... and no other"

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

# 17.1: a wfi for the timer, which a signal ends; without the signal, nothing does.
changed 17-irqline-cpu 's/^int main(void)/#include <signal.h>\nstatic void nothing(int s) { (void)s; }\n&/; s/^\tkvm = open_kvm/\tsignal(SIGALRM, nothing);\n\talarm(3);\n&/' \
	's/^\tcbz\tx21, no_tick/\twfi\n&/'
run 17-irqline-cpu
like "$out" $'\nstep 6\n  INTR: the timer.s level is 1\n  handler: who is it[?]  27\n' "17.1: the signal brings the timer's level along"
sed -i 's/^\talarm(3);//' "$tmp/src/17-irqline-cpu.c"
# shellcheck disable=SC2086
$cc -std=gnu11 -O2 -o "$tmp/17-irqline-cpu" "$tmp/src/17-irqline-cpu.c" "$tmp/src/17-irqline-cpu.S"
run 17-irqline-cpu --timeout 20
is "$status" 124 "17.1: without it, KVM_RUN does not return"

# 17.2: the timer is switched off, and nobody is told.
changed 17-irqline-cpu "" 's/^\tmov\tx21, #1$/&\n\tb\tout/'
run 17-irqline-cpu
like "$out" $'\n  handler: who is it[?]  27\n.*\n  handler: who is it[?]  1023\n' "17.2: nobody wants anything any more"

# 19.1: the disk is raised while it is still an edge.
changed 19-irq '/^int main(void)/,/^}/{/^\tset_line(vm, spi(DISK), true);/{N;d}; s/^\tbuild_machine();/&\n\tset_line(vm, spi(DISK), true);\n\tprint_line(gic, DISK, "raised");/}'
run 19-irq
like "$out" $'    32 raised: level 0, latch 1, active 0\nstep 1\n  vCPU 0 takes 32\n    32 taken: level 0, latch 1, active 1\nstep 2\n    32 done: level 0, latch 0, active 0\n' "19.1: an edge, taken once"

# 19.2: no end of interrupt.
changed 19-irq "" '/icc_eoir1_el1/d'
run 19-irq
is "$(grep takes <<<"$out")" $'  vCPU 0 takes 32\n  vCPU 1 takes 1' "19.2: nothing else gets through"

# 19.3: an SGI to both.
changed 19-irq "" 's/=1 << 24 | 1 << 1/=1 << 24 | 3/'
run 19-irq
like "$out" $'\nstep 5\n  vCPU 0 takes 1\nstep 6\n  vCPU 1 takes 1\n' "19.3: each takes it when it runs"

# 20.1: no vCPU after INIT.
changed 20-timer 's/^\tadd_vcpu(vm, 1, 0);//; s/^\ttake_break(vcpu, false);/\tkvm_ioctl_fails(vm, KVM_CREATE_VCPU, 1, EBUSY);\n&/'
run 20-timer --icount
like "$out" $'\nstep 2\nKVM_CREATE_VCPU with 1: Device or resource busy, as expected\n' "20.1: no vCPU after INIT"

# 20.2: a period from now.
changed 20-timer "" 's/^\tadd\tx22, x22, x21\t.*//; s/^\tmsr\tcntv_cval_el0, x22\t.*until then.*/\tmsr\tcntv_tval_el0, x21/'
run 20-timer --icount
like "$out" $'\n  INTID 27, 0 missed\nstep 1\n  INTID 27, 1 missed\nstep 2\n  INTID 27, 5 missed\nstep 3\n' "20.2: the guest takes each tick for late"

# 21.1: a level without a resampler.
changed 21-eventfd 's/^\tlevel.flags = KVM_IRQFD_FLAG_RESAMPLE;//'
run 21-eventfd --icount --timeout 20
is "$status" 124 "21.1: KVM_RUN does not return"

# 21.2: an event before there is an irqfd.
changed 21-eventfd 's/^\tconnect();/\tadd(line, 1);\n&/' 's/^\tring\t40, 1/\tring\t40, 2/'
run 21-eventfd --icount
like "$status:$out" "^0:.*"$'\nINTID 40\nINTID 41\n' "21.2: two interrupts came"

# 21.3: answered before the ring is emptied.
changed 21-eventfd 's/^\tdrain();$/\tbool done = handle_mmio(vcpu, run);\n\n&/; s/^\treturn handle_mmio(vcpu, run);/\treturn done;/'
run 21-eventfd --icount
like "$out" $'\n0 pixels\n  the ring had 3 stores\n' "21.3: what the guest drew first comes last"

# 22.1: two messages before the guest runs.
changed 22-its 's/^\tcard = connect_msi(5, CARD, 0);/&\n\teventfd_write(card, 1);/'
run 22-its --icount
like "$out" $'\n  vCPU 0 takes 8193\nstep 5\n' "22.1: one interrupt"

# 22.2: a property that nobody reads again.
changed 22-its "" 's/^\tinv\t0x10, 1.*/\tsync\t0/'
run 22-its --icount
like "$out" $'\ncard, event 1: sent\nstep 7\n' "22.2: an LPI that stays off"

# 22.3: a collection that goes nowhere.
changed 22-its "" 's/^\tmapc\t1, 1/\tmapc\t1, 7/'
run 22-its --icount
like "$out" $'\nstep 8\nstep 9\n' "22.3: vCPU 1 takes nothing"

# 23.1: a device that stores where nobody sees it.
changed 23-dirty-log 's/^\t\tcopy_pages(from, to, bitmap);/&\n\t\tif (round == 1)\n\t\t\t((uint64_t *)(from->ram + 15 * PAGE))[1] = 42;/; s/^\tcopy_registers(from, to);/\tprintf("word: %d\\n", (int)((uint64_t *)(to->ram + 15 * PAGE))[1]);\n&/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\nword: 0\n' "23.1: page 15 does not arrive"
changed 23-dirty-log 's/^\t\tcopy_pages(from, to, bitmap);/&\n\t\tif (round == 1)\n\t\t\t((uint64_t *)(from->ram + 9 * PAGE))[1] = 42;/; s/^\tcopy_registers(from, to);/\tprintf("word: %d\\n", (int)((uint64_t *)(to->ram + 9 * PAGE))[1]);\n&/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\nword: 42\n' "23.1: page 9 does, by chance"

# 23.2: a guest as fast as the copying, and with four pages only.
changed 23-dirty-log 's/migrate(&a, &b, 1, AT_ONCE)/migrate(\&a, \&b, 2, AT_ONCE)/'
run 23-dirty-log --icount
like "$(grep -c '^  16 #' <<<"$(sed '/a fast/q' <<<"$out")")" '^5$' "23.2: five rounds of 16 pages"
changed 23-dirty-log 's/migrate(&a, &b, 1, AT_ONCE)/migrate(\&a, \&b, 2, AT_ONCE)/' 's/^\tand\tx20, x20, #15/\tand\tx20, x20, #3/'
run 23-dirty-log --icount
like "$(sed '/a fast/q' <<<"$out" | grep -c '^   4 ####')" '^4$' "23.2: and then four of four"

# 23.3: registers copied in the middle of a load.
changed 23-dirty-log 's/^\tfinish_load(from);/\t(void)finish_load;/'
run 23-dirty-log --icount
like "$out" $'\n   2 ............##..\na fast guest\n' "23.3: the other guest has not added up"

# 24.1: around the end of the ring.
changed 24-dirty-ring '/^static void fill/,/^}/s/^}/\tstore(cpu, 0, 100);\n\ttake_pages(cpu);\n\treset(vm);\n\tprintf("place %d\\n", (int)(cpu->ring.next % cpu->ring.size));\n}/'
run 24-dirty-ring --icount
like "$out" $'\n  ring 0 has 100: 0 1 2 3 ... 99\n  reset: 100\nplace 45\n' "24.1: a hundred pages, of which page 60 is in entry 5"

# 24.2: an ITS that stores where nobody looks.
changed 24-dirty-ring '/RING_WITH_BITMAP, 0);/d'
run 24-dirty-ring --icount
like "$status $out$err" "^1 .*KVM_GET_DIRTY_LOG: No such device or address" "24.2: no bitmap"

# 24.3: without acquire and release.
run_before=$(sed -n '/^DIRTY_LOG_RING/,$p' traces/"$RELEASE"/vhe/24-dirty-ring.out)
changed 24-dirty-ring "" "" "" 's/__ATOMIC_ACQUIRE/__ATOMIC_RELAXED/; s/__ATOMIC_RELEASE/__ATOMIC_RELAXED/'
taken=$("${cc%%-gcc*}-objdump" -d --disassemble=take_pages "$tmp/24-dirty-ring")
is "$(grep -c '<take_pages>:' <<<"$taken") $(grep -cE '(ldar|stlr)' <<<"$taken")" "1 0" "24.3: ordinary instructions"
run 24-dirty-ring --icount
is "$out" "$run_before" "... print the same"

# 24.4: a large page, and rings alone; then with a bitmap.
large='s/RAM_AT = 0x40100000, PAGES = 256/RAM_AT = 0x40200000, PAGES = 512/
	s/^\tchar \*ram = map(-1, pages \* PAGE);/\tchar *ram = map(-1, 4 << 20);\n\n\tram += -(uintptr_t)ram % (2 << 20);/
	s/^\tmemset(ram, 0, pages \* PAGE);.*/&\n\tmust(madvise(ram, 2 << 20, MADV_COLLAPSE), "No large page.");/'
changed 24-dirty-ring "$large"
run 24-dirty-ring --icount
like "$out" $'\nvCPU 0, pages 0 to 199\n  MMIO: [^\n]*\n.*  ring 0 has 1: 0\n' "24.4: of 200 pages, the ring has one"
changed 24-dirty-ring "$large"'
	s/^\tload_guest(vm);/\tenable_cap(vm, KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 0);\n&/'
run 24-dirty-ring --icount
like "$out" $'\nvCPU 0, pages 0 to 199\n  DIRTY_RING_FULL [^\n]*\n.*  ring 0 has 192: 0 1 2 3 ... 191\n' "... with a bitmap besides, 192"

# 25.1: a mapping keeps the file, and the last one lets it go.
changed 25-gmem '/^static void unmap/,/^}/s/^\tadd_file(.*/&\n\tclose(file);/'
run 25-gmem --icount
like "$status $out$err" "^1 .*"$'\n'"after madvise, the guest counts 3"$'\n'"?[^ ]*: KVM_RUN: Bad address" "25.1: the next run fails"
capture tools/trace/capture --quiet -o "$tmp/25.kvt" "$tmp/25-gmem"
capture build/kvt/kvt claim "$tmp/25.kvt" 'munmap#2 before kvm_gmem_release#1 and kvm_gmem_release#1 before KVM_RUN#7'
like "$out" "^true" "25.1: ... because of munmap"

# 25.2: all pages beforehand.
changed 25-gmem '/^static int load_file/,/^}/s/^\tmunmap/\tmust(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, MEMORY_SIZE), "No memory.");\n&/'
capture tools/trace/capture --quiet -o "$tmp/25.kvt" "$tmp/25-gmem"
is "$status" 0 "25.2: it ends as before"
capture build/kvt/kvt claim "$tmp/25.kvt" 'fallocate#1 before KVM_RUN#1 and KVM_RUN#1 >> kvm_gmem_get_pfn 2 times'
like "$out" "^true" "25.2: two faults all the same"

# 25.3: a hole in the code.
changed 25-gmem 's/^\tpunch_hole(file, PAGE, PAGE);/\tpunch_hole(file, 0, PAGE);/'
run 25-gmem --timeout 5
is "$status" 124 "25.3: KVM_RUN does not return"

# 28.1: the exit is not finished.
changed 28-snapshot '/^\tfinish_exit(&machine);/d; s/^static void finish_exit/__attribute__((unused)) &/'
run 28-snapshot --icount
like "$out" $'second process:\n  tick at 0.3 s\n  41 at 0.3 s, 40 at 0.3 s, 8192 at 0.3 s, tick at 0.4 s\n  64 INTIDs ' "28.1: the third tick is reported again, and the second message is lost in the first"

# 28.2: a pause after the registers.
changed 28-snapshot '/^\trestore_state/s/$/\n\tusleep(500000);/'
run 28-snapshot --icount
like "$out" $'second process:\n  41 at 0.8 s, tick at 0.8 s [(]4 missed[)]\n' "28.2: the clock has gone on"

# 28.3: without levels, and without the active priority.
changed 28-snapshot "" "" "" "" '/^\t{ LEVELS, /d'
run 28-snapshot --icount
like "$out" $'second process:\n  41 at 0.3 s, 8192 at 0.3 s, tick at 0.4 s\n' "28.3: 40 is missing"
changed 28-snapshot 's/^\tadd_device(board);/&\n\tsetvbuf(stdout, NULL, _IONBF, 0);/' "" "" "" '/ICC_AP1R0_EL1/d'
run 28-snapshot --icount --timeout 25
like "$status:$out" $'^124:.*second process:\n  41 at 0.3 s, 40 at 0.3 s, 8192 at 0.3 s,$' "... and no tick comes any more"

# 28.4: a file with a name, resumed twice.
changed 28-snapshot 's/memfd_create("snapshot", 0)/open("snapshot", O_RDWR | O_CREAT | O_TRUNC, 0600)/
	s/resume(atoi(argv\[1\]))/resume(open("snapshot", O_RDONLY))/; s/^\treturn go_on(name, fd);/\tgo_on(name, fd);\n&/'
run 28-snapshot --icount
is "$(grep -c $'^  41 at 0.3 s, 40 at 0.3 s, 8192 at 0.3 s, tick at 0.4 s$' <<<"$out")" 2 "28.4: the same, twice"

# 26.1: vectors of up to 100 bytes.
changed 26-sve-mte 's/limit_vectors(m.vcpu, 64)/limit_vectors(m.vcpu, 100)/'
run 26-sve-mte --needs code/26-sve-mte.needs
like "$out" $'\nthe guest\'s: 96 bytes\n.*\n  their sum is 4560\n' "26.1: 96 bytes, and a sum of 4560"

# 26.2: a vCPU that is not finished.
changed 26-sve-mte 's/^\tfinish_sve(m.vcpu);/\t(void)finish_sve;/'
run 26-sve-mte --needs code/26-sve-mte.needs
like "$status:$err" $'^1:.*: KVM_GET_REG_LIST: Operation not permitted\n' "26.2: the list of registers is refused"

# 26.3: tags that nobody compares.
changed 26-sve-mte "" 's/=0x90000001005/=0x80000001005/'
run 26-sve-mte --needs code/26-sve-mte.needs
like "$out" $'\n  the pointer\'s tag is 1\n  the load: done\ntags of 4096 bytes: 1, 0, [.]{3}, 0\ntagged alike\n  the load: done\n' "26.3: no exception, and the same tags"

# 27.1: counters that start with what was in them; then nothing cleared at all.
started='s/^\tmov\tx0, #7/\tmov\tx0, #1/'
changed 27-pmu "" "$started"
run 27-pmu --icount
like "$status $out" $'^0 free\n.*  increments: -609369887\n.*, some counted\n  increments: -609369887\n.*\n  overflow: INTID 23\n' "27.1: three more than 0xdbadc0de"
changed 27-pmu "" "$started"'; /^\tmsr\tpmcntenclr_el0/d; /^\tmsr\tpmintenclr_el1/d; /^\tmsr\tpmovsclr_el0, x0$/d'
run 27-pmu --icount --timeout 20
is "$status" 124 "... and nothing cleared, no end"

# 27.2: a filter that begins with ALLOW.
changed 27-pmu
sed -i 's/KVM_PMU_EVENT_DENY/KVM_PMU_EVENT_ALLOW/' "$tmp/src/pmu.h"
# shellcheck disable=SC2086
capture $cc -std=gnu11 -O2 -o "$tmp/27-pmu" "$tmp/src/27-pmu.c" "$tmp/src/27-pmu.S"
run 27-pmu --icount
like "$out" $'\ncycles denied\n  2 counters\n  cycles: offered, some counted\n  increments: 3\n' "27.2: cycles, and event 0"

# 27.3: the rival elsewhere; on the same CPU, it takes 50 ms or so.
changed 27-pmu 's/^\tuse_one_cpu();/\t(void)use_one_cpu;/
	s/^\tshare_cpu(&free);/\tstruct timespec t[2];\n\n\tclock_gettime(CLOCK_MONOTONIC, t);\n&\n\tclock_gettime(CLOCK_MONOTONIC, t + 1);\n\tprintf("after %ld ms\\n", (t[1].tv_sec - t[0].tv_sec) * 1000 + (t[1].tv_nsec - t[0].tv_nsec) \/ 1000000);\n\treturn 0;/'
LAB_CPUS=2 run 27-pmu
like "$out" $'\nafter ([1-9][0-9]{3,}|[3-9][0-9]{2}) ms$' "27.3: on a CPU of its own, it takes little"

# 30.3: no ioeventfd; the small guest of tests/boot.t rings twice.
rm -rf "$tmp/src"
mkdir "$tmp/src"
cp code/*.h code/30-linux.c "$tmp/src"
sed -i 's/kvm_ioctl(vm, KVM_IOEVENTFD, .*/(void)notify;/' "$tmp/src/virtio.h"
# shellcheck disable=SC2086
capture $cc -std=gnu11 -O2 -Wall -Wextra -o "$tmp/30-linux" "$tmp/src/30-linux.c" -lfdt
is "$status:$err" "0:" "30-linux, changed, builds"
ok "... and it was changed" test "$(cmp code/virtio.h "$tmp/src/virtio.h")"
head -c 512 /dev/zero | tr '\0' Q >"$tmp/sector"
virtio_exits() { # PROGRAM: also leaves what it said in $out
	printf rrp >"$tmp/typed"
	capture tools/lab/lab run --put build/tests/boot-guest:guest --put "$tmp/sector" \
		"$1" --exits --disk sector guest <"$tmp/typed"
	exits=$(sed -n 's/^Exits:.*, \([0-9]*\) for virtio.*/\1/p' <<<"$out")
}
virtio_exits build/code/30-linux
with=$exits
virtio_exits "$tmp/30-linux"
like "$status:$out" $'^0:!\nDQ0\nDQ0\n' "30.3: the guest notices nothing"
is "$((exits - with))" 2 "30.3: each doorbell is an exit to the program more"
