"""Where submissions of a class are compiled and run: they see the tools they
need, read-only, and one directory that is theirs.  bubblewrap makes it."""

import os
import subprocess
from pathlib import Path

from . import judge
from .exercise import Mistake

# What the grader needs from the project: no solutions, no other submissions.
PARTS = ['Makefile', 'chapters', 'code', 'tools', 'traces', 'build/kvt', 'build/lab', 'build/course/confine']
TMP_MAX = 512 * 1024 * 1024	# bytes, in memory, of any one directory: recordings, the compiler's files
FILE_MAX = 256 * 1024 * 1024	# bytes, of any one file
MEMORY_MAX = 4 * 1024 * 1024 * 1024	# bytes of addresses, of any one process


def cache():
	"""The lab's kernels and libraries (tools/lab/common.sh)."""
	given, home = os.environ.get('KVM_BOOK_CACHE'), os.environ.get('XDG_CACHE_HOME')
	if not given and not home and not os.environ.get('HOME'):
		raise Mistake('HOME is not set: say where the lab is, export KVM_BOOK_CACHE=DIR')
	return Path(given or Path(home or Path.home() / '.cache') / 'kvm-on-arm64').resolve()


def exercise_binds(top, exercise):
	"""One exercise without its solutions."""
	home = top / exercise.directory
	return [arg for path in sorted(home.iterdir()) if path.is_file()
		for arg in ('--ro-bind', str(path), str(path))]


def system_binds():
	"""The directories of the system's programs and libraries."""
	args = ['--ro-bind', '/usr', '/usr']
	for name in ('bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'):
		path = Path('/') / name
		if path.is_symlink():
			args += ['--symlink', os.readlink(path), str(path)]
		elif path.is_dir():
			args += ['--ro-bind', str(path), str(path)]
	for path in ('/etc/alternatives', '/etc/ld.so.cache'):
		args += ['--ro-bind-try', path, path]
	return args


def command(exercise, submission, work, inner, places=('/grading/submission', '/grading/work')):
	"""The command that runs another in the sandbox.

	submission: the student's directory
	work: a directory that may be written; None: one in memory, that is gone with
	the sandbox, so that what a compiler is made to write takes no room from others
	places: where these two are in there
	"""
	top = Path.cwd().resolve()
	args = ['bwrap', '--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL']
	args += system_binds()
	args += ['--proc', '/proc', '--dev', '/dev', '--size', str(TMP_MAX), '--tmpfs', '/tmp',
		 '--dir', str(top / 'exercises')]
	for part in PARTS:
		args += ['--ro-bind', str(top / part), str(top / part)]
	args += exercise_binds(top, exercise)
	args += ['--ro-bind-try', str(top / judge.GIVEN), str(top / judge.GIVEN)]
	args += ['--ro-bind', str(cache()), str(cache()), '--ro-bind', str(submission.resolve()), str(places[0])]
	args += ['--bind', str(work.resolve())] if work else ['--size', str(TMP_MAX), '--tmpfs']
	args += [str(places[1]), '--chdir', str(top)]
	for name, value in (('PATH', '/usr/bin:/bin:/usr/sbin:/sbin'), ('HOME', '/tmp'), ('LANG', 'C.UTF-8'),
			    ('KVM_BOOK_CACHE', str(cache())), ('LAB_NATIVE', '0'),
			    ('LAB_APPEND', os.environ.get('LAB_APPEND', ''))):
		args += ['--setenv', name, value]
	limits = ['prlimit', f'--fsize={FILE_MAX}', f'--as={MEMORY_MAX}', '--core=0', '--']
	return args + limits + inner


def check():
	"""Fails where no sandbox is possible, and says what to do."""
	try:
		done = subprocess.run(['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
				      capture_output=True, text=True)
	except FileNotFoundError:
		raise Mistake('a class is graded in a sandbox: please install bubblewrap') from None
	if done.returncode:
		raise Mistake('a class is graded in a sandbox, and bubblewrap cannot make one here:\n'
			      f'{done.stderr.strip()}\n'
			      'In a container, it needs --security-opt seccomp=unconfined and '
			      '--security-opt systempaths=unconfined,\n'
			      'or a user who may make namespaces (sysctl kernel.unprivileged_userns_clone=1).')
