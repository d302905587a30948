// The header of the page: one line, however narrow, with a menu that fits.

import { test } from "./book.mjs";
import * as checks from "./checks.mjs";

const tops = (page) => page.locator(".top").locator(".home, summary, button").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 2)));

for (const name of ["index.html", "01-open.html", "glossary.html", "ioctls.html", "01-open-tree.html"])
	test(name, async (t) => {
		const page = await t.open(name, { width: 320, height: 640 });
		const menu = page.locator("details.menu");
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
	t.is(await home.innerText(), "KVM on arm64", "on a phone it ends before its comma");
	await page.setViewportSize({ width: 640, height: 640 });
	t.is(await home.innerText(), "KVM on arm64, one ioctl at a time", "where there is room it is whole");
});
