-- Where captures are, and whether they still belong to their programs.

local book = require 'book'
local kvt = require 'kvt'

local capture = {}

-- A mode as one writes it in a sentence.
function capture.mode(mode)
	return ({ vhe = 'VHE', nvhe = 'nVHE' })[mode] or mode
end

function capture.path(name, mode, suffix)
	return book.traces .. mode .. '/' .. name .. '.' .. suffix
end

-- The two captures of a diff, by its attributes.
function capture.sides(attributes)
	local sides = {}
	for index, side in ipairs { 'a', 'b' } do
		local name = attributes[side] or attributes.a
		local mode = attributes[side .. '-mode'] or attributes.mode or 'vhe'
		sides[index] = { name = name, mode = mode, path = capture.path(name, mode, 'kvt') }
	end
	return sides
end

local headers

-- make has those of all captures in $BOOK_HEADERS, a line each.
local function read_headers()
	headers = {}
	for _, line in ipairs(book.lines(os.getenv 'BOOK_HEADERS' or '') or {}) do
		local path, said = line:match '^([^\t]*)\t(.*)$'
		headers[path] = { said = said }
	end
end

-- What kvt says of a capture: header, which has an array for each key, and
-- records. Where it refuses the capture: nil, and its complaint.
local function read_header(path)
	if not headers then
		read_headers()
	end
	local header = headers[path] or {}
	headers[path] = header
	if not header.said and not header.why then
		local said, _, why = kvt.heard { 'show', '--format', 'header', path }
		header.said, header.why = said, not said and kvt.complaint(why) or nil
	end
	header.facts = header.facts or header.said and kvt.decode(header.said)
	return header.facts, header.why
end

-- The sources of a capture's program, each with its file and its checksum.
local function sources_of(facts)
	local sources = {}
	for index, source in ipairs(facts.header.source or {}) do
		local file, sum = source:match '^(.*) sha256:(%x+)$'
		sources[index] = { file = file, sum = sum }
	end
	return sources
end

-- The sources of the program that a capture is of, each with its file; none
-- where kvt refuses the capture.
function capture.sources(path)
	local facts = read_header(path)
	return facts and sources_of(facts) or {}
end

-- Is the capture's kernel the book's, whatever a distribution puts behind it?
local function is_books(release)
	local rest = release and release:sub(1, #book.kernel) == book.kernel and release:sub(#book.kernel + 1)
	return rest and not rest:find '^[%d.]' and not rest:find '^%-rc'
end

-- The checksum of a file, or nil. make has those of all programs in $BOOK_SUMS,
-- because a process for each of them would take longer than all else here.
local sums

local function sum_of(file)
	if not book.exists(file) then
		return nil
	end
	if not sums then
		sums = {}
		for _, line in ipairs(book.lines(os.getenv 'BOOK_SUMS' or '') or {}) do
			local sum, name = line:match '^(%x+)%s+(.*)$'
			sums[name] = sum
		end
	end
	return sums[file] or pandoc.pipe('sha256sum', { file }, ''):match '^%x+'
end

local checked = {}

-- Refuses a capture that is not there, or whose program has changed since.
-- Returns whether it may be shown.
function capture.check(line, path)
	if checked[path] ~= nil then
		return checked[path]
	end
	checked[path] = false
	if not book.exists(path) then
		book.refuse_here(line, 'no capture ' .. path .. ': run make traces')
		return false
	end
	local facts, why = read_header(path)
	if not facts then
		book.refuse_here(line, why)
		return false
	end
	local sources = sources_of(facts)
	if #sources == 0 then
		book.refuse(path, 1, 'this capture does not say which program it is of (a line "source FILE sha256:…"): run make traces')
		return false
	end
	local good = true
	local release = (facts.header.kernel or {})[1]
	release = release and release:match '^%S+'
	if not is_books(release) then
		book.refuse_here(line, string.format('%s is of Linux %s, and the lines of the source are those of %s: run make traces',
			path, release or '?', book.kernel))
		good = false
	end
	for _, source in ipairs(sources) do
		local sum = sum_of(source.file)
		if sum ~= source.sum then
			book.refuse_here(line, string.format('%s has %s since %s was captured: run make traces',
				source.file, sum and 'changed' or 'gone', path))
			good = false
		end
	end
	checked[path] = good
	return good
end

return capture
