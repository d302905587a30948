-- The last filter of a page: takes drawings apart into the HTML that they are.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local drawn = require 'drawn'

return { { Div = function(div)
	return drawn.is(div) and drawn.html(div) or nil
end } }
