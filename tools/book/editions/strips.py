"""Strips, lanes and turns for paper and for e-readers: what a strip's style sheet
says is written into its drawings, and links into pages that are not there go."""

from nodes import text_of

# style/strip.css in light, as fill and stroke.
KINDS = {
	'user': ('#eee9dc', '#6f5300'), 'kernel': ('#e2e7dc', '#3c6418'), 'guest': ('#e3dfeb', '#5e459c'),
	'memory': ('#dbe6e4', '#17655c'), 'call': ('#eddfe6', '#8a2a58'), 'wait': ('#e5e4e3', '#57534b'),
	'interrupt': ('#eee3d8', '#8a4a0c'), 'debug': ('#e7e7d9', '#5c5a00'), 'failed': ('#f0e1dc', '#9c3a1f'),
}
LANE, SOFT = '#f5f2ea', '#57534b'


def with_class(body, tag, name):
	return body.xpath(f'.//{tag}[contains(concat(" ", @class, " "), " {name} ")]')


def kind_of(node):
	"""The last class that says anything: the reason before the lane."""
	for name in reversed((node.get('class') or '').split()):
		if name in KINDS:
			return KINDS[name]
	return KINDS['kernel']


def paint(node):
	"""What the style sheet says of one piece."""
	kind = node.get('class')
	if kind == 'box':
		node.set('fill', kind_of(node.getparent())[0])
		node.set('stroke', kind_of(node.getparent())[1])
		node.set('rx', '3')
	elif kind == 'lane':
		node.set('fill', LANE)
	elif kind == 'still':
		node.set('fill', kind_of(node.getparent())[1])
		node.set('fill-opacity', '.5')
	elif kind == 'bracket':
		node.set('fill', 'none')
		node.set('stroke', SOFT)
	elif node.tag == 'text':
		node.set('font-size', '11')


def words_of(svg):
	"""All that a drawing says, for who does not see it."""
	times = with_class(svg, 'text', 'times')
	said = [title.text for title in svg.xpath('./*/title')]
	if times and said:
		said.insert(0, times[0].text)
	# The names of the lanes have no titles: they are their text.
	return '; '.join(said or [text_of(text) for text in svg.iter('text')])


def plain(body):
	"""Makes all of a page such that no style sheet and no link is missing."""
	for link in with_class(body, 'a', 'to-row'):
		link.drop_tree()
	for strip in with_class(body, 'ol', 'strip'):
		for svg in strip.iter('svg'):
			svg.set('aria-label', words_of(svg))
			for title in svg.xpath('.//title'):
				title.drop_tree()
			for node in svg.iter('*'):
				paint(node)
			for step in svg.xpath('./a | ./g'):
				step.tag = 'g'
				step.attrib.pop('href', None)
