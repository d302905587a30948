// What the browser tests have in common: a browser, pages, TAP, screenshots.
// README.md here says how a test is written.

import { createRequire } from "node:module";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const site = resolve(root, process.env.BOOK_OUT ?? "build/book");
export const shots = join(root, "build/screenshots");
const site_url = `${pathToFileURL(site)}/`;
// npm's packages are in build/, where Node does not look by itself.
export const require = createRequire(join(root, "build/browser/package.json"));

/** The names of the book's pages, without those that `but` matches. */
export const pages = (but = /^$/) =>
	readdirSync(site).filter((name) => /^[^.].*\.html$/.test(name) && !but.test(name)).sort();

/** Of NAMES every Nth from the Kth on, if PART=K/N says so; otherwise all of them. */
export function partOf(names, part = process.env.PART || "1/1") {
	const [, first, step] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(part) ?? [];
	if (!step || Number(first) > Number(step))
		throw new Error(`PART=${part} is not K/N, as 2/8`);
	return names.filter((_, at) => at % step === first - 1);
}

/** The number of the first line with TEXT in a program of the book, "04-vcpu.c". */
export const lineOf = (program, text) =>
	readFileSync(join(root, "code", program), "utf8").split("\n").findIndex((line) => line.includes(text)) + 1;

/** Does WORK to each of ITEMS, JOBS at a time. */
export async function each(items, jobs, work) {
	const left = [...items.entries()];
	await Promise.all(Array.from({ length: jobs }, async () => {
		for (let next = left.shift(); next; next = left.shift())
			await work(next[1], next[0]);
	}));
}

// The browser, started by the first test that asks for it.
let browser;

async function launch() {
	const { chromium } = require("playwright-core");
	// The one without windows does the same with half of the work.
	const places = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"];
	const executablePath = places.find((place) => place && existsSync(place));
	if (!executablePath)
		throw new Error("no Chromium: set CHROMIUM to its path, or run make browser-tools");
	return chromium.launch({ executablePath, args: ["--disable-gpu"] });
}

/**
 * A page of the site ("04-vcpu.html#exercises"; a URL for another), with
 * `problems`, a list of what went wrong on it: complaints on the console,
 * errors, requests that failed or went elsewhere.
 */
async function openPage(name, options) {
	const {
		theme = "light", width = 1280, height = 900, scale = 1, script = true,
		motion = "no-preference", media = "screen", letters = 16,
	} = options;
	browser ??= launch();
	const context = await (await browser).newContext({
		viewport: { width, height }, deviceScaleFactor: scale, colorScheme: theme,
		javaScriptEnabled: script, reducedMotion: motion,
	});
	context.setDefaultTimeout(20000);
	const page = await context.newPage();
	page.problems = [];
	watch(page, page.problems);
	if (media !== "screen")
		await page.emulateMedia({ media });
	if (motion === "reduce")
		await page.addInitScript(stillness);
	if (letters !== 16)
		await setLetters(page, letters);
	await page.goto(new URL(name, site_url).href);
	return page;
}

function watch(page, problems) {
	page.on("console", (message) => {
		if (["error", "warning", "assert"].includes(message.type()))
			problems.push(`console ${message.type()}: ${message.text()}`);
	});
	page.on("pageerror", (error) => problems.push(`error: ${error.message ?? error}`));
	page.on("requestfailed", (request) => {
		// A reader who leaves a page stops what it is still loading; a file that is not there has another error.
		if (request.failure()?.errorText !== "net::ERR_ABORTED")
			problems.push(`failed: ${request.url()}: ${request.failure()?.errorText}`);
	});
	page.on("request", (request) => {
		if (!/^(file|data|blob|about):/.test(request.url()))
			problems.push(`request to another host: ${request.url()}`);
	});
}

// In a page whose reader wants no motion: scripts that glide all the same.
function stillness() {
	for (const [kind, name] of [[Element, "scrollIntoView"], [Element, "scrollTo"], [Element, "scrollBy"], [Window, "scrollTo"], [Window, "scrollBy"]]) {
		const holder = kind === Window ? window : kind.prototype;
		const scroll = holder[name];
		holder[name] = function (...options) {
			if (options[0]?.behavior === "smooth")
				console.error(`motion: ${name}, smoothly`);
			return scroll.apply(this, options);
		};
	}
	const animate = Element.prototype.animate;
	Element.prototype.animate = function (...options) {
		console.error(`motion: animate() of ${this.localName}`);
		return animate.apply(this, options);
	};
}

/** Pixels of the screen to one of the page. */
export async function setScale(page, width, height, scale) {
	const session = await page.context().newCDPSession(page);
	await session.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: false });
}

/** The size of letters that the reader has set in the browser, in pixels. */
export async function setLetters(page, letters) {
	const session = await page.context().newCDPSession(page);
	await session.send("Page.enable");
	await session.send("Page.setFontSizes", { fontSizes: { standard: letters, fixed: Math.round(letters * 13 / 16) } });
}

// Tests, as the specs name them.
const tests = [];
let spec = "";

/** A test; RUN gets a Test. Pages that it opens are closed when it ends. */
export function test(name, run, { seconds = 180 } = {}) {
	tests.push({ name: `${spec}: ${name}`, run, seconds });
}

export class Test {
	constructor(name) {
		this.name = name;
		this.site = site_url;
		this.points = [];
		this.open_pages = [];
	}

	/** Passes when CONDITION holds; NOTE is shown when it does not. */
	ok(condition, name, note = "") {
		this.points.push({ passed: Boolean(condition), name, note });
		return Boolean(condition);
	}

	is(got, wanted, name) {
		const [a, b] = [got, wanted].map((value) => JSON.stringify(value) ?? String(value));
		return this.ok(a === b, name, `got:    ${a}\nwanted: ${b}`);
	}

	like(text, pattern, name) {
		return this.ok(pattern.test(text), name, `got:             ${JSON.stringify(text)}\nwanted to match: ${pattern}`);
	}

	/** Passes when LIST is empty, else shows what is in it. */
	none(list, name) {
		const shown = list.slice(0, 12).join("\n");
		return this.ok(list.length === 0, name, list.length > 12 ? `${shown}\n... ${list.length} in all` : shown);
	}

	/**
	 * Opens a page: theme, width, height, scale (of pixels), script (false:
	 * without JavaScript), motion ("reduce"), media ("print"), letters (16).
	 * Its problems fail the test, unless problems: "expected".
	 */
	async open(name, options = {}) {
		const page = await openPage(name, options);
		page.theme = options.theme ?? "light";
		this.open_pages.push(page);
		page.expected = options.problems === "expected";
		return page;
	}

	/** build/screenshots/NAME-theme-width.png, of the window or of one element. */
	async screenshot(page, name, { element, ...options } = {}) {
		mkdirSync(shots, { recursive: true });
		const path = join(shots, `${name}-${page.theme}-${page.viewportSize().width}.png`);
		await (element ? page.locator(element).first() : page).screenshot({ path, ...options });
		this.ok(existsSync(path), `a screenshot, ${basename(path)}`);
		return path;
	}

	/** Closes a page, where a test opens many; the rest close when it ends. */
	async close(page) {
		this.open_pages = this.open_pages.filter((other) => other !== page);
		if (!page.expected && page.problems.length)
			this.none(page.problems, `${basename(page.url())} without a complaint`);
		await page.context().close();
	}

	async finish() {
		for (const page of this.open_pages)
			await this.close(page);
		if (!this.points.length)
			this.ok(false, "tests something");
	}
}

async function runOne({ name, run, seconds }) {
	const one = new Test(name);
	const start = Date.now();
	let timer;
	const late = new Promise((_, no) => {
		timer = setTimeout(() => no(new Error(`not done after ${seconds} seconds`)), seconds * 1000);
	});
	try {
		await Promise.race([run(one), late]);
	} catch (error) {
		one.ok(false, "runs to its end", error.stack ?? String(error));
	} finally {
		clearTimeout(timer);
	}
	await one.finish().catch((error) => one.ok(false, "its pages close", String(error)));
	one.seconds = (Date.now() - start) / 1000;
	return one;
}

let count = 0;

function print(one) {
	for (const { passed, name, note } of one.points) {
		count += 1;
		console.log(`${passed ? "ok" : "not ok"} ${count} - ${one.name}: ${name}`.replace(/#/g, "\\#"));
		if (!passed && note)
			console.log(note.replace(/^/gm, "# "));
	}
	return one.points.every((point) => point.passed);
}

function printTimes(done) {
	const sums = new Map();
	for (const { name, seconds } of done) {
		const key = name.replace(/:.*/, "");
		sums.set(key, (sums.get(key) ?? 0) + seconds);
	}
	const slowest = done.map(({ name, seconds }) => [name, seconds]).sort((a, b) => b[1] - a[1]).slice(0, 20);
	for (const [name, seconds] of [...slowest, ...[...sums].map(([key, sum]) => [`all of ${key}`, sum])])
		console.log(`# ${seconds.toFixed(1).padStart(7)} s  ${name}`);
}

/**
 * Runs the tests of the specs at PATHS whose names hold ONLY; true when all
 * pass. With TIMES it prints which took longest, and what each spec took.
 */
export async function runSpecs(paths, { only = "", jobs = availableParallelism(), times = false } = {}) {
	for (const path of paths) {
		spec = basename(path, ".spec.mjs");
		await import(pathToFileURL(resolve(path)).href);
	}
	const chosen = tests.filter(({ name }) => name.includes(only));
	const done = [];
	let passed = chosen.length > 0, printed = 0;
	await each(chosen, jobs, async (one, at) => {
		done[at] = await runOne(one);
		// In the order of the specs, as soon as all before it are done.
		while (done[printed])
			passed = print(done[printed++]) && passed;
	});
	console.log(`1..${count}`);
	if (times)
		printTimes(done);
	await (await browser)?.close();
	return passed;
}
