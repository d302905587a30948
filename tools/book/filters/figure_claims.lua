-- What bears out the values in a figure. A graph names it in lines of its own,
-- each with the text of the figure that it is about:
--   // claim of="16-smccc" in="KVM_RUN#4" shows="* 123 times" text="110"
--   // output of="b-arm64" has="x30=10018" text="0x10018"
--   // src at="VCPU_RESET_PSTATE_EL1" has="PSR_D_BIT" text="D"
--   // file at="code/00-hello.c" has="0x52800540" text="0x52800540"

local book = require 'book'

local figure_claims = {}

local takes = {
	claim = { needs = { 'of', 'shows', 'text' }, may = { 'in', 'mode' } },
	output = { needs = { 'of', 'has', 'text' }, may = { 'mode' } },
	src = { needs = { 'at', 'has', 'text' }, may = {} },
	file = { needs = { 'at', 'has', 'text' }, may = {} },
}

-- Attributes, name="value", of which text= may come several times; or nil. A
-- value has \" for a quotation mark.
local function attributes_of(words)
	local found, texts = {}, {}
	local rest = words:gsub('\\"', '\1')
	while rest:find '%S' do
		local name, value, after = rest:match '^%s*(%l+)="([^"]*)"(.*)$'
		if not name or name ~= 'text' and found[name] then
			return nil
		end
		found[name] = value:gsub('\1', '"')
		if name == 'text' then
			texts[#texts + 1] = found[name]
		end
		rest = after
	end
	return found, texts
end

-- What is wrong with the attributes of a line, or nil.
local function complaint(kind, found)
	local known = {}
	for _, name in ipairs(takes[kind].needs) do
		known[name] = true
		if not found[name] or not found[name]:find '%S' then
			return kind .. ' needs ' .. name .. '="…"'
		end
	end
	for _, name in ipairs(takes[kind].may) do
		known[name] = true
	end
	for name in pairs(found) do
		if not known[name] then
			return kind .. ' has no ' .. name .. '='
		end
	end
end

local function parse(number, line)
	local kind, words = line:match '^%s*//%s*(%S*)(.*)$'
	if not kind then
		return nil
	end
	if not takes[kind] then
		return { line = number, wrong = '// begins a claim, an output, a src or a file; other comments begin with #' }
	end
	local found, texts = attributes_of(words)
	return { line = number, kind = kind, found = found, texts = texts,
		wrong = not found and kind .. ': after it come attributes, name="value"' or found and complaint(kind, found) }
end

-- The claims of a figure, a table for each; wrong says what is wrong with one.
function figure_claims.read(file)
	local claims = {}
	for number, line in ipairs(book.lines(file) or {}) do
		claims[#claims + 1] = parse(number, line)
	end
	return claims
end

return figure_claims
