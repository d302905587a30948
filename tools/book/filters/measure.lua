-- How much there is to read and to do, in a chapter and in the book.

local book = require 'book'
local tasks = require 'tasks'

local measure = { names = { 'chapters', 'shortest', 'longest', 'hours', 'exercises', 'graded' } }

-- Words of prose that a reader reads in a minute, with the code and the trees
-- between them.
local PACE = 200

-- What words.lua has written down of the chapter, or nil when it has not.
local function minutes(name)
	local words = 0
	local lines = book.lines(book.out .. '/.facts/' .. name .. '.words')
	for _, line in ipairs(lines or {}) do
		local text = line:match '^text (.*)'
		for _ in (text or ''):gmatch '%S+' do
			words = words + 1
		end
	end
	return lines and math.max(1, math.floor(words / PACE + .5))
end

-- The ids that boxes.lua gives to the exercises.
local function exercises(file)
	local ids = {}
	for _, line in ipairs(book.lines(file) or {}) do
		if line:find '^:::+%s*{?%.?exercise[%s}]' or line:find '^:::+%s*exercise$' then
			ids[#ids + 1] = line:match '#([%w-]+)' or 'exercise-' .. #ids + 1
		end
	end
	return ids
end

local chapters = {}

-- { minutes = 14, exercises = a list of ids, tasks = as tasks.lua has them }
function measure.chapter(file)
	local name = book.page(file):gsub('%.html$', '')
	chapters[file] = chapters[file] or {
		minutes = minutes(name), exercises = exercises(file), tasks = tasks.of(name) or {},
	}
	return chapters[file]
end

-- The sums, by their names; of minutes, those of the shortest and the longest
-- chapter.  An appendix is no chapter, but its exercises count.
function measure.counts()
	local sum = { chapters = 0, exercises = 0, graded = 0 }
	local lengths = {}
	for _, listed in ipairs(book.contents().chapters) do
		local chapter = measure.chapter(listed.file)
		sum.exercises = sum.exercises + #chapter.exercises
		sum.graded = sum.graded + #chapter.tasks
		if not book.is_appendix(listed.file) then
			sum.chapters = sum.chapters + 1
			lengths[#lengths + 1] = chapter.minutes
		end
	end
	table.sort(lengths)
	local all = 0
	for _, length in ipairs(lengths) do
		all = all + length
	end
	sum.shortest, sum.longest = lengths[1] or 0, lengths[#lengths] or 0
	sum.hours = math.max(1, math.floor(all / 60 + .5))
	return sum
end

return measure
