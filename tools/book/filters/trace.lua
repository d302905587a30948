-- Captures: ::: {.trace capture="04-vcpu" syscall="KVM_CREATE_VCPU"} shows a
-- call tree, which kvt draws. The text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local tables = require 'tables'

local next_line = book.each_block 'trace'
local chosen = { 'syscall', 'function', 'depth', 'nth' }

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

-- The captures of which something is shown that no tracer sees.
local has_gaps = {}

-- One tree as HTML, or nil when kvt refuses; quietly for a second try.
local function run(path, selection, quietly)
	local arguments = { 'html', '--symbols', tables.symbols, '--source-base', book.source_base }
	if book.exists(tables.gaps) then
		table.insert(arguments, '--gaps')
	end
	for _, option in ipairs(selection) do
		table.insert(arguments, option)
	end
	table.insert(arguments, path)
	if quietly then
		table.move(arguments, 1, #arguments, 4)
		arguments[1], arguments[2], arguments[3] = '-c', 'exec "$0" "$@" 2>/dev/null', book.kvt
	end
	local ran, html = pcall(pandoc.pipe, quietly and 'sh' or book.kvt, arguments, '')
	return ran and html or nil
end

local function has_calls(html)
	return html and html:find('<li', 1, true)
end

-- Which attribute left nothing over: the last that, taken away, gives a tree.
local function culprit(path, attributes)
	local but = {}
	for index = #chosen, 1, -1 do
		local name = chosen[index]
		if attributes[name] then
			but[name] = true
			if has_calls(run(path, options(attributes, but), true)) then
				return name .. '="' .. attributes[name] .. '" matches nothing in ' .. path
			end
		end
	end
end

local function tree(line, path, attributes)
	local selection = options(attributes)
	if attributes.open then
		table.insert(selection, '--open')
		table.insert(selection, attributes.open)
	end
	local html = run(path, selection)
	if not has_calls(html) then
		book.refuse_here(line, culprit(path, attributes)
			or html and path .. ' has no calls to show'
			or book.kvt .. ' html failed on ' .. path)
	end
	has_gaps[path] = html and html:find('class="gap"', 1, true)
	-- A long call breaks after its opening bracket first.
	return html and html:gsub('<span class="args">%(', '%0<wbr>') or ''
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
	return '<div class="how"><p>Recorded from <b>' .. book.escape(source) .. '</b> on Linux '
		.. book.kernel .. ' in ' .. table.concat(names, ', '):gsub(', ([^,]*)$', ' and %1')
		.. ' mode by <code>kvt record</code>. The same in a terminal:</p>\n<pre tabindex="0"><code>'
		.. book.escape(table.concat(commands, '\n')) .. '</code></pre></div>'
end

local function modes_of(attributes)
	local modes = {}
	for mode in (attributes.modes or attributes.mode or 'vhe'):gmatch '%S+' do
		modes[#modes + 1] = mode
	end
	return modes
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
	local modes = modes_of(attributes)
	local several = #modes > 1
	local paths, html = {}, {}
	for index, mode in ipairs(modes) do
		paths[index] = capture.path(name, mode, 'kvt')
		if not capture.check(line, paths[index]) then
			return nil
		end
		local title = several and '<p class="mode">' .. capture.mode(mode):gsub('^p', 'P') .. '</p>\n' or ''
		html[index] = '<div class="capture">' .. title .. tree(line, paths[index], attributes)
			.. (several and '' or how(paths, modes, attributes)) .. '</div>'
	end
	local blocks = pandoc.List { book.html('<figure class="trace' .. (several and ' modes' or '') .. '">') }
	if #div.content > 0 then
		blocks:insert(book.html '<figcaption>')
		blocks:extend(div.content)
		blocks:insert(book.html '</figcaption>')
	end
	blocks:insert(book.html('<div class="captures">\n' .. table.concat(html, '\n') .. '\n</div>\n'
		.. (several and how(paths, modes, attributes) .. '\n' or '') .. '</figure>'))
	return blocks
end

return { { Div = trace }, { Pandoc = function() book.done() end } }
