// The first page: what a student, a lecturer and a kernel developer see first.

import { lineOf, test } from "./book.mjs";
import * as checks from "./checks.mjs";

const inFirstScreen = (page, selector) => page.locator(selector).first().evaluate((element) => {
	const { top, bottom, width } = element.getBoundingClientRect();
	return width > 0 && top >= 0 && bottom <= innerHeight;
});

for (const [width, height] of [[1920, 1080], [1440, 900], [1280, 800]])
	test(`the first screen, ${width} wide`, async (t) => {
		const page = await t.open("index.html", { width, height, script: false });
		for (const [what, selector] of [["the promise", ".subtitle"], ["what it takes", ".takes"], ["the beginning", ".begin .start"], ["a command", ".cover pre"],
			["the editions", ".editions"], ["what is to come", ".ahead"], ["a line of C", ".shows .listing"], ["its badge", ".shows a.woke"], ["its system call", ".shows .kvt-tree li"]])
			t.ok(await inFirstScreen(page, selector), `${what} is in it`);
		const tree = await page.locator(".shows .kvt-tree").evaluate((box) => box.getBoundingClientRect().bottom);
		t.ok(tree < height, `and all of the tree, which ends at ${Math.round(tree)}`);
	});

for (const [width, height] of [[768, 1024], [390, 844]])
	test(`the first screen, ${width} wide`, async (t) => {
		const page = await t.open("index.html", { width, height });
		for (const [what, selector] of [["the promise", ".subtitle"], ["what it takes", ".takes"], ["the beginning", ".begin .start"], ["a command", ".cover pre"]])
			t.ok(await inFirstScreen(page, selector), `${what} is in it`);
	});

// The line that the walks and the first page are about.
const creates = `04-vcpu.c:${lineOf("04-vcpu.c", "KVM_CREATE_VCPU")}`;

test("where it leads", async (t) => {
	const page = await t.open("index.html");
	t.is(await page.locator(".begin .start").getAttribute("href"), "00-hello.html", "to the first chapter");
	t.is(await page.locator(".door h3").allInnerTexts(), ["Learn", "Teach", "Look up"], "there are three doors");
	t.is(await page.locator(".door").evaluateAll((all) => all.map((door) => door.querySelectorAll("pre").length)), [1, 1, 1], "with a command each");
	await page.locator(".door .ask-search").click();
	t.ok(await page.locator("dialog.search").isVisible(), "one of them opens the search");
	await page.keyboard.press("Escape");
	await page.locator(".shows a.woke").click();
	t.like(page.url(), new RegExp(`index.html#tree-${creates}$`), "the badge leads to the tree beside it");
	await page.locator(".door a[href='teaching.html']").click();
	await page.waitForURL(/teaching.html/);
	t.ok(await page.locator("main table").first().isVisible(), "a lecturer finds the plan");
});

test("the command", async (t) => {
	const page = await t.open("index.html");
	await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.locator(".cover button.copy").click();
	await page.waitForFunction(() => /Copied/.test(document.querySelector(".cover button.copy").textContent));
	t.is(await page.evaluate(() => navigator.clipboard.readText()), "make trace-04", "is copied without its sign and without Enter");
});

test("the contents", async (t) => {
	const page = await t.open("index.html", { script: false });
	const entries = page.locator(".contents li");
	t.ok(await entries.count() >= 16, "have all chapters");
	t.none(await entries.evaluateAll((all) => all.filter((entry) => !/^\d+ min$/.test(entry.querySelector(".length")?.textContent ?? "") || !entry.querySelector(".to-exercise") && /\d/.test(entry.querySelector(".no").textContent))
		.map((entry) => entry.textContent.slice(0, 60))), "each with its length and exercises");
	const minutes = await entries.evaluateAll((all) => all.filter((entry) => /\d/.test(entry.querySelector(".no").textContent))
		.map((entry) => parseInt(entry.querySelector(".length").textContent)));
	t.ok(minutes.every((one) => one >= 3 && one <= 40), `of ${Math.min(...minutes)} to ${Math.max(...minutes)} minutes`);
	t.ok((await page.locator(".door").first().innerText()).includes(`${Math.min(...minutes)} to ${Math.max(...minutes)} minutes`), "which the door says");
});

test("how to read a page", async (t) => {
	const page = await t.open("index.html", { script: false });
	const numbers = await page.locator(".picture .pin").allTextContents();
	t.is(numbers, numbers.map((_, at) => String(at + 1)), "the parts are numbered");
	t.is(await page.locator(".annotated > ol > li").count(), numbers.length, `and each of the ${numbers.length} is explained`);
	for (const width of [1440, 390]) {
		await page.setViewportSize({ width, height: 800 });
		t.none(await page.locator(".picture .part, .picture code").evaluateAll((all) => {
			const boxes = all.filter((one) => !one.querySelector(".part, code")).map((one) => [one.textContent, one.getBoundingClientRect()]);
			return boxes.flatMap(([text, a], at) => boxes.slice(at + 1).filter(([, b]) =>
				a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map(([other]) => `${text} and ${other}`));
		}), `no part covers another, ${width} wide`);
		t.none([...await checks.sideways(page), ...await checks.lost(page)], "and nothing is cut");
	}
});

// Its parts that are folded or pop up are in here, too.
for (const name of ["index.html", "04-vcpu.html", "teaching.html"])
	for (const width of [1280, 768, 390])
		test(`axe in ${name}, ${width} wide`, async (t) => {
			const page = await t.open(name, { width, height: 900 });
			await page.locator("button.theme").waitFor();
			if (name !== "04-vcpu.html")
				await page.locator(".chapters summary").click();
			await checks.thin(page);
			for (const theme of ["light", "dark"]) {
				await page.emulateMedia({ colorScheme: theme });
				t.none(await checks.axe(page), `finds nothing, in ${theme}`);
			}
		});
