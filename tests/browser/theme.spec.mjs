// The switch between light and dark.

import { test } from "./book.mjs";

const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = "rgb(253, 252, 249)", DARK = "rgb(22, 23, 26)";

for (const system of ["light", "dark"]) {
	const [own, other] = system === "light" ? [LIGHT, DARK] : [DARK, LIGHT];
	const opposite = system === "light" ? "dark" : "light";

	test(`on a system that is ${system}`, async (t) => {
		const page = await t.open("04-vcpu.html", { theme: system });
		const button = page.locator("button.theme");
		t.is(await paper(page), own, "the page is as the system says");
		t.is(await button.getAttribute("aria-label"), `${opposite[0].toUpperCase()}${opposite.slice(1)} colors`, "the switch says what it does");

		await button.click();
		t.is(await paper(page), other, "a click changes it");
		await page.locator("a.next").click();
		await page.waitForURL(/05-/);
		t.is(await paper(page), other, "the next page has it, too");
		await page.reload();
		t.is(await paper(page), other, "and has it when it is loaded again");
		t.is(await page.evaluate(() => localStorage.getItem("theme")), opposite, "the browser keeps it");

		await button.focus();
		await page.keyboard.press("Enter");
		t.is(await paper(page), own, "the keyboard changes it back");
		t.is(await page.evaluate(() => localStorage.getItem("theme")), null, "what the system says is not kept");
		await page.emulateMedia({ colorScheme: opposite });
		t.is(await paper(page), other, "the page follows the system again");
		t.is(await button.getAttribute("aria-label"), `${system[0].toUpperCase()}${system.slice(1)} colors`, "and so does the switch");
	});
}

test("where the browser keeps nothing", async (t) => {
	const page = await t.open("about:blank");
	await page.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } }));
	await page.goto(new URL("index.html", t.site).href);
	await page.locator("button.theme").click();
	t.is(await paper(page), DARK, "the switch works on the page");
});

test("where the system sets the colors", async (t) => {
	const page = await t.open("04-vcpu.html", { theme: "dark" });
	await page.locator("button.theme").click();
	await page.emulateMedia({ forcedColors: "active" });
	const fill = await page.locator(".drawn .note > text").first().evaluate((words) => getComputedStyle(words).fill);
	t.ok(Math.min(...fill.match(/\d+/g).map(Number)) > 120, `a drawing has those of the system, not of the switch: ${fill}`);
});
