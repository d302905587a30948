// A call tree as an instrument: a bar with a filter, the arrow keys, and links
// to its rows.  Without this file a tree still folds, and leads to the source.
{
	const FEW = 8;	// rows of a tree that needs no bar
	let made = 0;

	// ---- The keyboard.  One row of a tree has its place in the order of Tab, and
	// so have the links of that row; from row to row the arrow keys lead.

	const stop = (row, on) => {
		row.tabIndex = on ? 0 : -1;
		const own = calls.steps(row) ? calls.steps(row).querySelectorAll(":scope > summary") : row.querySelectorAll("a[href]");
		for (const part of [...own, calls.details(row)?.firstElementChild])
			if (part)
				part.tabIndex = on ? 0 : -1;
	};

	const makeCurrent = (tree, row) => {
		if (tree.current === row)
			return;
		if (tree.current)
			stop(tree.current, false);
		tree.current = row;
		stop(row, true);
	};

	const isSeen = (row) => row.checkVisibility();

	const next = (rows, row, by) => {
		let at = rows.indexOf(row) + by;
		while (rows[at] && !isSeen(rows[at]))
			at += by;
		return rows[at];
	};

	// The first or the last row in sight, for Home and End.
	const outermost = (rows, by) => by > 0 ? rows.find(isSeen) : rows.findLast(isSeen);

	// A row below which only what no tracer saw stands may have nothing to fold.
	const below = (row) => {
		const details = calls.details(row);
		return details?.checkVisibility() ? details : null;
	};

	const inward = (rows, row) => {
		const details = below(row);
		if (!details)
			return null;
		if (details.open)
			return next(rows, row, 1);
		calls.unfold(details);
		return row;
	};

	const outward = (row) => {
		const details = below(row);
		if (details?.open) {
			details.open = false;
			return row;
		}
		if (row.matches(".step"))
			return row.closest(".row");
		return row.closest("li").parentElement.closest("li")?.querySelector(":scope > .row") ?? row;
	};

	const turn = (details) => {
		if (details && !details.open)
			calls.unfold(details);
		else if (details)
			details.open = false;
	};

	const moves = {
		ArrowDown: (rows, row) => next(rows, row, 1),
		ArrowUp: (rows, row) => next(rows, row, -1),
		ArrowRight: inward,
		ArrowLeft: (rows, row) => outward(row),
		Home: (rows) => outermost(rows, 1),
		End: (rows) => outermost(rows, -1),
		" ": (rows, row) => {
			turn(below(row) ?? calls.steps(row));
			return row;
		},
		"*": (rows, row) => {
			const details = below(row);
			if (details)
				calls.unfold(details);
			for (const one of details?.querySelectorAll("li > details") ?? [])
				one.open = true;
			return row;
		},
	};

	// All that can have the focus waits until its row is the current one.
	const wait = (box) => {
		for (const one of box.querySelectorAll(`a[href], summary, ${calls.ROW}`))
			one.tabIndex = -1;
	};

	const listen = (tree) => {
		wait(tree.querySelector(":scope > ul"));
		const first = tree.querySelector(calls.ROW);
		if (first)
			makeCurrent(tree, first);
		tree.addEventListener("built", ({ detail }) => {
			wait(detail.lastElementChild);
			for (const one of detail.querySelectorAll("li > details > summary[aria-label=below]"))
				one.setAttribute("aria-label", `below ${calls.name(one.parentElement.previousElementSibling)}`);
		});
		// Before the browser unfolds it, when a click or a key does it.
		tree.addEventListener("click", ({ target }) => {
			const details = target.closest("li > details > summary")?.parentElement;
			if (details)
				calls.buildOne(details);
		});
		tree.addEventListener("toggle", ({ target }) => {
			if (target.open && target.matches("li > details") && calls.isLater(target))
				calls.unfold(target);
		}, true);
		tree.addEventListener("focusin", ({ target }) => {
			const row = calls.rowOf(target);
			if (row)
				makeCurrent(tree, row);
		});
		// A row that folds away or is filtered out passes its place on.
		const settle = () => {
			if (tree.current && !isSeen(tree.current)) {
				const left = outermost(calls.rows(tree), 1);
				if (left)
					makeCurrent(tree, left);
			}
		};
		// Only then: to ask what is seen, the browser must know where all is.
		tree.addEventListener("toggle", ({ target }) => target.open || settle(), true);
		tree.addEventListener("filtered", settle);
		tree.addEventListener("keydown", (event) => {
			const row = calls.rowOf(event.target);
			const move = moves[event.key];
			if (!row || !move || event.ctrlKey || event.altKey || event.metaKey)
				return;
			// A switch, too, knows the space bar.
			if (event.key === " " && event.target !== row)
				return;
			event.preventDefault();
			(move(calls.rows(tree), row) ?? row).focus();
		});
	};

	// ---- What no tracer saw: below each tree a switch shows it (the style sheet
	// does), and in the bar another.  All trees show the same, and the next page, too.

	const dark = (() => {
		const switches = [...document.querySelectorAll(".kvt-tree > .dark")];
		const buttons = [];
		let on = kit.kept("unseen") === "yes";
		const set = (wanted) => {
			on = wanted;
			for (const one of switches)
				one.open = on;
			for (const button of buttons)
				button.setAttribute("aria-pressed", on);
			for (const tree of calls.trees)
				tree.dispatchEvent(new CustomEvent("filtered"));
		};
		const choose = (wanted) => {
			if (wanted === on)
				return;
			set(wanted);
			keep("unseen", on ? "yes" : null);
		};
		for (const one of switches)
			one.addEventListener("toggle", () => choose(one.open));
		if (on)
			set(on);
		return {
			isOn: () => on,
			button(trees) {
				if (!trees.some((tree) => tree.querySelector(":scope > .dark")))
					return null;
				buttons.push(kit.button("Unseen", () => choose(!on),
					{ "aria-pressed": String(on), title: "What no tracer saw", "aria-label": "Unseen: show what no tracer saw" }));
				return buttons.at(-1);
			},
		};
	})();

	// ---- The filter.

	const filterOf = (trees) => {
		let words = [], hits = [], at = -1, texts, opened;
		for (const tree of trees)
			tree.addEventListener("built", () => { texts = null; });
		// What is not built yet is looked at as a whole first.
		const search = () => {
			for (const tree of trees)
				calls.build(tree, (details) => words.every((word) => calls.laterText(details).includes(word)));
			texts ??= trees.flatMap((tree) => calls.rows(tree))
				.map((row) => [row, (row.matches(".gap") ? row.textContent : calls.text(row)).toLowerCase()])
				.filter(([, text]) => text);
			return texts.filter(([row, text]) => words.every((word) => text.includes(word)) &&
				(!row.matches(".gap") || dark.isOn())).map(([row]) => row);
		};
		const apply = () => {
			for (const tree of trees)
				for (const item of tree.querySelectorAll(".hit, .way"))
					item.classList.remove("hit", "way");
			for (const row of hits)
				row.closest("li").classList.add("hit");
			for (const row of hits)
				for (let li = row.closest("li").parentElement.closest("li"); li && !li.matches(".way"); li = li.parentElement.closest("li")) {
					li.classList.add("way");
					const details = calls.details(li.firstElementChild);
					if (details)
						details.open = true;
				}
			for (const tree of trees) {
				tree.classList.toggle("filtered", words.length > 0);
				tree.dispatchEvent(new CustomEvent("filtered"));
			}
		};
		// What was unfolded before comes back, and so does the way to the match
		// that was gone to last.
		const restore = (row) => {
			for (const tree of trees)
				for (const details of tree.querySelectorAll("li > details"))
					details.open = opened.has(details);
			opened = null;
			if (row)
				calls.go(row, { focus: false });
		};
		return {
			set(text) {
				const before = words;
				words = text.toLowerCase().split(/\s+/).filter(Boolean);
				if (words.join(" ") === before.join(" "))
					return;
				opened ??= new Set(trees.flatMap((tree) => [...tree.querySelectorAll("li > details[open]")]));
				const last = hits[at];
				hits = words.length ? search() : [];
				at = hits.indexOf(last);
				apply();
				if (!words.length)
					restore(last);
			},
			step(by) {
				const seen = hits.filter((row) => !row.closest("[hidden]"));
				if (!seen.length)
					return null;
				const now = (seen.indexOf(hits[at]) + by + seen.length) % seen.length;
				at = hits.indexOf(seen[at < 0 && by < 0 ? seen.length - 1 : now]);
				calls.go(hits[at], { focus: false });
				return hits[at];
			},
			current: () => hits[at] ?? hits[0],
			says() {
				if (!words.length)
					return "";
				if (!hits.length)
					return "No match";
				return at >= 0 ? `Match ${at + 1} of ${hits.length}` : hits.length === 1 ? "1 call matches" : `${hits.length} calls match`;
			},
		};
	};

	// ---- The bar.

	const help = (id) => kit.make("dl", { class: "tree-help", id, hidden: true },
		...[
			["Filter", "Shows the calls that hold all the words, in name or arguments, and what they are below."],
			["Enter", "In the filter: the next match; with Shift, the one before. Escape clears, and stays at the match."],
			["↑ ↓ Home End", "In the tree: from row to row."],
			["→ ←", "Open a row, or go in; close it, or go to its caller."],
			["*", "Opens all below the row."],
			["Space", "Opens or closes the row."],
			["Enter, i", "All about the row: where it is, what called it, its arguments. A click does the same; a click on its triangle folds."],
			["Tab", "To the links of the row, then out of the tree."],
			["#", "A link to the row, for the address bar and the clipboard."],
		].flatMap(([key, does]) => [kit.make("dt", {}, key), kit.make("dd", {}, does)]));

	const bar = (trees) => {
		const number = ++made;
		const filter = filterOf(trees);
		const status = kit.make("span", { class: "matches", role: "status" });
		const field = kit.make("input", {
			type: "search", class: "filter", placeholder: "Filter calls", "aria-label": "Filter calls",
			autocomplete: "off", autocapitalize: "off", spellcheck: "false",
		});
		const update = () => {
			filter.set(field.value);
			status.textContent = filter.says();
		};
		field.addEventListener("input", update);
		field.addEventListener("keydown", (event) => {
			if (event.key === "Enter") {
				filter.step(event.shiftKey ? -1 : 1);
				status.textContent = filter.says();
			} else if (event.key === "Escape" && field.value) {
				field.value = "";
				update();
			} else if (event.key === "ArrowDown") {
				const row = filter.current() ?? trees.find((tree) => !tree.closest("[hidden]"))?.current;
				row?.focus();
			} else {
				return;
			}
			event.preventDefault();
			event.stopPropagation();
		});
		for (const tree of trees)
			tree.addEventListener("clear", () => {
				field.value = "";
				update();
			});
		const fold = (open) => {
			for (const tree of trees) {
				if (open)
					calls.build(tree);
				const top = tree.querySelectorAll(":scope > ul > li > details");
				for (const details of tree.querySelectorAll("li > details"))
					// A tree of one system call would be but a line.
					details.open = open || (top.length === 1 && details === top[0]);
			}
		};
		const keys = help(`tree-help-${number}`);
		const ask = kit.button("?", () => {
			keys.hidden = !keys.hidden;
			ask.setAttribute("aria-expanded", !keys.hidden);
		}, { "aria-label": "Keys of the tree", title: "Keys of the tree", "aria-expanded": "false", "aria-controls": keys.id });
		return kit.make("div", { class: "tree-bar", role: "group", "aria-label": "Call tree" },
			field, status, kit.button("Expand all", () => fold(true)), kit.button("Fold", () => fold(false)), dark.button(trees), ask, keys);
	};

	for (const figure of document.querySelectorAll("figure.trace")) {
		const trees = [...figure.querySelectorAll(".kvt-tree")];
		trees.forEach(listen);
		if (!trees.some(calls.hasLater) && trees.reduce((count, tree) => count + calls.rows(tree).length, 0) <= FEW)
			continue;
		const above = bar(trees);
		(trees.length > 1 ? figure.querySelector(".captures") : trees[0]).before(above);
		// What sticks does so below the bar.
		new ResizeObserver(() => figure.style.setProperty("--bar", `${above.offsetHeight}px`)).observe(above);
	}

	// ---- Links to rows: a sign at the row under the pointer, and at the one
	// with the keyboard.

	const sign = () => {
		const link = kit.make("a", { class: "here", "aria-label": "Link to this call" }, "#");
		link.addEventListener("click", async (event) => {
			event.preventDefault();
			event.stopPropagation();
			history.replaceState(null, "", link.hash);
			kit.say(await kit.copy(link.href) ? "The link is copied" : "The link is in the address bar");
			link.classList.add("copied");
			setTimeout(() => link.classList.remove("copied"), 1500);
		});
		return link;
	};
	const underPointer = sign(), atKeyboard = sign();
	underPointer.tabIndex = -1;

	const put = (link, row) => {
		const anchor = calls.anchor(row);
		if (!anchor || row.contains(link))
			return;
		link.href = `#${anchor}`;
		row.insertBefore(link, calls.part(row, ".loc"));
	};
	for (const tree of calls.trees) {
		tree.addEventListener("pointerover", ({ target, pointerType }) => {
			const row = calls.rowOf(target);
			if (row && pointerType !== "touch" && !row.contains(atKeyboard))
				put(underPointer, row);
		});
		tree.addEventListener("pointerleave", () => underPointer.remove());
		tree.addEventListener("focusin", ({ target }) => {
			const row = calls.rowOf(target);
			// The sign under the pointer stays while it is pressed.
			if (!row || row.contains(atKeyboard) || target === underPointer)
				return;
			if (row.contains(underPointer))
				underPointer.remove();
			put(atKeyboard, row);
			// It came from a row that has lost its place in the order of Tab.
			atKeyboard.tabIndex = 0;
		});
	}

	// ---- Who comes by such a link.

	const arrive = () => {
		let hash = location.hash.slice(1);
		try {
			hash = decodeURIComponent(hash);
		} catch {
			// Not one of ours.
		}
		const [place, system] = hash.split("/");
		if (!system) {
			const target = hash && document.getElementById(hash);
			if (target && calls.rowOf(target))
				calls.go(calls.rowOf(target));
			return;
		}
		// The tree of a page may have become shallower: the system call is there.
		const row = calls.find(hash) ?? calls.find(`${place}/${system}`);
		if (!row)
			return;
		if (!row.checkVisibility())
			calls.treeOf(row).dispatchEvent(new CustomEvent("clear"));
		calls.go(row);
	};
	addEventListener("hashchange", arrive);
	arrive();
}
