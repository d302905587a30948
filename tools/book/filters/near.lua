-- Which calls the text around a tree names: in code, and in claims. The section
-- that a tree stands in, from heading to heading, is what is around it.

local near = {}

-- The names in what a claim says; its own words are no function's.
local function add_words(names, text)
	for word in text:gmatch '[%a_][%w_]*' do
		names[word] = true
	end
end

-- `kvm_vm_ioctl()`, `kvm_share_hyp(kvm, kvm + 1)`, `kvm_exit`.
local function add_code(names, text)
	local name = text:match '^([%a_][%w_]*)%(' or text:match '^[%a_][%w_]*$'
	if name then
		names[name] = true
	end
end

local function gather(names, block)
	pandoc.Div({ block }):walk {
		Code = function(code)
			add_code(names, code.text)
		end,
		Span = function(span)
			if span.classes:includes 'claim' then
				add_words(names, (span.attributes['in'] or '') .. ' ' .. (span.attributes.shows or ''))
			end
		end,
	}
end

local function gather_all(blocks, first, last)
	local names = {}
	for index = first, last do
		gather(names, blocks[index])
	end
	return names
end

-- What may be or hold a tree.
local holds = { Div = true, BulletList = true, OrderedList = true, DefinitionList = true, BlockQuote = true }

local function change_section(blocks, first, last, change)
	local names
	for index = first, last do
		if holds[blocks[index].t] then
			names = names or gather_all(blocks, first, last)
			blocks[index] = change(blocks[index], names)
		end
	end
end

-- Hands each block that may hold a tree, and the names of its section, to
-- change(), which returns the block to put there.
function near.each(document, change)
	local from = 1
	for at = 1, #document.blocks + 1 do
		local block = document.blocks[at]
		if not block or block.t == 'Header' then
			change_section(document.blocks, from, at - 1, change)
			from = at
		end
	end
	return document
end

return near
