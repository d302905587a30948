-- Sketches: ::: {.sketch function="kvm_vm_ioctl_create_vcpu"} is the outline of
-- a kernel function in our own words, a list inside the div:
--	- refuse [an ID of 512 or more](src: "id >= KVM_MAX_VCPU_IDS")
-- Each step cites its line (outline.lua says of which function), and the lines
-- must be in the order of the source. Where the capture has calls from that
-- line, the step opens them. The text before the list is the caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local outline = require 'outline'
local tables = require 'tables'

local next_line = book.each_block 'sketch'
local known = { 'function', 'capture', 'in', 'mode' }
local callable = { ['function'] = true, macro = true }
local ids = {}

-- The definition that a symbol of a citation means.
local function definition(symbol)
	local name, fragment = symbol:match '^([%a_][%w_]*)@?(.*)$'
	return name and tables.symbol(name, fragment ~= '' and fragment or nil, callable), name
end

-- ---- What the author wrote.

-- The lines of the chapter on which the steps of a list begin, from a line on.
local function lines_of_steps(from)
	local lines, found = book.lines(book.chapter) or {}, {}
	for number = from + 1, #lines do
		if lines[number]:find '^:::+%s*$' then
			break
		elseif lines[number]:find '^%s*[-*+]%s' or lines[number]:find '^%s*%d+[.)]%s' then
			found[#found + 1] = number
		end
	end
	return found
end

-- The citations of a step. Of the first, which is its place, only the words stay.
local function take_citations(block)
	local found = {}
	block = pandoc.walk_block(block, { Link = function(link)
		local symbol = link.target:match '^src:(.*)$'
		if symbol then
			found[#found + 1] = { symbol = symbol, text = tables.squeeze(link.title) }
			return #found == 1 and link.content or nil
		end
	end })
	return block, found
end

-- The place in the source of one of them; nil if it has none, which is refused.
local function place_of(line, symbol, text)
	local symbols, name = definition(symbol)
	if not symbols then
		return book.refuse_here(line, 'src:' .. symbol .. ' is no function of ' .. tables.symbols)
	end
	local place = text == '' and symbols or tables.cited(symbol, text)
	if not place then
		return book.refuse_here(line, 'src:' .. symbol .. ' "' .. text .. '" is not in ' .. tables.lines .. ': run make index')
	end
	return { path = place.path, line = place.line, name = name, symbol = symbols }
end

local function places_of(line, citations)
	if #citations == 0 then
		book.refuse_here(line, 'a step of a sketch needs its place: [words](src: "text of the line")')
	end
	local places = {}
	for _, citation in ipairs(citations) do
		places[#places + 1] = place_of(line, citation.symbol, citation.text)
	end
	return #places > 0 and #places == #citations and places or nil
end

-- The steps of a list with those below them; they are put into `all`, too.
local function read_steps(list, lines, all)
	local steps = {}
	for index, item in ipairs(list.content) do
		local step = { line = lines[#all + 1] or 1 }
		local first, second = item[1], item[2]
		all[#all + 1], steps[index] = step, step
		if not first or (first.t ~= 'Plain' and first.t ~= 'Para') or item[3] or second and not outline.is_list(second) then
			book.refuse_here(step.line, 'a step of a sketch is one paragraph, and below it at most one list')
		else
			local citations
			step.words, citations = take_citations(first)
			step.places = places_of(step.line, citations)
			step.below = second and read_steps(second, lines, all)
		end
	end
	return steps
end

-- Refuses a step that the source has before the one above it. Steps of another
-- function begin anew, and do not count for those that follow.
local function check_order(steps, name, last)
	for _, step in ipairs(steps) do
		for _, place in ipairs(step.places) do
			if place.name ~= name then
				name, last = place.name, nil
			end
			if last and place.line < last.line then
				book.refuse_here(step.line, string.format('the sketch is not in the order of the source: %s is before %s',
					book.place(place.path, place.line), book.place(last.path, last.line)))
			end
			last = place
		end
		if step.below then
			local inside, inside_name = check_order(step.below, name, last)
			last = inside_name == name and inside or last
		end
	end
	return last, name
end

-- ---- What the capture has.

-- Of each place: its calls, as kvt says them. nil if kvt refuses.
local function ask(line, path, scope, places)
	local arguments = { 'called', '--json', '--symbols', tables.symbols, '--source-base', book.source_base }
	if scope then
		arguments[#arguments + 1] = '--in'
		arguments[#arguments + 1] = scope
	end
	arguments[#arguments + 1] = path
	for _, place in ipairs(places) do
		arguments[#arguments + 1] = place.path .. ':' .. place.line
	end
	local rows, why = kvt.rows(arguments)
	if not rows then
		return book.refuse_here(line, kvt.complaint(why))
	end
	for index, row in ipairs(rows) do
		places[index].called = row
	end
	return true
end

-- ---- What the page shows.

local function add_place(parts, place)
	local where = place.path .. ':' .. place.line
	parts:insert(element('a', { 'class', 'sketch-line', 'href', book.source_url(place.path, place.line), 'title', where,
		'aria-label', book.place(place.path, place.line) }, place.line))
end

local function add_called(parts, called)
	if called.calls == 0 then
		return
	end
	local names = {}
	for index, name in ipairs(called.names) do
		names[index] = element.html(index > 1 and ', ', element('code', name))
	end
	parts:insert(element.html(element.start('details', { 'class', 'sketch-ran' }),
		element('summary', 'ran: ', element.html(table.unpack(names)), called.calls > 1 and ' × ' .. called.calls), '\n'))
	parts:extend(called.html)
	parts:insert(element.stop 'details')
end

local function link_to(name, symbol)
	return element.html(element('a', { 'class', 'fn', 'href', book.source_url(symbol.path, symbol.line),
		'title', symbol.path .. ':' .. symbol.line }, element('code', name .. '()')), ' ',
		element('span', { 'class', 'loc' }, book.place(symbol.path, symbol.line)))
end

-- name: the function that the steps above are about. Where the first step is
-- of another, the list says of which.
local function add_steps(blocks, steps, name)
	local first = steps[1].places[1]
	if first.name ~= name then
		blocks:insert(drawn.block { element('p', { 'class', 'sketch-into' }, link_to(first.name, first.symbol)) })
	end
	blocks:insert(element.block(element.start('ol', { 'class', 'sketch-steps' })))
	for _, step in ipairs(steps) do
		local before, after = pandoc.List { element.start('li', { 'class', 'sketch-step' }) }, pandoc.List { element.stop 'div' }
		add_place(before, step.places[1])
		before:insert(element.start('div', { 'class', 'sketch-words' }))
		for _, place in ipairs(step.places) do
			add_called(after, place.called)
		end
		blocks:extend { drawn.block(before), pandoc.Plain(step.words.content), drawn.block(after) }
		if step.below then
			add_steps(blocks, step.below, step.places[#step.places].name)
		end
		blocks:insert(element.block(element.stop 'li'))
	end
	blocks:insert(element.block(element.stop 'ol'))
end

-- What "ran" means, and of what the calls are.
local function foot(path, attributes, has_calls)
	local scope = attributes['in']
	local where = element.html(scope and element.html(element('code', scope), ' of '), element('b', capture.sources(path)[1].file),
		attributes.mode and ' in ' .. capture.mode(attributes.mode) .. ' mode')
	local said = has_calls and element.html('A step marked ', element('i', 'ran'), ' called what the recorder sees: ', where,
			'. The others may have run as well.')
		or element.html('What ran of it does not show: none of these lines called what the recorder sees, in ', where, '.')
	return element.html(element('p', { 'class', 'sketch-note' }, said), '\n', element.stop 'figure')
end

local function id_of(name)
	ids[name] = (ids[name] or 0) + 1
	return 'sketch-' .. name .. (ids[name] > 1 and '-' .. ids[name] or '')
end

local function draw(caption, steps, symbol, path, attributes, has_calls)
	local name = attributes['function']:match '^[%w_]+'
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'sketch', 'id', id_of(name) })) }
	blocks:extend(element.caption(caption))
	blocks:insert(drawn.block { element('p', { 'class', 'sketch-head' }, link_to(name, symbol)) })
	add_steps(blocks, steps, name)
	blocks:insert(drawn.block { foot(path, attributes, has_calls) })
	return blocks
end

local function check_attributes(line, attributes)
	book.check_names(line, attributes, 'a sketch', known)
	local symbol = attributes['function'] and definition(attributes['function'])
	if not attributes['function'] then
		book.refuse_here(line, 'a sketch needs function="…"')
	elseif not symbol then
		book.refuse_here(line, attributes['function'] .. '() is not in ' .. tables.symbols)
	end
	return symbol
end

-- The caption, and the list of a sketch; nil if that is not all there is.
local function split(div, line)
	local blocks = outline.named(div.content, div.attributes['function'])
	local list = blocks[#blocks]
	if not list or not outline.is_list(list) then
		return book.refuse_here(line, 'a sketch ends with the list of its steps')
	end
	blocks:remove()
	return blocks, list
end

local function sketch(div)
	if not book.has_class(div, 'sketch') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	local symbol = check_attributes(line, attributes)
	local path = capture.path(attributes.capture or book.program, attributes.mode or 'vhe', 'kvt')
	if not symbol or not capture.check(line, path) then
		return nil
	end
	local caption, list = split(div, line)
	if not list then
		return nil
	end
	local all, places, has_calls = {}, pandoc.List {}, false
	local steps = read_steps(list, lines_of_steps(line), all)
	for _, step in ipairs(all) do
		if not step.places then
			return nil
		end
		places:extend(step.places)
	end
	check_order(steps, attributes['function']:match '^[%w_]+', symbol)
	if not ask(line, path, attributes['in'], places) then
		return nil
	end
	for _, place in ipairs(places) do
		has_calls = has_calls or place.called.calls > 0
	end
	return draw(caption, steps, symbol, path, attributes, has_calls)
end

return { { Div = sketch }, { Pandoc = function() book.done() end } }
