// Every page, in light and dark, narrow and wide, with large letters, under the
// eyes of axe, and for readers who want no motion; and where all links lead.
// With PART=K/N, of the pages with whole captures, which take longest and are all
// made alike, every Nth is looked at so closely, from the Kth on.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pages, partOf, setLetters, setScale, test } from "./book.mjs";
import * as checks from "./checks.mjs";

const height = 900;
const names = pages();
const closely = new Set([...pages(/-tree\.html$/), ...partOf(names.filter((name) => name.endsWith("-tree.html")))]);
// What the last test looks at; a page that could not be read has null.
const found = new Map(names.map((name) => {
	let done;
	const promise = new Promise((yes) => { done = yes; });
	return [name, { promise, done }];
}));

async function wide(t, page) {
	await page.setViewportSize({ width: 1024, height });
	t.ok((await page.title()).length > 5, "has a title");
	t.none(await checks.ids(page), "each id stands once, and what is named is there");
	t.none(await checks.sideways(page), "does not scroll sideways, 1024 wide");
	await page.emulateMedia({ colorScheme: "dark" });
	await page.setViewportSize({ width: 1700, height });
	t.none([...await checks.sideways(page), ...await checks.lost(page)], "1700 wide, in dark");
}

async function large(t, page) {
	await page.setViewportSize({ width: 1280, height });
	await setLetters(page, 32);
	t.none(await checks.lost(page), "no text is lost with letters of 200 %");
	await setLetters(page, 16);
	t.none(await checks.scrolling(page, ":is(main, section) > table"), "no table of a text scrolls, 1280 wide");
	await setScale(page, 640, height / 2, 2);
	t.none([...await checks.sideways(page), ...await checks.lost(page)], "nor at a zoom of 200 %");
}

async function narrow(t, page) {
	await page.setViewportSize({ width: 400, height });
	t.none([...await checks.sideways(page), ...await checks.popups(page)], "400 wide, in dark");
	await checks.unfold(page);
	t.none([...await checks.sideways(page), ...await checks.lost(page)], "400 wide, all unfolded");
}

// What does not change with colors or width, axe looks at once.
async function axe(t, page) {
	await page.setViewportSize({ width: 1024, height });
	await checks.thin(page);
	t.none(await checks.axe(page), "axe finds nothing, in dark");
	await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
	t.none(await checks.axe(page, { rules: ["color-contrast"] }), "nor in the colors of light");
	await page.setViewportSize({ width: 400, height });
	t.none(await checks.axe(page, { rules: ["target-size"] }), "nor targets too small, 400 wide");
	t.none(await checks.moving(page), "nothing moves when the reader wants no motion");
}

// Every page is loaded once, one in light and wide, the next in dark and narrow.
for (const [at, name] of names.entries()) {
	test(name, async (t) => {
		try {
			const page = await t.open(name, at % 2 ? { theme: "dark", width: 400 } : { width: 1024 });
			found.get(name).done(await checks.links(page));
			await wide(t, page);
			if (!closely.has(name))
				return;
			await large(t, page);
			await narrow(t, page);
			await axe(t, page);
		} finally {
			found.get(name).done(null);
		}
	}, { seconds: 300 });
}

test("all links", async (t) => {
	const all = await Promise.all([...found.values()].map(({ promise }) => promise));
	t.ok(all.every(Boolean), "all pages could be read");
	const read = all.filter(Boolean);
	const isEdition = (url) => /\.(pdf|epub)$/.test(url) && existsSync(fileURLToPath(url));
	t.none(checks.dead(read, isEdition), "they lead to a page that is there, and to a place on it");
	const count = read.reduce((sum, { links }) => sum + links.length, 0);
	t.ok(count > 1000, `... ${count} of them`);
}, { seconds: 900 });
