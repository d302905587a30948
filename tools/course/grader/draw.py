"""Numbers that no student can know: drawn anew whenever an exercise is read."""

import ast
import operator
import random
import string

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
	     ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow}
choose = random.SystemRandom().randint


def evaluate(node, values):
	"""The value of an expression's tree: whole numbers, names, + - * // % **."""
	if isinstance(node, ast.Constant) and type(node.value) is int:
		return node.value
	if isinstance(node, ast.Name) and node.id in values:
		return values[node.id]
	if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
		return OPERATORS[type(node.op)](evaluate(node.left, values), evaluate(node.right, values))
	raise ValueError(f'"{ast.unparse(node)}" is neither a whole number nor a name before it, nor made of these')


def numbers(table):
	"""Draws what a task's table asks for, in its order: name → number.

	A value is [LEAST, MOST], both of them possible, or an expression of the
	names before it.  ValueError says what is wrong with a table.
	"""
	values = {}
	for name, how in table.items():
		if isinstance(how, str):
			try:
				values[name] = evaluate(ast.parse(how, mode='eval').body, values)
			except SyntaxError as e:
				raise ValueError(f'"{how}" is no expression') from e
		elif isinstance(how, list) and len(how) == 2 and all(type(n) is int for n in how) and how[0] < how[1]:
			values[name] = choose(*how)
		else:
			raise ValueError(f'{name} is neither [LEAST, MOST] nor an expression')
	return values


def fill(what, values):
	"""Puts numbers into texts, lists and tables of them: $name, or $name_hex
	for one that begins with 0x."""
	if isinstance(what, str):
		hexes = {f'{name}_hex': hex(value) for name, value in values.items()}
		return string.Template(what).safe_substitute(values | hexes)
	if isinstance(what, list):
		return [fill(each, values) for each in what]
	if isinstance(what, dict):
		return {key: fill(each, values) for key, each in what.items()}
	return what
