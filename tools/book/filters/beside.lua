-- On a wide screen a call tree stands beside the text that walks through it:
-- a figure and the text around it, from the last heading, figure or listing
-- to the next, go into one box, whose columns style/beside.css makes. Where
-- little text follows, the figure stays in the column.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local element = require 'element'

-- As many letters as keep a tree of some height company.
local ENOUGH = 600

local FIGURE_BEGINS = element.written(element.start('figure', { 'class', 'trace' }))
local FIGURE_ENDS = element.written(element.stop 'figure')

-- The place of some HTML in a raw block, or nil.
local function find_raw(block, html)
	return block and block.t == 'RawBlock' and block.text:find(html, 1, true)
end

-- The last block of the figure that begins at a place.
local function end_of_figure(blocks, from)
	for at = from, #blocks do
		if find_raw(blocks[at], FIGURE_ENDS) then
			return at
		end
	end
	return from
end

local belongs = { Para = true, Plain = true, BulletList = true, OrderedList = true, BlockQuote = true }

-- The last block of the text after a place.
local function end_of_text(blocks, from)
	local at = from
	while blocks[at + 1] and belongs[blocks[at + 1].t] do
		at = at + 1
	end
	return at
end

local function letters(blocks, from, to)
	local count = 0
	for at = from, to do
		count = count + #pandoc.utils.stringify(blocks[at])
	end
	return count
end

-- Takes the text off the end of a list of blocks.
local function text_before(blocks)
	local text = pandoc.List {}
	while #blocks > 0 and belongs[blocks[#blocks].t] do
		text:insert(1, blocks:remove())
	end
	return text
end

local function walk(result, text)
	if #text > 0 then
		result:insert(element.block(element.start('div', { 'class', 'walk' })))
		result:extend(text)
		result:insert(element.block(element.stop 'div'))
	end
end

local function beside(document)
	local blocks, result = document.blocks, pandoc.List {}
	local at = 1
	while at <= #blocks do
		local figure = find_raw(blocks[at], FIGURE_BEGINS) == 1 and end_of_figure(blocks, at)
		local last = figure and end_of_text(blocks, figure)
		if figure and letters(blocks, figure + 1, last) >= ENOUGH then
			local before = text_before(result)
			result:insert(element.block(element.start('div', { 'class', 'beside' })))
			walk(result, before)
			result:extend { table.unpack(blocks, at, figure) }
			walk(result, pandoc.List { table.unpack(blocks, figure + 1, last) })
			result:insert(element.block(element.stop 'div'))
			at = last
		else
			result:insert(blocks[at])
		end
		at = at + 1
	end
	document.blocks = result
	return document
end

return { { Pandoc = beside } }
