-- How the threads of a program took turns: ::: {.turns capture="15-psci"
-- calls="KVM_RUN kvm_reset_vcpu(vcpu#1)" turns="1-6"} is a table with a column
-- for each thread, in which the chosen calls stand in the order of time, those
-- with brackets only where the text in these is among the arguments. The text
-- inside the div is its caption. A capture has each thread by itself; how they
-- took turns is beside it in NN-name.turns (tools/trace/thread-order).

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'

local next_line = book.each_block 'turns'

-- A capture as the moments of each thread: where a call begins, is whole on
-- one line, or ends. Levels (~ and ?) are no calls; ! is a moment by itself.
local function moments(path)
	local threads, thread, open = {}, nil, {}
	for _, line in ipairs(book.lines(path)) do
		local name = line:match '^thread (%S+)'
		local text = line:gsub('^ *', '')
		if name then
			thread, open = {}, {}
			threads[name] = thread
		elseif line:find '^end ' then
			break
		elseif thread and text:find '^}' then
			local call = table.remove(open)
			if call.text then
				call.result = text:sub(2)
				table.insert(thread, { call = call, ends = true })
			end
		elseif thread then
			local call = text:find '^[~?]' and {} or { text = text:gsub(' {$', '') }
			if call.text then
				table.insert(thread, { call = call, begins = true })
			end
			if text:find ' {$' then
				table.insert(open, call)
			elseif not text:find '^!' then
				table.insert(thread, { call = call, ends = true })
			end
		end
	end
	return threads
end

-- What a call may be chosen by: its name, or of an ioctl the request.
local function name(call)
	return call.text:match '^@ioctl%([^,]*, ([%w_]+)' or call.text:match '^[@!]?([%w_]+)'
end

-- The moments of all threads in the order of time, with thread and turn.
local function in_order(line, path, threads)
	local order, at, turn = {}, {}, 0
	for _, text in ipairs(book.lines(path)) do
		local thread, count = text:match '^(%S+)\t(%d+)$'
		turn = turn + 1
		for _ = 1, tonumber(count or 0) do
			at[thread] = (at[thread] or 0) + 1
			local moment = (threads[thread] or {})[at[thread]]
			if not moment then
				return book.refuse_here(line, path .. ' is not of this capture: run make traces')
			end
			moment.thread, moment.turn = thread, turn
			order[#order + 1] = moment
		end
	end
	return order, turn
end

local function code(text)
	return '<code>' .. book.escape((text:gsub('^[@!]', ''):gsub(' at %S+:%d+', ''):gsub(' {[^}]*}', ''))) .. '</code>'
end

-- The rows: a call that nothing chosen comes into is one, another is two.
local function rows(order, wanted, first, last)
	local chosen, list, seen = {}, {}, {}
	for _, moment in ipairs(order) do
		local called = name(moment.call)
		if wanted[called] and moment.call.text:find(wanted[called], 1, true) and moment.turn >= first and moment.turn <= last then
			chosen[#chosen + 1], seen[called] = moment, true
		end
	end
	for index, moment in ipairs(chosen) do
		local call, after = moment.call, chosen[index + 1]
		local whole = after and after.call == call and after.turn == moment.turn
		if moment.ends and not call.shown then
			list[#list + 1] = { moment, code('… ' .. name(call) .. (call.result or '')) }
		elseif moment.begins then
			call.shown = whole
			list[#list + 1] = { moment, code(call.text .. (whole and call.result or '')) }
		end
	end
	return list, seen
end

local function draw(list, count)
	local html = { '<table><thead><tr>' }
	for thread = 0, count - 1 do
		html[#html + 1] = '<th scope="col">thread ' .. thread .. '</th>'
	end
	html[#html + 1] = '</tr></thead>'
	for index, row in ipairs(list) do
		local before = list[index - 1]
		if not before or before[1].turn ~= row[1].turn then
			html[#html + 1] = (before and '</tbody>' or '') .. '<tbody>'
		end
		local column = tonumber(row[1].thread)
		html[#html + 1] = '<tr>' .. ('<td></td>'):rep(column) .. '<td>' .. row[2] .. '</td>'
			.. ('<td></td>'):rep(count - 1 - column) .. '</tr>'
	end
	return table.concat(html, '\n') .. '\n</tbody></table>'
end

local function turns(div)
	if not book.has_class(div, 'turns') then
		return nil
	end
	local line, attributes = next_line(), div.attributes
	local mode = attributes.mode or 'vhe'
	if not attributes.capture or not attributes.calls then
		return book.refuse_here(line, 'turns need capture="NN-name" and calls="NAME NAME"')
	end
	local path = capture.path(attributes.capture, mode, 'kvt')
	local file = capture.path(attributes.capture, mode, 'turns')
	if not capture.check(line, path) then
		return nil
	elseif not book.exists(file) then
		return book.refuse_here(line, 'no turns ' .. file .. ': run make traces')
	end
	local threads = moments(path)
	local order, turn_count = in_order(line, file, threads)
	if not order then
		return nil
	end
	local wanted, count = {}, 0
	for call in attributes.calls:gmatch '%S+' do
		wanted[call:match '^[^(]*'] = call:match '%((.*)%)$' or ''
	end
	local first, last = (attributes.turns or ''):match '^(%d+)%-(%d+)$'
	local list, seen = rows(order, wanted, tonumber(first or 1), tonumber(last or turn_count))
	for call in pairs(wanted) do
		if not seen[call] then
			book.refuse_here(line, call .. ' is not called in these turns of ' .. path)
		end
	end
	for _, row in ipairs(list) do
		count = math.max(count, tonumber(row[1].thread) + 1)
	end
	local blocks = pandoc.List { book.html '<figure class="turns">\n<figcaption>' }
	blocks:extend(div.content)
	blocks:insert(book.html('</figcaption>\n<div class="turns-table" tabindex="0">' .. draw(list, count) .. '</div>\n</figure>'))
	return blocks
end

return { { Div = turns }, { Pandoc = function() book.done() end } }
