-- Draws SVG, of elements: element.lua escapes its texts and values, and here
-- places become tenths of a unit. A shape has the page's color; its group's class
-- tells the style what it is.

local element = require 'element'

local svg = {}

local function tenths(number)
	return string.format('%.1f', number)
end

local function point(x, y)
	return tenths(x) .. ',' .. tenths(y)
end

-- anchor: what of the words is at x, the start, the middle or the end.
function svg.text(x, y, words, class, anchor)
	return element.html(element('text', { 'class', class or false, 'fill', 'currentColor', 'text-anchor', anchor or 'middle',
		'x', tenths(x), 'y', tenths(y), 'font-size', 11 }, words), '\n')
end

function svg.box(x, y, width, height, is_dashed)
	local corners = { point(x, y), point(x + width, y), point(x + width, y + height), point(x, y + height) }
	return element.html(element.empty('polygon', { 'fill', 'none', 'stroke', 'currentColor', 'stroke-dasharray', is_dashed and '5,2',
		'points', table.concat(corners, ' ') }), '\n')
end

function svg.line(x, y, to_x, to_y)
	return element.html(element.empty('path', { 'fill', 'none', 'stroke', 'currentColor',
		'd', 'M' .. point(x, y) .. ' L' .. point(to_x, to_y) }), '\n')
end

function svg.group(class, ...)
	return element.html(element('g', { 'class', class }, '\n', ...), '\n')
end

-- The whole. text: what it shows, for who does not see it; rem: the width of a
-- unit on the page.
function svg.picture(text, width, height, rem, ...)
	return element.html(element('svg', { 'role', 'img', 'aria-label', text, 'viewBox', string.format('0 0 %.0f %.0f', width, height),
		'style', string.format('--width:%.2frem', width * rem) }, '\n', ...), '\n')
end

return svg
