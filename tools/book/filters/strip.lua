-- Strips that an author asks for: ::: {.strip capture="11-run" syscall="KVM_RUN"
-- nth="2"} shows in short what the program, KVM and the guest did in turns. The
-- text inside the div is its caption. Its steps lead to the page with the whole
-- capture.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local element = require 'element'
local strips = require 'strips'

local next_line = book.each_block 'strip'

-- The capture, and the file of turns where the block chooses among these; or
-- nil when it is refused.
local function files(line, attributes)
	local name, mode = attributes.capture, attributes.mode or 'vhe'
	if not name then
		return book.refuse_here(line, 'a strip needs capture="NN-name"')
	end
	local path = capture.path(name, mode, 'kvt')
	if not capture.check(line, path) then
		return nil
	end
	local turns = attributes.turns and capture.path(name, mode, 'turns')
	if turns and not book.exists(turns) then
		return book.refuse_here(line, 'no turns ' .. turns .. ': run make traces')
	end
	return path, turns
end

local function strip(div)
	if not book.has_class(div, 'strip') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	local path, turns = files(line, attributes)
	if not path then
		return nil
	end
	local read, why = strips.read(path, attributes, turns)
	if not read then
		return book.refuse_here(line, why)
	elseif #read.rounds == 0 then
		return book.refuse_here(line, 'nothing of ' .. path .. ' fits: a strip of it would be empty')
	end
	local html = strips.elsewhere(attributes.capture, attributes.mode or 'vhe', path, attributes, turns, 'Who acts when')
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'in-strip' })) }
	blocks:extend(element.caption(div.content))
	blocks:insert(element.block(html, element.stop 'figure'))
	return blocks
end

return { { Div = strip }, { Pandoc = function() book.done() end } }
