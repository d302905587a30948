-- A page in small, whose parts have numbers, and what the numbers mean:
--
--	::: {.annotated capture="04-vcpu" syscall="KVM_CREATE_VCPU" functions="A B"}
--	1. What the first part is.
--	:::
--
-- The line of the program, its system call and the calls of the functions are
-- those of the capture, as kvt has them; the list has an item for each number.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local kvt = require 'kvt'
local tables = require 'tables'
local woke = require 'woke'

local next_line = book.each_block 'annotated'

-- A part gets a number when it is the first of its kind.
local function picture()
	local made = { number = 0, rows = pandoc.List {}, known = {} }

	local function part(inline, kind)
		local words = pandoc.List { inline }
		if not made.known[kind] then
			made.known[kind] = true
			made.number = made.number + 1
			words:insert(1, pandoc.Span({ pandoc.Str(tostring(made.number)) }, { class = 'pin' }))
		end
		return pandoc.Span(words, { class = 'part ' .. kind })
	end

	-- Of nothing there is no part.
	function made.code(text, kind)
		return text and part(pandoc.Code(text), kind) or false
	end

	function made.text(text, kind)
		return text and part(pandoc.Str(text), kind) or false
	end

	function made.row(class, parts)
		local words = pandoc.List {}
		for _, one in ipairs(parts) do
			if one then
				words:extend(#words > 0 and { pandoc.Space(), one } or { one })
			end
		end
		made.rows:insert(pandoc.Div({ pandoc.Plain(words) }, pandoc.Attr('', { 'row', class })))
	end

	return made
end

-- The first call of a function below a call, and how many levels below; a level
-- that the compiler merged into its caller is one, too.
local function find(call, name, depth)
	for _, child in ipairs(call.calls or {}) do
		if child.name == name then
			return child, depth
		end
		local found, below = find(child, name, depth + 1)
		if found then
			return found, below
		end
	end
end

local KINDS = { inlined = 'inlined', unseen = 'not recorded' }

local function result(call)
	return call.result and '= ' .. call.result
end

local function draw_line(made, path, place)
	for _, row in ipairs(woke.rows(path) or {}) do
		if row.place == place then
			local text = book.lines(row.file)[row.line]:gsub('^%s+', '')
			made.row('of-program', {
				made.text(tostring(row.line), 'line-number'), pandoc.Code(text), made.text(tostring(row.functions), 'badge'),
			})
		end
	end
end

local function draw_system_call(made, call)
	made.row('of-system-call', {
		made.code(string.format('%s(%s)', call.name, call.text), 'request'),
		made.code(result(call), 'result'),
		made.text(woke.id(call.place), 'maker'),
	})
end

local function draw_call(made, call, level)
	made.row('deep-' .. level, {
		made.code(call.name, 'function'),
		made.code(call.text and '(' .. call.text .. ')', 'arguments'),
		made.code(result(call), 'result'),
		made.text(KINDS[call.kind], 'kind'),
		made.text(call.place and '← ' .. woke.id(call.place), 'caller'),
		made.text(call.source and woke.id(call.source), 'definition'),
	})
end

-- What lies between a function and the one named before it is left out.
local function draw_calls(made, line, path, root, names)
	local level, above = 0, 0
	for name in names:gmatch '%S+' do
		local call, depth = find(root, name, 1)
		if call then
			level = depth > above and math.min(level + 1, 3) or level
			above = depth
			draw_call(made, call, level)
		else
			book.refuse_here(line, name .. ' is not among the calls of this system call in ' .. path)
		end
	end
end

local function system_call(line, path, attributes)
	local arguments = { 'export', '--format', 'json', '--symbols', tables.symbols }
	for _, name in ipairs { 'syscall', 'nth' } do
		if attributes[name] then
			table.insert(arguments, '--' .. name)
			table.insert(arguments, attributes[name])
		end
	end
	table.insert(arguments, path)
	local tree = kvt.json(arguments)
	local call = tree and tree.threads[1] and tree.threads[1].calls[1]
	if not call or call.kind ~= 'syscall' then
		book.refuse_here(line, string.format('%s has no system call syscall="%s"', path, attributes.syscall or ''))
		return nil
	end
	return call
end

local function check_items(line, made, div)
	local list = div.content[1]
	local items = list and list.t == 'OrderedList' and #list.content or 0
	if items ~= made.number then
		book.refuse_here(line, string.format('the picture has %d numbered parts, and the list below it %d items', made.number, items))
	end
end

local function annotated(div)
	if not book.has_class(div, 'annotated') then
		return nil
	end
	local line = next_line()
	local path = div.attributes.capture and capture.path(div.attributes.capture, 'vhe', 'kvt')
	if not path then
		return book.refuse_here(line, 'an annotated page needs capture="NN-name"')
	end
	local root = capture.check(line, path) and system_call(line, path, div.attributes)
	if not root then
		return nil
	end
	local made = picture()
	draw_line(made, path, root.place)
	draw_system_call(made, root)
	draw_calls(made, line, path, root, div.attributes.functions or '')
	check_items(line, made, div)
	local blocks = pandoc.List { pandoc.Div(made.rows, { class = 'picture' }) }
	blocks:extend(div.content)
	return pandoc.Div(blocks, { class = 'annotated' })
end

return { { Div = annotated }, { Pandoc = function() book.done() end } }
