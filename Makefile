# KVM on arm64, one ioctl at a time.  `make help` lists what there is.

# RELEASE= of a reader is a kernel that the lab is to run: OTHER_RELEASE here.
# RELEASE is the one that the book is about, so that no other gets its tables,
# its captures or its links.
OTHER_RELEASE := $(if $(filter command environment,$(origin RELEASE)),$(value RELEASE))
with_release := run-% trace-% lab fetch new-kernel
ifeq ($(origin RELEASE),command line)
$(if $(filter-out $(with_release),$(or $(MAKECMDGOALS),help)),$(error RELEASE= is for run-NN, trace-NN, lab, fetch and new-kernel: the book is about one release))
endif
include tools/lab/release
override RELEASE := $(patsubst RELEASE=%,%,$(filter RELEASE=%,$(file <tools/lab/release)))
CHAPTERS := $(sort $(basename $(notdir $(wildcard code/[0-9][0-9]-*.c code/[a-z]-*.c))))

# V=1 shows commands.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),@:,@printf '  %-7s %s\n' $(1))
# The recipe of a file that holds a command: it stays as old as it is until the
# command changes, and what depends on it is then made again.
stamp = $(Q)mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

include tools/lab/lab.mk
include tools/kvt/kvt.mk
include tools/book/book.mk
include tools/trace/traces.mk
include tools/course/course.mk
# The students' tree has no tests.
-include tests/tests.mk

.PHONY: help clean
help: ## this list
	@echo 'KVM on arm64, one ioctl at a time'
	@echo
	@sed -nE 's/^([a-z][a-zA-Z0-9-]*):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) \
		| sort -u | expand -t 18
	@echo '  run-NN          run chapter NN'"'"'s program'
	@echo '  trace-NN        run it under the recorder and show the call tree'
	@echo '  grade-NN        grade exercise NN; hint-NN opens a hint, watch-NN grades at each save'
	@$(if $(TESTS),echo '  test-NAME       build what tests/NAME.t needs and run it: make test-kvt-show')
	@echo
	@echo 'NN is one of:$(foreach c,$(CHAPTERS), $(firstword $(subst -, ,$(c))))'
	@echo 'Variables: MODE=vhe|nvhe|protected|nested KERNEL=stock|book TIMEOUT=SECONDS V=1'
	@echo '           RELEASE=6.12 (another kernel of Debian'"'"'s; all: tools/lab/lab releases)'
	@echo '           DEPTH=N FUNCTION=NAME SYSCALL=NAME (what trace-NN shows)'
	@echo '           GAPS=1 (also what no tracer sees, on the book'"'"'s kernel)'

clean: ## remove build/ (the lab's cache stays: tools/lab/lab clean)
	$(Q)rm -rf build
