// All about one row of a call tree, in a panel: where its function is, what
// called it, its arguments one a line, the objects among them, the line of the
// program that caused it, and where else the book has the function.
{
	const OBJECT = /\b[a-z_]\w*#\d+|\b\d+:[a-z]\w*/g;
	const wide = matchMedia("(min-width: 60rem)");
	let panel, shown, back;

	// ---- What a row says.

	// "a=b, c={d, e}" at its outer commas.
	const split = (text) => {
		const parts = [""];
		let depth = 0, quoted = false;
		for (const letter of text) {
			if (letter === "\"")
				quoted = !quoted;
			else if (!quoted && "([{".includes(letter))
				depth++;
			else if (!quoted && ")]}".includes(letter))
				depth--;
			if (letter === "," && !depth && !quoted)
				parts.push("");
			else
				parts[parts.length - 1] += letter;
		}
		return parts.map((part) => part.trim()).filter(Boolean);
	};

	const argumentsOf = (row) => {
		const said = (calls.part(row, ".args") ?? calls.part(row, ".sys"))?.textContent ?? "";
		return split(said.slice(said.indexOf("(") + 1, said.lastIndexOf(")")));
	};

	const returned = (row) => calls.part(row, ".ret")?.textContent.trim().replace(/^= /, "");

	const objectsOf = (row) => new Set([...argumentsOf(row), returned(row) ?? ""].join("\n").match(OBJECT) ?? []);

	// The rows of the same tree that have an object among arguments or results.
	const touching = (row, object) => {
		calls.build(calls.treeOf(row), (details) => calls.laterText(details).includes(object));
		return calls.rows(calls.treeOf(row)).filter((one) => calls.kind(one) && objectsOf(one).has(object));
	};

	const linkOf = (row) => calls.part(row, "a.fn") ?? calls.part(row, ".inlined, .unseen")?.querySelector("a.fn");

	const kindOf = (row) => calls.part(row, ".inlined") ? "inlined by the compiler"
		: calls.part(row, ".unseen") ? "called, but not recorded" : calls.kind(row) === "call" ? null : calls.kind(row);

	// The program's line: on this page, or on the chapter's.
	const programLine = (row) => {
		const loc = calls.system(row) && calls.part(calls.system(row), "a.loc");
		if (loc)
			return { name: loc.textContent, href: loc.getAttribute("href") };
		const name = calls.root(row).dataset.at?.replace(/^.*\//, "");
		if (!name)
			return null;
		const { capture } = calls.treeOf(row).dataset;
		const page = document.getElementById(name) ? "" : name.startsWith(`${capture}.`) ? `${capture}.html` : null;
		return { name, href: page === null ? null : `${page}#${name}` };
	};

	// ---- Where else the book has a function: names.js, when it is there.

	let names;
	const loadNames = () => names ??= new Promise((done) => {
		const say = () => done(typeof NAMES === "object" ? NAMES : {});
		if (typeof NAMES === "object") {
			say();
			return;
		}
		const before = document.querySelector('script[src="names.js"]');
		const script = before ?? kit.make("script", { src: "names.js" });
		script.addEventListener("load", say);
		script.addEventListener("error", say);
		if (!before)
			document.head.append(script);
	});

	// The section that names it; the system call that made the first call of it.
	const sectionOf = (page, id) => `${page}.html${id && `#${id}`}`;
	const callOf = (page, line) => line < 0 ? `${page}.html` : `${page}-tree.html${line ? `#tree-${page}.c:${line}` : ""}`;

	// The numbers of chapters and the letters of appendices, each a link to the
	// place there.
	const list = (chapters, place) => Object.entries(chapters).flatMap(([number, at], index) =>
		[index ? ", " : "", kit.make("a", { href: place(CHAPTERS[number], at) }, number)]);

	const elsewhere = async (row, box) => {
		const name = calls.name(row);
		const known = (await loadNames())[name];
		if (shown !== row || !known)
			return;
		const named = list(known.chapters, sectionOf);
		const called = list(known.called, callOf);
		const said = kit.make("span", {},
			...named.length ? ["named in chapter ", ...named, "; "] : [],
			...called.length ? ["called in ", ...called, "; "] : [],
			kit.make("a", { href: `functions.html#${name}` }, "all of it"));
		box.append(entry("In the book", said));
	};

	// ---- The panel.

	const entry = (what, ...said) => kit.make("div", {}, kit.make("dt", {}, what), ...said.map((one) => kit.make("dd", {}, one)));
	const code = (text) => kit.make("code", {}, text);
	const source = (link) => kit.make("a", { href: link.href }, calls.place(link) ?? link.textContent);

	const unmark = () => {
		for (const row of document.querySelectorAll(".kvt-tree .touching"))
			row.classList.remove("touching");
		for (const line of document.querySelectorAll(".line.caused"))
			line.classList.remove("caused");
	};

	const go = (row) => {
		calls.go(row, { focus: !panel.contains(document.activeElement) });
		back = row;
		show(row);
	};

	const object = (row, name) => {
		// Of a tree that is not all there they are looked for when they are wanted.
		let rows = calls.hasLater(calls.treeOf(row)) ? null : touching(row, name);
		const look = () => rows ??= touching(row, name);
		const last = rows && rows.indexOf(row) + 1 === rows.length;
		const next = kit.button(last ? "First" : "Next", () => go(look()[(look().indexOf(row) + 1) % look().length]),
			{ "aria-label": `${last ? "First" : "Next"} call with ${name}` });
		const all = kit.button("Mark all", () => {
			const on = all.getAttribute("aria-pressed") !== "true";
			unmark();
			for (const button of panel.querySelectorAll("[aria-pressed]"))
				button.setAttribute("aria-pressed", "false");
			all.setAttribute("aria-pressed", on);
			for (const one of on ? look() : []) {
				calls.reveal(one);
				one.classList.add("touching");
			}
			kit.say(on ? `${look().length} calls with ${name} are marked` : "No calls are marked");
		}, { "aria-pressed": "false", "aria-label": `Mark all calls with ${name}` });
		const others = !rows || rows.length > 1;
		return kit.make("span", { class: "object" }, code(name),
			!rows ? " " : others ? ` in ${rows.length} calls of this tree ` : " in no other call of this tree", others ? next : "", others ? " " : "", others ? all : "");
	};

	const caller = (row) => {
		const above = calls.parent(row);
		const site = calls.part(row, "a.site");
		const said = kit.make("span", {});
		if (site)
			said.append(source(site));
		if (above)
			said.append(site ? ", in " : "", kit.button(calls.name(above), () => go(above), { class: "to" }));
		return site || above ? said : null;
	};

	const fill = (row) => {
		const box = kit.make("dl", {});
		const add = (...parts) => box.append(entry(...parts));
		const link = linkOf(row);
		if (link)
			add("Defined at", source(link));
		const from = caller(row);
		if (from)
			add("Called from", from);
		const passed = argumentsOf(row);
		if (passed.length)
			add(calls.kind(row) === "tracepoint" ? "Says" : "Arguments", ...passed.map(code));
		if (returned(row))
			add("Returned", code(returned(row)));
		const times = calls.part(row, ".times");
		if (times)
			add("Times", times.textContent);
		const objects = [...objectsOf(row)];
		if (objects.length)
			add("Objects", ...objects.map((name) => object(row, name)));
		const line = programLine(row);
		if (line)
			add("Caused by", line.href ? kit.make("a", { href: line.href }, `line ${line.name}`) : `line ${line.name}`);
		if (calls.kind(row) === "call" || calls.kind(row) === "level")
			elsewhere(row, box);
		const anchor = calls.anchor(row);
		const copy = anchor && kit.button("Copy a link to this call", async () => {
			const { href } = new URL(`#${anchor}`, location.href);
			copy.textContent = await kit.copy(href) ? "Copied" : "The link is in the address bar";
			kit.say(copy.textContent);
			history.replaceState(null, "", `#${anchor}`);
			setTimeout(() => { copy.textContent = "Copy a link to this call"; }, 2000);
		}, { class: "to" });
		return [box, copy ? kit.make("p", {}, copy) : null];
	};

	const build = () => {
		const close = kit.button("×", hide, { class: "close", "aria-label": "Close" });
		panel = kit.make("aside", { class: "inspector", "aria-label": "A call" },
			kit.make("h2", { tabindex: "-1" }), close, kit.make("div", { class: "about" }));
		document.querySelector("main").append(panel);
		panel.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && !event.defaultPrevented) {
				event.preventDefault();
				hide();
			}
		});
	};

	// The line of the program that is the cause, in its listing.
	const markLine = (row) => {
		const line = calls.kind(row) === "system call" && programLine(row);
		if (line?.href?.startsWith("#"))
			document.getElementById(line.href.slice(1))?.classList.add("caused");
	};

	const show = (row) => {
		if (!panel)
			build();
		unmark();
		shown = row;
		const name = calls.name(row);
		const title = panel.querySelector("h2");
		title.replaceChildren(code(calls.kind(row) === "system call" ? name : `${name}()`));
		if (kindOf(row))
			title.append(" ", kit.make("span", { class: "kind" }, kindOf(row)));
		panel.querySelector(".about").replaceChildren(...fill(row).filter(Boolean));
		panel.hidden = false;
		panel.scrollTop = 0;
		document.documentElement.classList.add("inspecting");
		calls.mark(row);
		markLine(row);
	};

	const inspect = (row, { enter = false } = {}) => {
		back = row;
		show(row);
		if (enter)
			panel.querySelector("h2").focus({ preventScroll: true });
		// A card at the bottom of the window must not hide what it is about.
		row.scrollIntoView({ block: "nearest" });
	};

	function hide() {
		const had_focus = panel.contains(document.activeElement);
		panel.hidden = true;
		shown = null;
		document.documentElement.classList.remove("inspecting");
		unmark();
		if (had_focus || calls.treeOf(back).contains(document.activeElement))
			back.focus({ preventScroll: true });
	}

	const isOpen = () => panel && !panel.hidden;

	// ---- Choosing.

	// What is chosen is unfolded; only a second click folds it.
	const turn = (row) => {
		const details = calls.details(row);
		if (details && row === shown)
			details.open = !details.open;
		else if (details)
			calls.unfold(details);
	};

	for (const tree of calls.trees) {
		tree.addEventListener("click", (event) => {
			const row = calls.rowOf(event.target);
			if (!row || event.target.closest("a, button, summary"))
				return;
			// Who selects text wants that text.
			if (!getSelection().isCollapsed && row.contains(getSelection().anchorNode))
				return;
			turn(row);
			if (calls.kind(row))
				inspect(row);
		});
		// A card whose row has been folded away or filtered out says nothing any more.
		const settle = () => {
			if (isOpen() && calls.treeOf(shown) === tree && !shown.checkVisibility())
				hide();
		};
		tree.addEventListener("filtered", settle);
		tree.addEventListener("toggle", settle, true);
		tree.addEventListener("keydown", (event) => {
			const row = calls.rowOf(event.target);
			if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented)
				return;
			if (event.key === "Escape" && isOpen()) {
				event.preventDefault();
				hide();
			} else if (row && (event.key === "i" || event.key === "Enter") && event.target === row) {
				event.preventDefault();
				if (calls.kind(row))
					inspect(row, { enter: true });
				else if (calls.steps(row))
					calls.steps(row).open = !calls.steps(row).open;
			}
		});
		// An open panel goes along with the keyboard.
		tree.addEventListener("focusin", ({ target }) => {
			const row = calls.rowOf(target);
			if (isOpen() && row && row !== shown && calls.kind(row) && target.matches(":focus-visible") && target === row) {
				back = row;
				show(row);
			}
		});
	}
	addEventListener("keydown", (event) => {
		if (event.key === "Escape" && !event.defaultPrevented && isOpen() && document.activeElement === document.body)
			hide();
	});

	// A line's number leads to its tree; on a wide screen the panel says more.
	document.addEventListener("click", (event) => {
		const badge = event.target.closest?.("a.woke[href^='#']");
		const target = badge && document.getElementById(decodeURIComponent(badge.hash.slice(1)));
		const row = target && calls.rowOf(target);
		if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button)
			return;
		calls.reveal(row);
		if (wide.matches)
			inspect(row);
		else
			calls.mark(row);
	});
}
