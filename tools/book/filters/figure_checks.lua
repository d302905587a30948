-- Checks what a figure claims (figure_claims.lua): that it is so, and that the
-- figure says it.

local book = require 'book'
local capture = require 'capture'
local figure_claims = require 'figure_claims'
local kvt = require 'kvt'
local tables = require 'tables'

local figure_checks = {}

-- What one reads where a label has a tag, and the blanks after it.
local READ = {
	BR = function (blanks) return ' ' .. blanks end,
	['/TD'] = function () return '|' end,
	['/TR'] = function (blanks) return '\n' .. blanks end,
}

-- A label as one reads it: a line for each row of a table, its cells with | after
-- each.
local function plain(label)
	local text = label:gsub('(%b<>)(%s*)', function (tag, blanks)
		local name = tag:match('^.(/?%u+)')
		if name then
			return READ[name] and READ[name](blanks) or blanks
		end
	end)
	return (text:gsub('\\[nlr]', ' '):gsub('&lt;', '<'):gsub('&gt;', '>'):gsub('&amp;', '&'):gsub('[ \t]+', ' ')
		:gsub(' ?| ?', '|'))
end

-- All that a figure says, from its labels.
local function said_by(file)
	local text, said = {}, ''
	for _, line in ipairs(book.lines(file)) do
		if not line:find '^%s*//' and not line:find '^%s*#' then
			text[#text + 1] = line
		end
	end
	local rest = table.concat(text, '\n'):gsub('\\"', '\1')
	local _, last = rest:find 'label='
	while last do
		rest = rest:sub(last + 1)
		local label = rest:match '^%b<>' or rest:match '^%b""' or rest:match '^[%w_]*'
		said = said .. '\n' .. plain(label:match '^[<"](.*)[>"]$' or label):gsub('\1', '"')
		_, last = rest:find 'label='
	end
	return said
end

-- Whether a text stands in what a figure says, not as a part of a longer word.
local function stands(said, text)
	local first, last = said:find(text, 1, true)
	while first do
		local before, after = said:sub(first - 1, first - 1), said:sub(last + 1, last + 1)
		if not (before .. text:sub(1, 1)):find '^[%w_][%w_]$' and not (text:sub(-1) .. after):find '^[%w_][%w_]$' then
			return true
		end
		first, last = said:find(text, first + 1, true)
	end
	return false
end

local function line_with(path, words)
	local wanted = tables.squeeze(words)
	for _, line in ipairs(book.lines(path) or {}) do
		if stands(tables.squeeze(line), wanted) then
			return true
		end
	end
	return false
end

local function claim_text(found)
	return (found['in'] and 'in ' .. found['in'] .. ': ' or '') .. found.shows
end

-- Whether kvt finds all of these claims true of a capture; if not, why.
local function is_true(path, texts)
	return kvt.heard { 'claim', '--symbols', tables.symbols, path, table.unpack(texts) } ~= nil
end

local function why_false(path, text)
	local _, _, why = kvt.heard { 'claim', '--symbols', tables.symbols, path, text }
	return 'claim fails: ' .. text .. '\n' .. path .. ': ' .. kvt.complaint(why or ''):gsub('\n', '\n' .. path .. ': ')
end

-- The claims by capture: kvt reads each capture once, unless one is false.
local function check_captures(file, line, claims)
	local wanted, paths = {}, {}
	for _, claim in ipairs(claims) do
		local found = claim.found
		if claim.kind == 'claim' then
			local path = capture.path(found.of, found.mode or 'vhe', 'kvt')
			if not wanted[path] then
				wanted[path] = {}
				paths[#paths + 1] = path
			end
			table.insert(wanted[path], { line = claim.line, text = claim_text(found) })
		end
	end
	for _, path in ipairs(paths) do
		local texts = {}
		for index, claim in ipairs(wanted[path]) do
			texts[index] = claim.text
		end
		if capture.check(line, path) and not is_true(path, texts) then
			for _, claim in ipairs(wanted[path]) do
				if not is_true(path, { claim.text }) then
					book.refuse(file, claim.line, why_false(path, claim.text))
				end
			end
		end
	end
end

local checks = {}

function checks.output(found, line)
	local mode = found.mode or 'vhe'
	local path = capture.path(found.of, mode, 'out')
	if capture.check(line, capture.path(found.of, mode, 'kvt')) and not line_with(path, found.has) then
		return path .. ' has no line with ' .. found.has
	end
end

function checks.src(found)
	local text = tables.squeeze(found.has)
	if not tables.cited(found.at, text) then
		return 'src:' .. found.at .. ' "' .. text .. '" is not in ' .. tables.lines .. ': run make index'
	end
end

function checks.file(found)
	if not line_with(found.at, found.has) then
		return found.at .. ' has no line with ' .. found.has
	end
end

-- Refuses claims that are not borne out, and those of texts that the figure does
-- not have. line: where the chapter has the figure.
function figure_checks.check(file, line)
	local claims, good = figure_claims.read(file), {}
	local said = #claims > 0 and said_by(file) or ''
	for _, claim in ipairs(claims) do
		if claim.wrong then
			book.refuse(file, claim.line, claim.wrong)
		else
			good[#good + 1] = claim
			for _, text in ipairs(claim.texts) do
				if not stands(said, text) then
					book.refuse(file, claim.line, 'the figure does not say ' .. text)
				end
			end
			local why = checks[claim.kind] and checks[claim.kind](claim.found, line)
			if why then
				book.refuse(file, claim.line, why)
			end
		end
	end
	check_captures(file, line, good)
end

return figure_checks
