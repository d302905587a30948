// A call tree as an instrument: a bar with a filter, the arrow keys, and links
// to its rows.  Without this file a tree still folds, and leads to the source.
{
	const FEW = 8;	// rows of a tree that needs no bar
	let made = 0;

	// ---- The keyboard.  One row of a tree has its place in the order of Tab, and
	// so have the links of that row; from row to row the arrow keys lead.

	const stop = (row, on) => {
		row.tabIndex = on ? 0 : -1;
		for (const link of row.querySelectorAll("a[href]"))
			link.tabIndex = on ? 0 : -1;
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

	const inward = (rows, row) => {
		const details = calls.details(row);
		if (!details)
			return null;
		if (details.open)
			return next(rows, row, 1);
		details.open = true;
		return row;
	};

	const outward = (row) => {
		const details = calls.details(row);
		if (details?.open) {
			details.open = false;
			return row;
		}
		return row.closest("li").parentElement.closest("details")?.querySelector(":scope > summary") ?? row;
	};

	const moves = {
		ArrowDown: (rows, row) => next(rows, row, 1),
		ArrowUp: (rows, row) => next(rows, row, -1),
		ArrowRight: inward,
		ArrowLeft: (rows, row) => outward(row),
		Home: (rows) => outermost(rows, 1),
		End: (rows) => outermost(rows, -1),
		"*": (rows, row) => {
			const details = calls.details(row);
			for (const one of details ? [details, ...details.querySelectorAll("details")] : [])
				one.open = true;
			return row;
		},
	};

	const listen = (tree) => {
		const rows = calls.rows(tree);
		for (const link of tree.querySelectorAll("a[href]"))
			link.tabIndex = -1;
		for (const row of rows)
			row.tabIndex = -1;
		if (rows.length)
			makeCurrent(tree, rows[0]);
		tree.addEventListener("focusin", ({ target }) => {
			const row = calls.rowOf(target);
			if (row)
				makeCurrent(tree, row);
		});
		// A row that folds away or is filtered out passes its place on.
		const settle = () => {
			if (tree.current && !isSeen(tree.current)) {
				const first = outermost(rows, 1);
				if (first)
					makeCurrent(tree, first);
			}
		};
		tree.addEventListener("toggle", settle, true);
		tree.addEventListener("filtered", settle);
		tree.addEventListener("keydown", (event) => {
			const row = calls.rowOf(event.target);
			const move = moves[event.key];
			if (!row || !move || event.ctrlKey || event.altKey || event.metaKey)
				return;
			event.preventDefault();
			(move(rows, row) ?? row).focus();
		});
	};

	// ---- The filter.

	const filterOf = (trees) => {
		let words = [], hits = [], at = -1, texts, opened;
		const search = () => {
			texts ??= trees.flatMap((tree) => calls.rows(tree))
				.map((row) => [row, (row.matches(".gap") ? row.textContent : calls.text(row)).toLowerCase()])
				.filter(([, text]) => text);
			return texts.filter(([, text]) => words.every((word) => text.includes(word))).map(([row]) => row);
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
					li.firstElementChild.open = true;
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
				for (const details of tree.querySelectorAll("details"))
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
				opened ??= new Set(trees.flatMap((tree) => [...tree.querySelectorAll("details[open]")]));
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
				return at < 0 ? `${hits.length} of ${texts.length} match` : `Match ${at + 1} of ${hits.length}`;
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
				const top = tree.querySelectorAll(":scope > ul > li > details");
				for (const details of tree.querySelectorAll("details"))
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
			field, status, kit.button("Expand all", () => fold(true)), kit.button("Fold", () => fold(false)), ask, keys);
	};

	for (const figure of document.querySelectorAll("figure.trace")) {
		const trees = [...figure.querySelectorAll(".kvt-tree")];
		trees.forEach(listen);
		if (trees.reduce((count, tree) => count + calls.rows(tree).length, 0) <= FEW)
			continue;
		if (trees.length > 1)
			figure.querySelector(".captures").before(bar(trees));
		else
			trees[0].before(bar(trees));
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
