-- The strip above a capture, as kvt strip draws it: what the program, KVM and
-- the guest did in turns. trace.lua puts it above its tree, strip.lua elsewhere.

local book = require 'book'
local capture = require 'capture'
local element = require 'element'
local kvt = require 'kvt'

local strips = {}

local choosing = { 'syscall', 'at', 'function', 'nth', 'depth', 'turns' }

-- kvt strip's arguments for what a block chooses; more come after the options.
local function asking(path, attributes, more, turns)
	local arguments = { 'strip', table.unpack(more) }
	for _, name in ipairs(choosing) do
		if attributes[name] then
			table.insert(arguments, '--' .. name)
			table.insert(arguments, attributes[name])
		end
	end
	table.insert(arguments, path)
	table.insert(arguments, turns)
	return arguments
end

-- The strip as kvt's object, or nil and its complaint.
function strips.read(path, attributes, turns)
	local said, _, why = kvt.heard(asking(path, attributes, { '--json' }, turns))
	if not said then
		return nil, kvt.complaint(why)
	end
	return kvt.decode(said)
end

-- Its HTML, a piece. page: where its links lead; '' is this page, nil is nowhere.
function strips.html(path, attributes, page, turns)
	local more = { '--html' }
	if page then
		more = { '--html', '--page', page }
	end
	return element.as_is(kvt.run(asking(path, attributes, more, turns)) or '')
end

-- The list and what it is. It is a group for who does not see it.
local function wrapped(html, words)
	return element.html(element('div', { 'class', 'strips', 'role', 'group', 'aria-label', words }, '\n', html), '\n')
end

-- A strip that leads to the page with the whole capture, which the book has of
-- VHE mode alone; a tree there is as deep as its capture.
function strips.elsewhere(name, mode, path, attributes, turns, words)
	local whole = {}
	for _, option in ipairs(choosing) do
		whole[option] = option ~= 'depth' and attributes[option] or nil
	end
	return wrapped(strips.html(path, whole, mode == 'vhe' and name .. '-tree.html' or nil, turns), words)
end

-- The system calls whose rows have ids on this page.
local has_ids = {}

-- Takes the ids for a strip's system calls; false if one of them is taken.
local function take_ids(strip)
	local taken, calls = false, {}
	for _, round in ipairs(strip.rounds) do
		for _, step in ipairs(round.steps) do
			local call = step.row:match '^[^/]*/[^/]*'
			taken = taken or has_ids[call]
			calls[call] = true
		end
	end
	if taken then
		return false
	end
	for call in pairs(calls) do
		has_ids[call] = true
	end
	return true
end

-- What stands above a tree, nil if nothing does, and whether the tree's rows get
-- ids: a second tree of a call has none, and its strip leads to the whole
-- capture. A call that does not enter the guest has no strip, a program has.
function strips.above(mode, path, attributes)
	local whole = not attributes.syscall and os.getenv 'BOOK_PROGRAM'
	local turns = whole and capture.path(attributes.capture, mode, 'turns')
	turns = turns and book.exists(turns) and turns or nil
	local strip = not attributes['function'] and strips.read(path, attributes, turns)
	if not strip or #strip.rounds == 0 or strip.entries == 0 and not whole then
		return nil, false
	end
	local words = 'In short: who acts when'
	if not take_ids(strip) then
		return strips.elsewhere(attributes.capture, mode, path, attributes, turns, words), false
	end
	return wrapped(strips.html(path, attributes, '', turns), words), true
end

return strips
