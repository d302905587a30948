// Strips: their steps lead to rows of trees, with and without JavaScript; lanes
// and turns lead to them, too; all of it fits.

import { test } from "./book.mjs";
import * as checks from "./checks.mjs";

// The first step of a strip with that label.
const stepOf = (page, label) => page.locator(".strip a", { has: page.locator("text.code", { hasText: new RegExp(`^${label}$`) }) }).first();

const inWindow = (element) => {
	const { top, bottom } = element.getBoundingClientRect();
	return element.checkVisibility() && bottom > 0 && top < innerHeight;
};

test("kvt and the script call a row alike", async (t) => {
	for (const name of ["11-run-tree.html", "11-run.html", "15-psci-tree.html", "13-faults-tree.html"]) {
		const page = await t.open(name);
		const { rows, wrong } = await page.evaluate(() => {
			const items = [...document.querySelectorAll(".kvt-tree li[id]")];
			const row = (item) => item.matches(calls.ROW) ? item : item.querySelector(calls.ROW);
			return { rows: items.length, wrong: items.filter((item) => calls.anchor(row(item)) !== item.id).map(({ id }) => id) };
		});
		t.ok(rows > 4, `${name} has such rows`);
		t.none(wrong, "their ids are their links");
	}
});

test("a step leads to its row", async (t) => {
	const page = await t.open("11-run.html");
	const step = stepOf(page, "DABT");
	await step.click();
	await page.locator(".kvt-tree .chosen").waitFor();
	t.is(await page.evaluate(() => calls.name(document.querySelector(".chosen"))), "kvm_exit", "which is marked");
	t.ok(await page.locator(".chosen").evaluate(inWindow), "and in sight");
	t.is(new URL(page.url()).hash, `#${await page.locator(".chosen").evaluate((row) => calls.anchor(row))}`, "the link is that of the row");
	await stepOf(page, "KVM_RUN").focus();
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => calls.name(document.querySelector(".chosen")) === "KVM_RUN");
	t.ok(true, "so it does with the keyboard");
});

test("a step of a whole program opens what its row is folded into", async (t) => {
	const page = await t.open("13-faults-tree.html");
	await stepOf(page, "IABT").click();
	await page.locator(".kvt-tree .chosen").waitFor();
	t.like(await page.locator(".chosen").textContent(), /esr_ec=IABT_LOW/, "it is the row");
	t.ok(await page.locator(".chosen").evaluate(inWindow), "in sight");
});

test("a step without JavaScript", async (t) => {
	for (const [name, label] of [["11-run.html", "DABT"], ["14-debug.html", "SOFTSTP"]]) {
		const page = await t.open(name, { script: false });
		await stepOf(page, label).click();
		const row = page.locator(".kvt-tree li:target");
		t.like(await row.textContent(), new RegExp(`kvm_exit.*esr_ec=${label}`, "s"), `${name}: the row is the target`);
		t.ok(await row.evaluate(inWindow), "in sight");
	}
});

test("lanes and turns lead to the whole capture", async (t) => {
	for (const [name, figure, what] of [["11-run.html", ".lanes", "io_mem_abort"], ["15-psci.html", ".turns-table", "kvm_reset_vcpu"]]) {
		const page = await t.open(name);
		await page.locator(`${figure} .to-row[aria-label^="${what}"]`).first().click();
		await page.locator(".kvt-tree .chosen").waitFor();
		t.is(await page.evaluate(() => calls.name(document.querySelector(".chosen"))), what, `${name}: the row is chosen`);
	}
});

test("strips, lanes and turns on a phone", async (t) => {
	for (const name of ["11-run.html", "13-faults-tree.html", "15-psci.html", "15-psci-tree.html"]) {
		const page = await t.open(name, { width: 390 });
		t.none(await page.evaluate(() => [...document.querySelectorAll(".lanes, .turns-table, .strips")]
			.filter((box) => box.getBoundingClientRect().right > innerWidth || box.scrollWidth > box.clientWidth + 1)
			.map(({ className }) => className)), `${name}: lanes, turns and strips are as wide as the page`);
		const strip = page.locator(".strip").first();
		if (!await strip.count())
			continue;
		await strip.evaluate((list) => { list.scrollLeft = list.scrollWidth; });
		t.ok(await strip.evaluate((list) => Math.abs(list.querySelector(".names").getBoundingClientRect().left - list.getBoundingClientRect().left) < 2),
			"the names of the lanes stay");
		t.ok(await strip.evaluate((list) => list.lastElementChild.getBoundingClientRect().right <= innerWidth), "its end can be reached");
	}
});

for (const [width, theme] of [[1280, "dark"], [768, "light"], [390, "dark"], [390, "light"]])
	test(`strips, lanes and turns to axe, ${width} wide, ${theme}`, async (t) => {
		for (const name of ["11-run.html", "15-psci.html", "15-psci-tree.html"]) {
			const page = await t.open(name, { width, theme });
			await page.evaluate(() => {
				const kept = [...document.querySelectorAll(".strips, .in-lanes, .turns")];
				document.querySelector("main").replaceChildren(Object.assign(document.createElement("h1"), { textContent: "Strips" }), ...kept);
			});
			t.ok(await page.locator(".strip, .turns-table").count(), `${name} has some`);
			t.none(await checks.axe(page), "axe finds nothing");
		}
	});
