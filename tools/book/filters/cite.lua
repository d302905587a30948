-- Citations: [checks the bound](src:kvm_vm_ioctl_create_vcpu "id >= …") links
-- to the first line of that function that holds the text, by lines.tsv.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local tables = require 'tables'

-- Without a text, a symbol's own place is meant, and symbols.tsv has it.
local function find(symbol, text)
	local cited = tables.cited(symbol, text)
	if not cited and text == '' then
		local name, fragment = symbol:match '^([^@/]+)@?(.*)$'
		cited = name and tables.symbol(name, fragment ~= '' and fragment or nil)
	end
	return cited
end

local function cite(link)
	local symbol = link.target:match '^src:(.*)$'
	if not symbol then
		return nil
	end
	local text = tables.squeeze(link.title)
	local place = find(symbol, text)
	if not place then
		book.refuse_here(book.line_of('src:' .. symbol .. (text ~= '' and ' "' .. link.title or '')),
			'src:' .. symbol .. (text ~= '' and ' "' .. text .. '"' or '')
			.. ' is not in ' .. tables.lines .. ': run make index')
		return nil
	end
	link.target = book.source_url(place.path, place.line)
	link.title = place.path .. ':' .. place.line
	link.classes:insert 'cite'
	return { link, book.location(place.path, place.line) }
end

return { { Link = cite }, { Pandoc = function() book.done() end } }
