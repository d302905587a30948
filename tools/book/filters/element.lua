-- Writes HTML. A piece of it is built of elements, and an element of its name,
-- its attributes and what is inside; every text is escaped here, so no filter
-- can forget to.
--
--	element('a', { 'href', url, 'title', title }, element('code', name), ' there')
--
-- Attributes keep their order; one whose value is false is left out, and one
-- whose value is '' stands without a value.

local book = require 'book'

local element = {}

-- To put a piece into a string is a mistake: it would be escaped again.
local piece = { __concat = function()
	error('a piece of HTML is no string: element.html() puts pieces together', 2)
end }

-- HTML that another tool has written, such as kvt.
function element.as_is(html)
	return setmetatable({ html }, piece)
end

function element.is_piece(inside)
	return getmetatable(inside) == piece
end

-- Pieces and texts as one string, for a file or a raw block. What is nil or false
-- is left out, so one can write: url and element('a', …).
function element.written(...)
	local html = {}
	for index = 1, select('#', ...) do
		local inside = select(index, ...)
		if inside then
			table.insert(html, element.is_piece(inside) and inside[1] or book.escape(tostring(inside)))
		end
	end
	return table.concat(html)
end

-- Pieces and texts as one piece.
function element.html(...)
	return element.as_is(element.written(...))
end

local function tag(name, attributes, close)
	local html = { '<', name }
	for index = 1, #(attributes or {}), 2 do
		local key, value = attributes[index], attributes[index + 1]
		if value == '' then
			table.insert(html, ' ' .. key)
		elseif value then
			table.insert(html, ' ' .. key .. '="' .. book.escape(tostring(value)) .. '"')
		end
	end
	return element.as_is(table.concat(html) .. close)
end

-- The tags alone, for what comes in parts.
function element.start(name, attributes)
	return tag(name, attributes, '>')
end

function element.stop(name)
	return element.as_is('</' .. name .. '>')
end

-- An element of XML with nothing in it: SVG and the labels of dot need its slash.
function element.empty(name, attributes)
	return tag(name, attributes, '/>')
end

function element.block(...)
	return pandoc.RawBlock('html', element.written(...))
end

function element.inline(...)
	return pandoc.RawInline('html', element.written(...))
end

-- The author's words below a figure, as blocks; without words there are none.
function element.caption(content)
	if #content == 0 then
		return {}
	end
	local blocks = pandoc.List { element.block(element.start 'figcaption') }
	blocks:extend(content)
	blocks:insert(element.block(element.stop 'figcaption'))
	return blocks
end

-- element(NAME, { ATTRIBUTE, VALUE, ... }, INSIDE...); the table may be left out.
return setmetatable(element, { __call = function(_, name, first, ...)
	local has_attributes = type(first) == 'table' and not element.is_piece(first)
	return element.html(element.start(name, has_attributes and first or nil),
		not has_attributes and first, element.html(...), element.stop(name))
end })
