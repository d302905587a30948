"""Runs a command on a terminal: terminal.py SECONDS ACT... -- COMMAND...

An ACT is +TEXT, waited for in the output, or any other text, which is typed
(\\r and \\x01 as in Python).  Prints the output, then the exit status, then
whether the terminal is as it was.
"""
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

split = sys.argv.index('--')
end = time.monotonic() + float(sys.argv[1])
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
child = subprocess.Popen(sys.argv[split + 1:], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
output, seen = b'', 0


def read(seconds):
	global output
	if select.select([master], [], [], seconds)[0]:
		output += os.read(master, 65536)
		return True
	return False


for act in sys.argv[2:split]:
	if not act.startswith('+'):
		os.write(master, act.encode().decode('unicode_escape').encode('latin1'))
		continue
	while output.find(act[1:].encode(), seen) < 0 and child.poll() is None and time.monotonic() < end:
		read(0.2)
	seen = max(seen, output.find(act[1:].encode(), seen) + len(act) - 1)
while child.poll() is None and time.monotonic() < end:
	read(0.2)
if child.poll() is None:
	os.killpg(child.pid, signal.SIGKILL)
while read(0.2):
	pass
print(output.decode(errors='replace').replace('\r', ''))
print('status', child.wait())
print('terminal', 'as before' if termios.tcgetattr(slave) == before else 'changed')
