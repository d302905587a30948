-- The committed tables in traces/KERNEL: symbols.tsv and lines.tsv; kvt reads
-- gaps.tsv, beside the first. And the chapters' table of places elsewhere.

local book = require 'book'

local tables = {}
local texts = {}

tables.symbols = os.getenv 'SYMBOLS' or book.traces .. 'symbols.tsv'
tables.gaps = tables.symbols:gsub('[^/]*$', 'gaps.tsv')
tables.lines = book.traces .. 'lines.tsv'
tables.elsewhere = 'chapters/elsewhere.tsv'

-- A table is kept as one string and searched in it: splitting ten thousand
-- rows to look up twenty names would cost more than the search.
local function whole(file)
	if not texts[file] then
		local handle = io.open(file, 'rb')
		texts[file] = '\n' .. (handle and handle:read 'a' or '')
		if handle then
			handle:close()
		end
	end
	return texts[file]
end

local function fields(row)
	local list = {}
	for field in (row .. '\t'):gmatch '([^\t]*)\t' do
		list[#list + 1] = field
	end
	return list
end

-- The rows that begin with the given fields, one after the other.
local function rows(file, ...)
	local key = table.concat({ ... }, '\t') .. '\t'
	local text, from = whole(file), 1
	return function()
		-- A search that begins with the end of a line would stop at each line.
		local start
		repeat
			start = text:find(key, start and start + 1 or from, true)
		until not start or text:byte(start - 1) == 10
		if not start then
			return nil
		end
		local stop = text:find('\n', start, true) or #text + 1
		from = stop
		return fields(text:sub(start, stop - 1))
	end
end

-- The definition a name means: the first row, or the first whose path holds
-- the fragment. kinds, if given, is the set of kinds that will do.
function tables.symbol(name, fragment, kinds)
	for row in rows(tables.symbols, name) do
		if (not fragment or row[3]:find(fragment, 1, true))
				and (not kinds or kinds[row[2]]) then
			return { kind = row[2], path = row[3], line = tonumber(row[4]), last = tonumber(row[5]) }
		end
	end
end

-- The source line of a citation.
function tables.cited(symbol, text)
	local row = rows(tables.lines, symbol, text)()
	return row and { path = row[3], line = tonumber(row[4]) }
end

-- Tabs and runs of spaces count as one space, in a citation as in the source.
function tables.squeeze(text)
	return (text:gsub('%s+', ' '):gsub('^ ', ''):gsub(' $', ''))
end

return tables
