// A test of the tests: pages that are wrong, each in one way, and right ones.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Test, partOf, root, test } from "./book.mjs";
import * as checks from "./checks.mjs";
import { compare } from "./kept.mjs";

const HEAD = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"></head>`;
const GOOD = `<body><main><h1>A page</h1><p id="a">Text with <a href="#a">a link</a>.</p>
<details><summary>More</summary><p>Folded.</p></details>
<button popovertarget="box" style="height: 24px">Open</button><div id="box" popover>Box</div></main></body></html>`;

// Opens a page with these contents, from a file as the book's are; where there
// is a PAGE, in that.
async function show(t, html, options = {}, page = null) {
	const folder = mkdtempSync(join(tmpdir(), "book-"));
	const url = pathToFileURL(join(folder, "page.html")).href;
	try {
		writeFileSync(join(folder, "page.html"), html.startsWith("<!DOCTYPE") ? html : HEAD + html);
		if (!page)
			return await t.open(url, { width: 400, problems: "expected", ...options });
		page.problems.length = 0;
		await page.goto(url);
		return page;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const axe = (page) => checks.axe(page);
const thinned = async (page) => {
	await checks.thin(page);
	return checks.axe(page);
};
// A check, what is wrong with a page, and what the check says of it.
const WRONG = [
	["sideways", checks.sideways, `<div style="width: 500px">wide</div>`, /is 5\d\d wide in a window of 400/],
	["scrolling", (page) => checks.scrolling(page, "table"), `<table style="display: block; width: 90px; overflow-x: auto"><tr><td>kvm_vm_ioctl_enable_dirty_log_ring()</td></tr></table>`, /table/],
	["lost", checks.lost, `<p style="position: absolute; left: 380px; width: 90px">beside</p>`, /outside: p/],
	["lost", checks.lost, `<p style="position: absolute; left: -30px; width: 90px">beside</p>`, /outside: p/],
	["lost", checks.lost, `<p style="width: 9ch; overflow: hidden; white-space: nowrap">more than fits here</p>`, /cut off: p/],
	["ids", checks.ids, `<p id="a">again</p>`, /"a" stands twice/],
	["ids", checks.ids, `<button popovertarget="nobody">Open</button>`, /popovertarget="nobody"/],
	["ids", checks.ids, `<p aria-describedby="a nobody">Text</p>`, /aria-describedby="nobody"/],
	["idle", checks.idle, `<button>Does nothing</button>`, /does nothing: <button/],
	["idle", checks.idle, `<a class="nowhere">Leads nowhere</a>`, /does nothing: <a/],
	["hidden", checks.hidden, `<p style="opacity: 0">not there</p>`, /not to be seen: <p/],
	["hidden", checks.hidden, `<p hidden>not there</p>`, /not to be seen: <p/],
	["moving", checks.moving, `<p style="transition: color 1s">slow</p>`, /transition of p/],
	["moving", checks.moving, `<style>@keyframes k { to { opacity: .5 } } .k::before { content: ""; animation: k 2s infinite }</style><p class="k">x</p>`, /animation of p.k::before/],
	["moving", checks.moving, `<style>html { scroll-behavior: smooth }</style>`, /html. scrolls smoothly/],
	["unprinted", checks.unprinted, ``, /stays folded: <p>Folded/],
	["unprinted", checks.unprinted, `<nav>Next</nav>`, /of no use on paper: <nav/],
	["popups", checks.popups, `<div id="broad" popover style="width: 700px">Box</div>`, /#broad is/],
	["axe", axe, `<img src="data:,">`, /image-alt/],
	["axe", axe, `<p style="color: #999">pale</p>`, /color-contrast/],
	["axe", axe, `<style>.s { display: block; width: 12px; height: 12px; padding: 0; border: 0 }</style><button class="s">a</button><button class="s">b</button>`, /target-size/],
	["axe", axe, `<div role="button" tabindex="0">Open <a href="#a">link</a></div>`, /nested-interactive/],
	["axe", axe, `<input>`, /label/],
	["axe of a thin page", thinned, `<ul>${`<li class="x">like others</li>`.repeat(9)}<li class="y" style="color: #999">pale</li>${`<li class="x">like others</li>`.repeat(9)}</ul>`, /color-contrast/],
	["axe of a thin page", thinned, `<details><summary>More</summary><p style="color: #999">pale</p></details>`, /color-contrast/],
	["axe of a thin page", thinned, `<div id="other" popover><p style="color: #999">pale</p></div>`, /color-contrast/],
];

test("checks find what is wrong", async (t) => {
	const page = await show(t, GOOD);
	for (const [name, check, wrong, said] of WRONG) {
		await show(t, GOOD.replace("</main>", `${wrong}</main>`), {}, page);
		t.like((await check(page)).join("\n"), said, `${name}: ${(wrong || "nothing for paper").slice(0, 90)}`);
	}
	for (const [name, html] of [["a title", GOOD.replace(/^/, HEAD.replace(/<title>.*<\/title>/, ""))], ["a language", GOOD.replace(/^/, HEAD.replace(` lang="en"`, ""))]]) {
		await show(t, html, {}, page);
		t.like((await checks.axe(page)).join("\n"), /document-title|html-has-lang/, `axe: a page without ${name}`);
	}
});

test("checks find nothing where nothing is wrong", async (t) => {
	const page = await show(t, GOOD);
	for (const name of ["sideways", "lost", "ids", "idle", "hidden", "moving", "popups", "axe"])
		t.none(await checks[name](page), name);
	await page.addStyleTag({ content: "button { display: none } ::details-content { content-visibility: visible; display: block; height: auto }" });
	t.none(await checks.unprinted(page), "unprinted");
	t.none(page.problems, "and the page has no complaint");
});

test("what a page complains about is seen", async (t) => {
	const complaints = [
		[`<script>console.error("one")</script>`, /console error: one/],
		[`<script>console.warn("two")</script>`, /console warning: two/],
		[`<script>throw new Error("three")</script>`, /error: three/],
		[`<script>Promise.reject(new Error("four"))</script>`, /error: four/],
		[`<img src="no.png" alt="">`, /failed: file:.*no\.png/],
		[`<img src="http://127.0.0.1:9/no.png" alt="">`, /another host: http:..127\.0\.0\.1:9/],
		[`<script>document.body.scrollIntoView({ behavior: "smooth" })</script>`, /motion: scrollIntoView/, { motion: "reduce" }],
		[`<script>document.body.animate([{ opacity: 0 }], 500)</script>`, /motion: animate/, { motion: "reduce" }],
	];
	const pages = {};
	for (const [wrong, said, options = { motion: "no-preference" }] of complaints) {
		pages[options.motion] = await show(t, GOOD.replace("</body>", `${wrong}</body>`), options, pages[options.motion]);
		const page = pages[options.motion];
		for (let tries = 0; tries < 100 && !said.test(page.problems.join("\n")); tries++)
			await page.evaluate(() => new Promise((yes) => setTimeout(yes, 50)));
		t.like(page.problems.join("\n"), said, wrong);
	}
});

test("dead links", (t) => {
	const one = (links, bare = []) => [{ url: "file:///a.html", ids: ["x", "x:1"], links, bare }];
	t.none(checks.dead(one(["file:///a.html", "file:///a.html#x", "file:///a.html#x%3A1", "https://example.org/#y"])), "none");
	t.like(checks.dead(one(["file:///b.html"])).join(), /no such page/, "no such page");
	t.none(checks.dead(one(["file:///b.pdf"]), (url) => url === "file:///b.pdf"), "... but a file that is there");
	t.like(checks.dead(one(["file:///a.html#y"])).join(), /no such place/, "no such place");
	t.like(checks.dead(one(["http://example.org/"])).join(), /neither/, "not https");
	t.like(checks.dead(one(["javascript:0"])).join(), /neither/, "a script");
	t.like(checks.dead(one([], ["<a>"])).join(), /without a place/, "a link without a place");
});

test("pictures", async (t) => {
	const page = await t.open("about:blank", { width: 560, height: 300 });
	const picture = async (inside) => {
		await page.setContent(`<body style="margin: 0; font: 12px/1.4 sans-serif">${inside}`);
		return page.screenshot();
	};
	const label = (x, text = "kvm_vcpu_ioctl()", color = "#000") => `<svg width="560" height="300"><rect x="20" y="20" width="180" height="40" fill="none" stroke="#333"/>
		<text x="${x}" y="44" fill="${color}">${text}</text></svg>`;
	const wrong = async (a, b) => (await compare(await picture(a), await picture(b))).wrong;
	t.is(await wrong(label(30), label(30)), "", "the same twice");
	t.is(await wrong(label(30), label(30.5)), "", "half a pixel, as Chromium pleases");
	t.like(await wrong(label(30), label(34)), /it looks different/, "four pixels");
	t.like(await wrong(label(30), label(30, undefined, "#888")), /it looks different/, "another color");
	t.like(await wrong(label(30), label(30, "kvm_device_ioctl()")), /it looks different/, "another name");
	t.like(await wrong(label(30), label(90)), /it looks different at \d+,(20|40)/, "a label that moved");
	t.like(await wrong(label(30), label(30, "")), /it looks different at \d+,(20|40)/, "a label that is gone");
	const wide = await page.screenshot();
	await page.setViewportSize({ width: 560, height: 301 });
	t.like((await compare(wide, await page.screenshot())).wrong, /560 by 301 pixels, and it was 560 by 300/, "another size");
});

test("a test that fails", async (t) => {
	const points = async (run) => {
		const one = new Test("one");
		await run(one);
		await one.finish();
		return one.points.map(({ passed }) => passed);
	};
	t.is(await points((one) => one.ok(0, "x")), [false], "ok");
	t.is(await points((one) => one.is([1], [2], "x")), [false], "is");
	t.is(await points((one) => one.is(undefined, null, "x")), [false], "is, of nothing");
	t.is(await points((one) => one.like("a", /b/, "x")), [false], "like");
	t.is(await points((one) => one.none(["a"], "x")), [false], "none");
	t.is(await points(() => {}), [false], "one without a point");
	t.is(await points(async (one) => {
		await show(one, GOOD.replace("</body>", `<script>console.error("x")</script></body>`), { problems: "none" });
		one.ok(1, "x");
	}), [true, false], "one whose page complains");
});

test("a part", (t) => {
	const names = ["a", "b", "c", "d", "e"];
	t.is(partOf(names, "1/1"), names, "one of one is all");
	t.is(["1/2", "2/2"].map((part) => partOf(names, part)), [["a", "c", "e"], ["b", "d"]], "two of two have each once");
	const refused = (part) => { try { partOf(names, part); return false; } catch (error) { return /is not K\/N/.test(error.message); } };
	t.is(["3/2", "0/2", "2", "1/2/3", ""].map(refused), [true, true, true, true, true], "what is none is refused");
});

test("run.mjs", (t) => {
	const run = (...words) => spawnSync(process.execPath, [join(root, "tests/browser/run.mjs"), ...words], { encoding: "utf8" });
	t.is(run("--help").status, 0, "--help");
	t.like(run("nobody").stderr, /no spec "nobody".*there are:.* tester/, "a spec that is not there");
	t.is(run("nobody").status, 2, "... is wrong usage");
	t.is(run("--jobs", "none", "theme").status, 2, "so is a number that is none");
	t.is(run("--only", "no test has this name", "theme").status, 1, "no test is no success");
});
