-- Prints what filters/element.lua and filters/svg.lua make, for tests/book-html.t.

package.path = 'tools/book/filters/?.lua;' .. package.path
local element = require 'element'
local svg = require 'svg'

local function say(...)
	io.stdout:write(table.concat({ ... }, ' '), '\n')
end

say(element.written(element('a', { 'href', 'x?a&b', 'title', false, 'class', '"c"', 'hidden', '', 'n', 0 },
	'1 < 2', nil, element.as_is '<i>&amp;</i>', false, 3)))
say(element.written(element 'p'))
say(element.written(element('p', '<b>', element('b', '0'))))
say(element.written('a&', element('b', 'c')))
say(element.written(nil, element.html(false, 'a')))
say(element.written(element.start('figure', { 'class', 'x' }), '|', element.stop 'figure'))
local ok, why = pcall(function() return 'a' .. element 'p' end)
say(tostring(not ok), (why:gsub('^.-: ', '')))
local caption = element.caption { pandoc.Para 'x' }
say(#element.caption {}, caption[1].t, caption[1].text, caption[2].t, caption[3].t, caption[3].text)
local block, inline = element.block(element('p', '&')), element.inline(element('b', '&'))
say(block.t, block.format, block.text, inline.t, inline.format, inline.text)
say(element.written(element('B', 'a', element.empty 'BR', element.empty('HR', { 'CLASS', 'x' }))))
io.stdout:write(element.written(svg.text(1, 2.24, 'a < b'), svg.text(-1, .5, '&', 'code', 'end'), svg.box(1, 2.5, 10, 20),
	svg.box(0, 0, 1, 1, true), svg.picture('"a"', 100, 50.6, .0625, svg.group('edge', svg.line(1, 2, 3, 4)))))

return {}
