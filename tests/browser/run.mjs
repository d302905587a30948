#!/usr/bin/env node
// Runs tests of the built book in a browser; prints TAP.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { require, root, runSpecs, site } from "./book.mjs";

const usage = `usage: node tests/browser/run.mjs [--only TEXT] [--jobs N] [--times] [SPEC...]

Runs tests/browser/SPEC.spec.mjs (all of them, when none is named) on the site
in build/book (or BOOK_OUT), with Chromium (or CHROMIUM), and prints TAP.

  --only TEXT   the tests whose names hold TEXT
  --jobs N      so many tests at a time (as many as there are processors)
  --times       at the end, the tests and specs that took longest

Needs "make book browser-tools" once.
exit status: 0 all passed, 1 some failed, 2 wrong usage, or something is missing
`;

function fail(why) {
	console.error(`run.mjs: ${why}`);
	process.exit(2);
}

function options() {
	try {
		return parseArgs({
			allowPositionals: true,
			options: { only: { type: "string" }, jobs: { type: "string" }, times: { type: "boolean" }, help: { type: "boolean", short: "h" } },
		});
	} catch (error) {
		return fail(`${error.message} (see --help)`);
	}
}

const { values, positionals } = options();
if (values.help) {
	process.stdout.write(usage);
	process.exit(0);
}
if (values.jobs !== undefined && !/^[1-9]\d?$/.test(values.jobs))
	fail(`--jobs ${values.jobs}: not a number from 1 to 99`);

const here = join(root, "tests/browser");
const all = readdirSync(here).filter((name) => name.endsWith(".spec.mjs")).map((name) => name.replace(".spec.mjs", "")).sort();
for (const name of positionals)
	if (!all.includes(name))
		fail(`no spec "${name}" in tests/browser; there are: ${all.join(" ")}`);
if (!existsSync(join(site, "index.html")))
	fail(`no book in ${site}: run "make book"`);
for (const name of ["playwright-core", "axe-core"]) {
	try {
		require.resolve(name);
	} catch {
		fail(`${name} is not in build/browser: run "make browser-tools"`);
	}
}

const passed = await runSpecs(
	(positionals.length ? positionals : all).map((name) => join(here, `${name}.spec.mjs`)),
	{ only: values.only, times: values.times, ...(values.jobs && { jobs: Number(values.jobs) }) },
);
process.exitCode = passed ? 0 : 1;
