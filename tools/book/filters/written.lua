-- Takes drawings apart into the HTML that they are, when no filter looks at them
-- any more.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local drawn = require 'drawn'

return { { Div = function(div)
	return drawn.is(div) and drawn.html(div) or nil
end } }
