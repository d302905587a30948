-- Says at the head of a chapter's exercises that there are graded ones, if
-- there are: exercises/NN-name/, whose README has a section for each task.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local tasks = require 'tasks'

local TEXT = 'Each of these has a solution in the book.\n' ..
	'Others are in `exercises/%s/`: something to predict, to change and to build.\n' ..
	'`make grade-%s` runs what you write there and judges it by what the kernel did.'

local function blocks_of(markdown)
	return pandoc.read(markdown, 'markdown+smart').blocks
end

-- "Predict. Read `predict.c`, …", with an id that the contents lead to.
local function task_block(task)
	local text = blocks_of(string.format('**%s.** %s', task.name, task.about))
	return pandoc.Div(text, pandoc.Attr(task.id, { 'task' }))
end

local function heading(header)
	local name = book.page(book.chapter):gsub('%.html$', '')
	local found = header.identifier == 'exercises' and tasks.of(name)
	if not found then
		return nil
	end
	local blocks = pandoc.List { header }
	blocks:extend(blocks_of(TEXT:format(name, name:match '^%d+')))
	blocks:extend(pandoc.List.map(found, task_block))
	return blocks
end

return { { Header = heading } }
