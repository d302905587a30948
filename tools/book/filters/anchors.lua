-- Source files and their anchors: /* [name] */ … /* [/name] */, or # [name].

local book = require 'book'

local anchors = {}
local files = {}
local widest = 72

-- What an anchor line says: '' or '/' and the name; nil for any other line.
local function mark(line)
	local slash, name = line:match '^%s*/%*%s*%[(/?)([%w_-]+)%]%s*%*/%s*$'
	if not name then
		slash, name = line:match '^%s*#%s*%[(/?)([%w_-]+)%]%s*$'
	end
	return slash, name
end

-- Columns as a terminal shows them: tabs stop at every eighth.
local function columns(line)
	local column = 0
	for _, code in utf8.codes(line, true) do
		column = code == 9 and column + 8 - column % 8 or column + 1
	end
	return column
end

-- Reads a file once: lines, mark (the set of anchor lines), named (first and
-- last line of each anchor). Returns nil when it cannot be read.
function anchors.read(path)
	if files[path] ~= nil then
		return files[path] or nil
	end
	local lines = book.lines(path)
	if not lines then
		files[path] = false
		return nil
	end
	local file = { path = path, lines = lines, mark = {}, named = {} }
	local open = {}
	files[path] = file
	for number, line in ipairs(lines) do
		local slash, name = mark(line)
		if name then
			file.mark[number] = true
		end
		if slash == '' then
			if file.named[name] then
				book.refuse(path, number, 'anchor [' .. name .. '] is doubled: it begins at line '
					.. file.named[name].first - 1 .. ' too')
			end
			file.named[name] = { first = number + 1, last = #lines }
			open[#open + 1] = name
		elseif slash == '/' then
			if open[#open] == name then
				file.named[name].last = number - 1
				open[#open] = nil
			else
				book.refuse(path, number, 'anchor [/' .. name .. '] is unbalanced: it closes '
					.. (open[#open] and 'inside [' .. open[#open] .. ']' or 'what was never opened'))
			end
		end
	end
	for _, name in ipairs(open) do
		book.refuse(path, file.named[name].first - 1, 'anchor [' .. name .. '] is unbalanced: it is never closed')
	end
	return file
end

-- The numbers of an anchor's lines (to the end of another one, if that is named;
-- of all lines without a name), without anchor lines and without blank lines at
-- either end.
function anchors.range(file, name, to)
	local first = name and file.named[name].first or 1
	local last = name and file.named[to or name].last or #file.lines
	local numbers = pandoc.List {}
	for number = first, last do
		local blank = file.lines[number]:find '^%s*$'
		if not file.mark[number] and not (blank and #numbers == 0) then
			numbers[#numbers + 1] = number
		end
	end
	while #numbers > 0 and file.lines[numbers[#numbers]]:find '^%s*$' do
		numbers[#numbers] = nil
	end
	return numbers
end

-- Refuses what no page can show whole; each line is named once.
function anchors.check_width(file, numbers)
	file.measured = file.measured or {}
	for _, number in ipairs(numbers) do
		local width = columns(file.lines[number])
		if width > widest and not file.measured[number] then
			book.refuse(file.path, number, string.format(
				'this line has %d columns, a listing shows %d', width, widest))
		end
		file.measured[number] = true
	end
end

-- The function a line is in, by kernel style: its brace stands in column 1,
-- its name on the line or lines above. nil between functions.
function anchors.inside(file, number)
	for at = number - 1, 1, -1 do
		local line = file.lines[at]
		if line:find '^}' then
			return nil
		elseif line:find '^{' then
			for above = at - 1, math.max(1, at - 4), -1 do
				local name = file.lines[above]:match '^%a[^=;]-([%a_][%w_]*)%('
				if name then
					return name
				end
			end
			return nil
		end
	end
end

return anchors
