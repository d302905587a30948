# What the browser tests need: Debian's Chromium, Node and fonts, and from npm
# what package-lock.json pins.

BROWSER_TOOLS := build/browser/.made

.PHONY: browser-tools
browser-tools: $(BROWSER_TOOLS) ## what tests in the browser need
fetch: browser-tools

$(BROWSER_TOOLS): tests/browser/package.json tests/browser/package-lock.json tests/browser/browser.mk
	$(Q)tools/need chromium-headless-shell:chromium-headless-shell nodejs:node npm:npm \
		fonts-dejavu-core:/usr/share/fonts/truetype/dejavu
	$(call say,NPM $(@D))
	$(Q)mkdir -p $(@D) && cp tests/browser/package.json tests/browser/package-lock.json $(@D)
	$(Q)cd $(@D) && npm ci --silent --ignore-scripts --prefer-offline --no-audit --no-fund || { \
		echo 'browser-tools: npm could not install what tests/browser/package-lock.json names:' \
			'"cd $(@D) && npm ci" says why; it needs the network once' >&2; exit 1; }
	$(Q)touch $@
