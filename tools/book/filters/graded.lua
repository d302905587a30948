-- Says at the head of a chapter's exercises that there are graded ones, if
-- there are: exercises/NN-name/.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local TEXT = 'Each of these has a solution in the book.\n' ..
	'Others are in `exercises/%s/`: something to predict, to change and to build.\n' ..
	'`make grade-%s` runs what you write there and judges it by what the kernel did.'

local function heading(header)
	local name = book.page(book.chapter):gsub('%.html$', '')
	if header.identifier ~= 'exercises' or not book.exists('exercises/' .. name .. '/README.md') then
		return nil
	end
	local blocks = pandoc.read(TEXT:format(name, name:match '^%d+'), 'markdown+smart').blocks
	return { header, table.unpack(blocks) }
end

return { { Header = heading } }
