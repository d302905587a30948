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
BOOK_PARTS := $(wildcard $(BOOK_TOOLS)filters/*.lua) $(addprefix $(BOOK_TOOLS),colored drawing) $(addprefix $(BOOK_TOOLS),arm64.xml dot.options dot.sed) $(addprefix $(BOOK_TOOLS),$(addsuffix .html,template header chapters menu icon)) \
	$(wildcard $(BOOK_TOOLS)objects/*.tsv)
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
BOOK_LISTED := $(BOOK_TOOLS)lists $(addprefix $(BOOK_TOOLS),Html.pm Element.pm Chapter.pm) $(wildcard $(BOOK_TOOLS)Lists/*.pm traces/$(RELEASE)/uapi.tsv traces/$(RELEASE)/ioctls.tsv)
# The page for lecturers, which the students' tree has not.
BOOK_TEACHING := $(patsubst docs/%.md,$(BOOK_OUT)/%.html,$(wildcard docs/teaching.md))
BOOK_EXTRA := $(BOOK_TREES) $(BOOK_COVERAGE) $(BOOK_TEACHING) $(BOOK_OUT)/glossary.html $(BOOK_LISTS)
# Where the chapters' links into other projects lead.
BOOK_ELSEWHERE := chapters/elsewhere.tsv
# The look and the script, each from a file for each concern, in this order.
BOOK_STYLE := $(addprefix $(BOOK_TOOLS)style/,$(addsuffix .css,fonts colors words page index code terms figures objects trees badges \
	beside path lanes strip coverage lists search claims boxes walk sketch tools inspect source \
	places targets nav progress annotated print))
BOOK_SCRIPT := $(addprefix $(BOOK_TOOLS)script/,$(addsuffix .js,base menu search theme kit calls modes trees inspect copy source \
	progress path lists marks keys front walk))
BOOK_FILES := $(addprefix $(BOOK_OUT)/,style.css book.js icon.svg)
# The faces, of which the license is the last to be written.
BOOK_FACES := $(BOOK_OUT)/fonts/licenses.txt
BOOK_FOUND := $(BOOK_OUT)/names.js $(BOOK_OUT)/search-index.js
# The engine of the search, for the browser.
BOOK_LUNR := /usr/share/javascript/lunr/lunr.min.js
# The directory of the tree that stands beside the pages, empty when it was
# taken away again; not there in a book that never had one.
BOOK_LINUX := $(BOOK_OUT)/.linux
BOOK_BESIDE = $(BOOK_TOOLS)source-pages --base '$(SOURCE_BASE)'
# The version that pages have at their foot.  A page has the one of the day when
# it was made, and the last step writes today's into those that have another:
# a commit is no reason to make a page again.
BOOK_VERSION := $(BOOK_OUT)/.version
# The checksums of all programs, to be compared with those that captures have,
# and what kvt says of all captures: to ask for each page would take much longer.
BOOK_SUMS := $(BOOK_OUT)/.deps/sums
BOOK_HEADERS := $(BOOK_OUT)/.deps/headers
# All programs, and the code in chapters, as the highlighter colors them; the last to be written is this.
BOOK_COLORS := $(BOOK_OUT)/.deps/colors
# All figures as dot draws them, likewise.
BOOK_FIGURES := $(BOOK_OUT)/.deps/figures
BOOK_ASKED := $(BOOK_SUMS) $(BOOK_HEADERS)
BOOK_ENV = BOOK_VERSION="$$(cat $(BOOK_VERSION) 2> /dev/null || $(BOOK_TOOLS)version)" BOOK_SUMS='$(BOOK_SUMS)' BOOK_HEADERS='$(BOOK_HEADERS)' BOOK_COLORS='$(BOOK_COLORS)' BOOK_FIGURES='$(BOOK_FIGURES)' \
	KVT='$(KVT)' BOOK_KERNEL='$(RELEASE)' SOURCE_BASE='$(SOURCE_BASE)' BOOK_OUT='$(BOOK_OUT)' BOOK_MAP='$(notdir $(BOOK_COVERAGE))'

# A page is a short run that allocates much: with more room for what is new,
# pandoc collects its garbage a few times rather than two hundred.
PANDOC := pandoc +RTS -A64m -V0 -RTS

.DELETE_ON_ERROR:
.PHONY: book book-all book-linux book-listed book-need book-version

# Pages are made side by side, as many as there are processors; but a make that
# was told -jN hands that on.  What installs or fetches something comes before.
book: | book-need book-linux book-version ## the whole book: build/book/index.html (LINUX=DIR: with that kernel's lines)
	@+$(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc)) --output-sync=target book-all

# The recipe of .checked sets BOOK_MADE, so that a build with nothing to do says so.
book-all: $(BOOK_OUT)/.checked
	@$(if $(BOOK_MADE),:,echo 'The book is up to date: $(BOOK_OUT)/index.html')

# The longest comes first, or all would wait for it in the end.
$(BOOK_OUT)/.checked: $(BOOK_OUT)/.lists/calls.tsv $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html $(BOOK_FILES) $(BOOK_FACES) $(BOOK_FOUND) $(BOOK_TOOLS)check-links $(BOOK_TOOLS)Html.pm \
	$(if $(LINUX),$(BOOK_OUT)/.deps/source.page $(BOOK_TOOLS)source-pages $(wildcard $(BOOK_TOOLS)Source/*.pm)) $(wildcard $(BOOK_LINUX) $(BOOK_VERSION)) $(BOOK_TOOLS)stamp | book-listed
	$(eval BOOK_MADE := yes)
	$(Q)rm -f $(filter-out $(BOOK_PAGES) $(BOOK_EXTRA) $(BOOK_OUT)/index.html,$(wildcard $(BOOK_OUT)/*.html))
	$(if $(LINUX),$(call say,SOURCE $(BOOK_OUT)/source))
	$(Q)$(if $(wildcard $(BOOK_LINUX)),$(BOOK_BESIDE) $(if $(LINUX),--kernel $(RELEASE) --tree "$$(cat $(BOOK_LINUX))" \
		--symbols traces/$(RELEASE)/symbols.tsv --page $(BOOK_OUT)/.deps/source.page) $(BOOK_OUT))
	$(Q)$(BOOK_TOOLS)stamp $(BOOK_OUT) "$$(cat $(BOOK_VERSION) 2> /dev/null || $(BOOK_TOOLS)version)"
	$(Q)$(BOOK_TOOLS)check-links $(BOOK_OUT)
	$(Q)touch $@
	@echo 'The book is ready: $(BOOK_OUT)/index.html'
	@$(if $(LINUX),:,! $(BOOK_TOOLS)../lab/fetch has source || echo "With the kernel's own lines beside it: make book LINUX=auto")

$(BOOK_PAGES): $(BOOK_OUT)/%.html: chapters/%.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)page.yaml $(BOOK_TABLES) $(KVT) | book-need $(BOOK_ASKED) $(BOOK_COLORS)/made $(BOOK_FIGURES)/made
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.deps $(BOOK_OUT)/.facts
	$(Q)$(BOOK_ENV) BOOK_DEPS=$(BOOK_OUT)/.deps/$*.d $(PANDOC) -d $(BOOK_TOOLS)page.yaml -o $@ $<

# A chapter says that there are graded exercises.
$(foreach e,$(wildcard exercises/*/README.md),$(eval $(patsubst exercises/%/README.md,$(BOOK_OUT)/%.html,$(e)): $(e)))

$(BOOK_TREES): $(BOOK_OUT)/%-tree.html: $(BOOK_TOOLS)tree.md traces/$(RELEASE)/vhe/%.kvt chapters/%.md book.md \
	$(BOOK_PARTS) $(BOOK_TOOLS)tree.yaml $(BOOK_TABLES) $(KVT) | book-need $(BOOK_ASKED)
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.facts
	$(Q)$(BOOK_ENV) BOOK_PROGRAM=$* $(PANDOC) -d $(BOOK_TOOLS)tree.yaml -o $@ $<

# The strip of a program with threads has them in the order of time.
$(foreach t,$(wildcard traces/$(RELEASE)/vhe/*.turns),$(eval $(BOOK_OUT)/$(basename $(notdir $(t)))-tree.html: $(t)))

# The first page may show a piece of a program and its tree, and a figure; the
# program is the first that it names.  It says how long each chapter is, and which
# editions there are.
BOOK_FIRST := $(wildcard $(shell sed -n -e 's,^```.*file="\([^"]*\)".*,\1,p' -e 's,^!\[.*(\(chapters/figures/[^ )]*\).*,\1,p' \
	-e 's,^:::.*capture="\([^"]*\)".*,traces/$(RELEASE)/vhe/\1.kvt,p' book.md 2>/dev/null))
BOOK_FIRST_PROGRAM := $(basename $(notdir $(firstword $(filter %.kvt,$(BOOK_FIRST)))))
BOOK_EDITIONS = $(notdir $(wildcard $(BOOK_PDF) $(BOOK_EPUB)))
$(BOOK_OUT)/index.html: book.md $(BOOK_PARTS) $(BOOK_TOOLS)index.yaml $(BOOK_TABLES) $(BOOK_FIRST) $(BOOK_WORDS) \
	$(wildcard exercises/*/README.md) $(BOOK_OUT)/.deps/editions $(KVT) | book-need $(BOOK_ASKED) $(BOOK_COLORS)/made $(BOOK_FIGURES)/made
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.facts
	$(Q)$(BOOK_ENV) $(addprefix BOOK_PROGRAM=,$(BOOK_FIRST_PROGRAM)) BOOK_EDITIONS='$(BOOK_EDITIONS)' $(PANDOC) -d $(BOOK_TOOLS)index.yaml -o $@ $<

.PHONY: book-editions
book-editions: ;
$(BOOK_OUT)/.deps/editions: book-editions
	$(Q)mkdir -p $(@D); echo '$(BOOK_EDITIONS)' | cmp -s - $@ || echo '$(BOOK_EDITIONS)' > $@

$(BOOK_TEACHING): $(BOOK_OUT)/%.html: docs/%.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)teaching.yaml | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)
	$(Q)$(BOOK_ENV) $(PANDOC) -d $(BOOK_TOOLS)teaching.yaml -o $@ $<

# The glossary looks for its terms in all chapters; a chapter's page writes down
# which words it has.
$(BOOK_WORDS): $(BOOK_OUT)/.facts/%.words: $(BOOK_OUT)/%.html ;

$(BOOK_OUT)/glossary.html: glossary.md $(BOOK_WORDS) book.md $(BOOK_PARTS) $(BOOK_TOOLS)glossary.yaml $(BOOK_TABLES) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.facts
	$(Q)$(BOOK_ENV) $(PANDOC) -d $(BOOK_TOOLS)glossary.yaml -o $@ $<

$(BOOK_OUT)/coverage.html: $(BOOK_TOOLS)coverage.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)coverage.yaml $(BOOK_TABLES) \
	$(BOOK_FACTS) $(BOOK_CAPTURES) $(KVT) | book-need
	$(call say,PAGE $@)
	$(Q)mkdir -p $(BOOK_OUT)/.facts
	$(Q)$(BOOK_ENV) BOOK_CAPTURES='$(BOOK_CAPTURES)' $(PANDOC) -d $(BOOK_TOOLS)coverage.yaml -o $@ $<

$(BOOK_SUMS): $(wildcard code/*)
	$(Q)mkdir -p $(@D)
	$(Q)sha256sum $^ > $@

# Those that changed, or all with another highlighter.
$(BOOK_COLORS)/made: $(wildcard code/*.[chS] book.md $(BOOK_CHAPTERS)) $(BOOK_TOOLS)colored $(BOOK_TOOLS)arm64.xml | book-need
	$(Q)mkdir -p $(@D)
	$(Q)files='$(filter code/% %.md,$(if $(filter $(BOOK_TOOLS)%,$?),$^,$?))'; test -z "$$files" || $(BOOK_TOOLS)colored -o $(@D) $$files
	$(Q)touch $@

# A figure that is refused is not among them: its page draws it again, and says why.
$(BOOK_FIGURES)/made: $(wildcard chapters/figures/*.dot) $(addprefix $(BOOK_TOOLS),drawing dot.options dot.sed) | book-need
	$(Q)mkdir -p $(@D)
	$(Q)files='$(filter chapters/%,$(if $(filter $(BOOK_TOOLS)%,$?),$^,$?))'; test -z "$$files" || $(BOOK_TOOLS)drawing -o $(@D) $$files
	$(Q)touch $@

# A capture that kvt refuses is not among them: its page asks again, and says why.
$(BOOK_HEADERS): $(BOOK_CAPTURES) $(KVT)
	$(Q)mkdir -p $(@D)
	$(Q)for capture in $(BOOK_CAPTURES); do \
		if header=$$($(KVT) show --format header "$$capture" 2> /dev/null); then printf '%s\t%s\n' "$$capture" "$$header"; fi; done > $@

# The empty page that source-pages fills, once for each file of the kernel.
$(BOOK_OUT)/.deps/source.page: $(BOOK_TOOLS)source.md book.md $(BOOK_PARTS) $(BOOK_TOOLS)source.yaml | book-need
	$(Q)mkdir -p $(@D)
	$(Q)$(BOOK_ENV) $(PANDOC) -d $(BOOK_TOOLS)source.yaml -o $@ $<

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
	$(Q)$(BOOK_ENV) $(PANDOC) -d $(BOOK_TOOLS)lists.yaml -o $@ $(BOOK_TOOLS)$*.md

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
$(BOOK_OUT)/icon.svg: $(BOOK_TOOLS)icon.svg
$(BOOK_FILES):
	$(Q)mkdir -p $(BOOK_OUT)/.facts
	$(Q)cat $^ > $@

$(BOOK_FACES): $(BOOK_TOOLS)fonts | book-need
	$(call say,FONTS $(@D))
	$(Q)$< $(@D)

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
	@$(if $(wildcard $(BOOK_ELSEWHERE)),$(BOOK_TOOLS)check-elsewhere --unused $(BOOK_ELSEWHERE))

# Their repositories change under their own hands, so this is no part of a build.
.PHONY: check-links
check-links: ## check the links into other projects' source (needs a network)
	$(Q)$(BOOK_TOOLS)../need git:git python3:/usr/bin/python3
	$(Q)$(BOOK_TOOLS)check-elsewhere $(BOOK_ELSEWHERE)

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

# Another version than last time makes .checked again.
book-version:
	$(Q)mkdir -p $(BOOK_OUT); version=$$($(BOOK_TOOLS)version); \
		echo "$$version" | cmp -s - $(BOOK_VERSION) || echo "$$version" > $(BOOK_VERSION)

# For what is made of the pages to be passed on: no line of the kernel, and
# links that lead to the web.
.PHONY: book-published
book-published:
	$(Q)! test -s $(BOOK_LINUX) || { $(BOOK_BESIDE) $(BOOK_OUT) && : > $(BOOK_LINUX); }

# Debian's versions differ in where HTML::Parser is, so perl says that.
book-need:
	@$(BOOK_TOOLS)../need pandoc:pandoc libhtml-parser-perl$(addprefix :,$(shell perl -MHTML::Parser -e 'print $$INC{"HTML/Parser.pm"}' 2>/dev/null)) lua-dkjson:/usr/share/lua/5.3/dkjson.lua libjson-xs-perl:json_xs graphviz:dot libjs-lunr:$(BOOK_LUNR) python3-lunr:/usr/lib/python3/dist-packages/lunr \
		fontconfig:fc-match libharfbuzz-bin:hb-subset woff2:woff2_compress \
		$(foreach face,sil-charis open-sans firacode,fonts-$(face):/usr/share/doc/fonts-$(face)/copyright)

-include $(BOOK_CHAPTERS:chapters/%.md=$(BOOK_OUT)/.deps/%.d)

include $(BOOK_TOOLS)editions/editions.mk
