-- A picture of objects (picture.lua) as a graph for dot: the program's side at
-- the left, the kernel's at the right, in columns and rows that are always the
-- same, so that a reader finds an object where it was before.  dot finds the
-- ways of the lines.

local element = require 'element'
local state = require 'state'

local graph = {}

-- In units of a drawing: the middle of each column, and of a row below another.
local COLUMNS, ROW, HEAD = { 60, 216, 372 }, 54, 36
local LEFT, RIGHT = -22, 438
local FIRST_DESCRIPTOR = 3

-- dot's labels in <…> take elements like those of HTML.
local function label(part)
	local bold = element('B', part.label or part.name)
	return element.written(part.is_of_source and bold or element('FONT', { 'FACE', 'Courier' }, bold),
		part.is_new and element.html(' ', element('I', 'new')),
		part.second and element.html(element.empty 'BR', part.second))
end

local function at(column, row)
	return string.format('pos="%d,%d!"', COLUMNS[column + 1], -row * ROW)
end

local function node(part, id)
	local class = (part.column == 0 and 'user' or 'kernel') .. (part.is_new and ' new' or '')
		.. (part.is_of_source and ' source' or '')
	return string.format('\t%s [id="%s", %s, class="%s", label=<%s>%s]\n', id, id, at(part.column, part.row), class, label(part),
		part.is_of_source and ', style="rounded,dashed"' or '')
end

local function has_vm(parts)
	for _, part in ipairs(parts) do
		if part.type == 'kvm' then
			return true
		end
	end
	return false
end

-- The row of each part: a descriptor has one of its own, all else the next.
local function place(parts, types)
	-- A VM stands beside 4:vm, below 3:system.
	local row = { 0, has_vm(parts) and 1 or 0, 0 }
	for _, part in ipairs(parts) do
		part.column = types[part.type].column
		local index = part.column + 1
		if part.type == 'fd' and part.number - FIRST_DESCRIPTOR > row[index] then
			row[index] = math.min(part.number - FIRST_DESCRIPTOR, row[index] + 2)
		end
		part.row, row[index] = row[index], row[index] + 1
	end
end

-- Words stand in the middle of a line; of a line down a column, beside its end.
-- Where such a line goes around a node, dot finds a place that is free.
local function words(tie)
	if tie.from.column ~= tie.to.column then
		return string.format('label="%s"', tie.words)
	elseif math.abs(tie.from.row - tie.to.row) > 1 then
		return string.format('xlabel="%s"', tie.words)
	end
	return string.format('headlabel="%s", labeldistance=3.6, labelangle=-68', tie.words)
end

local function edge(tie, ids)
	local class = (tie.call and 'kernel' or 'source') .. ((tie.from.is_new or tie.to.is_new) and ' new' or '')
	return string.format('\t%s -> %s [class="%s"%s]\n', ids[tie.from], ids[tie.to], class,
		tie.call and '' or ', style=dashed, ' .. words(tie))
end

local function head(column, words)
	return string.format('\thead%d [pos="%d,%d!", shape=plaintext, class="note", label="%s"]\n', column, COLUMNS[column + 1],
		HEAD, words)
end

-- Corners that nobody sees make all pictures of one width, and those of a walk
-- of one height.
local function corner(name, x, y)
	return string.format('\t%s [pos="%d,%d!", style=invis, shape=point, width=0.01]\n', name, x, y)
end

-- How many rows a picture has.
function graph.rows(it, types)
	local rows = 0
	place(it.parts, types)
	for _, part in ipairs(it.parts) do
		rows = math.max(rows, part.row + 1)
	end
	return rows
end

-- The graph, and a line for each node that leads to a call. rows: as high as a
-- picture with so many, or nil.
function graph.of(it, types, rows)
	local lines = { 'digraph {\n\tlayout=neato\n\tinputscale=72\n\tsplines=true\n', corner('left', LEFT, HEAD),
		corner('right', RIGHT, HEAD), head(0, 'your program'), head(1, 'the kernel') }
	if rows then
		lines[#lines + 1] = corner('bottom', LEFT, -rows * ROW + ROW / 2)
	end
	local ids, links = {}, {}
	place(it.parts, types)
	for index, part in ipairs(it.parts) do
		ids[part] = 'n' .. index
		lines[#lines + 1] = node(part, ids[part])
		local href = part.first and state.href(part.first)
		if href then
			links[#links + 1] = string.format('%s\t%s\t%s: %s\n', ids[part], href, part.name, part.first.call)
		end
	end
	for _, tie in ipairs(it.ties) do
		lines[#lines + 1] = edge(tie, ids)
	end
	return table.concat(lines) .. '}\n', table.concat(links)
end

return graph
