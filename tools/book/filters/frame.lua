-- What the template puts around every page: the title of the book, the menu of
-- chapters, links to where the page comes from, and the version.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local frame = {}

-- The file that an author edits to change the page, and the name of the page.
local function page_of()
	local name = book.page(book.chapter)
	if name == 'book.html' then
		return 'index.html', book.chapter
	elseif name == 'tree.html' then
		return book.program .. '-tree.html', book.traces .. 'vhe/' .. book.program .. '.kvt'
	end
	return name, book.chapter
end

-- Where the first page lists a part: pandoc makes the id of its heading.
function frame.part_page(title)
	return 'index.html#' .. pandoc.read('## ' .. title, 'markdown+smart').blocks[1].identifier
end

-- Parts, each with its chapters, one of which may say that it is here.
local function menu(page)
	local parts = pandoc.List {}
	for _, chapter in ipairs(book.contents().chapters) do
		local last = parts[#parts]
		if not last or last.name ~= chapter.part then
			last = { name = chapter.part, chapters = pandoc.List {} }
			if chapter.part then
				last.title = book.inlines(chapter.part)
				last.page = frame.part_page(chapter.part)
			end
			parts:insert(last)
		end
		local own = page ~= 'index.html' and chapter.page == book.program .. '.html'
		last.chapters:insert {
			page = chapter.page,
			title = book.inlines(chapter.title),
			number = tostring(chapter.number or ''),
			here = own and (chapter.page == page and 'this page' or 'the chapter of this page') or nil,
		}
	end
	for _, part in ipairs(parts) do
		part.name = nil
	end
	return parts
end

-- How the hosts of repositories name a file, and the form for a report, whose
-- title comes last.
local HOSTS = {
	{ host = 'gitlab', file = '/-/blob/HEAD/', report = '/-/issues/new?issue[title]=' },
	{ host = 'codeberg', file = '/src/branch/main/', report = '/issues/new?title=' },
	{ host = '', file = '/blob/HEAD/', report = '/issues/new?title=' },
}

local function in_url(text)
	return (text:gsub('[^%w._~-]', function(byte)
		return string.format('%%%02X', byte:byte())
	end))
end

-- repository: in the front matter of book.md, the one place that knows it.
-- Without it there are no such links.
local function repository()
	for number, line in ipairs(book.lines 'book.md' or {}) do
		local url = line:match '^repository:%s*(.-)%s*$'
		if url and not url:find '^https?://[^/%s]+/%S*[^/%s]$' then
			book.refuse('book.md', number, 'repository: is no address of a repository, such as https://github.com/OWNER/NAME: ' .. url)
			book.done()
		elseif url then
			return url
		elseif line == '---' and number > 1 then
			return nil
		end
	end
end

-- The host's way to name things, and the repository's address; or nil.
local function host()
	local url = repository()
	for _, place in ipairs(url and HOSTS or {}) do
		if url:match('^https?://([^/]*)'):find(place.host, 1, true) then
			return place, url
		end
	end
end

-- Where the repository shows a file, or nil.
function frame.file_url(file)
	local place, url = host()
	return place and url .. place.file .. file
end

local function links(file, title)
	local place, url = host()
	return place and { url = url, file = frame.file_url(file), report = url .. place.report .. in_url(title .. ': ') }
end

-- The book's title is in two pieces, for a narrow page has room for what stands
-- before its first comma.
function frame.fill(meta)
	local title = book.contents().title
	local name, rest = title:match '^(.-)(,.*)$'
	local page, file = page_of()
	meta.book = book.inlines(title)
	meta.home = { name = book.inlines(name or title), rest = rest and book.inlines(rest) }
	meta.kernel = book.kernel
	local map = os.getenv 'BOOK_MAP' or ''
	meta.map = map ~= '' and map or nil
	meta.menu = menu(page)
	meta.at = { [page:gsub('%.html$', '')] = 'page' }
	meta.origin = links(file, page:gsub('%.html$', ''))
	meta.version = os.getenv 'BOOK_VERSION' or 'unknown'
end

return frame
