-- The glossary's page: each entry leads to where its chapter defines the term,
-- and to all chapters that use the word. Entries and chapters must agree.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local terms = require 'terms'
local letters = require 'letters'

local contents = book.contents()
local chapters, by_file = {}, {}

local function read_chapters()
	for index, chapter in ipairs(contents.chapters) do
		local bold, text = terms.read(chapter.file)
		chapters[index] = { file = chapter.file, number = chapter.number, is_appendix = book.is_appendix(chapter.file), bold = bold, text = text }
		by_file[chapter.file] = chapters[index]
	end
end

-- Refuses a word that would lead to two entries.
local owner = {}

local function check_forms(entry)
	for _, form in ipairs(entry.forms) do
		local other = owner[form:lower()]
		if other then
			book.refuse(terms.file, entry.line, form .. ' is a form of ' .. entry.name
				.. ' and of ' .. other.name .. ' (line ' .. other.line .. '): it can lead to one of them')
		end
		owner[form:lower()] = entry
	end
end

local function check(entry, before)
	local function refuse(message)
		book.refuse(terms.file, entry.line, message)
	end
	if before and entry.id == before.id then
		refuse(entry.name .. ' stands in line ' .. before.line .. ' already')
	elseif before and entry.name:lower() < before.name:lower() then
		refuse(entry.name .. ' comes before ' .. before.name .. ' (line ' .. before.line .. ') in the alphabet: move it there')
	else
		check_forms(entry)
	end
	if not entry.chapter then
		refuse(entry.name .. ' names no chapter: end its entry with a link to the one that introduces it, [Chapter N](chapters/NN-name.md).')
	elseif not by_file[entry.chapter] then
		refuse(entry.name .. ' names ' .. entry.chapter .. ', which book.md does not list')
	elseif not by_file[entry.chapter].bold[entry] then
		refuse(entry.name .. ' is not bold in ' .. entry.chapter .. ': write **' .. entry.name
			.. '** there once, where it says what that is, or name the chapter that does')
	end
end

local function number_link(chapter)
	return pandoc.Link({ pandoc.Str((chapter.is_appendix and 'appendix\u{a0}' or '') .. tostring(chapter.number)) }, chapter.file)
end

-- "Also in chapters 5, 6 and appendix A", or nil.
local function used(entry)
	local links, count = pandoc.List {}, 0
	for _, chapter in ipairs(chapters) do
		if chapter ~= by_file[entry.chapter] and terms.uses(chapter.text, entry) then
			links:insert(number_link(chapter))
			count = count + (chapter.is_appendix and 0 or 1)
		end
	end
	if #links == 0 then
		return nil
	end
	local words = pandoc.List { pandoc.Str('Also in ' .. (count == 0 and '' or count == 1 and 'chapter ' or 'chapters ')) }
	for index, link in ipairs(links) do
		words:insert(link)
		words:insert(pandoc.Str(index == #links and '.' or index == #links - 1 and ' and ' or ', '))
	end
	return pandoc.Div({ pandoc.Plain(words) }, { class = 'used' })
end

-- The entry's own chapter, at the place where the term is bold.
local function definition(entry, blocks)
	blocks = pandoc.List(pandoc.walk_block(pandoc.Div(blocks), { Link = function(link)
		if link.target == entry.chapter then
			link.target = link.target .. '#term-' .. entry.id
			return link
		end
	end }).content)
	blocks:insert(used(entry))
	return blocks
end

local function name(entry)
	local words = pandoc.List { pandoc.Span({ pandoc.Str((entry.name:gsub("'", '\u{2019}'))) }, { id = entry.id }) }
	local others = table.concat(entry.forms, ', ', 2)
	if others ~= '' then
		words:extend { pandoc.Space(), pandoc.Span({ pandoc.Str(others) }, { class = 'forms' }) }
	end
	return words
end

local function list(element)
	local entries = terms.all()
	if #element.content ~= #entries then
		book.refuse(terms.file, entries[1] and entries[1].line or 1, 'the entries are not one list of terms, each above one ":   …"')
		book.done()
	end
	for index, item in ipairs(element.content) do
		element.content[index] = { name(entries[index]), { definition(entries[index], item[2][1]) } }
	end
	local places, seen = {}, {}
	for _, entry in ipairs(entries) do
		local letter = entry.name:sub(1, 1):upper()
		table.insert(places, not seen[letter] and { letter = letter, id = entry.id } or nil)
		seen[letter] = true
	end
	return { letters.strip(places), pandoc.Div({ element }, { class = 'glossary' }) }
end

local function page(document)
	read_chapters()
	local before
	for _, entry in ipairs(terms.all()) do
		check(entry, before)
		before = entry
	end
	book.done()
	local last = contents.chapters[#contents.chapters]
	local title = document.blocks:remove(1)
	local meta = document.meta
	meta.title = pandoc.MetaInlines(title.content)
	book.frame(meta)
	if last then
		meta.previous = { page = last.page, title = last.title, number = tostring(last.number or ''), label = book.in_sentence(last.label) }
	end
	return document
end

return { { Pandoc = page }, { DefinitionList = list }, { Pandoc = function() book.done() end } }
