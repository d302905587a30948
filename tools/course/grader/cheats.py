"""Cheap cheats, made of what the solution did: none of them may have all points.

A cheat is the outcome of a run that never was: what the solution printed and
how it ended, beside a capture in which less has happened.  So a search for
cheats needs no lab, only captures and what is claimed of them.
"""

import fnmatch
import hashlib
import re
import subprocess
from pathlib import Path

from . import exercise, judge, run

# What the book's headers do for every program; no claim needs to ask for it.
HELPERS = ('KVM_GET_API_VERSION', 'KVM_ARM_PREFERRED_TARGET', 'KVM_GET_VCPU_MMAP_SIZE')
# What a guest sees something of when it runs.
CHANGES = ('KVM_SET_', 'KVM_ENABLE_', 'KVM_ARM_VCPU_INIT', 'KVM_CREATE_')
# The register that a request is about.
REGISTER = re.compile(r'id=[^,}]*')
# What can be asked for with another number and still be there.
MAKERS = ('KVM_CREATE_VM', 'KVM_CREATE_VCPU', 'KVM_ARM_VCPU_INIT')
REQUEST = re.compile(r'@ioctl\([^,]*, (KVM_[A-Z0-9_]+)(.*?)\) at ')
# A line that the end line counts: neither a level nor the end of a call.
RECORD = re.compile(r'^ *(?!thread )[^ }~?]', re.M)
# So many calls of one kind are tried; of more, the first and the last ones.
SOME = 8


def unfolded(capture):
	"""The text of a capture, in which each call has lines of its own (kvt(5))."""
	done = subprocess.run([run.KVT, 'show', '--unfold', '--format', 'kvt', capture], capture_output=True, text=True)
	if done.returncode:
		raise exercise.Mistake(f'{capture}: {done.stderr.strip()}')
	return done.stdout


class Parts:
	"""A capture's unfolded text in parts: its head, and what begins in the first
	column."""

	def __init__(self, text):
		lines = text.splitlines(keepends=True)
		first = next(i for i, line in enumerate(lines) if line.startswith('thread '))
		self.head, self.blocks = ''.join(lines[:first]), []
		for line in lines[first:-1]:
			if line[0] in ' }' and self.blocks:
				self.blocks[-1] += line
			else:
				self.blocks.append(line)

	def text(self, blocks):
		"""A whole capture that has these parts."""
		blocks = [b for b, after in zip(blocks, [*blocks[1:], 'thread'])
			  if not (b.startswith('thread ') and after.startswith('thread'))]
		body = self.head + ''.join(blocks)
		records = sum(len(RECORD.findall(b)) for b in blocks)
		return f'{body}end {records} sha256:{hashlib.sha256(body.encode()).hexdigest()}\n'

	def requests(self):
		"""The requests to KVM: (where, name, the call without addresses)."""
		for i, block in enumerate(self.blocks):
			match = REQUEST.match(block)
			if match:
				yield i, match[1], without_addresses(match[2])

	def is_needed(self, where, name):
		"""Whether what follows would not be as it is without this request: a
		descriptor that it made is used, a vCPU that it initialized, or a guest
		that it prepared runs."""
		block, later = self.blocks[where], self.blocks[where + 1:]
		calls = [b.split('\n')[0] for b in later if b.startswith('@') and not b.startswith('@close(')]
		if name == 'KVM_RUN' or name.startswith(CHANGES) and any(', KVM_RUN, ' in call for call in calls):
			return True
		made = re.search(r' = ([0-9]+:[a-z]+)$', block.splitlines()[-1])
		initialized = re.match(r'@ioctl\(([0-9]+:vcpu), KVM_ARM_VCPU_INIT', block)
		used = made or initialized
		return bool(used) and any(re.search(rf'\b{used[1]}\b', call) for call in calls)

	def nothing(self):
		"""A program that only ended."""
		return self.text(['thread 0\n', '@exit_group(0)\n'])

	def before_it_changed(self, where):
		"""Where a question would have another answer: ahead of the nearest run, or
		change of what it asks for, as long as its descriptor is there; or None."""
		question = self.blocks[where]
		used, name = re.match(r'@ioctl\(([0-9]+(?::[a-z]+)?), (KVM_[A-Z0-9_]+)', question).groups()
		changes = name.replace('_GET_', '_SET_')
		register = REGISTER.search(question)
		for i in range(where - 1, -1, -1):
			match = REQUEST.match(self.blocks[i])
			if self.blocks[i].rstrip('\n').endswith(f' = {used}'):
				return None
			if match and (match[1] == 'KVM_RUN' or match[1] == changes
				      and (not register or register[0] in match[2])):
				return i
		return None

	def earlier(self, where, place):
		"""A capture in which one call comes before others."""
		blocks = self.blocks[:where] + self.blocks[where + 1:]
		return self.text(blocks[:place] + [self.blocks[where]] + blocks[place:])

	def without(self, where):
		return self.text(self.blocks[:where] + self.blocks[where + 1:])

	def instead(self, where, other):
		return self.text(self.blocks[:where] + [self.blocks[other]] + self.blocks[where + 1:])


def without_addresses(text):
	return re.sub(r'user#[0-9]+(\+0x[0-9a-f]+)?', 'user', text)


def thinned(parts, loose):
	"""The requests to leave out or to replace: (where, name, call), at most
	SOME of a name, and none that an exercise or the book's headers excuse."""
	found = {}
	for request in parts.requests():
		if request[1] not in HELPERS and not any(fnmatch.fnmatchcase(request[1] + request[2], p) for p in loose):
			found.setdefault(request[1], []).append(request)
	half = SOME // 2
	return [r for each in found.values() for r in (each if len(each) <= SOME else each[:half] + each[-half:])]


def variants(parts, loose):
	"""Cheats with one request fewer: (its name, what the cheat is, its capture)."""
	all_requests = list(parts.requests())
	for where, name, call in thinned(parts, loose):
		others = [(i, c) for i, n, c in all_requests if n == name and c != call]
		if not parts.is_needed(where, name):
			yield name, f'without {name}{call}', parts.without(where)
		elif name.startswith(CHANGES) and name not in MAKERS:
			continue
		place = parts.before_it_changed(where) if name.startswith('KVM_GET_') else None
		if place is not None:
			yield name, f'with {name}{call} before {REQUEST.match(parts.blocks[place])[1]}', parts.earlier(where, place)
		if others:
			other, instead = min(others, key=lambda o: abs(o[0] - where))
			yield name, f'with {name}{instead} in place of {name}{call}', parts.instead(where, other)


def outcome(capture):
	"""How a run ended, from what the grader has left of it."""
	text = capture.read_text()
	status = re.search(r'^status ([0-9]+)$', text, re.M)
	if not status:
		raise exercise.Mistake(f'{capture.name} ends before its program does')
	return run.Outcome(int(status[1]), capture.with_suffix('.out').read_text(), '', capture)


def earned(task, steps, outcome):
	return [s for s in steps if judge.judge_program(s, outcome, task.has_threads)[0]]


def all_claimed(task, steps, request, capture):
	"""Whether a capture earns all steps whose output and end are the solution's.
	The claims that speak of the request come first: they may say no."""
	with_claim = [s for s in steps if s.claim is not None]
	return all(judge.judge_claim(s, capture, task.has_threads)[0]
		   for s in sorted(with_claim, key=lambda s: request not in s.claim))


def search(task, solution, start, scratch):
	"""Looks for cheats in a task: a line for each that earns what it must not.

	solution, start: directories with the captures of these two programs
	scratch: a path for captures that are made here
	"""
	for number, args in enumerate(task.lists()):
		mine = task.judged_with(args)
		name = task.capture(number)
		right = outcome(solution / name)
		parts = Parts(unfolded(right.capture))

		right.capture = Path(scratch)
		with_args = f' (with {" ".join(map(str, args))})' if number else ''
		right.capture.write_text(parts.nothing())
		for step in earned(task, mine, right):
			yield f'{task.name}: "{step.name}" is earned by printing the solution\'s output{with_args}'
		if (start / name).exists():
			before = outcome(start / name)
			typed = run.Outcome(right.status, right.output, '', before.capture)
			for step in set(earned(task, mine, typed)) - set(earned(task, mine, before)):
				yield f'{task.name}: "{step.name}" is earned by the start, with the output typed in{with_args}'
		for request, what, text in variants(parts, task.loose) if not number else ():
			right.capture.write_text(text)
			if all_claimed(task, mine, request, right.capture):
				yield f'{task.name}: all is earned {what}'
