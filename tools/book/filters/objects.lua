-- Pictures of objects: ::: {.objects capture="04-vcpu" after="KVM_CREATE_VCPU"
-- since="03-vm KVM_CREATE_VM"} is what is there at that moment, the program's
-- descriptors at the left and the kernel's objects at the right, with what is
-- new since an earlier moment marked. The text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawing = require 'drawing'
local element = require 'element'
local graph = require 'graph'
local in_words = require 'in_words'
local picture = require 'picture'
local relations = require 'relations'
local shown = require 'shown'
local state = require 'state'
local slot_strips = require 'slot_strips'

local next_line = book.each_block 'objects'
local known = { 'capture', 'after', 'since', 'mode', 'show', 'hide' }
local types = relations.types()

-- The state at a moment, or nil when it is refused.
local function state_at(line, name, mode, moment)
	if not capture.check(line, capture.path(name, mode, 'kvt')) then
		return nil
	end
	local found, why = state.at(name, mode, moment)
	if not found then
		return book.refuse_here(line, why)
	end
	return found
end

-- What was there at the moment of since="[NAME] MOMENT", or false where nothing
-- is said; nil when it is refused.
local function before(line, attributes)
	if not attributes.since then
		return false
	end
	local name, moment = attributes.since:match '^(%S+)%s+(%S+)$'
	local earlier = state_at(line, name or attributes.capture, attributes.mode or 'vhe', moment or attributes.since)
	return earlier and picture.earlier(earlier, name ~= nil)
end

-- What the lines and the mark mean.
local function key(it, attributes)
	local from_source = false
	for _, tie in ipairs(it.ties) do
		from_source = from_source or not tie.call
	end
	local name, moment = (attributes.since or ''):match '^(%S+)%s+(%S+)$'
	local since = attributes.since and element.html(element('b', { 'class', 'new' }, 'new'), ': since ',
		element('code', moment or attributes.since), name and element.html(' in ', element('code', name)), '.')
	return element('p', { 'class', 'key' }, 'After ', element('code', attributes.after), ' in the capture of ',
		element('code', attributes.capture), '. ',
		from_source and 'Solid: a call in the capture has both ends. Dashed: from the source alone. ', since)
end

local function drawn(svg)
	return element.html(element('div', { 'class', 'drawn', 'tabindex', 0 }, '\n', svg), '\n')
end

local function figure(div, it)
	local text, links = graph.of(it, types)
	local memory, memory_words = slot_strips.draw(it)
	local svg = drawing.draw_graph(text, in_words.text(it), links)
	if not svg then
		return {}
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'drawing objects' }), '\n',
		drawn(element.as_is(svg)), memory and drawn(memory), element.start 'figcaption') }
	blocks:extend(div.content)
	-- A caption must come first or last in its figure, so the words are in it.
	blocks:insert(element.block(key(it, div.attributes), '\n',
		element('details', '\n', element('summary', { 'class', 'in-words' }, 'The same in words'), '\n',
			element('div', { 'class', 'in-words' }, in_words.list(it, types, memory_words)), '\n'),
		'\n', element.stop 'figcaption', '\n', element.stop 'figure'))
	return blocks
end

local function check_attributes(line, attributes)
	if not book.check_names(line, attributes, 'a picture of objects', known) then
		return false
	end
	if not attributes.capture or not attributes.after then
		book.refuse_here(line, 'a picture of objects needs capture="NN-name" and after="REQUEST" (or after="end")')
		return false
	end
	return true
end

local function objects(div)
	if not book.has_class(div, 'objects') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	if not check_attributes(line, attributes) then
		return {}
	end
	local chosen = shown.choose(line, attributes)
	local now = chosen and state_at(line, attributes.capture, attributes.mode or 'vhe', attributes.after)
	local earlier = now and before(line, attributes)
	if not now or earlier == nil then
		return {}
	end
	local it = picture.of(now, chosen, earlier)
	local moment = 'after ' .. attributes.after .. ' in ' .. attributes.capture
	return shown.check(line, attributes.show, it, moment) and figure(div, it) or {}
end

return { { Div = objects }, { Pandoc = function() book.done() end } }
