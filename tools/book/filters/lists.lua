-- The lists of functions, ioctls and errors: ::: list becomes what
-- tools/book/lists has written for the page.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

-- Headings become pandoc's, so that they are in the page's contents.
local function list(element)
	if not book.has_class(element, 'list') then
		return nil
	end
	local path = book.out .. '/.lists/' .. book.page(book.chapter)
	local html = book.lines(path)
	if not html then
		book.refuse_here(book.line_of '::: list', 'no ' .. path .. ': tools/book/lists writes it')
		book.done()
	end
	html = table.concat(html, '\n')
	local blocks, at = pandoc.List {}, 1
	for from, id, title, to in html:gmatch '()<h2 id="([^"]*)">([^<]*)</h2>()' do
		blocks:insert(book.html(html:sub(at, from - 1)))
		blocks:insert(pandoc.Header(2, { pandoc.Link({ pandoc.Str(title) }, '#' .. id, '', { class = 'self' }) }, { id = id }))
		at = to
	end
	blocks:insert(book.html(html:sub(at)))
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
