-- Inline code that is a call: `kvm_vm_ioctl()` links to the kernel source,
-- `open(2)` to the manual page.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local tables = require 'tables'

local callable = { ['function'] = true, macro = true }
local mentioned = {}
local programs

-- The headers that a program includes, beside it, and those that they include.
local function included(path, seen)
	local headers = seen or pandoc.List {}
	for _, line in ipairs(path and book.lines(path) or {}) do
		local header = line:match '^#include "(.*)"'
		header = header and path:gsub('[^/]*$', '') .. header
		if header and not headers:includes(header) then
			headers:insert(header)
			included(header, headers)
		end
	end
	return headers
end

local function read_programs(meta)
	local files = book.owned(meta)
	files:insert 'code/kvmbook.h'
	files:extend(included(files[1]))
	programs = files:map(function(file)
		return '\n' .. table.concat(book.lines(file) or {}, '\n')
	end)
end

-- The reader's own functions are in the chapter, not in the kernel.
local function defined_here(name)
	for _, text in ipairs(programs) do
		if text:find(name, 1, true) and (text:find('\n[%a][^\n;=]*%f[%w_]' .. name .. '%([^\n;]*%)?%s*\n')
				or text:find('\n#%s*define%s+' .. name .. '%f[^%w_]')) then
			return true
		end
	end
	return false
end

local function called_here(name)
	for _, text in ipairs(programs) do
		if text:find('%f[%w_]' .. name .. '%s*%(') then
			return true
		end
	end
	return false
end

local function manual(code, name, section)
	local page = name .. '.' .. section
	return pandoc.Link({ code }, 'https://man7.org/linux/man-pages/man' .. section:sub(1, 1)
		.. '/' .. page .. '.html', 'the manual page ' .. page, { class = 'man' })
end

local function unknown(code, name, fragment)
	local line = book.line_of('`' .. code.text .. '`')
	if fragment then
		book.refuse_here(line, name .. '() is not defined in a file like ' .. fragment
			.. ' (' .. tables.symbols .. ')')
	else
		book.refuse_here(line, name .. '() is not in ' .. tables.symbols
			.. ': misspelt, or of the C library (write `' .. name .. '(3)`), or run make index')
	end
end

local function call(code)
	local name, section = code.text:match '^([%a_][%w_]*)%((%d%a?)%)$'
	if section then
		return manual(code, name, section), false
	end
	name = code.text:match '^([%a_][%w_]*)%b()$'
	local fragment = code.attributes.file
	if not name or (not fragment and defined_here(name)) then
		return nil
	end
	local symbol = tables.symbol(name, fragment, callable)
	if not symbol then
		if fragment or not called_here(name) then
			unknown(code, name, fragment)
		end
		return nil
	end
	code.attributes.file = nil
	local link = pandoc.Link({ code }, book.source_url(symbol.path, symbol.line),
		symbol.path .. ':' .. symbol.line, { class = 'fn' })
	local key = symbol.path .. ':' .. name
	if mentioned[key] then
		return link, false
	end
	mentioned[key] = true
	return { link, book.location(symbol.path, symbol.line) }, false
end

-- Links must not nest, and a heading links to itself.
local function leave(element)
	return element, false
end

return {
	{ Meta = read_programs },
	{ traverse = 'topdown', Link = leave, Header = leave, Code = call },
	{ Pandoc = function() book.done() end },
}
