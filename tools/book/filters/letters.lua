-- The letters above a long list: each leads to the first entry that begins with it.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local element = require 'element'

local letters = {}

-- Places are { letter = 'K', id = 'letter-k' }, in the order of the list.
function letters.strip(places)
	local links = {}
	for index, place in ipairs(places) do
		links[index] = element.html(index > 1 and ' ', element('a', { 'href', '#' .. place.id }, place.letter))
	end
	return element.block(element('nav', { 'class', 'letters', 'aria-label', 'Letters' }, table.unpack(links)))
end

return letters
