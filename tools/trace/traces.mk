# The chapters' programs: running them, recording them, and the committed
# captures.

# Chapters whose captures are committed in more than one mode.
MODES_03-vm := vhe nvhe protected
MODES_04-vcpu := vhe nvhe protected
MODES_08-memslot := vhe nvhe
MODES_09-init := vhe nvhe
MODES_10-regs := vhe nvhe
MODES_11-run := vhe nvhe protected
MODES_12-mmio := vhe nvhe
MODES_13-faults := vhe nvhe protected
MODES_14-debug := vhe nvhe protected
MODES_15-psci := vhe nvhe
MODES_16-smccc := vhe nvhe
MODES_17-irqline-cpu := vhe nvhe protected
MODES_18-vgic := vhe nvhe
MODES_19-irq := vhe nvhe
MODES_20-timer := vhe nvhe protected
MODES_21-eventfd := vhe nvhe
MODES_22-its := vhe nvhe
MODES_23-dirty-log := vhe nvhe
MODES_24-dirty-ring := vhe nvhe
MODES_25-gmem := vhe nvhe
MODES_26-sve-mte := vhe nvhe
MODES_27-pmu := vhe nvhe
MODES_28-snapshot := vhe nvhe
MODES_29-el2-vfio := vhe nvhe nested
MODES_30-linux := vhe nvhe
MODES_c-exits := vhe nvhe protected
MODES_d-gicv2 := vhe nvhe

# Libraries that a chapter's program needs besides the C library.
LIBS_14-debug := -lcapstone
LIBS_b-arm64 := -lcapstone
LIBS_30-linux := -lfdt

modes_of = $(or $(MODES_$(1)),vhe)

SYMBOLS := traces/$(RELEASE)/symbols.tsv
CAPTURES := $(foreach c,$(CHAPTERS),$(foreach m,$(call modes_of,$(c)),$(m)/$(c)))
PROGRAMS := $(CHAPTERS:%=build/code/%)
CODE_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra
RUN_OPTIONS = $(LAB_OPTIONS)
SHOW_OPTIONS = $(call option,--depth,DEPTH) \
	$(call option,--function,FUNCTION) $(call option,--syscall,SYSCALL) \
	$(if $(GAPS),--gaps)

.PHONY: programs traces verify-traces index new-kernel release-captures
programs: $(PROGRAMS) ## build every chapter's program for arm64

# The guest, code/NN-name.S, becomes a part of its program.
GUESTS := $(wildcard code/[0-9][0-9]-*.S code/[a-z]-*.S)
$(foreach g,$(GUESTS),$(eval build/code/$(basename $(notdir $(g))): $(g)))

# The files .d list what the sources include.
code_cc = $(LAB_CC) $(CODE_CFLAGS)
build/code/.flags: force
	$(call stamp,$(code_cc))
build/code/%: code/%.c build/code/.flags
	$(call say,CC $@)
	$(Q)mkdir -p $(@D)/.deps
	$(Q)$(code_cc) -MM -MP -MT $@ code/$*.c $(wildcard code/$*.S) > $(@D)/.deps/$(@F).d
	$(Q)$(code_cc) -o $@ code/$*.c $(wildcard code/$*.S) $(LIBS_$*)
-include $(PROGRAMS:build/code/%=build/code/.deps/%.d)

# What chapter 30's machine boots: all three are made together.
GUEST_FILES := $(addprefix build/guest/,Image initramfs disk)
$(GUEST_FILES) &: code/30-linux.init tools/lab/guest tools/lab/guest.config tools/lab/fetch
	$(call say,GUEST build/guest)
	$(Q)tools/lab/guest build/guest code/30-linux.init

# Another kernel's captures have a folder of their own, with the number of the
# release, whatever the reader called it.
TRACES_DIR = build/traces$(if $(OTHER_RELEASE),/$$$$($(LAB) release $$(call quoted,OTHER_RELEASE)))

# What a program is given besides, code/NN-name.needs says: files, for example.
needs_of = $(wildcard code/$(1).needs)
need_files_of = $(patsubst file:%,%,$(filter file:%,$(shell sed -n 's/^file /file:/p' $(call needs_of,$(1)) /dev/null)))

# run-NN and trace-NN of each chapter
define chapter_targets
.PHONY: run-$(2) trace-$(2)
run-$(2): build/code/$(1) $(call need_files_of,$(1))
	@$(LAB) run $$(RUN_OPTIONS) $(addprefix --needs ,$(call needs_of,$(1))) -- build/code/$(1) $$(ARGS)
trace-$(2): build/code/$(1) $(call need_files_of,$(1)) $(KVT) $(KVT_ARM64)
	@dir=$(TRACES_DIR) || exit; file=$$$$dir/$(1).kvt; mkdir -p $$$$dir && rm -f $$$$file; \
	status=0; tools/trace/capture --quiet $$(RUN_OPTIONS) -o $$$$file build/code/$(1) \
		$$(ARGS) || status=$$$$?; \
	if [ -e $$$$file ]; then echo; \
		$(KVT) show --symbols $(SYMBOLS) $$(SHOW_OPTIONS) $$$$file || exit; \
		[ $$$$status != 124 ] || { echo; $(KVT) where $$$$file; }; \
	fi; exit $$$$status
endef
$(foreach c,$(CHAPTERS),$(eval $(call chapter_targets,$(c),$(firstword $(subst -, ,$(c))))))

run-% trace-%:
	@echo "there is no chapter $*; NN is one of:$(foreach c,$(CHAPTERS), $(firstword $(subst -, ,$(c))))" >&2
	@exit 2

traces: $(PROGRAMS) $(KVT) $(KVT_ARM64) ## record every capture again, on the book's kernel
	$(Q)$(LAB) kernel book > /dev/null
	$(Q)tools/trace/record-all traces/$(RELEASE) $(CAPTURES)

verify-traces: $(PROGRAMS) $(KVT) $(KVT_ARM64) ## record again (RUNS=1 times) and compare with what is committed
	$(Q)$(LAB) kernel book > /dev/null
	$(Q)tools/trace/verify-traces $(or $(RUNS),1) $(CAPTURES)

new-kernel: $(PROGRAMS) $(KVT) $(KVT_ARM64) ## what in the book is no longer so on another kernel (RELEASE=7.3)
	$(Q)tools/release/new-kernel -- $(or $(if $(OTHER_RELEASE),$(call quoted,OTHER_RELEASE)),$(error RELEASE= says which kernel: make new-kernel RELEASE=7.3))

# Only what is missing, or of another source.
release-captures: ## record the programs on Debian's kernels of three releases
	$(Q)tools/release/captures

# An unchanged table keeps its time, so that make makes nothing again.
# gaps.tsv describes the book's kernel, so it needs that kernel.
index: $(KVT) $(KVT_ARM64) ## make the tables of the kernel's names and lines again
	$(Q)tools/need universal-ctags:ctags rsync:rsync pandoc:pandoc
	$(Q)set -e; tree=$$($(LAB) source); t=traces/$(RELEASE); \
	put() { cmp -s build/$$1 $$t/$$1 || cp build/$$1 $$t/$$1; }; \
	$(KVT) index $$tree > build/symbols.tsv; put symbols.tsv; \
	tools/kvt/uapi-table $$tree > build/uapi.tsv; put uapi.tsv; \
	tools/book/cite-lines $$tree > build/lines.tsv; put lines.tsv; \
	tools/book/ioctl-table $$tree > build/ioctls.tsv; put ioctls.tsv; \
	kernel=$$($(LAB) kernel auto); \
	case $$kernel in \
	*/book-*) facts=$$(tools/trace/lab-facts book); \
		$(KVT) gaps --facts $$facts --symbols $$t/symbols.tsv $$kernel/vmlinux $$tree > build/gaps.tsv; \
		put gaps.tsv ;; \
	*) echo 'gaps.tsv stays as it is: it needs the kernel of make lab-kernel' ;; \
	esac

# Times `make trace-04`, up to its tree, next to a boot of the same kernel that
# does nothing: the ratio is what the recorder and the tools cost.
BENCH_KERNEL = $(if $(value KERNEL),$(call quoted,KERNEL),book)
.PHONY: bench
bench: build/code/04-vcpu build/tests/nothing $(KVT) $(KVT_ARM64) ## time from `make trace-04` to the tree, against a bare boot
	$(Q)tools/need hyperfine:hyperfine
	$(Q)tools/trace/lab-facts $(BENCH_KERNEL) > /dev/null
	$(Q)hyperfine --warmup 1 --runs $(or $(RUNS),10) \
		-n 'bare boot, $(BENCH_KERNEL) kernel' \
		'$(LAB) run --kernel $(BENCH_KERNEL) build/tests/nothing' \
		-n 'run-04' \
		'$(LAB) run --kernel $(BENCH_KERNEL) build/code/04-vcpu' \
		-n 'trace-04, to the tree' \
		'make -s trace-04 KERNEL=$(BENCH_KERNEL)'

# kvt and trace-cmd read and print the same recording.
.PHONY: bench-read
bench-read: build/tests/many-vcpus $(KVT) $(KVT_ARM64) ## time reading a recording, kvt beside trace-cmd
	$(Q)tools/need hyperfine:hyperfine trace-cmd:trace-cmd
	$(Q)RUNS=$(RUNS) tools/kvt/bench/read $(BENCH_KERNEL)

# What recording costs a program.
.PHONY: bench-record
bench-record: build/tests/monitor $(KVT) $(KVT_ARM64) ## count what recording costs, under kvt and under trace-cmd (ROUNDS="1500 6000")
	$(Q)tools/need trace-cmd:trace-cmd
	$(Q)RUNS=$(RUNS) tools/kvt/bench/record $(BENCH_KERNEL) $(ROUNDS)

# Chapter 16's comparison of a hypercall with a store to a device.
.PHONY: bench-call
bench-call: build/tests/run-times-16-smccc ## count the instructions of a hypercall and of a store to a device
	$(Q)tools/kvt/bench/call $(BENCH_KERNEL)

# Chapter 21's comparison of three ways from a store to an interrupt.
.PHONY: bench-eventfd
bench-eventfd: ## count the instructions from a guest's store to its interrupt
	$(Q)tools/kvt/bench/eventfd $(BENCH_KERNEL)
