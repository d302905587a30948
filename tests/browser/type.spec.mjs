// Faces, places beside the text, marks, sizes, tables, paper.

import { pages, test } from "./book.mjs";

const chapters = pages(/^\D|-tree\.html$/);

test("the faces come with the book", async (t) => {
	const page = await t.open("04-vcpu.html");
	await page.evaluate(() => document.fonts.ready);
	const loaded = await page.evaluate(() => [...new Set([...document.fonts].filter((face) => face.status === "loaded").map((face) => face.family.replaceAll('"', "")))].sort());
	t.is(loaded, ["Book Mono", "Book Sans", "Book Serif"], "each of the three is loaded from its files");
	t.none(await page.evaluate(() => [["body", "Book Serif"], ["code", "Book Mono"], ["figcaption", "Book Sans"]]
		.filter(([what, family]) => !getComputedStyle(document.querySelector(what)).fontFamily.startsWith(`"${family}"`))), "and used");
	// What a string looks like in the face of code, and what its letters do one by one.
	const drawn = await page.evaluate(() => {
		const picture = (pieces) => {
			const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 60 });
			const pen = canvas.getContext("2d");
			pen.font = '40px "Book Mono"';
			let at = 0;
			for (const piece of pieces) {
				pen.fillText(piece, at, 45);
				at += pen.measureText(piece).width;
			}
			return canvas.toDataURL();
		};
		const ligatures = ["0xfff", "!=", "->", "==", "www", ">="].filter((text) => picture([text]) !== picture([...text]));
		return { ligatures, same: picture("0") === picture("O"), empty: picture("0") === picture([" "]) };
	});
	t.is(drawn, { ligatures: [], same: false, empty: false }, "code has no ligatures, and 0 is no O");
});

// What a place beside the text must not touch: text, boxes, other places.
const collisions = (page) => page.evaluate(() => {
	const places = [...document.querySelectorAll(":is(p, li, dd) .place")].filter((place) => getComputedStyle(place).float !== "none" && place.checkVisibility());
	const others = [...document.querySelectorAll("main figure, main table, main pre, main h1, main h2, main h3, .toc a")];
	const words = [...document.querySelectorAll("main :is(p, li, dd)")].filter((word) => word.checkVisibility());
	const cut = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
	const lines = (element) => {
		const range = document.createRange();
		return [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim())
			.flatMap((node) => (range.selectNode(node), [...range.getClientRects()]));
	};
	const boxes = [...others.filter((box) => box.checkVisibility()).map((box) => [box, [box.getBoundingClientRect()]]), ...words.map((word) => [word, lines(word)])];
	const seen = places.map((place) => [place, place.querySelector(".loc").getBoundingClientRect()]);
	const found = [];
	for (const [place, at] of seen) {
		const name = place.textContent.trim();
		if (at.left < 0 || at.right > innerWidth)
			found.push(`${name} is out of the window`);
		for (const [box, rects] of boxes)
			if (rects.some((rect) => cut(at, rect)))
				found.push(`${name} is over ${box.localName}: ${box.textContent.trim().slice(0, 40)}`);
		for (const [other, there] of seen)
			if (other !== place && cut(at, there))
				found.push(`${name} is over ${other.textContent.trim()}`);
		// Its line, or one of the next when several are of one line.
		const line = place.previousElementSibling?.getClientRects();
		const first = line?.[line.length - 1];
		if (first && (at.top < first.top - 8 || at.top > first.bottom + 110))
			found.push(`${name} is not beside its line`);
	}
	return { count: places.length, found };
});

for (const [width, script] of [[1280, true], [1440, false], [1728, true], [1920, true]]) {
	test(`places beside the text, ${width} wide`, async (t) => {
		let count = 0;
		for (const name of chapters) {
			const page = await t.open(name, { width, script });
			const said = await collisions(page);
			count += said.count;
			t.none(said.found, `${name}: none is over anything`);
			await t.close(page);
		}
		t.ok(count > 300, `there are ${count}`);
	});
}

test("places in the text of a narrow page, and on paper", async (t) => {
	const page = await t.open("04-vcpu.html", { width: 1000 });
	const floating = () => page.locator(".place").evaluateAll((all) => all.filter((place) => getComputedStyle(place).float !== "none").length);
	t.is(await floating(), 0, "they stand in the sentence");
	await page.setViewportSize({ width: 1600, height: 900 });
	t.ok(await floating() > 50, "and beside it when the page gets wide");
	await page.emulateMedia({ media: "print" });
	t.is(await floating(), 0, "and in it on paper");
});

test("a mark takes no more room than a letter", async (t) => {
	const page = await t.open("12-mmio.html");
	const wide = await page.evaluate(() => {
		const range = document.createRange(), found = [];
		for (const mark of document.querySelectorAll("main button.check")) {
			const next = mark.closest(".claim")?.nextSibling;
			if (next?.nodeType !== 3 || !/^\s\S/.test(next.data))
				continue;
			range.setStart(next, 1);
			range.setEnd(next, 2);
			const letter = range.getBoundingClientRect(), box = mark.getBoundingClientRect();
			if (letter.left > box.left && letter.left - box.right > 6.5)
				found.push(`${letter.left - box.right} px before "${next.data.trim().slice(0, 30)}"`);
		}
		return found;
	});
	t.none(wide, "one space follows it in the middle of a sentence");
	const hit = await page.evaluate(() => {
		const mark = document.querySelector("main button.check");
		mark.scrollIntoView({ block: "center" });
		const { left, right, top, bottom } = mark.getBoundingClientRect(), x = (left + right) / 2, y = (top + bottom) / 2;
		return [[0, 0], [-11, 0], [11, 0], [0, -11], [0, 11]].filter(([dx, dy]) => document.elementFromPoint(x + dx, y + dy) !== mark);
	});
	t.none(hit, "and what opens it is 24 px high and wide");
});

test("sizes on a phone", async (t) => {
	for (const name of ["04-vcpu.html", "12-mmio.html", "index.html", "glossary.html"]) {
		const page = await t.open(name, { width: 390 });
		const small = await page.evaluate(() => {
			const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
			while (walker.nextNode()) {
				const element = walker.currentNode.parentElement, size = parseFloat(getComputedStyle(element).fontSize);
				if (size < 10 && walker.currentNode.data.trim() && element.checkVisibility() && !element.closest(".kvt-tree"))
					found.add(`${element.localName}.${element.className} ${size}`);
			}
			return [...found];
		});
		t.none(small, `${name}: no letters under 10 px`);
		t.none(await page.locator(".top :is(a, button, summary):visible").evaluateAll((all) => all
			.filter((target) => target.getBoundingClientRect().height < 24).map((target) => target.outerHTML.slice(0, 60))), `${name}: what is at the top is 24 px high`);
		await t.close(page);
	}
});

test("a table is as wide as what is in it", async (t) => {
	const page = await t.open("15-psci.html");
	const table = page.locator("table", { hasText: "NOT_SUPPORTED" });
	const widths = await table.locator("tr").nth(1).locator("td").evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().width));
	t.ok(widths[0] * 2.5 < widths[2], `its columns differ: ${widths.map(Math.round)}`);
	t.is(await table.locator("tr").nth(1).locator("td").evaluateAll((all) => all.map((cell) => getComputedStyle(cell).textAlign)),
		["right", "left", "left", "left"], "numbers stand at the right");
});

test("a printed page", async (t) => {
	const page = await t.open("04-vcpu.html", { media: "print" });
	t.none(await page.locator(".how").evaluateAll((all) => all.filter((how) => /terminal:/.test(how.textContent) && !how.querySelector("pre")?.checkVisibility())
		.map((how) => how.textContent)), "has a command where it says that one follows");
	t.is(await page.locator("figure.listing:visible").evaluateAll((all) => all.filter((listing) => listing.closest(".whole")).length), 0, "and no program twice");
	t.ok(await page.locator(".whole > summary").evaluate((summary) => summary.checkVisibility()), "but its name");
});
