"""Runs the unit tests of a script in Python, and prints TAP."""

import sys
import unittest


class Tap(unittest.TestResult):
	"""Prints a line for each test, and below one that failed why it did."""

	def addSuccess(self, test):
		super().addSuccess(test)
		self.say('ok', test)

	def addFailure(self, test, err):
		super().addFailure(test, err)
		self.say('not ok', test, self.failures[-1][1])

	def addError(self, test, err):
		super().addError(test, err)
		self.say('not ok', test, self.errors[-1][1])

	def say(self, verdict, test, why=''):
		print(f"{verdict} {self.testsRun} - {test.id().split('test_')[-1].replace('_', ' ')}")
		print(''.join(f'# {line}\n' for line in why.splitlines()), end='', flush=True)


def main():
	"""Runs all tests of the script; ends the process, with 1 when one failed."""
	suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
	print(f'1..{suite.countTestCases()}')
	result = Tap()
	suite.run(result)
	sys.exit(not result.wasSuccessful())
