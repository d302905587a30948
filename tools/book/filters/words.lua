-- What the glossary asks of a chapter, in lines: "bold" and what may be a term,
-- "text" and the words of a paragraph or heading, without code.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local terms = require 'terms'

local rows = {}

local function say(kind)
	return function(element)
		if kind == 'text' or terms.is_term(element) then
			local words = pandoc.utils.stringify(element):gsub('%s+', ' '):gsub('\u{2019}', "'")
			rows[#rows + 1] = kind .. ' ' .. words
		end
	end
end

local function chapter(document)
	local body = pandoc.Div(document.blocks)
	body:walk { Strong = say 'bold' }
	body = body:walk { Code = function() return pandoc.Space() end }
	body:walk { Para = say 'text', Plain = say 'text', Header = say 'text' }
	return pandoc.Pandoc { pandoc.RawBlock('plain', table.concat(rows, '\n')) }
end

return { { Pandoc = chapter } }
