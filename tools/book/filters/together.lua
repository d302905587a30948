-- Keeps "chapter 3" and "appendix B" on one line.

function Inlines(inlines)
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
