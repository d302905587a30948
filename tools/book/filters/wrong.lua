-- What goes wrong: the bold head of each paragraph in the section of that
-- name, and each row of its tables, gets an id, so that a list can lead to it.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path

local taken = {}

-- An id of the words, of which the first six are enough.
local function id_of(text)
	local words = {}
	for word in text:lower():gmatch '[%w_]+' do
		table.insert(words, #words < 6 and word or nil)
	end
	local id = 'wrong-' .. table.concat(words, '-')
	taken[id] = (taken[id] or 0) + 1
	return taken[id] > 1 and id .. '-' .. taken[id] or id
end

local function marked(inlines)
	return pandoc.Span(inlines, { id = id_of(pandoc.utils.stringify(inlines)), class = 'wrong' })
end

-- Bold at the beginning, or an error's name in bold anywhere in the paragraph.
local function paragraph(block)
	for index, inline in ipairs(block.content) do
		if inline.t == 'Strong' and (index == 1 or inline.content[1].t == 'Code') then
			block.content[index] = marked { inline }
		end
	end
	return block
end

-- An empty first cell goes on with the row above.
local function rows(block)
	local simple = pandoc.utils.to_simple_table(block)
	local above
	for _, row in ipairs(simple.rows) do
		local first = row[1][1]
		if first then
			above = pandoc.utils.stringify(row[1])
			first.content = { marked(first.content) }
		elseif above then
			row[1] = { pandoc.Plain { pandoc.Span({}, { id = id_of(above), class = 'wrong' }) } }
		end
	end
	return pandoc.utils.from_simple_table(simple)
end

return { { Pandoc = function(document)
	local inside = false
	for index, block in ipairs(document.blocks) do
		if block.t == 'Header' and block.level == 2 then
			inside = pandoc.utils.stringify(block) == 'What goes wrong'
		elseif inside and block.t == 'Para' then
			document.blocks[index] = paragraph(block)
		elseif inside and block.t == 'Table' then
			document.blocks[index] = rows(block)
		end
	end
	return document
end } }
