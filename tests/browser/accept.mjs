#!/usr/bin/env node
// Keeps pictures of the book as it looks now.

import { mkdirSync, writeFileSync } from "node:fs";
import { Test } from "./book.mjs";
import { file_of, kept, places, take } from "./kept.mjs";

const usage = `usage: node tests/browser/accept.mjs [NAME...]

Takes the pictures NAME of the built book (all, when none is named) and keeps
them in tests/browser/kept, where kept.spec.mjs compares them. Look at what
git says has changed before you commit it.

exit status: 0 done, 1 a picture could not be taken, 2 wrong usage
`;

const names = process.argv.slice(2);
if (names.includes("--help") || names.includes("-h")) {
	process.stdout.write(usage);
	process.exit(0);
}
const unknown = names.filter((name) => !places.some((place) => place.name === name));
if (unknown.length) {
	console.error(`accept.mjs: no place ${unknown.join(", ")}; there are: ${places.map(({ name }) => name).join(" ")}`);
	process.exit(2);
}
mkdirSync(kept, { recursive: true });
for (const place of places.filter(({ name }) => !names.length || names.includes(name))) {
	const t = new Test(place.name);
	writeFileSync(file_of(place.name), await take(t, place));
	if (t.points.some((point) => !point.passed)) {
		console.error(`accept.mjs: ${place.page}: ${t.points.find((point) => !point.passed).note}`);
		process.exit(1);
	}
	console.log(file_of(place.name));
}
process.exit(0);
