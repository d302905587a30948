-- What a program printed: ``` {.output capture="01-open" lines="3-7"}

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'

local next_line = book.each_block 'output'

local function range(line, wanted, lines, path)
	local first, last = wanted:match '^(%d+)%-(%d+)$'
	first = tonumber(first or wanted:match '^%d+$')
	last = tonumber(last or first)
	if not first or first < 1 or last < first or last > #lines then
		book.refuse_here(line, string.format('lines="%s" is not in %s, which has %d lines',
			wanted, path, #lines))
		return lines
	end
	return table.move(lines, first, last, 1, {})
end

local function output(block)
	if not book.has_class(block, 'output') then
		return nil
	end
	local line = next_line()
	local name, mode = block.attributes.capture, block.attributes.mode or 'vhe'
	if not name then
		return book.refuse_here(line, 'an output needs capture="NN-name"')
	end
	if block.text:find '%S' then
		book.refuse_here(line, 'an output has no text of its own: it shows what the program printed')
	end
	if not capture.check(line, capture.path(name, mode, 'kvt')) then
		return nil
	end
	local path = capture.path(name, mode, 'out')
	local lines = book.lines(path)
	if not lines then
		return book.refuse_here(line, 'no output ' .. path .. ': run make traces')
	end
	if block.attributes.lines then
		lines = range(line, block.attributes.lines, lines, path)
	end
	local text = table.concat(lines, '\n')
	local caption = element('figcaption', element('b', name), ' prints', block.attributes.mode and ' in ' .. capture.mode(mode) .. ' mode')
	local printed = element('pre', { 'tabindex', 0 }, element('code', text, '\n'))
	return drawn.block({ element.written(element('figure', { 'class', 'output' }, '\n', caption, '\n', printed, '\n')) }, text, 'code')
end

return { { CodeBlock = output }, { Pandoc = function() book.done() end } }
