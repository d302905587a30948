-- The terms of the field: the entries of glossary.md, and what in a chapter is
-- one. A chapter has a term in bold once, where it says what it is.

local book = require 'book'

local terms = {}

terms.file = 'glossary.md'

-- Quotes as they are typed, small letters, one thing rather than several.
local function plain(text)
	return (text:gsub('\u{2019}', "'"):lower())
end

function terms.id(name)
	return (plain(name):gsub("'", ''):gsub('[^%w]+', '-'))
end

-- A term stands above a line that begins with a colon, other forms of it in
-- parentheses behind it; the entry's first link to a chapter names its own.
local entries

function terms.all()
	if entries then
		return entries
	end
	entries = {}
	local lines = book.lines(terms.file) or {}
	for number, line in ipairs(lines) do
		local entry = entries[#entries]
		if (lines[number + 1] or ''):find '^:%s' and line:find '^%S' then
			local name, others = line:match '^(.-)%s*%((.*)%)%s*$'
			entry = { name = name or line, line = number, forms = { name or line } }
			for form in (others or ''):gmatch '[^,]+' do
				table.insert(entry.forms, form:match '^%s*(.-)%s*$')
			end
			entry.id = terms.id(entry.name)
			table.insert(entries, entry)
		elseif entry and not entry.chapter then
			entry.chapter = line:match '%]%((chapters/[^)#%s]*%.md)'
		end
	end
	return entries
end

function terms.find(text)
	local wanted = plain(text)
	for _, entry in ipairs(terms.all()) do
		for _, form in ipairs(entry.forms) do
			if plain(form) == wanted or plain(form) .. 's' == wanted then
				return entry
			end
		end
	end
end

-- Bold that begins with code or ends as a sentence does is the head of a
-- paragraph, like **`EINVAL`: an ID that is too high.**
function terms.is_term(strong)
	local first = strong.content[1]
	local text = pandoc.utils.stringify(strong)
	return first and first.t ~= 'Code' and text ~= '' and not text:find '[.:?!]$'
end

-- The file in which words.lua writes what a chapter has.
function terms.words(chapter)
	return book.out .. '/.facts/' .. book.page(chapter):gsub('html$', 'words')
end

-- What a chapter has in bold, and its text line by line.
function terms.read(chapter)
	local bold, text = {}, {}
	for _, line in ipairs(book.lines(terms.words(chapter)) or {}) do
		local kind, words = line:match '^(%a+) (.*)$'
		if kind == 'bold' then
			bold[terms.find(words) or words] = true
		elseif kind == 'text' then
			text[#text + 1] = words
		end
	end
	return bold, table.concat(text, '\n')
end

local lowered = {}

-- Whether a text has a term's word. Capitals count where the term has some.
function terms.uses(text, entry)
	for _, form in ipairs(entry.forms) do
		local here, word = text, plain(form)
		if form:find '%u' then
			word = form
		else
			lowered[text] = lowered[text] or text:lower()
			here = lowered[text]
		end
		-- Most texts have not even the letters, which is found faster.
		if here:find(word, 1, true) and here:find('%f[%w]' .. word:gsub('%p', '%%%0') .. 's?%f[^%w]') then
			return true
		end
	end
	return false
end

return terms
