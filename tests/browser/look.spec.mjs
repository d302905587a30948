// What once looked wrong: tables and figures cut off, names that stood twice,
// marks at the beginning of a line.

import { test } from "./book.mjs";
import { scrolling } from "./checks.mjs";

test("tables", async (t) => {
	for (const [name, width] of [["errors.html", 1280], ["errors.html", 400], ["coverage.html", 1280], ["09-init.html", 1280],
		["18-vgic-tree.html", 1280], ["18-vgic-tree.html", 360]]) {
		const page = await t.open(name, { width });
		t.none(await scrolling(page, "main table"), `none in ${name} scrolls, ${width} wide`);
		await t.close(page);
	}
});

test("what the chapters say of an error", async (t) => {
	const page = await t.open("errors.html", { script: false });
	const texts = await page.locator(".wrong dd").allTextContents();
	t.ok(texts.length > 40, `there are ${texts.length} texts`);
	t.none(texts.filter((text) => /^([,;:.]|[a-z]+[ ,])|:$/.test(text)), "each begins as a sentence, and ends as one");
});

test("a parenthesis and what is in it, on a phone", async (t) => {
	const page = await t.open("ioctls.html", { width: 360 });
	const links = page.locator(".refusals .nr");
	t.ok(await links.count() > 40, "there are many");
	t.none(await links.evaluateAll((all) => all.filter((link) => {
		const range = document.createRange(), before = link.previousSibling;
		if (!link.checkVisibility() || !before?.data?.endsWith("("))
			return false;
		range.setStart(before, before.data.length - 1);
		range.setEnd(before, before.data.length);
		return range.getBoundingClientRect().bottom < link.getClientRects()[0].top + 2;
	}).map((link) => link.parentElement.textContent)), "stand in one line");
});

test("figures and marks on a phone", async (t) => {
	const page = await t.open("15-psci.html", { width: 400 });
	const wide = page.locator(".drawn").filter({ has: page.locator("svg") });
	t.ok((await scrolling(page, ".drawn")).length > 0 && await wide.evaluateAll((all) =>
		all.every((box) => getComputedStyle(box).backgroundAttachment.split(", ").join(" ") === "local local scroll scroll")),
	"a figure that is wider scrolls, and a shadow says so");
	t.none(await page.locator(".drawn text").evaluateAll((all) => all
		.filter((text) => text.getBoundingClientRect().height < 9).map((text) => text.textContent)), "and its letters are no smaller");
	const marks = page.locator(".held button.check");
	const alone = await marks.evaluateAll((all) => all.filter((mark) => mark.checkVisibility() &&
		mark.getBoundingClientRect().left < mark.closest("p, li, figcaption").getBoundingClientRect().left + 6).length);
	t.is([await marks.count() > 20, alone], [true, 0], "a mark stands in the line of its word");
});

test("a difference", async (t) => {
	const page = await t.open("04-vcpu.html");
	const said = page.locator(".sides ~ .kvt-tree > p");
	t.is(await said.evaluateAll((all) => all.filter((line) => line.checkVisibility()).map((line) => line.className)),
		Array(await page.locator(".sides").count()).fill("summary"), "says once which captures it is of");
	t.ok(await page.locator(".listing figcaption > b").first().evaluate((name) => {
		const after = document.createRange();
		after.selectNode(name.nextSibling);
		return after.getBoundingClientRect().left - name.getBoundingClientRect().right < 1;
	}), "in a listing's caption the comma follows the name of the file");
});

test("figures: no label is cut off", async (t) => {
	for (const name of ["03-vm.html", "11-run.html", "b-arm64.html"]) {
		const page = await t.open(name);
		t.none(await page.locator("main svg").evaluateAll((all) => all.filter((svg) => svg.checkVisibility()).flatMap((svg) => {
			const box = svg.getBoundingClientRect();
			return [...svg.querySelectorAll("text")].filter((text) => {
				const { left, right, top, bottom } = text.getBoundingClientRect();
				return right > left && (left < box.left - 1 || right > box.right + 1 || top < box.top - 2 || bottom > box.bottom + 2);
			}).map((text) => text.textContent);
		})), name);
		await t.close(page);
	}
});

test("Copy lies over no code, on a phone", async (t) => {
	const page = await t.open("01-open.html", { width: 390 });
	const buttons = page.locator("main .copyable > .copy");
	t.ok(await buttons.count() > 5, "there are buttons");
	t.none(await buttons.evaluateAll((all) => all.filter((button) => {
		const code = document.createRange();
		code.selectNodeContents(button.parentElement.querySelector("code"));
		return code.getBoundingClientRect().top < button.getBoundingClientRect().bottom - 4;
	}).map((button) => button.parentElement.textContent)), "the code begins below");
});
