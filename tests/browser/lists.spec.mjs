// The long lists: functions, ioctls, errors, the glossary and the map of KVM.

import { test } from "./book.mjs";
import * as checks from "./checks.mjs";

const field = (page) => page.locator(".finder input");
const shown = (page, selector) => page.locator(selector).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
const left = (page) => page.locator(".finder .left").textContent();

// The list, a name of it, what that leaves, and something that goes.
for (const [name, query, stays, goes] of [
	["functions", "vcpu_ioctl", "#kvm_vcpu_ioctl", "#vcpu_load"],
	["ioctls", "create_v", "#KVM_CREATE_VCPU", "#KVM_RUN"],
	["errors", "ebusy", "#EBUSY", "#EEXIST"],
	["glossary", "memslots", "#memslot", "#arm64"],
	["coverage", "kvm_vcpu_ioctl", "#virt-kvm-kvm_main-c", "#arch-arm64-kvm-mmu-c"],
]) {
	test(`${name}: the filter`, async (t) => {
		const page = await t.open(`${name}.html`);
		await field(page).fill(query);
		t.ok(await page.locator(stays).isVisible(), "what has the words stays");
		t.ok(!(await page.locator(goes).isVisible()), "what has not goes");
		t.like(await left(page), /^\d+ of \d+$/, "it says how many are left");
		t.none(await page.locator("main > h2, main > .finder ~ table").evaluateAll((all) => all.filter((one) => one.checkVisibility() &&
			!(one.nextElementSibling?.checkVisibility())).map((one) => one.textContent)), "no heading stands alone");
		await page.keyboard.press("Escape");
		t.is([await field(page).inputValue(), await left(page), await page.locator(goes).isVisible()], ["", "", true], "Escape brings all back");
		await field(page).fill("nosuchnameanywhere");
		t.like(await left(page), /^0 of /, "what is not there leaves nothing");
		t.is(await shown(page, "main > h2, main > dl, main > table, .coverage details"), 0, "... and no heading");
	});

	test(`${name}: on a phone`, async (t) => {
		const page = await t.open(`${name}.html`, { width: 390, theme: "dark" });
		await checks.unfold(page);
		t.none(await page.evaluate(() => [...document.querySelectorAll(":is(.letters, .listed, .wrong, .also, .used, .failures, .glossary, .coverage) a")]
			.filter((link) => link.checkVisibility()).filter((link) => {
				// A link over two lines may begin with a short word.
				const places = [...link.getClientRects()];
				return Math.max(...places.map(({ height }) => height)) < 24 || Math.max(...places.map(({ width }) => width)) < 24;
			}).map((link) => `${link.textContent} to ${link.getAttribute("href")}`)), "each link is 24 pixels high and wide");
		t.none(await page.evaluate(() => {
			const small = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
			while (texts.nextNode())
				if (texts.currentNode.data.trim() && parseFloat(getComputedStyle(texts.currentNode.parentElement).fontSize) < 10)
					small.push(texts.currentNode.data);
			return small;
		}), "no letter is smaller than 10 pixels");
		t.none(await checks.sideways(page), "it does not scroll sideways");
		await checks.thin(page);
		t.none(await checks.axe(page), "axe finds nothing");
	});
}

test("two words, and a file", async (t) => {
	const page = await t.open("functions.html");
	await field(page).fill("arm.c ioctl");
	const names = await page.locator("dl.listed dt").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent));
	t.ok(names.length > 3 && names.every((name) => name.includes("ioctl") && name.includes("arm.c")), "all words are looked for, in the place, too");
	t.is(await left(page), `${names.length} of ${await page.locator("dl.listed dt").count()}`, "and what is left is counted");
});

test("the parts of an error", async (t) => {
	const page = await t.open("errors.html");
	const rows = () => page.locator(".failures tbody tr, .wrong dt").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent));
	await field(page).fill("set_filter");
	const some = await rows();
	t.ok(some.length > 3 && some.length < 15 && some.filter((text) => /c:\d/.test(text)).every((text) => /set_filter/.test(text)),
		"rows that have the words stay, and no others");
	t.ok(some.includes("A byte of the padding is not 0 chapter 16"), "... and what the chapters say with them");
	t.ok(await page.locator("#EINVAL").isVisible() && !(await page.locator("#EIO").isVisible()), "... below their errors");
	await field(page).fill("einval mmap");
	const own = await rows();
	t.ok(own.length && own.every((text) => /mmap/i.test(text)), "the name of the error is not asked of its rows");
	await field(page).fill("einval");
	t.ok((await rows()).length > 40, "... and alone it leaves all of them");
	await field(page).fill("");
	t.is((await rows()).length, await page.locator(".failures tbody tr, .wrong dt").count(), "all come back");
});

test("a link to what is filtered out", async (t) => {
	const page = await t.open("functions.html");
	await field(page).fill("kvm_vcpu_ioctl");
	await page.evaluate(() => { location.hash = "#vcpu_load"; });
	await page.waitForFunction(() => document.querySelector("#vcpu_load").checkVisibility());
	t.is(await field(page).inputValue(), "", "shows all again");
	t.ok(await page.locator("#vcpu_load").evaluate((one) => {
		const { top, bottom } = one.getBoundingClientRect();
		return top >= document.querySelector(".finder").getBoundingClientRect().bottom && bottom <= innerHeight;
	}), "and stands below the field, in sight");
});

test("far down", async (t) => {
	const page = await t.open("functions.html#vcpu_load");
	await page.waitForFunction(() => scrollY > 10000);
	const finder = page.locator(".finder");
	t.ok(await finder.evaluate((bar) => bar.getBoundingClientRect().top < 100), "the field is in sight");
	await field(page).fill("aa32");
	const entry = page.locator("#aa32_id_visibility");
	await page.waitForFunction(() => {
		const { top } = document.querySelector("#aa32_id_visibility").getBoundingClientRect();
		return top > 0 && top < innerHeight;
	});
	t.ok(await entry.isVisible(), "what is left comes into sight");
});

test("the map opens what it finds", async (t) => {
	const page = await t.open("coverage.html");
	const file = page.locator("#virt-kvm-kvm_main-c");
	await field(page).fill("kvm_vcpu_ioctl");
	t.ok(await file.evaluate((details) => details.open), "the file is open");
	await field(page).fill("");
	t.ok(!(await file.evaluate((details) => details.open)), "and closed again");
	await file.evaluate((details) => { details.open = true; });
	await field(page).fill("kvm_vcpu_ioctl");
	await field(page).fill("");
	t.ok(await file.evaluate((details) => details.open), "but not if it was open before");
});

test("letters", async (t) => {
	for (const [name, letter, id] of [["functions", "V", "letter-v"], ["glossary", "S", null]]) {
		const page = await t.open(`${name}.html`, { width: 900 });
		const links = await page.locator(".letters a").evaluateAll((all) => all.map((one) => [one.textContent, one.getAttribute("href").slice(1)]));
		t.ok(links.length > 15 && links.every(([text], at) => /^[A-Z]$/.test(text) && (!at || text > links[at - 1][0])), `${name}: they are in order`);
		await page.locator(".letters a", { hasText: letter }).click();
		const target = links.find(([text]) => text === letter)[1];
		t.ok(!id || target === id, `${letter} leads to its section`);
		t.ok(await page.evaluate((to) => {
			const { top } = document.getElementById(to).getBoundingClientRect();
			return top >= document.querySelector(".finder").getBoundingClientRect().bottom - 1 && top < innerHeight;
		}, target), "... which stands below them, in sight");
	}
	const wide = await t.open("functions.html", { width: 1280 });
	t.is(await shown(wide, ".letters a"), 0, "beside the page's contents they are not there twice");
});

test("without scripts", async (t) => {
	for (const name of ["functions", "glossary", "errors"]) {
		const page = await t.open(`${name}.html`, { script: false, width: 900 });
		t.is(await page.locator(".finder").count(), 0, `${name}: no field that does nothing`);
		t.is(await page.locator(".letters a").count() > 0, name !== "errors", "... but the letters");
	}
});

// No times, because a machine may be busy: a filter that reads a size after each
// row that it hides has the browser lay the page out again for each row.
test("quick", async (t) => {
	for (const name of ["functions", "coverage"]) {
		const page = await t.open(`${name}.html`);
		const devtools = await page.context().newCDPSession(page);
		await devtools.send("Performance.enable");
		const layouts = async () => (await devtools.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "LayoutCount").value;
		const before = await layouts();
		await page.evaluate(() => {
			const input = document.querySelector(".finder input");
			for (const words of ["kvm_v", "", "irq", "kvm", "gic"]) {
				input.value = words;
				input.dispatchEvent(new Event("input"));
			}
		});
		const each = (await layouts() - before) / 5;
		t.ok(each > 0 && each <= 3, `${name}: a key lays the page out ${each} times`);
	}
});

test("search: a row with parts", async (t) => {
	const page = await t.open("index.html");
	const dialog = page.locator("dialog.search");
	await page.keyboard.press("/");
	await page.keyboard.insertText("EINVAL");
	const row = dialog.locator(".section summary").first();
	await row.waitFor();
	t.like(await row.textContent(), /^EINVAL in \d+ chapters$/, "says how many chapters have it");
	const parts = dialog.locator(".section details").first().locator("a");
	t.ok(!(await parts.first().isVisible()), "is closed");
	const focused = () => page.evaluate(() => document.activeElement.localName);
	await page.keyboard.press("ArrowDown");
	t.is(await focused(), "a", "the arrow goes to the entry of the list");
	await page.keyboard.press("ArrowDown");
	t.is(await focused(), "summary", "... then to the row");
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowDown");
	t.is(await page.evaluate(() => document.activeElement.getAttribute("href")), "errors.html#EINVAL-KVM_ARM_MTE_COPY_TAGS", "opened, to its parts");
	await row.click();
	t.ok(await parts.count() > 25 && await parts.first().isVisible(), "a click opens it, too");
	t.none(await checks.axe(page), "axe finds nothing");
	await parts.filter({ hasText: "a wrong PSTATE" }).click();
	await page.waitForURL(/c-exits\.html#wrong-einval-a-wrong-pstate$/);
	t.ok(true, "a part leads to its place");
});
