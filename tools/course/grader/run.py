"""Builds a program and runs it in the lab under the recorder."""

import contextlib
import fcntl
import functools
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .exercise import Mistake

KVT = 'build/kvt/kvt'
CONFINE = 'build/course/confine'
# What make builds before it calls the grader; without one of them every run
# would fail, and a student would be told that the program did.
BUILT = (KVT, 'build/kvt/arm64/kvt', CONFINE, 'build/lab/init', 'build/lab/labrun')
ROOM = 256 * 1024 * 1024	# bytes that a verdict may need while it is made
FILES = 256		# and files
OUTPUT_MAX = 256 * 1024		# bytes of output that are kept and judged
RAW_MAX = '48M'			# of the recording
COMPILE_TIME = 20		# seconds of the processor's time, of each of a compiler's programs
COMPILE_WAIT = 200		# seconds, until a machine is too slow to compile
FLOOD = f'\nIt printed more than {OUTPUT_MAX // 1024} KiB and was stopped.'
KERNELS = ('auto', 'stock', 'book')	# auto: the book's if it has been built
MATCH_TIME = 5		# seconds of the processor's time, of a pattern
MATCHER = '''
import re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
text = sys.stdin.buffer.read().decode(errors='replace')
print('yes' if re.search(sys.argv[1], text, re.M) else 'no')
'''
FLAGS = ['-std=gnu11', '-O2', '-g', '-Wall', '-Wextra', '-Icode']

kernel = 'auto'		# the lab's, for whatever runs

# The commands that are running; the grader ends them when it ends.
running, stopping, guard = set(), threading.Event(), threading.Lock()


class Stopped(Exception):
	"""The grader is being ended, so nothing that still runs gets a verdict."""


class Outcome:
	"""How a program ended.

	status: its exit status, or None when there was no end to it; without a
	capture, that of what should have made one
	output, errors: what it printed, and where, at most OUTPUT_MAX bytes
	capture: the path of its capture, or None when there is none
	"""

	def __init__(self, status=None, output='', errors='', capture=None):
		self.status, self.output = status, output
		self.errors, self.capture = errors, capture


@functools.lru_cache
def lab_says(*args):
	done = subprocess.run(['tools/lab/lab', *args], capture_output=True, text=True)
	if done.returncode:
		raise Mistake(done.stderr.strip())
	return done.stdout.strip()


def use_kernel(name):
	"""Chooses the lab's kernel, one of KERNELS.  One that is not there is
	fetched or built first, and the lab says how that goes."""
	global kernel
	if subprocess.run(['tools/lab/lab', 'kernel', name], stdout=subprocess.DEVNULL).returncode:
		raise Mistake(f'without the kernel "{name}" nothing can be graded')
	kernel = name


def prepare():
	"""Sees to what every run needs, so that none of them has to: the emulator,
	and what the recorder must know of the kernel."""
	for path in BUILT:
		if not os.access(path, os.X_OK):
			raise Mistake(f'{path} has not been built: type make course-tools')
	directory = Path(lab_says('kernel', kernel))
	if not shutil.which('qemu-system-aarch64') and subprocess.run(
			['tools/need', 'qemu-system-arm:qemu-system-aarch64']).returncode:
		raise Mistake('there is no emulator')
	lab_says('cc')
	if not list(directory.glob('facts-*/release')):
		if subprocess.run(['tools/trace/lab-facts', 'book' if directory.name.startswith('book-') else 'stock'],
				  stdout=subprocess.DEVNULL).returncode:
			raise Mistake('what the recorder must know of the kernel could not be gathered')


def check_room(directory, room=ROOM, files=FILES):
	"""Fails where a directory has no room for what a verdict needs."""
	free = os.statvfs(directory)
	if free.f_bavail * free.f_frsize < room:
		raise Mistake(f'{directory}: only {free.f_bavail * free.f_frsize // 2**20} MiB are free, and '
			      f'{room // 2**20} are needed: make room, then try again')
	# Some file systems do not count files, and say 0 of 0.
	if free.f_files and free.f_favail < files:
		raise Mistake(f'{directory}: only {free.f_favail} files can be made, and '
			      f'{files} may be needed: make room, then try again')


@contextlib.contextmanager
def alone_in(directory):
	"""Keeps a second grader out of a work directory until this one has ended.
	The lock goes with the process, however that ends."""
	directory.mkdir(parents=True, exist_ok=True)
	with (directory / 'lock').open('a') as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			print(f'another grader is at work in {directory}: waiting for it', file=sys.stderr)
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield


@contextlib.contextmanager
def scratch(home):
	"""A temporary directory below another, and removes what was left there by
	those who were killed: nobody holds the locks of these any more."""
	home.mkdir(parents=True, exist_ok=True)
	for old in home.glob('new-*'):	# not even locked yet, when its maker was killed
		with contextlib.suppress(OSError):
			if old.stat().st_mtime < time.time() - 60:
				shutil.rmtree(old)
	for old in home.glob('scratch-*'):
		with contextlib.suppress(OSError), (old / 'lock').open('a') as lock:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
			shutil.rmtree(old, ignore_errors=True)
	top = Path(tempfile.mkdtemp(prefix='new-', dir=home))
	try:
		with (top / 'lock').open('a') as lock:
			fcntl.flock(lock, fcntl.LOCK_EX)
			mine = top.with_name(top.name.replace('new-', 'scratch-'))
			top = top.rename(mine)
			yield top
	finally:
		shutil.rmtree(top, ignore_errors=True)


def matches(pattern, text):
	"""Whether a pattern is found in a text: True or False, or None if that takes
	too long.  It is looked for in a process of its own, because only that can
	be stopped."""
	done = subprocess.run([sys.executable, '-IS', '-c', MATCHER, pattern, str(MATCH_TIME)],
			      input=text.encode(errors='replace'), capture_output=True)
	if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
		return None
	if done.returncode:
		raise Mistake(f'the pattern "{pattern}" could not be looked for: {done.stderr.decode(errors="replace").strip()}')
	return done.stdout.strip() == b'yes'


def limited(command, seconds, env=None, stdin=None):
	"""Runs a command for at most some seconds and keeps the beginning of what
	it prints; returns status (None: stopped), output and errors."""
	with guard:
		if stopping.is_set():
			raise Stopped
		child = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
					 stderr=subprocess.PIPE, env=env, start_new_session=True)
		running.add(child)
	try:
		return listen(child, seconds)
	finally:
		with guard:
			running.discard(child)
		if child.returncode is None:
			stop(child)
		child.stdout.close()
		child.stderr.close()


def listen(child, seconds):
	kept = {child.stdout: b'', child.stderr: b''}
	end = time.monotonic() + seconds
	flood = False
	with selectors.DefaultSelector() as ready:
		for stream in kept:
			ready.register(stream, selectors.EVENT_READ)
		while ready.get_map() and not flood and time.monotonic() < end:
			for key, _ in ready.select(max(0, end - time.monotonic())):
				data = os.read(key.fd, 65536)
				if not data:
					ready.unregister(key.fileobj)
				kept[key.fileobj] += data
				flood |= len(kept[key.fileobj]) > OUTPUT_MAX
	try:
		status = child.wait(0 if flood else max(0, end - time.monotonic()))
	except subprocess.TimeoutExpired:
		stop(child)
		status = None
	if stopping.is_set():
		raise Stopped
	out, err = (kept[s][:OUTPUT_MAX].decode(errors='replace') for s in (child.stdout, child.stderr))
	if flood:
		err += FLOOD
	return status, out, err


def stop(child):
	"""Ends a command and every process that it started."""
	os.killpg(child.pid, signal.SIGTERM)
	try:
		child.wait(3)
	except subprocess.TimeoutExpired:
		os.killpg(child.pid, signal.SIGKILL)
		child.wait()


def stop_all():
	"""Ends every command, and starts no other."""
	stopping.set()
	with guard:
		for child in running:
			with contextlib.suppress(ProcessLookupError):	# it has just ended
				os.killpg(child.pid, signal.SIGTERM)


@contextlib.contextmanager
def temporary(work):
	"""An environment whose temporary files are in a work directory: /tmp may be
	full, small or missing."""
	with scratch(work / 'tmp') as directory:
		yield {**os.environ, 'TMPDIR': str(directory.resolve())}


def build(sources, program, libs=()):
	"""Compiles for arm64; returns the compiler's messages and whether it worked."""
	program.parent.mkdir(parents=True, exist_ok=True)
	program.unlink(missing_ok=True)
	with temporary(program.parent) as env:
		status, out, err = limited(['prlimit', f'--cpu={COMPILE_TIME}', '--', *lab_says('cc').split(), *FLAGS,
					    '-o', str(program), *map(str, sources), *libs], COMPILE_WAIT, env)
	# What takes too long, takes it of the processor; other things do, too, and
	# that is nobody's fault.
	if status is None and not err.endswith(FLOOD):
		raise Mistake(f'the compiler was not done with {sources[0]} after {COMPILE_WAIT} seconds, '
			      'so the machine is to blame; try again')
	if 'Killed signal' in err:
		err += f'\nNo program of the compiler may take more than {COMPILE_TIME} seconds of the processor.'
	return status == 0, (out + err).strip()


def record(task, program, sources, args, capture, is_given=False):
	"""Runs a task's program and records it: an Outcome.  One that comes with
	the exercise may make any system call, a student's only those of calls.c."""
	capture.unlink(missing_ok=True)
	command = ['tools/trace/capture', '--kernel', kernel, '--mode', task.mode, '--timeout', str(task.timeout),
		   '--confine', CONFINE, '--max-size', RAW_MAX, '--quiet', '-o', str(capture)]
	if is_given or task.has_threads:
		command += ['--allow', 'everything' if is_given else 'threads']
	for source in sources:
		command += ['--source', str(source)]
	needs = Path('code') / f'{task.exercise.chapter}.needs'
	if needs.exists():
		command += ['--machine-of', str(needs)]
	with temporary(capture.parent) as env:
		status, out, err = limited([*command, str(program), *map(str, args)], task.timeout + 30, env)
	# A run that hit the time limit may only show that the machine is slow, and
	# the capture of a lab that has failed may lack what could not be written.
	whole = status != 124 and not (status == 125 and re.search('^lab: ', err, re.M))
	return Outcome(status, out, tidy(err), capture if capture.exists() and whole else None)


def tidy(text):
	"""Removes the messages that only concern the recorder."""
	return '\n'.join(line for line in text.strip().splitlines()
			 if not re.match(r'kvt: .*(recorded|recording|events)', line))
