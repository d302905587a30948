-- What a sketch says: which function's line each of its citations means.
--
-- In a sketch, [words](src: "text") is a line of the function that the step
-- before it in the list was about; of a list's first step, that of the step
-- which it is below. src:NAME goes over to another function.

local book = require 'book'

local outline = {}

function outline.is_list(block)
	return block.t == 'BulletList' or block.t == 'OrderedList'
end

-- The blocks with all of that written out, and the function that is meant last.
function outline.named(blocks, name)
	local result = pandoc.List {}
	for _, block in ipairs(blocks) do
		if outline.is_list(block) then
			local items, inside = pandoc.List {}, name
			for _, item in ipairs(block.content) do
				item, inside = outline.named(item, inside)
				items:insert(item)
			end
			result:insert(pandoc.BulletList(items))
		else
			result:insert(pandoc.walk_block(block, { Link = function(link)
				local symbol = link.target:match '^src:(.*)$'
				name = symbol ~= '' and symbol or name
				if symbol == '' then
					link.target = 'src:' .. name
					return link
				end
			end }))
		end
	end
	return result, name
end

-- For filters that look at citations alone.
function outline.written_out(div)
	if book.has_class(div, 'sketch') and div.attributes['function'] then
		div.content = outline.named(div.content, div.attributes['function'])
		return div
	end
end

return outline
