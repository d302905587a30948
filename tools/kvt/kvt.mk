# The trace tool: build/kvt/kvt for this machine, build/kvt/arm64/kvt for
# the lab.

KVT_C := $(sort $(wildcard tools/kvt/*.c))
KVT_H := $(wildcard tools/kvt/*.h)
KVT := build/kvt/kvt
KVT_ARM64 := build/kvt/arm64/kvt
KVT_LIBS := -ltracefs -ltraceevent -lbpf -lelf -lz -lnettle
KVT_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Ibuild/kvt \
	-I/usr/include/tracefs -I/usr/include/traceevent
KVT_ARM64_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Ibuild/kvt
UAPI := traces/$(RELEASE)/uapi.tsv

PREFIX ?= /usr/local

.PHONY: kvt kvt-needs install
kvt: $(KVT)

install: $(KVT) ## kvt, its manual page and completion, under PREFIX (/usr/local)
	$(Q)install -D -m 755 $(KVT) $(DESTDIR)$(PREFIX)/bin/kvt
	$(Q)install -D -m 644 tools/kvt/kvt.1 $(DESTDIR)$(PREFIX)/share/man/man1/kvt.1
	$(Q)install -D -m 644 tools/kvt/kvt.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/kvt

build/kvt/needs: tools/kvt/kvt.mk tools/need
	$(Q)tools/need gcc:gcc libc6-dev:/usr/include/stdio.h \
		libtracefs-dev:/usr/include/tracefs/tracefs.h \
		libtraceevent-dev:/usr/include/traceevent/event-parse.h \
		libbpf-dev:/usr/include/bpf/btf.h \
		libelf-dev:/usr/include/libelf.h \
		zlib1g-dev:/usr/include/zlib.h nettle-dev:/usr/include/nettle/sha2.h
	$(Q)mkdir -p $(@D) && touch $@

build/kvt/uapi.inc: $(UAPI) tools/kvt/uapi.awk
	$(Q)mkdir -p $(@D)
	$(Q)awk -f tools/kvt/uapi.awk $(UAPI) > $@.tmp && mv $@.tmp $@

$(KVT): $(KVT_C:tools/kvt/%.c=build/kvt/%.o)
	$(call say,LINK $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(KVT_LIBS)

build/kvt/%.o: tools/kvt/%.c $(KVT_H) build/kvt/uapi.inc build/kvt/needs
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(KVT_CFLAGS) $(CFLAGS) -c -o $@ $<

$(KVT_ARM64): $(KVT_C) $(KVT_H) build/kvt/uapi.inc
	$(call say,CC $@)
	$(Q)mkdir -p $(@D)
	@# libtraceevent can load plugins; kvt has it load none, so that the
	@# linker's warning about a static dlopen() says nothing.
	$(Q)$$($(LAB) cc) $(KVT_ARM64_CFLAGS) -s -o $@ $(KVT_C) $(KVT_LIBS) -lzstd \
		2> $@.log || { cat $@.log >&2; exit 1; }
	@grep -vE 'load_plugin|dlopen' $@.log >&2 || true
