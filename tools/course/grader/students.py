"""The students of a class: a directory for each, with any name and anything in it."""

import hashlib
import os
import re
import urllib.parse

from .exercise import Mistake
from .report import visible

NAME_MAX = 120	# characters of a student's name that name a file
FILE_MAX = 1024 * 1024	# bytes of a student's file that are read


def name_of(path):
	"""A student's name, to be shown: that of the directory, in whatever
	encoding, without what a terminal or a spreadsheet would act on.  No two
	have the same, or one would get the other's grade: whatever begins an
	escape has one itself, and \\xNN is always a byte."""
	name = os.fsencode(path.name).decode(errors='surrogateescape').replace('\\', '\\\\')
	name = re.sub('[\x80-\x9f]', lambda c: f'\\u{ord(c[0]):04x}', name)
	name = re.sub('[\udc80-\udcff]', lambda c: f'\\x{ord(c[0]) - 0xdc00:02x}', name)
	name = visible(name).replace('\n', '\\n').replace('\t', '\\t')
	return f"'{name}" if name[0] in "=+-@'" else name


def file_name(student):
	"""What a student's files are called: the name, with escapes for all but
	letters, digits and a few signs."""
	if student[0] == '.':
		return '%2E' + file_name(student[1:] or ' ')
	name = ''.join(c if c.isalnum() or c in '._@-, ' else urllib.parse.quote(c, safe='') for c in student)
	if len(name.encode()) > NAME_MAX:
		name = f'{name[:NAME_MAX // 4]}%{hashlib.sha256(student.encode()).hexdigest()[:16]}'
	return name


def students_in(directory, wanted=None):
	"""Lists the students' directories."""
	if not directory.is_dir():
		raise Mistake(f'{directory} is no directory')
	found = sorted(p for p in directory.iterdir() if p.is_dir() and not p.is_symlink())
	if not found:
		raise Mistake(f'{directory} has no directories: one for each student is expected')
	missing = set(wanted or []) - {p.name for p in found}
	if missing:
		raise Mistake(f'{directory} has no student {sorted(missing)[0]}')
	return [p for p in found if not wanted or p.name in wanted]
