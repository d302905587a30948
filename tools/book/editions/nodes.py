"""What all that reads or makes an edition's HTML asks of lxml."""

from lxml import html


def element(tag, text='', **attributes):
	"""A new element; class_ is its class."""
	made = html.Element(tag, {name.rstrip('_'): value for name, value in attributes.items()})
	if text:
		made.text = text
	return made


def classes(node):
	return (node.get('class') or '').split()


def has_class(name):
	return f'contains(concat(" ", @class, " "), " {name} ")'


def find(node, tag, name):
	return node.xpath(f'.//{tag}[{has_class(name)}]')


def text_of(node):
	return ' '.join(node.text_content().split())


def is_inside(node, tag, name):
	return any(above.tag == tag and name in classes(above) for above in node.iterancestors())
