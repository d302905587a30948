-- A chapter's claims, as the book's filter claims.lua understands them:
--   pandoc -f markdown -t plain -o /dev/null -L tools/release/claims.lua chapters/04-vcpu.md
-- prints a line for each capture that a claim is of: MODE/NAME, a tab, and what
-- `kvt claim` is asked.

local chapter = PANDOC_STATE.input_files[1]:match '([^/]+)%.md$'

function Span(span)
	local attributes = span.attributes
	if not (span.classes:includes 'claim' and attributes.shows) then
		return
	end
	local text = (attributes['in'] and 'in ' .. attributes['in'] .. ': ' or '') .. attributes.shows
	for mode in (attributes.mode or 'vhe'):gmatch '%S+' do
		print(mode .. '/' .. (attributes.of or chapter) .. '\t' .. text)
	end
end
