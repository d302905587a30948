-- Refuses a link that does not say where it leads. Readers skim links, and a
-- screen reader lists them without their sentence: there, "here" says nothing.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local empty = {}
for word in ('here there this link'):gmatch '%a+' do
	empty[word] = true
end

local function link(element)
	local text = pandoc.utils.stringify(element.content)
	if empty[text:lower()] then
		book.refuse_here(book.line_of('[' .. text .. '](' .. element.target), 'a link must say where it leads, and "'
			.. text .. '" does not: name the function, or what is there')
	end
end

return { { Link = link }, { Pandoc = function() book.done() end } }
