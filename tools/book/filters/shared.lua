-- Files that several chapters own, as code/vmm.h: each of these chapters shows
-- the pieces that it explains, by their anchors, and no other chapter shows them.

local book = require 'book'
local anchors = require 'anchors'

local shared = {}
local read = {}

-- Calls found(name, line) for each anchor of a file that a chapter shows whole.
local function each_listing(chapter, path, found)
	for number, line in ipairs(book.lines(chapter.file) or {}) do
		local attributes = line:match '^%s*[`~][`~][`~]+%s*{%.listing%s+(.*)}%s*$'
		if attributes and attributes:match 'file="([^"]*)"' == path and not attributes:find 'lines="' then
			for name in (attributes:match 'anchor="([^"]*)"' or ''):gmatch '%S+' do
				found(name, number)
			end
		end
	end
end

-- Which chapter shows each anchor of a file: { [anchor] = chapter }, as
-- book.contents() has chapters. nil for a file that one chapter owns, or none.
-- Refuses an anchor that two of them show.
function shared.shown(path)
	if read[path] == nil then
		local owners = book.owners(path)
		read[path] = #owners > 1 and {}
		for _, chapter in ipairs(read[path] and owners or {}) do
			each_listing(chapter, path, function(name, line)
				local other = read[path][name]
				if other then
					book.refuse(chapter.file, line, 'anchor [' .. name .. '] of ' .. path .. ' is shown twice: in '
						.. other.file .. ', too')
				end
				read[path][name] = other or chapter
			end)
		end
	end
	return read[path] or nil
end

-- The lines of an anchor that later chapters will add to it: { [line] = true }.
-- They are in anchors of their own inside it, which those chapters show.
function shared.later_lines(file, name)
	local shown, later = shared.shown(file.path), {}
	local outer = file.named[name]
	for inner, place in pairs(shown and file.named or {}) do
		local is_inside = inner ~= name and outer.first <= place.first and place.last <= outer.last
		if is_inside and shown[inner] and shown[inner].file ~= book.chapter then
			for number = place.first, place.last do
				later[number] = true
			end
		end
	end
	return later
end

return shared
