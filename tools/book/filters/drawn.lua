-- What filters draw: HTML in parts, between which a later filter puts links.
--
-- Only when all of a page is drawn is it known which lines and trees it shows.
-- So a drawing is a list of parts: HTML, as strings or pieces (element.lua), and
-- tables for what is to be filled in. drawn.block() makes an element of them, of the class drawn;
-- ties.lua fills it in, and drawn.html() takes it apart again.
--
-- A drawing may carry its text, for facts.lua, which then need not read HTML.

local element = require 'element'

local drawn = {}

-- { at = 'code/04-vcpu.c:27', text = '04-vcpu.c:27' }, as kvt has it; tree: the
-- line leads back here. { line = '04-vcpu.c:27' }: this line is on the page.
-- { woke = '04-vcpu.c:27', functions = 9, said = '…' }: a mark that leads to
-- the tree of the line. Each becomes an empty span with these attributes.
local function inline(part)
	if element.is_piece(part) then
		return element.inline(part)
	elseif type(part) == 'string' then
		return pandoc.RawInline('html', part)
	end
	local attributes = {}
	for name, value in pairs(part) do
		attributes[name] = tostring(value)
	end
	return pandoc.Span({}, pandoc.Attr('', { 'to-fill-in' }, attributes))
end

-- text: what a reader reads there, or nil; kind: code, or title.
function drawn.block(parts, text, kind)
	local inlines = pandoc.List {}
	for _, part in ipairs(parts) do
		inlines:insert(inline(part))
	end
	return pandoc.Div({ pandoc.Plain(inlines) }, pandoc.Attr('', { 'drawn', kind }, text and { text = text } or {}))
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

-- Parts as one string, which all of them are by now; nil if it is a text.
local function joined(plain)
	local html = {}
	for index, part in ipairs(plain.content) do
		if part.t ~= 'RawInline' then
			return nil
		end
		html[index] = part.text
	end
	return pandoc.RawBlock('html', table.concat(html))
end

-- The blocks of a drawing that is filled in: for pandoc to write.
function drawn.html(div)
	local blocks = pandoc.List {}
	for _, block in ipairs(div.content) do
		blocks:insert(block.t == 'Plain' and joined(block) or block)
	end
	return blocks
end

return drawn
