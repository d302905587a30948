// Trees of several modes: tabs, one for each and one for all side by side; and
// a word at what only one of them has.  The reader's choice is kept.
{
	const title = (capture) => capture.querySelector(".mode").textContent;
	const groups = [];

	// The same call has the same key in another mode: the root's number does
	// not count, nor where it is, for the trees begin with what was chosen.
	const keys = (tree) => {
		const found = new Map();
		const roots = new Map();
		for (const row of calls.rows(tree)) {
			const above = calls.parent(row);
			const kind = calls.kind(row);
			const own = kind ? calls.step(row) : row.matches(".gap") ? row.textContent : "";
			if (!own)
				continue;
			if (above) {
				found.set(row, `${found.get(above)}/${own}`);
			} else {
				const name = calls.name(row);
				roots.set(name, (roots.get(name) ?? 0) + 1);
				found.set(row, `${name}.${roots.get(name)}`);
			}
		}
		return found;
	};

	const markOnly = (captures) => {
		const all = captures.map((capture) => keys(capture.querySelector(".kvt-tree")));
		const count = new Map();
		for (const found of all)
			for (const key of new Set(found.values()))
				count.set(key, (count.get(key) ?? 0) + 1);
		all.forEach((found, index) => {
			for (const [row, key] of found) {
				if (count.get(key) > 1)
					continue;
				row.closest("li").classList.add("only");
				// What it calls is there alone as well, and need not say so.
				if (calls.parent(row)?.closest("li").matches(".only"))
					continue;
				// Of levels that share a row, that row says it.
				const shared = row.closest("li.through > .row");
				shared?.parentElement.classList.add("only");
				const word = kit.make("span", { class: "only-in" }, `only in ${title(captures[index]).replace(/^(Protected|Nested)$/, (name) => name.toLowerCase())} mode`);
				(shared ?? row).insertBefore(word, shared ? null : calls.part(row, ".loc"));
				word.before(" ");
			}
		});
	};

	const build = (figure, number) => {
		const box = figure.querySelector(".captures");
		const captures = [...box.querySelectorAll(":scope > .capture")];
		const list = kit.make("div", { class: "tabs", role: "tablist", "aria-label": "Mode" });
		const tabs = [...captures, box].map((panel, index) => {
			panel.id ||= `modes-${number}-${index}`;
			const name = panel === box ? "side by side" : panel.querySelector(".kvt-tree").dataset.mode;
			const tab = kit.button(panel === box ? "Side by side" : title(panel), () => chooseAll(name),
				{ role: "tab", id: `${panel.id}-tab`, "aria-controls": panel.id });
			tab.dataset.mode = name;
			list.append(tab);
			return tab;
		});
		const show = (name) => {
			const chosen = tabs.find((tab) => tab.dataset.mode === name) ?? tabs.at(-1);
			const together = chosen === tabs.at(-1);
			for (const tab of tabs) {
				tab.setAttribute("aria-selected", tab === chosen);
				tab.tabIndex = tab === chosen ? 0 : -1;
			}
			[...captures, box].forEach((panel, index) => {
				const tab = tabs[index];
				const is_panel = together ? panel === box : panel !== box;
				panel.toggleAttribute("hidden", panel !== box && !together && tab !== chosen);
				if (is_panel)
					panel.setAttribute("role", "tabpanel");
				else
					panel.removeAttribute("role");
				if (is_panel)
					panel.setAttribute("aria-labelledby", tab.id);
				else
					panel.removeAttribute("aria-labelledby");
			});
			figure.classList.toggle("one-mode", !together);
		};
		list.addEventListener("keydown", (event) => {
			const at = tabs.indexOf(event.target);
			const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
			if (at < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey)
				return;
			event.preventDefault();
			const tab = tabs.at(to % tabs.length);
			chooseAll(tab.dataset.mode);
			tab.focus();
		});
		// Who is led to a row in a mode that is not shown gets to see it.
		box.addEventListener("reveal", (event) => {
			const panel = event.target.closest(".capture");
			if (panel.hidden)
				show(panel.querySelector(".kvt-tree").dataset.mode);
		});
		box.before(list);
		markOnly(captures);
		return { show, modes: tabs.map((tab) => tab.dataset.mode), list };
	};

	// All such trees of the page show the same mode, where they have it; what
	// is above the reader may change its height, but not push the tabs away.
	const chooseAll = (name) => {
		const list = document.activeElement?.closest(".tabs");
		const before = list?.getBoundingClientRect().top;
		for (const group of groups)
			if (group.modes.includes(name))
				group.show(name);
		if (list)
			scrollBy(0, list.getBoundingClientRect().top - before);
		keep("mode", name);
	};

	document.querySelectorAll("figure.trace.modes").forEach((figure, number) => groups.push(build(figure, number)));
	const narrow = matchMedia("(max-width: 59.99rem)").matches;
	for (const group of groups)
		group.show(kit.kept("mode") ?? (narrow ? group.modes[0] : "side by side"));
}
