"""Figures that do not fit the page where the text has them: the text that follows
fills that page, and the figure stands behind it, as in any printed book."""

from nodes import find

# A page that is blank by more than this because of a figure gets more text.
MOST = .2
# Text may stand before a figure that the author has behind it; and only so much.
TEXT, PARAGRAPHS = ('p', 'ul', 'ol'), 3
HEADINGS = ('h1', 'h2', 'h3', 'h4')


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


def first_drawing(box):
	"""The figure that comes first in a box, but for headings; None where there is
	nothing at all, and False where something else comes first."""
	kind, tag = type(box).__name__, getattr(box, 'element_tag', None)
	if tag == 'figure' and box.element is not None and box.element.get('data-figure'):
		return box
	if tag in HEADINGS:
		return None
	if kind == 'LineBox' or kind.endswith('ReplacedBox'):
		return False
	found = (first_drawing(child) for child in getattr(box, 'children', ()))
	return next((drawing for drawing in found if drawing is not None), None)


def texts(box):
	"""The paragraphs and lists in a box, from the first to the last."""
	if getattr(box, 'element_tag', None) in TEXT:
		return [box]
	return [text for child in getattr(box, 'children', ()) for text in texts(child)]


def pushed(document):
	"""The figures that begin a page, alone or below a heading, and leave too much of
	the one before blank: name, height, how much is blank, and the text above it."""
	for before, page in zip(document.pages, document.pages[1:]):
		figure = first_drawing(page._page_box.children[0])
		text = before._page_box
		blank = text.content_box_y() + text.height - lines_end(text.children[0])
		if figure and blank > MOST * text.height:
			yield figure.element.get('data-figure'), figure.margin_height(), blank, texts(text.children[0])


def texts_before(figure):
	"""The text right before a figure, the nearest first."""
	found = []
	while len(found) < PARAGRAPHS and (before := (found[-1] if found else figure).getprevious()) is not None and before.tag in TEXT:
		found.append(before)
	return found


def place_above(figure, height, blank, above):
	"""The text before which a figure that ends its section has room, or None."""
	for text, box in zip(texts_before(figure), reversed(above)):
		blank += box.margin_height()
		if blank > height:
			return text
	return None


def move(sheet, document):
	"""Puts the first figure that can be behind the next paragraph, or before those
	that stand above it if none follows; returns whether one has moved, and the sheet
	must be laid out again."""
	for name, height, blank, above in pushed(document):
		figure = sheet.xpath(f'.//figure[@data-figure="{name}"]')[0]
		after, moves = figure.getnext(), int(figure.get('data-moves', 0))
		if moves >= PARAGRAPHS:
			continue
		if after is not None and after.tag in TEXT:
			figure.set('data-moves', str(moves + 1))
			after.addnext(figure)
			return True
		place = place_above(figure, height, blank, above)
		if place is not None:
			figure.set('data-moves', str(PARAGRAPHS))
			place.addprevious(figure)
			return True
	return False
