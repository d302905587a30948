-- What filters draw: HTML in parts, between which a later filter puts links.
--
-- Only when all of a page is drawn is it known which lines and trees it shows.
-- So a drawing is a list of parts: HTML, as strings or pieces (element.lua), and
-- tables for what is to be filled in. drawn.block() keeps the list here, and
-- makes an empty element of the class drawn, which stands for it: what looks
-- through the document need not look through all that was drawn.
-- ties.lua fills the parts in, and drawn.html() makes HTML of them.
--
-- A drawing may carry its text, for facts.lua, which then need not read HTML.

local element = require 'element'

local drawn = {}

-- The parts of each drawing; its element has the number.
local drawings = {}

-- { at = 'code/04-vcpu.c:27', text = '04-vcpu.c:27' }, as kvt has it; tree: the
-- line leads back here. { line = '04-vcpu.c:27' }: this line is on the page.
-- { woke = '04-vcpu.c:27', functions = 9, said = '…' }: a mark that leads to
-- the tree of the line.
--
-- text: what a reader reads there, or nil; kind: code, or title.
function drawn.block(parts, text, kind)
	table.insert(drawings, parts)
	return pandoc.Div({}, pandoc.Attr('', { 'drawn', kind }, { number = tostring(#drawings), text = text }))
end

-- Blocks that other filters see as one drawing of a kind, such as a solution.
function drawn.blocks(blocks, kind)
	return pandoc.Div(blocks, pandoc.Attr('', { 'drawn', kind }, { text = '' }))
end

function drawn.is(element)
	return element.t == 'Div' and element.classes:includes 'drawn'
end

-- The text of a drawing, or nil.
function drawn.text(div)
	return div.attributes.text
end

-- The parts of a drawing, to be changed; nil where it is of blocks.
function drawn.parts(div)
	return drawings[tonumber(div.attributes.number)]
end

-- The blocks of a drawing that is filled in: for pandoc to write.
function drawn.html(div)
	local parts = drawn.parts(div)
	if not parts then
		return div.content
	end
	local html = {}
	for index, part in ipairs(parts) do
		html[index] = element.is_piece(part) and element.written(part) or part
	end
	return pandoc.List { pandoc.RawBlock('html', table.concat(html)) }
end

return drawn
