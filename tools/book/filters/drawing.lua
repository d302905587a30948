-- A graph's source as an SVG for a page: dot draws it, and tools/book/drawing
-- makes that fit the page.

local book = require 'book'

local drawing = {}

local program = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../drawing'
-- dot measures words in the faces that the page comes with (style/fonts.css), so
-- that each fits its box; what a graph calls Courier is as wide as the page's.
local options = book.lines(PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../dot.options')
local room = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../dot.sed'
-- The description goes by a file: where the locale has no UTF-8, pandoc cannot
-- hand other letters on as an argument.
local command = 'program=$1 file=$2 text=$(cat "$3") said=$4 links=$5 room=$6; shift 6; '
	.. 'sed -zf "$room" "$file" | dot -Tsvg "$@" 2>"$said" | "$program" "$file" "$text" "$said" ${links:+"$links"}'

local function write(file, text)
	local out = assert(io.open(file, 'w'))
	out:write(text)
	out:close()
	return file
end

local function run(directory, file, description, links)
	local is_drawn, svg = pcall(pandoc.pipe, 'sh', { '-c', command, 'sh', program, file, write(directory .. '/text', description),
		directory .. '/said', links, room, table.unpack(options) }, '')
	if not is_drawn then
		return book.refused()
	end
	return svg
end

-- What make has had drawn of all figures at once (book.mk), with this text; or nil.
local function drawn_before(file, description)
	local from = io.open((os.getenv 'BOOK_FIGURES' or '') .. '/' .. file:match '([^/]*)%.dot$' .. '.svg', 'rb')
	if not from then
		return nil
	end
	local svg = from:read 'a'
	from:close()
	return (svg:gsub('aria%-label=""', function() return 'aria-label="' .. book.escape(description) .. '"' end, 1))
end

-- The SVG, or nil when it is refused.
function drawing.draw(file, description)
	return drawn_before(file, description) or pandoc.system.with_temporary_directory('figure', function(directory)
		return run(directory, file, description, '')
	end)
end

-- The same of a graph that a filter has made, with links: lines of a node's id,
-- URL and title, with tabs between.
function drawing.draw_graph(graph, description, links)
	return pandoc.system.with_temporary_directory('figure', function(directory)
		return run(directory, write(directory .. '/graph.dot', graph), description, write(directory .. '/links', links))
	end)
end

return drawing
