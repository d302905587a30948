-- book.md as the first page: links to chapters become links to pages; the
-- sentence after a chapter's link becomes its description, and below it stand
-- the exercises of the chapter; and the page says how much there is of all.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local measure = require 'measure'

local function is_chapter(link)
	return link and link.t == 'Link' and link.target:find '^chapters/[^#]*%.md$'
end

local function span(text, class)
	return pandoc.Span({ pandoc.Str(text) }, { class = class })
end

-- "Exercises 4.1 4.2 4.3, graded: Predict Change Build", each a link.
local function exercises(chapter, number, page)
	local words = pandoc.List {}
	local function add(text, id)
		words:extend { pandoc.Space(), pandoc.Link({ pandoc.Str(text) }, page .. '#' .. id, '', { class = 'to-exercise' }) }
	end
	for index, id in ipairs(chapter.exercises) do
		add((number ~= '' and number .. '.' or '') .. index, id)
	end
	for _, task in ipairs(chapter.tasks) do
		add(task.name, task.id)
	end
	if #words == 0 then
		return nil
	end
	words:insert(1, span('Exercises', 'label'))
	return pandoc.Span(words, { class = 'exercises' })
end

local function entry(item)
	local content = item[1] and item[1].content
	if not content or not is_chapter(content[1]) then
		return item
	end
	local link = content:remove(1)
	local chapter = measure.chapter(link.target)
	local number = tostring(book.number(link.target) or '')
	link.target = book.page(link.target)
	link.classes:insert 'to-chapter'
	while content[1] and (content[1].t == 'Space' or content[1].t == 'SoftBreak') do
		content:remove(1)
	end
	local words = pandoc.List { span(number, 'no'), pandoc.Space(), link }
	if chapter.minutes then
		words:extend { pandoc.Space(), span(chapter.minutes .. ' min', 'length') }
	end
	if #content > 0 then
		words:extend { pandoc.Space(), pandoc.Span(content, { class = 'about' }) }
	end
	words:extend { pandoc.Space(), exercises(chapter, number, link.target) }
	return { pandoc.Plain(words) }
end

local function contents(list)
	local first = list.content[1] and list.content[1][1]
	if not first or not first.content or not is_chapter(first.content[1]) then
		return nil
	end
	list.content = list.content:map(entry)
	return pandoc.Div({ list }, { class = 'contents' })
end

-- [chapters]{.count}: how many of what the word names.
local function count(element)
	if not book.has_class(element, 'count') then
		return nil
	end
	local name = pandoc.utils.stringify(element)
	local number = measure.counts()[name]
	if not number then
		return book.refuse_here(book.line_of('[' .. name .. ']{.count}'),
			'nothing counts "' .. name .. '": there are ' .. table.concat(measure.names, ', '))
	end
	return pandoc.Str(tostring(number))
end

local function link(element)
	if element.target:find '^%a[%w+.-]*:' or element.target:find '^#' or not element.target:find '%.md' then
		return nil
	end
	element.target = element.target:gsub('^chapters/', ''):gsub('^docs/', ''):gsub('%.md', '.html')
	return element
end

-- ::: {.door if="docs/teaching.md"} is there where that file is.
local function door(div)
	local file = book.has_class(div, 'door') and div.attributes['if']
	if not file then
		return nil
	end
	div.attributes['if'] = nil
	return book.exists(file) and div or {}
end

-- The editions that have been made, by what their names end in.
local function editions()
	local found = {}
	for name in (os.getenv 'BOOK_EDITIONS' or ''):gmatch '%S+' do
		found[name:match '[^.]*$'] = name
	end
	return found
end

-- A reader who comes back goes straight to the contents or the first chapter;
-- one who is new, to what stands below the contents.
local function page(document)
	local meta = document.meta
	book.done()
	book.frame(meta)
	meta.index = true
	meta.editions = editions()
	for _, block in ipairs(document.blocks) do
		if block.t == 'Header' and book.is_part(pandoc.utils.stringify(block)) then
			meta.contents = block.identifier
			break
		end
	end
	local first = book.contents().chapters[1]
	meta.first = first and first.page
	return document
end

return { { OrderedList = contents }, { Span = count, Link = link, Div = door }, { Pandoc = page } }
