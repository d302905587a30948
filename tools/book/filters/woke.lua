-- What each line of a program woke in the kernel, as `kvt lines` counts it,
-- and the names by which a line and its tree find each other.

local book = require 'book'
local capture = require 'capture'
local kvt = require 'kvt'

local woke = {}
local columns = '^([^\t]*)\t([^\t]*)\t([^\t]*)\t(%d+)\t(%d+)\t(%d+)$'

-- The capture of a chapter's own program; nil when it has none.
function woke.capture(program)
	local path = capture.path(program, 'vhe', 'kvt')
	return book.exists(path) and path or nil
end

-- The page with the whole tree of that capture.
function woke.page(program)
	return program .. '-tree.html'
end

-- code/04-vcpu.c:27 is 04-vcpu.c:27 on a page, and its tree tree-04-vcpu.c:27.
function woke.id(place)
	return (place:gsub('^.*/', ''))
end

-- The rows of `kvt lines` in its order, each with its place; nil and what is
-- wrong when kvt refuses.
function woke.rows(path)
	local text = kvt.run { 'lines', '--tsv', path }
	if not text then
		return nil, book.kvt .. ' lines failed on ' .. path
	end
	local rows = {}
	for row in text:gmatch '[^\n]+' do
		local file, line, names, times, calls, functions = row:match(columns)
		if file and file ~= '' then
			rows[#rows + 1] = {
				place = file .. ':' .. line, file = file, line = tonumber(line), names = names,
				times = tonumber(times), calls = tonumber(calls), functions = tonumber(functions),
			}
		end
	end
	return rows
end

local function count(number, what)
	return (number == 0 and 'no' or number) .. ' ' .. what .. (number == 1 and '' or 's')
end

-- A row as a sentence: KVM_CREATE_VCPU, 512 times, woke 10 kernel functions in 5120 calls.
function woke.said(row)
	return row.names .. (row.times > 1 and ', ' .. row.times .. ' times,' or '') .. ' woke '
		.. count(row.functions, 'kernel function')
		.. (row.calls > row.functions and ' in ' .. row.calls .. ' calls' or '')
end

return woke
