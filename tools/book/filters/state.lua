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

-- The state, with the path of its capture; or nil, and why not.
function state.at(name, mode, moment)
	local path, turns = capture.path(name, mode, 'kvt'), capture.path(name, mode, 'turns')
	local arguments = { 'state', '--json', path }
	if book.exists(turns) then
		arguments = { 'state', '--json', '--turns', turns, path }
	end
	table.move(options(moment), 1, 4, #arguments + 1, arguments)
	local said, _, why = kvt.heard(arguments)
	if not said then
		return nil, kvt.complaint(why)
	end
	return kvt.decode(said)
end

-- The page that has all of a capture's trees, at a call.
function state.href(call)
	return call.link:match '^[^/.]*' .. '-tree.html#' .. call.link
end

return state
