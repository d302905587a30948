-- Writes what a page is made of, for make, to the file $BOOK_DEPS.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'
local capture = require 'capture'
local figure_claims = require 'figure_claims'
local since = require 'since'
local tables = require 'tables'
local terms = require 'terms'
local woke = require 'woke'

local files, seen = {}, {}

local function need(file)
	if not seen[file] then
		seen[file] = true
		files[#files + 1] = file
	end
end

local function need_kvt(path)
	need(path)
	for _, source in ipairs(capture.sources(path)) do
		need(source.file)
	end
end

local function need_capture(element)
	local attributes = element.attributes
	for mode in (attributes.modes or attributes.mode or 'vhe'):gmatch '%S+' do
		need_kvt(capture.path(attributes.capture, mode, 'kvt'))
		if book.has_class(element, 'output') then
			need(capture.path(attributes.capture, mode, 'out'))
		elseif book.has_class(element, 'turns') or book.has_class(element, 'strip') and attributes.turns then
			need(capture.path(attributes.capture, mode, 'turns'))
		end
	end
end

-- A picture of objects is of one capture, or of two.
local function need_objects(attributes)
	local mode = attributes.mode or 'vhe'
	for _, name in ipairs { attributes.capture, (attributes.since or ''):match '^(%S+)%s+%S' } do
		local turns = capture.path(name, mode, 'turns')
		need_kvt(capture.path(name, mode, 'kvt'))
		if book.exists(turns) then
			need(turns)
		end
	end
end

local function block(element)
	if book.has_class(element, 'objects') then
		need_objects(element.attributes)
	elseif element.attributes.capture then
		need_capture(element)
	elseif book.has_class(element, 'diff') and element.attributes.a then
		for _, side in ipairs(capture.sides(element.attributes)) do
			need_kvt(side.path)
		end
	elseif element.attributes.file then
		need(element.attributes.file)
	end
end

local function claim(element)
	if book.has_class(element, 'claim') then
		need_capture { classes = element.classes, attributes = {
			capture = element.attributes.of or book.page(book.chapter):gsub('%.html$', ''),
			mode = element.attributes.mode,
		} }
	end
end

local function strong(element)
	if terms.is_term(element) then
		need(terms.file)
	end
end

local function link(element)
	if element.target:find '^elsewhere:' then
		need(tables.elsewhere)
	end
end

local function figure(file)
	for _, claim in ipairs(figure_claims.read(file)) do
		local found = claim.found or {}
		if found.of then
			need_kvt(capture.path(found.of, found.mode or 'vhe', 'kvt'))
		end
		if found.of and claim.kind == 'output' then
			need(capture.path(found.of, found.mode or 'vhe', 'out'))
		elseif found.at and claim.kind == 'file' then
			need(found.at)
		end
	end
end

local function image(element)
	local file = book.chapter:gsub('[^/]*$', '') .. element.src
	need(file)
	if file:find '%.dot$' then
		figure(file)
	end
end

local function meta(values)
	for _, file in ipairs(book.owned(values)) do
		need(file)
	end
	if since.name(values) then
		need(since.path(since.name(values)))
	end
	local counted = woke.capture(book.program)
	if counted then
		need(counted)
	end
end

-- A file without a rule of its own may go away without stopping make.
local function write(document)
	local path = os.getenv 'BOOK_DEPS'
	if path then
		local out = assert(io.open(path, 'w'))
		out:write(book.out, '/', book.page(book.chapter), ': ', table.concat(files, ' '), '\n')
		for _, file in ipairs(files) do
			out:write(file, ':\n')
		end
		out:close()
	end
	return document
end

return { { Meta = meta, Link = link, Image = image, Strong = strong, Span = claim, CodeBlock = block, Div = block }, { Pandoc = write } }
