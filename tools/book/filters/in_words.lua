-- A picture of objects (picture.lua) in words: a nested list with links, for who
-- does not see the picture or has no pointer, and the same as plain text.

local book = require 'book'
local state = require 'state'
local terms = require 'terms'

local in_words = {}

local function link(href, text, title)
	return string.format('<a href="%s"%s>%s</a>', book.escape(href),
		title and ' title="' .. book.escape(title) .. '"' or '', book.escape(text))
end

local function call_link(call)
	return link(state.href(call), call.call .. (call.call:find ' ' and '' or '()'))
end

local function term_link(kind, text)
	local entry = terms.find(kind.term or '')
	return entry and link('glossary.html#' .. entry.id, text) or book.escape(text)
end

local function source_link(place)
	return link(book.source_url(place.path, place.line), book.place(place.path, place.line), 'from the source')
end

local function name_of(part)
	return '<code>' .. book.escape(part.label or part.name) .. '</code>'
end

-- What one part is: a line of the list without what it leads to.
local function line_of(part, kind)
	local line = name_of(part) .. (part.is_new and ' <b>new</b>' or '') .. ', ' .. term_link(kind, kind.words)
	if part.second and part.second ~= kind.words then
		line = line .. ' (' .. book.escape(part.second) .. ')'
	end
	return line .. (part.first and ': first in ' .. call_link(part.first) or '')
end

local function tie_line(tie)
	return (tie.words ~= '' and book.escape(tie.words) .. ': ' or '') .. name_of(tie.to)
		.. (tie.call and ', by ' .. call_link(tie.call) or ', from the source: ' .. source_link(tie.place))
end

local function list(items)
	return '<ul>\n<li>' .. table.concat(items, '</li>\n<li>') .. '</li>\n</ul>'
end

local function item(part, it, types)
	local below = {}
	for _, tie in ipairs(it.ties) do
		if tie.from == part then
			below[#below + 1] = tie_line(tie)
		end
	end
	return line_of(part, types[part.type]) .. (#below > 0 and '\n' .. list(below) or '')
end

-- The two sides, each a list of its parts; and what memory says of itself.
function in_words.list(it, types, memory)
	local sides, items = { {}, {} }, {}
	for _, part in ipairs(it.parts) do
		table.insert(sides[types[part.type].column == 0 and 1 or 2], item(part, it, types))
	end
	for index, head in ipairs { 'Your program', 'The kernel' } do
		if #sides[index] > 0 then
			items[#items + 1] = head .. '\n' .. list(sides[index])
		end
	end
	if #memory > 0 then
		items[#items + 1] = 'The guest\'s memory\n' .. list(memory)
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

in_words.call_link = call_link

return in_words
