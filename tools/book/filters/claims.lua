-- Claims: [It returns at once]{.claim shows="kvm_share_hyp calls nothing"}.
-- kvt must find each true of its captures; a mark opens the calls that show it.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local tables = require 'tables'

local next_line = book.each_occurrence '{%.claim[%s}]'
-- The parts of all evidence, which stands at the end of the page.
local evidence, claims = pandoc.List {}, 0
local known = { 'shows', 'in', 'of', 'mode' }

local function asking(path, texts)
	local arguments = { 'claim', '--evidence', 'json', '--symbols', tables.symbols,
		'--source-base', book.source_base, path }
	return table.move(texts, 1, #texts, #arguments + 1, arguments)
end

-- The evidence of each text, as parts; or nil, and why one is false.
local function evidence_of(path, texts)
	local rows, why = kvt.rows(asking(path, texts))
	local found = {}
	for index, row in ipairs(rows or {}) do
		found[index] = row.html
	end
	return rows and found, why
end

-- The page's claims of each capture. We ask kvt for all of a capture at once,
-- so that it reads the capture once; if not all are true, we ask one by one.
local wanted, answers = {}, {}

local function ask_all(path)
	local texts = wanted[path] or {}
	local found = #texts > 1 and evidence_of(path, texts)
	answers[path] = {}
	for index, text in ipairs(found and texts or {}) do
		answers[path][text] = found[index]
	end
end

local function ask(path, text)
	if not answers[path] then
		ask_all(path)
	end
	if answers[path][text] then
		return answers[path][text]
	end
	local found, why = evidence_of(path, { text })
	return found and found[1], why
end

local function command(path, text)
	return "build/kvt/kvt claim --evidence text " .. path .. " '" .. text:gsub("'", "'\\''") .. "'"
end

-- Adds the evidence of one claim in one mode; refuses if there is none.
local function add_evidence(parts, line, name, mode, text)
	local path = capture.path(name, mode, 'kvt')
	if not capture.check(line, path) then
		return
	end
	local found, why = ask(path, text)
	if not found then
		book.refuse_here(line, 'claim fails: ' .. text .. '\n' .. path .. ': '
			.. why:gsub('%s+$', ''):gsub('\n', '\n' .. path .. ': '))
		return
	end
	parts:insert(element.written(element('p', { 'class', 'of' }, name, ', ', capture.mode(mode), ' mode'), '\n'))
	parts:extend(found)
	parts:insert(element.written(element('pre', { 'tabindex', 0 }, element('code', command(path, text))), '\n'))
end

-- A browser that has no popovers shows all evidence at the end of the page.
local function box_begins(id, text)
	return element.written(element.start('div', { 'class', 'evidence', 'id', id, 'popover', '' }), '\n',
		element('p', { 'class', 'claims' }, element('code', text)), '\n')
end

local function box_ends(id)
	local close = element('button', { 'type', 'button', 'popovertarget', id, 'popovertargetaction', 'hide' }, 'Close')
	return element.written(element('p', { 'class', 'close' }, close), '\n', element.stop 'div')
end

local function mark(id, text)
	local label = 'The capture shows it: ' .. text
	return element.inline(
		element('button', { 'type', 'button', 'class', 'check', 'popovertarget', id, 'title', label, 'aria-label', label }, '✓'),
		element('a', { 'class', 'check', 'href', '#' .. id, 'title', label, 'aria-label', label }, '✓'))
end

-- What a claim says, of which program, and the modes in which it must be true.
local function parts(attributes)
	local modes = {}
	for mode in (attributes.mode or 'vhe'):gmatch '%S+' do
		modes[#modes + 1] = mode
	end
	return (attributes['in'] and 'in ' .. attributes['in'] .. ': ' or '') .. attributes.shows,
		attributes.of or book.page(book.chapter):gsub('%.html$', ''), modes
end

local function want(span)
	if book.has_class(span, 'claim') and span.attributes.shows then
		local text, name, modes = parts(span.attributes)
		for _, mode in ipairs(modes) do
			local path = capture.path(name, mode, 'kvt')
			wanted[path] = wanted[path] or {}
			table.insert(wanted[path], text)
		end
	end
end

local function claim(span)
	if not book.has_class(span, 'claim') then
		return nil
	end
	local line = next_line()
	local attributes = span.attributes
	book.check_names(line, attributes, 'a claim', known)
	if not attributes.shows then
		return book.refuse_here(line, 'a claim needs shows="…"')
	end
	local text, name, modes = parts(attributes)
	claims = claims + 1
	local id = 'claim-' .. claims
	evidence:insert((claims > 1 and '\n' or '') .. box_begins(id, text))
	for _, mode in ipairs(modes) do
		add_evidence(evidence, line, name, mode, text)
	end
	evidence:insert(box_ends(id))
	span.content:insert(mark(id, text))
	return pandoc.Span(span.content, { class = 'claim' })
end

-- A period belongs to its sentence, and the mark stands behind both.
local function punctuate(inlines)
	for index = #inlines - 1, 1, -1 do
		local span, after = inlines[index], inlines[index + 1]
		if span.t == 'Span' and book.has_class(span, 'claim')
				and after.t == 'Str' and after.text:find '^[.,:;)]+$' then
			local last = span.content[#span.content - 1]
			if last and last.t == 'Str' then
				last.text = last.text .. after.text
			else
				span.content:insert(#span.content, after)
			end
			inlines:remove(index + 1)
		end
	end
	return inlines
end

-- No line begins with a mark: the word before it goes along.
local function hold(span)
	local content = span.content
	if book.has_class(span, 'claim') and #content > 1 and content[#content - 1].t == 'Str' then
		local held = { content:remove(#content - 1), content:remove() }
		content:insert(pandoc.Span(held, { class = 'held' }))
		return span
	end
end

local function finish(document)
	book.done()
	if claims > 0 then
		local title = 'What the captures show'
		evidence:insert(1, element.written(element.start('section', { 'class', 'evidences', 'aria-label', title }), '\n',
			element('h2', title), '\n'))
		evidence:insert(element.written('\n', element.stop 'section'))
		document.blocks:insert(drawn.block(evidence))
	end
	return document
end

return { { Span = want }, { Span = claim }, { Inlines = punctuate }, { Span = hold }, { Pandoc = finish } }
