# The lab's own two programs, and its targets.  The top Makefile includes this
# file; tools/lab/lab uses it alone to build the programs.
LAB := tools/lab/lab
# The compiler for arm64 and its options; make asks once, when it needs them.
LAB_CC = $(eval LAB_CC := $$(or $$(shell $(LAB) cc),$$(error $(LAB) cc: no compiler for arm64)))$(LAB_CC)
LAB_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra
# Write it under another name first, because a machine may start meanwhile and
# must not find half a file.
lab_install = mv $@.$$$$ $@
lab_q := $(if $(filter 1,$(V)),,@)

# What a reader says is a word for the shell, whatever is in it, and make
# expands nothing in it.  $(call option,--kernel,KERNEL): nothing if KERNEL is
# not said.
quoted = '$(subst ','\'',$(value $(1)))'
option = $(if $(value $(2)),$(1) $(call quoted,$(2)))

# The reader can say: make lab MODE=nvhe KERNEL=stock TIMEOUT=10, or RELEASE=6.12,
# which is OTHER_RELEASE here.
LAB_OPTIONS = $(call option,--kernel,KERNEL) $(call option,--release,OTHER_RELEASE) \
	$(call option,--mode,MODE) $(call option,--timeout,TIMEOUT)

lab_init = $(LAB_CC) $(LAB_CFLAGS)
lab_labrun = $(CC) $(LAB_CFLAGS) $(CFLAGS)

LABRUN_C := $(addprefix tools/lab/,labrun.c arguments.c initramfs.c qemu.c console.c terminal.c from_machine.c to_machine.c)
# A file .d lists what else a program depends on; tools/lab/lab reads it, too.
build/lab/init: tools/lab/init.c
build/lab/labrun: $(LABRUN_C)
build/lab/init build/lab/labrun: build/lab/%: build/lab/%.flags tools/lab/lab.mk
	$(lab_q)tools/need gcc:gcc libc6-dev:/usr/include/stdio.h
	$(lab_q)$(lab_$*) -MM -MP -MT $@ $(filter %.c,$^) > $@.d
	$(lab_q)$(lab_$*) -o $@.$$$$ $(filter %.c,$^) && $(lab_install)
-include build/lab/init.d build/lab/labrun.d

build/lab/init.flags build/lab/labrun.flags: build/lab/%.flags: force
	$(lab_q)mkdir -p $(@D); echo '$(lab_$*)' | cmp -s - $@ || echo '$(lab_$*)' > $@

.PHONY: force
force:

.PHONY: lab lab-kernel guest-kernel fetch
lab: ## a shell in the lab (MODE=, KERNEL=, RELEASE=)
	$(lab_q)$(LAB) shell $(LAB_OPTIONS)

lab-kernel: ## builds the book's kernel (about ten minutes, once)
	$(lab_q)$(LAB) kernel book

guest-kernel: ## builds a small kernel for chapter 30's guest (two minutes, once)
	$(lab_q)tools/lab/build-kernel guest
	$(lab_q)rm -rf build/guest

fetch: ## fetches everything, for work without a network later
	$(lab_q)$(LAB) fetch
	$(if $(OTHER_RELEASE),$(lab_q)$(LAB) kernel stock $(call quoted,OTHER_RELEASE))
