-- Which lines of a program are new since the program of an earlier chapter
-- (since: NN-name in the front matter), from the two files themselves.

local book = require 'book'
local anchors = require 'anchors'
local element = require 'element'

local since = {}

-- The lines that are not anchors, and their numbers.
local function code(file)
	local lines, numbers = {}, {}
	for number, line in ipairs(file.lines) do
		if not file.mark[number] then
			lines[#lines + 1] = line
			numbers[#numbers + 1] = number
		end
	end
	return lines, numbers
end

-- How long a common subsequence of a from i and b from j on can be.
local function lengths(a, b)
	local length = {}
	for i = #a + 1, 1, -1 do
		length[i] = {}
		for j = #b + 1, 1, -1 do
			length[i][j] = (i > #a or j > #b) and 0
				or a[i] == b[j] and length[i + 1][j + 1] + 1
				or math.max(length[i + 1][j], length[i][j + 1])
		end
	end
	return length
end

-- A brace or an empty line between new lines is as new as they are, although
-- the earlier file has one, too.
local function fill(new, lines, numbers)
	local last
	for i, line in ipairs(lines) do
		if new[numbers[i]] then
			for k = (last or i) + 1, i - 1 do
				new[numbers[k]] = lines[k]:find '%S' and true or nil
			end
			last = i
		elseif line:find '%w' then
			last = nil
		end
	end
	return new
end

-- The set of the numbers of file's lines that the earlier file has not.
function since.new_lines(file, earlier)
	local a = code(earlier)
	local b, numbers = code(file)
	local length, new = lengths(a, b), {}
	local i, j = 1, 1
	while j <= #b do
		if i <= #a and a[i] == b[j] then
			i, j = i + 1, j + 1
		elseif i <= #a and length[i + 1][j] >= length[i][j + 1] then
			i = i + 1
		else
			new[numbers[j]] = b[j]:find '%S' and true or nil
			j = j + 1
		end
	end
	return fill(new, b, numbers)
end

-- The same set of a file of which all is new.
function since.all_lines(file)
	local new = {}
	for number, line in ipairs(file.lines) do
		new[number] = line:find '%S' and true or nil
	end
	return new
end

-- The program that a chapter's program grew from, by the chapter's front
-- matter: NN-name, or nil.
function since.name(meta)
	return meta.since and pandoc.utils.stringify(meta.since)
end

function since.path(name)
	return 'code/' .. name .. '.c'
end

-- The page of the chapter that explains what is not new.
function since.link(name)
	return element('a', { 'href', name .. '.html' }, book.in_sentence(book.label(name .. '.html')))
end

return since
