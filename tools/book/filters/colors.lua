-- Blocks of code that have but a language, as make has had them colored with all
-- programs (tools/book/colored): it takes pandoc's highlighter longer to start, for
-- each page, than to make the rest of it. What is not there is left to pandoc.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local kvt = require 'kvt'

local lines = book.lines((os.getenv 'BOOK_COLORS' or '') .. '/' .. book.chapter .. '.json')
local known = lines and kvt.decode(lines[1]) or {}

local function has_more(block)
	for _ in pairs(block.attributes) do
		return true
	end
	return #block.classes > 1 or block.identifier ~= ''
end

-- A block's HTML; of one without a language nothing, because it is not colored.
local function html_of(block)
	return not has_more(block) and block.classes[1] and known[block.classes[1] .. '\n' .. block.text]
end

-- pandoc's ids have the number that the block has among all. It does not count
-- those that are HTML already, so a page takes all of its blocks, or none.
local function color(document)
	local number, is_known = 0, true
	document:walk { CodeBlock = function(block)
		is_known = is_known and (html_of(block) or not has_more(block) and #block.classes == 0)
	end }
	return is_known and document:walk { CodeBlock = function(block)
		number = number + 1
		local html = html_of(block)
		return html and book.html((html:gsub('="(#?)cb0', '="%1cb' .. number))) or nil
	end } or nil
end

return { { Pandoc = color } }
