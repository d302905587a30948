-- The page with the whole capture of $BOOK_PROGRAM: which capture its tree is
-- of, a table of the program's lines for ::: lines, and its place in the book.
-- tree-depth: 4 in the chapter's front matter leaves out what is deeper.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local woke = require 'woke'
local element = require 'element'

local function line_cell(row)
	local page = book.owner(row.file)
	local name = element('code', woke.id(row.place))
	return page and element('a', { 'href', page .. '#' .. woke.id(row.place) }, name) or name
end

local function heading()
	local cells = {}
	for index, title in ipairs { 'Line', 'System call', 'Times', 'Functions', 'Calls' } do
		cells[index] = element('th', title)
	end
	return element('thead', element('tr', table.unpack(cells)))
end

local function table_row(row)
	return element('tr', element('td', line_cell(row)), element('td', element('code', row.names)), element('td', row.times),
		element('td', element('a', { 'href', '#tree-' .. woke.id(row.place) }, row.functions)), element('td', row.calls))
end

local function lines_table()
	local rows, wrong = woke.rows(woke.capture(book.program))
	if not rows then
		book.refuse_here(book.line_of '::: lines', wrong)
		return nil
	end
	local body = {}
	for _, row in ipairs(rows) do
		table.insert(body, '\n')
		table.insert(body, table_row(row))
	end
	return element.block(element('table', { 'class', 'woke' }, '\n', heading(), '\n',
		element('tbody', element.html(table.unpack(body)), '\n')))
end

local function depth()
	for number, line in ipairs(book.lines('chapters/' .. book.program .. '.md') or {}) do
		if line == '---' and number > 1 then
			return nil
		elseif line:find '^tree%-depth:' then
			return line:match '%d+'
		end
	end
end

local function div(element)
	if book.has_class(element, 'trace') then
		element.attributes.capture = book.program
		element.attributes.depth = depth()
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
			meta.previous = { page = chapter.page, title = chapter.title, number = tostring(chapter.number or ''), label = book.in_sentence(chapter.label) }
		end
	end
	return document
end

return { { Div = div }, { Pandoc = page }, { Pandoc = function() book.done() end } }
