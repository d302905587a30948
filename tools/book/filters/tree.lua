-- The page with the whole capture of $BOOK_PROGRAM: which capture its tree is
-- of, a table of the program's lines for ::: lines, and its place in the book.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local woke = require 'woke'

local function line_cell(row)
	local page = book.owner(row.file)
	local name = '<code>' .. book.escape(woke.id(row.place)) .. '</code>'
	return page and '<a href="' .. page .. '#' .. woke.id(row.place) .. '">' .. name .. '</a>' or name
end

local function lines_table()
	local rows, wrong = woke.rows(woke.capture(book.program))
	if not rows then
		book.refuse_here(book.line_of '::: lines', wrong)
		return nil
	end
	local html = { '<table class="woke">\n<thead><tr><th>Line</th><th>System call</th><th>Times</th>'
		.. '<th>Functions</th><th>Calls</th></tr></thead>\n<tbody>' }
	for _, row in ipairs(rows) do
		html[#html + 1] = string.format('<tr><td>%s</td><td><code>%s</code></td><td>%d</td>'
			.. '<td><a href="#tree-%s">%d</a></td><td>%d</td></tr>', line_cell(row), book.escape(row.names),
			row.times, woke.id(row.place), row.functions, row.calls)
	end
	return book.html(table.concat(html, '\n') .. '\n</tbody></table>')
end

local function div(element)
	if book.has_class(element, 'trace') then
		element.attributes.capture = book.program
		return element
	elseif book.has_class(element, 'lines') then
		return lines_table()
	end
end

local function page(document)
	local contents = book.contents()
	local meta = document.meta
	local title = document.blocks:remove(1)
	title.content:extend { pandoc.Str(' of ' .. book.program) }
	meta.title = pandoc.MetaInlines(title.content)
	book.frame(meta)
	for _, chapter in ipairs(contents.chapters) do
		if chapter.page == book.program .. '.html' then
			meta.previous = { page = chapter.page, title = chapter.title, number = tostring(chapter.number or '') }
		end
	end
	return document
end

return { { Div = div }, { Pandoc = page }, { Pandoc = function() book.done() end } }
