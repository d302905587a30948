-- A picture of objects (picture.lua) in words: a nested list with links, for who
-- does not see the picture or has no pointer, and the same as plain text.

local book = require 'book'
local element = require 'element'
local state = require 'state'
local terms = require 'terms'

local in_words = {}

local function link(href, text, title)
	return element('a', { 'href', href, 'title', title }, text)
end

function in_words.call_name(call)
	return call.call .. (call.call:find ' ' and '' or '()')
end

function in_words.call_link(call)
	local href = state.href(call)
	return href and link(href, in_words.call_name(call)) or element('code', in_words.call_name(call))
end

local function term_link(kind, text)
	local entry = terms.find(kind.term or '')
	return entry and link('glossary.html#' .. entry.id, text) or text
end

local function source_link(place)
	return link(book.source_url(place.path, place.line), book.place(place.path, place.line), 'from the source')
end

local function name_of(part)
	return element('code', part.label or part.name)
end

-- What one part is: a line of the list without what it leads to.
local function line_of(part, kind)
	return element.html(name_of(part), part.is_new and element.html(' ', element('b', 'new')), ', ', term_link(kind, kind.words),
		part.second and part.second ~= kind.words and ' (' .. part.second .. ')',
		part.first and element.html(': first in ', in_words.call_link(part.first)))
end

local function tie_line(tie)
	return element.html(tie.words ~= '' and tie.words .. ': ', name_of(tie.to), tie.call and ', by ' or ', from the source: ',
		tie.call and in_words.call_link(tie.call) or source_link(tie.place))
end

local function list(items)
	local lines = {}
	for index, item in ipairs(items) do
		lines[index] = element.html('\n', element('li', item))
	end
	return element('ul', element.html(table.unpack(lines)), '\n')
end

local function item(part, it, types)
	local below = {}
	for _, tie in ipairs(it.ties) do
		if tie.from == part then
			below[#below + 1] = tie_line(tie)
		end
	end
	return element.html(line_of(part, types[part.type]), #below > 0 and element.html('\n', list(below)))
end

-- The two sides, each a list of its parts; and what memory says of itself, pieces
-- of HTML.
function in_words.list(it, types, memory)
	local sides, items = { {}, {} }, {}
	for _, part in ipairs(it.parts) do
		table.insert(sides[types[part.type].column == 0 and 1 or 2], item(part, it, types))
	end
	for index, head in ipairs { 'Your program', 'The kernel' } do
		if #sides[index] > 0 then
			items[#items + 1] = element.html(head, '\n', list(sides[index]))
		end
	end
	if #memory > 0 then
		items[#items + 1] = element.html('The guest\'s memory\n', list(memory))
	end
	return list(items)
end

-- The same as a sentence or two, for where a picture has one text.
function in_words.text(it)
	local said = {}
	for _, part in ipairs(it.parts) do
		local ties = {}
		for _, tie in ipairs(it.ties) do
			if tie.from == part then
				ties[#ties + 1] = (tie.words ~= '' and tie.words .. ' ' or '') .. (tie.to.label or tie.to.name)
			end
		end
		said[#said + 1] = (part.label or part.name) .. (part.is_new and ' (new)' or '')
			.. (#ties > 0 and ' → ' .. table.concat(ties, ', ') or '')
	end
	return table.concat(said, '; ')
end

return in_words
