// Walks and sketches: one step at a time, the arrow keys, links to steps, what
// is marked with a step; all of it without JavaScript.

import { lineOf, pages, test } from "./book.mjs";

const PAGE = "04-vcpu.html";
const STEPS = 9;

const current = (page) => page.evaluate(() =>
	[...document.querySelectorAll(".walk-step")].filter((step) => step.checkVisibility()).map(({ id }) => id));
const status = (page) => page.locator(".walk-bar .at").first().textContent();
const walk = (page) => page.locator(".walk-through").first();
const hash = (page) => page.evaluate(() => location.hash);

// The line that the walks and the first page are about.
const creates = `04-vcpu.c:${lineOf("04-vcpu.c", "KVM_CREATE_VCPU")}`;

test("one step at a time", async (t) => {
	const page = await t.open(PAGE);
	t.is([await current(page), await status(page)], [["walk-1"], `Step 1 of ${STEPS}`], "the first step alone is in sight");
	t.is(await page.locator(".walked").count(), 0, "and nothing is marked before the reader begins");
	await page.getByRole("button", { name: "Next" }).click();
	t.is([await current(page), await status(page), await hash(page)], [["walk-2"], `Step 2 of ${STEPS}`, "#walk-2"], "Next goes on, and the address knows");
	t.is(await page.locator(".walk-bar .at").first().getAttribute("aria-live"), "polite", "who does not see it is told");
	await page.getByRole("button", { name: "Previous" }).click();
	t.is(await current(page), ["walk-1"], "Previous goes back");
	await page.getByRole("button", { name: "Previous" }).click({ force: true });
	t.is([await current(page), await page.getByRole("button", { name: "Previous" }).getAttribute("aria-disabled")], [["walk-1"], "true"], "but not beyond the first");
	await page.getByRole("button", { name: "All steps" }).click();
	t.is((await current(page)).length, STEPS, "all steps can be seen");
	t.is(await page.locator(".walk-bar button:visible").count(), 1, "then there is nothing to go to");
	await page.getByRole("button", { name: "One by one" }).click();
	t.is(await current(page), ["walk-1"], "and one by one again");
});

test("the arrow keys", async (t) => {
	const page = await t.open(PAGE);
	await page.keyboard.press("End");
	t.is(await current(page), ["walk-1"], "elsewhere on the page they do nothing to it");
	await walk(page).focus();
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowRight");
	t.is(await current(page), ["walk-3"], "right goes on");
	await page.keyboard.press("ArrowLeft");
	t.is(await current(page), ["walk-2"], "left goes back");
	await page.keyboard.press("End");
	await page.keyboard.press("ArrowRight");
	t.is(await current(page), [`walk-${STEPS}`], "End goes to the last, and no key further");
	await page.keyboard.press("Home");
	t.is(await current(page), ["walk-1"], "Home to the first");
	await page.keyboard.press("Control+ArrowRight");
	t.is(await current(page), ["walk-1"], "with Control they are the browser's");
	t.ok(await page.evaluate(() => document.activeElement.matches(".walk-through")), "the focus stays");
});

test("what is marked with a step", async (t) => {
	const page = await t.open(PAGE);
	await walk(page).focus();
	for (let step = 1; step < 4; step++)
		await page.keyboard.press("ArrowRight");
	const marked = () => page.evaluate(() => [...document.querySelectorAll(".walked")].map((one) =>
		one.matches(".line") ? one.id : calls.name(one)));
	t.is(await marked(), [creates, "kvm_arch_vcpu_precreate"], "the line of the program and the row of the tree");
	await page.keyboard.press("ArrowRight");
	t.is(await marked(), [creates, "kvm_arch_vcpu_create"], "with the next step, others");
	const top = () => walk(page).evaluate((figure) => Math.round(figure.getBoundingClientRect().top));
	await page.getByRole("button", { name: "Fold", exact: true }).first().click();
	await walk(page).focus();
	const before = await top();
	await page.keyboard.press("ArrowRight");
	t.is([await top(), (await marked()).at(-1)], [before, "kvm_timer_vcpu_init"], "a tree that unfolds above does not move the walk");
	await page.locator(".walk-step[aria-current] .walk-row").first().click();
	// The browser tells of a new place when the click is over.
	await page.locator(".kvt-tree .chosen").first().waitFor();
	t.is(await page.evaluate(() => calls.name(document.querySelector(".kvt-tree .chosen"))), "kvm_timer_vcpu_init", "a link leads to the row");
	await page.getByRole("button", { name: "All steps" }).click();
	t.is(await marked(), [], "with all steps nothing is marked");
});

// The boxes of the pictures of objects that are in sight, and those that are new.
const drawn = (page) => page.evaluate(() => {
	const boxes = (selector) => [...document.querySelectorAll(`.walk-picture ${selector} [font-weight=bold]`)]
		.filter((box) => box.checkVisibility()).map((box) => box.textContent);
	return [boxes(".node"), boxes(".node.new")];
});

test("the picture of each step", async (t) => {
	const page = await t.open(PAGE);
	const [before, made] = [["3:system", "4:vm", "kvm#0", "pgtable#0", "s2_mmu#0"], "vcpu#0"];
	const sorted = async () => (await drawn(page)).map((names) => names.sort());
	t.is(await sorted(), [before, []], "the first is there before the reader begins");
	await walk(page).focus();
	const height = () => page.locator(".walk-picture:visible svg").evaluate((svg) => svg.clientHeight);
	const first = await height();
	for (let step = 1; step < 5; step++)
		await page.keyboard.press("ArrowRight");
	t.is(await sorted(), [[...before, made], [made]], "at the step that makes an object it is new");
	t.is(await height(), first, "the picture stays as high as it was");
	await page.keyboard.press("ArrowRight");
	t.is(await sorted(), [[...before, made], []], "at the next step it is not");
	await page.getByRole("button", { name: "All steps" }).click();
	t.is((await sorted())[1], ["5:vcpu"], "with all steps the last picture is there, alone");
	await page.getByRole("button", { name: "One by one" }).click();
	t.is(await sorted(), [[...before, made], []], "and one by one that of the step again");
	const link = await t.open(`${PAGE}#walk-5`);
	t.is((await drawn(link))[1], [made], "a link to a step has its picture");
});

test("links to steps", async (t) => {
	const page = await t.open(`${PAGE}#walk-5`);
	t.is([await current(page), await status(page)], [["walk-5"], `Step 5 of ${STEPS}`], "a link opens its step");
	t.ok(await walk(page).evaluate((figure) => {
		const { top, bottom } = figure.getBoundingClientRect();
		return top >= 0 && bottom <= innerHeight;
	}), "which is in sight");
	await page.evaluate(() => { location.hash = "#walk-7"; });
	await page.waitForFunction(() => document.querySelector("#walk-7").checkVisibility());
	t.is(await current(page), ["walk-7"], "and so does the next one");
});

test("all steps lead to their rows", async (t) => {
	const trees = new Map();
	for (const name of pages(/-tree\.html$|^\./)) {
		const page = await t.open(name);
		for (const href of await page.evaluate(() => [...document.querySelectorAll(".walk-row[href*='-tree.html']")]
			.map((link) => link.getAttribute("href")))) {
			const [tree, anchor] = href.split("#");
			trees.set(tree, [...trees.get(tree) ?? [], anchor]);
		}
		await page.context().close();
	}
	t.ok(trees.size > 2, `there are some in ${trees.size} trees`);
	const wrong = [];
	for (const [tree, anchors] of trees) {
		const page = await t.open(tree);
		wrong.push(...await page.evaluate((all) => all.filter((anchor) => {
			const row = calls.find(anchor);
			if (row)
				return calls.anchor(row) !== anchor;
			// A page that leaves out what is deep has the system call.
			const system = calls.find(anchor.split("/", 2).join("/"));
			return !system || !calls.treeOf(system).querySelector(".more");
		}), anchors));
		await page.context().close();
	}
	t.is(wrong, [], "kvt makes the links that the script makes");
});

test("without JavaScript", async (t) => {
	const page = await t.open(PAGE, { script: false });
	t.is(await page.locator(".walk-step:visible").count(), STEPS, "a walk is a list of all its steps");
	t.is(await page.locator(".walk-bar").count(), 0, "without buttons");
	t.is((await drawn(page))[1], ["5:vcpu"], "and the last picture of objects");
	const ran = page.locator(".sketch-ran").first();
	await ran.locator("summary").click();
	t.ok(await ran.locator(".kvt-tree").isVisible(), "a step of a sketch opens what ran");
});

test("on a phone, and in print", async (t) => {
	const page = await t.open(PAGE, { width: 390 });
	t.is(await page.evaluate(() => document.scrollingElement.scrollWidth), 390, "the page does not scroll sideways");
	const print = await t.open(PAGE, { media: "print" });
	t.is(await print.locator(".walk-step:visible").count(), STEPS, "on paper all steps are there");
	t.is(await print.locator(".walk-bar:visible").count(), 0, "and no buttons");
	t.is((await drawn(print))[1], ["5:vcpu"], "and the last picture of objects alone");
});
