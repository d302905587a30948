-- ::: exercise, ::: solution, ::: note and ::: hidden-from-traces.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local drawn = require 'drawn'
local element = require 'element'

local number = 0

local function titled(div, title)
	div.content:insert(1, drawn.block({ element.written(element('p', { 'class', 'box-title' }, title)) }, title, 'title'))
	return div
end

local function exercise(div)
	number = number + 1
	local chapter = book.number(book.chapter)
	div.identifier = div.identifier ~= '' and div.identifier or 'exercise-' .. number
	return titled(div, 'Exercise ' .. (chapter and chapter .. '.' or '') .. number)
end

local function solution(div)
	local blocks = pandoc.List { element.block(element.start('details', { 'class', 'solution' }),
		element('summary', 'Solution'), '\n', element.start 'div') }
	blocks:extend(div.content)
	blocks:insert(element.block(element.stop 'div', '\n', element.stop 'details'))
	return drawn.blocks(blocks, 'solution')
end

local function box(div)
	if book.has_class(div, 'exercise') then
		return exercise(div)
	elseif book.has_class(div, 'solution') then
		return solution(div)
	elseif book.has_class(div, 'hidden-from-traces') then
		return titled(div, 'What no capture shows')
	elseif book.has_class(div, 'note') then
		return titled(div, 'Note')
	end
end

return { { Div = box } }
