#!/usr/bin/env python3
"""The grader's parts that need no machine: what an exercise may say, how a run
is told, how answers and steps are judged, and the three forms of a verdict."""

import argparse
import contextlib
import errno
import importlib.machinery
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from types import SimpleNamespace as Some
from unittest import mock

os.chdir(Path(__file__).resolve().parents[1])
sys.path.insert(0, 'tools/course')
sys.dont_write_bytecode = True
import tap	# noqa: E402
from grader import cheats, draw, exercise, judge, report, run, sandbox	# noqa: E402

RELEASE = next(line for line in open('tools/lab/release') if line.startswith('RELEASE=')).strip().split('=')[1]
CAPTURE = Path(f'traces/{RELEASE}/vhe/04-vcpu.kvt')
STEP = {'name': 's', 'points': 1, 'read': '04-vcpu: ## The program', 'exit': 0}
QUESTION = {'name': 's', 'points': 1, 'read': '04-vcpu: x', 'key': 'made', 'answer': 'number',
	    'claim': 'in KVM_CREATE_VCPU#1: kvm_arch_vcpu_create {} times'}


def step(**table):
	return exercise.Step('here', {**STEP, **table})


def task(**table):
	return exercise.Task(Some(directory=Path('exercises/04-vcpu'), name='04-vcpu', chapter='04-vcpu'),
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

	def test_numbers_are_drawn(self):
		drawn = [draw.numbers({'n': [3, 5], 'twice': 'n * 2', 'all': '(twice + 2 ** 3) // 2 - n % 3'}) for _ in range(200)]
		self.assertEqual({table['n'] for table in drawn}, {3, 4, 5})
		for table in drawn:
			self.assertEqual(table['twice'], 2 * table['n'])
			self.assertEqual(table['all'], (table['twice'] + 8) // 2 - table['n'] % 3)

	def test_what_cannot_be_drawn_is_the_authors_mistake(self):
		for how in ([5, 5], [1], [1, '2'], [True, 2], 7, 'n', '1 +', '1.5', 'f(1)', 'n.real', '"a" * 3', '1 if 1 else 2'):
			self.refused('task t: draw: ', task, draw={'m': how})
		self.refused('neither a whole number', task, draw={'later': 'n', 'n': [1, 2]})

	def test_steps_take_what_was_drawn(self):
		told = {'args': ['$n', 'x'], 'claim': 'a(0) = $n and b = $n_hex', 'output': r'\A$n{${n}}$', 'expected': '$m'}
		drawn = task(draw={'n': [20, 29]}, step=[{**STEP, **told}])
		step = drawn.steps[0]
		n = int(step.args[0])
		self.assertEqual((step.args[1], step.claim), ('x', f'a(0) = {n} and b = {n:#x}'))
		self.assertEqual((step.output, step.expected), (r'\A%d{%d}$' % (n, n), '$m'))
		self.assertEqual(drawn.judged_with(drawn.lists()[1]), [step])
		self.assertEqual(task(step=[{**STEP, **told}]).steps[0].claim, told['claim'])

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
		self.assertEqual(self.ended(3, capture=CAPTURE), 'it ended with the status 3')
		self.assertEqual(self.ended(128, capture=CAPTURE), 'it ended with the status 128')
		self.assertEqual(self.ended(128 + signal.SIGSEGV, capture=CAPTURE), 'SIGSEGV ended it')
		self.assertEqual(self.ended(128 + signal.SIGPROF, capture=CAPTURE), judge.NO_END)
		self.assertEqual(self.ended(255, capture=CAPTURE), 'it ended with the status 255')
		self.assertEqual(self.ended(127, capture=CAPTURE), 'it could not be started')
		self.assertEqual(self.ended(127, 'said', capture=CAPTURE), 'it ended with the status 127')

	def test_these_are_the_machines_only_without_a_capture(self):
		self.assertEqual(self.ended(4), 'the recorder could not keep up with it')
		self.assertEqual(self.ended(4, capture=CAPTURE), 'it ended with the status 4')
		self.assertEqual(self.ended(None), judge.NO_END)

	def test_without_a_capture_no_status_is_the_programs(self):
		for status in (0, 1, 3, 139, 126, 125, None):
			self.assertTrue(judge.is_unsure(run.Outcome(status)), status)
		self.assertEqual(self.ended(1), 'there is no capture of it')
		for status in (0, 1, 3, 139, 125):
			self.assertFalse(judge.is_unsure(run.Outcome(status, capture=CAPTURE)), status)

	def test_nor_is_it_where_the_start_failed(self):
		self.assertTrue(judge.is_unsure(run.Outcome(126, capture=CAPTURE)))
		self.assertFalse(judge.is_unsure(run.Outcome(126, 'said', capture=CAPTURE)))

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
		start = time.process_time()
		self.answers('made = ' + ' ' * 65000 + 'x')
		self.assertLess(time.process_time() - start, 1)
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

	def test_the_book_says_why_a_guest_does_not_come_back(self):
		self.assertRegex(exercise.place(*judge.STANDS), r'^chapters/11-run\.md:\d+$')

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
		self.parts = cheats.Parts(cheats.unfolded(CAPTURE))

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
		self.assertEqual(self.parts.text(self.parts.blocks), cheats.unfolded(CAPTURE))

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
		ran = cheats.Parts(cheats.unfolded(f'traces/{RELEASE}/vhe/11-run.kvt'))
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

	def test_a_question_ahead_of_what_changes_its_answer_is_found(self):
		regs = cheats.unfolded(f'traces/{RELEASE}/vhe/10-regs.kvt')
		for name in ('solution', 'start'):
			(Path(self.top.name) / name).mkdir()
		(Path(self.top.name) / 'solution/x.kvt').write_text(regs)
		(Path(self.top.name) / 'solution/x.out').write_text('')

		def found(claim):
			asked = task(step=[{**STEP, 'exit': None, 'claim': claim}], loose=['KVM_[!G]*', 'KVM_GET_[!O]*', 'KVM_GET_*pstate*'])
			return [line for line in cheats.search(asked, *(Path(self.top.name) / n for n in ('solution', 'start', 'cheat.kvt')))
				if ' before ' in line and 'regs[0]' in line]
		self.assertRegex('\n'.join(found('KVM_GET_ONE_REG(*)')), 'all is earned with KVM_GET_ONE_REG.* before KVM_SET_ONE_REG')
		self.assertEqual(found('KVM_GET_ONE_REG("*regs.regs[0],*") after each KVM_SET_ONE_REG("*regs.regs[0],*")'), [])

	def test_a_question_keeps_its_descriptor_and_what_does_not_touch_it(self):
		regs = cheats.Parts(cheats.unfolded(f'traces/{RELEASE}/vhe/10-regs.kvt'))
		asked = [i for i, name, _ in regs.requests() if name == 'KVM_GET_ONE_REG']
		self.assertIsNone(regs.before_it_changed(asked[0]))
		places = {i: regs.before_it_changed(i) for i in asked}
		for where, place in places.items():
			if place is not None:
				register = cheats.REGISTER.search(regs.blocks[where])[0]
				self.assertIn(register, regs.blocks[place].splitlines()[0])
		self.assertTrue(any(places.values()))
		where, place = next((w, p) for w, p in places.items() if p is not None)
		moved = cheats.Parts(regs.earlier(where, place))
		self.assertEqual((moved.blocks[place], sorted(moved.blocks)), (regs.blocks[where], sorted(regs.blocks)))

	def test_no_question_is_asked_of_a_descriptor_before_it_is_there(self):
		text = ('kvt 1\nthread 0\n@ioctl(5:vcpu, KVM_SET_ONE_REG, user {id=x}) at a.c:1 = 0\n'
			'@ioctl(4:vm, KVM_CREATE_VCPU, 1) at a.c:2 = 6:vcpu\n'
			'@ioctl(6:vcpu, KVM_GET_ONE_REG, user {id=x}) at a.c:3 = 0\n'
			'@ioctl(5:vcpu, KVM_GET_ONE_REG, user {id=x}) at a.c:4 = 0\n'
			'@ioctl(7, KVM_GET_DEVICE_ATTR, user) at a.c:5 = 0\nend 5\n')
		parts = cheats.Parts(text)
		self.assertEqual([parts.before_it_changed(where) for where in (3, 4, 5)], [None, 1, None])

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


TASK = task(step=[{**STEP}], timeout=1)


class TestMachine(unittest.TestCase):
	"""No fault of the machine's becomes a verdict."""

	def setUp(self):
		self.top = Path(self.enterContext(tempfile.TemporaryDirectory()))

	def patched(self, built, recorded):
		"""Compiles and runs by tables: whether a program, by its name, works."""
		self.enterContext(mock.patch.object(run, 'build', lambda sources, program, libs=():
			(built[program.name], '' if built[program.name] else 'cc: no room')))
		self.enterContext(mock.patch.object(run, 'record', lambda task, program, sources, args, capture, *more:
			recorded[program.name]))
		self.enterContext(mock.patch.object(run, 'check_room', lambda directory: None))

	def test_what_the_control_can_do_is_the_students_fault(self):
		fine = run.Outcome(0, '', '', CAPTURE)
		self.patched({'x': False, 't-control': True}, {'t-control': run.Outcome(None)})
		said, _, steps, _, lasts = judge.judge_runs(TASK, [], self.top)
		self.assertEqual((said, steps[0][1], lasts), (['cc: no room'], False, True))
		self.patched({'x': True, 't-control': True}, {'x': run.Outcome(None), 't-control': fine})
		_, _, steps, _, lasts = judge.judge_runs(TASK, [], self.top)
		self.assertEqual((steps[0][2], lasts), (judge.NO_END, False))

	def test_what_failed_before_the_control_worked_is_tried_again(self):
		fine = run.Outcome(0, '', '', CAPTURE)
		built = iter([False, True, True])	# the program, the control, the program again
		self.patched({}, {'x': fine})
		with mock.patch.object(run, 'build', lambda *args: (next(built), 'cc: no room')):
			_, _, steps, captures, lasts = judge.judge_runs(TASK, [], self.top)
		self.assertEqual((steps[0][1], captures, lasts), (True, [CAPTURE], True))
		for lost in (run.Outcome(5), run.Outcome(1), run.Outcome(125), run.Outcome(126, '', '', CAPTURE)):
			outcomes = iter([lost, fine, fine])
			self.patched({'x': True, 't-control': True}, {})
			with mock.patch.object(run, 'record', lambda *args: next(outcomes)):
				_, _, steps, captures, lasts = judge.judge_runs(TASK, [], self.top)
			self.assertEqual((steps[0][1], captures, lasts), (True, [CAPTURE], True), lost.status)
			self.assertEqual(list(outcomes), [])

	def test_a_compiler_is_measured_by_what_it_takes_of_the_processor(self):
		def built(*result):
			with mock.patch.object(run, 'limited', return_value=result) as limited, \
					mock.patch.object(run, 'lab_says', return_value='cc'):
				done = run.build(['x.c'], self.top / 'x')
			self.assertEqual(limited.call_args.args[0][:4], ['prlimit', '--cpu=20', '--', 'cc'])
			return done
		self.assertEqual(built(0, '', ''), (True, ''))
		self.assertEqual(built(1, '', 'cc: CPU time limit exceeded'), (False, 'cc: CPU time limit exceeded'))
		self.assertRegex(built(1, '', 'gcc: Killed signal terminated program cc1')[1], 'more than 20 seconds')
		self.assertEqual(built(None, '', 'x' + run.FLOOD)[0], False)
		with self.assertRaisesRegex(exercise.Mistake, 'x.c after 200 seconds, so the machine is to blame; try again'):
			built(None, '', '')

	def test_a_capture_of_a_lab_that_failed_is_none(self):
		capture = self.top / 'x.kvt'

		def recorded(status, errors):
			def limited(command, seconds, env):
				capture.write_text('kvt 1')
				return status, '', errors
			with mock.patch.object(run, 'limited', limited):
				return run.record(TASK, Path('x'), [], [], capture).capture
		self.assertIsNone(recorded(125, 'x\nlab: cannot write cpu0.raw: No space left on device'))
		self.assertEqual(recorded(125, ''), capture)
		self.assertEqual(recorded(139, 'lab: x was killed by signal 11'), capture)
		self.assertIsNone(recorded(124, ''))

	def test_what_the_control_cannot_do_is_the_machines(self):
		for built, control in ((False, run.Outcome(0, '', '', CAPTURE)), (True, run.Outcome(None)),
				(True, run.Outcome(0)), (True, run.Outcome(126, '', '', CAPTURE))):
			self.patched({'x': built, 't-control': built}, {'x': run.Outcome(1), 't-control': control})
			with self.assertRaisesRegex(exercise.Mistake, 'the machine is to blame; try again'):
				judge.judge_runs(TASK, [], self.top)

	def test_a_reference_that_failed_is_not_kept(self):
		self.enterContext(mock.patch.object(judge, 'GIVEN', self.top))
		task = next(t for t in exercise.find('04').tasks if t.kind == 'predict')
		for status, capture in ((126, CAPTURE), (1, CAPTURE), (0, None), (124, None)):
			self.patched({'predict': True}, {'predict': run.Outcome(status, '', '', capture)})
			with self.assertRaisesRegex(exercise.Mistake, 'try again'):
				judge.given(task)
			self.assertEqual([p.name for p in (self.top / '04-vcpu').iterdir()], ['lock'])
		self.patched({'predict': True}, {'predict': run.Outcome(0, '', '', CAPTURE)})
		self.assertEqual(judge.given(task).capture, CAPTURE)
		self.assertIn('predict.json', os.listdir(self.top / '04-vcpu'))
		# Nor is one believed that was kept by an older grader.
		path = self.top / '04-vcpu/predict.json'
		path.write_text(path.read_text().replace('"status": 0', '"status": 126'))
		self.patched({'predict': True}, {'predict': run.Outcome(1)})
		with self.assertRaises(exercise.Mistake):
			judge.given(task)

	def test_a_reference_has_a_place_in_a_tree_that_may_not_be_written(self):
		self.enterContext(mock.patch.object(judge, 'GIVEN', Path('/proc/given')))
		task = next(t for t in exercise.find('04').tasks if t.kind == 'predict')
		self.patched({'predict': True}, {'predict': run.Outcome(0, '', '', CAPTURE)})
		judge.given(task, self.top)
		self.assertTrue((self.top / 'given/predict.json').exists())

	def test_room_is_bytes_and_files(self):
		def free(**table):
			return mock.patch.object(os, 'statvfs', lambda path: Some(**{
				'f_bavail': 1 << 20, 'f_frsize': 4096, 'f_files': 1000, 'f_favail': 900, **table}))
		with free():
			run.check_room(self.top)
		with free(f_files=0, f_favail=0):
			run.check_room(self.top)
		for table, why in (({'f_bavail': 100}, 'only 0 MiB are free'), ({'f_favail': 3}, 'only 3 files')):
			with free(**table), self.assertRaisesRegex(exercise.Mistake, why):
				run.check_room(self.top)

	def test_what_is_not_built_is_said(self):
		with mock.patch.object(run, 'BUILT', ('build/nothing',)), \
				self.assertRaisesRegex(exercise.Mistake, 'build/nothing has not been built: type make course-tools'):
			run.prepare()

	def test_temporary_files_are_not_in_tmp(self):
		with mock.patch.dict(os.environ, TMPDIR='/nonexistent'), run.temporary(self.top) as env:
			self.assertTrue(env['TMPDIR'].startswith(f'{self.top.resolve()}/tmp/'))
			self.assertTrue(Path(env['TMPDIR']).is_dir())
		self.assertEqual(os.listdir(self.top / 'tmp'), [])

	def test_what_was_left_by_one_that_was_killed_is_removed(self):
		(self.top / 'scratch-old').mkdir()
		(self.top / 'scratch-old/lock').touch()
		(self.top / 'scratch-old/file').touch()
		(self.top / 'new-old').mkdir()
		os.utime(self.top / 'new-old', (0, 0))
		with run.scratch(self.top) as mine, run.scratch(self.top) as other:
			self.assertTrue(mine.is_dir() and other.is_dir() and mine != other)
			self.assertEqual({p.name for p in self.top.iterdir()}, {mine.name, other.name})

	def test_two_graders_are_not_in_one_directory(self):
		order = []

		def second():
			with mock.patch('builtins.print'), run.alone_in(self.top):
				order.append('second')
		with run.alone_in(self.top):
			thread = threading.Thread(target=second)
			thread.start()
			time.sleep(0.2)
			order.append('first')
		thread.join()
		self.assertEqual(order, ['first', 'second'])

	def test_two_may_write_the_same_file(self):
		parts = []
		with mock.patch.object(os, 'replace', lambda part, path: parts.append(part)):
			judge.write(self.top / 'x', 'one')
			thread = threading.Thread(target=judge.write, args=(self.top / 'x', 'two'))
			thread.start()
			thread.join()
		self.assertEqual(len(set(parts)), 2)
		self.assertEqual(os.listdir(self.top), [])

	def test_patterns_have_an_end(self):
		self.assertIs(run.matches('^two$', 'one\ntwo\n'), True)
		self.assertIs(run.matches('^three$', 'one\ntwo\n'), False)
		with mock.patch.object(run, 'MATCH_TIME', 1):
			self.assertIsNone(run.matches('(a*)*b', 'a' * 5000))
			passed, happened = judge.judge_program(step(output='(a*)*b'), run.Outcome(0, 'a' * 5000, '', CAPTURE))
		self.assertIn('too long', happened)
		self.assertFalse(passed)

	def test_what_a_compiler_says_is_shortened(self):
		self.assertEqual(judge.shortened('a\nb'), 'a\nb')
		lines = judge.shortened('\n'.join(map(str, range(50)))).splitlines()
		self.assertEqual((lines[19:22], lines[-1]), (['19', '… 10 lines', '30'], '49'))


loader = importlib.machinery.SourceFileLoader('grade_class', 'tools/course/grade-class')
grade_class = importlib.util.module_from_spec(importlib.util.spec_from_loader('grade_class', loader))
loader.exec_module(grade_class)


class TestClass(unittest.TestCase):
	def setUp(self):
		self.top = Path(self.enterContext(tempfile.TemporaryDirectory()))
		self.asked = exercise.find('04')
		self.options = Some(out=self.top / 'out', broken={}, again=False, timeout=None, limit=9)
		self.enterContext(mock.patch.object(run, 'check_room', lambda directory: None))

	def submission(self, name):
		path = self.top / 'class' / name if isinstance(name, str) else Path(os.fsdecode(os.fsencode(self.top / 'class') + b'/' + name))
		(path / '04-vcpu').mkdir(parents=True)
		return path

	def test_any_name_is_a_student(self):
		names = ('ann', 'Ann Müller', b'J\xfcrgen', '.hidden', '=1+1', 'a\nb', 'x\x1b[2J', '\u202eann', 'y' * 250)
		for name in names:
			self.submission(name)
		found = grade_class.students_in(self.top / 'class', None)
		shown = [grade_class.name_of(p) for p in found]
		files = [grade_class.file_name(name) for name in shown]
		self.assertEqual(len(set(files)), len(names))
		for name in ('ann', 'Ann Müller', 'J\\xfcrgen', "'=1+1", 'a\\nb', 'x\\x1b[2J', '\\u202eann'):
			self.assertIn(name, shown)
		self.assertIn('Ann Müller', files)
		for file in files:
			self.assertLess(len(file.encode()), 240)
			self.assertNotRegex(file, r'^\.|/')
		records = [{'student': name, 'exercise': '04-vcpu', 'title': 't', 'of': 15, 'points': 1, 'state': 'none'} for name in shown]
		grade_class.report(records, [self.asked], self.top / 'out')
		self.assertEqual(len(os.listdir(self.top / 'out/students')), len(names))
		self.assertEqual(grade_class.file_name('../../x'), '%2E%2E%2F..%2Fx')

	def test_no_two_students_have_one_name(self):
		names = [b'J\xfcrgen', b'J\\xfcrgen', b'J\\\\xfcrgen', b'a\nb', b'a\\nb', b'a\tb', b'a\\tb', b'=1', b"'=1", b"''=1",
			b'\x9b', b'\xc2\x9b', b'\\x9b', b'\\u009b', b'x\x1b', b'x\\x1b', b'.a', b'%2Ea', '\u202e'.encode(), b'\\u202e',
			b'y' * 250, b'y' * 249 + b'z', 'é'.encode(), 'e\u0301'.encode(), b'\xe9']
		shown = [grade_class.name_of(Path(os.fsdecode(name))) for name in names]
		self.assertEqual(len(set(shown)), len(names), sorted(shown))
		self.assertEqual(len(set(map(grade_class.file_name, shown))), len(names))

	def test_what_goes_wrong_with_one_does_not_stop_the_class(self):
		path = self.submission('ann') / '04-vcpu'
		for error, why in ((PermissionError(errno.EACCES, 'Permission denied', 'change.c'), 'Permission denied'),
				(OSError(errno.ENOSPC, 'No space left on device'), 'No space'),
				(UnicodeError('bad'), 'UnicodeError: bad'), (exercise.Mistake('no'), 'no')):
			for place in (mock.patch.object(grade_class, 'in_sandbox', side_effect=error),
					mock.patch.object(judge, 'write', side_effect=error),
					mock.patch.object(os, 'listdir', side_effect=error)):
				with place, mock.patch.object(grade_class, 'fingerprint', return_value='x'):
					with mock.patch.object(grade_class, 'in_sandbox', return_value=(None, 'x')) \
							if place.attribute == 'write' else contextlib.nullcontext():
						record = grade_class.grade('ann', self.asked, path, self.options)
				self.assertEqual(record['state'], 'failed')
				self.assertIn(why, record['said'][0])
				self.assertEqual(record['points'], 0)

	def test_an_exercise_without_its_reference_is_not_graded(self):
		self.options.broken = {'04-vcpu': 'predict.c could not be run'}
		record = grade_class.grade('ann', self.asked, self.submission('ann') / '04-vcpu', self.options)
		self.assertEqual((record['state'], record['said']), ('failed', ['predict.c could not be run']))

	def test_what_failed_is_no_grade_and_is_tried_again(self):
		path = self.submission('ann') / '04-vcpu'
		full = {'points': 15, 'of': 15, 'tasks': [{'fingerprint': 'x', 'task': 't', 'points': 15, 'of': 15,
			'said': [], 'went': [], 'steps': []}]}
		with mock.patch.object(grade_class, 'fingerprint', return_value='x'):
			with mock.patch.object(grade_class, 'in_sandbox', return_value=(None, 'the machine is to blame')):
				record = grade_class.grade('ann', self.asked, path, self.options)
			grade_class.report([record], [self.asked], self.top / 'out')
			self.assertIn('ann,failed,failed,15\n', (self.top / 'out/grades.csv').read_text())
			with mock.patch.object(grade_class, 'in_sandbox', return_value=(full, '')):
				record = grade_class.grade('ann', self.asked, path, self.options)
			self.assertEqual((record['state'], record['points']), ('graded', 15))
			# ... and what lasts is not graded again.
			with mock.patch.object(grade_class, 'in_sandbox', side_effect=OSError('again')):
				self.assertEqual(grade_class.grade('ann', self.asked, path, self.options), record)

	def test_the_reason_is_in_the_line_of_what_failed(self):
		def told(**table):
			return grade_class.result_of({'points': 1, 'of': 15, **table})
		self.assertEqual(told(state='graded'), '1 of 15')
		self.assertEqual(told(state='none'), 'not handed in')
		self.assertEqual(told(state='failed', said=['x.c is not a file', 'no room: try again\nmore']),
				 'could not be graded: no room: try again')
		with mock.patch.object(grade_class, 'grade_one', side_effect=KeyError('x')):
			record = grade_class.grade('ann', self.asked, self.top, self.options)
		self.assertEqual(grade_class.result_of(record), "could not be graded: KeyError: 'x'")

	def test_a_submission_writes_to_memory_only(self):
		command = ' '.join(sandbox.command(self.asked, self.top, None, ['true']))
		self.assertIn(f'--size {sandbox.TMP_MAX} --tmpfs /grading/work', command)
		self.assertNotIn(' --bind ', command)
		self.assertIn(f' --bind {self.top.resolve()} /grading/work', ' '.join(sandbox.command(self.asked, self.top, self.top, ['true'])))

	def test_only_what_is_asked_for_is_read(self):
		path = self.submission('ann') / '04-vcpu'
		with mock.patch.object(run, 'lab_says', return_value='kernel'):
			before = grade_class.fingerprint(self.asked, path)
			(path / 'other.c').write_text('x')
			os.mkfifo(path / 'build.c')
			self.assertEqual(grade_class.fingerprint(self.asked, path), before)
			(path / 'change.c').write_text('x')
			self.assertNotEqual(grade_class.fingerprint(self.asked, path), before)

	def test_what_grades_has_a_part_in_both_fingerprints(self):
		path = self.submission('ann') / '04-vcpu'
		tool = self.top / 'tool'
		with mock.patch.object(run, 'lab_says', return_value='kernel'), mock.patch.object(judge, 'tools', lambda: [tool]):
			seen = [(grade_class.fingerprint(self.asked, path), judge.fingerprint(self.asked.tasks[0], []))]
			# A recorder is larger than what is read of a student's file.
			for end in (b'x', b'y'):
				tool.write_bytes(bytes(grade_class.FILE_MAX + 9) + end)
				seen.append((grade_class.fingerprint(self.asked, path), judge.fingerprint(self.asked.tasks[0], [])))
		for marks in zip(*seen):
			self.assertEqual(len(set(marks)), 3)
		for name in ('build/kvt/kvt', 'build/kvt/arm64/kvt', 'build/course/confine', 'build/lab/init', 'build/lab/labrun',
				'tools/trace/capture', 'tools/course/grader/run.py', 'code/vmm.h'):
			self.assertIn(name, [os.path.relpath(p) for p in judge.tools()])


class TestCheckExercise(unittest.TestCase):
	def test_parts_are_all_of_them_once(self):
		loader = importlib.machinery.SourceFileLoader('check_exercise', 'tools/course/check-exercise')
		check = importlib.util.module_from_spec(importlib.util.spec_from_loader('check_exercise', loader))
		loader.exec_module(check)
		all_of_them = list(range(10))
		parts = [all_of_them[check.read_part(f'{k}/4')] for k in (1, 2, 3, 4)]
		self.assertEqual(sorted(sum(parts, [])), all_of_them)
		self.assertEqual([len(part) for part in parts], [3, 3, 2, 2])
		self.assertEqual(all_of_them[check.read_part('1/1')], all_of_them)
		for wrong in ('0/4', '5/4', '4', '1/0', '-1/4', '1/4x'):
			self.assertRaises(argparse.ArgumentTypeError, check.read_part, wrong)


class TestMake(unittest.TestCase):
	def test_nothing_that_is_said_to_make_is_a_command(self):
		with tempfile.TemporaryDirectory() as top:
			for given in ("a;touch {}/x", "$(shell touch {}/x)", "a'; touch {}/x; '", '`touch {}/x`'):
				value = given.format(top)
				variables = ('SUBMISSION', 'TASK', 'KERNEL', 'TIMEOUT', 'SUBMISSIONS', 'OUT', 'NN', 'JOBS')
				said = subprocess.run(['make', '-s', '-n', 'grade-04', 'hint-04', 'grade-class',
						       *(f'{variable}={value}' for variable in variables)],
						      capture_output=True, text=True).stdout
				word = "'" + value.replace("'", "'\\''") + "'"
				said = '\n'.join(said.replace('\\\n', ' ').splitlines()[-20:])
				for option in ('--task', '--submission', '--kernel', '--timeout', '--out', '--exercise', '--jobs', '--'):
					self.assertRegex(said, re.escape(f'{option} {word}'))
				self.assertRegex(said, re.escape(f'hint --task {word}'))
			self.assertEqual(os.listdir(top), [])


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

	def test_nothing_in_a_verdict_acts_on_who_reads_it(self):
		task = VERDICT['tasks'][0]
		hostile = {**VERDICT, 'tasks': [{**task, 'said': ['a\nok 2 - x\r\nnot ok\u2028ok 3\x85ok 4'], 'went': ['x\nBail out!'],
			'captures': ['a;touch x.kvt'], 'steps': [{**task['steps'][1], 'happened': '\x1b]0;x\x07\x9b2J\u202e\nok 5'}]}]}
		lines = report.as_tap(hostile).splitlines()
		self.assertEqual([line for line in lines if not line.startswith('# ')], ['1..1', 'not ok 1 - change: second (0/2)'])
		for text in (report.as_tap(hostile), report.as_text(hostile), report.as_json(hostile)):
			self.assertIsNone(re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]', text))
			self.assertIn('x1b]0;x', text)
		self.assertIn("show 'a;touch x.kvt'", report.as_text(hostile))
		self.assertEqual(report.visible('é\t\n→'), 'é\t\n→')
		# What cannot be encoded can still be printed.
		report.as_json({'x': os.fsdecode(b'\xfc')}).encode()

	def test_places_are_found_in_time(self):
		start = time.process_time()
		report.places({'captures': ['x'], 'steps': [{'passed': False, 'happened': 'x' * 50000 + ' '}]})
		self.assertLess(time.process_time() - start, 1)

	def test_json(self):
		self.assertEqual(json.loads(report.as_json(VERDICT)), VERDICT)
		self.assertIn('A vCPU', report.as_json({**VERDICT, 'title': 'A vCPU → é'}))
		self.assertIn('→ é', report.as_json({**VERDICT, 'title': 'A vCPU → é'}))


if __name__ == '__main__':
	tap.main()
