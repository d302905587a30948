-- The lists of functions, ioctls and errors: ::: list becomes what
-- tools/book/lists has written for the page.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local kvt = require 'kvt'
local letters = require 'letters'

-- Headings become pandoc's, so that they are in the page's contents.
local function list(element)
	if not book.has_class(element, 'list') then
		return nil
	end
	local path = book.out .. '/.lists/' .. book.page(book.chapter):gsub('html$', 'json')
	local lines = book.lines(path)
	if not lines then
		book.refuse_here(book.line_of '::: list', 'no ' .. path .. ': tools/book/lists writes it')
		book.done()
	end
	local sections = kvt.decode(lines[1])
	local blocks = pandoc.List {}
	if sections[1].id and sections[1].id:find '^letter%-' then
		blocks:insert(letters.strip(pandoc.List(sections):map(function(section)
			return { letter = section.title, id = section.id }
		end)))
	end
	for _, section in ipairs(sections) do
		if section.id then
			blocks:insert(pandoc.Header(2, { pandoc.Link({ pandoc.Str(section.title) }, '#' .. section.id, '', { class = 'self' }) }, { id = section.id }))
		end
		blocks:insert(book.html('\n' .. section.html))
	end
	return blocks
end

local function page(document)
	local title = document.blocks:remove(1)
	local meta = document.meta
	meta.title = pandoc.MetaInlines(title.content)
	book.frame(meta)
	return document
end

return { { Div = list }, { Pandoc = page } }
