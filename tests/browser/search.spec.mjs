// The search dialog, by keyboard and by pointer.

import { test } from "./book.mjs";
import * as checks from "./checks.mjs";

const dialog = (page) => page.locator("dialog.search");
const field = (page) => dialog(page).locator("input");
const results = (page) => dialog(page).locator(".results a");
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.localName);

// Types a query, and waits for what says how much there is.
async function ask(page, query, says = /^\d+ results?$/) {
	await field(page).fill("");
	await dialog(page).locator(".found:empty").waitFor({ state: "attached" });
	await field(page).fill(query);
	await dialog(page).locator(".found", { hasText: says }).waitFor();
}

test("by keyboard", async (t) => {
	const page = await t.open("01-open.html");
	await page.locator(".home").focus();
	await page.keyboard.press("/");
	t.ok(await dialog(page).isVisible(), "the key / opens it");
	t.is([await focused(page), await field(page).inputValue()], ["input", ""], "the words go into its field, without the /");
	await page.keyboard.press("Escape");
	t.is([await dialog(page).isVisible(), await focused(page)], [false, "index.html"], "Escape closes it and gives the focus back");

	await page.keyboard.press("/");
	await page.keyboard.insertText("kvm_vcpu_ioctl");
	await results(page).first().waitFor();
	t.like(await dialog(page).locator(".found").textContent(), /^\d+ results?$/, "it says how much it has found");
	const hrefs = await results(page).evaluateAll((links) => links.map((link) => link.getAttribute("href")));
	t.ok(hrefs.includes("functions.html#kvm_vcpu_ioctl"), "the function is among it");
	t.ok(await results(page).locator("mark").count(), "with its name marked");
	await page.keyboard.press("ArrowDown");
	t.is(await focused(page), hrefs[0], "the arrow down goes to the first result");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("ArrowUp");
	t.is(await focused(page), "input", "the arrow up goes back to the words");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Tab");
	t.is(await focused(page), hrefs[0], "Tab comes to it behind the button that closes");
	await page.keyboard.press("Enter");
	await page.waitForURL(new URL(hrefs[0], t.site).href);
	t.ok(await page.evaluate(() => document.querySelector(":target") !== null), "Enter goes there");
});

test("by pointer", async (t) => {
	const page = await t.open("index.html", { theme: "dark" });
	const button = page.getByRole("button", { name: "Search", exact: true });
	await button.click();
	t.ok(await dialog(page).isVisible(), "the button opens it");
	await ask(page, "EBUSY");
	t.none(await checks.axe(page), "axe finds nothing in it, in dark");
	await page.emulateMedia({ colorScheme: "light" });
	t.none(await checks.axe(page, { rules: ["color-contrast"] }), "nor in the colors of light");
	await page.setViewportSize({ width: 320, height: 480 });
	t.none([...await checks.sideways(page), ...await checks.lost(page)], "it fits 320 wide");
	await ask(page, "nosuchwordanywhere", /^Nothing found$/);
	t.is(await results(page).count(), 0, "what is not there is not found");
	await dialog(page).getByRole("button", { name: "Close" }).click();
	t.is([await dialog(page).isVisible(), await button.evaluate((one) => one === document.activeElement)], [false, true],
		"its button closes it, and the focus is back");
	await button.click();
	await ask(page, "KVM_RUN");
	await page.keyboard.press("Enter");
	await page.waitForURL(/ioctls\.html#KVM_RUN$/);
	t.ok(true, "Enter among the words goes to the first result");
});
