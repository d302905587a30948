"""The book as one text for paper and for e-readers, from the pages that
`make book` has built: what only a browser can do is taken away or turned into
what a page can show.  make-pdf and make-epub go on from here."""

import copy
import os
import re
import sys
import drawn
import strips
from lxml import etree, html
from lxml.html.builder import E
from nodes import classes, element, find, has_class, is_inside, text_of
from steps import steps

# What a reader of these editions has to know about them, and where they differ.
ABOUT = ('The text, the programs and the captures are those of the book’s pages for browsers, made from the same files.\n'
	'Some of it stands elsewhere, because nothing here can be folded away.')
DIFFERENCES = (
	'A tree goes as deep as its page in the browser shows it at first.\n'
	'Where it ends before its capture does, the line says how many calls are left out; the command below the tree shows them all.',
	'A ✓ still says that the build has checked the sentence against a capture; the calls themselves are in the pages for browsers.',
	'Programs as a whole, and the solutions of the exercises, are behind the last chapter.')


class Mistake(Exception):
	"""What the author or the builder can put right; told without a traceback."""


class Section:
	"""A chapter, or another piece of the book that begins on a page of its own."""

	def __init__(self, name, kind, title, label='', question=None):
		self.name, self.kind, self.title = name, kind, title
		# "Chapter 4" and "4", "Appendix A" and "A"; nothing for what is neither.
		self.label, self.number = label, label.split(' ')[-1]
		self.question = question
		self.part = None
		self.body = element('div')

	@property
	def anchor(self):
		return flat(self.name)

	def headings(self):
		"""The headings of the text: level, identifier, and the element."""
		for heading in self.body.iter('h2', 'h3'):
			if heading.get('id'):
				yield int(heading.tag[1]), heading.get('id'), heading


class Part:
	"""A part of the book: its title, and of each chapter what book.md says."""

	def __init__(self, title):
		self.title = title
		self.chapters = []
		self.anchor = flat('part', re.sub(r'\W+', '-', title.lower()))


def flat(page, fragment=''):
	"""One name for a place in the whole book; also good as an XML identifier."""
	return 'p-' + re.sub(r'[^\w-]', '-', page + ('-' + fragment if fragment else ''))


def read_page(path):
	"""The text of a built page, its <main>, without what only a browser needs."""
	try:
		tree = html.parse(path, html.HTMLParser(encoding='utf-8'))
	except OSError as error:
		raise Mistake(f'{path} cannot be read: run make book') from error
	main = tree.getroot().get_element_by_id('main-text', None)
	if main is None:
		raise Mistake(f'{path} has no <main id="main-text">: run make book')
	etree.strip_elements(main, etree.Comment, 'script', 'style', 'nav', 'button', 'template', with_tail=False)
	for gone in main.xpath('.//*[@hidden]') + find(main, 'section', 'evidences') + find(main, 'p', 'whole-tree'):
		gone.drop_tree()
	# The parser takes what follows a <wbr> for its content.
	for node in main.xpath('.//wbr | .//a[contains(@class, "self")]'):
		node.drop_tag()
	unwrap(main)
	for name in ('tabindex', 'popover', 'aria-hidden'):
		for node in main.xpath(f'.//*[@{name}]'):
			del node.attrib[name]
	return main


def unwrap(main):
	"""Boxes that only a screen has go; what a section is called, its heading is."""
	for section in main.xpath('.//section[starts-with(@class, "level")]'):
		heading = next((node for node in section if node.tag in ('h2', 'h3', 'h4')), None)
		if heading is not None and section.get('id'):
			heading.set('id', section.get('id'))
		section.drop_tag()
	for box in find(main, 'div', 'beside') + find(main, 'div', 'walk'):
		box.drop_tag()


def take_header(main):
	"""Takes the page's header away, and returns what it says."""
	header = main.find('header')
	title = header.find('h1')
	question = find(header, 'p', 'question')
	number = find(header, 'p', 'number')
	header.drop_tree()
	title.tail = None
	return (title, text_of(number[0]).strip() if number else '',
		question[0] if question else None)


def read_section(directory, name, kind):
	main = read_page(os.path.join(directory, name + '.html'))
	section = Section(name, kind, *take_header(main))
	main.tag, main.attrib['id'] = 'div', ''
	main.attrib.clear()
	section.body = main
	return section


def read_index(directory):
	"""The first page: title and subtitle, the preface, and the parts."""
	main = read_page(os.path.join(directory, 'index.html'))
	cover = main.find('header')
	title = text_of(cover.find('h1'))
	subtitle = find(cover, 'p', 'subtitle')
	cover.drop_tree()
	preface = Section('index', 'preface', element('h1', 'Preface'))
	parts, in_part = [], False
	# On paper there are no doors, and what the first page shows comes after the
	# first words.
	shown = find(main, 'div', 'shows')
	for block in shown + find(main, 'div', 'doors'):
		main.remove(block)
	for block in list(main):
		if block.tag == 'h2':
			if len(preface.body) and not in_part:
				preface.body.extend(shown)
				shown = []
			in_part = text_of(block).startswith('Part ') or text_of(block) == 'Appendices'
		if block.tag == 'h2' and in_part:
			parts.append(Part(text_of(block)))
		elif in_part:
			for entry in block.iter('li'):
				link = entry.find('.//a')
				about = find(entry, 'span', 'about')
				if link is not None:
					parts[-1].chapters.append((link.get('href')[:-len('.html')], text_of(about[0]) if about else ''))
		else:
			preface.body.append(block)
	preface.body.extend(shown)
	preface.body.extend([E.h2('This edition', id='this-edition'), E.p(ABOUT), E.ul(*map(E.li, DIFFERENCES))])
	return title, text_of(subtitle[0]) if subtitle else '', preface, parts


def check_marks(body):
	"""The mark after a claim stays, and leads nowhere."""
	for mark in find(body, 'a', 'check'):
		mark.tag = 'span'
		mark.attrib.clear()
		mark.set('class', 'check')


# Trees


def row_of(item):
	"""What a line of a tree says, without what is below it."""
	row = item.find('./div')
	return item if row is None else row


def multiplicity(item):
	"""How many calls one line of a tree stands for: × 512."""
	times = find(row_of(item), 'span', 'times')
	found = re.match(r'× *(\d+)', text_of(times[0])) if times else None
	return int(found.group(1)) if found else 1


def count_calls(item):
	"""The recorded calls that a line of a tree and the lines below it stand for."""
	if 'more' in classes(item):
		return int(re.search(r'\d+', text_of(item)).group())
	below = sum(count_calls(child) for child in item.findall('./details/ul/li'))
	is_call = not {'gap', 'event', 'thread', 'group', 'through'} & set(classes(item)) \
		and row_of(item).find('./a[@class="fn"]') is not None
	return multiplicity(item) * ((1 if is_call else 0) + below)


def prune(details):
	"""A folded line says how many calls are below it, in place of them."""
	item, row = details.getparent(), row_of(details.getparent())
	calls = sum(count_calls(child) for child in details.findall('./ul/li'))
	details.drop_tree()
	item.set('class', ' '.join(classes(item) + ['leaf']))
	if calls and 'same' not in classes(item):
		note = element('span', f'{calls} call{"" if calls == 1 else "s"} below, not shown', class_='pruned')
		places = row.xpath('./*[contains(@class, "loc")]')
		if places:
			places[0].addprevious(note)
			note.tail = ' '
		else:
			row[-1].tail = (row[-1].tail or '') + ' '
			row.append(note)
	row.drop_tag()


def evidence_only(tree):
	"""A tree of what was recorded: what no tracer saw is left out, and levels in
	a row are the row that names them."""
	for gone in find(tree, 'details', 'dark') + find(tree, 'li', 'gap') + tree.xpath(f'.//li[{has_class("blind")}]/details'):
		gone.drop_tree()
	for steps in find(tree, 'details', 'steps'):
		steps.tag, steps.text = 'span', text_of(steps.find('summary'))
		for part in list(steps):
			steps.remove(part)


def unfold(body):
	"""Trees without triangles: lists in lists, as deep as they were open."""
	for tree in find(body, 'div', 'kvt-tree'):
		evidence_only(tree)
		for details in tree.xpath('.//li/details[not(@open)]'):
			if details.getparent() is not None:
				prune(details)
		for details in tree.xpath('.//li/details'):
			details.find('summary').drop_tree()
			row_of(details.getparent()).set('class', 'call')
			details.drop_tag()
		for row in find(tree, 'div', 'row'):
			row.getparent().set('class', ' '.join(classes(row.getparent()) + ['leaf']))
			row.drop_tag()
		for result in find(tree, 'span', 'ret'):
			result.text = (result.text or '').replace('= ', '=\u00a0')
		for title in tree.xpath('.//*[@title]'):
			del title.attrib['title']


def lanes(body):
	"""How deep a call is, as room before it: a variable of CSS is not for all."""
	for lane in find(body, 'ol', 'lanes'):
		for call in lane.xpath('.//div[@style]'):
			depth = re.search(r'--depth: *(\d+)', call.get('style'))
			call.set('style', f'padding-left: {int(depth.group(1)) + 1 if depth else 1}em')


# Code


def expand(node, column, width, leading):
	"""Tabs as spaces, with stops each 8 columns; those at the beginning may be narrower."""
	def text(words, column):
		made = ''
		for letter in words:
			if letter == '\t':
				step = 8 - column % 8
				made += ' ' * (width if step == 8 and leading[0] else step)
				column += step
			elif letter == '\n':
				made, column, leading[0] = made + letter, 0, True
			else:
				made, column, leading[0] = made + letter, column + 1, leading[0] and letter == ' '
		return made, column

	if node.text:
		node.text, column = text(node.text, column)
	for child in node:
		column = expand(child, column, width, leading)
		if child.tail:
			child.tail, column = text(child.tail, column)
	return column


def lines_of_listing(pre, width):
	"""Each line of a listing as a block with its number, which needs no style."""
	code = element('div', class_='code')
	for line in find(pre, 'span', 'line'):
		row = element('div', class_=' '.join(classes(line)))
		if line.get('id'):
			row.set('id', line.get('id'))
		number = element('span', line.get('data-n'), class_='n')
		if 'new' in classes(line):
			number.text += ' +'
		words = copy.deepcopy(line)
		words.attrib.clear()
		words.set('class', 'words')
		words.tail = None
		woke = find(words, 'a', 'woke')
		if woke:
			badge = woke[0]
			badge.drop_tree()
			row.append(badge)
			badge.text, badge.tail = badge.get('data-woke'), None
			for name in ('data-woke', 'title', 'aria-label'):
				badge.attrib.pop(name, None)
		if len(words) and words[-1].tail and words[-1].tail.endswith('\n'):
			words[-1].tail = words[-1].tail[:-1]
		elif not len(words) and words.text:
			words.text = words.text.rstrip('\n')
		expand(words, 0, width, [True])
		if not words.text_content():
			words.text = '\u00a0'
		row.insert(0, number)
		number.tail = ' '
		row.insert(1, words)
		code.append(row)
	code.tail = pre.tail
	pre.getparent().replace(pre, code)


def listings(body, width):
	for pre in list(body.iter('pre')):
		if find(pre, 'span', 'line'):
			lines_of_listing(pre, width)
		else:
			for anchor in pre.xpath('.//a[not(node())]'):
				anchor.drop_tag()
			for line in pre.xpath('.//span[@id]'):
				del line.attrib['id']
			expand(pre, 0, width, [True])


# Pieces that stand elsewhere


def reference(text, target, name):
	"""A paragraph that leads to what has been moved."""
	paragraph = element('p', class_='moved')
	link = element('a', text, href='#' + target, class_=name)
	paragraph.append(link)
	return paragraph


def move_program(details, section, programs):
	"""A whole program goes behind the last chapter; the summary stays, as a link."""
	anchor = flat(section.name, 'program')
	summary = details.find('summary')
	heading = element('h2', id=anchor)
	heading.append(element('code', text_of(summary.find('b'))))
	programs.body.append(heading)
	for figure in details.findall('figure'):
		programs.body.append(figure)
	summary.tag = 'p'
	summary.set('class', 'moved')
	name = summary.find('b')
	link = element('a', href='#' + anchor, class_='program')
	name.addprevious(link)
	link.tail, name.tail = name.tail, None
	link.append(name)
	details.drop_tag()


def move_solution(details, section, solutions):
	"""A solution goes behind the last chapter, and leads back to its exercise."""
	exercise = next(above for above in details.iterancestors() if 'exercise' in classes(above))
	title = text_of(find(exercise, 'p', 'box-title')[0])
	anchor = flat(section.name, 'solution-' + exercise.get('id'))
	back = element('p', class_='box-title', id=anchor)
	back.append(element('a', title, href='#' + exercise.get('id'), class_='exercise-of'))
	solution = element('div', class_='exercise solution')
	solution.append(back)
	for block in details.find('div'):
		solution.append(block)
	solutions.body.append(solution)
	details.getparent().replace(details, reference('Solution', anchor, 'solution-of'))


def move(section, programs, solutions):
	for details in find(section.body, 'details', 'whole'):
		move_program(details, section, programs)
	found = find(section.body, 'details', 'solution')
	if found:
		heading = element('h2', id=flat(section.name, 'solutions'))
		heading.text = f'{section.label}: {text_of(section.title)}' if section.number else text_of(section.title)
		solutions.body.append(heading)
	for details in found:
		move_solution(details, section, solutions)


def open_rest(section):
	"""What else a page folds away stands there, below its summary."""
	for details in list(section.body.iter('details')):
		details.find('summary').tag = 'p'
		details.drop_tag()


# Pictures


MEDIA = {'svg': 'image/svg+xml', 'png': 'image/png', 'jpg': 'image/jpeg', 'jpeg': 'image/jpeg'}


def media_type(name):
	return MEDIA.get(name.rsplit('.', 1)[-1].lower())


def images(section, directory, files):
	"""Pictures come along, as files of the edition."""
	for image in section.body.iter('img'):
		name = image.get('src')
		if name in files:
			continue
		if not media_type(name):
			raise Mistake(f'{section.name}: {name} is none of {", ".join(MEDIA)}')
		try:
			with open(os.path.join(directory, name), 'rb') as file:
				files[name.replace('/', '-')] = file.read()
		except OSError as error:
			raise Mistake(f'{section.name}: the picture {name} cannot be read') from error
		image.set('src', name.replace('/', '-'))


# Names of places


def name_places(section):
	"""Every identifier gets the page's name before it, for all are in one book."""
	for node in section.body.xpath('.//*[@id]'):
		if not node.get('id').startswith('p-'):
			node.set('id', flat(section.name, node.get('id')))


def resolve(section, names):
	"""Links to the book's pages lead into this edition, or to nothing."""
	for link in section.body.iter('a'):
		target = link.get('href') or ''
		if target.startswith('#'):
			link.set('href', target if target.startswith('#p-') else '#' + flat(section.name, target[1:]))
		elif not re.match(r'[a-z]+:', target):
			page, _, fragment = target.partition('#')
			page = page[:-len('.html')] if page.endswith('.html') else page
			link.attrib.pop('href', None)
			link.attrib.pop('title', None)
			if page in names:
				link.set('href', '#' + flat(page, fragment))


def drop_dead(sections):
	"""A link to a place that no section has becomes what it says."""
	places = {node.get('id') for section in sections for node in section.body.xpath('.//*[@id]')}
	places |= {section.anchor for section in sections}
	for section in sections:
		for link in list(section.body.iter('a')):
			target = link.get('href') or ''
			if not target or target.startswith('#') and target[1:] not in places:
				link.tag = 'span'
				link.attrib.pop('href', None)


def shorten_map(section):
	"""Of the map of KVM only the tables: who reached how much, by program and by directory."""
	for block in find(section.body, 'div', 'coverage') + find(section.body, 'span', 'bar'):
		block.drop_tree()
	tables = section.body.findall('table')
	keep = False
	for block in list(section.body):
		if block.tag == 'h2':
			keep = block.get('id') in ('in-all', 'by-program', 'by-directory')
		if block.tag == 'p' and 'In a bar' in text_of(block) or not keep and block.tag in ('h2', 'h3'):
			block.drop_tree()
	for block in list(section.body.iter('p')):
		for words, instead in ((' has its place on this page, under the file that defines it, with a link to its line',
				' has its place on the map, which is among the pages for browsers'),
				('; beside it stand the programs that called it, the one with the most calls first, and how often', '')):
			for node in block.iter('*'):
				node.tail = node.tail and node.tail.replace(words, instead)
	return tables


class Edition:
	"""The whole book: title, parts, and sections in their order."""

	def __init__(self, directory, indent=8, fonts=None):
		fonts = fonts or {'sans': 'sans-serif', 'mono': 'monospace'}
		# Figures and pictures, by name.
		self.directory, self.files = directory, {}
		self.title, self.subtitle, self.preface, self.parts = read_index(directory)
		programs = Section('programs', 'back', element('h1', 'The programs'))
		solutions = Section('solutions', 'back', element('h1', 'Solutions'))
		self.chapters = []
		for part in self.parts:
			for name, _ in part.chapters:
				section = read_section(directory, name, 'chapter')
				section.part = part
				self.chapters.append(section)
		back = [solutions, programs]
		for name in ('coverage', 'glossary'):
			if os.path.exists(os.path.join(directory, name + '.html')):
				back.append(read_section(directory, name, 'back'))
				if name == 'coverage':
					shorten_map(back[-1])
		self.sections = [self.preface, *self.chapters, *back]
		self.finish(programs, solutions, indent, fonts)

	def finish(self, programs, solutions, indent, fonts):
		names = {section.name for section in self.sections}
		for section in self.sections:
			check_marks(section.body)
			steps(section.body)
			unfold(section.body)
			lanes(section.body)
			strips.plain(section.body)
			listings(section.body, indent)
			drawn.figures(section, fonts, self.files)
			images(section, self.directory, self.files)
			name_places(section)
			resolve(section, names)
			if section.kind == 'chapter':
				move(section, programs, solutions)
			open_rest(section)
		for gone in (solutions, programs):
			if not len(gone.body):
				self.sections.remove(gone)
		drop_dead(self.sections)

	def section(self, name):
		return next((section for section in self.sections if section.name == name), None)


def run(main):
	"""Runs a program of this directory; mistakes end it with a sentence."""
	try:
		main()
	except Mistake as mistake:
		sys.exit(f'{os.path.basename(sys.argv[0])}: {mistake}')
