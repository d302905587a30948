# The lab's own two programs, and its targets.  The top Makefile includes this
# file; tools/lab/lab uses it alone to build the programs.
LAB := tools/lab/lab
LAB_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra
# Under another name first: a machine that starts meanwhile must not meet half a file.
lab_install = mv $@.$$$$ $@
lab_q := $(if $(filter 1,$(V)),,@)

# What the reader may say: make lab MODE=nvhe KERNEL=stock TIMEOUT=10
LAB_OPTIONS = $(if $(KERNEL),--kernel $(KERNEL)) $(if $(MODE),--mode $(MODE)) $(if $(TIMEOUT),--timeout $(TIMEOUT))

build/lab/init: tools/lab/init.c tools/lab/frame.h tools/lab/lab.mk
	$(lab_q)mkdir -p $(@D)
	$(lab_q)cc=$$($(LAB) cc) && $$cc $(LAB_CFLAGS) -o $@.$$$$ $< && $(lab_install)

LABRUN_C := $(addprefix tools/lab/,labrun.c arguments.c initramfs.c qemu.c console.c terminal.c from_machine.c to_machine.c)
build/lab/labrun: $(LABRUN_C) tools/lab/labrun.h tools/lab/frame.h tools/lab/lab.mk
	$(lab_q)tools/need gcc:gcc libc6-dev:/usr/include/stdio.h
	$(lab_q)mkdir -p $(@D)
	$(lab_q)$(CC) $(LAB_CFLAGS) $(LABRUN_CFLAGS) -o $@.$$$$ $(filter %.c,$^) && $(lab_install)

.PHONY: lab lab-kernel fetch
lab: ## a shell in the lab (MODE=, KERNEL=)
	$(lab_q)$(LAB) shell $(LAB_OPTIONS)

lab-kernel: ## builds the book's kernel (about ten minutes, once)
	$(lab_q)$(LAB) kernel book

fetch: ## fetches everything, for work without a network later
	$(lab_q)$(LAB) fetch
