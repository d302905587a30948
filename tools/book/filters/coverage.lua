-- The page that maps KVM: ::: coverage becomes what `kvt cover` prints of the
-- captures in $BOOK_CAPTURES, and the page stands behind the last chapter.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local kvt = require 'kvt'

local function report()
	local arguments = {
		'cover', '--html', '--json', '--pages', '--source-base', book.source_base,
		'--symbols', book.traces .. 'symbols.tsv', '--beside', book.traces .. 'peers.tsv',
	}
	for path in (os.getenv 'BOOK_CAPTURES' or ''):gmatch '%S+' do
		table.insert(arguments, path)
	end
	local sections = kvt.json(arguments)
	if not sections then
		book.refuse_here(book.line_of '::: coverage', 'kvt cannot say what the captures reach')
		book.done()
	end
	return sections
end

-- Headings become pandoc's, so that they are in the page's contents.
local function coverage(element)
	if not book.has_class(element, 'coverage') then
		return nil
	end
	local blocks = pandoc.List {}
	for _, section in ipairs(report()) do
		blocks:insert(pandoc.Header(2, { pandoc.Str(section.title) }, { id = section.id }))
		blocks:insert(book.html('\n' .. section.html))
	end
	return blocks
end

local function page(document)
	local contents = book.contents()
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

return { { Div = coverage }, { Pandoc = page } }
