# make book: the site in build/book, from book.md, chapters/, code/ and traces/.

BOOK_TOOLS := $(dir $(lastword $(MAKEFILE_LIST)))
BOOK_OUT ?= build/book
KVT ?= build/kvt/kvt
SOURCE_BASE ?= https://elixir.bootlin.com/linux/v$(RELEASE)/source/

# book.md alone says which chapters there are, and in what order.
BOOK_CHAPTERS := $(shell sed -n 's,^[0-9]*\. *\[.*](\(chapters/[^ ]*\.md\)).*,\1,p' book.md 2>/dev/null)
BOOK_PAGES := $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/%.html)
BOOK_PARTS := $(wildcard $(BOOK_TOOLS)filters/*.lua) $(BOOK_TOOLS)template.html
BOOK_TABLES := $(wildcard $(addprefix traces/$(RELEASE)/,symbols.tsv lines.tsv gaps.tsv))
# The map of KVM, where the kernel's tables are there; its captures are the chapters'.
BOOK_FACTS := $(wildcard $(addprefix traces/$(RELEASE)/,functions.tsv untraced.tsv peers.tsv))
BOOK_COVERAGE := $(if $(BOOK_FACTS),$(BOOK_OUT)/coverage.html)
BOOK_CAPTURES := $(sort $(wildcard $(BOOK_CHAPTERS:chapters/%.md=traces/$(RELEASE)/*/%.kvt)))
# The whole capture of each chapter's program, where there is one.
BOOK_TREES := $(patsubst traces/$(RELEASE)/vhe/%.kvt,$(BOOK_OUT)/%-tree.html,$(filter traces/$(RELEASE)/vhe/%,$(BOOK_CAPTURES)))
BOOK_EXTRA := $(BOOK_TREES) $(BOOK_COVERAGE) $(BOOK_OUT)/glossary.html
BOOK_ENV = KVT='$(KVT)' BOOK_KERNEL='$(RELEASE)' SOURCE_BASE='$(SOURCE_BASE)' BOOK_OUT='$(BOOK_OUT)'

.DELETE_ON_ERROR:
.PHONY: book book-listed book-need

# The recipe of .checked sets BOOK_MADE, so that a build with nothing to do says so.
book: $(BOOK_OUT)/.checked ## the whole book: build/book/index.html
	@$(if $(BOOK_MADE),:,echo 'The book is up to date: $(BOOK_OUT)/index.html')

$(BOOK_OUT)/.checked: $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html $(BOOK_OUT)/style.css $(BOOK_TOOLS)check-links | book-listed
	$(eval BOOK_MADE := yes)
	$(Q)rm -f $(filter-out $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html,$(wildcard $(BOOK_OUT)/*.html))
	$(Q)$(BOOK_TOOLS)check-links $(BOOK_OUT)
	$(Q)touch $@
	@echo 'The book is ready: $(BOOK_OUT)/index.html'

$(BOOK_PAGES): $(BOOK_OUT)/%.html: chapters/%.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)page.yaml $(BOOK_TABLES) $(KVT) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.deps
	$(Q)$(BOOK_ENV) BOOK_DEPS=$(BOOK_OUT)/.deps/$*.d pandoc -d $(BOOK_TOOLS)page.yaml -o $@ $<

$(BOOK_TREES): $(BOOK_OUT)/%-tree.html: $(BOOK_TOOLS)tree.md traces/$(RELEASE)/vhe/%.kvt chapters/%.md book.md \
	$(BOOK_PARTS) $(BOOK_TOOLS)tree.yaml $(BOOK_TABLES) $(KVT) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) BOOK_PROGRAM=$* pandoc -d $(BOOK_TOOLS)tree.yaml -o $@ $<

$(BOOK_OUT)/index.html: book.md $(BOOK_PARTS) $(BOOK_TOOLS)index.yaml $(BOOK_TABLES) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)index.yaml -o $@ $<

# The glossary looks for its terms in all chapters.
$(BOOK_OUT)/glossary.html: glossary.md $(BOOK_CHAPTERS) book.md $(BOOK_PARTS) $(BOOK_TOOLS)glossary.yaml $(BOOK_TABLES) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)glossary.yaml -o $@ $<

$(BOOK_OUT)/coverage.html: $(BOOK_TOOLS)coverage.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)coverage.yaml $(BOOK_TABLES) \
	$(BOOK_FACTS) $(BOOK_CAPTURES) $(KVT) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) BOOK_CAPTURES='$(BOOK_CAPTURES)' pandoc -d $(BOOK_TOOLS)coverage.yaml -o $@ $<

$(BOOK_OUT)/style.css: $(BOOK_TOOLS)style.css
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)cp $< $@

# For a chapter that is listed and not there.
$(BOOK_CHAPTERS):
	@test -e $@ || { echo "book.md:$$(grep -nF '($@)' book.md | head -n 1 | cut -d: -f1): $@ does not exist" >&2; exit 1; }

glossary.md:
	@test -e $@ || { echo 'glossary.md does not exist: tools/book/README.md says what it holds' >&2; exit 1; }

book-listed:
	@for chapter in $(filter-out $(BOOK_CHAPTERS),$(wildcard chapters/*.md)); do \
		echo "$$chapter:1: book.md does not list this chapter" >&2; bad=1; done; test -z "$$bad"

book-need:
	@$(BOOK_TOOLS)../need pandoc:pandoc graphviz:dot

-include $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/.deps/%.d)
