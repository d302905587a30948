// What the lines of a call tree are, as kvt html writes them.  A row is a box
// with the switch of what is below it beside it, or an item that does not fold;
// its item is the li around it.  Levels that were not recorded share a row, and
// each is a row of its own where that is unfolded.
const calls = {
	ROW: ".row, li.leaf, li.event, li.gap, li.more, li.step",

	// The trees of the page, but for the evidence of claims.
	trees: [...document.querySelectorAll("figure.trace .kvt-tree")],

	rows: (tree) => [...tree.querySelectorAll(calls.ROW)],
	// The row that something on the page is a part of.
	rowOf(element) {
		if (!element.closest?.("figure.trace .kvt-tree"))
			return null;
		const below = element.closest("li > details > summary")?.parentElement;
		return below ? below.previousElementSibling : element.closest(calls.ROW);
	},
	treeOf: (row) => row.closest(".kvt-tree"),
	// What is below a row, and folds.
	details: (row) => row.matches(".row") && row.nextElementSibling?.localName === "details" ? row.nextElementSibling : null,
	// The names of levels in one row, which unfold to their places.
	steps: (row) => calls.part(row, ".steps"),

	part: (row, what) => row.querySelector(`:scope > :is(${what})`),

	// "system call", "call", "level" or "tracepoint"; nothing for a row that
	// is no call, as "3 below" or what may be called unseen.
	kind(row) {
		if (row.matches(".gap, .more"))
			return null;
		const kinds = [[".sys", "system call"], [".fn", "call"], [".inlined, .unseen", "level"], [".ev", "tracepoint"]];
		return kinds.find(([what]) => calls.part(row, what))?.[1] ?? null;
	},

	// A system call is called by its request, if it has one.
	name(row) {
		const sys = calls.part(row, ".sys");
		if (sys)
			return sys.querySelector("b")?.textContent ?? sys.textContent.replace(/\(.*/s, "");
		const steps = calls.steps(row);
		return (steps ? steps.firstElementChild : calls.part(row, ".fn, .inlined, .unseen, .ev"))?.textContent ?? "";
	},

	// The row of what made the call, over the heads of groups; nothing at the root.
	parent(row) {
		if (row.matches(".step + .step"))
			return row.previousElementSibling;
		const item = (row.closest("li.through > .row") ?? row).closest("li").parentElement.closest("li");
		if (!item)
			return null;
		const above = item.querySelector(":scope > .row");
		if (item.matches(".through"))
			return [...item.querySelectorAll(":scope > .row .step")].at(-1);
		return item.matches(".group, .same") ? calls.parent(above) : above;
	},

	system(row) {
		while (row && calls.kind(row) !== "system call")
			row = calls.parent(row);
		return row;
	},

	// The root's item knows where it is when it is no system call.
	root(row) {
		for (let above = calls.parent(row); above; above = calls.parent(above))
			row = above;
		return (row.closest("li.through > .row") ?? row).closest("li");
	},

	// What is said of a call in a link: its name, and the how-many-th it is.
	step(row) {
		const mark = { level: "~", tracepoint: "!" }[calls.kind(row)] ?? "";
		const number = row.closest("li").dataset.n;
		return mark + calls.name(row) + (number ? `.${number}` : "");
	},

	// The way to a call: the recorded calls that it is below, and itself.
	path(row) {
		const steps = [];
		for (let at = row; at; at = calls.parent(at))
			if (at === row || calls.kind(at) !== "level")
				steps.unshift(calls.step(at));
		return [...(calls.root(row).dataset.in ?? "").split("/").filter(Boolean), ...steps];
	},

	// What was left out of a path, in four letters (FNV-1a).
	brief(text) {
		let hash = 2166136261;
		for (const letter of text)
			hash = Math.imul(hash ^ letter.codePointAt(0), 16777619) >>> 0;
		return (hash % 36 ** 4).toString(36).padStart(4, "0");
	},

	// A link to the call: the capture, the system call, and the way from there,
	// of which the middle is left out when it is long.  README.md has the form.
	anchor(row) {
		const { capture, mode } = calls.treeOf(row).dataset;
		if (!capture || !calls.kind(row))
			return null;
		let steps = calls.path(row);
		if (steps.length > 5)
			steps = [steps[0], `+${calls.brief(steps.slice(1, -2).join("/"))}`, ...steps.slice(-2)];
		return [capture + (mode === "vhe" ? "" : `.${mode}`), ...steps].join("/");
	},

	find(anchor) {
		const [place, ...steps] = anchor.split("/");
		if (!steps.length)
			return null;
		for (const tree of calls.trees) {
			const { capture, mode } = tree.dataset;
			if (!capture || place !== capture + (mode === "vhe" ? "" : `.${mode}`))
				continue;
			calls.build(tree, (details) => calls.step(details.previousElementSibling) === steps[0]);
			for (const row of calls.rows(tree))
				if (calls.kind(row) && calls.step(row) === steps.at(-1) && calls.anchor(row) === anchor)
					return row;
		}
		return null;
	},

	// The text that a filter looks at: names and arguments.
	text: (row) => [...row.querySelectorAll(":scope > :is(.sys, .fn, .args, .ev, .inlined, .unseen)")]
		.map(({ textContent }) => textContent).join(""),

	// What is below a folded system call of a whole capture is text until somebody
	// wants it: whole captures have thousands of calls.
	isLater: (details) => details.lastElementChild.localName === "noscript",
	hasLater: (tree) => Boolean(tree.querySelector("li > details > noscript")),

	// That text without its tags, for who searches it.
	said: new WeakMap(),
	laterText(details) {
		if (!calls.said.has(details))
			calls.said.set(details, details.lastElementChild.textContent.replace(/<[^>]*>/g, "").toLowerCase());
		return calls.said.get(details);
	},

	// Builds what is below those details of a tree that WANTED is true of.
	build(tree, wanted = () => true) {
		for (const details of [...tree.querySelectorAll("li > details:has(> noscript)")].filter(wanted))
			calls.buildOne(details);
	},

	// Builds what is below these details, where it is not there yet.
	buildOne(details) {
		if (!calls.isLater(details))
			return;
		// A browser with scripts takes what a noscript holds for text.
		const text = details.lastElementChild;
		details.insertAdjacentHTML("beforeend", text.textContent);
		text.remove();
		calls.treeOf(details).dispatchEvent(new CustomEvent("built", { detail: details }));
	},

	// Unfolds, and builds what is there to be built.
	unfold(details) {
		calls.buildOne(details);
		details.open = true;
	},

	// Opens all that a row is folded into.
	reveal(row) {
		row.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
		for (let at = row.closest("li").parentElement.closest("details"); at; at = at.parentElement.closest("details"))
			at.open = true;
	},

	// The one row that is marked on the page.
	mark(row) {
		document.querySelector(".kvt-tree .chosen")?.classList.remove("chosen");
		row?.classList.add("chosen");
	},

	// Goes to a row: unfolded, in sight, marked, and with the keyboard there.
	go(row, { focus = true } = {}) {
		calls.reveal(row);
		calls.mark(row);
		row.scrollIntoView({ block: "center" });
		if (focus)
			row.focus({ preventScroll: true });
	},

	// "arch/arm64/kvm/arm.c:457", of a link into the source, here or elsewhere.
	place: (link) => link?.getAttribute("href").match(/(?:^|\/)source\/(.*?)(?:\.html)?#L(\d+)$/)?.slice(1).join(":") ?? null,
};
