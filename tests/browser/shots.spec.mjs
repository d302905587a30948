// Pictures of some pages, for people to look at: build/screenshots.

import { test } from "./book.mjs";

const SAMPLE = ["index.html", "01-open.html", "04-vcpu.html", "11-run.html", "15-psci-tree.html", "coverage.html", "glossary.html"];

for (const name of SAMPLE)
	for (const [theme, width] of [["light", 1280], ["dark", 400]])
		test(`${name}, ${theme}, ${width} wide`, async (t) => {
			const page = await t.open(name, { theme, width, height: 1000 });
			await t.screenshot(page, name.replace(/\.html.*/, ""));
		});

for (const [theme, width] of [["light", 1280], ["dark", 1700], ["light", 400]])
	test(`a tree, ${theme}, ${width} wide`, async (t) => {
		const page = await t.open("04-vcpu.html", { theme, width, height: 1000 });
		await page.locator(".trace").first().evaluate((tree) => tree.scrollIntoView());
		await t.screenshot(page, "04-vcpu-trace");
	});

test("a claim's evidence", async (t) => {
	const page = await t.open("04-vcpu.html", { width: 1280, theme: "dark" });
	await page.locator("button.check").first().click();
	await t.screenshot(page, "evidence");
});
