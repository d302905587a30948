-- Captures: ::: {.trace capture="04-vcpu" syscall="KVM_CREATE_VCPU"} shows a
-- call tree, which kvt draws. The text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local near = require 'near'
local strips = require 'strips'
local tables = require 'tables'

local next_line = book.each_block 'trace'
local chosen = { 'syscall', 'function', 'depth', 'nth' }
-- As many rows of a tree as a reader takes in; the rest is folded.
local ROWS = '30'

-- The attributes as kvt's options, without those in the set `but`.
local function options(attributes, but)
	local list = {}
	for _, name in ipairs(chosen) do
		if attributes[name] and not (but and but[name]) then
			table.insert(list, '--' .. name)
			table.insert(list, attributes[name])
		end
	end
	return list
end

-- The captures of which we show something that no tracer sees.
local has_gaps = {}

-- kvt html's arguments for a tree. With gaps where there is a table of them.
local function asking(path, selection)
	local arguments = { 'html', '--json', '--wbr', '--symbols', tables.symbols, '--source-base', book.source_base }
	if book.exists(tables.gaps) then
		table.insert(arguments, '--gaps')
	end
	for _, option in ipairs(selection) do
		table.insert(arguments, option)
	end
	table.insert(arguments, path)
	return arguments
end

-- Which attribute left nothing over: the last that, taken away, gives a tree.
-- kvt complains about each try, which is not for the author's eyes.
local function culprit(path, attributes)
	local but = {}
	for index = #chosen, 1, -1 do
		local name = chosen[index]
		if attributes[name] then
			but[name] = true
			local tried = kvt.heard(asking(path, options(attributes, but)))
			if tried and kvt.decode(tried).calls > 0 then
				return name .. '="' .. attributes[name] .. '" matches nothing in ' .. path
			end
		end
	end
end

-- The parts of one tree; refuses when there is nothing to show.
local function tree(line, path, attributes, has_ids)
	local selection = options(attributes)
	local function add(...)
		table.move({ ... }, 1, select('#', ...), #selection + 1, selection)
	end
	add('--rows', ROWS)
	if has_ids then
		add '--ids'
	end
	if attributes.open then
		add('--open', attributes.open)
	end
	if attributes.later then
		add '--later'
	end
	for name in (attributes.named or ''):gmatch '%S+' do
		add('--named', name)
	end
	local shown = kvt.json(asking(path, selection))
	if not shown or shown.calls == 0 then
		book.refuse_here(line, culprit(path, attributes)
			or shown and path .. ' has no calls to show'
			or book.kvt .. ' html failed on ' .. path)
	end
	has_gaps[path] = shown and shown.gaps > 0
	return shown and shown.html or {}
end

local function quoted(word)
	return word:find '[^%w_./=:-]' and "'" .. word .. "'" or word
end

-- The command that shows the same tree in a terminal.
local function command(path, attributes)
	local words = { 'build/kvt/kvt', 'show' }
	if has_gaps[path] then
		words[3] = '--gaps --symbols ' .. tables.symbols
	end
	for _, option in ipairs(options(attributes)) do
		table.insert(words, quoted(option))
	end
	table.insert(words, path)
	return table.concat(words, ' ')
end

-- Where the trees are from, and how to see them without the book.
local function how(paths, modes, attributes)
	local names, commands = {}, {}
	for index, path in ipairs(paths) do
		names[index] = capture.mode(modes[index])
		commands[index] = command(path, attributes)
	end
	local source = capture.sources(paths[1])[1].file
	local in_modes = table.concat(names, ', '):gsub(', ([^,]*)$', ' and %1')
	return element('div', { 'class', 'how' },
		element('p', 'Recorded from ', element('b', source), ' on Linux ', book.kernel, ' in ', in_modes, ' mode by ',
			element('code', 'kvt record'), '. The same in a terminal:'), '\n',
		element('pre', { 'tabindex', 0 }, element('code', table.concat(commands, '\n'))))
end

local function modes_of(attributes)
	local modes = {}
	for mode in (attributes.modes or attributes.mode or 'vhe'):gmatch '%S+' do
		modes[#modes + 1] = mode
	end
	return modes
end

-- A tree below the name of its mode, with how to get it below; a line of the
-- program leads to the tree of the capture that counted the line.
local function add_capture(parts, line, path, mode, attributes, title, below)
	local is_counted = attributes.capture == book.program and mode == 'vhe'
	local strip, has_ids = strips.above(mode, path, attributes)
	parts:insert(element.html(element.start('div', { 'class', 'capture' }), title, strip))
	for _, part in ipairs(tree(line, path, attributes, has_ids)) do
		if type(part) == 'table' then
			part.tree = is_counted and 'yes' or nil
		end
		parts:insert(part)
	end
	parts:insert(element.html(below(), element.stop 'div'))
end

local function captures(line, attributes, paths, modes)
	local several = #modes > 1
	local parts = pandoc.List { element.html(element.start('div', { 'class', 'captures' }), '\n') }
	for index, mode in ipairs(modes) do
		local title = several and element.html(element('p', { 'class', 'mode' }, (capture.mode(mode):gsub('^p', 'P'):gsub('^nested', 'Nested'))), '\n')
		add_capture(parts, line, paths[index], mode, attributes, title, function()
			return not several and attributes.how ~= 'no' and how(paths, modes, attributes)
		end)
		parts:insert(index < #modes and '\n' or '')
	end
	parts:insert(element.html('\n', element.stop 'div', '\n', several and element.html(how(paths, modes, attributes), '\n'),
		element.stop 'figure'))
	return drawn.block(parts)
end

local function trace(div)
	if not book.has_class(div, 'trace') then
		return nil
	end
	local line = next_line()
	local attributes = div.attributes
	local name = attributes.capture
	if not name then
		return book.refuse_here(line, 'a trace needs capture="NN-name"')
	end
	local modes, paths = modes_of(attributes), {}
	for index, mode in ipairs(modes) do
		paths[index] = capture.path(name, mode, 'kvt')
		if not capture.check(line, paths[index]) then
			return nil
		end
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', #modes > 1 and 'trace modes' or 'trace' })) }
	blocks:extend(element.caption(div.content))
	blocks:insert(captures(line, attributes, paths, modes))
	return blocks
end

-- Notes at each tree which calls the text around it names.
local function name_calls(block, names)
	local words = {}
	for name in pairs(names) do
		words[#words + 1] = name
	end
	table.sort(words)
	local named = table.concat(words, ' ')
	return pandoc.Div({ block }):walk({ Div = function(div)
		if book.has_class(div, 'trace') then
			div.attributes.named = named
			return div
		end
	end }).content[1]
end

local function name_all(document)
	return near.each(document, name_calls)
end

return { { Pandoc = name_all }, { Div = trace }, { Pandoc = function() book.done() end } }
