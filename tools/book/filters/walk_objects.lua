-- The pictures of objects of a walk with objects="yes": for each step, what is
-- there when the walk goes on to the next, and for the last what is there when
-- its system call has returned. What was not there a step before is new. Steps
-- whose pictures are the same share one. script/walk.js shows the picture of a
-- step; without it, and on paper, there is the last one.

local book = require 'book'
local drawing = require 'drawing'
local element = require 'element'
local graph = require 'graph'
local in_words = require 'in_words'
local picture = require 'picture'
local relations = require 'relations'
local shown = require 'shown'
local slot_strips = require 'slot_strips'
local state = require 'state'

local walk_objects = {}

local types = relations.types()

-- The system call that a link to a call leads into, as a moment.
local function system_call(call)
	return call.link:match '^[^/]*/([^/]*)'
end

-- The states: before the first step, before each of the others, and after the
-- system call of the last. nil when one is refused.
local function states(line, name, mode, steps)
	local found = {}
	for index = 1, #steps + 1 do
		local one, why
		if steps[index] then
			one, why = state.before(name, mode, steps[index].call.line)
		else
			one, why = state.at(name, mode, system_call(steps[#steps].call))
		end
		if not one then
			return book.refuse_here(line, why)
		end
		found[index] = one
	end
	return found
end

-- What is new in a picture, as names.
local function new_names(it)
	local names = {}
	for _, list in ipairs { it.parts, it.slots } do
		for _, what in ipairs(list) do
			names[#names + 1] = what.is_new and (what.label or what.name or 'slot ' .. what.slot) or nil
		end
	end
	return names
end

-- The picture of each step: what is in it, and what is new. nil when refused.
local function pictures(line, attributes, steps)
	local chosen = shown.choose(line, attributes)
	local found = chosen and states(line, attributes.capture, attributes.mode or 'vhe', steps)
	if not found then
		return nil
	end
	local all, is_any_new = {}, false
	for index = 1, #steps do
		all[index] = picture.of(found[index + 1], chosen, picture.earlier(found[index]))
		all[index].new = new_names(all[index])
		is_any_new = is_any_new or #all[index].new > 0
	end
	local moment = 'after ' .. system_call(steps[#steps].call) .. ' in ' .. attributes.capture
	if not shown.check(line, attributes.show, all[#all], moment) then
		return nil
	elseif not is_any_new then
		return book.refuse_here(line, 'objects="yes": no step of this walk has a new object, so leave it out')
	end
	return all
end

local function draw(it, rows)
	local memory = slot_strips.draw(it)
	local svg = drawing.draw_graph(graph.of(it, types, rows), in_words.text(it), '')
	return svg and element.html(element('div', { 'class', 'drawn', 'tabindex', 0 }, '\n', element.as_is(svg)), '\n',
		memory and element.html(element('div', { 'class', 'drawn', 'tabindex', 0 }, '\n', memory), '\n'))
end

-- "Step 5: new is vcpu#0."
local function words(one, last)
	local steps = one.from == one.to and 'Step ' .. one.from or 'Steps ' .. one.from .. ' to ' .. one.to
	local new = {}
	for index, name in ipairs(one.it.new) do
		new[index] = element.html(index > 1 and ', ', element('code', name))
	end
	return element('p', { 'class', 'key' }, steps, last and element.html(', and ', element('code', last), ' has returned'), ': ',
		#new > 0 and element.html(element('b', { 'class', 'new' }, 'new'), ' ', table.unpack(new)) or 'nothing new', '.')
end

-- Steps one after the other that have the same picture share it.
local function shared(all)
	local found, rows = {}, 0
	for _, it in ipairs(all) do
		rows = math.max(rows, graph.rows(it, types))
	end
	for index, it in ipairs(all) do
		local same = graph.of(it, types) .. element.written((slot_strips.draw(it)))
		local last = found[#found]
		if last and last.same == same then
			last.to = index
		else
			found[#found + 1] = { it = it, same = same, from = index, to = index }
		end
	end
	return found, rows
end

-- The pictures of a walk, as HTML, and the number of each step's; nil when they
-- are refused.
function walk_objects.of(line, attributes, steps)
	local all = pictures(line, attributes, steps)
	if not all then
		return nil
	end
	local found, rows = shared(all)
	local html, numbers = {}, {}
	for number, one in ipairs(found) do
		local is_last = number == #found
		local drawn = draw(one.it, rows)
		if not drawn then
			return nil
		end
		html[number] = element.html(element('div', { 'class', 'walk-picture', 'hidden', not is_last and '' }, '\n', drawn,
			words(one, is_last and system_call(steps[#steps].call)), '\n'), '\n')
		for index = one.from, one.to do
			numbers[index] = number
		end
	end
	return element('div', { 'class', 'walk-pictures objects' }, '\n', table.unpack(html)), numbers
end

return walk_objects
