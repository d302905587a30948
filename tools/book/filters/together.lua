-- Keeps "chapter 3" and "appendix B" on one line.

local function together(inlines)
	for i = 2, #inlines - 1 do
		local before, blank, after = inlines[i - 1], inlines[i], inlines[i + 1]
		if (blank.t == 'Space' or blank.t == 'SoftBreak') and before.t == 'Str' and after.t == 'Str'
			and (before.text:match '[Cc]hapters?$' and after.text:match '^%d'
				or before.text:match '[Aa]ppendix$' and after.text:match '^%u%f[%W]') then
			inlines[i] = pandoc.Str '\u{a0}'
		end
	end
	return inlines
end

-- To look through all inlines of a text takes long, and few blocks have the word.
local function block(element)
	local text = pandoc.utils.stringify(element)
	local has_word = text:find '[Cc]hapters?%s%d' or text:find '[Aa]ppendix%s%u'
	return has_word and element:walk { Inlines = together } or nil
end

return { { Para = block, Plain = block, Header = block } }
