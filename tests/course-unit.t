#!/usr/bin/env python3
"""The grader's parts that need no machine: what an exercise may say, how a run
is told, how answers and steps are judged, and the three forms of a verdict."""

import contextlib
import json
import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace as Some
from unittest import mock

os.chdir(Path(__file__).resolve().parents[1])
sys.path.insert(0, 'tools/course')
sys.dont_write_bytecode = True
import tap	# noqa: E402
from grader import cheats, exercise, judge, report, run	# noqa: E402

RELEASE = next(line for line in open('tools/lab/release') if line.startswith('RELEASE=')).strip().split('=')[1]
CAPTURE = Path(f'traces/{RELEASE}/vhe/04-vcpu.kvt')
STEP = {'name': 's', 'points': 1, 'read': '04-vcpu: ## The program', 'exit': 0}
QUESTION = {'name': 's', 'points': 1, 'read': '04-vcpu: x', 'key': 'made', 'answer': 'number',
	    'claim': 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_create {} times'}


def step(**table):
	return exercise.Step('here', {**STEP, **table})


def task(**table):
	return exercise.Task(Some(directory=Path('exercises/04-vcpu'), name='04-vcpu'),
		{'name': 't', 'kind': 'program', 'file': 'x.c', 'step': [STEP], **table})


class TestExercise(unittest.TestCase):
	def refused(self, text, function, *args, **table):
		with self.assertRaises(exercise.Mistake) as mistake:
			function(*args, **table)
		self.assertIn(text, str(mistake.exception))

	def test_a_step_says_what_it_is_judged_by(self):
		self.refused('nothing to judge by', step, exit=None)
		self.assertEqual(step(exit=None, output='x').output, 'x')
		self.assertEqual(step(exit=None, claim='x').claim, 'x')

	def test_unknown_keys_are_refused(self):
		self.refused('"ponits" is unknown', step, ponits=3)
		self.refused('"files" is unknown', task, files='x')

	def test_keys_have_types(self):
		self.refused('"points" is missing or of the wrong type', step, points='1')
		self.refused('"name" is missing', step, name=None)

	def test_a_question_has_a_place_for_the_answer(self):
		question = {**STEP, **QUESTION}
		exercise.Step('here', question)
		self.refused('a question needs', step, **{**QUESTION, 'claim': 'it ran'})
		self.refused('a question needs', step, **{**QUESTION, 'key': None})
		self.refused('a question needs', step, **{**QUESTION, 'answer': 'text'})

	def test_tasks(self):
		self.assertEqual((task().program, task().mode, task().timeout, task().points), ('x.c', 'vhe', 20, 1))
		self.refused('no steps', task, step=[])
		self.refused('predict or program', task, kind='guess')
		self.refused('"guest" is given or own', task, guest='mine')
		self.refused('each step needs "answer"', task, kind='predict', step=[QUESTION, STEP])
		self.assertEqual(task(kind='predict', step=[QUESTION]).points, 1)
		self.assertEqual((task().has_threads, task(libs=['-pthread']).has_threads), (False, True))

	def test_exercises_are_found_by_number_and_name(self):
		self.assertEqual(exercise.find('04').name, '04-vcpu')
		self.assertEqual(exercise.find('04-vcpu').number, '04')
		self.refused('there is no exercise 4;', exercise.find, '4')

	def test_places_are_lines(self):
		place = exercise.place('04-vcpu', '## The program')
		path, line = place.split(':')
		self.assertIn('## The program', Path(path).read_text().splitlines()[int(line) - 1])
		self.refused('has no "no such phrase"', exercise.place, '04-vcpu', 'no such phrase')


class TestOutcome(unittest.TestCase):
	def ended(self, *args, **table):
		return judge.how_it_ended(run.Outcome(*args, **table))

	def test_how_it_ended(self):
		self.assertEqual(self.ended(3), 'it ended with the status 3')
		self.assertEqual(self.ended(128, capture=CAPTURE), 'it ended with the status 128')
		self.assertEqual(self.ended(128 + signal.SIGSEGV), 'SIGSEGV ended it')
		self.assertEqual(self.ended(128 + signal.SIGPROF), judge.NO_END)
		self.assertEqual(self.ended(255), 'it ended with the status 255')
		self.assertEqual(self.ended(127), 'it could not be started')
		self.assertEqual(self.ended(127, 'said'), 'it ended with the status 127')

	def test_these_are_the_machines_only_without_a_capture(self):
		self.assertEqual(self.ended(4), 'the recorder could not keep up with it')
		self.assertEqual(self.ended(4, capture=CAPTURE), 'it ended with the status 4')
		self.assertEqual(self.ended(None), judge.NO_END)

	def test_last_lines(self):
		self.assertEqual(judge.last_lines('a\nb\n', 2), 'a\nb')
		self.assertEqual(judge.last_lines('a\nb\nc\n', 2), '… 1 lines before\nb\nc')
		self.assertEqual(judge.last_lines('x' * 300), 'x' * 200)

	def test_a_story_is_told_of_what_was_lost(self):
		lost = (step(), False, 'it ended with the status 1')
		went = run.Outcome(1, 'so far\n', 'oops\n', CAPTURE)
		self.assertEqual(judge.story(None, went, [(step(), True, '')]), [])
		self.assertEqual(judge.story(None, went, [lost]), ['It ended with the status 1.', 'It printed',
			'  so far', 'On standard error it said', '  oops'])
		self.assertEqual(judge.story(None, went, [lost, (step(), True, '')])[0], 'It ended with the status 1.')
		self.assertEqual(judge.story([], went, [lost])[0], 'With no arguments:')
		self.assertEqual(judge.story(['a', 2], went, [lost])[0], 'With a 2:')
		fine = run.Outcome(0, 'x', '', CAPTURE)
		self.assertEqual(judge.story(None, fine, [lost]), [])
		self.assertEqual(judge.story(None, fine, [(step(exit=None, output='y'), False, 'it printed\nx')]), [])


class TestJudge(unittest.TestCase):
	def answers(self, text):
		with tempfile.TemporaryDirectory() as top:
			path = Path(top) / 'answers.txt'
			path.write_text(text)
			return judge.read_answers(path)

	def test_answers_are_read(self):
		self.assertEqual(self.answers('# no = 1\n\nmade = 3\ncalls=kvm_init()  \n'),
			({'made': '3', 'calls': 'kvm_init'}, []))
		self.assertEqual(self.answers('made = 3\nmade: 3\n')[1], ['answers.txt:2: not "name = answer"'])
		self.assertEqual(judge.read_answers(Path('/no/answers.txt')), ({}, ['answers.txt: No such file or directory']))

	def test_answers_are_judged_by_the_capture(self):
		asked = exercise.Step('here', QUESTION)
		went = run.Outcome(0, capture=CAPTURE)
		self.assertEqual(judge.judge_answer(asked, {'made': '1'}, went), (True, ''))
		self.assertEqual(judge.judge_answer(asked, {'made': '2'}, went), (False, 'the capture does not bear out "2"'))
		self.assertEqual(judge.judge_answer(asked, {}, went), (False, 'no answer at "made ="'))
		for injected in ('1 or 2', '01', '-1', '1234567890', '1\n'):
			self.assertEqual(judge.judge_answer(asked, {'made': injected}, went)[1],
				f'"{injected}" is not a decimal number')

	def test_kinds_of_answers(self):
		import re
		fits = {kind: re.compile(pattern) for kind, (pattern, _) in exercise.ANSWERS.items()}
		for kind, good, bad in (('number', '0', '00'), ('function', '_x9', 'X'), ('call', 'KVM_RUN', '9x'),
				('error', 'E2BIG', 'E'), ('object', 'vcpu#0', 'vcpu#'), ('object', 'kvm#123456', 'kvm#1234567')):
			self.assertTrue(fits[kind].fullmatch(good), good)
			self.assertFalse(fits[kind].fullmatch(bad), bad)

	def test_a_program_is_judged_by_status_then_output_then_claim(self):
		went = run.Outcome(0, 'one\ntwo\n', '', CAPTURE)
		true, false = 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_create', 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_destroy'
		self.assertEqual(judge.judge_program(step(output='^two$', claim=true), went), (True, ''))
		self.assertEqual(judge.judge_program(step(exit=1, output='three'), went), (False, 'it ended with the status 0'))
		self.assertEqual(judge.judge_program(step(output='three'), went), (False, 'it printed\none\ntwo'))
		self.assertEqual(judge.judge_program(step(output='x'), run.Outcome(0)), (False, 'it printed\n(nothing)'))
		self.assertEqual(judge.judge_program(step(claim=true), run.Outcome(0)), (False, 'there is no capture of it'))
		passed, happened = judge.judge_program(step(claim=false), went)
		self.assertFalse(passed)
		self.assertTrue(happened.startswith('not so: '), happened)

	def test_what_cannot_be_judged_is_not(self):
		went = run.Outcome(0, '', '', CAPTURE.with_name('15-psci.kvt'))
		self.assertFalse(judge.is_of_one(went.capture))
		self.assertTrue(judge.is_of_one(CAPTURE))
		passed, happened = judge.judge_program(step(claim='KVM_CREATE_VM = *:vm'), went)
		self.assertFalse(passed)
		self.assertTrue(happened.startswith('no proof: its calls are those of several threads'), happened)
		self.assertEqual(judge.judge_program(step(claim='KVM_CREATE_VM = *:vm'), went, True), (True, ''))
		passed, happened = judge.judge_program(step(claim='KVM_ARM_VCPU_INIT(*PSCI_0_2*)'), went, True)
		self.assertFalse(passed)
		self.assertTrue(happened.startswith('no proof: KVM_ARM_VCPU_INIT'), happened)
		self.assertIn('another thread', happened)

	def test_a_wrong_claim_is_the_authors_mistake(self):
		with self.assertRaises(exercise.Mistake):
			judge.claim(CAPTURE, 'in in in')

	def test_expected(self):
		self.assertEqual(judge.expected(step(args=[], output='x', claim='y')),
			'with no arguments, the exit status 0, output like x, y')
		self.assertEqual(judge.expected(step(args=['a', 1])), 'with a 1, the exit status 0')

	def test_files_are_written_whole(self):
		with tempfile.TemporaryDirectory() as top:
			judge.write(Path(top) / 'new/file', 'text')
			self.assertEqual([p.name for p in (Path(top) / 'new').iterdir()], ['file'])

	def test_a_fingerprint_knows_missing_files_from_empty_ones(self):
		asked = Some(exercise=Some(directory=Path('exercises/04-vcpu')))
		with tempfile.TemporaryDirectory() as top:
			path = Path(top) / 'x.c'
			missing = judge.fingerprint(asked, [path])
			path.write_text('')
			empty = judge.fingerprint(asked, [path])
			path.write_text('x')
			self.assertEqual(len({missing, empty, judge.fingerprint(asked, [path])}), 3)

	def test_a_fingerprint_knows_what_programs_and_guests_include(self):
		asked = Some(exercise=Some(directory=Path('exercises/04-vcpu')))
		with tempfile.TemporaryDirectory() as top, contextlib.chdir(top), \
				mock.patch.object(judge.run, 'lab_says', return_value=''):
			Path('code').mkdir()
			seen = {judge.fingerprint(asked, [])}
			for name in ('vmm.h', 'vectors.S'):
				Path('code', name).write_text('')
				seen.add(judge.fingerprint(asked, []))
			self.assertEqual(len(seen), 3)


class TestCheats(unittest.TestCase):
	"""Cheats made of the chapter's capture, whose program makes a VM and a vCPU."""

	def setUp(self):
		self.top = tempfile.TemporaryDirectory()
		self.addCleanup(self.top.cleanup)
		self.parts = cheats.Parts(CAPTURE.read_text())

	def holds(self, text, claim):
		path = Path(self.top.name) / 'cheat.kvt'
		path.write_text(text)
		return judge.claim(path, claim)[0]

	def at(self, name, number=0):
		return [i for i, n, _ in self.parts.requests() if n == name][number]

	def found(self, claim, loose=(), start=None, **table):
		"""What is found in a task with this one step, whose solution is the chapter's program."""
		for name in ('solution', 'start'):
			(Path(self.top.name) / name).mkdir()
		for name, text in (('solution', CAPTURE.read_text()), ('start', start)):
			if text:
				(Path(self.top.name) / name / 'x.kvt').write_text(text)
				(Path(self.top.name) / name / 'x.out').write_text('' if name == 'start' else 'made\n')
		asked = task(loose=list(loose), step=[{**STEP, 'exit': None, 'claim': claim, **table}])
		return list(cheats.search(asked, Path(self.top.name) / 'solution', Path(self.top.name) / 'start',
			Path(self.top.name) / 'cheat.kvt'))

	def test_parts_make_the_capture_again(self):
		self.assertEqual(self.parts.text(self.parts.blocks), CAPTURE.read_text())

	def test_a_request_is_left_out(self):
		self.assertTrue(self.holds(self.parts.without(self.at('KVM_CREATE_VCPU')), 'KVM_CREATE_VM and close'))
		self.assertFalse(self.holds(self.parts.without(self.at('KVM_CREATE_VM')), 'KVM_CREATE_VM'))

	def test_a_request_is_made_in_place_of_another(self):
		text = self.parts.instead(self.at('KVM_CREATE_VCPU'), self.at('KVM_CREATE_VM'))
		self.assertTrue(self.holds(text, 'KVM_CREATE_VM twice'))

	def test_a_program_that_only_ends(self):
		self.assertTrue(self.holds(self.parts.nothing(), 'exit_group once and KVM_CREATE_VM never and openat never'))

	def test_what_is_used_later_is_needed(self):
		self.assertTrue(self.parts.is_needed(self.at('KVM_CREATE_VM'), 'KVM_CREATE_VM'))
		self.assertFalse(self.parts.is_needed(self.at('KVM_CHECK_EXTENSION'), 'KVM_CHECK_EXTENSION'))
		self.assertFalse(self.parts.is_needed(self.at('KVM_CREATE_VCPU', 1), 'KVM_CREATE_VCPU'))

	def test_what_prepares_a_guest_is_needed(self):
		ran = cheats.Parts(Path(f'traces/{RELEASE}/vhe/11-run.kvt').read_text())
		for where, name, _ in ran.requests():
			if name in ('KVM_SET_USER_MEMORY_REGION', 'KVM_RUN'):
				self.assertTrue(ran.is_needed(where, name), name)

	def test_typed_in_output_is_found(self):
		self.assertIn('t: "s" is earned by printing the solution\'s output', self.found(None, output='made'))

	def test_typed_in_output_with_the_starts_calls_is_found(self):
		found = self.found('KVM_CREATE_VM', output='made', start=self.parts.without(self.at('KVM_CREATE_VCPU')))
		self.assertIn('t: "s" is earned by the start, with the output typed in', found)

	def test_a_call_that_no_claim_asks_for_is_found(self):
		self.assertTrue([f for f in self.found('KVM_CREATE_VM') if f.startswith('t: all is earned without KVM_CHECK_EXTENSION')])

	def test_calls_that_are_asked_for_or_excused_are_not_found(self):
		self.assertEqual(self.found('KVM_CHECK_EXTENSION once', loose=['KVM_CREATE_VCPU*']), [])

	def test_the_search_judges_threads_as_the_grader_does(self):
		went = run.Outcome(0, '', '', CAPTURE.with_name('15-psci.kvt'))
		steps = [step(claim='KVM_CREATE_VM = *:vm'), step(claim='KVM_ARM_VCPU_INIT(*PSCI_0_2*)')]
		self.assertEqual(cheats.earned(task(), steps, went), [])
		self.assertEqual(cheats.earned(task(libs=['-pthread']), steps, went), steps[:1])

	def test_a_capture_that_was_cut_off_is_no_solution(self):
		path = Path(self.top.name) / 'x.kvt'
		path.write_text('kvt 1\nstopped max-size\n')
		with self.assertRaisesRegex(exercise.Mistake, 'x.kvt ends before its program'):
			cheats.outcome(path)

	def test_nothing_is_looked_for_that_the_solution_does_not_do(self):
		with self.assertRaises(OSError):
			list(cheats.search(task(), Path(self.top.name), Path(self.top.name), self.top.name))


VERDICT = {
	'exercise': '04-vcpu', 'title': 'A vCPU', 'points': 1, 'of': 3, 'tasks': [{
		'task': 'change', 'file': 'change.c', 'points': 1, 'of': 3, 'said': ['a\nwarning'], 'went': ['It ended.'],
		'captures': ['one.kvt', 'two.kvt'], 'steps': [
			{'step': 'first', 'points': 1, 'of': 1, 'passed': True, 'expected': 'e', 'happened': '', 'read': 'r:1'},
			{'step': 'second', 'points': 0, 'of': 2, 'passed': False, 'expected': 'an end',
			 'happened': 'none\n' + 61 * 'x' + '\nsub/change.c:12', 'read': 'r:2'}]}]}


class TestReport(unittest.TestCase):
	def test_text(self):
		text = report.as_text(VERDICT)
		self.assertIn('  ✓ first  1/1\n  ✗ second  0/2\n      expected an end\n      happened none\n', text)
		self.assertIn('      look     build/kvt/kvt show --at sub/change.c:12 one.kvt\n', text)
		self.assertIn('show two.kvt\n', text)
		self.assertNotIn('read     r:1', text)
		self.assertNotIn('\033', text)
		self.assertIn('\033[31m✗', report.as_text(VERDICT, True))
		self.assertTrue(text.endswith('\n1 of 3 points\n'))

	def test_what_was_shown_is_not_shown_again(self):
		shown = set()
		failed = VERDICT['tasks'][0]['steps'][1]
		report.step_text(failed, False, shown)
		again = '\n'.join(report.step_text(failed, False, shown))
		self.assertEqual(again.count('(as above)'), 1)
		self.assertIn('none', again)

	def test_a_full_task_needs_no_look(self):
		full = {**VERDICT['tasks'][0], 'points': 3}
		self.assertNotIn('look', '\n'.join(report.task_text(full, False)))

	def test_tap(self):
		lines = report.as_tap(VERDICT).splitlines()
		self.assertEqual(lines[:3], ['1..2', 'ok 1 - change: first (1/1)', '# a'])
		self.assertEqual(lines.count('# a'), 1)
		self.assertIn('not ok 2 - change: second (0/2)', lines)
		self.assertEqual(sum(line.startswith('# expected') for line in lines), 1)

	def test_json(self):
		self.assertEqual(json.loads(report.as_json(VERDICT)), VERDICT)
		self.assertIn('A vCPU', report.as_json({**VERDICT, 'title': 'A vCPU → é'}))
		self.assertIn('→ é', report.as_json({**VERDICT, 'title': 'A vCPU → é'}))


if __name__ == '__main__':
	tap.main()
