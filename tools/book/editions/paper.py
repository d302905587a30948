"""The book as HTML for a printer of pages: a sheet each for cover, contents,
parts, chapters, what is behind them, and an index.  Whatever names a page is a
<span data-page="PLACE">, and gets its number when the pages are known."""

import re
import columns
import continued
from edition import Section, flat
from lxml import html
from nodes import element, find, is_inside, text_of

# How many columns of code a page has, and of the commands below a tree.
COLUMNS, SMALL_COLUMNS = 76, 102
# As many lines of a listing or a tree, and no more, stay together on a page.
TOGETHER = 8


def refuse_to_run_out(text, columns):
	"""A line too long for the page as several."""
	pieces, room = [], columns
	while len(text) > room:
		at = text.rfind(' ', room // 2, room) + 1 or room
		pieces.append(text[:at])
		text, room = text[at:].lstrip(), columns - 4
	return pieces + [text]


def rows(section):
	"""What a program prints, a block a line: each is on a page of its own, and the
	index must know on which."""
	for pre in section.body.xpath('.//figure[contains(@class, "output")]//pre'):
		lines = pre.text_content().rstrip('\n').split('\n')
		for child in list(pre):
			child.drop_tree()
		pre.text = ''
		for line in lines:
			pre.append(element('code', line or '\u00a0', class_='row'))


def wrap(pre):
	"""Breaks the lines of a block of code that are too long for the page; a mark
	stands before what goes on."""
	columns = SMALL_COLUMNS if is_inside(pre, 'div', 'how') else COLUMNS
	made = find(pre, 'code', 'row')
	lines = [row.text for row in made] or pre.text_content().rstrip('\n').split('\n')
	if all(len(line) <= columns for line in lines):
		return
	for child in list(pre):
		child.drop_tree()
	pre.text = ''
	ids = [row.get('id') for row in made] or [None] * len(lines)
	for line, name in zip(lines, ids):
		first, *rest = refuse_to_run_out(line, columns)
		pre.append(element('code', first, class_='row', **({'id': name} if name else {})))
		for piece in rest:
			turn = element('code', class_='row')
			turn.append(element('span', '  ↪ ', class_='turn'))
			turn[0].tail = piece
			pre.append(turn)


def lines_of(block):
	"""The lines of a listing, of a tree, or of what a program prints."""
	if block.get('class') == 'code':
		return list(block)
	return block.xpath('.//li') or find(block, 'code', 'row')


def keep_together(section):
	"""Short listings and trees are not torn, nor the first and last lines of long ones."""
	for code in find(section.body, 'div', 'code') + find(section.body, 'div', 'capture') + find(section.body, 'figure', 'output'):
		lines, is_listing = lines_of(code), code.get('class') == 'code'
		if len(lines) <= TOGETHER:
			whole = next((above for above in code.iterancestors('figure') if is_listing), code)
			whole.set('class', whole.get('class', '') + ' whole')
		elif is_listing:
			for line in lines[:2] + lines[-3:-1]:
				line.set('class', line.get('class') + ' keep-next')
	for code in section.body.iter('code'):
		if not code.get('class') and not len(code) and len(code.text or '') <= 26:
			code.set('class', 'short')


def page(target, before='', after=''):
	"""The number of a place's page, with the words around it."""
	number = element('span', '000')
	number.set('data-page', target)
	words = element('span', before, class_='page')
	words.append(number)
	number.tail = after
	return words


def is_in_brackets(link):
	"""Whether an open bracket stands before this link in its block."""
	block = next(above for above in link.iterancestors() if above.tag in ('p', 'li', 'td', 'th', 'dd', 'div', 'figcaption'))
	before = text_before(block, link)
	return before.count('(') > before.count(')')


def text_before(block, link):
	"""The text of a block up to one of its links."""
	words = []

	def walk(node):
		if node is link:
			return True
		words.append(node.text or '')
		for child in node:
			if walk(child):
				return True
			words.append(child.tail or '')
		return False

	walk(block)
	return ''.join(words)


def put_after(link, words):
	words.tail, link.tail = link.tail, None
	link.addnext(words)


def page_numbers(section):
	"""Behind each link to another place of the book, the page where that is."""
	for link in list(section.body.iter('a')):
		target = link.get('href') or ''
		kind = link.get('class') or ''
		if not target.startswith('#') or kind == 'term' or is_inside(link, 'div', 'used'):
			continue
		target = target[1:]
		if kind == 'woke' and section.name == 'programs':
			continue
		if kind in ('woke', 'loc'):
			put_after(link, page(target, '\u00a0p.\u00a0' if kind == 'loc' else '', ''))
		elif re.match('[’\']s\\b', link.tail or ''):
			pass
		elif kind in ('program', 'solution-of', 'exercise-of') or is_in_brackets(link):
			put_after(link, page(target, ', page\u00a0'))
		else:
			put_after(link, page(target, ' (page\u00a0', ')'))
		if kind == 'woke':
			badge = link.getnext()
			badge.set('class', 'page woke-page')


class Index:
	"""Where each function and each ioctl stands: in the text, or in a tree, a
	figure or a listing."""

	def __init__(self, ioctls):
		self.ioctl_names = ioctls
		self.functions, self.ioctls = {}, {}
		self.count = 0

	def add(self, entries, name, node, is_text):
		if not node.get('id'):
			self.count += 1
			node.set('id', f'x-{self.count}')
		entries.setdefault(name, []).append((node.get('id'), is_text))

	def read(self, section):
		for link in find(section.body, 'a', 'fn'):
			name = re.match(r'\w*', text_of(link)).group()
			figure = next((above for above in link.iterancestors('figure', 'figcaption')), None)
			self.add(self.functions, name, link, figure is None or figure.tag == 'figcaption')
		for node in section.body.xpath('.//code|.//b|.//span[@class="words"]|.//span[@class="sys"]'):
			is_text = node.tag == 'code' and not is_inside(node, 'div', 'turns-table') and not is_inside(node, 'div', 'how')
			if is_text and re.match(r'(build|make)\b', node.text_content()):
				continue
			for name in set(re.findall(r'\bKVM_[A-Z0-9_]+', node.text_content())) & self.ioctl_names:
				self.add(self.ioctls, name, node, is_text)

	def section(self):
		made = Section('the-index', 'back', element('h1', 'Index'))
		made.body.append(element('p', 'A number in bold is a page of the text; the others lead to trees, figures and listings.'))
		for title, entries in (('Ioctls', self.ioctls), ('Functions', self.functions)):
			if not entries:
				continue
			made.body.append(element('h2', title, id=flat('index', title.lower())))
			made.body.append(self.entries(entries))
		return made

	@staticmethod
	def entries(entries):
		block = element('div', class_='entries')
		for name in sorted(entries, key=lambda name: (name.strip('_').lower(), name)):
			entry = element('p')
			entry.append(element('code', name))
			# A number for each page is put here when the pages are known.
			places = element('span', class_='places')
			places.set('data-places', ' '.join(('*' if is_text else '') + place for place, is_text in entries[name]))
			places.text = ' 000'
			entry.append(places)
			block.append(entry)
		return block


def runs(numbers):
	"""12, 13, 14 and 20 are 12–14 and 20."""
	found = []
	for number in sorted(numbers):
		if found and found[-1][-1] == number - 1:
			found[-1].append(number)
		else:
			found.append([number])
	return [(run[0], run[-1]) for run in found]


def index_numbers(places, pages):
	"""The pages of one entry of the index, each once, as links."""
	in_text, elsewhere, first = set(), set(), {}
	for place in places.get('data-places').split():
		name = place.lstrip('*')
		number = pages.get(name)
		if number:
			(in_text if place[0] == '*' else elsewhere).add(number)
			first.setdefault(number, name)
	found = [(*run, 'b') for run in runs(in_text)] + [(*run, 'span') for run in runs(elsewhere - in_text)]
	for child in list(places):
		child.drop_tree()
	places.text = '\u2002'
	for first_page, last_page, tag in sorted(found):
		link = element('a', str(first_page) if first_page == last_page else f'{first_page}–{last_page}', href='#' + first[first_page])
		number = element(tag)
		number.append(link)
		number.tail = ', '
		places.append(number)
	if len(places):
		places[-1].tail = ''


def put_numbers(sheet, pages):
	"""Writes the numbers of pages into a sheet; returns whether any is new."""
	before = html.tostring(sheet)
	for node in sheet.xpath('//*[@data-page]'):
		node.text = str(pages.get(node.get('data-page'), '000'))
	for node in sheet.xpath('//*[@data-places]'):
		index_numbers(node, pages)
	return html.tostring(sheet) != before


# What stands before the chapters


def cover(edition, kernel):
	made = element('section', class_='cover')
	heading = element('h1')
	first, comma, rest = edition.title.partition(', ')
	heading.text = first + comma.strip()
	heading.append(element('br'))
	heading[0].tail = rest
	made.append(heading)
	made.append(element('p', edition.subtitle, class_='subtitle'))
	made.append(element('p', f'with the source and the captures of Linux {kernel}', class_='kernel'))
	return made


def colophon(edition, kernel, rights, when):
	made = element('section', class_='colophon')
	for words in (edition.title, f'Made on {when} from the text, the programs and the captures of the book. Links and captures are of Linux {kernel}.', rights):
		made.append(element('p', words))
	return made


def contents_line(title, target, kind):
	line = element('p', class_=kind)
	link = element('a', href='#' + target)
	for piece in title:
		link.append(piece)
	link.append(page(target))
	line.append(link)
	return line


def copied(heading):
	"""A heading's words for the contents, without its places and links."""
	made = html.fromstring(html.tostring(heading, with_tail=False))
	made.tag = 'span'
	made.attrib.clear()
	for node in made.xpath('.//*[@id]'):
		del node.attrib['id']
	for link in list(made.iter('a')):
		link.drop_tag()
	return made


def contents_sections(section):
	"""The sections of a chapter, one behind the other."""
	line = element('p', class_='sections')
	for _, target, heading in section.headings():
		link = element('a', href='#' + target)
		link.append(copied(heading))
		link.append(page(target, '\u00a0'))
		link.tail = ' '
		line.append(link)
	return line


def contents(edition, sections):
	made = element('section', id='contents', class_='contents')
	made.append(element('h1', 'Contents'))
	part = None
	for section in sections:
		if section.part is not part and section.part is not None:
			part = section.part
			made.append(contents_line([element('span', part.title)], part.anchor, 'part'))
		elif section.kind == 'back' and part:
			part = None
			made.append(element('p', 'Behind the chapters', class_='part'))
		title = [element('span', section.number, class_='number')] if section.number else []
		made.append(contents_line(title + [copied(section.title)], section.anchor, 'chapter' if section.number else 'other'))
		if section.number:
			made.append(contents_sections(section))
	return made


def part_page(part):
	made = element('section', class_='part', id=part.anchor)
	number, colon, name = part.title.partition(':')
	heading = element('h1', '' if colon else part.title)
	if colon:
		heading.append(element('span', number, class_='number'))
		heading[0].tail = ' ' + name.strip()
	heading.set('data-head', part.title)
	made.append(heading)
	return made


def part_chapters(part, sections):
	made = element('div', class_='chapters')
	for name, about in part.chapters:
		section = sections[name]
		line = contents_line([element('span', section.number, class_='number'), copied(section.title)], section.anchor, 'chapter')
		made.append(line)
		made.append(element('p', about, class_='about'))
	return made


def chapter(section):
	made = element('section', id=section.anchor, class_=section.kind)
	header = element('header')
	if section.number:
		header.append(element('p', section.label, class_='number'))
	title = section.title
	title.attrib.clear()
	title.set('data-head', f'{section.number}\u2002{text_of(title)}' if section.number else text_of(title))
	header.append(title)
	if section.question is not None:
		header.append(section.question)
	made.append(header)
	section.body.set('class', 'text')
	made.append(section.body)
	return made


# Colors that the page does without: what pandoc marks and the style leaves alone.
PLAIN = ('op', 'fu', 'va', 'ex', 'bu', 'at', 'an', 'in', 'do', 'cv')


def lighten(section):
	"""Fewer pieces of text for the printer: whole programs have gray comments
	and no other color, and the number of a line is text as wide as any."""
	for number in find(section.body, 'span', 'n'):
		number.text = f'{number.text:>6}  ' if number.text.endswith('+') else f'{number.text:>4}    '
		number.tail = None
	for words in find(section.body, 'span', 'words'):
		for piece in list(words.iter('span')):
			kind = piece.get('class')
			if kind in PLAIN or section.name == 'programs' and kind not in ('words', 'co'):
				piece.drop_tag()


def sheets(edition, kernel, rights, when, ioctls):
	"""The book in its order, each sheet an HTML element that begins on a page of its own."""
	index = Index(ioctls)
	for section in edition.sections:
		rows(section)
		index.read(section)
		page_numbers(section)
		lighten(section)
		for pre in section.body.iter('pre'):
			wrap(pre)
		keep_together(section)
		columns.fit(section)
		continued.mark_trees(section.body)
	sections = edition.sections + [index.section()]
	by_name = {section.name: section for section in sections}
	found = [cover(edition, kernel), colophon(edition, kernel, rights, when), contents(edition, sections)]
	part = None
	for section in sections:
		if section.part is not part and section.part is not None:
			part = section.part
			found.append(part_page(part))
			found[-1].append(part_chapters(part, by_name))
		found.append(chapter(section))
	return found
