-- Writes what a page says, place by place, for tools/book/lists: to the file
-- $BOOK_OUT/.facts/NAME.tsv, in the order of the page,
--	page HTML NUMBER TITLE QUESTION
--	at ID TITLE		a heading, an exercise, the bold head of an entry of
--				What goes wrong; what follows is below it
--	text WORDS		a paragraph, without code blocks and solutions
--	code TEXT		a listing, or what a program printed
--	name FUNCTION PLACE	a function that the text names
--	word NAME		an ioctl, an exit reason, an error that it names
--	wrong ID CODES TITLE HTML CITED WORDS NAMES WHEN SHOWN
--				an entry of What goes wrong: as HTML, the lines
--				that it cites, its words, and what word has of it;
--				from a table also its condition, as words and HTML
--	term ID TERM FORMS TEXT	an entry of the glossary

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local drawn = require 'drawn'

local rows = {}
local page = book.page(book.chapter)

local function say(...)
	local fields = { ... }
	for index, field in ipairs(fields) do
		-- A place that is not said leaves its space behind.
		fields[index] = tostring(field):gsub('\u{a0}', ' '):gsub('%s+', ' '):gsub(' ([,.;:)])', '%1'):gsub(' $', '')
	end
	table.insert(rows, table.concat(fields, '\t'))
end

local function nothing()
	return {}
end

local function without_place(span)
	return book.has_class(span, 'loc') and {} or nil
end

-- Text as it is read: neither marks nor places in the source.
local function bare(element)
	return element:walk { Span = without_place, RawInline = nothing }
end

local function words_of(element)
	return pandoc.utils.stringify(bare(element))
end

-- The same of a block without marks and places, and of lists and tables. A
-- sentence of a list has its end, but the cells of a table would run together.
local function text_of(block)
	if block.t == 'Para' or block.t == 'Plain' then
		return pandoc.utils.stringify(block)
	end
	local parts = {}
	local function part(inner)
		local words = pandoc.utils.stringify(inner)
		table.insert(parts, words ~= '' and words or nil)
	end
	block:walk { Para = part, Plain = part }
	return table.concat(parts, block.t == 'Table' and ' · ' or ' ')
end

-- The same in HTML, without the ids of its page; its links lead there.
local function html_of(inlines)
	local plain = pandoc.Plain(inlines):walk {
		RawInline = function() return {} end,
		Span = function(span)
			return book.has_class(span, 'loc') and span or span.content
		end,
		Link = function(link)
			link.target = link.target:gsub('^#', page .. '#')
			link.identifier = ''
			return link
		end,
	}
	return pandoc.write(pandoc.Pandoc { plain }, 'html')
end

local function is_name(text)
	return text:find '^KVM_[%w_]+$' or text:find '^E[%u%d]+$' and #text > 2
end

-- The errors and ioctls named in some text, and the lines that it cites.
local function codes_of(element)
	local found = {}
	element:walk { Code = function(code)
		table.insert(found, is_name(code.text) and code.text or nil)
	end }
	return table.concat(found, ' ')
end

local function cited_of(element)
	local found = {}
	element:walk { Link = function(link)
		if book.has_class(link, 'cite') then
			table.insert(found, link.title)
		end
	end }
	return table.concat(found, ' ')
end

-- Says what a block names.  Returns it as it is read.
local function names_in(block)
	return block:walk {
		Link = function(link)
			if book.has_class(link, 'fn') then
				say('name', pandoc.utils.stringify(link):match '^[%w_]+' or '', link.title)
			end
		end,
		Code = function(code)
			if is_name(code.text) then
				say('word', code.text)
			end
		end,
		Span = without_place,
		RawInline = nothing,
	}
end

-- The same without the comma or the blank that led to the next head.
local function without_end(inlines)
	local trimmed = pandoc.List(inlines):clone()
	while #trimmed > 0 and (trimmed[#trimmed].t == 'Space' or trimmed[#trimmed].t == 'SoftBreak') do
		trimmed:remove()
	end
	local last = trimmed[#trimmed]
	if last and last.t == 'Str' and last.text:find '[,;]$' then
		trimmed[#trimmed] = pandoc.Str(last.text:sub(1, -2))
	end
	return trimmed
end

-- Title: what an entry is called; when: its condition, which a table has in a
-- cell of its own.
local function put_wrong(id, codes, title, inlines, when)
	local all = pandoc.Plain((when or pandoc.List {}) .. pandoc.List(inlines))
	local trimmed = without_end(inlines)
	local shown = when and bare(pandoc.Plain(when)):walk { Link = function(link) return link.content end }.content
	say('wrong', id, codes, title, html_of(trimmed), cited_of(all), (words_of(pandoc.Plain(trimmed)):gsub('^%s+', '')),
		codes_of(all), when and words_of(pandoc.Plain(when)) or '', shown and html_of(shown) or '')
end

local function is_wrong(inline)
	return inline and inline.t == 'Span' and book.has_class(inline, 'wrong')
end

-- Each head with the text up to the next one; a head that stands alone takes
-- the next paragraph.
local waiting

local function wrong_paragraph(block)
	local head, rest = waiting, pandoc.List {}
	for _, inline in ipairs(block.content) do
		if is_wrong(inline) then
			if head then
				put_wrong(head.identifier, codes_of(head), words_of(head), rest)
			end
			head, rest = inline, pandoc.List {}
		else
			rest:insert(inline)
		end
	end
	waiting = #rest == 0 and head or nil
	if head and not waiting then
		put_wrong(head.identifier, codes_of(head), words_of(head), rest)
	end
end

-- "the same" is what the row above says; a list does not show that row.
local function spelled_out(cell, above)
	local inlines = pandoc.List(pandoc.utils.blocks_to_inlines(cell))
	local said = pandoc.utils.stringify(inlines)
	if not above or not said:find '^the same' then
		return inlines
	end
	-- What follows "the", a space and "same,".
	return above .. (said:find '^the same,' and { pandoc.Str ',', table.unpack(inlines, 4) } or {})
end

-- The column that says when, which is the second of most tables.
local function when_column(simple)
	for column, cell in ipairs(simple.header) do
		if pandoc.utils.stringify(cell) == 'when' then
			return column
		end
	end
	return 2
end

-- Cells as one text, with something between each two.
local function joined(cells, first, last, between)
	local inlines = pandoc.List {}
	for column = first, last do
		if column > first then
			inlines:extend(between)
		end
		inlines:extend(cells[column])
	end
	return inlines
end

local function wrong_table(block)
	local simple = pandoc.utils.to_simple_table(block)
	local when = when_column(simple)
	local codes, title, above = '', '', {}
	for _, row in ipairs(simple.rows) do
		local first = row[1][1] and row[1][1].content[1]
		local cells = pandoc.List {}
		for column, cell in ipairs(row) do
			cells[column] = spelled_out(cell, above[column])
		end
		above = cells
		if is_wrong(first) then
			-- An empty first cell goes on with the row above.
			if words_of(first) ~= '' then
				codes, title = codes_of(first), words_of(pandoc.Plain(joined(cells, 1, when - 1, { pandoc.Space() })))
			end
			put_wrong(first.identifier, codes, title, joined(cells, when + 1, #cells, { pandoc.Str ':', pandoc.Space() }),
				cells[when])
		end
	end
end

local visit

-- What a block says comes before what it names.
local function visit_text(block)
	local place = #rows + 1
	local text = text_of(names_in(block))
	say('text', text)
	table.insert(rows, place, table.remove(rows))
end

-- A solution is kept from the reader, but may name a function.
local function visit_drawing(div)
	if book.has_class(div, 'code') then
		say('code', drawn.text(div))
	elseif book.has_class(div, 'solution') then
		for _, block in ipairs(div.content) do
			if block.t ~= 'RawBlock' and block.t ~= 'CodeBlock' and not drawn.is(block) then
				names_in(block)
			end
		end
	end
end

local function visit_glossary(list)
	for _, item in ipairs(list.content) do
		local span = table.remove(item[1], 1)
		local text = pandoc.Div(item[2][1] or {}):walk { Div = function() return {} end }
		say('term', span.identifier, words_of(pandoc.Plain { span }), words_of(pandoc.Plain(item[1])), words_of(text))
	end
end

local function visit_box(block, here)
	if book.has_class(block, 'exercise') then
		say('at', block.identifier, drawn.text(block.content[1]))
		visit(block.content, here)
		say('at', here.id, here.title)
	else
		visit(block.content, here)
	end
end

function visit(blocks, here)
	for _, block in ipairs(blocks) do
		if block.t == 'RawBlock' or block.t == 'CodeBlock' then
			-- Has nothing to say.
		elseif drawn.is(block) then
			visit_drawing(block)
		elseif block.t == 'Header' and block.level > 1 then
			here.id, here.title = block.identifier, words_of(block)
			say('at', here.id, here.title)
		elseif block.t == 'Div' then
			visit_box(block, here)
		elseif block.t == 'DefinitionList' then
			visit_glossary(block)
		else
			local first = block.t == 'Para' and block.content[1]
			if is_wrong(first) then
				say('at', first.identifier, words_of(first))
			end
			visit_text(block)
			if block.t == 'Para' then
				wrong_paragraph(block)
			elseif block.t == 'Table' then
				wrong_table(block)
			end
		end
	end
end

local function write(document)
	local meta = document.meta
	say('page', page, pandoc.utils.stringify(meta.number or ''), pandoc.utils.stringify(meta.title or ''),
		pandoc.utils.stringify(meta.question or ''))
	visit(document.blocks, { id = '', title = '' })
	local out = assert(io.open(book.out .. '/.facts/' .. page:gsub('html$', 'tsv'), 'w'))
	out:write(table.concat(rows, '\n'), '\n')
	out:close()
end

return { { Pandoc = write } }
