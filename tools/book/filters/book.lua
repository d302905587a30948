-- What every filter needs: the chapter's text, book.md, and refusals.
-- pandoc runs from the repository root, so all paths are relative to it.

local book = {}

book.kernel = os.getenv 'BOOK_KERNEL' or error 'BOOK_KERNEL is not set: make book sets it'
book.source_base = os.getenv 'SOURCE_BASE'
	or 'https://elixir.bootlin.com/linux/v' .. book.kernel .. '/source/'
book.kvt = os.getenv 'KVT' or 'build/kvt/kvt'
book.out = os.getenv 'BOOK_OUT' or 'build/book'
book.traces = 'traces/' .. book.kernel .. '/'
book.chapter = PANDOC_STATE and PANDOC_STATE.input_files[1]
-- The program that the page is about: chapters/04-vcpu.md is about 04-vcpu.
book.program = os.getenv 'BOOK_PROGRAM' or (book.chapter or ''):match '([^/]*)%.md$'

-- Returns the file's lines, or nil when it cannot be read.
function book.lines(file)
	local handle = io.open(file, 'rb')
	if not handle then
		return nil
	end
	local lines = {}
	for line in handle:lines() do
		lines[#lines + 1] = line
	end
	handle:close()
	return lines
end

function book.exists(file)
	local handle = io.open(file, 'rb')
	if handle then
		handle:close()
	end
	return handle ~= nil
end

-- A refusal is reported at once and counted; done() ends the build after the
-- filter has seen the whole chapter, so an author gets all of them together.
local is_refused = false

-- For what another program has reported.
function book.refused()
	is_refused = true
end

function book.refuse(file, line, message)
	io.stderr:write(string.format('%s:%d: %s\n', file, line, message))
	book.refused()
end

function book.done()
	if is_refused then
		os.exit(1)
	end
end

-- pandoc's tree holds no line numbers, so they are found in the Markdown.
local text

local function chapter_lines()
	text = text or book.lines(book.chapter) or {}
	return text
end

-- The first line that holds the text as it stands, or 1.
function book.line_of(plain)
	for number, line in ipairs(chapter_lines()) do
		if line:find(plain, 1, true) then
			return number
		end
	end
	return 1
end

-- An iterator over the lines that match a pattern: the filters meet blocks
-- in the order in which they are written, and take one line for each.
function book.each_line(pattern)
	local number = 0
	return function()
		local lines = chapter_lines()
		repeat
			number = number + 1
		until number > #lines or lines[number]:find(pattern)
		return number <= #lines and number or 1
	end
end

-- The same for what may stand several times in a line: the next place.
function book.each_occurrence(pattern)
	local number, from = 1, 1
	return function()
		local lines = chapter_lines()
		while number <= #lines do
			local _, last = lines[number]:find(pattern, from)
			if last then
				from = last + 1
				return number
			end
			number, from = number + 1, 1
		end
		return 1
	end
end

-- The place of the fenced block or div that carries a class.
function book.each_block(class)
	return book.each_line('^%s*[`~:][`~:][`~:]+.*%.' .. class .. '[%s}]')
end

function book.refuse_here(line, message)
	book.refuse(book.chapter, line, message)
end

-- Refuses attributes that a block does not take, and says whether it takes all.
-- what: "a claim"; known: a list of those that it takes.
function book.check_names(line, attributes, what, known)
	local is_known, is_good = {}, true
	for _, name in ipairs(known) do
		is_known[name] = true
	end
	for name in pairs(attributes) do
		if not is_known[name] then
			book.refuse_here(line, what .. ' has no ' .. name .. '=: it takes '
				.. table.concat(known, ', '):gsub(', ([^,]*)$', ' and %1'))
			is_good = false
		end
	end
	return is_good
end

-- The number of a chapter by its file or page, 4 of chapters/04-vcpu.md; the
-- letter of an appendix, "A" of chapters/a-system.md; nil of any other page.
function book.number(file)
	local name = file:gsub('^.*/', '')
	return tonumber(name:match '^(%d+)%-') or (name:match '^(%l)%-' or ''):upper():match '%u'
end

-- "Chapter 4" or "Appendix A"; nil of any other page.
function book.label(file)
	local number = book.number(file)
	return number and (math.type(number) and 'Chapter ' or 'Appendix ') .. number
end

-- The same inside a sentence.
function book.in_sentence(label)
	return label and label:sub(1, 1):lower() .. label:sub(2)
end

function book.is_appendix(file)
	return math.type(book.number(file) or 0) == nil
end

-- Whether a heading of book.md stands above chapters.
function book.is_part(title)
	return title:find '^Part%s' ~= nil or title == 'Appendices'
end

local contents

-- book.md: its title, and the chapters in order, each with its part.
function book.contents()
	if contents then
		return contents
	end
	contents = { title = '', chapters = {} }
	local part
	for number, line in ipairs(book.lines 'book.md' or {}) do
		local title = line:match '^title:%s*(.-)%s*$'
		if title and contents.title == '' then
			contents.title = title:match '^"(.*)"$' or title:match "^'(.*)'$" or title
		end
		local heading = line:match '^##%s+(.-)%s*$'
		part = heading and book.is_part(heading) and heading or part
		local name, file = line:match '^%d+%.%s+%[(.*)%]%((chapters/[^)]*%.md)%)'
		if file then
			table.insert(contents.chapters, {
				title = name, file = file, part = part, line = number,
				page = book.page(file),
				number = book.number(file), label = book.label(file),
			})
		end
	end
	return contents
end

local function read_inlines(markdown)
	local block = pandoc.read(markdown, 'markdown+smart').blocks[1]
	return pandoc.MetaInlines(block and block.content or {})
end

-- The words of one line of Markdown. Most titles are such that need no parser,
-- which would be asked for all chapters on every page.
function book.inlines(markdown)
	if markdown:find '[^%w ,:?-]' or markdown:find '%-%-' or markdown:find '^[%A]' or markdown:find ':%s*$' then
		return read_inlines(markdown)
	end
	local words = pandoc.List {}
	for word in markdown:gmatch '%S+' do
		words:extend(#words > 0 and { pandoc.Space(), pandoc.Str(word) } or { pandoc.Str(word) })
	end
	return pandoc.MetaInlines(words)
end

-- What the template puts around every page. frame.lua needs this file first.
function book.frame(meta)
	require 'frame'.fill(meta)
end

-- chapters/04-vcpu.md is the page 04-vcpu.html.
function book.page(file)
	return (file:gsub('^.*/', ''):gsub('%.md$', '.html'))
end

-- The files a chapter owns: files: in its front matter, a list or one name.
function book.owned(meta)
	local files = meta.files or {}
	if pandoc.utils.type(files) == 'Inlines' then
		files = { files }
	end
	local names = pandoc.List {}
	for _, entry in ipairs(files) do
		names:insert(pandoc.utils.stringify(entry))
	end
	return names
end

-- The same of a chapter's text. A list in one line, as chapters have it, needs
-- no parser: this is asked of every chapter for every page.
local function owned_by(file)
	local head = table.concat(book.lines(file) or {}, '\n'):match '^%-%-%-\n.-\n%-%-%-\n'
	local list = head and head:match '\nfiles:%s*%[([%w%s,./_-]*)%]%s*\n'
	if not list then
		return head and book.owned(pandoc.read(head, 'markdown').meta) or {}
	end
	local names = {}
	for name in list:gmatch '[^%s,]+' do
		names[#names + 1] = name
	end
	return names
end

local owners

-- The chapters that own a file, in order, as book.contents() has them.
function book.owners(file)
	if not owners then
		owners = {}
		for _, chapter in ipairs(book.contents().chapters) do
			for _, name in ipairs(owned_by(chapter.file)) do
				owners[name] = owners[name] or {}
				table.insert(owners[name], chapter)
			end
		end
	end
	return owners[file] or {}
end

-- The page of the one chapter that owns a file and so shows all its lines.
-- nil if there is none, or several share it.
function book.owner(file)
	local chapters = book.owners(file)
	return #chapters == 1 and chapters[1].page or nil
end

local entities = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }

function book.escape(plain)
	return (plain:gsub('[&<>"]', entities))
end

function book.has_class(element, class)
	return element.classes:includes(class)
end

-- The place of a source line as a reader sees it: kvm_main.c:4173.
function book.place(path, line)
	local name = path:gsub('^.*/', '')
	return line and name .. ':' .. line or name
end

function book.source_url(path, line)
	return book.source_base .. path .. (line and '#L' .. line or '')
end

function book.location(path, line)
	return pandoc.Span({ pandoc.Space(),
		pandoc.Span({ pandoc.Str(book.place(path, line)) }, { class = 'loc' }) }, { class = 'place' })
end

function book.html(text)
	return pandoc.RawBlock('html', text)
end

return book
