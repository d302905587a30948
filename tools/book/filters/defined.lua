-- Terms: what a chapter has in **bold** leads to its entry in the glossary,
-- which must have one that names the chapter.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local terms = require 'terms'

local lines, first = {}, {}

-- Where this bold stands: each next one with the same words takes the next place.
local function line_of(text)
	lines[text] = lines[text] or book.each_occurrence('%*%*' .. text:gsub('\u{2019}', "'"):gsub('%p', '%%%0') .. '%*%*')
	return lines[text]()
end

local function example(text)
	return string.format('"%s" and below it ":   What it is, in a sentence or two. [%s](%s)."',
		text, book.label(book.chapter) or 'Chapter', book.chapter)
end

local function check(text, line, entry)
	if not book.exists(terms.file) then
		return book.refuse_here(line, text .. ' is bold, but there is no ' .. terms.file
			.. ': make one, with an entry for it, ' .. example(text))
	elseif not entry then
		return book.refuse_here(line, text .. ' is bold, but no term of ' .. terms.file
			.. ': add there, in its place of the alphabet, ' .. example(text)
			.. '; or mark it *so* here, if it is no term')
	elseif entry.chapter ~= book.chapter then
		return book.refuse_here(line, text .. ' is bold, but a term of ' .. (entry.chapter or 'no chapter') .. ' by '
			.. terms.file .. ':' .. entry.line .. ': take the bold away here, or name this chapter there')
	elseif first[entry.id] then
		return book.refuse_here(line, text .. ' is bold in line ' .. first[entry.id]
			.. ' already: a term is bold once, where the chapter says what it is')
	end
	first[entry.id] = line
	return entry
end

-- The entry of a bold that is a term, or nil.
local function term(strong)
	if not terms.is_term(strong) then
		return nil
	end
	local text = pandoc.utils.stringify(strong)
	return check(text, line_of(text), terms.find(text))
end

local function definition(entry, content)
	return pandoc.Span(content, { id = 'term-' .. entry.id, class = 'dfn' })
end

local function strong(element)
	local entry = term(element)
	if entry then
		return definition(entry, { pandoc.Link(element.content, terms.file .. '#' .. entry.id, '',
			{ class = 'term', title = 'in the glossary' }) }), false
	end
end

-- Links must not nest: a term that is a link already stays what it is.
local function link(element)
	return element:walk { Strong = function(inner)
		local entry = term(inner)
		return entry and definition(entry, inner.content)
	end }, false
end

local function leave(element)
	return element, false
end

return {
	{ traverse = 'topdown', Link = link, Header = leave, Strong = strong },
	{ Pandoc = function() book.done() end },
}
