"""What an exercise asks for: exercises/NN-name/exercise.toml, checked."""

import re
import tomllib
from pathlib import Path

from . import draw

EXERCISES = Path('exercises')

# The characters an answer may have, because it becomes part of a claim.
ANSWERS = {
	'number': (r'0|[1-9][0-9]{0,8}', 'a decimal number'),
	'function': (r'[a-z_][a-z0-9_]{0,63}', "a function's name"),
	'call': (r'[A-Za-z_][A-Za-z0-9_]{0,63}', 'the name of a system call or an ioctl'),
	'error': (r'E[A-Z0-9]{1,15}', "an errno's name"),
	'object': (r'[a-z0-9_]{1,30}#[0-9]{1,6}', 'an object as in a capture, like vcpu#0'),
}

STEP_KEYS = {'name', 'points', 'read', 'claim', 'exit', 'output', 'expected', 'key', 'answer', 'args'}
TASK_KEYS = {'name', 'kind', 'file', 'program', 'guest', 'mode', 'args', 'libs', 'timeout', 'loose', 'draw', 'step'}


class Mistake(Exception):
	"""A mistake that the user can correct; printed without a traceback."""


class Step:
	"""One thing that a task is graded for.

	claim: what its capture must show, in the language of `kvt claim`
	exit, output: the status, and a pattern that the output must match
	args: judged by a run with these arguments; None: with the task's
	key, answer: of a question, its name in the file and the kind of answer
	"""

	def __init__(self, where, table):
		unknown = set(table) - STEP_KEYS
		if unknown:
			raise Mistake(f'{where}: "{sorted(unknown)[0]}" is unknown')
		for key, kind in (('name', str), ('points', int), ('read', str)):
			if not isinstance(table.get(key), kind):
				raise Mistake(f'{where}: "{key}" is missing or of the wrong type')
		self.name, self.points = table['name'], table['points']
		self.chapter, _, self.phrase = table['read'].partition(': ')
		self.claim, self.exit = table.get('claim'), table.get('exit')
		self.output, self.key = table.get('output'), table.get('key')
		self.answer = table.get('answer')
		self.expected, self.args = table.get('expected'), table.get('args')
		if self.answer and (self.answer not in ANSWERS or not self.key or '{}' not in (self.claim or '')):
			raise Mistake(f'{where}: a question needs "key", "answer" ({", ".join(ANSWERS)}) and a claim with {{}}')
		if self.claim is None and self.exit is None and self.output is None:
			raise Mistake(f'{where}: nothing to judge by: "claim", "exit" or "output"')
		if self.output is not None:
			re.compile(self.output)

	def place(self):
		return place(self.chapter, self.phrase)


def given():
	"""The files that come with an exercise; students do not hand these in."""
	for asked in map(find, names()):
		for task in asked.tasks:
			own = {task.file} | ({Path(task.file).with_suffix('.S').name} if task.guest == 'own' else set())
			for name in {task.program, Path(task.program).with_suffix('.S').name} - own:
				if (asked.directory / name).exists():
					yield asked.directory / name


def place(chapter, phrase):
	"""Where in the book to read again, as file:line."""
	path = Path('chapters') / f'{chapter}.md'
	try:
		lines = path.read_text().splitlines()
	except OSError as e:
		raise Mistake(f'{path}: {e.strerror}') from e
	for number, line in enumerate(lines, 1):
		if phrase in line:
			return f'{path}:{number}'
	raise Mistake(f'{path} has no "{phrase}"')


class Task:
	"""A file of a submission, and the steps that it is graded for.

	kind: 'predict' (answers about the capture of a program that is given)
	or 'program' (a program that is run and recorded)
	guest: whether assembly beside the program is 'given' with the exercise, or
	the student's 'own'
	loose: patterns of requests that the claims do not hold one by one (cheats.py)
	draw: numbers that its steps take, other ones each time (draw.py)
	"""

	def __init__(self, exercise, table):
		where = f'{exercise.directory}/exercise.toml: task {table.get("name", "?")}'
		unknown = set(table) - TASK_KEYS
		if unknown:
			raise Mistake(f'{where}: "{sorted(unknown)[0]}" is unknown')
		self.exercise = exercise
		self.name, self.kind, self.file = (table.get(k) for k in ('name', 'kind', 'file'))
		if self.kind not in ('predict', 'program') or not self.name or not self.file:
			raise Mistake(f'{where}: needs "name", "file", and "kind": predict or program')
		self.program, self.guest = table.get('program', self.file), table.get('guest', 'given')
		if self.guest not in ('given', 'own'):
			raise Mistake(f'{where}: "guest" is given or own')
		self.mode, self.args = table.get('mode', 'vhe'), table.get('args', [])
		self.libs, self.timeout = table.get('libs', []), table.get('timeout', 20)
		self.loose = table.get('loose', [])
		try:
			drawn = draw.numbers(table.get('draw', {}))
		except ValueError as e:
			raise Mistake(f'{where}: draw: {e}') from e
		self.steps = [Step(f'{where}, step {i}', draw.fill(s, drawn) if drawn else s)
			      for i, s in enumerate(table.get('step', []), 1)]
		if not self.steps:
			raise Mistake(f'{where}: no steps')
		if self.kind == 'predict' and not all(s.answer for s in self.steps):
			raise Mistake(f'{where}: each step needs "answer"')

	@property
	def has_threads(self):
		"""Whether its program may have more threads than one."""
		return '-pthread' in self.libs

	@property
	def points(self):
		return sum(step.points for step in self.steps)

	def lists(self):
		"""The lists of arguments that the program is run with, the task's first."""
		lists = [self.args] + [s.args for s in self.steps if s.args is not None]
		return [args for i, args in enumerate(lists) if args not in lists[:i]]

	def judged_with(self, args):
		"""The steps that the run with these arguments decides."""
		return [s for s in self.steps if (self.args if s.args is None else s.args) == args]

	def capture(self, number):
		"""The name of the capture of the run with that list of arguments."""
		return Path(self.program).with_suffix('.kvt' if not number else f'.{number + 1}.kvt').name


class Exercise:
	"""An exercise: title, chapter and tasks."""

	def __init__(self, directory):
		self.directory = Path(directory)
		self.name = self.directory.name
		path = self.directory / 'exercise.toml'
		try:
			table = tomllib.loads(path.read_text())
		except OSError as e:
			raise Mistake(f'{path}: {e.strerror}') from e
		except tomllib.TOMLDecodeError as e:
			raise Mistake(f'{path}: {e}') from e
		self.title, self.chapter = table.get('title'), table.get('chapter')
		if not self.title or not self.chapter:
			raise Mistake(f'{path}: needs "title" and "chapter"')
		self.tasks = [Task(self, t) for t in table.get('task', [])]
		if not self.tasks:
			raise Mistake(f'{path}: no tasks')

	@property
	def number(self):
		return self.name.split('-')[0]

	@property
	def points(self):
		return sum(task.points for task in self.tasks)


def names():
	"""All exercises, in order."""
	return sorted(p.parent.name for p in EXERCISES.glob('[0-9][0-9]-*/exercise.toml'))


def find(number):
	"""Finds an exercise by its number (04) or its name (04-vcpu)."""
	for name in names():
		if number in (name, name.split('-')[0]):
			return Exercise(EXERCISES / name)
	known = ' '.join(name.split('-')[0] for name in names())
	raise Mistake(f'there is no exercise {number}; there are {known}')
