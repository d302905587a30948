# make book: the site in build/book, from book.md, chapters/, code/ and traces/.

BOOK_TOOLS := $(dir $(lastword $(MAKEFILE_LIST)))
BOOK_OUT ?= build/book
KVT ?= build/kvt/kvt
# A tree of the kernel's source whose lines are put beside the book's.
LINUX ?=
SOURCE_BASE ?= https://elixir.bootlin.com/linux/v$(RELEASE)/source/

# book.md alone says which chapters there are, and in what order.
BOOK_CHAPTERS := $(shell sed -n 's,^[0-9]*\. *\[.*](\(chapters/[^ ]*\.md\)).*,\1,p' book.md 2>/dev/null)
BOOK_PAGES := $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/%.html)
BOOK_PARTS := $(wildcard $(BOOK_TOOLS)filters/*.lua) $(addprefix $(BOOK_TOOLS),colored drawing) $(BOOK_TOOLS)arm64.xml $(BOOK_TOOLS)template.html $(BOOK_TOOLS)menu.html
BOOK_TABLES := $(wildcard $(addprefix traces/$(RELEASE)/,symbols.tsv lines.tsv gaps.tsv))
# The map of KVM, where the kernel's tables are there; its captures are the chapters'.
BOOK_FACTS := $(wildcard $(addprefix traces/$(RELEASE)/,functions.tsv untraced.tsv peers.tsv))
BOOK_COVERAGE := $(if $(BOOK_FACTS),$(BOOK_OUT)/coverage.html)
BOOK_CAPTURES := $(sort $(wildcard $(BOOK_CHAPTERS:chapters/%.md=traces/$(RELEASE)/*/%.kvt)))
BOOK_WORDS := $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/.facts/%.words)
# The whole capture of each chapter's program, where there is one.
BOOK_TREES := $(patsubst traces/$(RELEASE)/vhe/%.kvt,$(BOOK_OUT)/%-tree.html,$(filter traces/$(RELEASE)/vhe/%,$(BOOK_CAPTURES)))
# The lists, and what the tools that make them read.
BOOK_LISTS := $(addprefix $(BOOK_OUT)/,$(addsuffix .html,functions ioctls errors))
BOOK_LISTED := $(BOOK_TOOLS)lists $(BOOK_TOOLS)Html.pm $(wildcard $(BOOK_TOOLS)Lists/*.pm traces/$(RELEASE)/uapi.tsv traces/$(RELEASE)/ioctls.tsv)
BOOK_EXTRA := $(BOOK_TREES) $(BOOK_COVERAGE) $(BOOK_OUT)/glossary.html $(BOOK_LISTS)
# The look and the script, each from a file for each concern, in this order.
BOOK_STYLE := $(addprefix $(BOOK_TOOLS)style/,$(addsuffix .css,colors words page index code terms figures trees \
	beside path lanes strip coverage lists search claims boxes tools inspect source print))
BOOK_SCRIPT := $(addprefix $(BOOK_TOOLS)script/,$(addsuffix .js,base menu search theme kit calls modes trees inspect copy source path))
BOOK_FILES := $(BOOK_OUT)/style.css $(BOOK_OUT)/book.js
BOOK_FOUND := $(BOOK_OUT)/names.js $(BOOK_OUT)/search-index.js
# The engine of the search, for the browser.
BOOK_LUNR := /usr/share/javascript/lunr/lunr.min.js
# The directory of the tree that stands beside the pages, empty when it was
# taken away again; not there in a book that never had one.
BOOK_LINUX := $(BOOK_OUT)/.linux
BOOK_BESIDE = $(BOOK_TOOLS)source-pages --base '$(SOURCE_BASE)'
# The checksums of all programs, to be compared with those that captures have.
BOOK_SUMS := $(BOOK_OUT)/.deps/sums
BOOK_ENV = BOOK_SUMS='$(BOOK_SUMS)' KVT='$(KVT)' BOOK_KERNEL='$(RELEASE)' SOURCE_BASE='$(SOURCE_BASE)' BOOK_OUT='$(BOOK_OUT)' BOOK_MAP='$(notdir $(BOOK_COVERAGE))'

.DELETE_ON_ERROR:
.PHONY: book book-all book-linux book-listed book-need

# Pages are made side by side, as many as there are processors; but a make that
# was told -jN hands that on.  What installs or fetches something comes before.
book: | book-need book-linux ## the whole book: build/book/index.html (LINUX=DIR: with that kernel's lines)
	@+$(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc)) --output-sync=target book-all

# The recipe of .checked sets BOOK_MADE, so that a build with nothing to do says so.
book-all: $(BOOK_OUT)/.checked
	@$(if $(BOOK_MADE),:,echo 'The book is up to date: $(BOOK_OUT)/index.html')

$(BOOK_OUT)/.checked: $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html $(BOOK_FILES) $(BOOK_FOUND) $(BOOK_TOOLS)check-links $(BOOK_TOOLS)Html.pm \
	$(if $(LINUX),$(BOOK_OUT)/.deps/source.page $(BOOK_TOOLS)source-pages $(wildcard $(BOOK_TOOLS)Source/*.pm)) $(wildcard $(BOOK_LINUX)) | book-listed
	$(eval BOOK_MADE := yes)
	$(Q)rm -f $(filter-out $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html,$(wildcard $(BOOK_OUT)/*.html))
	$(if $(LINUX),$(call say,SOURCE $(BOOK_OUT)/source))
	$(Q)$(if $(wildcard $(BOOK_LINUX)),$(BOOK_BESIDE) $(if $(LINUX),--kernel $(RELEASE) --tree "$$(cat $(BOOK_LINUX))" \
		--symbols traces/$(RELEASE)/symbols.tsv --page $(BOOK_OUT)/.deps/source.page) $(BOOK_OUT))
	$(Q)$(BOOK_TOOLS)check-links $(BOOK_OUT)
	$(Q)touch $@
	@echo 'The book is ready: $(BOOK_OUT)/index.html'

$(BOOK_PAGES): $(BOOK_OUT)/%.html: chapters/%.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)page.yaml $(BOOK_TABLES) $(KVT) | book-need $(BOOK_SUMS)
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.deps
	$(Q)$(BOOK_ENV) BOOK_DEPS=$(BOOK_OUT)/.deps/$*.d pandoc -d $(BOOK_TOOLS)page.yaml -o $@ $<

# A chapter says that there are graded exercises.
$(foreach e,$(wildcard exercises/*/README.md),$(eval $(patsubst exercises/%/README.md,$(BOOK_OUT)/%.html,$(e)): $(e)))

$(BOOK_TREES): $(BOOK_OUT)/%-tree.html: $(BOOK_TOOLS)tree.md traces/$(RELEASE)/vhe/%.kvt chapters/%.md book.md \
	$(BOOK_PARTS) $(BOOK_TOOLS)tree.yaml $(BOOK_TABLES) $(KVT) | book-need $(BOOK_SUMS)
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) BOOK_PROGRAM=$* pandoc -d $(BOOK_TOOLS)tree.yaml -o $@ $<

# The strip of a program with threads has them in the order of time.
$(foreach t,$(wildcard traces/$(RELEASE)/vhe/*.turns),$(eval $(BOOK_OUT)/$(basename $(notdir $(t)))-tree.html: $(t)))

# The first page may show a piece of a program and its tree.
BOOK_FIRST := $(wildcard $(shell sed -n -e 's,^```.*file="\([^"]*\)".*,\1,p' \
	-e 's,^:::.*capture="\([^"]*\)".*,traces/$(RELEASE)/vhe/\1.kvt,p' book.md 2>/dev/null))
$(BOOK_OUT)/index.html: book.md $(BOOK_PARTS) $(BOOK_TOOLS)index.yaml $(BOOK_TABLES) $(BOOK_FIRST) $(KVT) | book-need $(BOOK_SUMS)
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)index.yaml -o $@ $<

# The glossary looks for its terms in all chapters, one of which is read again
# when it has changed.
$(BOOK_WORDS): $(BOOK_OUT)/.facts/%.words: chapters/%.md $(addprefix $(BOOK_TOOLS)filters/,words.lua terms.lua book.lua) | book-need
	$(Q)mkdir -p $(@D)
	$(Q)$(BOOK_ENV) pandoc -f markdown+smart-implicit_figures-fancy_lists -t plain -L $(BOOK_TOOLS)filters/words.lua -o $@ $<

$(BOOK_OUT)/glossary.html: glossary.md $(BOOK_WORDS) book.md $(BOOK_PARTS) $(BOOK_TOOLS)glossary.yaml $(BOOK_TABLES) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)glossary.yaml -o $@ $<

$(BOOK_OUT)/coverage.html: $(BOOK_TOOLS)coverage.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)coverage.yaml $(BOOK_TABLES) \
	$(BOOK_FACTS) $(BOOK_CAPTURES) $(KVT) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) BOOK_CAPTURES='$(BOOK_CAPTURES)' pandoc -d $(BOOK_TOOLS)coverage.yaml -o $@ $<

$(BOOK_SUMS): $(wildcard code/*)
	$(Q)mkdir -p $(@D)
	$(Q)sha256sum $^ > $@

# The empty page that source-pages fills, once for each file of the kernel.
$(BOOK_OUT)/.deps/source.page: $(BOOK_TOOLS)source.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)source.yaml | book-need
	$(Q)mkdir -p $(@D)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)source.yaml -o $@ $<

# What the captures have of each function; then, with what the pages say, the
# lists.  A list that stays as it was keeps its time, and its page.
$(BOOK_OUT)/.lists/calls.tsv: $(BOOK_CAPTURES) $(BOOK_TOOLS)calls book.md $(KVT)
	$(Q)mkdir -p $(@D)
	$(Q)$(if $(BOOK_CAPTURES),$(BOOK_ENV) $(BOOK_TOOLS)calls $(BOOK_CAPTURES)) > $@

$(BOOK_OUT)/.lists/made: $(BOOK_PAGES) $(BOOK_TREES) $(BOOK_OUT)/glossary.html $(BOOK_OUT)/.lists/calls.tsv \
	$(BOOK_LISTED) $(BOOK_TABLES)
	$(call say,LISTS $(@D))
	$(Q)$(BOOK_ENV) $(BOOK_TOOLS)lists $(BOOK_OUT) $(@D)/calls.tsv traces/$(RELEASE) $(notdir $(BOOK_CHAPTERS:.md=))
	$(Q)touch $@

$(BOOK_LISTS:$(BOOK_OUT)/%.html=$(BOOK_OUT)/.lists/%.json) $(BOOK_OUT)/.lists/search-rows.js $(BOOK_OUT)/names.js: $(BOOK_OUT)/.lists/made ;

$(BOOK_LISTS): $(BOOK_OUT)/%.html: $(BOOK_OUT)/.lists/%.json $(BOOK_TOOLS)%.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)lists.yaml | book-need
	$(call say,LIST $@)
	$(Q)$(BOOK_ENV) pandoc -d $(BOOK_TOOLS)lists.yaml -o $@ $(BOOK_TOOLS)$*.md

$(BOOK_OUT)/.lists/search-terms.js: $(BOOK_OUT)/.lists/search-rows.js $(BOOK_TOOLS)search-index | book-need
	$(call say,INDEX $@)
	$(Q)$(BOOK_TOOLS)search-index $< > $@

# lunr goes with its license, which is the words of ours, and without the name of
# a file that is not there.
$(BOOK_OUT)/search-index.js: $(BOOK_OUT)/.lists/search-rows.js $(BOOK_OUT)/.lists/search-terms.js $(BOOK_TOOLS)script/find.js \
	$(BOOK_TOOLS)../../LICENSE | book-need
	$(Q){ grep -v '^//# sourceMappingURL' $(BOOK_LUNR); echo "/* lunr's license:"; sed -n '/^Permission/,$$p' $(filter %LICENSE,$^); echo '*/'; \
		cat $(filter %.js,$^); } > $@

$(BOOK_OUT)/style.css: $(BOOK_STYLE)
$(BOOK_OUT)/book.js: $(BOOK_SCRIPT)
$(BOOK_FILES):
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)cat $^ > $@

.PHONY: bench-book
bench-book: $(KVT) ## time a clean build of the book beside pandoc alone over its Markdown
	@$(BOOK_TOOLS)bench

# For a chapter that is listed and not there.
$(BOOK_CHAPTERS):
	@test -e $@ || { echo "book.md:$$(grep -nF '($@)' book.md | head -n 1 | cut -d: -f1): $@ does not exist" >&2; exit 1; }

glossary.md:
	@test -e $@ || { echo 'glossary.md does not exist: tools/book/README.md says what it holds' >&2; exit 1; }

book-listed:
	@for chapter in $(filter-out $(BOOK_CHAPTERS),$(wildcard chapters/*.md)); do \
		echo "$$chapter:1: book.md does not list this chapter" >&2; bad=1; done; test -z "$$bad"

# A wrong LINUX is refused before anything is made; another than last time, or
# none, makes .checked again.
book-linux:
ifneq ($(LINUX),)
	$(Q)mkdir -p $(BOOK_OUT); case '$(LINUX)' in \
		auto | source) dir=$$($(BOOK_TOOLS)../lab/lab source) || exit;; \
		*) dir='$(LINUX)';; \
		esac; \
		dir=$$($(BOOK_TOOLS)source-pages --check --kernel $(RELEASE) "$$dir") || exit; \
		echo "$$dir" | cmp -s - $(BOOK_LINUX) || echo "$$dir" > $(BOOK_LINUX)
else
	$(Q)! test -s $(BOOK_LINUX) || : > $(BOOK_LINUX)
endif

# For what is made of the pages to be passed on: no line of the kernel, and
# links that lead to the web.
.PHONY: book-published
book-published:
	$(Q)! test -s $(BOOK_LINUX) || { $(BOOK_BESIDE) $(BOOK_OUT) && : > $(BOOK_LINUX); }

# Debian's versions differ in where HTML::Parser is, so perl says that.
book-need:
	@$(BOOK_TOOLS)../need pandoc:pandoc libhtml-parser-perl$(addprefix :,$(shell perl -MHTML::Parser -e 'print $$INC{"HTML/Parser.pm"}' 2>/dev/null)) lua-dkjson:/usr/share/lua/5.3/dkjson.lua libjson-xs-perl:json_xs graphviz:dot libjs-lunr:$(BOOK_LUNR) python3-lunr:/usr/lib/python3/dist-packages/lunr

-include $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/.deps/%.d)

include $(BOOK_TOOLS)editions/editions.mk
