"""Walks and sketches on paper: numbered lists, without what only opens."""

import copy
from lxml import html


def has_class(name):
	return f'contains(concat(" ", @class, " "), " {name} ")'


def find(node, name):
	return node.xpath(f'.//*[{has_class(name)}]')


def space():
	made = html.Element('span')
	made.text = ' '
	return made


def outline(figure):
	"""A step has its line before its words, and behind them what ran."""
	for step in find(figure, 'sketch-step'):
		words = step.xpath(f'./div[{has_class("sketch-words")}]')[0]
		for details in step.findall('details'):
			ran = copy.deepcopy(details.find('summary'))
			ran.tag, ran.tail = 'span', None
			ran.set('class', 'sketch-ran')
			words.append(space())
			words.append(ran)
			details.drop_tree()
		for piece in words:
			piece.tail = (piece.tail or '').rstrip('\n')
		line = step.find('a')
		line.drop_tree()
		line.attrib.pop('aria-label')
		line.set('class', 'loc')
		line.tail = ' ' + (words.text or '').strip('\n')
		words.text = None
		words.insert(0, line)


def steps(body):
	for figure in find(body, 'sketch'):
		outline(figure)
	for links in find(body, 'walk-links'):
		links.drop_tree()
