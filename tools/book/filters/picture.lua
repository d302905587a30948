-- A picture of objects before it is drawn: what is in it and what hangs
-- together, made of a state (state.lua) and the tables (relations.lua).
--
-- A part has a name, a type of types.tsv, the call that shows it first, and
-- perhaps a file, a second line, and of, what it is of. A tie has from, to,
-- words, and the call that had both or the place in the source that says so.

local relations = require 'relations'

local picture = {}

-- More than these in a row are one box.
local MOST_ALIKE = 3

local function descriptors(s)
	local parts = {}
	for _, fd in ipairs(s.descriptors) do
		if not fd.closed then
			parts[#parts + 1] = { type = 'fd', name = fd.name, kind = fd.kind, second = fd.file, first = fd.made,
				made_on = fd.made_on, file = fd.file, file_shown = fd.file_shown, of = fd.object, shown = fd.object_shown, number = tonumber(fd.name:match '^%d+') }
		end
	end
	table.sort(parts, function(a, b) return a.number < b.number end)
	return parts
end

local function mappings(s)
	local parts = {}
	for _, mapping in ipairs(s.mappings) do
		if not mapping.gone then
			parts[#parts + 1] = { type = 'mapping', name = mapping.name, second = mapping.length .. ' bytes of ' .. mapping.fd,
				first = mapping.made, of = mapping.object }
		end
	end
	return parts
end

-- The living objects; a vCPU's run page is no object of the capture, but there
-- as long as the vCPU is.
local function objects(s, types)
	local parts = {}
	for _, object in ipairs(s.objects) do
		if types[object.type] and not object.ended then
			parts[#parts + 1] = { type = object.type, name = object.name, first = object.first,
				number = tonumber(object.name:match '%d+$'), second = types[object.type].words }
		end
		if object.type == 'vcpu' and not object.ended then
			parts[#parts + 1] = { type = 'run', name = 'run page of ' .. object.name, label = 'run page', second = 'of ' .. object.name, of = object.name,
				number = tonumber(object.name:match '%d+$'), is_of_source = true }
		end
	end
	return parts
end

-- All that is there, in the order in which it stands in the picture.
local function all_parts(s, types)
	local parts = descriptors(s)
	table.move(mappings(s), 1, #s.mappings, #parts + 1, parts)
	local living = objects(s, types)
	table.move(living, 1, #living, #parts + 1, parts)
	for index, part in ipairs(parts) do
		part.order = types[part.type].order * 100000 + (part.number or index)
	end
	table.sort(parts, function(a, b) return a.order < b.order end)
	return parts
end

-- The numbers of objects and addresses are a capture's own; between captures the
-- third vCPU is the third vCPU.
local function ranked(parts)
	local count, names = {}, {}
	for _, part in ipairs(parts) do
		count[part.type] = (count[part.type] or 0) + 1
		names[part] = part.type == 'fd' and part.name or part.type .. ' ' .. count[part.type]
	end
	return names
end

local function slot_name(slot)
	return table.concat({ 'slot', slot.slot, slot.guest_phys_addr, slot.memory_size, slot.flags }, ' ')
end

-- What tells all parts of a state apart, by part and slot.
local function marks(s, parts, by_rank)
	local names = by_rank and ranked(parts) or {}
	for _, part in ipairs(parts) do
		names[part] = names[part] or part.name
	end
	for _, slot in ipairs(s.slots) do
		names[slot] = not slot.gone and slot_name(slot) or nil
	end
	return names
end

-- What was there earlier, for picture.of to tell what is new.
function picture.earlier(s, by_rank)
	local there = { by_rank = by_rank }
	for _, name in pairs(marks(s, all_parts(s, relations.types()), by_rank)) do
		there[name] = true
	end
	return there
end

-- The calls that had both of two objects, by the names of both.
local function pairs_by_name(s)
	local found = {}
	local function keep(a, b, shown)
		found[a] = found[a] or {}
		found[a][b] = found[a][b] or shown
	end
	for _, pair in ipairs(s.pairs) do
		keep(pair.a, pair.b, pair.shown)
		keep(pair.b, pair.a, pair.shown)
	end
	return found
end

-- The object of a type that one belongs to: itself, or what the calls around
-- its first one were given, or what that belongs to.
local function owner(name, kind, inside)
	if not name or name:match '^[^#]*' == kind then
		return name
	end
	for _, around in ipairs(inside[name] or {}) do
		if around:match '^[^#]*' == kind then
			return around
		end
	end
	for _, around in ipairs(inside[name] or {}) do
		for _, further in ipairs(inside[around] or {}) do
			if further:match '^[^#]*' == kind then
				return further
			end
		end
	end
end

-- How a relation ties two parts: by a call, by the source, or not at all.
local function tie_of(row, from, to, seen, inside)
	local both = seen[from.name] and seen[from.name][to.name]
	if both and from.type ~= 'fd' then
		return { call = both }
	end
	if not row.place or from.type == 'fd' and from.of == to.name then
		return nil
	end
	local source = { place = row.place }
	if to.type == 'run' then
		return (from.of or from.name) == to.of and source or nil
	elseif from.type == 'fd' then
		return (owner(from.of, to.type, inside) or from.made_on) == to.name and source or nil
	elseif from.type == 'mapping' then
		return from.of == to.name and source or nil
	end
	return owner(to.name, from.type, inside) == from.name and source or nil
end

-- A descriptor is one of what the kernel made its file of.
local function ties_of_files(parts, by_name)
	local ties = {}
	for _, part in ipairs(parts) do
		if part.type == 'fd' and by_name[part.of or ''] then
			ties[#ties + 1] = { from = part, to = by_name[part.of], words = '', call = part.shown }
		end
		if part.type == 'fd' and by_name[part.file or ''] then
			ties[#ties + 1] = { from = part, to = by_name[part.file], words = '', call = part.file_shown }
		end
	end
	return ties
end

local function fits(row_from, part)
	return row_from == part.type or part.type == 'fd' and row_from == 'fd:' .. part.kind
end

local function find_ties(s, parts)
	local by_name, by_type, inside = {}, {}, {}
	for _, part in ipairs(parts) do
		by_name[part.name] = part
		by_type[part.type] = by_type[part.type] or {}
		table.insert(by_type[part.type], part)
	end
	for _, object in ipairs(s.objects) do
		inside[object.name] = object.inside
	end
	local seen, ties = pairs_by_name(s), ties_of_files(parts, by_name)
	for _, row in ipairs(relations.all()) do
		for _, from in ipairs(parts) do
			for _, to in ipairs(fits(row.from, from) and by_type[row.to] or {}) do
				local tie = tie_of(row, from, to, seen, inside)
				if tie then
					tie.from, tie.to, tie.words = from, to, row.words
					ties[#ties + 1] = tie
				end
			end
		end
	end
	return ties
end

local function kind_of(part)
	return part.type .. (part.kind or '')
end

-- Many of a kind become one part, named by the first and the last.
local function gather(parts)
	local alike, box, kept = {}, {}, {}
	for _, part in ipairs(parts) do
		alike[kind_of(part)] = alike[kind_of(part)] or {}
		table.insert(alike[kind_of(part)], part)
	end
	for _, part in ipairs(parts) do
		local all = alike[kind_of(part)]
		box[part] = #all > MOST_ALIKE and all[1] or part
		if box[part] == part then
			kept[#kept + 1] = part
		end
		if #all > MOST_ALIKE and part == all[1] then
			part.label, part.second = part.name .. ' … ' .. all[#all].name:match '#?[^#]*$', #all .. ' of them'
		end
	end
	return kept, box
end

local function gather_ties(ties, box)
	local kept, seen = {}, {}
	for _, tie in ipairs(ties) do
		tie.from, tie.to = box[tie.from], box[tie.to]
		local key = tie.from.name .. ' ' .. tie.to.name .. ' ' .. tie.words
		if not seen[key] then
			kept[#kept + 1] = tie
		end
		seen[key] = true
	end
	return kept
end

-- The living slots; a part or a slot is new if it was not there before.
local function memory(s)
	local slots = {}
	for _, slot in ipairs(s.slots) do
		if not slot.gone then
			slots[#slots + 1] = slot
		end
	end
	return slots
end

-- The picture of a state: parts, ties, slots and faults. shown: the set of types
-- to draw. earlier: what was there before, or nil.
function picture.of(s, shown, earlier)
	local all, parts = all_parts(s, relations.types()), {}
	for what, name in pairs(marks(s, all, earlier and earlier.by_rank)) do
		what.is_new = earlier and not earlier[name]
	end
	for _, part in ipairs(all) do
		if shown[part.type] then
			parts[#parts + 1] = part
		end
	end
	local ties = find_ties(s, parts)
	local kept, box = gather(parts)
	return { parts = kept, ties = gather_ties(ties, box), slots = shown.slots and memory(s) or {},
		faults = shown.slots and s.faults or {} }
end

return picture
