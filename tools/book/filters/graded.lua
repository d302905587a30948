-- Says at the head of a chapter's exercises that there are graded ones, if
-- there are: exercises/NN-name/, whose README has a section for each task.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local tasks = require 'tasks'

local BEFORE = 'These are graded: work in `exercises/%s/`, and `make grade-%s` runs what you write and judges it by what the kernel did.'
local AFTER = 'The numbered ones have a solution in the book.'

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
	blocks:extend(blocks_of(BEFORE:format(name, name:match '^%d+')))
	blocks:extend(pandoc.List.map(found, task_block))
	blocks:extend(blocks_of(AFTER))
	return blocks
end

return { { Header = heading } }
