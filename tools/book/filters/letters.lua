-- The letters above a long list: each leads to the first entry that begins with it.

local letters = {}

-- Places are { letter = 'K', id = 'letter-k' }, in the order of the list.
function letters.strip(places)
	local links = pandoc.List {}
	for index, place in ipairs(places) do
		if index > 1 then
			links:insert(pandoc.Space())
		end
		links:insert(pandoc.Link({ pandoc.Str(place.letter) }, '#' .. place.id))
	end
	return pandoc.Div({ pandoc.Plain(links) },
		{ class = 'letters', role = 'navigation', ['aria-label'] = 'Letters' })
end

return letters
