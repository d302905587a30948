// What can be asked of any page of the book.  Each check returns a list of what
// is wrong, empty when nothing is.

import { readFileSync } from "node:fs";
import { require } from "./book.mjs";

/** Opens all that is folded. */
export const unfold = (page) => page.evaluate(() => {
	for (const details of document.querySelectorAll("details"))
		details.open = true;
});

/** The page scrolls sideways. */
export const sideways = (page) => page.evaluate(() => {
	const wide = document.scrollingElement.scrollWidth;
	return wide > innerWidth ? [`the page is ${wide} wide in a window of ${innerWidth}`] : [];
});

/** Boxes that scroll sideways, of those that SELECTOR chooses. */
export const scrolling = (page, selector) => page.locator(selector).evaluateAll((all) =>
	all.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => `${box.localName}.${box.className}: ${box.scrollWidth} > ${box.clientWidth}`));

/** Text that stands outside of the window, or is cut off, where nobody can scroll to it. */
export const lost = (page) => page.evaluate(() => {
	const name = (element) => `${element.localName}${element.className ? `.${element.className.baseVal ?? element.className}` : ""}`;
	const said = (element) => `${name(element)} in ${name(element.parentElement)}: "${element.textContent.trim().slice(0, 50)}"`;
	const scrolls = (element) => {
		for (let at = element; at && at !== document.body; at = at.parentElement)
			if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.getBoundingClientRect().right <= innerWidth + 1)
				return true;
		return false;
	};
	const found = [];
	const seen = new Set();
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const element = texts.currentNode.parentElement;
		if (seen.has(element) || !texts.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true }))
			continue;
		seen.add(element);
		const box = element.getBoundingClientRect();
		// What waits for the keyboard beside the window comes in when it has the focus.
		const waits = box.right <= 0 && element.matches("a.skip");
		// A row of a tree that ends in "…" has all of it in the card about it.
		const ends = (at) => element.closest("figure.trace .kvt-tree") && getComputedStyle(at).textOverflow === "ellipsis";
		const told = ends(element);
		const toldAbove = ends(element.parentElement) && element.parentElement.getBoundingClientRect().right <= innerWidth + 1;
		if ((box.right > innerWidth + 1 || box.left < -1) && !waits && !toldAbove && !scrolls(element))
			found.push(`outside: ${said(element)}`);
		if (!told && element.clientWidth > 1 && /hidden|clip/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
			found.push(`cut off: ${said(element)}`);
	}
	return found;
});

/** Ids that stand twice, and attributes that name one that is not there. */
export const ids = (page) => page.evaluate(() => {
	const found = [];
	const seen = new Set();
	for (const { id } of document.querySelectorAll("[id]")) {
		if (seen.has(id))
			found.push(`id "${id}" stands twice`);
		seen.add(id);
	}
	for (const attribute of ["for", "popovertarget", "aria-controls", "aria-labelledby", "aria-describedby", "aria-owns", "list"])
		for (const element of document.querySelectorAll(`[${attribute}]`))
			for (const id of element.getAttribute(attribute).split(/\s+/))
				if (!seen.has(id))
					found.push(`${attribute}="${id}" names nothing`);
	return found;
});

/** A page's ids, and where its links lead. */
export const links = (page) => page.evaluate(() => ({
	url: location.href.replace(/#.*/, ""),
	ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
	// The link of a drawing is an object.
	links: [...new Set([...document.querySelectorAll("a[href]")].map((link) => new URL(link.getAttribute("href"), document.baseURI).href))],
	bare: [...document.querySelectorAll("a:not([href]):not([id])")].map(({ outerHTML }) => outerHTML.slice(0, 80)),
	captures: [...document.querySelectorAll("[data-capture]")].map(({ dataset: { capture, mode = "vhe" } }) => mode === "vhe" ? capture : `${capture}.${mode}`),
}));

/** A link to a call is made good by the page's script, where it has the tree. */
const hasPlace = ({ ids, captures }, id) => ids.has(id) || captures.has(/^([^/]+)\//.exec(id)?.[1]);

/** Links of PAGES (as links() gives them) that lead nowhere among them, nor to a
 * file for which IS_FILE(url) is true. */
export function dead(pages, isFile = () => false) {
	const places = new Map(pages.map(({ url, ids, captures = [] }) => [url, { ids: new Set(ids), captures: new Set(captures) }]));
	const found = [];
	for (const page of pages) {
		found.push(...page.bare.map((link) => `${page.url}: a link without a place: ${link}`));
		for (const link of page.links) {
			const [, url, id = ""] = /^([^#]*)#?(.*)$/s.exec(link);
			if (!/^(file|https|mailto):/.test(url))
				found.push(`${page.url}: ${link} is neither a page nor https`);
			else if (url.startsWith("file:") && !places.has(url) && !isFile(url))
				found.push(`${page.url}: ${link}: no such page`);
			else if (places.has(url) && id && !hasPlace(places.get(url), decodeURIComponent(id)))
				found.push(`${page.url}: ${link}: no such place`);
		}
	}
	return found;
}

/** Without a script: what looks as if it did something, and does nothing. */
export const idle = (page) => page.evaluate(() =>
	[...document.querySelectorAll("button, input, select, textarea, [role=button], a:not([href]):not([id])")]
		.filter((element) => element.checkVisibility() && !element.popoverTargetElement)
		.map((element) => `does nothing: ${element.outerHTML.slice(0, 80)}`));

/** Text that is not there to be read, except where it is folded or pops up. */
export const hidden = (page) => page.evaluate(() =>
	[...document.querySelectorAll("main :is(h1, h2, h3, p, li, pre, table, figure, svg, dl)")]
		.filter((element) => !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
		// Names of two captures give way to the names of what differs.
		// A switch below a tree shows what no tracer saw; without scripts, a walk has its last picture.
		.filter((element) => !element.matches(".kvt-tree .gap, .sides + .kvt-tree > p") && !element.closest("[popover], .evidences, .walk-picture[hidden]") && !element.parentElement.closest("details:not([open])"))
		.map((element) => `not to be seen: ${element.outerHTML.slice(0, 80)}`));

/** On paper: what is folded and cannot be read, but for whole programs, which the
 * chapter has shown; and what only a screen can use. */
export const unprinted = (page) => page.evaluate(() => [
	...[...document.querySelectorAll("main details > :not(summary)")]
		.filter((element) => !element.checkVisibility() && !element.closest("[popover], .whole > figure, .blind > details"))
		.map((element) => `stays folded: ${element.outerHTML.slice(0, 80)}`),
	...[...document.querySelectorAll("nav, button, .top, .skip")]
		.filter((element) => element.checkVisibility())
		.map((element) => `of no use on paper: ${element.outerHTML.slice(0, 80)}`),
]);

/** What pops up and does not fit the window. */
export const popups = (page) => page.evaluate(() => {
	const found = [];
	for (const box of document.querySelectorAll("[popover]")) {
		box.showPopover();
		const { left, right } = box.getBoundingClientRect();
		if (left < 0 || right > innerWidth || box.scrollWidth > box.clientWidth)
			found.push(`#${box.id} is ${Math.round(right - left)} wide, what is in it ${box.scrollWidth}`);
		box.hidePopover();
	}
	return found;
});

/** What moves by itself, or glides. */
export const moving = (page) => page.evaluate(() => {
	const found = new Set();
	const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
	for (const element of document.querySelectorAll("*"))
		for (const part of [null, "::before", "::after", "::details-content"]) {
			const style = getComputedStyle(element, part);
			const what = `${element.localName}.${element.getAttribute("class") ?? ""}${part ?? ""}`;
			if (long(style.transitionDuration))
				found.add(`transition of ${what}`);
			if (style.animationName !== "none" && long(style.animationDuration))
				found.add(`animation of ${what}`);
			if (style.scrollBehavior === "smooth")
				found.add(`${what} scrolls smoothly`);
		}
	return [...found];
});

/**
 * Takes away what a page has over and over, so that axe is done in seconds: a
 * line of a tree, list, table, code or prose stays when it holds something that
 * has not yet been there twice in such a line in such a box.  Opens what is
 * folded and what pops up.  Only for axe: the page is no longer the book's.
 */
export const thin = (page) => page.evaluate(() => {
	const lines = "li, .line, tr, dl > div, figure, .evidence, p";
	const seen = new Map();
	const kind = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}${element.hasAttribute("href") ? "!" : ""}`;
	const kinds = (element) => {
		let where = kind(element);
		for (let at = element.parentElement; at !== document.body; at = at.parentElement)
			if (!["LI", "UL", "DETAILS", "SECTION"].includes(at.tagName) && !where.includes(kind(at)))
				where += ` ${kind(at)}`;
		const own = [...element.querySelectorAll("*")].filter((part) => part.parentElement.closest(lines) === element);
		return new Set([where, ...own.map((part) => `${where}: ${kind(part)}`)]);
	};
	// A term and what is said of it stay or go together.
	for (const term of document.querySelectorAll("dl > dt")) {
		const pair = document.createElement("div");
		term.before(pair);
		while (pair.nextElementSibling && (!pair.childElementCount || pair.nextElementSibling.localName === "dd"))
			pair.append(pair.nextElementSibling);
	}
	for (const box of document.querySelectorAll("[popover]"))
		box.removeAttribute("popover");
	// What stands deepest first.  What is below a call moves up in its place.
	for (const element of [...document.querySelectorAll(`main :is(${lines})`)].reverse()) {
		const all = kinds(element);
		if ([...all].every((one) => (seen.get(one) ?? 0) >= 2) && (element.localName === "li" || !element.querySelector(lines)))
			element.replaceWith(...element.querySelectorAll(":scope > details > ul > li"));
		for (const one of all)
			seen.set(one, (seen.get(one) ?? 0) + 1);
	}
	for (const details of document.querySelectorAll("details"))
		details.open = true;
});

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds: all rules of WCAG 2.2 A and AA, or only those named. */
export async function axe(page, { rules, without = [] } = {}) {
	if (!await page.evaluate(() => "axe" in window))
		await page.evaluate(AXE);
	const found = await page.evaluate(async ([run, off]) => {
		const { violations } = await window.axe.run(document, {
			// What axe does not switch on by itself, and what is off.
			...(run.type === "tag" && { rules: Object.fromEntries([["target-size", { enabled: true }], ...off.map((id) => [id, { enabled: false }])]) }),
			runOnly: run, resultTypes: ["violations"], preload: false, iframes: false,
		});
		return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, any, all, none }) =>
			[html.slice(0, 100), [...any, ...all, ...none][0]?.message]) }));
	}, [rules ? { type: "rule", values: rules } : { type: "tag", values: WCAG }, without]);
	return found.flatMap(({ id, nodes }) => nodes.map(([html, why]) => `${id}: ${html}: ${why}`));
}
