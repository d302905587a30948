"""Tables on paper, where a page may be narrower than what is in their columns."""

from nodes import element, find, is_inside

# Names from so many letters on may be torn, once, near their middle.
LONG_NAME = 24
# A column with so many letters of text somewhere, and a table with so many in a row.
MUCH_TEXT, MUCH_IN_ROW = 24, 70


def cells(table):
	"""The columns, each a list of its cells."""
	return zip(*(row.xpath('./th|./td') for row in table.iter('tr')))


def letters(cell):
	return len(' '.join(cell.text_content().split()))


def tear(code):
	"""Lets a long name go on below, behind the _ that is nearest to its middle."""
	name = code.text or ''
	places = [at for at, letter in enumerate(name) if letter == '_' and 3 < at < len(name) - 4]
	if len(name) < LONG_NAME or len(code) or ' ' in name or not places:
		return
	middle = min(places, key=lambda at: abs(at + 1 - len(name) / 2)) + 1
	code.text = name[:middle] + '\u200b' + name[middle:]
	code.attrib.pop('class', None)


def part(first):
	"""Puts what follows a place or a name, and a comma, on a line of its own."""
	if (first.tail or '').strip() == ',' and first.getnext() is not None:
		first.addnext(element('br'))
		first.tail, first.getnext().tail = ',', None


def fit(section):
	"""In a table that fills the page, text gets room before names do: each place and
	each of several names has a line of its own, long names may be torn, and a column
	of text is not a column of words."""
	for table in section.body.iter('table'):
		if is_inside(table, 'div', 'turns-table') or 'coverage' in (table.get('class') or ''):
			continue
		columns = list(cells(table))
		if sum(max(map(letters, column)) for column in columns) < MUCH_IN_ROW:
			continue
		for first in [*find(table, 'span', 'place'), *table.xpath('.//td/code[following-sibling::*[1][self::code]]')]:
			part(first)
		for column in columns:
			if max(map(letters, column)) >= MUCH_TEXT and not any(find(cell, 'span', 'place') for cell in column):
				column[0].set('class', 'of-text')
		for code in table.iter('code'):
			tear(code)
