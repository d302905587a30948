# make pdf, make epub: the book for paper and for e-readers, from the pages that
# `make book` builds.

EDITIONS := $(BOOK_TOOLS)editions/
BOOK_PDF := $(BOOK_OUT)/kvm-on-arm64.pdf
BOOK_EPUB := $(BOOK_OUT)/kvm-on-arm64.epub
# What they are made of, beside their own tools.  The first page is made again when
# there is an edition, to name it: what they take of it is from book.md.
EDITION_PAGES := $(BOOK_PAGES) $(BOOK_OUT)/glossary.html $(BOOK_COVERAGE) book.md $(BOOK_FIRST)
# The day of the last commit; of book.md where there is no repository.
EDITION_DATE = $(shell git log -1 --format=%cs 2>/dev/null || date -u -r book.md +%F)
EDITION_OPTIONS = --kernel $(RELEASE) --date '$(EDITION_DATE)' --rights "$$(sed -n 's/^rights: *//p' book.md)"

$(BOOK_PDF) $(BOOK_EPUB): | $(BOOK_OUT)/index.html

.PHONY: pdf epub pdf-need epub-need
pdf: $(BOOK_PDF) ## the book as a PDF: build/book/kvm-on-arm64.pdf (some minutes)
	@+$(MAKE) --no-print-directory $(BOOK_OUT)/index.html
	@echo 'The PDF is ready: $(BOOK_PDF)'

epub: $(BOOK_EPUB) ## the book as an EPUB: build/book/kvm-on-arm64.epub
	@+$(MAKE) --no-print-directory $(BOOK_OUT)/index.html
	@echo 'The EPUB is ready: $(BOOK_EPUB)'

$(BOOK_PDF): $(EDITION_PAGES) $(addprefix $(EDITIONS),make-pdf nodes.py edition.py drawn.py steps.py strips.py columns.py continued.py floating.py letters.py paper.py pdf.css) | pdf-need book-published
	$(call say,PDF $@)
	$(Q)$(EDITIONS)make-pdf $(EDITION_OPTIONS) $(addprefix --ioctls ,$(wildcard traces/$(RELEASE)/uapi.tsv)) \
		--numbers $(BOOK_OUT)/.pages --pushed $(BOOK_OUT)/.pushed --html $(BOOK_OUT)/.edition.html $(BOOK_OUT) $@

$(BOOK_EPUB): $(EDITION_PAGES) $(addprefix $(EDITIONS),make-epub nodes.py edition.py drawn.py steps.py strips.py files.py epub.css) | epub-need book-published
	$(call say,EPUB $@)
	$(Q)$(EDITIONS)make-epub $(EDITION_OPTIONS) $(BOOK_OUT) $@

pdf-need:
	@$(BOOK_TOOLS)../need weasyprint:weasyprint python3-lxml:/usr/lib/python3/dist-packages/lxml \
		fonts-sil-charis fonts-open-sans fonts-firacode fonts-dejavu-core fonts-wqy-zenhei

epub-need:
	@$(BOOK_TOOLS)../need python3-lxml:/usr/lib/python3/dist-packages/lxml
