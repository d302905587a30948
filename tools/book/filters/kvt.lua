-- What the filters ask kvt for. kvt reads the captures; nothing here does.

-- A pandoc may come with a Lua that does not look where Debian has its modules;
-- this one is the same for all of them.
package.path = package.path .. ';/usr/share/lua/5.3/?.lua;/usr/share/lua/5.4/?.lua'
local book = require 'book'
local json = require 'dkjson'

local kvt = {}

-- What kvt prints, or nil, its exit status and what it had printed. Its
-- complaints go where those of the build go.
function kvt.run(arguments)
	local ran, said = pcall(pandoc.pipe, book.kvt, arguments, '')
	if ran then
		return said
	end
	if type(said) ~= 'table' then
		return nil, 127, tostring(said)
	end
	return nil, said.error_code, said.output
end

-- The same with complaints among what it prints.
function kvt.heard(arguments)
	local ran, said = pcall(pandoc.pipe, 'sh', { '-c', 'exec "$0" "$@" 2>&1', book.kvt, table.unpack(arguments) }, '')
	if ran then
		return said
	end
	return nil, type(said) == 'table' and said.error_code or 127, type(said) == 'table' and said.output or tostring(said)
end

-- kvt's complaint, without its name before it, as one can say it of a chapter.
function kvt.complaint(said)
	return (said:gsub('^kvt: ', ''):gsub('%s+$', ''))
end

-- A line of JSON as a table; null is nil.
function kvt.decode(line)
	return (json.decode(line))
end

-- What kvt prints, a table for each of its lines; or nil and its complaint.
function kvt.rows(arguments)
	local said, _, why = kvt.heard(arguments)
	if not said then
		return nil, why
	end
	local rows = {}
	for line in said:gmatch '[^\n]+' do
		rows[#rows + 1] = kvt.decode(line)
	end
	return rows
end

-- What kvt prints, as a table; or nil.
function kvt.json(arguments)
	local said = kvt.run(arguments)
	return said and kvt.decode(said)
end

return kvt
