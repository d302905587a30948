-- The guest's memory as strips: a range of guest physical addresses for each
-- memory slot, the range of the program's addresses below it, and the pages at
-- which the guest faulted.  Distances are not to scale, pages in a slot are.

local element = require 'element'
local in_words = require 'in_words'
local svg = require 'svg'

local slot_strips = {}
local group, text, box, line = svg.group, svg.text, svg.box, svg.line

local PAGE = 4096
-- In units of a drawing, whose letters are 12 high (tools/book/drawing).
local REM, GAP, SLOT, BARE, HIGH, TOP, BETWEEN = .8125 / 12, 12, 118, 68, 34, 40, 54
-- The words above and below need as much.
local LEAST = 150

local function hex(number)
	return string.format('0x%x', number)
end

-- An address without leading zeros, as a number; KVM writes it in hexadecimal.
local function number(text)
	return math.tointeger(tonumber(text)) or 0
end

-- 65536 is 64 KiB.
local function size_of(bytes)
	local units = { 'bytes', 'KiB', 'MiB', 'GiB' }
	local unit = 1
	while unit < #units and bytes % 1024 == 0 do
		bytes, unit = bytes // 1024, unit + 1
	end
	return bytes .. ' ' .. units[unit]
end

-- The blocks from left to right: slots, and pages that faulted outside of all.
local function blocks_of(it)
	local blocks, bare = {}, {}
	for _, slot in ipairs(it.slots) do
		blocks[#blocks + 1] = { slot = slot, from = number(slot.guest_phys_addr), size = number(slot.memory_size), pages = {} }
	end
	local slots = #blocks
	for _, fault in ipairs(it.faults) do
		local address = number(fault.args.ipa)
		local page, inside = address - address % PAGE, nil
		for index = 1, slots do
			local block = blocks[index]
			if page >= block.from and page < block.from + block.size then
				inside = block
			end
		end
		if not inside and not bare[page] then
			bare[page] = { from = page, size = PAGE, pages = {} }
			blocks[#blocks + 1] = bare[page]
		end
		local pages = (inside or bare[page]).pages
		pages[page] = pages[page] or fault
	end
	table.sort(blocks, function(a, b) return a.from < b.from end)
	return blocks
end

-- The pages of a block that faulted, in order.
local function addresses(block)
	local found = {}
	for page in pairs(block.pages) do
		found[#found + 1] = page
	end
	table.sort(found)
	return found
end

-- Where the pages that faulted are in a block, at least as wide as can be seen,
-- and what is behind each in the program's memory.
local function pages(block, x, width, user_y)
	local drawn = {}
	for index, page in ipairs(addresses(block)) do
		local at = x + (page - block.from) / block.size * width
		local wide = math.max(4, PAGE / block.size * width)
		local down = at + math.min(wide / 2, 4)
		drawn[index] = element.html(group('node guest fault', box(at, TOP, wide, HIGH)),
			group('edge fault', line(down, TOP + HIGH, down, user_y), text(down + 5, TOP + HIGH + 20, 'the page at', nil, 'start'),
				text(down + 5, TOP + HIGH + 33, hex(page) .. ' faulted', nil, 'start')),
			group('node user fault', box(at, user_y, wide, HIGH)))
	end
	return element.html(table.unpack(drawn))
end

local function slot_block(block, x)
	local slot, user_y = block.slot, TOP + HIGH + BETWEEN
	local flags = slot.flags ~= '0' and ', ' .. slot.flags:gsub('KVM_MEM_', ''):lower():gsub('_', ' ') or ''
	local new = slot.is_new and ' new' or ''
	return element.html(group('node guest' .. new, box(x, TOP, SLOT, HIGH)),
		group('node user' .. new, box(x, user_y, SLOT, HIGH)),
		group('edge', line(x, TOP + HIGH, x, user_y), line(x + SLOT, TOP + HIGH, x + SLOT, user_y)),
		pages(block, x, SLOT, user_y),
		group('words', text(x + SLOT / 2, TOP + 21, 'slot ' .. slot.slot .. flags .. (slot.is_new and ' (new)' or '')),
			text(x, TOP - 6, hex(block.from), 'code', 'start'), text(x + SLOT, TOP - 6, size_of(block.size), nil, 'end'),
			text(x + SLOT / 2, user_y + 21, slot.userspace_addr, 'code')))
end

local function bare_block(block, x)
	return group('node note', box(x, TOP, BARE, HIGH, true), text(x + BARE / 2, TOP + 21, 'no slot'),
		text(x, TOP - 6, hex(block.from), 'code', 'start'))
end

-- The words of a picture are said twice, as HTML and as plain text: each says a
-- piece of code, what is new, a call, and all of a line.
local in_html = { line = element.html, call = in_words.call_link }
function in_html.code(words) return element('code', words) end
function in_html.bold(words) return element('b', words) end

local in_plain = { code = tostring, bold = tostring, call = in_words.call_name }
function in_plain.line(...)
	return table.concat { ... }
end

-- What the strips show, a line for each slot and each fault.
local function lines_of(blocks, say)
	local lines = {}
	for _, block in ipairs(blocks) do
		local slot = block.slot
		if slot then
			lines[#lines + 1] = say.line('slot ', slot.slot, slot.is_new and ' ' or '', slot.is_new and say.bold 'new' or '',
				': guest addresses ', say.code(hex(block.from)), ' to ', say.code(hex(block.from + block.size - 1)),
				' are the program\'s from ', say.code(slot.userspace_addr), ' on, by ', say.call(slot.set))
		end
		for _, page in ipairs(addresses(block)) do
			local fault = block.pages[page]
			lines[#lines + 1] = say.line('the guest faulted at ', say.code(hex(page)), slot and '' or ', which no slot has', ': ',
				say.call(fault.handled or fault.fault))
		end
	end
	return lines
end

-- The SVG, or nil where no slot is drawn; and its words, as pieces of HTML.
function slot_strips.draw(it)
	if #it.slots == 0 then
		return nil, {}
	end
	local blocks = blocks_of(it)
	local drawn, x = {}, 4
	for index, block in ipairs(blocks) do
		drawn[index] = block.slot and slot_block(block, x) or bare_block(block, x)
		x = x + (block.slot and SLOT or BARE) + GAP
	end
	local width, height = math.max(x - GAP + 4, LEAST), TOP + 2 * HIGH + BETWEEN + 20
	return svg.picture(table.concat(lines_of(blocks, in_plain), '; '), width, height, REM,
		group('graph', text(4, 14, 'guest physical addresses', nil, 'start'), element.html(table.unpack(drawn)),
			text(4, height - 5, 'your program\'s addresses', nil, 'start'))), lines_of(blocks, in_html)
end

return slot_strips
