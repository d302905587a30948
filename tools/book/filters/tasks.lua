-- The graded exercises of a chapter, as exercises/NN-name/README.md has them.

local book = require 'book'

local tasks = {}

-- A list of { name = 'Predict', id = 'graded-predict', about = its first sentence
-- in Markdown }, or nil where the chapter has no graded exercises.
function tasks.of(chapter)
	local lines = book.lines('exercises/' .. chapter .. '/README.md')
	if not lines then
		return nil
	end
	local found = {}
	for _, line in ipairs(lines) do
		local last = found[#found]
		local name = line:match '^## (%w+):'
		if name then
			found[#found + 1] = { name = name, id = 'graded-' .. name:lower() }
		elseif last and not last.about and line:find '%S' then
			last.about = line
		end
	end
	return found
end

return tasks
