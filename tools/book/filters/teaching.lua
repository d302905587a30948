-- docs/teaching.md as a page, for lecturers: what it says of files of the book
-- leads to the repository, where that is known.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local frame = require 'frame'

local function heading(header)
	if header.level > 1 then
		header.content = { pandoc.Link(header.content, '#' .. header.identifier, '', { class = 'self' }) }
		return header
	end
end

-- A link to another file is as seen from docs/.
local function link(element)
	if element.target:find '^%a[%w+.-]*:' or element.target:find '^#' then
		return nil
	end
	local url = frame.file_url((element.target:gsub('^%.%./', '')))
	if not url then
		return pandoc.Span(element.content)
	end
	element.target = url
	return element
end

local function page(document)
	local title = document.blocks:remove(1)
	document.meta.title = pandoc.MetaInlines(title.content)
	book.frame(document.meta)
	return document
end

return { { Link = link }, { Header = heading }, { Pandoc = page } }
