"""Verdicts, for people and for machines."""

import json
import re
import shlex
import sys


# What a terminal or a program would act on: control characters but for the
# tab and the new line, and those that turn the direction of a text.
HIDDEN = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')


def visible(what):
	"""The same verdict, or text, with escapes for characters that nobody sees."""
	if isinstance(what, str):
		return HIDDEN.sub(lambda c: c[0].encode('unicode_escape').decode(), what)
	if isinstance(what, list):
		return [visible(each) for each in what]
	if isinstance(what, dict):
		return {key: visible(each) for key, each in what.items()}
	return what


def paint(code, text, color):
	return f'\033[{code}m{text}\033[0m' if color else text


def indented(text, first, color):
	"""Puts a label before the first of some lines, and indents the rest."""
	lines = text.splitlines() or ['']
	label = paint('2', f'{first:<9}', color)
	return '\n'.join(['      ' + label + lines[0]] + [' ' * 15 + line for line in lines[1:]])


def step_text(step, color, shown):
	"""A step's lines; long ones that were shown of another are not repeated."""
	lines = step['happened'].splitlines()
	happened = '\n'.join('(as above)' if line in shown else line for line in lines)
	shown.update(line for line in lines if len(line) > 60)
	mark = paint('32', '✓', color) if step['passed'] else paint('31', '✗', color)
	text = [f'  {mark} {step["step"]}  {step["points"]}/{step["of"]}']
	if not step['passed']:
		text += [indented(step['expected'], 'expected', color),
			 indented(happened, 'happened', color),
			 indented(step['read'], 'read', color)]
	return text


def places(task):
	"""Says where to look: the captures, and the call that a step names."""
	at = re.search(r'(?<!\S)\S+\.[cS]:[0-9]+$', '\n'.join(s['happened'] for s in task['steps'] if not s['passed']), re.M)
	captures = [shlex.quote(capture) for capture in task['captures']]
	first = [f'--at {shlex.quote(at[0])} {captures[0]}'] if at and captures else []
	return first + captures


def task_text(task, color):
	text = ['', f'{paint("1", task["task"], color)}, {task["file"]}: {task["points"]} of {task["of"]} points']
	text += ['    ' + line for said in task['said'] for line in said.splitlines()]
	text += ['    ' + line for line in task['went']]
	shown = set()
	for step in task['steps']:
		text += step_text(step, color, shown)
	if task['points'] < task['of']:
		text += [indented(f'build/kvt/kvt show {where}', 'look', color) for where in places(task)]
	return text


def as_text(verdict, color=False):
	"""A summary for people."""
	verdict = visible(verdict)
	text = [paint('1', f'Exercise {verdict["exercise"]}: {verdict["title"]}', color)]
	for task in verdict['tasks']:
		text += task_text(task, color)
	text += ['', f'{verdict["points"]} of {verdict["of"]} points']
	return '\n'.join(text) + '\n'


def as_tap(verdict):
	"""The same in the Test Anything Protocol: one line per step."""
	verdict = visible(verdict)
	steps = [(t, s) for t in verdict['tasks'] for s in t['steps']]
	text = [f'1..{len(steps)}']
	for number, (task, step) in enumerate(steps, 1):
		result = 'ok' if step['passed'] else 'not ok'
		text.append(f'{result} {number} - {task["task"]}: {step["step"]} ({step["points"]}/{step["of"]})')
		if step is task['steps'][0]:
			text += [f'# {line}' for said in [*task['said'], *task['went']] for line in said.splitlines()]
		if not step['passed']:
			for key in ('expected', 'happened', 'read'):
				text += [f'# {key}: {line}' for line in step[key].splitlines()]
	return '\n'.join(text) + '\n'


def as_json(verdict):
	return json.dumps(visible(verdict), indent=1, ensure_ascii=False) + '\n'


def wants_color():
	return sys.stdout.isatty()
