-- Links between chapters, links of headings to themselves, and images.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local pages = { ['index.html'] = true, ['glossary.html'] = true }
for _, chapter in ipairs(book.contents().chapters) do
	pages[chapter.page] = true
end

-- check-links sees to what is behind a #, when all pages are there.
local function link(element)
	local target = element.target
	if target:find '^%a[%w+.-]*:' or target:find '^#' then
		return nil
	end
	local file, fragment = target:match '^([^#]*)(.*)$'
	local page = file:match '%.md$' and book.page(file)
	if file == '../book.md' or file == 'book.md' then
		page = 'index.html'
	end
	if not page or not pages[page] then
		book.refuse_here(book.line_of('](' .. target), 'broken link: ' .. target
			.. ' is not a chapter that book.md lists')
		return nil
	end
	element.target = page .. fragment
	return element
end

-- A heading is its own link, so that a place in the book can be passed on.
local function heading(header)
	if header.identifier == '' or header.level == 1 then
		return nil
	end
	header.content = { pandoc.Link(header.content, '#' .. header.identifier, '', { class = 'self' }) }
	return header
end

local function image(element)
	local line = book.line_of('](' .. element.src)
	if pandoc.utils.stringify(element.caption) == '' then
		book.refuse_here(line, 'image without a text: ' .. element.src)
	end
	if element.src:find '^%a[%w+.-]*:' or element.src:find '^/' or element.src:find('..', 1, true) then
		return book.refuse_here(line, 'an image is a file below chapters/: ' .. element.src)
	end
	local from = book.chapter:gsub('[^/]*$', '') .. element.src
	local to = book.out .. '/' .. element.src
	if not book.exists(from) then
		return book.refuse_here(line, 'no image ' .. from)
	end
	local copied = pcall(function()
		pandoc.pipe('mkdir', { '-p', (to:gsub('/[^/]*$', '')) }, '')
		pandoc.pipe('cp', { from, to }, '')
	end)
	if not copied then
		book.refuse_here(line, 'cannot copy ' .. from .. ' to ' .. to)
	end
end

return {
	{ Link = link },
	{ Header = heading, Image = image },
	{ Pandoc = function() book.done() end },
}
