-- Ties lines of a program to their trees: a system call in a tree leads to the
-- line that made it, and a line to its tree, on this page or else on the page
-- with the whole capture. Comes after the filters that draw listings and trees.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local woke = require 'woke'

-- What is on this page: lines, and trees.
local lines, trees = {}, {}

local function collect(block)
	if block.format == 'html' then
		for id in block.text:gmatch '<span class="line[^"]*" id="([^"]*)"' do
			lines[id] = true
		end
	end
end

local function link(place, name, is_target)
	local id = woke.id(place)
	local page = lines[id] and '' or book.owner(place:match '^(.*):')
	local attributes = page and string.format(' href="%s#%s" title="the line of the program"', page, id) or ''
	if is_target and not trees[id] then
		trees[id] = true
		attributes = attributes .. ' id="tree-' .. id .. '"'
	end
	return attributes ~= '' and '<a class="loc"' .. attributes .. '>' .. name .. '</a>'
end

-- One tree of a figure, or of something else that shows one. A line leads to
-- it if it is a figure's, and of the capture that counted the line.
local function tie_tree(tree, is_figure)
	local begin = string.format('<div class="kvt-tree" data-capture="%s" data-mode="vhe">', book.program)
	local is_target = is_figure and tree:sub(1, #begin) == begin
	return (tree:gsub('<span class="loc" data%-at="([^"]*)">([^<]*)</span>', function(place, name)
		return link(place, name, is_target)
	end))
end

local function tie_trees(block)
	if block.format ~= 'html' or not block.text:find('data-at=', 1, true) then
		return nil
	end
	local text = block.text
	local is_figure = text:find('<div class="captures">', 1, true)
	local first = text:find('<div class="kvt-tree', 1, true) or #text + 1
	local html = { text:sub(1, first - 1) }
	while first <= #text do
		local next = text:find('<div class="kvt-tree', first + 1, true) or #text + 1
		html[#html + 1] = tie_tree(text:sub(first, next - 1), is_figure)
		first = next
	end
	return book.html(table.concat(html))
end

-- A line whose tree is not here has it on the page with all of them.
local function tie_lines(block)
	if block.format ~= 'html' or not block.text:find('class="woke"', 1, true) then
		return nil
	end
	return book.html((block.text:gsub('(<a class="woke" href=")#tree%-([^"]*)', function(begin, id)
		return begin .. (trees[id] and '' or woke.page(book.program)) .. '#tree-' .. id
	end)))
end

return { { RawBlock = collect }, { RawBlock = tie_trees }, { RawBlock = tie_lines } }
