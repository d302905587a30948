# make check: every test.  prove runs them; each is a TAP script.

# One more at a time than there are processors, for many wait; the long ones first: by the
# times of the last run, or in this order in a fresh clone.
PROVE := prove -j$(shell expr 1 + $$(nproc)) --comments
LONG := $(addprefix tests/,kernel-exercises.t browser.t course-exercises.t chapters.t kvt-linear.t kvt-linear-import.t \
	kvt-trouble.t kvt-capture.t kvt-fuzz.t kvt-monitor.t course-class.t \
	course-hostile.t course-space.t course-grade.t exercises.t book-pdf.t kernel-traces.t)
# $(call prove,NAME,TESTS): the times stay in build/tests/NAME.times, and what
# the tests said in build/tests/said; what failed stands at the end.
define prove
	$(Q)status=0; times=build/tests/$(1).times; touch build/tests/$(1).start; \
	$(PROVE) --exec tests/keep --state=save --statefile=$$times \
		$$(tests/slowest $$times $(filter $(2),$(LONG)) $(filter-out $(LONG),$(2))) || status=$$?; \
	tests/slowest $$times; tests/keep --failed build/tests/$(1).start; exit $$status
endef
# On the book's kernel: what needs the kernel's source, or its debugging
# information.
KERNEL_TESTS := $(wildcard tests/kernel-*.t)
TESTS := $(filter-out $(KERNEL_TESTS),$(sort $(wildcard tests/*.t)))

UNITS := $(patsubst tests/kvt/%.c,build/tests/%,$(wildcard tests/kvt/unit-*.c))

# Fuzzers, by clang's libFuzzer; each with the functions that it wraps
# (tests/kvt/fuzz.h).
FUZZERS := build/tests/fuzz-read build/tests/fuzz-raw build/tests/fuzz-claim
FUZZ_WRAP := die malloc calloc realloc free strdup vasprintf getline open_file
FUZZ_WRAP_read := capture_read capture_stream close_file symbols_load
FUZZ_WRAP_raw := close_file fclose temporary_file read_file raw_open facts_load facts_function kbuffer_alloc kbuffer_free
FUZZ_WRAP_claim := capture_read close_file symbols_load

# Programs for this machine, and then those that run in the lab.
TEST_HOST := mutate long recording
TEST_ARM64 := many-vcpus values reuse spin nothing monitor daemon scheduled hang

include tests/browser/browser.mk

# What a test needs besides kvt.
NEEDS_lab = build/lab/init build/lab/labrun
NEEDS_boot = build/lab/init build/lab/labrun build/code/30-linux build/tests/boot-guest build/tests/boot-hostile
NEEDS_kvt-unit = $(UNITS)
NEEDS_kvt-fuzz = $(FUZZERS)
NEEDS_kvt-import = build/tests/recording
NEEDS_kvt-linear-import = build/tests/recording
NEEDS_kvt-long = build/tests/long
NEEDS_kvt-stats = build/tests/long
NEEDS_kvt-read = build/tests/mutate
NEEDS_kvt-record = $(KVT_ARM64) $(PROGRAMS) build/tests/many-vcpus
NEEDS_kvt-capture = $(KVT) $(KVT_ARM64) build/tests/hang
NEEDS_kvt-trouble = $(KVT) $(KVT_ARM64) $(PROGRAMS) build/tests/daemon build/tests/scheduled
NEEDS_kvt-monitor = $(KVT_ARM64) build/tests/monitor
NEEDS_kvt-values = $(KVT_ARM64) build/tests/values build/tests/reuse
NEEDS_kvt-man = $(KVT_ARM64) build/code/03-vm
NEEDS_kvt-gaps = $(KVT_ARM64) build/code/03-vm
NEEDS_kvt-deb = build/tests/deb-needs
NEEDS_prose = $(PROGRAMS)
NEEDS_chapters = $(KVT_ARM64) $(PROGRAMS) $(GUEST_FILES)
NEEDS_exercises = course-tools build/code/30-linux build/tests/boot-guest
NEEDS_course-grade = course-tools
NEEDS_course-class = course-tools
NEEDS_course-space = course-tools
NEEDS_course-hostile = course-tools
NEEDS_course-slurm = course-tools
NEEDS_site = book
NEEDS_book-index = book
NEEDS_book-search = book
NEEDS_browser = book $(BROWSER_TOOLS)
NEEDS_kernel = $(KVT_ARM64) $(PROGRAMS) build/tests/spin build/tests/values build/tests/reuse build/tests/run-times-16-smccc

# make test-kvt-show: builds what tests/kvt-show.t needs, and runs it.
define test_target
.PHONY: test-$(1) needs-$(1)
needs-$(1): build/tests/needs $$(KVT) $$(KVT_ASAN) $$(or $$(NEEDS_$(1)),$$(NEEDS_$(firstword $(subst -, ,$(1)))))
test-$(1): needs-$(1)
	$$(Q)prove --comments tests/$(1).t
endef
$(foreach t,$(TESTS) $(KERNEL_TESTS),$(eval $(call test_target,$(t:tests/%.t=%))))

.PHONY: check check-kernel check-fresh check-long test-programs mutants
mutants: test-programs book ## break one thing at a time; each time a test must fail (ROWS=PATTERN)
	$(Q)tools/need python3:/usr/bin/python3 rsync:rsync lua5.3:luac
	$(Q)tests/mutants/run $(call quoted,ROWS)

# The book first: more than one test looks at it.
check: test-programs book ## every test, from a fresh clone
	$(call prove,check,$(TESTS))

check-kernel: test-programs ## what needs the book's kernel: captures, index
	$(Q)tools/need universal-ctags:ctags rsync:rsync pandoc:pandoc
	$(Q)$(LAB) kernel book > /dev/null
	$(call prove,check-kernel,$(KERNEL_TESTS))

check-long: $(KVT) build/tests/long ## a capture of ten million records, in 64 MiB; wrong solutions on Debian's kernel
	$(Q)RECORDS=10000000 $(PROVE) tests/kvt-long.t
	$(Q)$(PROVE) tests/course-exercises.t :: --wrong

check-fresh: ## the README's commands in minimal Debian 12 and 13 trees (root)
	$(Q)tests/fresh

test-programs: build/tests/needs $(KVT) $(KVT_ARM64) $(PROGRAMS) $(GUEST_FILES) $(KVT_ASAN) build/tests/run-times-16-smccc \
	build/lab/init build/lab/labrun $(UNITS) $(TEST_HOST:%=build/tests/%) \
	$(filter-out %/nothing,$(TEST_ARM64:%=build/tests/%)) $(FUZZERS) $(BROWSER_TOOLS) \
	build/tests/boot-guest build/tests/boot-hostile

build/tests/needs: tests/tests.mk tools/need
	$(Q)tools/need perl:prove libcmocka-dev:/usr/include/cmocka.h \
		bsdutils:script procps:pgrep git:git tidy:tidy shellcheck:shellcheck clang:clang \
		jq:jq man-db:man bsdextrautils:col universal-ctags:ctags valgrind:valgrind \
		python3:/usr/bin/python3
	$(Q)mkdir -p $(@D) && touch $@

# For the package alone, so that `make check` does without these.
build/tests/deb-needs: tests/tests.mk tools/need
	$(Q)tools/need debhelper:dh lintian:lintian dpkg-dev:dpkg-buildpackage
	$(Q)mkdir -p $(@D) && touch $@

# A program for each tests/kvt/unit-MODULE.c, with all of kvt but its main(),
# under the sanitizers.
$(UNITS): build/tests/unit-%: tests/kvt/unit-%.c build/kvt/asan/kvt.a build/kvt/asan/flags | build/tests/needs
	$(call say,CC $@)
	$(Q)mkdir -p $(@D)
	$(Q)$(kvt_asan) -MMD -MP -MF $@.d -o $@ $< build/kvt/asan/kvt.a $(LDFLAGS) $(KVT_LIBS) -lcmocka
-include $(UNITS:=.d)

build/kvt/asan/kvt.a: $(filter-out %/main.o,$(KVT_asan_O))
	$(Q)rm -f $@ && $(AR) rcs $@ $^

build/tests/fuzz.flags: force
	$(call stamp,$(FUZZ_WRAP) $(foreach f,read raw claim,$(FUZZ_WRAP_$(f))))
$(FUZZERS): build/tests/fuzz-%: tests/kvt/fuzz-%.c tests/kvt/fuzz-build build/tests/fuzz.flags build/kvt/fuzz/flags \
	$(filter-out %/main.o,$(KVT_fuzz_O)) | build/tests/needs
	$(call say,CC $@)
	$(Q)mkdir -p $(@D)
	$(Q)tests/kvt/fuzz-build $< $@ $(FUZZ_WRAP) $(FUZZ_WRAP_$*) -- $(filter %.o,$^) $(KVT_LIBS)
-include $(FUZZERS:=.d)

.PHONY: fuzz
fuzz: $(FUZZERS) ## fuzz what reads captures and claims, SECONDS=60 each
	$(Q)set -e; for f in $(FUZZERS:build/tests/fuzz-%=%); do \
		printf 'fuzz-%s: ' $$f; tests/kvt/fuzz $$f $(or $(SECONDS),60) build/fuzz/$$f; \
	done

LIBS_long := -lnettle
LIBS_recording := -lbpf
test_host = $(CC) -O2 -Wall -Wextra $(CFLAGS)

build/tests/host.flags: force
	$(call stamp,$(test_host))
$(TEST_HOST:%=build/tests/%): build/tests/%: tests/kvt/%.c build/tests/host.flags | build/kvt/needs build/tests/needs
	$(call say,CC $@)
	$(Q)$(test_host) -MMD -MP -MF $@.d -o $@ $< $(LIBS_$*)

build/tests/arm64.flags: force
	$(call stamp,$(code_cc))
$(TEST_ARM64:%=build/tests/%): build/tests/%: tests/kvt/%.c build/tests/arm64.flags | build/tests/needs
	$(call say,CC $@)
	$(Q)$(code_cc) -MMD -MP -MF $@.d -o $@ $<

# A chapter's program that says how long each KVM_RUN took.
build/tests/run-times-%: tests/kvt/run-times.c code/%.c $(wildcard code/*.[hS]) build/tests/arm64.flags | build/tests/needs
	$(call say,CC $@)
	$(Q)$(code_cc) -Wl,--wrap=ioctl -o $@ $< code/$*.c $(wildcard code/$*.S) $(LIBS_$*)

# The small guest of tests/boot.t, and its program without KVM; what C does not
# define traps there.
build/tests/boot-guest: tests/boot/guest.S build/tests/arm64.flags | build/tests/needs
	$(call say,GUEST $@)
	$(Q)$(LAB_CC) -nostdlib -Wl,--build-id=none -Wl,-Ttext=0 -o $@.elf $<
	$(Q)$$($(LAB_CC) -print-prog-name=objcopy) -O binary -j .text $@.elf $@
build/tests/boot-hostile: tests/boot/hostile.c build/tests/arm64.flags | build/tests/needs
	$(call say,CC $@)
	$(Q)$(code_cc) -fsanitize=undefined -fsanitize-undefined-trap-on-error -MMD -MP -MF $@.d -Icode -o $@ $<

-include $(addprefix build/tests/,$(addsuffix .d,$(TEST_HOST) $(TEST_ARM64) boot-hostile))
