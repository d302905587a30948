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
local command = 'program=$1 file=$2 text=$3 said=$4; shift 4; '
	.. 'dot -Tsvg "$@" "$file" 2>"$said" | "$program" "$file" "$text" "$said"'

-- The SVG, or nil when it is refused.
function drawing.draw(file, description)
	return pandoc.system.with_temporary_directory('figure', function(directory)
		local is_drawn, svg = pcall(pandoc.pipe, 'sh',
			{ '-c', command, 'sh', program, file, description, directory .. '/said', table.unpack(options) }, '')
		if not is_drawn then
			return book.refused()
		end
		return svg
	end)
end

return drawing
