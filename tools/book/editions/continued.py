"""Trees that go on overleaf: the top of the page says below which calls its first
row is.  Each row brings the names of the calls above it, and the style sheet
has the printer write those of the row that a page begins with."""

from nodes import element, find, text_of

# As many letters as fit beside the margin; the nearest calls are the ones that help.
ROOM = 80


def name_of(item):
	"""What a line of a tree is called: its function, or the request of its system
	call; nothing when it stands for several."""
	line = item.find('./div')
	if line is None:
		return ''
	names = find(line, 'a', 'fn') + line.xpath('.//*[@class="sys"]//b') + line.xpath('.//*[@class="unseen"]')
	return text_of(names[0]).partition('(')[0] if names else ''


def said(names):
	"""The names of the calls above a row, without those in the middle when there is no room."""
	words = ' › '.join(names)
	while len(words) > ROOM and len(names) > 2:
		names = names[:1] + ['…'] + names[2 + (names[1] == '…'):]
		words = ' › '.join(names)
	return 'continued: ' + words if names else ''


def mark(items, names):
	"""Writes into each row what is above it."""
	for item in items:
		row = item.find('./div')
		(item if row is None else row).set('data-above', said(names))
		name = name_of(item)
		for below in item.findall('./ul'):
			mark(below.findall('./li'), names + [name] if name else names)


def mark_trees(body):
	for tree in find(body, 'div', 'kvt-tree'):
		for top in tree.findall('./ul'):
			mark(top.findall('./li'), [])
		# Nothing goes on where the tree has ended.
		tree.append(element('div', class_='ends'))
