-- A graph's source as an SVG for a page: dot draws it, and tools/book/drawing
-- makes that fit the page.

local book = require 'book'

local drawing = {}

local program = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../drawing'
-- dot measures words in the faces that the page comes with (style/fonts.css), so
-- that each fits its box; what a graph calls Courier is as wide as the page's.
local options = {
	'-Gbgcolor=transparent', '-Gpad=0.02', '-Gfontname=Open Sans', '-Gfontsize=12',
	'-Nfontname=Open Sans', '-Nfontsize=12', '-Nshape=box', '-Nstyle=rounded',
	'-Nmargin=0.16,0.07', '-Nheight=0.3',
	'-Efontname=Open Sans', '-Efontsize=11', '-Earrowsize=0.7',
}
-- The description goes by a file: where the locale has no UTF-8, pandoc cannot
-- hand other letters on as an argument.
local command = 'program=$1 file=$2 text=$(cat "$3") said=$4 links=$5; shift 5; '
	.. 'dot -Tsvg "$@" "$file" 2>"$said" | "$program" "$file" "$text" "$said" ${links:+"$links"}'

local function write(file, text)
	local out = assert(io.open(file, 'w'))
	out:write(text)
	out:close()
	return file
end

local function run(directory, file, description, links)
	local is_drawn, svg = pcall(pandoc.pipe, 'sh', { '-c', command, 'sh', program, file, write(directory .. '/text', description),
		directory .. '/said', links, table.unpack(options) }, '')
	if not is_drawn then
		return book.refused()
	end
	return svg
end

-- The SVG, or nil when it is refused.
function drawing.draw(file, description)
	return pandoc.system.with_temporary_directory('figure', function(directory)
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
