-- What two captures show differently: ::: {.diff a="03-vm" b="04-vcpu"}, or
-- one in two modes: a="04-vcpu" b-mode="nvhe". kvt draws the tree of both; the
-- text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local tables = require 'tables'

local next_line = book.each_block 'diff'
local known = { a = true, b = true, ['a-mode'] = true, ['b-mode'] = true, mode = true, open = true, args = true }
local chosen = { 'syscall', 'at', 'function', 'nth', 'nth-b', 'depth' }
for _, name in ipairs(chosen) do
	known[name] = true
end

local function options(attributes)
	local list = {}
	for _, name in ipairs(chosen) do
		if attributes[name] then
			table.insert(list, '--' .. name)
			table.insert(list, attributes[name])
		end
	end
	if attributes.args then
		table.insert(list, '--args')
	end
	return list
end

-- What to call a side: what tells it from the other.
local function called(sides, index)
	local side = sides[index]
	if sides[1].path == sides[2].path then
		return index == 1 and 'the first' or 'the second'
	end
	local mode = capture.mode(side.mode) .. ' mode'
	return sides[1].name == sides[2].name and mode
		or sides[1].mode == sides[2].mode and side.name or side.name .. ' in ' .. mode
end

local function asking(sides, attributes)
	local arguments = { 'diff', '--html', '--json', '--wbr', '--name-a', called(sides, 1), '--name-b', called(sides, 2),
		'--symbols', tables.symbols, '--source-base', book.source_base }
	for _, option in ipairs(options(attributes)) do
		table.insert(arguments, option)
	end
	if attributes.open then
		table.insert(arguments, '--open')
		table.insert(arguments, attributes.open)
	end
	table.insert(arguments, sides[1].path)
	table.insert(arguments, sides[2].path)
	return arguments
end

-- The parts of the tree. kvt's exit status is 1 where there is a difference.
local function draw(line, sides, attributes)
	local same, status, said = kvt.run(asking(sides, attributes))
	if same then
		book.refuse_here(line, sides[1].path .. ' and ' .. sides[2].path .. ' do not differ in what is chosen')
	elseif status ~= 1 then
		book.refuse_here(line, book.kvt .. ' diff failed on ' .. sides[1].path .. ' and ' .. sides[2].path)
	else
		return kvt.decode(said).html
	end
	return {}
end

local function legend(sides)
	local words = {}
	for index in ipairs(sides) do
		local sign = element('span', { 'class', 'sign' }, index == 1 and '−' or '+')
		words[index] = element.html(index > 1 and ', ',
			element('span', { 'class', index == 1 and 'only-a' or 'only-b' }, sign, ' only in ', called(sides, index)))
	end
	return element.html(element('p', { 'class', 'sides kvt-diff' }, table.unpack(words)), '\n')
end

local function quoted(word)
	return word:find '[^%w_./=:-]' and "'" .. word .. "'" or word
end

local function how(sides, attributes)
	local words = { 'build/kvt/kvt', 'diff' }
	for _, option in ipairs(options(attributes)) do
		table.insert(words, quoted(option))
	end
	table.insert(words, sides[1].path)
	table.insert(words, sides[2].path)
	return element('div', { 'class', 'how' }, element('p', 'The same in a terminal:'), '\n',
		element('pre', { 'tabindex', 0 }, element('code', table.concat(words, ' '))))
end

local function check(line, div)
	for name in pairs(div.attributes) do
		if not known[name] then
			return book.refuse_here(line, 'a diff knows no ' .. name .. '=')
		end
	end
	if not div.attributes.a then
		return book.refuse_here(line, 'a diff needs a="NN-name"')
	end
	local sides = capture.sides(div.attributes)
	if sides[1].path == sides[2].path and not div.attributes['nth-b'] then
		return book.refuse_here(line, 'a diff needs a second capture, b="NN-name" or b-mode="nvhe", or a second call, nth-b="2"')
	end
	return capture.check(line, sides[1].path) and capture.check(line, sides[2].path) and sides
end

local function diff(div)
	if not book.has_class(div, 'diff') then
		return nil
	end
	local line = next_line()
	local sides = check(line, div)
	if not sides then
		return nil
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'trace' })) }
	blocks:extend(element.caption(div.content))
	local parts = pandoc.List { element.written(element.start('div', { 'class', 'capture' }), '\n', legend(sides)) }
	parts:extend(draw(line, sides, div.attributes))
	parts:insert(element.written(how(sides, div.attributes), element.stop 'div', '\n', element.stop 'figure'))
	blocks:insert(drawn.block(parts))
	return blocks
end

return { { Div = diff }, { Pandoc = function() book.done() end } }
