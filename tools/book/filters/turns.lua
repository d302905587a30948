-- How the threads of a program took turns: ::: {.turns capture="15-psci"
-- calls="KVM_RUN kvm_reset_vcpu(vcpu#1)" turns="1-6"} is a table with a column
-- for each thread and the calls in the order of time, as kvt turns prints them;
-- NAME(TEXT) means calls with that text among the arguments. The text inside
-- the div is its caption. A capture tells each thread by itself; NN-name.turns
-- beside it tells how they took turns.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local tables = require 'tables'

local next_line = book.each_block 'turns'

local function asking(path, file, attributes)
	local arguments = { 'turns', '--html', '--json', '--symbols', tables.symbols, '--source-base', book.source_base,
		'--calls', attributes.calls }
	-- The book has the page with the whole capture of VHE mode.
	if not attributes.mode or attributes.mode == 'vhe' then
		table.insert(arguments, '--page')
		table.insert(arguments, attributes.capture .. '-tree.html')
	end
	if attributes.turns then
		table.insert(arguments, '--turns')
		table.insert(arguments, attributes.turns)
	end
	table.insert(arguments, path)
	table.insert(arguments, file)
	return arguments
end

local function turns(div)
	if not book.has_class(div, 'turns') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	local mode = attributes.mode or 'vhe'
	if not attributes.capture or not attributes.calls then
		return book.refuse_here(line, 'turns need capture="NN-name" and calls="NAME NAME"')
	end
	local path = capture.path(attributes.capture, mode, 'kvt')
	local file = capture.path(attributes.capture, mode, 'turns')
	if not capture.check(line, path) then
		return nil
	elseif not book.exists(file) then
		return book.refuse_here(line, 'no turns ' .. file .. ': run make traces')
	end
	local said, _, why = kvt.heard(asking(path, file, attributes))
	if not said then
		return book.refuse_here(line, kvt.complaint(why))
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'turns' })) }
	blocks:extend(element.caption(div.content))
	blocks:insert(element.block(element.start('div', { 'class', 'turns-table', 'tabindex', 0 })))
	blocks:insert(drawn.block(kvt.decode(said).html))
	blocks:insert(element.block(element.stop 'div', '\n', element.stop 'figure'))
	return blocks
end

return { { Div = turns }, { Pandoc = function() book.done() end } }
