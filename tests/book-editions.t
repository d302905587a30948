#!/usr/bin/python3
"""The parts of the editions that need no book: trees that go on overleaf, labels
of figures, figures that make room for text, and what stays on one page."""

import os
import subprocess
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace as Some

os.chdir(Path(__file__).resolve().parents[1])
sys.path.insert(0, 'tools/book/editions')
sys.dont_write_bytecode = True
if subprocess.run(['tools/need', 'python3-lxml:/usr/lib/python3/dist-packages/lxml'], check=False).returncode:
	sys.exit('Bail out! no lxml')
from lxml import etree, html	# noqa: E402
import columns	# noqa: E402
import continued	# noqa: E402
import drawn	# noqa: E402
import floating	# noqa: E402
import paper	# noqa: E402
import tap	# noqa: E402

TREE = '''<div><div class="kvt-tree"><ul><li><div class="call"><span class="sys">ioctl(4, <b>KVM_RUN</b>, 0)</span></div><ul>
<li><div class="call"><span class="unseen">__arm64_sys_ioctl</span></div><ul>
<li><div class="call"><a class="fn">outer</a>(x)</div><ul><li class="leaf"><a class="fn">inner</a></li></ul></li>
<li><div class="call">… <span class="times">× 2</span></div><ul><li class="leaf"><a class="fn">other</a></li></ul></li></ul></li></ul></li></ul></div></div>'''


def above(tree):
	return [node.get('data-above') for node in tree.iter() if node.get('data-above') is not None]


class Continued(unittest.TestCase):
	def setUp(self):
		self.tree = html.fromstring(TREE)
		continued.mark_trees(self.tree)

	def test_a_row_has_the_names_above_it(self):
		self.assertEqual(above(self.tree), ['', 'continued: KVM_RUN', 'continued: KVM_RUN › __arm64_sys_ioctl',
			'continued: KVM_RUN › __arm64_sys_ioctl › outer', 'continued: KVM_RUN › __arm64_sys_ioctl',
			'continued: KVM_RUN › __arm64_sys_ioctl'])

	def test_a_row_is_the_line_that_is_printed(self):
		self.assertEqual({node.get('class') for node in self.tree.iter() if node.get('data-above') is not None}, {'call', 'leaf'})

	def test_after_the_tree_nothing_goes_on(self):
		self.assertEqual(self.tree.find('div')[-1].get('class'), 'ends')
		self.assertEqual(len(self.tree.xpath('.//div[@class="ends"]')), 1)

	def test_names_in_the_middle_go_when_there_is_no_room(self):
		names = ['first'] + [f'function_number_{n}' for n in range(9)]
		said = continued.said(names)
		self.assertTrue(said.startswith('continued: first › … › function_number_'), said)
		self.assertTrue(said.endswith('› function_number_8'), said)
		self.assertLessEqual(len(said), continued.ROOM + len('continued: '))
		self.assertGreater(len(said), continued.ROOM - 12)

	def test_all_names_stay_when_there_is_room(self):
		self.assertEqual(continued.said(['a', 'b', 'c']), 'continued: a › b › c')

	def test_two_names_stay_however_long(self):
		for names in (['x' * 120], ['x' * 60, 'y' * 60]):
			self.assertEqual(continued.said(names), 'continued: ' + ' › '.join(names))


class Columns(unittest.TestCase):
	LONG = 'kvm_vm_ioctl_set_counter_offset()'

	def table(self, when):
		body = html.fromstring('<div><table><tr><th>error</th><th>when</th><th>which line</th></tr><tr><td><code class="short">EINVAL</code></td>'
			f'<td>{when}</td><td><code>{self.LONG}</code><span class="place"> a.c:1</span>, <code class="short">b()</code><span class="place"> b.c:2</span></td></tr></table></div>')
		columns.fit(Some(body=body))
		return body

	def test_a_wide_table(self):
		body = self.table('the address of the value is not the program’s')
		self.assertEqual([code.text for code in body.iter('code')], ['EINVAL', 'kvm_vm_ioctl_set_\u200bcounter_offset()', 'b()'], 'a long name may be torn once')
		self.assertEqual([cell.get('class') for cell in body.iter('th')], [None, 'of-text', None], 'text has room')
		self.assertEqual([line.getprevious().tail for line in body.iter('br')], [','], 'each place has a line of its own')

	def test_a_narrow_table(self):
		body = self.table('x')
		self.assertEqual([self.LONG in (code.text or '') for code in body.iter('code')], [False, True, False], 'stays as it is')


FONTS = {'sans': 'Sans', 'mono': 'Mono', 'width': lambda words, families, size, is_bold: len(words) * size * (2 if is_bold else 1)}


def placed(inner, fonts=None):
	"""The texts of a drawing as a file has them."""
	svg = html.fromstring(f'<svg role="img" aria-label="What it shows" viewBox="0 0 100 50">{inner}</svg>')
	made, _ = drawn.drawing(svg, fonts or FONTS)
	return etree.fromstring(made)


def texts(root):
	return [(text.text, float(text.get('x')), text.get('text-anchor')) for text in root.iter('{*}text')]


class Drawn(unittest.TestCase):
	MIXED = '<g class="node user"><text text-anchor="middle" x="50" y="9" font-size="2"><tspan font-weight="bold">ab</tspan><tspan> cd</tspan></text></g>'

	def test_each_piece_of_a_line_is_a_text_of_its_own(self):
		self.assertEqual(texts(placed(self.MIXED)), [('ab', 43, 'start'), ('\xa0cd', 51, 'start')])

	def test_a_line_that_begins_or_ends_at_its_place(self):
		self.assertEqual([x for _, x, _ in texts(placed(self.MIXED.replace('middle', 'start')))], [50, 58])
		self.assertEqual([x for _, x, _ in texts(placed(self.MIXED.replace('middle', 'end')))], [36, 44])

	def test_a_piece_has_its_own_size_and_weight(self):
		found = list(placed(self.MIXED.replace('<tspan>', '<tspan font-size="4">')).iter('{*}text'))
		self.assertEqual([(text.get('font-size'), text.get('font-weight'), text.get('y')) for text in found], [('2', 'bold', '9'), ('4', None, '9')])

	def test_a_line_of_one_piece_stays_as_it_is(self):
		self.assertEqual(texts(placed('<g class="node"><text text-anchor="middle" x="50" y="9" font-size="2">ab</text></g>')), [('ab', 50, 'middle')])

	def test_an_e_reader_measures_with_its_own_fonts(self):
		root = placed(self.MIXED, {'sans': 'sans-serif', 'mono': 'monospace'})
		self.assertEqual(len(list(root.iter('{*}tspan'))), 2)

	def test_code_is_in_the_face_of_code(self):
		root = placed(self.MIXED.replace('<tspan>', '<tspan class="code">'))
		self.assertEqual([text.get('font-family') for text in root.iter('{*}text')], ['Sans', 'Mono'])

	def test_a_figure_has_the_colors_of_its_classes_and_no_class(self):
		root = placed('<g class="node kernel"><path fill="none" stroke="currentColor" d="M0,0"/></g>'
			'<g class="cluster el2"><polygon stroke="currentColor" points="0,0"/></g><g class="edge"><path stroke="currentColor" d="M1,1"/></g>')
		self.assertEqual([(node.get('fill'), node.get('stroke')) for node in root.iter('{*}path', '{*}polygon')],
			[('#fff', drawn.COLORS['kernel']), (drawn.COLORS['el2'], drawn.COLORS['el2']), (None, drawn.SOFT)])
		self.assertEqual(root.xpath('//*[@class]'), [])

	LINE = '<g class="edge"><text text-anchor="middle" x="50" y="9" font-size="2">ab</text></g>'

	def test_a_line_ends_before_the_words_on_it(self):
		first, second = placed(self.LINE).find('{*}g')
		self.assertEqual((first.tag.rpartition('}')[2], first.get('fill'), first.get('x'), first.get('width')), ('rect', '#fff', '48.00', '4.00'))
		self.assertEqual(second.text, 'ab')
		high, low = float(first.get('y')), float(first.get('y')) + float(first.get('height'))
		self.assertTrue(high < 9 - .7 * 2 and 9 + .2 * 2 < low, (high, low))

	def test_words_on_a_line_for_an_e_reader(self):
		below, above = placed(self.LINE.replace('ab', '<tspan>ab</tspan>'), {'sans': 'sans-serif', 'mono': 'monospace'}).find('{*}g')
		self.assertEqual([(''.join(text.itertext()), text.get('stroke')) for text in (below, above)], [('ab', '#fff'), ('ab', None)])

	def test_words_in_a_box_have_nothing_below(self):
		self.assertEqual(list(placed(self.MIXED).iter('{*}rect'))[1:], [])

	def test_the_text_for_who_does_not_see_is_in_the_file(self):
		self.assertEqual(placed(self.MIXED).find('{*}title').text, 'What it shows')


class Box:
	"""As much of a box of the printer as floating.py looks at."""

	def __init__(self, y=0, height=0, children=(), tag='section', **attributes):
		self.position_y, self.height, self.children, self.width = y, height, children, 200
		self.element = Some(get=attributes.get, iter=lambda tag: iter(attributes.get('trees', ()))) if attributes else None
		self.element_tag = 'figure' if attributes else tag

	def margin_height(self):
		return self.height

	def content_box_y(self):
		return 0


class LineBox(Box):
	pass


class BlockReplacedBox(Box):
	pass


def page(*children):
	return Some(_page_box=Box(0, 100, [Box(0, 100, list(children))]))


def figure_box(y=0, height=50, name='1'):
	return Box(y, height, [LineBox(y, height)], **{'data-figure': name})


def figure_page():
	return page(figure_box())


def drawing_page(high=45, caption=5):
	"""A page that begins with a drawing and its caption."""
	return page(Box(0, high + caption, [BlockReplacedBox(0, high), LineBox(high, caption)], **{'data-figure': '1'}))


def sheet(after='<p id="a">Text</p><p id="b">More</p>', figure='<img style="width: 9pt">'):
	made = html.fromstring(f'<section><p>Before</p><figure class="drawing">{figure}</figure>{after}</section>')
	floating.number(made)
	return made


def blank_from(y, *pages):
	return Some(pages=[page(LineBox(0, y)), *pages])


class Floating(unittest.TestCase):
	def moved(self, after, document):
		"""The names of a sheet's blocks when its figure is where it stays."""
		made = sheet(after)
		for _ in range(20):
			if not floating.move(made, document):
				return [node.get('id') or node.tag for node in made]
		return self.fail('it moves forever')

	def test_a_figure_that_leaves_a_page_blank_moves_behind_the_next_paragraph(self):
		made = sheet()
		self.assertTrue(floating.move(made, blank_from(70, figure_page())))
		self.assertEqual([node.tag for node in made], ['p', 'p', 'figure', 'p'])

	def test_it_stays_when_the_page_before_is_full(self):
		made = sheet()
		self.assertFalse(floating.move(made, blank_from(85, figure_page())))
		self.assertEqual(made[1].tag, 'figure')

	def test_it_stays_when_it_does_not_begin_its_page(self):
		self.assertFalse(floating.move(sheet(), blank_from(20, page(LineBox(0, 10), figure_box(10)))))

	def test_it_moves_with_a_heading_above_it_that_would_stay(self):
		made = sheet()
		made[0].tag = 'h2'
		self.assertTrue(floating.move(made, blank_from(70, page(Box(0, 10, [LineBox(0, 10)], 'h2'), figure_box(10)))))
		self.assertEqual([node.tag for node in made], ['h2', 'p', 'figure', 'p'])

	def test_at_the_end_of_a_section_it_moves_before_the_text_above_it(self):
		made = sheet('<h2>Next</h2>')
		first = page(Box(0, 40, [LineBox(0, 40)], 'p'), Box(40, 30, [LineBox(40, 30)], 'p'))
		self.assertTrue(floating.move(made, Some(pages=[first, figure_page()])))
		self.assertEqual([node.tag for node in made], ['figure', 'p', 'h2'])

	def test_and_back_when_it_does_not_fit_there(self):
		first = page(Box(0, 40, [LineBox(0, 40)], 'p'), Box(40, 30, [LineBox(40, 30)], 'p'))
		self.assertEqual(self.moved('<h2>Next</h2>', Some(pages=[first, figure_page()])), ['p', 'figure', 'h2'])

	def test_but_not_where_it_would_not_fit_either(self):
		made = sheet('<h2>Next</h2>')
		self.assertFalse(floating.move(made, Some(pages=[page(Box(0, 70, [LineBox(60, 10)], 'p', ), Box(70, 5, [LineBox(70, 5)], 'p')), figure_page()])))
		self.assertEqual(made[1].tag, 'figure')

	def test_nor_between_a_text_and_what_that_leads_to(self):
		made = html.fromstring('<section><p>So:</p><ul><li>1</li></ul><figure class="drawing"></figure></section>')
		floating.number(made)
		first = page(Box(0, 20, [LineBox(0, 20)], 'p'), Box(20, 50, [LineBox(20, 50)], 'ul'))
		self.assertTrue(floating.move(made, Some(pages=[first, figure_page()])))
		self.assertEqual([node.tag for node in made], ['figure', 'p', 'ul'])

	def test_it_does_not_pass_a_heading(self):
		self.assertFalse(floating.move(sheet('<h2>Next</h2>'), blank_from(20, figure_page())))

	def test_it_passes_five_blocks_at_most(self):
		self.assertEqual(self.moved(''.join(f'<p id="p{n}">Text</p>' for n in range(7)), blank_from(20, figure_page())),
			['p', 'p0', 'p1', 'p2', 'p3', 'p4', 'figure', 'p5', 'p6'])

	def test_it_passes_trees_and_listings_and_no_strip(self):
		self.assertEqual(self.moved('<figure class="trace" id="t"></figure><figure class="listing" id="l"></figure><figure class="in-strip" id="s"></figure>',
			blank_from(20, figure_page())), ['p', 't', 'l', 'figure', 's'])

	def test_it_passes_another_figure_that_has_room(self):
		for height, found in ((70, ['p', 'other', 'figure']), (90, ['p', 'figure', 'other'])):
			document = blank_from(20, figure_page(), page(LineBox(0, 5), figure_box(5, height, '2')))
			self.assertEqual(self.moved('<figure class="drawing" id="other"></figure>', document), found)

	def test_what_a_text_leads_to_stays_behind_it(self):
		self.assertEqual(self.moved('<p id="a">So:</p><figure class="trace" id="t"></figure><p id="b">More:</p><h2>Next</h2>', blank_from(20, figure_page())),
			['p', 'a', 't', 'figure', 'b', 'h2'])

	def test_a_figure_that_nearly_fits_gets_smaller_and_stays(self):
		made = sheet()
		self.assertTrue(floating.move(made, blank_from(54, drawing_page())))
		self.assertEqual(made[1].tag, 'figure')
		# 4 pixels of 45 and 2 more are too much; the picture is 200 pixels wide.
		self.assertEqual(made[1].find('img').get('style'), f'width: {200 * (1 - 6 / 45) * .75:.1f}pt')

	def test_it_gets_no_smaller_than_can_be_read(self):
		made = sheet()
		self.assertTrue(floating.move(made, blank_from(55, drawing_page())))
		self.assertEqual([node.tag for node in made], ['p', 'p', 'figure', 'p'])
		self.assertEqual(made[2].find('img').get('style'), 'width: 9pt')

	def test_and_only_once(self):
		made, document = sheet(), blank_from(54, drawing_page())
		self.assertEqual([floating.move(made, document) for _ in range(2)], [True, True])
		self.assertEqual([node.tag for node in made], ['p', 'p', 'figure', 'p'])

	def test_the_heading_above_a_figure_must_fit_too(self):
		made = sheet()
		below = page(Box(0, 10, [LineBox(0, 10)], 'h2'), Box(10, 50, [BlockReplacedBox(10, 45), LineBox(55, 5)], **{'data-figure': '1'}))
		self.assertTrue(floating.move(made, blank_from(44, below)))
		self.assertEqual(made[1].get('data-scale'), f'{1 - 6 / 45:.3f}')

	def test_a_short_tree_that_leaves_a_page_blank_is_torn(self):
		made = html.fromstring('<section><figure class="trace"><div class="capture whole"></div></figure></section>')
		floating.number(made)
		tree = Some(get={'class': 'capture whole', 'data-tree': '1'}.get)
		document = blank_from(70, page(Box(0, 40, [LineBox(0, 40)], **{'trees': [tree]})))
		self.assertTrue(floating.move(made, document))
		self.assertEqual(made[0][0].get('class'), 'capture')
		made[0][0].set('class', 'capture whole')
		self.assertFalse(floating.move(made, blank_from(85, *document.pages[1:])))
		self.assertEqual(made[0][0].get('class'), 'capture whole')


class Together(unittest.TestCase):
	def kept(self, inner):
		section = Some(body=html.fromstring(f'<div>{inner}</div>'))
		paper.rows(section)
		paper.keep_together(section)
		return section.body

	def test_a_line_of_output_is_a_block_and_keeps_its_place_when_it_goes_on_below(self):
		section = Some(body=html.fromstring('<div><figure class="output"><pre>short\n' + 'word ' * 20 + '</pre></figure></div>'))
		paper.rows(section)
		section.body.xpath('.//code')[1].set('id', 'place')
		paper.wrap(section.body.xpath('.//pre')[0])
		found = section.body.xpath('.//pre/code')
		self.assertEqual([code.get('id') for code in found], [None, 'place', None])
		self.assertEqual(found[0].text, 'short')
		self.assertTrue(all(len(code.text_content()) <= paper.COLUMNS for code in found))
		self.assertEqual(' '.join((found[1].text + found[2].text_content()).replace('↪', '').split()), ('word ' * 20).strip())

	def test_a_short_output_stays_on_a_page_and_a_long_one_does_not(self):
		for lines, is_whole in ((paper.TOGETHER, True), (paper.TOGETHER + 1, False)):
			body = self.kept('<figure class="output"><pre>' + 'line of some length, so that it must go on below, because it has more columns than are on a page\n' * lines + '</pre></figure>')
			self.assertEqual('whole' in body[0].get('class'), is_whole, lines)

	def test_a_short_tree_stays_on_a_page_and_a_long_one_does_not(self):
		for lines, is_whole in ((paper.TOGETHER, True), (paper.TOGETHER + 1, False)):
			body = self.kept('<figure><div class="capture"><ul>' + '<li>x</li>' * lines + '</ul></div></figure>')
			self.assertEqual('whole' in body[0][0].get('class'), is_whole, lines)

	def test_a_short_listing_stays_with_its_caption(self):
		body = self.kept('<figure class="listing"><div class="code"><div class="l">1</div></div></figure>')
		self.assertEqual(body[0].get('class'), 'listing whole')

	def test_a_long_listing_keeps_its_first_lines_together(self):
		body = self.kept('<figure class="listing"><div class="code">' + '<div class="l">1</div>' * 20 + '</div></figure>')
		self.assertEqual([n for n, line in enumerate(body[0][0]) if 'keep-next' in line.get('class')], [0, 1, 17, 18])


if __name__ == '__main__':
	tap.main()
