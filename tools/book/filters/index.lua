-- book.md as the first page: links to chapters become links to pages, and
-- the sentence after a chapter's link becomes its description.

package.path = PANDOC_SCRIPT_FILE:gsub('[^/]*$', '') .. '?.lua;' .. package.path
local book = require 'book'

local function is_chapter(link)
	return link and link.t == 'Link' and link.target:find '^chapters/[^#]*%.md$'
end

local function entry(item)
	local content = item[1] and item[1].content
	if not content or not is_chapter(content[1]) then
		return item
	end
	local link = content:remove(1)
	local number = tonumber(link.target:match '/(%d+)%-') or ''
	link.target = book.page(link.target)
	while content[1] and (content[1].t == 'Space' or content[1].t == 'SoftBreak') do
		content:remove(1)
	end
	local words = { pandoc.Span({ pandoc.Str(tostring(number)) }, { class = 'no' }), pandoc.Space(), link }
	if #content > 0 then
		words[#words + 1] = pandoc.Space()
		words[#words + 1] = pandoc.Span(content, { class = 'about' })
	end
	return { pandoc.Plain(words) }
end

local function contents(list)
	local first = list.content[1] and list.content[1][1]
	if not first or not first.content or not is_chapter(first.content[1]) then
		return nil
	end
	list.content = list.content:map(entry)
	return pandoc.Div({ list }, { class = 'contents' })
end

local function link(element)
	if element.target:find '^%a[%w+.-]*:' or element.target:find '^#' or not element.target:find '%.md' then
		return nil
	end
	element.target = element.target:gsub('^chapters/', ''):gsub('%.md', '.html')
	return element
end

-- A reader who comes back goes straight to the contents or the first chapter;
-- one who is new, to what stands below the contents.
local function page(document)
	local meta = document.meta
	book.frame(meta)
	meta.index = true
	for _, block in ipairs(document.blocks) do
		if block.t == 'Header' and pandoc.utils.stringify(block):find '^Part ' then
			meta.contents = meta.contents or block.identifier
		elseif block.t == 'Header' and meta.contents then
			meta.below = { id = block.identifier, title = pandoc.MetaInlines(block.content) }
			break
		end
	end
	local first = book.contents().chapters[1]
	meta.first = first and first.page
	return document
end

return { { OrderedList = contents }, { Link = link }, { Pandoc = page } }
