// The pictures of README.md, docs/*.png, from the book as it is built:
// node tests/browser/pictures.mjs

import { join } from "node:path";
import { Test, root } from "./book.mjs";

const PICTURES = [
	{ file: "front.png", page: "index.html", width: 1380, height: 760 },
	{ file: "page.png", page: "04-vcpu.html", width: 1380, height: 820, at: ".trace" },
];

const t = new Test("pictures");
for (const { file, page: name, width, height, at } of PICTURES) {
	const page = await t.open(name, { width, height, scale: 1.5 });
	await page.locator("button.theme").waitFor();
	if (at)
		await page.locator(at).first().evaluate((element) => scrollTo(0, element.getBoundingClientRect().top - 110));
	// Fonts and the marks of path.js come with the next frame.
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	const path = join(root, "docs", file);
	await page.screenshot({ path });
	console.log(path);
}
process.exit(0);
