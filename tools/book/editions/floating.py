"""Figures that do not fit the page where the text has them: the text that follows
fills that page, and the figure stands behind it, as in any printed book."""

from nodes import find

# A page that is blank by more than this because of a figure gets more text.
MOST = .2
# Text may stand before a figure that the author has behind it; and only so much.
TEXT, PARAGRAPHS = ('p', 'ul', 'ol'), 3


def number(sheet):
	"""Gives each figure of a sheet a name that is found again when it is laid out."""
	for count, figure in enumerate(find(sheet, 'figure', 'drawing'), 1):
		figure.set('data-figure', str(count))


def lines_end(box):
	"""How far down the lines and pictures in a box reach, or 0."""
	children = getattr(box, 'children', ())
	if not children or type(box).__name__ == 'LineBox':
		return box.position_y + box.margin_height() if type(box).__name__ in ('LineBox', 'BlockReplacedBox', 'InlineReplacedBox') else 0
	return max(lines_end(child) for child in children)


def begins_with(box):
	"""The figure that a page begins with, or None."""
	while box is not None:
		element = getattr(box, 'element', None)
		if element is not None and element.get('data-figure') and box.element_tag == 'figure':
			return element.get('data-figure')
		box = next(iter(getattr(box, 'children', ())), None)
	return None


def pushed(document):
	"""The figures that begin a page and leave too much of the one before blank."""
	for before, page in zip(document.pages, document.pages[1:]):
		figure = begins_with(page._page_box.children[0])
		text = before._page_box
		blank = text.content_box_y() + text.height - lines_end(text.children[0])
		if figure and blank > MOST * text.height:
			yield figure


def move(sheet, document):
	"""Puts the first figure that can be behind the next paragraph; returns whether
	one has moved, and the sheet must be laid out again."""
	for name in pushed(document):
		figure = sheet.xpath(f'.//figure[@data-figure="{name}"]')[0]
		after, moves = figure.getnext(), int(figure.get('data-moves', 0))
		if after is not None and after.tag in TEXT and moves < PARAGRAPHS:
			figure.set('data-moves', str(moves + 1))
			after.addnext(figure)
			return True
	return False
