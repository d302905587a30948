-- Which types of objects a picture shows: what show="…" and hide="…" say of them
-- (objects/types.tsv), and how many boxes are too many.

local book = require 'book'
local relations = require 'relations'

local shown = {}

-- As many as can be read at a glance.
local MOST_PARTS = 14

local types = relations.types()

local function type_names()
	local names = {}
	for _, kind in ipairs(types) do
		names[#names + 1] = kind.name
	end
	return table.concat(names, ', ')
end

-- The types to draw, or nil when a name is wrong.
function shown.choose(line, attributes)
	local chosen = {}
	for _, kind in ipairs(types) do
		chosen[kind.name] = kind.when == 'always'
	end
	for _, which in ipairs { 'show', 'hide' } do
		for name in (attributes[which] or ''):gmatch '%S+' do
			if not types[name] then
				return book.refuse_here(line, string.format('%s="%s": there is no type %s; there are %s', which, attributes[which],
					name, type_names()))
			end
			chosen[name] = which == 'show'
		end
	end
	return chosen
end

-- What show= asks for must be there. moment: "after KVM_RUN in 11-run".
function shown.check(line, show, it, moment)
	local there = { slots = #it.slots > 0 }
	for _, part in ipairs(it.parts) do
		there[part.type] = true
	end
	for name in (show or ''):gmatch '%S+' do
		if types[name] and not there[name] then
			book.refuse_here(line, string.format('show="%s": nothing of the type %s is there %s', show, name, moment))
			return false
		end
	end
	if #it.parts > MOST_PARTS then
		book.refuse_here(line, string.format('%d boxes are more than one sees at a glance, %d: hide="…" some types of %s',
			#it.parts, MOST_PARTS, type_names()))
		return false
	end
	return true
end

return shown
