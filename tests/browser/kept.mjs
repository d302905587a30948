// Pictures of places in the book that are kept in tests/browser/kept, and how
// one that is taken now is compared with the one that is kept.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { require, root, shots } from "./book.mjs";

export const kept = join(root, "tests/browser/kept");

/** The places: a name, the page, which element of it (or the window), and how
 * the page is opened. `before` does something on the page first. */
export const places = [
	{ name: "first-screen", page: "index.html", width: 1280, height: 800 },
	{ name: "first-screen-phone", page: "index.html", width: 390, height: 844, theme: "dark" },
	{ name: "chapter-phone", page: "04-vcpu.html", width: 390, height: 844 },
	{ name: "menu", page: "04-vcpu.html", width: 1280, before: (page) => page.locator(".top").getByText("Chapters").click() },
	{ name: "prologue-strip", page: "00-hello.html", element: ".strips" },
	{ name: "prologue-objects", page: "00-hello.html", element: "figure.objects svg" },
	{ name: "objects", page: "04-vcpu.html", element: "figure.objects svg" },
	{ name: "objects-dark", page: "11-run.html", element: "figure.objects svg", theme: "dark" },
	{ name: "slots-dark", page: "08-memslot.html", element: "figure.objects", theme: "dark" },
	{ name: "figure-files", page: "04-vcpu.html", element: "figure.drawing:not(.objects) svg" },
	{ name: "figure-addresses", page: "11-run.html", element: "figure.drawing svg[aria-label^=\"Four boxes. The guest\"]", theme: "dark" },
	{ name: "figure-exits", page: "11-run.html", element: "figure.drawing svg[aria-label^=\"Four boxes, one above\"]" },
	{ name: "strip-threads", page: "15-psci-tree.html", element: ".strips", theme: "dark", width: 390 },
	{ name: "lanes", page: "11-run.html", element: "figure.in-lanes" },
	{ name: "turns-phone", page: "15-psci.html", element: "figure.turns", width: 390 },
	{ name: "tree", page: "04-vcpu.html", element: "figure.trace" },
	{ name: "tree-phone", page: "04-vcpu.html", element: "figure.trace", width: 390, theme: "dark" },
	{ name: "walk", page: "04-vcpu.html", element: "figure.walk-through" },
	{ name: "sketch-dark", page: "04-vcpu.html", element: ".sketch", theme: "dark" },
	{ name: "listing", page: "11-run.html", element: "figure.listing:has(.woke)" },
	{ name: "difference", page: "03-vm.html", element: "figure:has(.sides)" },
	{ name: "search", page: "04-vcpu.html", width: 1280, before: search },
];

async function search(page) {
	await page.keyboard.press("/");
	await page.locator("dialog.search input").fill("EINVAL");
	await page.locator("dialog.search .results a").first().waitFor();
}

// Nothing moves; which editions the book has is no matter of looks; and the header of the page does not lie over an element.
const STILL = "*, *::before, *::after { transition: none !important; animation: none !important; caret-color: transparent !important; }"
	+ ".editions { display: none !important; }";
const ALONE = "header.top { position: static !important; }";

// Moves an element to whole pixels.  Where it is depends on the text above it,
// and half a pixel moves every line that the picture shows.
function align(element) {
	const { left, top } = element.getBoundingClientRect();
	const x = left + window.scrollX, y = top + window.scrollY;
	element.style.position = "relative";
	element.style.left = `${Math.round(x) - x}px`;
	element.style.top = `${Math.round(y) - y}px`;
}

/** Takes the picture of a place; returns it as PNG. */
export async function take(t, { page: name, element, theme, width = 1280, height = 900, before }) {
	const page = await t.open(name, { theme, width, height, motion: "reduce" });
	await page.addStyleTag({ content: element ? STILL + ALONE : STILL });
	// A face that is asked for late is not in place yet when the others are ready.
	await page.evaluate(() => Promise.all([...document.fonts].map((face) => face.load())));
	if (before)
		await before(page);
	// Scripts that wait for the next frame are done after the one that follows.
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	if (element)
		await page.locator(element).first().evaluate(align);
	const picture = await (element ? page.locator(element).first() : page).screenshot({ animations: "disabled" });
	await t.close(page);
	return picture;
}

// A tile of a picture, in pixels, and how much of one may differ. A label that
// moved is little in a large picture, and much where it was.
const TILE = { width: 40, height: 20 };
const TOLERANCE = .025;

/** The tile of a mask that has most pixels that differ: which part, and where. */
function worst({ width, height, data }) {
	const tiles = new Map();
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			if (data[4 * (y * width + x) + 3]) {
				const at = `${Math.floor(x / TILE.width) * TILE.width},${Math.floor(y / TILE.height) * TILE.height}`;
				tiles.set(at, (tiles.get(at) ?? 0) + 1 / (TILE.width * TILE.height));
			}
	return [...tiles].reduce((most, tile) => tile[1] > most[1] ? tile : most, ["", 0]);
}

// Chromium draws the same letters a fraction of a pixel apart, and nobody can
// say when. Such letters are the same where each pixel is the mean of those
// around it, so many in each direction.
const AROUND = 3;

/** The means of COUNT values that lie STEP apart, from START on, in place. */
function mean_along(data, start, count, step) {
	const line = Array.from({ length: count }, (_, at) => data[start + at * step]);
	const value = (at) => line[Math.min(Math.max(at, 0), count - 1)];
	let sum = 0;
	for (let at = -AROUND; at <= AROUND; at++)
		sum += value(at);
	for (let at = 0; at < count; at++) {
		data[start + at * step] = Math.round(sum / (2 * AROUND + 1));
		sum += value(at + AROUND + 1) - value(at - AROUND);
	}
}

function soften({ width, height, data }) {
	const soft = Buffer.from(data);
	for (let color = 0; color < 3; color++) {
		for (let y = 0; y < height; y++)
			mean_along(soft, 4 * y * width + color, width, 4);
		for (let x = 0; x < width; x++)
			mean_along(soft, 4 * x + color, height, 4 * width);
	}
	return { width, height, data: soft };
}

/**
 * Compares two PNGs. Returns what is wrong, or ""; and a picture of what
 * differs, where both have one size. Edges of letters count for nothing, and
 * letters may stand a fraction of a pixel apart: another Chromium may draw them
 * another way.
 */
export async function compare(before, now) {
	const { PNG } = require("pngjs");
	const { default: pixelmatch } = await import(pathToFileURL(require.resolve("pixelmatch")));
	const pictures = [before, now].map((picture) => PNG.sync.read(picture));
	const [{ width, height }, other] = pictures;
	if (width !== other.width || height !== other.height)
		return { wrong: `${other.width} by ${other.height} pixels, and it was ${width} by ${height}` };
	const differ = ([a, b], options) => {
		const mask = new PNG({ width, height });
		pixelmatch(a.data, b.data, mask.data, width, height, { ...options, diffMask: true });
		const [at, share] = worst(mask);
		return { wrong: share > TOLERANCE ? `it looks different at ${at}` : "", difference: PNG.sync.write(mask) };
	};
	const sharp = differ(pictures, { threshold: .2, includeAA: false });
	return sharp.wrong ? differ(pictures.map(soften), { threshold: .12, includeAA: true }) : sharp;
}

/** Where the kept picture of a place is; where the one taken now is. */
export const file_of = (name) => join(kept, `${name}.png`);
export const taken = (name, what = "now") => join(shots, `kept-${name}-${what}.png`);

/** Compares the place with its kept picture, and leaves both where one can look. */
export async function check(t, place) {
	mkdirSync(shots, { recursive: true });
	const now = await take(t, place);
	writeFileSync(taken(place.name), now);
	if (!existsSync(file_of(place.name)))
		return `there is no ${file_of(place.name)}`;
	const found = await compare(readFileSync(file_of(place.name)), now);
	if (found.wrong && found.difference)
		writeFileSync(taken(place.name, "difference"), found.difference);
	return found.wrong;
}
