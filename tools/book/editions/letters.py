"""How wide words are in the fonts of the machine, which are those of a PDF."""

import functools
import subprocess
from fontTools.ttLib import TTFont


@functools.cache
def widths(families, is_bold):
	"""The glyphs of letters, their widths, and how many units a letter is high."""
	pattern = families.replace(', ', ',') + (':bold' if is_bold else '')
	file, number = subprocess.run(['fc-match', '-f', '%{file}\n%{index}', pattern],
		stdout=subprocess.PIPE, check=True, text=True).stdout.split('\n')
	# The upper half of a number is the instance of a font with several.
	font = TTFont(file, fontNumber=int(number) & 0xffff)
	return font.getBestCmap(), font['hmtx'].metrics, font['head'].unitsPerEm


def width(words, families, size, is_bold=False):
	"""The sum of the letters: WeasyPrint draws an SVG's one by one."""
	glyphs, advances, units = widths(families, is_bold)
	return sum(advances[glyphs.get(ord(letter), '.notdef')][0] for letter in words) * size / units
