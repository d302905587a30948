// The arrow keys turn the pages, where nothing else wants them; ? names the keys.

import { test } from "./book.mjs";

const name = (page) => page.url().replace(/.*\/|#.*/g, "");
// A key that does nothing leaves no trace, so what follows must find the page as
// it was: an answer to a question comes after all that the key has begun.
const stays = async (page, key) => {
	const before = name(page);
	await page.keyboard.press(key);
	await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
	return name(page) === before;
};

test("from chapter to chapter", async (t) => {
	const page = await t.open("04-vcpu.html");
	await page.keyboard.press("ArrowRight");
	await page.waitForURL(/05-max-vcpus/);
	await page.keyboard.press("ArrowLeft");
	await page.waitForURL(/04-vcpu/);
	t.ok(true, "right is the next one, left the one before");
	await page.goto(new URL("d-gicv2.html", t.site).href);
	t.ok(await stays(page, "ArrowRight"), "after the last there is none");
	await page.goto(new URL("11-run-tree.html", t.site).href);
	await page.keyboard.press("ArrowLeft");
	await page.waitForURL(/11-run.html/);
	t.ok(true, "before a capture comes its chapter");
	await page.goto(new URL("glossary.html", t.site).href);
	t.ok(await stays(page, "ArrowRight"), "behind the glossary nothing comes");
});

test("with other keys", async (t) => {
	const page = await t.open("04-vcpu.html");
	for (const key of ["Control+ArrowRight", "Alt+ArrowUp", "Shift+ArrowRight", "Meta+ArrowUp"])
		t.ok(await stays(page, key), `${key} is not ours`);
});

test("where something else has the arrows", async (t) => {
	const page = await t.open("04-vcpu.html");
	for (const [what, selector] of [
		["the filter of a tree", ".tree-bar input"],
		["a tree", ".kvt-tree [tabindex='0']"],
		["the tabs of modes", "[role=tab][aria-selected=true]"],
		["a menu", ".chapters summary"],
	]) {
		await page.locator(selector).first().focus();
		t.ok(await stays(page, "ArrowRight"), what);
	}
	await page.keyboard.press("/");
	await page.locator("dialog.search input").waitFor();
	t.ok(await stays(page, "ArrowRight"), "the search");
	await page.keyboard.press("Escape");
	await page.locator("button.check").first().click();
	t.ok(await stays(page, "ArrowRight"), "the evidence of a claim");
});

test("what scrolls sideways", async (t) => {
	const page = await t.open("04-vcpu.html", { width: 390, height: 800 });
	const code = page.locator("pre[tabindex='0']");
	const wide = await code.evaluateAll((all) => all.findIndex((pre) => pre.scrollWidth > pre.clientWidth + 1));
	t.ok(wide >= 0, "there is code that does");
	await code.nth(wide).focus();
	t.ok(await stays(page, "ArrowRight"), "scrolls");
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("ArrowRight");
	await page.waitForURL(/05-max-vcpus/);
	t.ok(true, "and with the keyboard elsewhere, pages turn");
});

test("?", async (t) => {
	const page = await t.open("04-vcpu.html");
	await page.keyboard.press("?");
	const dialog = page.locator("dialog.keys");
	t.like(await dialog.innerText(), /← →.*The chapter before, the next one/s, "names the arrows");
	t.ok(await stays(page, "ArrowRight"), "which rest meanwhile");
	await page.keyboard.press("Escape");
	t.ok(!await dialog.isVisible(), "Escape closes it");
	await page.locator("button.help").click();
	await dialog.getByRole("button", { name: "Close" }).click();
	t.ok(!await dialog.isVisible(), "a button opens it, too, and one closes it");
	await page.keyboard.press("/");
	await page.locator("dialog.search input").fill("");
	await page.keyboard.press("?");
	t.is([await dialog.isVisible(), await page.locator("dialog.search input").inputValue()], [false, "?"], "in the search it is a letter");
});
