-- Ties lines of a program to their trees: a system call in a tree leads to the
-- line that made it, and a line to its tree, on this page or else on the page
-- with the whole capture. Comes after the filters that draw listings and trees,
-- and fills in what they left open (drawn.lua).

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local drawn = require 'drawn'
local woke = require 'woke'

-- What is on this page: lines, and trees.
local lines, trees = {}, {}

-- Replaces each span that is to be filled in by what fill() says of its
-- attributes: HTML, or nil for later.
local function filler(fill)
	return { Span = function(span)
		local html = book.has_class(span, 'to-fill-in') and fill(span.attributes)
		return html and pandoc.RawInline('html', html) or nil
	end }
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
	local attributes = page and string.format(' href="%s#%s" title="the line of the program"', page, id) or ''
	if part.tree and not trees[id] then
		trees[id] = true
		attributes = attributes .. ' id="tree-' .. id .. '"'
	end
	return attributes ~= '' and '<a class="loc"' .. attributes .. '>' .. book.escape(part.text) .. '</a>'
		or '<span class="loc" data-at="' .. book.escape(part.at) .. '">' .. book.escape(part.text) .. '</span>'
end

-- A line whose tree is not here has it on the page with all of them. The number
-- itself is made by the style sheet: code is copied without it.
local function tie_line(part)
	if not part.woke then
		return nil
	end
	local said = book.escape(part.said)
	return string.format('<a class="woke" href="%s#tree-%s" data-woke="%s" title="%s; open the tree" aria-label="%s; open the tree"></a>',
		trees[part.woke] and '' or woke.page(book.program), part.woke, part.functions, said, said)
end

-- What has no text to be searched for is from here on the HTML that it is.
local function finish(div)
	if drawn.is(div) and not drawn.text(div) then
		return drawn.html(div)
	end
end

return { filler(collect), filler(tie_tree), filler(tie_line), { Div = finish } }
