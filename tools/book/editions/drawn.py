"""Drawings in a page as files of an edition: the style sheet's colors and fonts
are written into each, for what shows the file has no style sheet."""

import copy
from lxml import etree
from nodes import classes, element, find

# The roles of style/colors.css, on white; tests/book-style.t compares them.
COLORS = {'user': '#6f5300', 'kernel': '#3c6418', 'el2': '#9c3a1f', 'guest': '#5e459c', 'note': '#6b665c',
	'source': '#6b665c', 'new': '#9c3a1f', 'fault': '#9c3a1f'}
INK, SOFT = '#22211f', '#57534b'
SHAPES = ('polygon', 'path', 'polyline', 'ellipse', 'line', 'rect', 'circle')
SVG = 'http://www.w3.org/2000/svg'


def color_of(node):
	for above in [node, *node.iterancestors('g')]:
		for name in reversed(classes(above)):
			if name in COLORS:
				return COLORS[name]
	return SOFT


def paint(node, fonts):
	"""What the style sheet says of one piece of a drawing."""
	group = classes(node.getparent())
	if node.tag == 'text':
		is_own = 'cluster' in group or 'note' in group
		node.set('fill', color_of(node) if is_own else INK)
		node.set('font-family', fonts['sans'])
	elif node.tag in SHAPES:
		for name in ('fill', 'stroke'):
			if node.get(name) == 'currentColor':
				node.set(name, color_of(node))
		if 'new' in group:
			node.set('stroke-width', '1.6')
		if node.tag in ('polygon', 'path') and 'cluster' in group:
			node.set('fill', color_of(node))
			node.set('fill-opacity', '.06')
		elif node.tag in ('polygon', 'path') and 'node' in group:
			node.set('fill', '#fff')
	if 'code' in classes(node):
		node.set('font-family', fonts['mono'])


def left_of(text, wide):
	"""Where a text begins that is so wide."""
	return float(text.get('x')) - wide * {'middle': .5, 'end': 1}.get(text.get('text-anchor'), 0)


def place(text, width):
	"""A line of several pieces as one text for each, where it begins: WeasyPrint
	would center each piece, over the others."""
	pieces = text.findall('tspan')
	if not pieces:
		return
	def given(piece, name):
		return piece.get(name) or text.get(name)
	widths = [width(piece.text or '', given(piece, 'font-family'), float(given(piece, 'font-size')),
		given(piece, 'font-weight') in ('bold', '600', '700')) for piece in pieces]
	at = left_of(text, sum(widths))
	for piece, wide in zip(pieces, widths):
		own = element('text', (piece.text or '').replace(' ', '\u00a0'))
		own.attrib.update({**text.attrib, **piece.attrib, 'x': f'{at:.2f}', 'text-anchor': 'start'})
		text.addprevious(own)
		at += wide
	text.getparent().remove(text)


def clear(text, fonts):
	"""A line ends before the words on it, as on the page.  Where the fonts are not
	known, the same words below do it, with white around their letters."""
	size = float(text.get('font-size'))
	if 'width' not in fonts:
		below = element('text', text.text or '')
		below.attrib.update({**text.attrib, 'fill': '#fff', 'stroke': '#fff', 'stroke-width': '3', 'stroke-linejoin': 'round'})
		below.extend(copy.deepcopy(piece) for piece in text)
	else:
		wide = fonts['width'](text.text or '', text.get('font-family'), size, text.get('font-weight') == 'bold')
		below = element('rect')
		below.attrib.update({'x': f'{left_of(text, wide):.2f}', 'y': f'{float(text.get("y")) - .8 * size:.2f}',
			'width': f'{wide:.2f}', 'height': f'{1.05 * size:.2f}', 'fill': '#fff'})
	text.addprevious(below)


def as_file(svg, wide, high, box):
	"""A drawing's root with what a file of its own must say."""
	root = etree.Element(f'{{{SVG}}}svg', nsmap={None: SVG})
	for name, value in (('viewBox', box), ('width', f'{wide:g}'), ('height', f'{high:g}'), ('font-size', '12')):
		root.set(name, value)
	etree.SubElement(root, 'title').text = svg.get('aria-label')
	etree.SubElement(root, 'rect', width='100%', height='100%', fill='#fff')
	for child in list(svg):
		root.append(child)
	for node in root.iter(etree.Element):
		if '}' not in node.tag:
			node.tag = f'{{{SVG}}}{node.tag}'
	return etree.tostring(root, encoding='utf-8', xml_declaration=True)


def drawing(svg, fonts):
	"""An inline SVG as a file of its own, and its size in points."""
	box = svg.get('viewbox') or svg.get('viewBox')
	_, _, wide, high = (float(number) for number in box.split())
	for anchor in list(svg.iter('a')):
		anchor.remove(anchor.find('title'))
		anchor.drop_tag()
	for node in svg.iter('*'):
		paint(node, fonts)
	for text in list(svg.iter('text')) if 'width' in fonts else []:
		place(text, fonts['width'])
	for edge in find(svg, 'g', 'edge'):
		for text in edge.findall('text'):
			clear(text, fonts)
	for node in svg.iter('*'):
		node.attrib.pop('class', None)
		node.attrib.pop('style', None)
	return as_file(svg, wide, high, box), wide


def figures(section, fonts, files):
	"""Drawings become images, with the text that says what they show."""
	for count, svg in enumerate(list(section.body.iter('svg')), 1):
		name = f'{section.name}-figure-{count}.svg'
		files[name], wide = drawing(svg, fonts)
		image = element('img', src=name, alt=svg.get('aria-label') or '', style=f'width: {wide * .79:.1f}pt')
		image.tail = svg.tail
		svg.getparent().replace(svg, image)
