// The header of the page: one line, however narrow, with a menu that fits.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages, root, test } from "./book.mjs";
import * as checks from "./checks.mjs";

const tops = (page) => page.locator(".top").locator(".home, summary, button").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 2)));

for (const name of ["index.html", "01-open.html", "glossary.html", "ioctls.html", "01-open-tree.html"])
	test(name, async (t) => {
		const page = await t.open(name, { width: 320, height: 640 });
		const menu = page.locator(".tools details.menu");
		const list = menu.locator("ul");
		for (const width of [320, 400, 640, 1280]) {
			await page.setViewportSize({ width, height: 640 });
			const lines = await tops(page);
			t.ok(Math.max(...lines) - Math.min(...lines) <= 2, `one line, ${width} wide`, lines.join(" "));
			await menu.locator("summary").click();
			const { x, y, width: wide, height } = await list.boundingBox();
			t.ok(x >= 0 && x + wide <= width && y + height <= 640, "its menu is in the window", JSON.stringify({ x, y, wide, height }));
			t.none([...await checks.sideways(page), ...await checks.lost(page)], "nothing is cut, and nothing scrolls sideways");
			await page.keyboard.press("Escape");
			t.ok(!await list.isVisible(), "Escape closes it");
		}
		t.is(await list.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
			["functions.html", "ioctls.html", "errors.html", "glossary.html", "coverage.html"], "what the menu has");
	});

test("the title", async (t) => {
	const page = await t.open("01-open.html", { width: 400 });
	const home = page.locator(".home");
	const seen = () => home.evaluate((link) => [...link.querySelectorAll(".name, .name span")].filter((part) => part.checkVisibility() && part.getBoundingClientRect().width > 1).at(-1)?.textContent ?? "");
	t.is(await seen(), "", "on a phone it is a mark");
	t.is(await home.evaluate((link) => link.textContent), "KVM on arm64, one ioctl at a time", "which has its name for who does not see it");
	await page.setViewportSize({ width: 800, height: 640 });
	t.is(await home.innerText(), "KVM on arm64", "on a tablet it ends before its comma");
	await page.setViewportSize({ width: 1100, height: 640 });
	t.is(await home.innerText(), "KVM on arm64, one ioctl at a time", "where there is room it is whole");
});

// As many as the book has, and the appendices.
const parts = readFileSync(join(root, "book.md"), "utf8").match(/^## (Part [IV]+:|Appendices)/gm).length;
const SHEET = ".chapters > .sheet";

for (const [name, marks] of [["11-run.html", ["11-run.html: this page"]], ["11-run-tree.html", ["11-run.html: the chapter of this page"]], ["index.html", []], ["glossary.html", ["glossary.html: this page"]], ["functions.html", ["functions.html: this page"]]])
	test(`the chapters, from ${name}`, async (t) => {
		const page = await t.open(name, { script: false });
		t.is(await page.locator(".top a.here").evaluateAll((all) => all.map((link) => `${link.getAttribute("href")}: ${link.title}`)), marks, "the page is marked");
		for (const [width, height] of [[1280, 800], [390, 700], [320, 500]]) {
			await page.setViewportSize({ width, height });
			await page.locator(".chapters summary").click();
			const { x, y, width: wide, height: high } = await page.locator(SHEET).boundingBox();
			t.ok(x >= 0 && x + wide <= width && y + high <= height + 1, `the sheet is in the window, ${width} wide`, JSON.stringify({ x, y, wide, high }));
			await page.locator(`${SHEET} li a`).last().scrollIntoViewIfNeeded();
			t.none([...await checks.sideways(page), ...await checks.lost(page)], "nothing is cut");
			await page.locator(".chapters summary").click();
		}
		t.is(await page.locator(`${SHEET} .part`).count(), parts, "each part has its name, and the appendices");
		t.ok(await page.locator(`${SHEET} .part a`).first().evaluate((link) => /^index.html#part-/.test(link.getAttribute("href"))), "which leads to it");
		await page.locator(".chapters summary").click();
		await page.locator(`${SHEET} a[href="08-memslot.html"]`).click();
		await page.waitForURL(/08-memslot/);
		t.ok(true, "a chapter leads to its page, without a script");
	});

test("where the menu lists a chapter, the first page does", async (t) => {
	const page = await t.open("index.html");
	const listed = await page.locator(".contents li > a, .contents li > p > a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
	t.ok(listed.length >= 16, `${listed.length} chapters`);
	t.is(await page.locator(`${SHEET} li a`).evaluateAll((all) => all.map((link) => link.getAttribute("href"))), listed, "the same, in the same order");
});

test("the header stays, and covers nothing that a link leads to", async (t) => {
	const page = await t.open("11-run.html#what-goes-wrong", { width: 390, height: 800 });
	const under = await page.locator(".top").evaluate((top) => top.getBoundingClientRect().bottom);
	t.ok(under > 30 && under < 60, `it is there, ${under} high`);
	const top = await page.locator("#what-goes-wrong h2").evaluate((head) => head.getBoundingClientRect().top);
	t.ok(top >= under && top < 400, `the heading is below it, at ${top}`);
	await page.locator(".exercise summary").last().focus();
	t.ok(await page.evaluate((bottom) => document.activeElement.getBoundingClientRect().top >= bottom, under), "what has the focus is not below it");
	await page.setViewportSize({ width: 800, height: 340 });
	t.ok(await page.evaluate(() => { scrollTo(0, 2000); return document.querySelector(".top").getBoundingClientRect().bottom < 0; }), "in a low window it scrolls away");
});

test("before and next, at the top", async (t) => {
	const page = await t.open("04-vcpu.html", { script: false });
	const hrefs = () => page.locator(".top .step").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
	t.is(await hrefs(), ["03-vm.html", "05-max-vcpus.html"], "the chapters beside it");
	await page.goto(new URL("d-gicv2.html", t.site).href);
	t.is(await hrefs(), ["c-exits.html"], "the last has one");
	const [before, last] = pages(/-tree\./).filter((name) => /^\d\d-/.test(name)).slice(-2);
	await page.goto(new URL(last, t.site).href);
	t.is(await hrefs(), [before, "a-system.html"], "an appendix stands behind the last chapter");
	await page.goto(new URL("16-smccc.html", t.site).href);
	t.is(await page.locator(".top .of-part").getAttribute("href"), "index.html#part-iii-firmware-and-power", "its part is a link");
});

test("the mark with large letters", async (t) => {
	const page = await t.open("01-open.html", { letters: 32 });
	t.is(await page.locator(".top .mark").evaluate((mark) => mark.getBoundingClientRect().width), 32, "grows with them");
});

test("who does not see the mark", async (t) => {
	for (const [name, current] of [["11-run.html", "page"], ["11-run-tree.html", "true"], ["errors.html", "page"]]) {
		const page = await t.open(name);
		t.is(await page.locator(".top a[aria-current]").evaluateAll((all) => all.map((link) => link.getAttribute("aria-current"))), [current], `hears it in ${name}`);
	}
});

test("one menu at a time", async (t) => {
	const page = await t.open("04-vcpu.html");
	const [chapters, index] = [page.locator("details.chapters"), page.locator(".tools details.menu")];
	await chapters.locator("summary").click();
	await index.locator("summary").click();
	t.is([await chapters.getAttribute("open"), await index.getAttribute("open")], [null, ""], "the other one closes");
	await page.mouse.click(700, 700);
	t.is(await index.getAttribute("open"), null, "so does a click beside it");
	await chapters.locator("summary").focus();
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	t.ok(await page.evaluate(() => document.activeElement.closest(".sheet")), "the keyboard comes into it");
	await page.keyboard.press("Escape");
	t.ok(await page.evaluate(() => document.activeElement.matches(".chapters summary") && !document.activeElement.parentElement.open), "Escape closes it, and the keyboard is where it was");
});
