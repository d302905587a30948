-- The empty page that source-pages fills with the kernel's files, one each.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local function page(document)
	local meta = document.meta
	meta.title = pandoc.MetaInlines(document.blocks:remove(1).content)
	book.frame(meta)
	return document
end

return { { Pandoc = page } }
