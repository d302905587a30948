-- Figures made from a capture: ::: {.lanes capture="11-run" syscall="KVM_RUN"
-- nth="2" show="kvm_arch_vcpu_load …"} shows who acts when, the program, KVM or
-- the guest, as kvt lanes has it. The text inside the div is its caption.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local drawn = require 'drawn'
local element = require 'element'
local kvt = require 'kvt'
local tables = require 'tables'

local next_line = book.each_block 'lanes'

-- The list in parts, or nil and kvt's complaint. Calls lead to their rows on the
-- page with the whole capture, which the book has of VHE mode.
local function rows(path, attributes)
	local arguments = { 'lanes', '--html', '--json', '--symbols', tables.symbols, '--source-base', book.source_base }
	if not attributes.mode or attributes.mode == 'vhe' then
		table.insert(arguments, '--page')
		table.insert(arguments, attributes.capture .. '-tree.html')
	end
	for _, name in ipairs { 'syscall', 'at', 'nth', 'depth', 'show' } do
		if attributes[name] then
			table.insert(arguments, '--' .. name)
			table.insert(arguments, attributes[name])
		end
	end
	table.insert(arguments, path)
	local said, _, why = kvt.heard(arguments)
	if not said then
		return nil, kvt.complaint(why)
	end
	return kvt.decode(said).html
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
	local parts, why = rows(path, div.attributes)
	if not parts then
		return book.refuse_here(line, why)
	end
	local blocks = pandoc.List { element.block(element.start('figure', { 'class', 'in-lanes' })) }
	blocks:extend(element.caption(div.content))
	blocks:insert(drawn.block(parts))
	blocks:insert(element.block(element.stop 'figure'))
	return blocks
end

return { { Div = lanes }, { Pandoc = function() book.done() end } }
