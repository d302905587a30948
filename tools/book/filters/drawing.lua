-- A graph's source as an SVG for a page: what dot draws, without what only a
-- file of its own needs, and with the page's fonts and colors instead of dot's.

local book = require 'book'

local drawing = {}

-- One unit of dot is a 72nd of an inch; its letters are 12 of them high, and
-- .8125rem on the page.
local height = 12
local rem = .8125 / height
local defaults = {
	'-Gbgcolor=transparent', '-Gpad=0.02', '-Gfontname=Helvetica', '-Gfontsize=' .. height,
	'-Nfontname=Helvetica', '-Nfontsize=' .. height, '-Nshape=box', '-Nstyle=rounded',
	'-Nmargin=0.16,0.07', '-Nheight=0.3',
	'-Efontname=Helvetica', '-Efontsize=11', '-Earrowsize=0.7',
}
-- What class= may say, and what dot says itself.
local known = {
	user = true, kernel = true, el2 = true, guest = true, note = true, left = true,
	graph = true, node = true, edge = true, cluster = true,
}

-- Runs dot. Returns its SVG, and what it complained of.
local function run(file)
	return pandoc.system.with_temporary_directory('figure', function(directory)
		local svg = directory .. '/svg'
		local arguments = { '-c', 'out=$1; shift; dot -Tsvg -o "$out" "$@" 2>&1 || :', 'sh', svg }
		for _, option in ipairs(defaults) do
			table.insert(arguments, option)
		end
		table.insert(arguments, file)
		local said = pandoc.pipe('sh', arguments, '')
		return table.concat(book.lines(svg) or {}, '\n'), said
	end)
end

-- The line of the source that holds a word, or 1.
local function line_of(file, word)
	for number, line in ipairs(book.lines(file)) do
		if line:lower():find(word:lower(), 1, true) then
			return number
		end
	end
	return 1
end

-- dot draws something even when it warns; the build does not take it.
local function complain(file, said)
	for complaint in said:gmatch '[^\n]+' do
		local words = complaint:gsub('^%u%l+: ', ''):gsub('^' .. file:gsub('%p', '%%%0') .. ': ', '')
		local what, number, near = words:match '^(.-) in line (%d+)(.*)$'
		if number then
			book.refuse(file, tonumber(number), 'dot: ' .. what .. near)
		else
			local word = words:match "node '?([%w_]+)" or words:match '^(%S+) is not a known'
			book.refuse(file, word and line_of(file, word) or 1, 'dot: ' .. words)
		end
	end
end

local function check(file, svg)
	for what in svg:gmatch '<(%a+)' do
		if what == 'a' or what == 'image' or what == 'defs' then
			book.refuse(file, 1, 'a figure has no links, images or gradients')
			break
		end
	end
	for classes in svg:gmatch ' class="([^"]*)"' do
		for class in classes:gmatch '%S+' do
			if not known[class] then
				book.refuse(file, line_of(file, class), 'class="' .. class
					.. '" is none of user, kernel, el2, guest, note and left')
				known[class] = true
			end
		end
	end
end

-- Black is the color of the text around; all others come by class.
local function colors(file, svg)
	local refused = {}
	return (svg:gsub(' (%a+)="([^"]*)"', function(name, value)
		if name ~= 'fill' and name ~= 'stroke' or value == 'none' then
			return nil
		elseif value == 'black' then
			return ' ' .. name .. '="currentColor"'
		elseif value == 'transparent' then
			return ' ' .. name .. '="none"'
		elseif not refused[value] then
			refused[value] = true
			book.refuse(file, line_of(file, value), 'the color ' .. value
				.. ' would not suit every page: give a class instead (user, kernel, el2, guest, note)')
		end
	end))
end

-- One piece of a text: in the page's fonts, not dot's.
local function piece(attributes, words)
	local is_code = attributes:find 'font%-family="Courier' or attributes:find 'font%-family="[^"]*mono'
	attributes = attributes:gsub(' font%-family="[^"]*"', ''):gsub(' xml:space="[^"]*"', '')
	return {
		words = words, y = attributes:match ' y="([^"]*)"', anchor = attributes:match ' text%-anchor="([^"]*)"',
		class = is_code and ' class="code"' or '', attributes = attributes,
		style = attributes:match ' font%-weight="[^"]*"' or '',
	}
end

local function one(text)
	return '<text' .. text.class .. (text.attributes:find ' fill="' and '' or ' fill="currentColor"')
		.. text.attributes .. '>' .. text.words .. '</text>\n'
end

-- The pieces of one line as one text: they follow each other in any font.
local function joined(line, middle)
	local attributes = line[1].attributes:gsub(' font%-weight="[^"]*"', '')
	if middle and line[1].anchor == 'start' then
		attributes = attributes:gsub(' x="[^"]*"', string.format(' x="%.2f"', middle))
			:gsub(' text%-anchor="[^"]*"', ' text-anchor="middle"')
	end
	-- Spaces at the beginning keep a label off its edge.
	line[1].words = line[1].words:gsub('^ ', '&#160;')
	local words = {}
	for index, part in ipairs(line) do
		words[index] = '<tspan' .. part.class .. part.style .. '>' .. part.words .. '</tspan>'
	end
	return '<text fill="currentColor"' .. attributes .. '>' .. table.concat(words) .. '</text>\n'
end

-- The middle of a node, from the corners of its shape.
local function middle_of(group)
	local least, most
	for x in (group:match ' d="([^"]*)"' or group:match ' points="([^"]*)"' or ''):gmatch '(%-?[%d.]+),%-?[%d.]+' do
		x = tonumber(x)
		least, most = math.min(x, least or x), math.max(x, most or x)
	end
	return least and (least + most) / 2
end

-- The texts of a node or an edge. dot places each piece of a formatted label by
-- the fonts that it has; a reader has others, so a node's lines are centered
-- again, but for class="left", which keeps its columns.
local function texts(group)
	local classes = group:match '^<g class="([^"]*)"'
	local is_left = classes:find '%f[%w]left%f[%W]'
	local middle = classes:find '^node' and middle_of(group)
	local line = {}
	local function flush()
		local text = #line > 0 and joined(line, middle) or ''
		line = {}
		return text
	end
	local html = group:gsub('<text([^>]*)>(.-)</text>\n?()', function(attributes, words, after)
		local text = piece(attributes, words)
		if is_left or text.anchor ~= 'start' and text.style == '' then
			return one(text)
		end
		line[#line + 1] = text
		local next_y = group:match('^<text[^>]- y="([^"]*)"', after)
		return next_y == text.y and '' or flush()
	end)
	return html
end

-- The SVG, or nil when it is refused.
function drawing.draw(file, description)
	local svg, said = run(file)
	if said ~= '' then
		return complain(file, said)
	end
	local wide, high, inner = svg:match '<svg [^>]-viewBox="[%d.]+ [%d.]+ ([%d.]+) ([%d.]+)"[^>]*>\n?(.*)$'
	if not wide then
		return book.refuse(file, 1, 'dot draws no SVG of it')
	end
	inner = inner:gsub('<!%-%-.-%-%->\n?', ''):gsub('<title>.-</title>\n?', ''):gsub(' id="[^"]*"', '')
	check(file, inner)
	inner = colors(file, inner):gsub('<g class="[^"]*">.-</g>', texts)
	-- What is left is the label of the whole graph.
	inner = inner:gsub('<text( [^>]*font%-family[^>]*)>(.-)</text>\n?', function(attributes, words)
		return one(piece(attributes, words))
	end)
	return string.format('<svg role="img" aria-label="%s" viewBox="0 0 %s %s" style="--width:%.2frem">\n%s',
		book.escape(description), wide, high, tonumber(wide) * rem, inner)
end

return drawing
