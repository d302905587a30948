-- Links into the source of other projects: [creates its thread](elsewhere:KEY)
-- leads to the place, or the commit, that chapters/elsewhere.tsv has for KEY.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local tables = require 'tables'

-- Every row with this key, each with the number of its line.
local function rows_of(key)
	local found = {}
	for number, text in ipairs(book.lines(tables.elsewhere) or {}) do
		local fields = {}
		for field in (text .. '\t'):gmatch '([^\t]*)\t' do
			fields[#fields + 1] = field
		end
		if fields[1] == key then
			fields.number = number
			found[#found + 1] = fields
		end
	end
	return found
end

-- What is wrong with a row, or nil.
local function fault(row)
	if #row ~= 6 then
		return 'a row has key, repository, tag, path, line and words, with tabs between them'
	elseif not row[2]:find '^https://github%.com/[%w._-]+/[%w._-]+$' then
		return 'the repository is no https://github.com/OWNER/NAME: ' .. row[2]
	elseif row[4] == '-' and row[5] == '-' then
		return not row[3]:find('^' .. ('%x'):rep(40) .. '$') and 'a commit is 40 hexadecimal digits: ' .. row[3] or nil
	elseif not row[5]:find '^[1-9]%d*$' then
		return 'the line is no number: ' .. row[5]
	end
end

local function one_row(key)
	local rows = rows_of(key)
	if #rows == 0 then
		book.refuse_here(book.line_of('(elsewhere:' .. key .. ')'), 'elsewhere:' .. key .. ' is not in ' .. tables.elsewhere)
	elseif #rows > 1 then
		book.refuse(tables.elsewhere, rows[2].number, key .. ' stands twice: it is in line ' .. rows[1].number .. ', too')
	elseif fault(rows[1]) then
		book.refuse(tables.elsewhere, rows[1].number, fault(rows[1]))
	else
		return rows[1]
	end
end

local function elsewhere(link)
	local key = link.target:match '^elsewhere:(.*)$'
	local row = key and one_row(key)
	if not row then
		return nil
	end
	local repository, tag, path, line = table.unpack(row, 2, 5)
	local name = repository:match '[^/]*$'
	link.classes:insert 'elsewhere'
	if path == '-' then
		local short = tag:sub(1, 10)
		link.target = repository .. '/commit/' .. tag
		link.title = name .. ', commit ' .. short
		return { link, book.location(name .. ' ' .. short) }
	end
	link.target = repository .. '/blob/' .. tag .. '/' .. path .. '#L' .. line
	link.title = name .. ' ' .. (#tag == 40 and tag:sub(1, 10) or tag) .. ', ' .. path .. ':' .. line
	return { link, book.location(name .. ' ' .. book.place(path), line) }
end

return { { Link = elsewhere }, { Pandoc = function() book.done() end } }
