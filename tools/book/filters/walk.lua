-- Walks: ::: {.walk capture="04-vcpu" in="KVM_CREATE_VCPU#1"} goes through a
-- call tree in a few steps, a numbered list inside the div:
--	1. `kvm_arch_vcpu_precreate`: the architecture may object.
-- Before the colon stands the call, as a path in the language of claims, and
-- behind it what is to be said of it. kvt finds the calls, in the order of
-- time. The text before the list is the caption. script/walk.js shows the steps
-- one by one; without it, and on paper, this is a numbered list.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local tables = require 'tables'
local walk_objects = require 'walk_objects'
local woke = require 'woke'

local next_line = book.each_block 'walk'
local known = { 'capture', 'in', 'mode', 'name', 'objects', 'show', 'hide' }
local walks, names = 0, {}

-- ---- What the author wrote.

-- The lines of the chapter on which the steps of a list begin, from a line on.
local function lines_of_steps(from)
	local lines, found = book.lines(book.chapter) or {}, {}
	for number = from + 1, #lines do
		if lines[number]:find '^:::+%s*$' then
			break
		elseif lines[number]:find '^%d+[.)]%s' then
			found[#found + 1] = number
		end
	end
	return found
end

-- Takes the path and the colon off a step; returns the path, or nil.
local function take_path(item)
	local first = item[1]
	local inlines = first and (first.t == 'Plain' or first.t == 'Para') and first.content
	local code, colon = inlines and inlines[1], inlines and inlines[2]
	if not colon or code.t ~= 'Code' or colon.t ~= 'Str' or colon.text ~= ':' then
		return nil
	end
	inlines:remove(1)
	inlines:remove(1)
	while inlines[1] and (inlines[1].t == 'Space' or inlines[1].t == 'SoftBreak') do
		inlines:remove(1)
	end
	item[1] = pandoc.Para(inlines)
	return #inlines > 0 and code.text or nil
end

-- The caption and the steps of a walk: path, line and blocks of each. nil where
-- one is wrong, which is then refused.
local function read(div, line)
	local caption, list = pandoc.List {}, nil
	for _, block in ipairs(div.content) do
		if list then
			return book.refuse_here(line, 'nothing follows the numbered list of a walk')
		elseif block.t == 'OrderedList' then
			list = block
		else
			caption:insert(block)
		end
	end
	if not list then
		return book.refuse_here(line, 'a walk needs a numbered list of its steps')
	end
	local lines, steps = lines_of_steps(line), {}
	for number, item in ipairs(list.content) do
		local at = lines[number] or line
		local path = take_path(item)
		if not path then
			return book.refuse_here(at, 'a step of a walk begins with its call, a colon and some text: `kvm_vm_ioctl`: It …')
		end
		steps[number] = { path = path, line = at, blocks = item }
	end
	return caption, steps
end

-- The ids of a walk's steps begin with this. The first walk of a page needs no
-- name; walk-3 is its third step, walk-NAME-3 that of another.
local function prefix(line, name)
	walks = walks + 1
	if name and not name:find '^[%a][%w-]*$' then
		return book.refuse_here(line, 'the name of a walk is of letters, digits and hyphens: ' .. name)
	elseif walks > 1 and not name then
		return book.refuse_here(line, 'the second walk of a page needs a name="…", which its links begin with')
	elseif names[name or ''] then
		return book.refuse_here(line, 'another walk of this page has the name ' .. name)
	end
	names[name or ''] = true
	return walks == 1 and 'walk' or 'walk-' .. name
end

-- ---- What the capture has.

local function asking(path, scope, steps)
	local arguments = { 'walk', '--json', '--symbols', tables.symbols, '--source-base', book.source_base, path }
	for _, step in ipairs(steps) do
		arguments[#arguments + 1] = (scope and 'in ' .. scope .. ': ' or '') .. step.path
	end
	return arguments
end

-- Has kvt find each step's call; refuses at the line of the step that it says.
local function find(line, path, scope, steps)
	local rows, why = kvt.rows(asking(path, scope, steps))
	if not rows then
		why = kvt.complaint(why)
		local from, number = why:match '()step (%d+): '
		local step = steps[tonumber(number)]
		book.refuse_here(step and step.line or line, 'walk fails: ' .. (from and why:sub(from) or why):gsub('\n', '\n' .. path .. ': '))
		return false
	end
	for index, row in ipairs(rows) do
		steps[index].call = row
	end
	return true
end

-- ---- What the page shows.

-- From the line of the program down to what made the call.
local function add_way(parts, call)
	if #call.way == 0 then
		return
	end
	parts:insert(element.start('p', { 'class', 'walk-way' }))
	if call.at then
		parts:insert { at = call.at, text = woke.id(call.at) }
		parts:insert ' › '
	end
	for index, name in ipairs(call.way) do
		parts:insert(element.html(index > 1 and ' › ', name))
	end
	parts:insert(element.html(element.stop 'p', '\n'))
end

-- A page with the whole capture has the system call; a script finds the row.
local function add_row(parts, call, name, mode)
	if call.at and mode == 'vhe' and book.owner(call.at:match '^(.*):') then
		parts:insert(element('p', { 'class', 'walk-links' },
			element('a', { 'class', 'walk-row', 'href', woke.page(name) .. '#tree-' .. woke.id(call.at) }, 'in the whole tree')))
	end
end

local function add_call(parts, call, name, mode)
	parts:insert(element.html(element.start('div', { 'class', 'kvt-tree walk-call' }), element.start('div', { 'class', 'leaf' })))
	parts:extend(call.html)
	parts:insert(element.html(element.stop 'div', element.stop 'div', '\n'))
	add_row(parts, call, name, mode)
end

local function step_begins(id, number, call, picture)
	return element.start('li', { 'class', 'walk-step', 'id', id .. '-' .. number, 'data-step', number, 'data-call', call.link,
		'data-at', call.at and woke.id(call.at), 'data-picture', picture })
end

-- pictures: of objects, or nil; numbers: which of them each step has.
local function draw(caption, steps, id, attributes, pictures, numbers)
	local mode = attributes.mode or 'vhe'
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'walk-through', 'id', id })) }
	blocks:extend(element.caption(caption))
	blocks:insert(element.block(element.start('ol', { 'class', 'walk-steps' })))
	for number, step in ipairs(steps) do
		local parts = pandoc.List {}
		add_way(parts, step.call)
		add_call(parts, step.call, attributes.capture, mode)
		blocks:insert(element.block(step_begins(id, number, step.call, numbers and numbers[number])))
		blocks:extend(step.blocks)
		blocks:insert(drawn.block(parts))
		blocks:insert(element.block(element.stop 'li'))
	end
	blocks:insert(element.block(element.stop 'ol', '\n', pictures and element.html(pictures, '\n'), element.stop 'figure'))
	return blocks
end

local function check_attributes(line, attributes)
	book.check_names(line, attributes, 'a walk', known)
	if not attributes.capture then
		book.refuse_here(line, 'a walk needs capture="NN-name"')
		return false
	elseif attributes.objects and attributes.objects ~= 'yes' then
		book.refuse_here(line, 'objects="' .. attributes.objects .. '": it is "yes", or left out')
		return false
	elseif not attributes.objects and (attributes.show or attributes.hide) then
		book.refuse_here(line, 'a walk has types to show or hide only with objects="yes"')
		return false
	end
	return true
end

local function walk(div)
	if not book.has_class(div, 'walk') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	local id = prefix(line, attributes.name)
	if not check_attributes(line, attributes) or not id then
		return nil
	end
	local path = capture.path(attributes.capture, attributes.mode or 'vhe', 'kvt')
	if not capture.check(line, path) then
		return nil
	end
	local caption, steps = read(div, line)
	if not steps or not find(line, path, attributes['in'], steps) then
		return nil
	end
	local pictures, numbers
	if attributes.objects then
		pictures, numbers = walk_objects.of(line, attributes, steps)
		if not pictures then
			return nil
		end
	end
	return draw(caption, steps, id, attributes, pictures, numbers)
end

return { { Div = walk }, { Pandoc = function() book.done() end } }
