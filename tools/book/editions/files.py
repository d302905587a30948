"""The files of an EPUB around its text.  lxml builds and escapes them; the names
of namespaces stand in them as they are written."""

from lxml import etree
from lxml.html.builder import E

XML = '<?xml version="1.0" encoding="utf-8"?>\n'
FEATURES = ('alternativeText', 'readingOrder', 'structuralNavigation', 'tableOfContents')
SUMMARY = 'Text, listings, and trees as lists in lists; each figure has a text that says all that it shows.'
GRAY = '#57534b'


def written(root, doctype=None):
	return XML + etree.tostring(root, encoding='unicode', method='xml', doctype=doctype) + '\n'


def xhtml(title, kind, *inside, **attributes):
	"""A page of XHTML, of a kind that EPUB knows."""
	head = E.head(E.meta(charset='utf-8'), E.title(title), E.link(rel='stylesheet', type='text/css', href='style.css'))
	body = E.body({'epub:type': kind}, '\n', *inside, **attributes)
	return written(E.html({'xmlns': 'http://www.w3.org/1999/xhtml', 'xmlns:epub': 'http://www.idpf.org/2007/ops', 'lang': 'en', 'xml:lang': 'en'},
		'\n', head, '\n', body), '<!DOCTYPE html>')


def cover_page(title):
	return xhtml(title, 'cover', E.p(E.img(src='cover.svg', alt=title)), {'class': 'cover'})


def cover(title, lines, foot):
	"""An SVG of nothing but letters.  lines: where, how high, the words, and how they look."""
	svg = E.svg({'xmlns': 'http://www.w3.org/2000/svg', 'viewBox': '0 0 1600 2400', 'width': '1600', 'height': '2400',
		'font-family': 'Charis SIL, Charter, Georgia, serif', 'fill': '#22211f'},
		E.title(title), E.rect(width='1600', height='2400', fill='#fdfcf9'),
		E.rect(x='140', y='330', width='120', height='12', fill='#9c3a1f'))
	for y, size, words, style in lines:
		svg.append(E('text', words, {'x': '140', 'y': str(y), 'font-size': str(size)}, style))
	svg.append(E.path({'d': 'M140 2120 H1460', 'stroke': '#22211f', 'stroke-width': '3'}))
	svg.append(E('text', foot, {'x': '140', 'y': '2200', 'font-family': 'sans-serif', 'font-size': '46', 'fill': GRAY}))
	return written(svg)


def contents(title, items, start):
	"""nav.xhtml: items is the list of the contents, start the first chapter."""
	places = E.ol(*(E.li(E.a(words, {'epub:type': kind}, href=href)) for kind, href, words in (
		('cover', 'cover.xhtml', 'Cover'), ('toc', 'nav.xhtml', 'Contents'), ('bodymatter', start, 'Chapter 1'))))
	return xhtml(title, 'frontmatter',
		E.nav({'epub:type': 'toc', 'class': 'contents'}, E.h1('Contents'), '\n', items, '\n', id='toc'), '\n',
		E.nav({'epub:type': 'landmarks'}, E.h2('Places'), '\n', places, '\n', hidden='hidden'), '\n')


def container():
	rootfile = E.rootfile({'full-path': 'book/content.opf', 'media-type': 'application/oebps-package+xml'})
	return written(E.container({'version': '1.0', 'xmlns': 'urn:oasis:names:tc:opendocument:xmlns:container'}, E.rootfiles(rootfile)))


def metadata(book, identifier, options):
	def meta(name, words):
		return E.meta(words, property=name)
	made = E.metadata({'xmlns:dc': 'http://purl.org/dc/elements/1.1/'},
		E('dc:identifier', f'urn:uuid:{identifier}', id='id'), E('dc:title', book.title, id='title'), E('dc:description', book.subtitle),
		E('dc:language', 'en'))
	if options.rights:
		made.append(E('dc:rights', options.rights))
	made.extend([E('dc:date', options.date), meta('dcterms:modified', options.date + 'T00:00:00Z'),
		meta('schema:accessMode', 'textual'), meta('schema:accessMode', 'visual'), meta('schema:accessModeSufficient', 'textual')])
	made.extend(meta('schema:accessibilityFeature', feature) for feature in FEATURES)
	made.extend([meta('schema:accessibilityHazard', 'none'), meta('schema:accessibilitySummary', SUMMARY)])
	return made


def item(identifier, href, media_type, **attributes):
	return E.item({'id': identifier, 'href': href, 'media-type': media_type}, **attributes)


def package(data, items, spine):
	"""content.opf, of its metadata, items and the names of the items to read in turn."""
	manifest = E.manifest(item('nav', 'nav.xhtml', 'application/xhtml+xml', properties='nav'),
		item('cover', 'cover.xhtml', 'application/xhtml+xml'), item('cover-image', 'cover.svg', 'image/svg+xml', properties='cover-image'),
		item('style', 'style.css', 'text/css'), *items)
	order = E.spine(*(E.itemref(idref=name) for name in ['cover', 'nav', *spine]))
	root = E.package({'xmlns': 'http://www.idpf.org/2007/opf', 'version': '3.0', 'unique-identifier': 'id', 'xml:lang': 'en'}, data, manifest, order)
	etree.indent(root, space='')
	return written(root)
