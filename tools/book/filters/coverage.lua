-- The page that maps KVM: ::: coverage becomes what `kvt cover` prints of the
-- captures in $BOOK_CAPTURES, and the page stands behind the last chapter.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local function report()
	local arguments = {
		'cover', '--html', '--pages', '--source-base', book.source_base,
		'--symbols', book.traces .. 'symbols.tsv', '--beside', book.traces .. 'peers.tsv',
	}
	for path in (os.getenv 'BOOK_CAPTURES' or ''):gmatch '%S+' do
		table.insert(arguments, path)
	end
	local ran, html = pcall(pandoc.pipe, book.kvt, arguments, '')
	if not ran then
		book.refuse_here(book.line_of '::: coverage', 'kvt cannot say what the captures reach')
		book.done()
	end
	return html
end

-- Headings become pandoc's, so that they are in the page's contents.
local function coverage(element)
	if not book.has_class(element, 'coverage') then
		return nil
	end
	local blocks = pandoc.List {}
	local at, html = 1, report()
	for from, id, title, to in html:gmatch '()<h2 id="([^"]*)">([^<]*)</h2>()' do
		blocks:insert(book.html(html:sub(at, from - 1)))
		blocks:insert(pandoc.Header(2, { pandoc.Str(title) }, { id = id }))
		at = to
	end
	blocks:insert(book.html(html:sub(at)))
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
		meta.previous = { page = last.page, title = last.title, number = tostring(last.number or '') }
	end
	return document
end

return { { Div = coverage }, { Pandoc = page } }
