-- Tables: a column is as wide as what is in it, and numbers stand at its right.

-- 12, 4.5, 1,024, 80%, -22, or the bits 31–26.
local function is_number(text)
	local bare = text:gsub('^\u{2212}', ''):gsub('^%-', '')
	return bare:find '^%d[%d.,]*%%?$' or bare:find '^%d+\u{2013}%d+$'
end

-- Whether all cells of a column that say something say a number.
local function is_of_numbers(tbl, column)
	local found = false
	for _, body in ipairs(tbl.bodies) do
		for _, row in ipairs(body.body) do
			local cell = row.cells[column]
			local text = cell and pandoc.utils.stringify(cell.contents):gsub('%s+$', '') or ''
			if text ~= '' and not is_number(text) then
				return false
			end
			found = found or text ~= ''
		end
	end
	return found
end

local function fit(tbl)
	tbl.colspecs = tbl.colspecs:map(function(spec, column)
		local align = spec[1]
		if align == 'AlignDefault' and is_of_numbers(tbl, column) then
			align = 'AlignRight'
		end
		return { align, nil }
	end)
	return tbl
end

return { { Table = fit } }
