-- Listings: ``` {.listing file="code/01-open.c" anchor="open"} shows a piece
-- of a program with its real line numbers; anchor="open version" shows two that
-- follow each other as one. Also sees to it that a chapter
-- shows all of every program it owns (files: in its front matter), but for what
-- its program has from that of an earlier chapter (since:), and that the
-- chapters that share a file show all of it together; what is new is marked. A line that made system calls says how many kernel functions it woke;
-- ties.lua leads it to its tree.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local json = require 'dkjson'
local book = require 'book'
local anchors = require 'anchors'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local shared = require 'shared'
local since = require 'since'
local woke = require 'woke'

local colored = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../colored'
local next_line = book.each_block 'listing'
local owned = pandoc.List {}
local shown = {}
local earlier	-- the name of the program that the chapter's grew from

-- The lines of the chapter's program that are new, or nil when all are. What a
-- chapter shows of a file that it shares is what it adds.
local function new_lines(file)
	if earlier and shared.shown(file.path) then
		return since.all_lines(file)
	end
	if not earlier or file.path ~= since.path(book.program) then
		return nil
	end
	if file.new == nil then
		local old = anchors.read(since.path(earlier))
		if not old then
			book.refuse_here(book.line_of 'since:', since.path(earlier) .. ' does not exist')
		end
		file.new = old and since.new_lines(file, old) or false
	end
	return file.new or nil
end

-- A whole file goes through pandoc's highlighter at once, so that a listing
-- that begins inside a comment is coloured as what it is. make has all programs
-- of the book in $BOOK_COLORS, because it takes the highlighter longer to start.
local function highlight(file)
	if not file.html then
		local lines = book.lines((os.getenv 'BOOK_COLORS' or '') .. '/' .. file.path .. '.json')
		file.html = json.decode(lines and lines[1] or pandoc.pipe(colored, { file.path }, ''))
	end
	return file.html
end

-- What the lines of the chapter's program woke, by place; read once.
local rows

local function read_rows(line)
	rows = {}
	local path = woke.capture(book.program)
	if path and capture.check(line, path) then
		local found, wrong = woke.rows(path)
		if wrong then
			book.refuse_here(line, wrong)
		end
		for _, row in ipairs(found or {}) do
			rows[row.place] = row
		end
	end
end

-- The mark at a line that leads to its tree.
local function badge(row)
	return { woke = woke.id(row.place), functions = row.functions, said = woke.said(row) }
end

local ids = {}

-- A line of the chapter's own can be linked to, where it is shown first: in the
-- whole program if no piece shows it, as with what an earlier chapter had.
local function line_id(file, number, is_whole)
	local id = woke.id(file.path .. ':' .. number)
	if ids[id] or not owned:includes(file.path) then
		return nil
	end
	if is_whole then
		for _, place in pairs(file.named) do
			if place.first <= number and number <= place.last then
				return nil
			end
		end
	end
	ids[id] = true
	return id
end

local function add_line(parts, file, number, is_context, is_whole)
	local row = not is_context and rows[file.path .. ':' .. number]
	local new = not is_context and new_lines(file)
	local id = not is_context and line_id(file, number, is_whole)
	if id then
		parts:insert { line = id }
	end
	local class = 'line' .. (is_context and ' before' or '') .. (new and new[number] and ' new' or '')
	parts:insert(element.written(element.start('span', { 'class', class, 'id', id, 'data-n', number })))
	if row then
		parts:insert(badge(row))
	end
	parts:insert(element.written(element.as_is(highlight(file)[number] or ''), '\n', element.stop 'span'))
end

-- The last lines before a listing that begins inside a function.
local function context(file, first, wanted)
	local numbers = {}
	for number = first - 1, 1, -1 do
		local line = file.lines[number]
		if #numbers == wanted or line:find '^}' then
			break
		end
		if not file.mark[number] and not line:find '^%s*$' then
			table.insert(numbers, 1, number)
		end
	end
	return numbers
end

-- before: nil for a whole file.
local function add_code(parts, file, before, numbers)
	parts:insert(element.written(element.start('pre', { 'tabindex', 0 }), element.start 'code'))
	for _, number in ipairs(before or {}) do
		add_line(parts, file, number, true)
	end
	for _, number in ipairs(numbers) do
		add_line(parts, file, number, false, not before)
	end
	parts:insert(element.written(element.stop 'code', element.stop 'pre'))
end

-- The code itself, as one reads it.
local function text_of(file, numbers)
	local text = {}
	for index, number in ipairs(numbers) do
		text[index] = file.lines[number]
	end
	return table.concat(text, '\n')
end

local function caption(file, numbers)
	local first, last = numbers[1], numbers[#numbers]
	local name = anchors.inside(file, first)
	return element('figcaption', element('b', file.path), first == last and ', line ' .. first or ', lines ' .. first .. '–' .. last,
		name and ', in ', name and element('code', name, '()'))
end

local function whole(file, numbers)
	local new = new_lines(file)
	local said = new and element('figcaption', element('span', { 'class', 'plus' }, '+'), ' is new since ', since.link(earlier))
	local parts = pandoc.List { element.written(element.start('details', { 'class', 'whole' }),
		element('summary', 'The whole program: ', element('b', file.path)), '\n',
		element.start('figure', { 'class', 'listing' }), said) }
	add_code(parts, file, nil, numbers)
	parts:insert(element.written(element.stop 'figure', element.stop 'details'))
	return drawn.block(parts)
end

-- lines="1-2": of a piece's lines these. The piece is still to be shown whole.
local function some_lines(line, numbers, wanted, what)
	local first, last = wanted:match '^(%d+)%-(%d+)$'
	first, last = tonumber(first or wanted), tonumber(last or wanted)
	if not first or not last or first < 1 or last < first or last > #numbers then
		book.refuse_here(line, 'lines="' .. wanted .. '": ' .. what .. ' has the lines 1-' .. #numbers)
		return numbers
	end
	return table.move(numbers, first, last, 1, {})
end

-- anchor="open version": pieces that follow each other, as one listing. Refuses
-- those that are not there, and those between which there is code.
local function named(line, file, wanted)
	local names = pandoc.List {}
	for name in wanted:gmatch '%S+' do
		local place, before = file.named[name], names[#names]
		if not place then
			book.refuse_here(line, 'anchor [' .. name .. '] is not in ' .. file.path)
			return nil
		end
		for number = before and file.named[before].last + 1 or place.first, place.first - 1 do
			if not file.mark[number] and file.lines[number]:find '%S' then
				book.refuse_here(line, string.format('between anchors [%s] and [%s] is line %d of %s',
					before, name, number, file.path))
				return nil
			end
		end
		if before and place.first <= file.named[before].last then
			book.refuse_here(line, 'anchor [' .. name .. '] does not come after [' .. before .. '] in ' .. file.path)
			return nil
		end
		names:insert(name)
	end
	if #names == 0 then
		book.refuse_here(line, 'anchor="" names no piece of ' .. file.path)
		return nil
	end
	return names
end

-- The numbers of the lines that a listing shows, and the names of their pieces;
-- nil where that is refused.
local function chosen(line, file, wanted)
	if not wanted then
		return anchors.range(file)
	end
	local names = named(line, file, wanted)
	if not names then
		return nil
	end
	local numbers = anchors.range(file, names[1], names[#names])
	for _, name in ipairs(names) do
		local later = shared.later_lines(file, name)
		numbers = numbers:filter(function(number)
			return not later[number]
		end)
	end
	return numbers, names
end

local function listing(block)
	if not book.has_class(block, 'listing') then
		return nil
	end
	local line = next_line()
	local path, name = block.attributes.file, block.attributes.anchor
	if not path then
		return book.refuse_here(line, 'a listing needs file="code/…"')
	end
	if block.text:find '%S' then
		book.refuse_here(line, 'a listing has no text of its own: it shows ' .. path)
	end
	local file = anchors.read(path)
	if not file then
		return book.refuse_here(line, path .. ' does not exist')
	end
	if not rows then
		read_rows(line)
	end
	local numbers, names = chosen(line, file, name)
	if not numbers then
		return nil
	end
	if #numbers == 0 then
		return book.refuse_here(line, (name and 'anchor [' .. name .. '] in ' or '') .. path .. ' is empty')
	end
	anchors.check_width(file, numbers)
	if not name then
		return whole(file, numbers)
	end
	shown[path] = shown[path] or {}
	if block.attributes.lines then
		numbers = some_lines(line, numbers, block.attributes.lines, path .. ' [' .. name .. ']')
	else
		for _, one in ipairs(names) do
			shown[path][one] = true
		end
	end
	local wanted = tonumber(block.attributes.context)
		or (anchors.inside(file, numbers[1]) and 2 or 0)
	local parts = pandoc.List { element.written(element.start('figure', { 'class', 'listing' }), '\n', caption(file, numbers), '\n') }
	add_code(parts, file, context(file, numbers[1], wanted), numbers)
	parts:insert(element.written('\n', element.stop 'figure'))
	return drawn.block(parts, text_of(file, numbers), 'code')
end

-- The comment at a file's head, which says whose it is: no code.
local function head(file)
	local last, open = 0, false
	for number, line in ipairs(file.lines) do
		if file.mark[number] or not (open or line:find '^%s*$' or line:find '^%s*/[*/]' or line:find '^%s*#!') then
			break
		end
		open = (open or line:find('/*', 1, true)) and not line:find('*/', 1, true)
		last = number
	end
	return last
end

-- Who types along must end with the whole program. What several chapters share
-- they must show together.
local function check_owned(file)
	local seen = {}
	local by_all = shared.shown(file.path)
	local who = by_all and 'a chapter that owns the file' or book.chapter
	for name, place in pairs(file.named) do
		local is_shown = by_all and by_all[name] or not by_all and shown[file.path] and shown[file.path][name]
		if not is_shown then
			book.refuse(file.path, place.first - 1, 'anchor [' .. name .. '] is unused: no listing in '
				.. who .. ' shows it')
		end
		for number = place.first, place.last do
			seen[number] = true
		end
	end
	local before = true
	local comment = head(file)
	local new = not by_all and new_lines(file)
	for number, line in ipairs(file.lines) do
		local hidden = number > comment and not seen[number] and not file.mark[number] and line:find '%S'
			and (not new or new[number])
		if hidden and before then
			book.refuse(file.path, number, 'this line is shown nowhere: put it inside an anchor that '
				.. who .. ' shows')
		end
		before = not hidden
	end
	anchors.check_width(file, anchors.range(file))
end

local function read_files(meta)
	owned = book.owned(meta)
	earlier = since.name(meta)
end

local function finish()
	for _, path in ipairs(owned) do
		local file = anchors.read(path)
		if file then
			check_owned(file)
		else
			book.refuse_here(book.line_of 'files:', path .. ' does not exist')
		end
	end
	book.done()
end

return { { Meta = read_files }, { CodeBlock = listing }, { Pandoc = finish } }
