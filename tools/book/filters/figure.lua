-- Figures: an image that is a graph, ![Its text](figures/NAME.dot "A caption."),
-- becomes an SVG that dot draws, in the page's fonts and colors.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local drawing = require 'drawing'
local element = require 'element'
local figure_checks = require 'figure_checks'

local function is_figure(image)
	return image and image.t == 'Image' and image.src:find '%.dot$'
end

local function line_of(image)
	return book.line_of('](' .. image.src)
end

-- The SVG of a figure, or nil when it is refused.
local function draw(image)
	local line = line_of(image)
	local text = pandoc.utils.stringify(image.caption)
	local file = book.chapter:gsub('[^/]*$', '') .. image.src
	if not file:find '^chapters/figures/[%w-]+%.dot$' then
		return book.refuse_here(line, 'a figure is a file chapters/figures/NAME.dot: ' .. image.src)
	end
	if not book.exists(file) then
		return book.refuse_here(line, 'no figure ' .. file)
	end
	if not text:find '%S' then
		return book.refuse_here(line, 'figure without a text: say between ![ and ] what '
			.. image.src .. ' shows, for those who do not see it')
	end
	figure_checks.check(file, line)
	return drawing.draw(file, text)
end

local function figure(paragraph)
	local image = paragraph.content[1]
	if #paragraph.content ~= 1 or not is_figure(image) then
		return nil
	end
	local svg = draw(image)
	if not svg then
		return {}
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'drawing' }), '\n',
		element('div', { 'class', 'drawn', 'tabindex', 0 }, '\n', element.as_is(svg))) }
	blocks:extend(element.caption(pandoc.read(image.title, 'markdown+smart').blocks))
	blocks:insert(element.block(element.stop 'figure'))
	return blocks
end

-- What is left stands in the middle of a text.
local function stray(image)
	if is_figure(image) then
		book.refuse_here(line_of(image), 'a figure stands alone, between empty lines: ' .. image.src)
	end
end

return { { Para = figure }, { Image = stray }, { Pandoc = function() book.done() end } }
