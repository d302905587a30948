// Call trees: the filter, the keyboard, links to calls, the inspector, modes.

import { lineOf, test } from "./book.mjs";
import * as checks from "./checks.mjs";

const TREE = "04-vcpu-tree.html";

// What the inspector would load; so the tests do not depend on the index.
const open = async (t, name, options) => {
	const page = await t.open(name, options);
	if (options?.script !== false)
		await page.evaluate(() => {
			window.NAMES = { kvm_share_hyp: { place: "arch/arm64/kvm/mmu.c:533", chapters: { 3: "", 4: "sharing-three-times" }, called: { 3: -1, 4: 35, 5: 0 } } };
			window.CHAPTERS = { 3: "03-vm", 4: "04-vcpu", 5: "05-max-vcpus" };
		});
	return page;
};

// The rows in sight, of the whole page or of what is chosen.
const seen = (page, within = ".kvt-tree") => page.evaluate((selector) =>
	[...document.querySelector(selector).querySelectorAll(calls.ROW)].filter((row) => row.checkVisibility())
		.map((row) => calls.name(row)), within);
const current = (page) => page.evaluate(() => calls.name(document.activeElement));
const chosen = (page) => page.evaluate(() => calls.name(document.querySelector(".kvt-tree .chosen")));
const row = (page, name) => page.locator(".kvt-tree").locator(".row:visible, li.leaf:visible")
	.filter({ has: page.locator(`xpath=./a[text()="${name}"]`) }).first();
const choose = (page, name) => row(page, name).locator(":scope > .args").click();

// The line that the walks and the first page are about.
const creates = `04-vcpu.c:${lineOf("04-vcpu.c", "KVM_CREATE_VCPU")}`;

test("the filter", async (t) => {
	const page = await open(t, TREE);
	const field = page.locator(".filter");
	const before = await seen(page);
	await field.fill("SHARE_hyp");
	await page.locator(".filtered").waitFor();
	const matching = await page.evaluate(() => {
		calls.build(calls.trees[0]);
		return calls.rows(calls.trees[0]).filter((one) => /share_hyp/.test(calls.text(one))).length;
	});
	t.like(await page.locator(".matches").textContent(), new RegExp(`^${matching} calls match$`), "says how many match");
	const shown = await seen(page);
	t.is(shown.filter((name) => /share_hyp/.test(name)).length, matching, "all of them are in sight");
	t.ok(shown.includes("kvm_arch_vcpu_create"), "with what they are below");
	t.ok(!shown.includes("kvm_timer_vcpu_init"), "and without the rest");
	await field.press("Enter");
	t.is(await page.locator(".matches").textContent(), `Match 1 of ${matching}`, "Enter goes to a match");
	t.is(await chosen(page), "kvm_share_hyp", "which is marked");
	await field.press("Shift+Enter");
	t.is(await page.locator(".matches").textContent(), `Match ${matching} of ${matching}`, "with Shift to the one before");
	await field.fill("vcpu#0 kvm_timer");
	t.ok((await seen(page)).includes("kvm_timer_vcpu_init"), "several words, in name and arguments");
	await field.fill("no_such_thing");
	t.is([await page.locator(".matches").textContent(), (await seen(page)).length], ["No match", 0], "no match is said");
	await field.press("Escape");
	t.is([await field.inputValue(), await page.locator(".matches").textContent()], ["", ""], "Escape clears");
	t.is(await seen(page), before, "and what was folded is folded again");
	await field.fill("kvm_vgic_vcpu_init");
	await field.press("Enter");
	await field.press("Escape");
	t.ok((await seen(page)).includes("kvm_vgic_vcpu_init"), "but a match that was gone to stays in sight");
	await page.getByRole("button", { name: "Expand all" }).click();
	t.is(await page.locator(".kvt-tree li > details:not([open])").count(), 0, "all can be unfolded");
	await page.getByRole("button", { name: "Fold", exact: true }).click();
	t.is(await page.locator(".kvt-tree li > details[open]").count(), 0, "and folded");
});

test("the keyboard", async (t) => {
	const page = await open(t, "04-vcpu.html");
	await page.locator(".tree-bar button").nth(3).first().focus();
	await page.keyboard.press("Tab");
	t.is(await current(page), "KVM_CREATE_VCPU", "Tab goes to the first row");
	await page.keyboard.press("ArrowDown");
	t.is(await current(page), "… through __arm64_sys_ioctl, vfs_ioctl", "the arrows lead down");
	await page.keyboard.press("ArrowDown");
	t.is(await current(page), "kvm_vm_ioctl", "from row to row");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("Enter");
	await page.keyboard.press("ArrowDown");
	t.is(await current(page), "__arm64_sys_ioctl", "Enter opens what a row goes through");
	await page.keyboard.press("ArrowLeft");
	t.is(await current(page), "… through __arm64_sys_ioctl, vfs_ioctl", "left goes back to the row");
	await page.keyboard.press("Enter");
	await page.keyboard.press("ArrowLeft");
	t.is([await current(page), (await seen(page)).length], ["… through __arm64_sys_ioctl, vfs_ioctl", 2], "left folds");
	await page.keyboard.press("ArrowLeft");
	t.is(await current(page), "KVM_CREATE_VCPU", "then goes to the caller");
	await page.keyboard.press("End");
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowRight");
	t.is(await current(page), "kvm_vm_ioctl", "right unfolds, then goes in");
	await page.keyboard.press("Tab");
	t.is(await page.evaluate(() => document.activeElement.className), "fn", "Tab goes to the links of the row");
	await page.keyboard.press("Tab");
	t.is(await page.evaluate(() => document.activeElement.textContent), "#", "and to the one that leads to it");
	t.is(await page.evaluate(() => document.querySelectorAll(".kvt-tree")[0].querySelectorAll("[tabindex='0']").length), 5,
		"and to its switch, and to no others of the tree");
	await page.keyboard.press("Shift+Tab");
	await page.keyboard.press("Shift+Tab");
	t.is(await current(page), "kvm_vm_ioctl", "and back to the row");
	await page.keyboard.press("Space");
	t.ok(!(await seen(page)).includes("kvm_vm_ioctl_create_vcpu"), "Space folds");
	await page.keyboard.press("Home");
	await page.keyboard.press("*");
	t.is(await page.locator(".kvt-tree").first().locator("li > details:not([open])").count(), 0, "* unfolds all below");
	t.is(await page.locator(".kvt-tree").first().locator("[role]:not(.named)").count(), 0, "the tree is a list of lists to who does not see it");
	const help = page.locator(".tree-bar").first();
	await help.getByRole("button", { name: "Keys of the tree" }).click();
	t.ok(await help.locator(".tree-help").isVisible(), "a text says so");
});

test("links to calls", async (t) => {
	let page = await open(t, TREE);
	const field = page.locator(".filter");
	await field.fill("kvm_share_hyp vcpu#0");
	await field.press("Enter");
	await field.press("Escape");
	const marked = page.locator(".chosen");
	await marked.hover();
	await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
	await marked.locator(".here").click();
	const url = page.url();
	t.like(url, /04-vcpu-tree\.html#04-vcpu\/KVM_CREATE_VCPU\/\S+\/kvm_share_hyp$/, "a sign at a row puts a link to it into the address bar");
	await page.waitForFunction(() => "copied" in window);
	t.is(await page.evaluate(() => window.copied), url, "and into the clipboard");
	page = await open(t, `${TREE}${new URL(url).hash}`);
	t.is(await chosen(page), "kvm_share_hyp", "who comes by it is led there");
	t.ok(await page.locator(".chosen").evaluate((one) => {
		const { top, bottom } = one.getBoundingClientRect();
		return one.checkVisibility() && top >= 0 && bottom <= innerHeight;
	}), "and sees it");
	t.is(await page.locator(".chosen > .args").textContent(), "(from=vcpu#0, to=vcpu#0+0x1ca0)", "it is the call");
	page = await open(t, `${TREE}#04-vcpu/KVM_CREATE_VCPU/no_such_function`);
	t.is(await chosen(page), "KVM_CREATE_VCPU", "of a call that is not there any more there is the system call");

	const anchors = (name) => open(t, name).then((one) => one.evaluate(() => {
		calls.trees.forEach((tree) => calls.build(tree));
		return calls.trees.flatMap(calls.rows).map((each) => calls.kind(each) && calls.anchor(each)).filter(Boolean);
	}));
	const whole = await anchors("13-faults-tree.html");
	t.is(new Set(whole).size, whole.length, `${whole.length} calls of a capture have as many links`);
	t.ok(whole.every((one) => one.length < 160), "none of which is long");
	const chapter = (await anchors("11-run.html")).filter((one) => /^11-run\//.test(one));
	const all = new Set(await anchors("11-run-tree.html"));
	t.none([...new Set(chapter)].filter((one) => !all.has(one)), `the ${chapter.length} calls that chapter 11 shows have the same links as in the whole capture`);
});

test("the inspector", async (t) => {
	const page = await open(t, "04-vcpu.html");
	const panel = page.locator(".inspector");
	await choose(page, "kvm_share_hyp");
	t.is(await panel.locator("h2").textContent(), "kvm_share_hyp()", "a click on a row shows what it is");
	t.is(await panel.locator("a", { hasText: "arch/arm64/kvm/mmu.c:533" }).count(), 1, "where it is");
	t.is(await panel.locator("a", { hasText: /^arch\/arm64\/kvm\/arm.c:496$/ }).count(), 1, "where it was called");
	t.is(await panel.locator("dd > code").allTextContents(), ["from=vcpu#0", "to=vcpu#0+0x1ca0", "0"], "its arguments, one a line, and its result");
	t.is(await panel.locator(`a[href='#${creates}']`).count(), 1, "the line that caused it");
	await panel.locator("a[href='functions.html#kvm_share_hyp']").waitFor();
	t.is(await panel.locator("dd").last().textContent(), "named in chapter 3, 4; called in 3, 4, 5; all of it", "where the book has it");
	t.is(await panel.locator("dd").last().locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
		["03-vm.html", "04-vcpu.html#sharing-three-times", "03-vm.html", "04-vcpu-tree.html#tree-04-vcpu.c:35", "05-max-vcpus-tree.html",
			"functions.html#kvm_share_hyp"], "each a link to the place");

	await panel.getByRole("button", { name: "Mark all calls with vcpu#0" }).click();
	const touching = await page.locator(".touching").evaluateAll((rows) => rows.map((one) => one.textContent.includes("vcpu#0")));
	t.ok(touching.length > 3 && touching.every(Boolean), "all that touches an object can be marked");
	await panel.getByRole("button", { name: /^(Next|First) call with vcpu#0$/ }).click();
	t.ok(await page.locator(".chosen").evaluate((one) => one.textContent.includes("vcpu#0")), "and one goes from each to the next");
	t.ok(await chosen(page) !== "kvm_share_hyp", "which is another");
	await choose(page, "kvm_arch_vcpu_create");
	await panel.getByRole("button", { name: "kvm_vm_ioctl_create_vcpu" }).click();
	t.is(await chosen(page), "kvm_vm_ioctl_create_vcpu", "it leads to the caller");
	await panel.getByRole("button", { name: "Close" }).click();
	t.ok(await panel.isHidden(), "it can be closed");

	await row(page, "kvm_vgic_vcpu_init").focus();
	await page.keyboard.press("i");
	t.is(await page.evaluate(() => document.activeElement.textContent), "kvm_vgic_vcpu_init()", "a key opens it, and goes in");
	await page.keyboard.press("Escape");
	t.is([await panel.isHidden(), await current(page)], [true, "kvm_vgic_vcpu_init"], "Escape closes it, and goes back");

	await page.locator(".kvt-tree .sys b").first().click();
	t.is(await page.locator(".line.caused").getAttribute("id"), creates, "a system call marks its line");
	await page.keyboard.press("Escape");
	await page.locator(`a.woke[href='#tree-${creates}']`).first().click();
	t.is(await chosen(page), "KVM_CREATE_VCPU", "the number of a line marks its tree");
	t.ok(await panel.isVisible(), "and says more");
});

test("folding with the pointer", async (t) => {
	const page = await open(t, "04-vcpu.html");
	const one = row(page, "kvm_arch_vcpu_create");
	const isOpen = () => one.evaluate((box) => calls.details(box).open);
	await one.locator("xpath=../details/summary").click();
	t.is([await isOpen(), await page.locator(".inspector").count()], [false, 0], "the triangle folds, and no more");
	await choose(page, "kvm_arch_vcpu_create");
	t.is([await isOpen(), await page.locator(".inspector").count()], [true, 1], "the row unfolds, and says what it is");
	await choose(page, "kvm_arch_vcpu_create");
	t.is(await isOpen(), false, "a second click folds it");
});

test("on a phone", async (t) => {
	const page = await open(t, "11-run.html", { width: 400, height: 800, theme: "dark" });
	await choose(page, "kvm_vcpu_ioctl");
	const { x, y, width, height } = await page.locator(".inspector").boundingBox();
	t.is([x, width, Math.round(y + height)], [0, 400, 800], "the inspector is a sheet at the bottom");
	t.ok((await page.locator(".chosen").boundingBox()).y < y, "which leaves its row in sight");
	t.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "and nothing makes the page wider");
	await t.screenshot(page, "inspector");
});

test("modes", async (t) => {
	let page = await open(t, "04-vcpu.html");
	const figure = page.locator("figure.modes").first();
	const tab = (name) => figure.getByRole("tab", { name });
	const panels = () => figure.locator(".capture").evaluateAll((all) => all.map((one) => one.checkVisibility()));
	t.is(await panels(), [true, true, true], "stand side by side at first");
	t.is(await tab("Side by side").getAttribute("aria-selected"), "true", "as the tab says");
	t.is(await figure.locator(".only-in").allTextContents(), ["only in nVHE mode", "only in protected mode", "only in protected mode"], "what one mode has alone says so");
	await tab("nVHE").click();
	t.is(await panels(), [false, true, false], "a tab shows one");
	await page.keyboard.press("ArrowRight");
	t.is(await panels(), [false, false, true], "the arrows go to the next");
	t.is(await page.evaluate(() => document.activeElement.textContent), "Protected", "with the focus");
	t.is(await figure.getByRole("tabpanel").getAttribute("aria-labelledby"), await tab("Protected").getAttribute("id"), "which names the panel");
	await page.goto(new URL("03-vm.html", t.site).href);
	t.is(await page.locator("figure.modes [aria-selected=true]").textContent(), "Protected", "another page keeps it");
	await page.goto(new URL("11-run.html", t.site).href);
	t.is(await page.locator("figure.modes [aria-selected=true]").textContent(), "Protected", "where it has that mode");
	page = await open(t, "04-vcpu.html", { width: 400 });
	t.is(await page.locator("figure.modes").first().locator("[aria-selected=true]").textContent(), "VHE", "a narrow page begins with the first");
	const anchor = await page.evaluate(() => calls.anchor(calls.rows(document.querySelector(".kvt-tree[data-mode=nvhe]")).find(calls.kind)));
	t.like(anchor, /^04-vcpu\.nvhe\/KVM_CREATE_VCPU\/.*\/kvm_share_hyp$/, "a link names the mode");
	await page.goto(new URL(`04-vcpu.html#${anchor}`, t.site).href);
	await page.locator(".kvt-tree[data-mode=nvhe] .chosen").waitFor();
	t.is(await page.locator("figure.modes").first().locator("[aria-selected=true]").textContent(), "nVHE", "and shows it to who comes by it");
});

test("copying", async (t) => {
	const page = await open(t, "01-open.html");
	await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
	const copy = async (where) => {
		await page.locator(where).first().locator("button.copy").click();
		return page.evaluate(() => window.copied);
	};
	const listing = await copy(".listing:has(.before)");
	t.like(listing, /^\t\S.*;\n/, "a listing is copied with its tabs, without line numbers and what is faded");
	t.is(await page.locator("p.aloud").textContent(), "Copied", "which is said");
	t.like(await copy(".output"), /^open \/dev\/kvm: file descriptor 3\n[^]*\n$/, "what a program prints");
	t.like(await copy(".how"), /^build\/kvt\/kvt show .*\.kvt$/, "a command, which waits for the reader's Enter");
	t.is(await page.evaluate(async () => {
		navigator.clipboard.writeText = async () => { throw new Error("no"); };
		document.execCommand = () => false;
		const button = document.querySelector(".output button.copy");
		const changed = new Promise((done) => new MutationObserver(() => {
			if (button.textContent.startsWith("Not"))
				done(button.textContent);
		}).observe(button, { childList: true }));
		button.click();
		return changed;
	}), "Not copied", "a browser that does not let the page copy is not passed over");
});

test("without the script", async (t) => {
	const page = await open(t, "04-vcpu.html", { script: false });
	for (const what of [".tree-bar", ".tabs", "button.copy", ".kvt-tree .here", ".inspector"])
		t.is(await page.locator(what).count(), 0, `there is no ${what}`);
	t.is(await page.locator("figure.modes .capture").count(), 3, "modes stand side by side");
	const tree = page.locator(".kvt-tree").first();
	await tree.locator("li > details > summary").first().click();
	t.is(await tree.locator(".row:visible").count(), 1, "trees fold");
	await tree.locator("li > details > summary").first().click();
	await tree.locator(".steps > summary").first().click();
	t.is(await tree.locator(".step:visible").count(), 2, "levels in a row open to their places");
	t.is(await tree.locator(".gap:visible").count(), 0, "what no tracer saw is not shown");
	await tree.locator(".dark > summary").click();
	t.ok(await tree.locator(".gap:visible").count() > 2, "until somebody wants it");
	const all = await open(t, "11-run-tree.html", { script: false });
	t.is(await all.locator("figure.trace noscript").count() > 10, true, "of a whole capture");
	const later = all.locator("figure.trace li:has(> details > noscript)").first();
	t.ok(!await later.locator("noscript .row, noscript .leaf").first().isVisible(), "what is below a system call is folded");
	await later.locator(":scope > details > summary").click();
	t.ok(await later.locator("noscript .row, noscript .leaf").first().isVisible(), "all is there and opens");
});

test("rows that are open at first", async (t) => {
	const page = await open(t, "11-run.html");
	const counts = await page.evaluate(() => [...document.querySelectorAll("figure.trace .kvt-tree[data-capture]")]
		.map((tree) => [calls.rows(tree).filter((one) => one.checkVisibility()).length, calls.rows(tree).length]));
	t.none(counts.filter(([shown]) => shown > 30), `thirty at most of each of ${counts.length} trees`);
	t.ok(counts.some(([, all]) => all > 100), "even of long ones");
	const named = await page.evaluate(() => calls.trees.flatMap(calls.rows).filter((one) => calls.part(one, ".named")).map((one) => {
		one.scrollIntoView();
		return [calls.name(one), one.checkVisibility(), getComputedStyle(calls.part(one, ".fn, .ev, .steps")).fontWeight];
	}));
	t.ok(named.length > 20 && named.filter(([, shown]) => shown).length > named.length / 2, "most calls that the text names are among them");
	t.is(await page.locator(".named").first().getAttribute("aria-label"), "named in the text: ", "with a sign that can be heard");
});

test("a whole capture is built when it is opened", async (t) => {
	let page = await open(t, "13-faults-tree.html");
	const tree = page.locator(".kvt-tree");
	t.ok(await page.evaluate(() => document.querySelectorAll("*").length < 1500), "at first there are the system calls");
	t.ok(await tree.locator("noscript").count() > 30, "and the rest as text");
	const details = await tree.locator("li > details:has(noscript)").first().elementHandle();
	await details.evaluate((one) => one.firstElementChild.focus());
	await page.keyboard.press("Space");
	t.ok(await details.evaluate((one) => one.open && one.lastElementChild.firstElementChild.checkVisibility()), "the switch builds what is below");
	t.is(await details.evaluate((one) => one.querySelectorAll("noscript").length), 0, "once");
	t.is(await tree.locator("summary[aria-label=below]").count(), 0, "and its switches have names");
	const closed = tree.locator("li:has(> details > noscript) > .row");
	await closed.first().locator(".sys").click();
	t.is(await page.locator(".inspector h2 code").textContent(), await page.evaluate(() => calls.name(document.querySelector(".chosen"))), "so does a click on the row");
	t.ok(await page.locator("li:has(> .chosen) > details > ul > li").first().isVisible(), "which opens");
	await page.keyboard.press("Escape");
	await page.locator(".filter").fill("kvm_pgtable_stage2_map");
	await page.locator(".hit").first().waitFor();
	t.is(await page.evaluate(() => calls.rows(calls.trees[0]).filter((one) => calls.text(one).includes("kvm_pgtable_stage2_map") && !one.checkVisibility()).length), 0, "the filter finds what was not built");
	t.ok(await tree.locator("noscript").count() > 10, "and builds no more than that");
	await page.locator(".filter").fill("");
	await page.getByRole("button", { name: "Expand all" }).click();
	t.is([await tree.locator("noscript").count(), await tree.locator("li > details:not([open])").count()], [0, 0], "all of it can be opened");
	const anchor = await page.evaluate(() => calls.anchor(calls.rows(calls.trees[0]).filter((one) => calls.name(one) === "user_mem_abort").at(-1)));
	page = await open(t, `13-faults-tree.html#${anchor}`);
	t.is(await chosen(page), "user_mem_abort", "a link to a call builds it");
	t.is(await page.evaluate(() => calls.anchor(document.querySelector(".chosen"))), anchor, "and leads to that one");
	await page.keyboard.press("i");
	await page.locator(".inspector").getByRole("button", { name: /^Mark all calls with vcpu#/ }).click();
	t.ok(await page.locator(".touching").count() > 100, "all calls with an object can be marked, built or not");
});

test("what no tracer saw", async (t) => {
	const page = await open(t, "04-vcpu.html");
	const gaps = () => page.locator(".kvt-tree .gap:visible").count();
	const button = page.getByRole("button", { name: "show what no tracer saw" }).first();
	t.is([await gaps(), await button.getAttribute("aria-pressed")], [0, "false"], "is not shown at first");
	await button.click();
	t.ok(await gaps() > 3, "a button shows it");
	t.is(await page.locator(".dark:not([open])").count(), 0, "in all trees of the page");
	await page.goto(new URL("03-vm.html", t.site).href);
	t.ok(await gaps() > 3, "and on the next page");
	await page.locator(".dark > summary").first().click();
	await page.waitForFunction(() => !document.querySelector(".dark[open]"));
	t.is([await gaps(), await button.getAttribute("aria-pressed")], [0, "false"], "the switch below a tree hides it");
	await page.reload();
	t.is(await gaps(), 0, "for good");
});

test("ancestors stick", async (t) => {
	const page = await open(t, "11-run-tree.html");
	await page.getByRole("button", { name: "Expand all" }).click();
	const said = await page.evaluate(() => {
		const deep = calls.rows(calls.trees[0]).filter((one) => calls.name(one) === "kvm_handle_guest_abort").at(-1);
		deep.scrollIntoView({ block: "center" });
		const above = [];
		for (let item = deep.closest("li").parentElement.closest("li"); item; item = item.parentElement.closest("li"))
			above.unshift(item.firstElementChild);
		const bar = document.querySelector(".tree-bar").getBoundingClientRect();
		const seen = (row) => {
			const { left, top, height } = row.getBoundingClientRect();
			return row.contains(document.elementFromPoint(left + 60, top + height / 2));
		};
		const header = document.querySelector("header.top").getBoundingClientRect();
		return { bar: Math.round(bar.top - header.bottom), levels: above.length, seen: above.slice(0, 4).map(seen), last: seen(above[4]), tops: above.slice(0, 4).map((row) => Math.round(row.getBoundingClientRect().top - bar.bottom)) };
	});
	t.ok(said.levels > 5, `a call with ${said.levels} rows above it`);
	t.is([said.bar, said.seen], [0, [true, true, true, true]], "the first four are in sight below the bar, which is below the header");
	t.ok(said.tops.every((top, at) => top >= at * 24 - 4 && top <= at * 24 + 8), "one under the other", JSON.stringify(said));
});

test("the card about a call", async (t) => {
	for (const [width, height] of [[1440, 900], [1920, 1080], [390, 844]]) {
		const page = await open(t, "11-run.html", { width, height });
		const rows = await page.locator("figure.trace .kvt-tree").nth(5).locator(".leaf:visible, .row:visible").elementHandles();
		for (const one of [rows.at(-1), rows[2]]) {
			await one.evaluate((row) => row.scrollIntoView({ block: "end" }));
			await one.dispatchEvent("click");
			const card = await page.locator(".inspector").boundingBox();
			const box = await one.boundingBox();
			t.ok(box.y + box.height <= card.y + 1, `covers no row that it is about, ${width} wide`);
		}
		t.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "and nothing makes the page wider");
		const field = page.locator("figure.trace:has(.chosen) .filter");
		await field.fill("no_such_call");
		t.ok(await page.locator(".inspector").isHidden(), "it goes when its row is filtered out");
		await t.close(page);
	}
	const page = await open(t, "04-vcpu.html");
	await choose(page, "kvm_share_hyp");
	await page.locator("li > details > summary").first().click();
	await page.locator(".inspector").waitFor({ state: "hidden" });
	t.ok(await page.locator(".inspector").isHidden(), "and when it is folded away");
});

test("one row a call, 390 wide", async (t) => {
	const page = await open(t, "11-run.html", { width: 390, height: 844 });
	// A walk shows one call at a time, with its places; a difference wraps where it has a note.
	const rows = () => page.evaluate(() => calls.trees.filter((tree) => tree.closest(".trace") && !tree.closest(".kvt-diff")).flatMap(calls.rows).filter((one) => one.checkVisibility() && !one.matches(".more, .gap"))
		.map((one) => [calls.name(one), one.getBoundingClientRect().height, one.scrollWidth > one.clientWidth + 1]));
	const all = await rows();
	t.ok(all.length > 100, `${all.length} rows in sight`);
	t.none(all.filter(([, height, cut]) => height > 25 || cut), "each is one line");
	t.is(await page.locator(".trace .kvt-tree .loc:visible").count(), 0, "places are in the card");
	t.ok(await page.locator(".trace .kvt-tree .args:visible", { hasText: "vcpu=vcpu#0" }).first().evaluate((one) => one.innerText.startsWith("(vcpu#0")), "vcpu=vcpu#0 is vcpu#0");
	await page.locator(".kvt-tree .steps > summary").first().click();
	t.ok(await page.locator(".kvt-tree .step").first().isVisible(), "what a row goes through opens");
	await page.locator(".kvt-tree .step .unseen, .kvt-tree .step .inlined").first().click({ position: { x: 2, y: 4 } });
	// The header lies over what is at the top of the window, and the card at the bottom.
	await page.keyboard.press("Escape");
	await page.evaluate(() => scrollTo(0, 0));
	t.none(await checks.axe(page, { rules: ["nested-interactive", "scrollable-region-focusable", "target-size", "summary-name"] }), "axe finds no control in another, and no box that only a mouse can scroll");
});

test("the number of a line, 390 wide", async (t) => {
	const page = await t.open("11-run.html", { width: 390 });
	const badges = await page.locator("a.woke").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => {
		const code = document.createRange();
		code.selectNodeContents(one.closest(".line"));
		code.setEndBefore(one);
		const text = [...code.getClientRects()].filter(({ width }) => width > 0);
		return [one.getBoundingClientRect().right, Math.min(...text.map(({ left }) => left))];
	}));
	t.ok(badges.length > 5, `${badges.length} lines have one`);
	t.none(badges.filter(([right, left]) => right > left), "it covers no code");
});

test("differences fit the window", async (t) => {
	const page = await open(t, "11-run.html", { width: 1920, height: 1080 });
	const boxes = await page.evaluate(() => [...document.querySelectorAll(".beside > .trace")].map((one) => one.getBoundingClientRect().height));
	t.ok(boxes.length > 1, `${boxes.length} trees stand beside the text`);
	t.none(boxes.filter((height) => height > 1080), "none is higher than the window");
});

for (const [theme, width] of [["light", 1280], ["dark", 1280], ["light", 1700]])
	test(`as it looks, ${theme}, ${width} wide`, async (t) => {
		const page = await open(t, "04-vcpu.html", { theme, width });
		await choose(page, "kvm_arch_vcpu_create");
		await t.screenshot(page, "tree");
		await page.locator("figure.modes").first().scrollIntoViewIfNeeded();
		await t.screenshot(page, "modes");
	});
