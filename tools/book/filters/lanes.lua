-- Figures made from a capture: ::: {.lanes capture="11-run" syscall="KVM_RUN"
-- nth="2" show="kvm_arch_vcpu_load …"} shows who acts when, the program, KVM or
-- the guest, as kvt lanes has it. The text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local kvt = require 'kvt'
local tables = require 'tables'

local next_line = book.each_block 'lanes'

local function rows(line, path, attributes)
	local arguments = { 'lanes', '--html', '--symbols', tables.symbols, '--source-base', book.source_base }
	for _, name in ipairs { 'syscall', 'at', 'nth', 'depth', 'show' } do
		if attributes[name] then
			table.insert(arguments, '--' .. name)
			table.insert(arguments, attributes[name])
		end
	end
	table.insert(arguments, path)
	local html = kvt.run(arguments)
	if not html then
		book.refuse_here(line, 'kvt lanes failed on ' .. path .. ', as it says above')
	end
	return html or ''
end

local function lanes(div)
	if not book.has_class(div, 'lanes') then
		return nil
	end
	local line = next_line()
	local name = div.attributes.capture
	if not name then
		return book.refuse_here(line, 'lanes need capture="NN-name"')
	end
	local path = capture.path(name, div.attributes.mode or 'vhe', 'kvt')
	if not capture.check(line, path) then
		return nil
	end
	local blocks = pandoc.List { book.html '<figure class="in-lanes">' }
	if #div.content > 0 then
		blocks:insert(book.html '<figcaption>')
		blocks:extend(div.content)
		blocks:insert(book.html '</figcaption>')
	end
	blocks:insert(book.html(rows(line, path, div.attributes) .. '</figure>'))
	return blocks
end

return { { Div = lanes }, { Pandoc = function() book.done() end } }
