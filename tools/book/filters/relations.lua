-- The tables in tools/book/objects: what a picture of objects draws, and what of
-- it hangs together.

local book = require 'book'
local tables = require 'tables'

local relations = {}

local folder = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '../objects/'

-- The rows of a table, each with the number of its line.
local function rows(file, names)
	local found = {}
	for number, line in ipairs(book.lines(folder .. file) or {}) do
		if not line:find '^#' then
			local row, index = { line = number }, 0
			for field in (line .. '\t'):gmatch '([^\t]*)\t' do
				index = index + 1
				row[names[index]] = field
			end
			found[#found + 1] = row
		end
	end
	return found
end

-- Each with its name, column (nil for what is no box), whether it is drawn
-- always, words and term; also by name.
function relations.types()
	local types = rows('types.tsv', { 'name', 'column', 'when', 'words', 'term' })
	for index, kind in ipairs(types) do
		kind.order, kind.column = index, tonumber(kind.column)
		types[kind.name] = kind
	end
	return types
end

-- Each with from, words and to; and the place in the source that says so, or
-- nil where only a capture can show it. lines.tsv must have the place.
function relations.all()
	local all = rows('relations.tsv', { 'from', 'words', 'to', 'symbol', 'text' })
	for _, row in ipairs(all) do
		if row.symbol then
			row.place = tables.cited(row.symbol, row.text)
			if not row.place then
				book.refuse(folder .. 'relations.tsv', row.line, string.format('src:%s "%s" is not in %s: run make index',
					row.symbol, row.text, tables.lines))
			end
		end
	end
	return all
end

return relations
