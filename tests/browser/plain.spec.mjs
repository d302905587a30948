// The book without JavaScript, and on paper.

import { pages, test } from "./book.mjs";
import * as checks from "./checks.mjs";

const isChapter = (name) => /^\d/.test(name) && !name.endsWith("-tree.html");

async function onPaper(t, page) {
	await page.emulateMedia({ media: "print", colorScheme: "dark" });
	t.none(await checks.unprinted(page), "on paper, what is folded is open, and what only a screen can use is away");
	t.is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "and paper is white");
	await page.emulateMedia({ media: "screen", colorScheme: "light" });
}

async function unfolds(t, page) {
	const folded = page.locator("main details:not([open]) > summary:visible");
	if (!await folded.count())
		return;
	const details = await folded.first().locator("..").elementHandle();
	await folded.first().click({ position: { x: 4, y: 8 } });
	t.ok(await details.evaluate((element) => element.open && element.lastElementChild.checkVisibility()), "what is folded opens with a click");
}

async function leads(t, page) {
	const toc = page.locator(".toc a:visible").last();
	if (await toc.count()) {
		await toc.click();
		const place = decodeURIComponent(new URL(page.url()).hash.slice(1));
		t.ok(await page.evaluate((id) => document.getElementById(id)?.getBoundingClientRect().top < innerHeight, place), "a link leads to its place");
	}
	const next = page.locator("a.next, .begin a").first();
	if (await next.count()) {
		const goal = await next.evaluate((link) => link.href);
		await next.click();
		await page.waitForURL(goal, { waitUntil: "commit" });
		t.is(page.url(), goal, "a link leads to its page");
	}
}

// Of the pages that are a tree one does: they are made alike, and large.
for (const name of pages(/^(?!04).*-tree\.html$/)) {
	test(`${name} without JavaScript`, async (t) => {
		const page = await t.open(name, { script: false });
		t.is(await page.evaluate(() => document.querySelectorAll(".theme").length), 0, "no script has run");
		t.none(await checks.hidden(page), "the text is there");
		t.none(await checks.idle(page), "no button does nothing");
		if (isChapter(name)) {
			t.ok(await page.locator(".kvt-tree").count() && await page.locator(".solution").count(), "there are trees and solutions");
			await onPaper(t, page);
		}
		await unfolds(t, page);
		await leads(t, page);
	});
}

test("a claim without JavaScript", async (t) => {
	const page = await t.open("04-vcpu.html", { script: false });
	const mark = page.locator("button.check").first();
	const evidence = page.locator(`#${await mark.getAttribute("popovertarget")}`);
	t.ok(!await evidence.isVisible(), "its evidence is not open");
	await mark.click();
	t.ok(await evidence.isVisible(), "the mark opens it");
	await evidence.locator(".close button").click();
	t.ok(!await evidence.isVisible(), "its button closes it");
});

// What is folded takes as much paper as when it is open, but for where a sheet ends.
test("a PDF", async (t) => {
	const page = await t.open("07-lifetime.html");
	const sheets = async () => (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length;
	const folded = await sheets();
	await checks.unfold(page);
	const open = await sheets();
	t.ok(Math.abs(folded - open) <= 1, `has all that is folded, on ${folded} sheets, and ${open} if it is open`);
	await page.addStyleTag({ content: "details { display: none; }" });
	t.ok(await sheets() < folded, "and would be shorter without it");
});

// A control in a control is none for many who do not see.
test("switches", async (t) => {
	const page = await t.open("04-vcpu-tree.html", { script: false });
	t.is(await page.locator("summary :is(a, button)").count(), 0, "hold no links");
	const session = await page.context().newCDPSession(page);
	const { nodes } = await session.send("Accessibility.getFullAXTree");
	const switches = nodes.filter((node) => node.role?.value === "DisclosureTriangle" && !node.ignored);
	t.ok(switches.length > 10, `there are ${switches.length}`);
	t.none(switches.filter((node) => !node.name?.value), "each has a name");
	const row = page.locator(".kvt-tree li:has(> details > summary) > .row:has(a[href]):visible").first();
	await row.locator("a[href]").first().focus();
	for (let count = await row.locator("a[href]").count(); count; count--)
		await page.keyboard.press("Tab");
	t.ok(await row.evaluate((box) => document.activeElement === box.nextElementSibling.firstElementChild), "the keyboard comes to the links of a row, then to its switch");
	await page.keyboard.press("Space");
	t.ok(await row.evaluate((box) => !box.nextElementSibling.lastElementChild.checkVisibility()), "which folds");
});
