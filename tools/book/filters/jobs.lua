-- The one filter that pandoc runs: does a page's jobs one after the other, as
-- jobs: in its settings lists them. Each is a file here, written as a filter of
-- its own; but pandoc would give each a Lua of its own, and all would read the
-- same files and tables again.

local directory = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '')
package.path = directory .. '?.lua;' .. package.path

local function do_all(document)
	local jobs = document.meta.jobs
	document.meta.jobs = nil
	for _, name in ipairs(jobs) do
		for _, filter in ipairs(dofile(directory .. pandoc.utils.stringify(name) .. '.lua')) do
			document = document:walk(filter)
		end
	end
	return document
end

return { { Pandoc = do_all } }
