-- Writes what a chapter says about the kernel's source, for cite-lines:
-- "cite	symbol	text	file:line" and "name	function	fragment	file:line".

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local figure_claims = require 'figure_claims'
local outline = require 'outline'
local tables = require 'tables'

local function say(...)
	io.stdout:write(table.concat({ ... }, '\t'), '\n')
end

local function link(element)
	local symbol = element.target:match '^src:(.*)$'
	if symbol then
		local title = element.title ~= '' and ' "' .. element.title or ''
		local line = book.line_of('src:' .. symbol .. title)
		if line == 1 then
			-- In a sketch the function need not be said.
			line = book.line_of('src:' .. title)
		end
		say('cite', symbol, tables.squeeze(element.title), book.chapter .. ':' .. line)
	end
end

local function code(element)
	local name = element.text:match '^([%a_][%w_]*)%b()$'
	if name and not element.text:find '%(%d%a?%)$' then
		say('name', name, element.attributes.file or '', book.chapter .. ':' .. book.line_of('`' .. element.text .. '`'))
	end
end

-- The caption of a figure is text of the chapter, and its values may be the
-- source's.
local function image(element)
	if element.src:find '%.dot$' then
		pandoc.walk_block(pandoc.Div(pandoc.read(element.title, 'markdown').blocks), { Link = link, Code = code })
		local file = book.chapter:gsub('[^/]*$', '') .. element.src
		for _, claim in ipairs(figure_claims.read(file)) do
			if claim.kind == 'src' and not claim.wrong then
				say('cite', claim.found.at, tables.squeeze(claim.found.has), file .. ':' .. claim.line)
			end
		end
	end
end

return { { Div = outline.written_out }, { Link = link, Code = code, Image = image } }
