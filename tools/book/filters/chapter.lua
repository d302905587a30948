-- A chapter's title, number, part and neighbours, all by book.md.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local frame = require 'frame'
local woke = require 'woke'

-- The chapter's own title as it is written, and its line.
local function written_title()
	local in_header = false
	for number, line in ipairs(book.lines(book.chapter)) do
		if line == '---' and (number == 1 or in_header) then
			in_header = not in_header
		elseif not in_header and line:find '^# ' then
			return line:match '^#%s+(.-)%s*$', number
		end
	end
end

local function listed()
	local contents = book.contents()
	for index, chapter in ipairs(contents.chapters) do
		if chapter.file == book.chapter then
			return contents, index
		end
	end
	book.refuse_here(1, 'book.md does not list this chapter')
	book.done()
end

local function neighbour(chapter)
	return chapter and {
		page = chapter.page,
		title = book.inlines(chapter.title),
		number = tostring(chapter.number or ''),
		label = book.in_sentence(chapter.label),
	}
end

local function page(document)
	local contents, index = listed()
	local chapter = contents.chapters[index]
	local title, line = written_title()
	if title ~= chapter.title then
		book.refuse_here(line or 1, string.format('the title is "%s", but book.md (line %d) says "%s"',
			title or '', chapter.line, chapter.title))
	end
	book.done()
	local blocks, meta = document.blocks, document.meta
	for at, block in ipairs(blocks) do
		if block.t == 'Header' and block.level == 1 then
			meta.title = pandoc.MetaInlines(block.content)
			blocks:remove(at)
			break
		end
	end
	meta.number = chapter.number and tostring(chapter.number)
	meta.label = chapter.label
	meta.part = chapter.part and book.inlines(chapter.part)
	meta.part_page = chapter.part and frame.part_page(chapter.part)
	meta.previous = neighbour(contents.chapters[index - 1])
	meta.next = neighbour(contents.chapters[index + 1])
	book.frame(meta)
	meta.tree = woke.capture(book.program) and woke.page(book.program)
	return pandoc.Pandoc(blocks, meta)
end

return { { Pandoc = page } }
