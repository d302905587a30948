-- Keeps "chapter 3" on one line.

local function together(inlines)
	for i = 2, #inlines - 1 do
		local before, blank, after = inlines[i - 1], inlines[i], inlines[i + 1]
		if (blank.t == 'Space' or blank.t == 'SoftBreak') and before.t == 'Str' and after.t == 'Str'
			and before.text:match '[Cc]hapters?$' and after.text:match '^%d' then
			inlines[i] = pandoc.Str '\u{a0}'
		end
	end
	return inlines
end

-- To look through all inlines of a text takes long, and few blocks have the word.
local function block(element)
	return pandoc.utils.stringify(element):find '[Cc]hapters?%s%d' and element:walk { Inlines = together } or nil
end

return { { Para = block, Plain = block, Header = block } }
