// Where a reader was, what they have read, tried and solved: kept in the
// browser alone, and forgotten when they say so.

import { test } from "./book.mjs";

// Goes through a page as a reader does, or as far as FRACTION of it.
const readThrough = (page, fraction = 1) => page.evaluate(async (part) => {
	const end = document.scrollingElement.scrollHeight * part;
	for (let y = 0; y <= end; y += innerHeight / 4) {
		scrollTo(0, y);
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	}
}, fraction);

const kept = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("progress")));
const readInMenu = (page) => page.locator(".sheet li a:has(.state.read)").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
const go = (t, page, name) => page.goto(new URL(name, t.site).href);

test("a chapter that is read to its end", async (t) => {
	const page = await t.open("02-caps.html", { height: 700 });
	const done = page.locator("button.done");
	t.is(await done.getAttribute("aria-pressed"), "false", "is not read at first");
	await readThrough(page);
	await page.waitForFunction(() => document.querySelector("button.done").getAttribute("aria-pressed") === "true");
	t.like(await done.innerText(), /^✓ You have read this chapter$/, "is read, and says so");
	t.is(await readInMenu(page), ["02-caps.html"], "the menu marks it");
	await done.click();
	t.is([await done.innerText(), await readInMenu(page)], ["Mark this chapter as read", []], "the reader may say otherwise");
	await done.focus();
	await page.keyboard.press("Enter");
	await go(t, page, "index.html");
	t.is(await page.locator(".contents .to-chapter:has(.state.read)").evaluateAll((all) => all.map((link) => link.getAttribute("href"))), ["02-caps.html"], "the contents have the mark");
	t.is(await page.locator(".contents .state.read .aloud").textContent(), ", read", "which says what it means");
});

test("a chapter that is not read", async (t) => {
	const page = await t.open("02-caps.html", { height: 700 });
	await page.evaluate(() => scrollTo(0, document.scrollingElement.scrollHeight));
	await page.waitForFunction(() => document.querySelector(".toc [aria-current]"));
	await page.locator(".turn").scrollIntoViewIfNeeded();
	t.is(await page.locator("button.done").getAttribute("aria-pressed"), "false", "who jumps to its end has not read it");
	t.is((await kept(page)).read, [], "nor does the browser think so");
});

test("in two sittings", async (t) => {
	const page = await t.open("02-caps.html", { height: 700 });
	await readThrough(page, 0.5);
	const first = (await kept(page)).seen["02-caps.html"];
	t.ok(first.length > 0, `${first.length} sections are seen`);
	await page.reload();
	await readThrough(page);
	await page.waitForFunction(() => document.querySelector("button.done").getAttribute("aria-pressed") === "true");
	t.is((await kept(page)).seen, {}, "what is read needs no sections any more");
});

test("where the reader was", async (t) => {
	const page = await t.open("07-lifetime.html", { height: 700 });
	await page.evaluate(() => document.querySelector("#into-the-kernel").scrollIntoView());
	await page.waitForFunction(() => JSON.parse(localStorage.getItem("progress") ?? "{}").at);
	const here = await page.locator(".toc [aria-current]").evaluate((link) => ({ words: link.textContent, hash: link.hash }));
	await go(t, page, "index.html");
	const onward = page.locator(".begin .onward");
	t.is((await onward.innerText()).split("\n"), ["Continue with chapter 7", `Who keeps a VM alive: ${here.words}`], "the first page says");
	t.is(await onward.getAttribute("href"), `07-lifetime.html${here.hash}`, "and leads there");
	t.ok(await page.locator(".begin .start").isVisible(), "the beginning is still there");
	await go(t, page, "glossary.html");
	await page.locator(".chapters summary").click();
	await page.locator(".kept .onward").click();
	await page.waitForURL(new RegExp(`07-lifetime.html${here.hash}$`));
	t.ok(true, "so does the menu of another page");
	t.is(await page.locator(".kept .onward").count(), 0, "which is silent where the reader is already");
});

test("exercises", async (t) => {
	const page = await t.open("04-vcpu.html");
	const states = page.locator("#exercise-2 .states");
	const [tried, solved] = [states.getByRole("button", { name: "Tried" }), states.getByRole("button", { name: "Solved" })];
	await tried.click();
	t.is(await tried.getAttribute("aria-pressed"), "true", "one is tried");
	await solved.click();
	t.is([await tried.getAttribute("aria-pressed"), await solved.getAttribute("aria-pressed")], ["false", "true"], "and then solved");
	await page.locator("#graded-change .states button").first().click();
	await go(t, page, "index.html");
	const links = page.locator(".to-exercise:has(.state)");
	t.is(await links.evaluateAll((all) => all.map((link) => `${link.getAttribute("href")} ${link.querySelector(".aloud").textContent}`)),
		["04-vcpu.html#exercise-2 , solved", "04-vcpu.html#graded-change , tried"], "the contents have both, a graded one, too");
	await links.first().click();
	await page.waitForURL(/04-vcpu.html#exercise-2$/);
	await page.locator("#exercise-2 .states button").nth(1).click();
	t.is((await kept(page)).exercises, { "04-vcpu.html#graded-change": "tried" }, "a second click takes it back");
});

test("every exercise of the contents is there, and can be marked", async (t) => {
	const page = await t.open("index.html");
	const targets = await page.locator(".to-exercise").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
	t.ok(targets.length > 80, `${targets.length} exercises`);
	await go(t, page, "11-run.html");
	const own = targets.filter((one) => one.startsWith("11-run.html")).map((one) => one.replace(/.*#/, ""));
	t.is(await page.locator(":is(.exercise, .task):has(.states)").evaluateAll((all) => all.map((one) => one.id)).then((ids) => ids.toSorted()), own.toSorted(), "those of a chapter have their switches");
});

test("forgetting", async (t) => {
	const page = await t.open("02-caps.html", { height: 700 });
	t.ok(await page.locator(".kept").evaluate((box) => box.hidden), "before anything is known there is nothing to forget");
	await readThrough(page, 0.5);
	await page.locator("#exercise-1 .states button").first().click();
	await page.locator("button.theme").click();
	await page.locator(".chapters summary").click();
	await page.locator(".kept button").click();
	t.is(await page.evaluate(() => localStorage.getItem("progress")), null, "nothing is kept");
	t.is(await page.evaluate(() => localStorage.getItem("theme")), "dark", "but for what was not asked about");
	t.is(await page.locator(".state").count() + await page.locator(".states [aria-pressed=true]").count(), 0, "and no mark is left on the page");
	t.ok(await page.evaluate(() => document.activeElement.matches(".sheet a")), "the keyboard is in the menu still");
});

test("another window", async (t) => {
	const page = await t.open("02-caps.html");
	const other = await page.context().newPage();
	await other.goto(new URL("03-vm.html", t.site).href);
	await other.locator("button.done").click();
	await page.waitForFunction(() => document.querySelector(".sheet a[href='03-vm.html'] .state"));
	t.is(await readInMenu(page), ["03-vm.html"], "marks a chapter in this one");
	await page.locator("button.done").click();
	t.is((await kept(page)).read.toSorted(), ["02-caps.html", "03-vm.html"], "and neither takes the other's away");
});

for (const [name, text] of [["no JSON", "{"], ["another form", "[1]"], ["null", "null"], ["wrong kinds", "{\"at\":{\"page\":3},\"read\":{\"a\":1},\"seen\":[3],\"exercises\":{\"04-vcpu.html#exercise-1\":\"won\"}}"], ["a chapter that is gone", "{\"at\":{\"page\":\"99-gone.html\",\"id\":\"x\"},\"read\":[\"99-gone.html\"]}"]])
	test(`what the browser keeps may be ${name}`, async (t) => {
		const page = await t.open("about:blank");
		await page.addInitScript((value) => localStorage.setItem("progress", value), text);
		await go(t, page, "index.html");
		t.is([await page.locator(".onward").count(), await page.locator(".state").count()], [0, 0], "then nothing is marked");
		t.ok(await page.locator(".open-search").isVisible(), "and all else works");
	});

for (const [name, how] of [
	["refuses", () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } })],
	["is full", () => { Storage.prototype.setItem = () => { throw new DOMException("no", "QuotaExceededError"); }; }],
])
	test(`a browser that ${name}`, async (t) => {
		const page = await t.open("about:blank");
		await page.addInitScript(how);
		await go(t, page, "02-caps.html");
		await page.locator("#exercise-1 .states button").first().click();
		t.is(await page.locator("#exercise-1 .states button").first().getAttribute("aria-pressed"), "true", "keeps it as long as the page");
		await readThrough(page);
		await page.waitForFunction(() => document.querySelector("button.done").getAttribute("aria-pressed") === "true");
		await page.locator(".top .step[rel=next]").click();
		await page.waitForURL(/03-vm/);
		t.is(await readInMenu(page), [], "and no longer");
	});

test("nothing is sent", async (t) => {
	const page = await t.open("02-caps.html");
	const requests = [];
	page.on("request", (request) => requests.push(request.url()));
	await readThrough(page);
	await page.locator("#exercise-1 .states button").first().click();
	await page.locator("button.done").click();
	t.none(requests, "no request follows what a reader does");
});
