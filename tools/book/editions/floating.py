"""Figures that do not fit the page where the text has them: a figure that is only a
little too high gets smaller; else the text that follows fills that page, and the
figure stands behind it, as in any printed book.  A short tree that would leave
as much of a page blank is torn."""

from nodes import classes, find, text_of

# A page that is blank by more than this because of a figure gets more text.
MOST = .2
# Text may stand before a figure that the author has behind it; and only so much.
TEXT, FURTHEST = ('p', 'ul', 'ol'), 5
# A figure keeps its letters readable: it gets this small, and no smaller.
SMALLEST = .85
# What is rounded away of a figure that just fits, in pixels.
SLACK = 2
HEADINGS = ('h1', 'h2', 'h3', 'h4')


def number(sheet):
	"""Gives each figure of a sheet, and each tree that is not torn, a name that is
	found again when it is laid out."""
	for kind, blocks in (('figure', find(sheet, 'figure', 'drawing')), ('tree', find(sheet, 'div', 'whole'))):
		for count, block in enumerate(blocks, 1):
			block.set('data-' + kind, str(count))


def named(sheet, kind, name):
	return sheet.xpath(f'.//*[@data-{kind}="{name}"]')[0]


def is_picture(box):
	return type(box).__name__ in ('BlockReplacedBox', 'InlineReplacedBox')


def lines_end(box):
	"""How far down the lines and pictures in a box reach, or 0."""
	children = getattr(box, 'children', ())
	if not children or type(box).__name__ == 'LineBox':
		return box.position_y + box.margin_height() if type(box).__name__ == 'LineBox' or is_picture(box) else 0
	return max(lines_end(child) for child in children)


def first_figure(box):
	"""The figure that comes first in a box, but for headings; None where there is
	nothing at all, and False where something else comes first."""
	kind, tag = type(box).__name__, getattr(box, 'element_tag', None)
	if tag == 'figure' and box.element is not None:
		return box
	if tag in HEADINGS:
		return None
	if kind == 'LineBox' or kind.endswith('ReplacedBox'):
		return False
	found = (first_figure(child) for child in getattr(box, 'children', ()))
	return next((figure for figure in found if figure is not None), None)


def inside(box, is_meant):
	"""The outermost boxes that are meant, from the first to the last."""
	if is_meant(box):
		return [box]
	return [found for child in getattr(box, 'children', ()) for found in inside(child, is_meant)]


def is_text(box):
	return getattr(box, 'element_tag', None) in TEXT


class Pushed:
	"""A figure that begins a page, alone or below a heading, and leaves too much of
	the one before blank."""

	def __init__(self, sheet, box, before, count, top):
		text = before._page_box
		self.page = count	# of the one before, from 1 in its sheet
		self.box, self.element = box, box.element
		self.name = self.element.get('data-figure')
		self.blank = text.content_box_y() + text.height - lines_end(text.children[0])
		self.is_too_blank = self.blank > MOST * text.height
		# With the heading above it, which comes along.
		self.height = box.position_y + box.margin_height() - top
		self.above = inside(text.children[0], is_text)
		if self.name:
			self.element = named(sheet, 'figure', self.name)


def pushed(sheet, document):
	for count, (before, page) in enumerate(zip(document.pages, document.pages[1:]), 1):
		box = first_figure(page._page_box.children[0])
		figure = box and Pushed(sheet, box, before, count, page._page_box.content_box_y())
		if figure and figure.is_too_blank:
			yield figure


def shrink(figure):
	"""Makes a figure smaller if that makes it fit; once."""
	pictures = inside(figure.box, is_picture)
	high = sum(picture.height for picture in pictures)
	if not high or figure.element.get('data-scale'):
		return False
	scale = 1 - (figure.height + SLACK - figure.blank) / high
	if not SMALLEST <= scale < 1:
		return False
	figure.element.set('data-scale', f'{scale:.3f}')
	for image, picture in zip(figure.element.iter('img'), pictures):
		image.set('style', f'width: {picture.width * scale * .75:.1f}pt')
	return True


def leads_on(block):
	"""Whether a text says that something comes right behind it."""
	return block.tag in TEXT and text_of(block).endswith(':')


def heights(document):
	"""How high each figure with a name is."""
	found = {}
	for page in document.pages:
		for box in inside(page._page_box, lambda box: getattr(box, 'element_tag', None) == 'figure'):
			if box.element is not None and box.element.get('data-figure'):
				found[box.element.get('data-figure')] = box.margin_height()
	return found


def may_pass(block, figure, document):
	"""Whether what follows a figure can fill the page: text and what can be torn,
	and another figure where it has room."""
	if block.tag in TEXT:
		return True
	if block.tag != 'figure' or 'in-strip' in classes(block):
		return False
	name = block.get('data-figure')
	return heights(document)[name] < figure.blank if name else True


def place_behind(figure, document):
	"""The block behind which a figure moves next, or None."""
	after = figure.element.getnext()
	while after is not None and may_pass(after, figure, document):
		if not leads_on(after):
			return after
		after = after.getnext()
	return None


def texts_before(figure):
	"""The text right before a figure, the nearest first."""
	found = []
	while len(found) < FURTHEST and (before := (found[-1] if found else figure).getprevious()) is not None and before.tag in TEXT:
		found.append(before)
	return found


def texts_to_pass_up(figure):
	"""How many of the texts above it a figure that ends its section must have
	below it to have room, or None."""
	blank = figure.blank
	for count, (text, box) in enumerate(zip(texts_before(figure.element), reversed(figure.above)), 1):
		blank += box.margin_height()
		before = text.getprevious()
		if blank > figure.height and (before is None or not leads_on(before)):
			return count
	return None


def move_up(figure):
	count = texts_to_pass_up(figure)
	if count is None:
		return False
	texts_before(figure.element)[count - 1].addprevious(figure.element)
	figure.element.set('data-moves', str(FURTHEST))
	figure.element.set('data-up', str(count))
	return True


def move_back(figure):
	"""Where a figure does not fit above the text, either, it goes where it was."""
	count = int(figure.element.attrib.pop('data-up', 0))
	if count:
		figure.element.xpath(f'following-sibling::*[{count}]')[0].addnext(figure.element)
	return count > 0


def move_down(figure, document):
	after = place_behind(figure, document)
	if after is None:
		return False
	figure.element.set('data-moves', str(int(figure.element.get('data-moves', 0)) + 1))
	after.addnext(figure.element)
	return True


def shift(figure, document):
	"""Moves a figure behind what follows, or before the text above it if nothing
	that can be passed does; returns whether it has moved."""
	if int(figure.element.get('data-moves', 0)) >= FURTHEST:
		return move_back(figure)
	return move_down(figure, document) or move_up(figure)


def tear(sheet, figure):
	"""Lets a short tree go on overleaf."""
	trees = [tree.get('data-tree') for tree in figure.element.iter('div') if tree.get('data-tree') and 'whole' in classes(tree)]
	for name in trees:
		block = named(sheet, 'tree', name)
		block.set('class', ' '.join(kind for kind in classes(block) if kind != 'whole'))
	return bool(trees)


def move(sheet, document):
	"""Changes the first figure that can be; returns whether one has, and the sheet
	must be laid out again."""
	for figure in pushed(sheet, document):
		if shrink(figure) or shift(figure, document) if figure.name else tear(sheet, figure):
			return True
	return False
