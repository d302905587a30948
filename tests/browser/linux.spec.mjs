// The small book with a small tree's lines beside it (make book LINUX=DIR):
// whoever points at a function sees its lines, and a click leads to them.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root, test } from "./book.mjs";
import * as checks from "./checks.mjs";

test("make book LINUX=DIR", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "book-"));
	try {
		await promisify(execFile)(join(root, "tests/book/with-linux"), [join(folder, "book")]);
		const site = pathToFileURL(join(folder, "book/")).href;
		for (const theme of ["light", "dark"])
			await look(t, site, theme);
	} finally {
		await rm(folder, { recursive: true });
	}
});

async function look(t, site, theme) {
	const page = await t.open(`${site}01-open.html`, { theme });
	const link = page.locator("main p a.fn[href='source/virt/kvm/kvm_main.c.html#L5522']").first();
	const box = page.locator(".excerpt");
	// Scrolling would close it again, and is told a frame later.
	await link.scrollIntoViewIfNeeded();
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	await link.hover();
	await box.waitFor();
	t.is(await box.locator("p").textContent(), "virt/kvm/kvm_main.c:5522, kvm_dev_ioctl()GPL-2.0-only", `${theme}: a pointer at a function shows where it is`);
	t.is(await box.locator(".meant").textContent(), "kvm_dev_ioctl(struct file *filp)\n", "and its line");
	const lines = await box.locator(".line").evaluateAll((all) => all.map((line) => Number(line.dataset.n)));
	t.is([lines[0], lines.at(-1)], [5521, 5532], "with those around it");
	const { x, y, width, height } = await box.boundingBox();
	t.ok(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 900, "in the window");
	t.none(await checks.axe(page), "axe finds nothing");
	await page.keyboard.press("Escape");
	t.ok(!await box.isVisible(), "Escape closes it");
	await page.mouse.move(0, 0);
	await link.focus();
	await page.keyboard.press("Shift+Tab");
	await page.keyboard.press("Tab");
	await box.waitFor();
	t.ok(await box.isVisible(), "the keyboard opens it, too");
	await page.keyboard.press("Enter");
	await page.waitForURL(`${site}source/virt/kvm/kvm_main.c.html#L5522`);
	t.is(await page.locator(":target").textContent(), "kvm_dev_ioctl(struct file *filp)\n", "Enter leads to the line in its file");
	await page.locator(".shown a[href='01-open.html#what-the-kernel-did']").first().waitFor();
	t.is(await page.title(), "virt/kvm/kvm_main.c · A small book", "which has the book's name");
	await checks.thin(page);
	t.none(await checks.axe(page), "axe finds nothing there");
	await t.close(page);
}
