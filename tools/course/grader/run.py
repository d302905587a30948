"""Builds a program and runs it in the lab under the recorder."""

import contextlib
import functools
import os
import re
import selectors
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from .exercise import Mistake

KVT = 'build/kvt/kvt'
CONFINE = 'build/course/confine'
OUTPUT_MAX = 256 * 1024		# bytes of output that are kept and judged
RAW_MAX = '48M'			# of the recording
COMPILE_TIME = 20		# seconds
KERNELS = ('auto', 'stock', 'book')	# auto: the book's if it has been built
FLAGS = ['-std=gnu11', '-O2', '-g', '-Wall', '-Wextra', '-Icode']

kernel = 'auto'		# the lab's, for whatever runs

# The commands that are running; the grader ends them when it ends.
running, stopping, guard = set(), threading.Event(), threading.Lock()


class Stopped(Exception):
	"""The grader is being ended, so nothing that still runs gets a verdict."""


class Outcome:
	"""How a program ended.

	status: its exit status, or None when there was no end to it
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
	directory = Path(lab_says('kernel', kernel))
	if not shutil.which('qemu-system-aarch64') and subprocess.run(
			['tools/need', 'qemu-system-arm:qemu-system-aarch64']).returncode:
		raise Mistake('there is no emulator')
	lab_says('cc')
	if not list(directory.glob('facts-*/release')):
		subprocess.run(['tools/trace/lab-facts', 'book' if directory.name.startswith('book-') else 'stock'],
			       check=True, stdout=subprocess.DEVNULL)


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
		err += f'\nIt printed more than {OUTPUT_MAX // 1024} KiB and was stopped.'
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


def build(sources, program, libs=()):
	"""Compiles for arm64; returns the compiler's messages and whether it worked."""
	program.parent.mkdir(parents=True, exist_ok=True)
	program.unlink(missing_ok=True)
	status, out, err = limited([*lab_says('cc').split(), *FLAGS, '-o', str(program),
				    *map(str, sources), *libs], COMPILE_TIME)
	if status is None:
		err += f'\nThe compiler had no end in {COMPILE_TIME} seconds.'
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
	status, out, err = limited([*command, str(program), *map(str, args)], task.timeout + 30)
	# A run that hit the time limit may only show that the machine is slow.
	return Outcome(status, out, tidy(err), capture if capture.exists() and status != 124 else None)


def tidy(text):
	"""Removes the messages that only concern the recorder."""
	return '\n'.join(line for line in text.strip().splitlines()
			 if not re.match(r'kvt: .*(recorded|recording|events)', line))
