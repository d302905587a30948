-- What is there at a moment of a capture, as kvt state has it: the program's
-- descriptors and mappings, the kernel's objects, its memory slots and faults.

local book = require 'book'
local capture = require 'capture'
local kvt = require 'kvt'

local state = {}

-- A moment is the end of a system call, named as in a link to a call:
-- KVM_CREATE_VCPU.2 is the second that the program made; "end" is the end.
local function options(moment)
	if moment == 'end' then
		return {}
	end
	local name, number = moment:match '^(.-)%.(%d+)$'
	return { '--syscall', name or moment, '--nth', number or '1' }
end

-- The state that kvt has, or nil, and why not.
local function asked(name, mode, chosen)
	local path, turns = capture.path(name, mode, 'kvt'), capture.path(name, mode, 'turns')
	local arguments = { 'state', '--json', path }
	if book.exists(turns) then
		arguments = { 'state', '--json', '--turns', turns, path }
	end
	table.move(chosen, 1, #chosen, #arguments + 1, arguments)
	local said, _, why = kvt.heard(arguments)
	if not said then
		return nil, kvt.complaint(why)
	end
	return kvt.decode(said)
end

-- The state at a moment, or nil, and why not.
function state.at(name, mode, moment)
	return asked(name, mode, options(moment))
end

-- The state right before the call that begins in a line of the capture.
function state.before(name, mode, line)
	return asked(name, mode, { '--before', tostring(line) })
end

-- The page that has all of a capture's trees, at a call; nil in another mode
-- ("04-vcpu.nvhe/..."), because there is no such page.
function state.href(call)
	local name = call.link:match '^([^/.]*)/'
	return name and name .. '-tree.html#' .. call.link
end

return state
