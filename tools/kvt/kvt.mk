# The trace tool, built by object: build/kvt/kvt for this machine,
# build/kvt/arm64/kvt for the lab, build/kvt/asan/kvt under the sanitizers.

KVT_DIRS := base kernel capture import gaps record view compare
KVT_C := $(sort $(wildcard tools/kvt/*.c $(KVT_DIRS:%=tools/kvt/%/*.c)))
KVT := build/kvt/kvt
KVT_ARM64 := build/kvt/arm64/kvt
KVT_ASAN := build/kvt/asan/kvt
KVT_LIBS := -ltracefs -ltraceevent -lbpf -ldw -lelf -ljson-c -lz -lnettle
KVT_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Ibuild/kvt -Itools/kvt
KVT_HOST_CFLAGS := $(KVT_CFLAGS) -I/usr/include/tracefs -I/usr/include/traceevent
KVT_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover
UAPI := traces/$(RELEASE)/uapi.tsv

PREFIX ?= /usr/local
# What kvt looks for beside itself: tools/kvt/kernel/tables.c.
KVT_TABLES := symbols functions untraced gaps

.PHONY: kvt install
kvt: $(KVT) ## the trace tool: build/kvt/kvt

install: $(KVT) ## kvt, its tables, manual pages and completion, under PREFIX (/usr/local)
	$(Q)install -D -m 755 $(KVT) $(DESTDIR)$(PREFIX)/bin/kvt
	$(Q)install -D -m 644 tools/kvt/kvt.1 $(DESTDIR)$(PREFIX)/share/man/man1/kvt.1
	$(Q)install -D -m 644 tools/kvt/kvt.5 $(DESTDIR)$(PREFIX)/share/man/man5/kvt.5
	$(Q)install -D -m 644 tools/kvt/kvt.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/kvt
	$(Q)install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/kvt/$(RELEASE) \
		$(KVT_TABLES:%=traces/$(RELEASE)/%.tsv)

build/kvt/needs: tools/kvt/kvt.mk tools/need
	$(Q)tools/need gcc:gcc libc6-dev:/usr/include/stdio.h \
		libtracefs-dev:/usr/include/tracefs/tracefs.h \
		libtraceevent-dev:/usr/include/traceevent/event-parse.h \
		libbpf-dev:/usr/include/bpf/btf.h \
		libelf-dev:/usr/include/libelf.h \
		libdw-dev:/usr/include/elfutils/libdwfl.h \
		libjson-c-dev:/usr/include/json-c/json.h \
		libstb-dev:/usr/include/stb/stb_ds.h uthash-dev:/usr/include/uthash.h \
		zlib1g-dev:/usr/include/zlib.h nettle-dev:/usr/include/nettle/sha2.h
	$(Q)mkdir -p $(@D) && touch $@

build/kvt/uapi.inc: $(UAPI) tools/kvt/uapi.awk
	$(Q)mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f tools/kvt/uapi.awk $(UAPI) > $@.tmp && mv $@.tmp $@

build/kvt/release.h: tools/lab/release
	$(Q)mkdir -p $(@D)
	$(Q)echo '#define BOOK_RELEASE "$(RELEASE)"' > $@

# A folder of objects for each way to compile.  Its file `flags` holds the
# command; another CFLAGS= makes another command, and so everything again.
kvt_host = $(CC) $(KVT_HOST_CFLAGS) $(CFLAGS)
kvt_asan = $(CC) $(KVT_HOST_CFLAGS) $(CFLAGS) $(KVT_SANITIZE)
kvt_arm64 = $(LAB_CC) $(KVT_CFLAGS)
# Blocks of one allocation or page each, so that the sanitizer sees where each
# ends; and spools that go to their file soon.
kvt_fuzz = clang $(KVT_HOST_CFLAGS) -O1 -DARENA_BLOCK=1 -DARENA_GROWS=1 \
	-DRAW_PAGES=1 -DSPOOL_BLOCK=48 -DSPOOL_MEMORY=96 \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover
KVT_WAYS := host asan arm64 fuzz

define kvt_way
build/kvt/$(1)/flags: force
	$$(call stamp,$$(kvt_$(1)))
build/kvt/$(1)/%.o: tools/kvt/%.c build/kvt/$(1)/flags | build/kvt/needs build/kvt/uapi.inc build/kvt/release.h
	$$(call say,CC $(1)/$$*.o)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(kvt_$(1)) -MMD -MP -c -o $$@ $$<
KVT_$(1)_O := $(KVT_C:tools/kvt/%.c=build/kvt/$(1)/%.o)
-include $(KVT_C:tools/kvt/%.c=build/kvt/$(1)/%.d)
endef
$(foreach way,$(KVT_WAYS),$(eval $(call kvt_way,$(way))))

$(KVT): $(KVT_host_O)
	$(call say,LINK $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(KVT_LIBS)

$(KVT_ASAN): $(KVT_asan_O)
	$(call say,LINK $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(KVT_SANITIZE) -o $@ $^ $(KVT_LIBS)

# libtraceevent can load plugins; kvt has it load none, so the linker's
# warning about a static dlopen() says nothing.
$(KVT_ARM64): $(KVT_arm64_O)
	$(call say,LINK $@)
	$(Q)$(kvt_arm64) -s -o $@ $^ $(KVT_LIBS) -lbz2 -llzma -lzstd 2> $@.log || { cat $@.log >&2; exit 1; }
	@grep -vE 'load_plugin|dlopen' $@.log >&2 || true
