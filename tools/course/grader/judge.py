"""Judges a submission, step by step."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import report, run
from .exercise import ANSWERS, Mistake, place

GIVEN = Path('build/course/given')
GIVEN_SUMS = Path('exercises/given.sha256')
ANSWER_NAME = re.compile(r'[a-z][a-z0-9_-]*')
NO_END = 'it had no end, and was stopped when its time was over'
# The signals of the timers that confine.c sets.
TIMERS = {128 + signal.SIGPROF, 128 + signal.SIGALRM}
# A program of the book's that is known to work, and needs no file but /dev/kvm:
# where it fails, too, the machine is to blame.
CONTROL = Path('code/06-run-page.c')
SAID_MAX = 20	# lines at the beginning and at the end of what a compiler says
# What tools/trace/capture says when it has no capture; a slow or full machine
# may have been the reason, so no verdict that lasts comes of these.
NO_ENDS = (None, 124)
UNSURE = {None: NO_END, 124: NO_END, 125: 'the machine came down with it',
	  4: 'the recorder could not keep up with it', 5: 'there is no capture of it'}
STANDS = ('11-run', '**No exit for an idle guest.**')


def sources_of(task, submission):
	"""The source files of a task's program."""
	home = task.exercise.directory if task.kind == 'predict' else submission
	source = home / task.program
	guest = source.with_suffix('.S').name
	# A student cannot replace the guest that comes with the exercise.
	places = [task.exercise.directory] if task.guest == 'given' else [home]
	found = [d / guest for d in places if (d / guest).exists()]
	return [source, *found[:1]]


def is_unsure(outcome):
	"""Whether the machine may be to blame for how a run went.  The recorder
	leaves a capture of whatever a program does, so where there is none, the
	status is not the program's."""
	return outcome.capture is None or outcome.status in (126, 127) and not outcome.output


def rule_out_the_machine(task, directory, to_run=True):
	"""Fails where a program that is known to work cannot be compiled or run and
	recorded, either: then nothing can be said of a student's."""
	run.check_room(directory)
	program = directory / f'{task.name}-control'
	built, said = run.build([CONTROL], program)
	if not built:
		raise Mistake(f'{CONTROL} could not be compiled, either, so the machine is to blame; try again:\n{said}')
	if not to_run:
		return
	outcome = run.record(task, program, [CONTROL], [], program.with_suffix('.kvt'))
	if outcome.status != 0 or outcome.capture is None:
		raise Mistake(f'{CONTROL} could not be run, either ({how_it_ended(outcome)}), so the machine is to blame; '
			      f'try again:\n{outcome.errors}')


def how_it_ended(outcome):
	status = outcome.status
	if status in (126, 127) and outcome.capture and not outcome.output:
		return 'it could not be started'
	if is_unsure(outcome):
		return UNSURE.get(status, UNSURE[5])
	if status in TIMERS:
		return NO_END
	if status > 128:
		try:
			return f'{signal.Signals(status - 128).name} ended it'
		except ValueError:
			pass
	return f'it ended with the status {status}'


def claim(capture, text, *options):
	"""Whether a claim holds in a capture, and what kvt says about it."""
	done = subprocess.run([run.KVT, 'claim', *options, capture, text], capture_output=True, text=True)
	if done.returncode not in (0, 1):
		raise Mistake(f'the claim "{text}": {done.stderr.strip()}')
	return done.returncode == 0, done.stdout.strip()


def is_of_one(capture):
	"""Whether a capture is that of one thread, and so of one process."""
	with open(capture) as f:
		return sum(line.startswith('thread ') for line in f) <= 1


def judge_program(step, outcome, has_threads=False):
	"""Whether a program passes a step, and what happened if not.

	has_threads: whether the task's program may have several
	"""
	if step.exit is not None and outcome.status != step.exit:
		return False, how_it_ended(outcome)
	found = step.output is None or run.matches(step.output, outcome.output)
	if found is None:
		return False, 'it takes too long to look for the pattern in what it printed\n' + last_lines(outcome.output)
	if not found:
		return False, 'it printed\n' + (last_lines(outcome.output) or '(nothing)')
	return (True, '') if step.claim is None else judge_claim(step, outcome.capture, has_threads)


def judge_claim(step, capture, has_threads):
	"""Whether a step's claim holds in a capture, and what happened if not."""
	if capture is None:
		return False, 'there is no capture of it'
	if not has_threads and not is_of_one(capture):
		return False, 'no proof: its calls are those of several threads or processes, where the task wants one'
	true, says = claim(capture, step.claim, *(['--threads'] if has_threads else []))
	return true, '' if true else says.replace('false: ', 'not so: ', 1)


def story(args, outcome, steps):
	"""Tells how a run went that lost steps: a list of lines, empty if all passed.

	args: its arguments if they are not the task's; steps: (step, passed, happened)
	"""
	if all(passed for _, passed, _ in steps):
		return []
	lines = []
	if outcome.status not in ({s.exit for s, _, _ in steps} - {None} or {0}):
		lines.append(f'{how_it_ended(outcome)}.')
		if outcome.status in TIMERS and outcome.capture and claim(outcome.capture, 'KVM_RUN = EINTR')[0]:
			lines.append(f'It was in KVM_RUN, and its guest did not come back: {place(*STANDS)}')
		if outcome.output and not any(happened.startswith('it printed') for _, _, happened in steps):
			lines += ['It printed', *indented(outcome.output)]
	if outcome.errors:
		lines += ['On standard error it said', *indented(outcome.errors)]
	if lines and args is not None:
		lines.insert(0, f'With {" ".join(map(str, args)) or "no arguments"}:')
	return [line[:1].upper() + line[1:] for line in lines]


def indented(text):
	return [f'  {line}' for line in last_lines(text).splitlines()]


def last_lines(text, count=12):
	lines = [line[:200] for line in text.strip().splitlines()]
	left = [f'… {len(lines) - count} lines before'] if len(lines) > count else []
	return '\n'.join(left + lines[-count:])


def shortened(text):
	"""What a compiler said, without the middle of a long story."""
	lines = [line[:400] for line in text.splitlines()]
	if len(lines) > 2 * SAID_MAX:
		lines[SAID_MAX:-SAID_MAX] = [f'… {len(lines) - 2 * SAID_MAX} lines']
	return '\n'.join(lines)


def read_answers(path):
	"""Reads the answers from a file, and lists what is wrong with its form."""
	answers, wrong = {}, []
	try:
		text = path.read_text(errors='replace')[:65536]
	except OSError as e:
		return {}, [f'{path.name}: {e.strerror}']
	for number, line in enumerate(text.splitlines(), 1):
		if not line.strip() or line.lstrip().startswith('#'):
			continue
		name, equals, answer = (part.strip() for part in line.partition('='))
		if equals and ANSWER_NAME.fullmatch(name):
			answers[name] = answer.removesuffix('()')
		else:
			wrong.append(f'{path.name}:{number}: not "name = answer"')
	return answers, wrong


def judge_answer(step, answers, outcome):
	"""Whether an answer is right; a wrong one gets no further hint."""
	given = answers.get(step.key, '')
	if not given:
		return False, f'no answer at "{step.key} ="'
	pattern, what = ANSWERS[step.answer]
	if not re.fullmatch(pattern, given):
		return False, f'"{given[:60]}" is not {what}'
	true, _ = claim(outcome.capture, step.claim.replace('{}', given))
	return true, '' if true else f'the capture does not bear out "{given}"'


def not_as_given(sources):
	"""Which of the files are not as they were handed out: a line for each.
	The students' tree has a list of them (tools/course/dist)."""
	try:
		sums = dict(reversed(line.split(maxsplit=1)) for line in GIVEN_SUMS.read_text().splitlines())
	except OSError:
		return []
	return [f'{path} is not as it was handed out; a lecturer grades with the one that was' for path in sources
		if str(path) in sums and hashlib.sha256(path.read_bytes()).hexdigest() != sums[str(path)]]


def judge_predictions(task, submission, directory):
	"""Judges the answers: what is wrong with their form, and (step, passed, what happened)."""
	outcome = given(task, directory)
	answers, wrong = read_answers(submission / task.file)
	return wrong, [(s, *judge_answer(s, answers, outcome)) for s in task.steps]


def judge_runs(task, sources, directory):
	"""Runs a program once for each list of arguments.

	Returns the compiler's messages, the story of the runs, (step, passed, what
	happened), the captures, and whether a repetition would give the same.
	"""
	program = directory / Path(task.program).stem
	built, said = run.build(sources, program, task.libs)
	if not built:
		rule_out_the_machine(task, directory, to_run=False)
		# What the machine lacked then, it may have had again for that.
		built, said = run.build(sources, program, task.libs)
	if not built:
		return [said], [], [(s, False, 'there is no program to run') for s in task.steps], [], True
	lists = task.lists()
	captures = [directory / task.capture(i) for i in range(len(lists))]

	def record(i):
		return run.record(task, program, sources, lists[i], captures[i])
	with ThreadPoolExecutor(len(lists)) as pool:
		outcomes = list(pool.map(record, range(len(lists))))
	if any(map(is_unsure, outcomes)):
		rule_out_the_machine(task, directory)
		# One that has no end would have none again.
		outcomes = [record(i) if is_unsure(o) and o.status not in NO_ENDS else o for i, o in enumerate(outcomes)]
	went, judged = [], {}
	for i, (args, outcome) in enumerate(zip(lists, outcomes)):
		write(captures[i].with_suffix('.out'), outcome.output)
		steps = [(s, *judge_program(s, outcome, task.has_threads)) for s in task.judged_with(args)]
		went += story(args if i else None, outcome, steps)
		judged |= {id(s): (s, passed, happened) for s, passed, happened in steps}
	return ([said] if said else [], went, [judged[id(s)] for s in task.steps],
		[o.capture for o in outcomes if o.capture], not any(map(is_unsure, outcomes)))


def tools():
	"""The files that have a part in every verdict."""
	return [*run.BUILT, 'tools/trace/capture', *sorted(Path('code').glob('*.[hS]')),
		*sorted(Path(__file__).parent.glob('*.py'))]


def add_file(digest, path):
	"""Hashes a file's name, and what is in it if it is there."""
	digest.update(f'{Path(path).name}\0'.encode())
	try:
		digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
	except OSError:
		digest.update(b'-')


def fingerprint(task, files):
	"""Hashes everything that a verdict depends on."""
	digest = hashlib.sha256()
	for path in [*tools(), task.exercise.directory / 'exercise.toml', *files]:
		add_file(digest, path)
	digest.update(run.lab_says('kernel', run.kernel).encode())
	return digest.hexdigest()


def may_be_written(directory):
	try:
		directory.mkdir(parents=True, exist_ok=True)
		with (directory / 'lock').open('a'):
			return True
	except OSError:
		return False


def given(task, spare=None):
	"""The outcome of a program that comes with an exercise: it is the same for
	every submission, so it is run once, and kept in build/course/given, or in a
	spare directory where that may not be written.  One that has failed is not
	kept, because every answer would be held against it."""
	directory = GIVEN / task.exercise.name
	path = directory / f'{task.name}.json'
	sources = sources_of(task, None)
	mark = fingerprint(task, sources)

	def kept():
		try:
			table = json.loads(path.read_text())
			capture = Path(table['capture'])
			if table['fingerprint'] == mark and table['status'] == 0 and capture.exists():
				return run.Outcome(table['status'], capture=capture)
			return None
		except (OSError, ValueError, KeyError, TypeError):
			return None

	outcome = kept()
	if outcome:
		return outcome
	if spare and not may_be_written(directory):
		directory = spare / 'given'
		path = directory / f'{task.name}.json'
	directory.mkdir(parents=True, exist_ok=True)
	with (directory / 'lock').open('a') as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		outcome = kept()
		if not outcome:
			program = directory / Path(task.program).stem
			built, said = run.build(sources, program, task.libs)
			if not built:
				raise Mistake(f'{sources[0]}, which comes with the exercise, could not be compiled, '
					      f'so nothing can be graded by it; try again\n{said}')
			outcome = run.record(task, program, sources, task.args, program.with_suffix('.kvt'), True)
			if not outcome.capture or outcome.status != 0:
				raise Mistake(f'{sources[0]}, which comes with the exercise: {how_it_ended(outcome)}, '
					      f'so nothing can be graded by it; try again\n{outcome.errors}'.strip())
			write(path, json.dumps({'fingerprint': mark, 'status': outcome.status,
						'capture': str(outcome.capture)}) + '\n')
	return outcome


def judge_task(task, submission, directory):
	"""The verdict on a task, ready for JSON."""
	sources = sources_of(task, submission)
	path = directory / f'{task.name}.json'
	mark = fingerprint(task, {*sources, submission / task.file})
	try:
		verdict = json.loads(path.read_text())
		if verdict['fingerprint'] == mark:
			os.utime(path)	# it is as new as the file
			return verdict
	except (OSError, ValueError, KeyError):
		pass
	went, captures, lasts = [], [], True
	if task.kind == 'predict':
		said, steps = judge_predictions(task, submission, directory)
	elif not (submission / task.file).exists():
		said, steps = [f'{task.file} is not there'], [(s, False, 'there is no program to run') for s in task.steps]
	else:
		said, went, steps, captures, lasts = judge_runs(task, sources, directory)
	verdict = {
		'task': task.name, 'file': task.file, 'fingerprint': mark if lasts else None,
		'points': sum(s.points for s, passed, _ in steps if passed), 'of': task.points,
		'said': not_as_given(sources) + list(map(shortened, said)), 'went': went, 'captures': list(map(str, captures)),
		'steps': [{
			'step': s.name, 'points': s.points if passed else 0, 'of': s.points, 'passed': passed,
			'expected': s.expected or expected(s), 'happened': happened, 'read': s.place(),
		} for s, passed, happened in steps],
	}
	verdict = report.visible(verdict)
	write(path, json.dumps(verdict, indent=1, ensure_ascii=False) + '\n')
	return verdict


def expected(step):
	"""Says what a step expects, from the checks that judge it."""
	if step.answer:
		return f'an answer that the capture bears out: {ANSWERS[step.answer][1]}'
	wants = []
	if step.args is not None:
		wants.append(f'with {" ".join(map(str, step.args)) or "no arguments"}')
	if step.exit is not None:
		wants.append(f'the exit status {step.exit}')
	if step.output is not None:
		wants.append(f'output like {step.output}')
	if step.claim is not None:
		wants.append(step.claim)
	return ', '.join(wants)


def write(path, text):
	"""Writes a whole file or none of it."""
	path.parent.mkdir(parents=True, exist_ok=True)
	# Nobody else's, should two write the same at once.
	part = path.with_name(f'{path.name}.{os.getpid()}-{threading.get_ident()}.part')
	try:
		part.write_text(text)
		os.replace(part, path)
	finally:
		part.unlink(missing_ok=True)


def clear(directory):
	"""Forgets all verdicts of a work directory; the lock is ours."""
	for path in directory.iterdir():
		if path.is_dir() and not path.is_symlink():
			shutil.rmtree(path)
		elif path.name != 'lock':
			path.unlink()


def judge(exercise, submission, directory, only=None, again=False):
	"""The verdict on a submission: the files in a directory.

	Captures and programs are left in the other directory.
	again: nothing of what is there counts
	"""
	tasks = [t for t in exercise.tasks if only in (None, t.name)]
	if not tasks:
		raise Mistake(f'exercise {exercise.name} has no task {only}; it has '
			      + ', '.join(t.name for t in exercise.tasks))
	run.prepare()
	with run.alone_in(directory), ThreadPoolExecutor(os.cpu_count()) as pool:
		if again:
			clear(directory)
		run.check_room(directory)
		try:
			verdicts = list(pool.map(lambda t: judge_task(t, submission, directory), tasks))
		except KeyboardInterrupt:
			run.stop_all()
			raise
	return {
		'exercise': exercise.name, 'title': exercise.title,
		'points': sum(v['points'] for v in verdicts), 'of': sum(v['of'] for v in verdicts),
		'tasks': verdicts,
	}
