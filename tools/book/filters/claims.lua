-- Claims: [It returns at once]{.claim shows="kvm_share_hyp calls nothing"}.
-- kvt must find each true of its captures; a mark opens the calls that show it.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local tables = require 'tables'

local next_line = book.each_occurrence '{%.claim[%s}]'
local evidence = pandoc.List {}
local known = { of = true, ['in'] = true, shows = true, mode = true }

-- What kvt prints of a claim, or nil and why it fails.
local function ask(path, text)
	local arguments = { '-c', 'exec "$0" "$@" 2>&1', book.kvt, 'claim', '--evidence', 'html',
		'--symbols', tables.symbols, '--source-base', book.source_base, path, text }
	local ran, said = pcall(pandoc.pipe, 'sh', arguments, '')
	if ran then
		return said
	end
	return nil, type(said) == 'table' and said.output or tostring(said)
end

local function command(path, text)
	return "build/kvt/kvt claim --evidence text " .. path .. " '" .. text:gsub("'", "'\\''") .. "'"
end

-- The evidence of one claim in one mode, as HTML; refuses if there is none.
local function shown(line, name, mode, text)
	local path = capture.path(name, mode, 'kvt')
	if not capture.check(line, path) then
		return ''
	end
	local html, why = ask(path, text)
	if not html then
		book.refuse_here(line, 'claim fails: ' .. text .. '\n' .. path .. ': '
			.. why:gsub('%s+$', ''):gsub('\n', '\n' .. path .. ': '))
		return ''
	end
	return '<p class="of">' .. book.escape(name) .. ', ' .. capture.mode(mode) .. ' mode</p>\n' .. html
		.. '<pre tabindex="0"><code>' .. book.escape(command(path, text)) .. '</code></pre>\n'
end

-- A browser that has no popovers shows all evidence at the end of the page.
local function box(id, text, html)
	return '<div class="evidence" id="' .. id .. '" popover>\n<p class="claims"><code>'
		.. book.escape(text) .. '</code></p>\n' .. html
		.. '<p class="close"><button type="button" popovertarget="' .. id
		.. '" popovertargetaction="hide">Close</button></p>\n</div>'
end

local function mark(id, text)
	local label = 'The capture shows it: ' .. book.escape(text)
	return pandoc.RawInline('html', '<button type="button" class="check" popovertarget="' .. id
		.. '" title="' .. label .. '" aria-label="' .. label .. '">✓</button>'
		.. '<a class="check" href="#' .. id .. '" title="' .. label .. '" aria-label="' .. label .. '">✓</a>')
end

local function check_attributes(line, attributes)
	for name in pairs(attributes) do
		if not known[name] then
			book.refuse_here(line, 'a claim has no ' .. name .. '=: it takes shows, in, of and mode')
		end
	end
end

local function claim(span)
	if not book.has_class(span, 'claim') then
		return nil
	end
	local line = next_line()
	local attributes = span.attributes
	check_attributes(line, attributes)
	if not attributes.shows then
		return book.refuse_here(line, 'a claim needs shows="…"')
	end
	local text = (attributes['in'] and 'in ' .. attributes['in'] .. ': ' or '') .. attributes.shows
	local name = attributes.of or book.page(book.chapter):gsub('%.html$', '')
	local html = {}
	for mode in (attributes.mode or 'vhe'):gmatch '%S+' do
		html[#html + 1] = shown(line, name, mode, text)
	end
	local id = 'claim-' .. #evidence + 1
	evidence:insert(box(id, text, table.concat(html)))
	span.content:insert(mark(id, text))
	return pandoc.Span(span.content, { class = 'claim' })
end

-- A period belongs to its sentence, and the mark stands behind both.
local function punctuate(inlines)
	for index = #inlines - 1, 1, -1 do
		local span, after = inlines[index], inlines[index + 1]
		if span.t == 'Span' and book.has_class(span, 'claim')
				and after.t == 'Str' and after.text:find '^[.,:;)]+$' then
			span.content:insert(#span.content, after)
			inlines:remove(index + 1)
		end
	end
	return inlines
end

local function finish(document)
	book.done()
	if #evidence > 0 then
		document.blocks:insert(book.html('<section class="evidences" aria-label="What the captures show">\n'
			.. '<h2>What the captures show</h2>\n'
			.. table.concat(evidence, '\n') .. '\n</section>'))
	end
	return document
end

return { { Span = claim }, { Inlines = punctuate }, { Pandoc = finish } }
