-- Writes what the glossary asks of a chapter, to $BOOK_OUT/.facts/NAME.words, in
-- lines: "bold" and what may be a term, "text" and the words of a paragraph or
-- heading, without code. Comes before the filters that change the chapter.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
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

-- A file that stays as it was keeps its time, and so does the glossary's page.
local function write(file, text)
	if table.concat(book.lines(file) or {}, '\n') ~= text then
		local out = assert(io.open(file, 'w'))
		out:write(text, '\n')
		out:close()
	end
end

local function chapter(document)
	local body = pandoc.Div(document.blocks)
	body:walk { Strong = say 'bold' }
	body = body:walk { Code = function() return pandoc.Space() end }
	body:walk { Para = say 'text', Plain = say 'text', Header = say 'text' }
	write(terms.words(book.chapter), table.concat(rows, '\n'))
end

return { { Pandoc = chapter } }
