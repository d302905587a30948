-- Ties lines of a program to their trees: a system call in a tree leads to the
-- line that made it, and a line to its tree, on this page or else on the page
-- with the whole capture. Comes after the filters that draw listings and trees,
-- and fills in what they left open (drawn.lua).

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local drawn = require 'drawn'
local woke = require 'woke'
local element = require 'element'

-- What is on this page: lines, and trees.
local lines, trees = {}, {}

-- Replaces each part that is to be filled in by what fill() says of it: HTML, or
-- nil for later.
local function fill_in(drawings, fill)
	for _, parts in ipairs(drawings) do
		for index, part in ipairs(parts) do
			if type(part) == 'table' and not element.is_piece(part) then
				parts[index] = fill(part) or part
			end
		end
	end
end

local function collect(part)
	if part.line then
		lines[part.line] = true
		return ''
	end
end

-- A line of the program beside its system call. The first tree of a line is
-- where the line leads to.
local function tie_tree(part)
	if not part.at then
		return nil
	end
	local id = woke.id(part.at)
	local page = lines[id] and '' or book.owner(part.at:match '^(.*):')
	local is_first = part.tree and not trees[id]
	if is_first then
		trees[id] = true
	elseif not page then
		return element('span', { 'class', 'loc', 'data-at', part.at }, part.text)
	end
	return element('a', { 'class', 'loc', 'href', page and page .. '#' .. id, 'title', page and 'the line of the program',
		'id', is_first and 'tree-' .. id }, part.text)
end

-- A line whose tree is not here has it on the page with all of them. The number
-- itself is made by the style sheet: code is copied without it.
local function tie_line(part)
	if not part.woke then
		return nil
	end
	local said = part.said .. '; open the tree'
	local page = trees[part.woke] and '' or woke.page(book.program)
	return element('a', { 'class', 'woke', 'href', page .. '#tree-' .. part.woke, 'data-woke', part.functions, 'title', said, 'aria-label', said })
end

-- All drawings, in the order of the page.
local function drawings_of(document)
	local drawings = {}
	document:walk { Div = function(div)
		table.insert(drawings, drawn.is(div) and drawn.parts(div) or nil)
	end }
	return drawings
end

local function tie(document)
	local drawings = drawings_of(document)
	fill_in(drawings, collect)
	fill_in(drawings, tie_tree)
	fill_in(drawings, tie_line)
end

-- What has no text to be searched for is from here on the HTML that it is.
local function finish(div)
	if drawn.is(div) and not drawn.text(div) then
		return drawn.html(div)
	end
end

return { { Pandoc = tie }, { Div = finish } }
