// Search: a button, or the key "/", opens a dialog.  What there is to find is
// in search-index.js, which is loaded when it is first asked for.
{
	let index;		// a promise of it
	const load = () => index ??= new Promise((done, failed) => {
		const script = document.createElement("script");
		script.src = "search-index.js";
		script.addEventListener("load", () => done(SEARCH));
		script.addEventListener("error", () => {
			index = undefined;
			script.remove();
			failed();
		});
		document.head.append(script);
	});

	const element = (name, attributes, ...children) => {
		const made = document.createElement(name);
		for (const [key, value] of Object.entries(attributes))
			made.setAttribute(key, value);
		made.append(...children);
		return made;
	};
	const button = element("button", { type: "button", class: "open-search", "aria-keyshortcuts": "/", title: "Search (/)" }, "Search");
	const input = element("input", { type: "search", "aria-label": "Search the book", placeholder: "kvm_vcpu_ioctl, EBUSY, stage 2 fault",
		autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "go" });
	const close = element("button", { type: "button" }, "Close");
	const status = element("p", { class: "found", role: "status" });
	const results = element("div", { class: "results" });
	const dialog = element("dialog", { class: "search", "aria-label": "Search" },
		element("div", { class: "ask" }, input, close), status, results);

	const marked = pieces => pieces.map(([text, match]) => match ? element("mark", {}, text) : text);
	const named = ({ title, where }) => [element("span", { class: "hit" }, ...marked(title)), " ", element("span", { class: "where" }, where)];
	// A row with parts opens to show them.
	const hit = row => element("li", {}, row.parts
		? element("details", {}, element("summary", {}, ...named(row)), element("ul", {}, ...row.parts.map(hit)))
		: element("a", { href: row.url }, ...named(row),
			...row.snippet.length ? [element("span", { class: "snippet" }, ...marked(row.snippet))] : []));

	const say = (query, count) => {
		status.textContent = !query ? "" : !count ? "Nothing found" : count === 1 ? "1 result" : `${count} results`;
	};
	const show = async () => {
		const query = input.value.trim();
		let found;
		try {
			found = (await load()).find(query);
		} catch {
			status.textContent = "The index, search-index.js, is not beside this page.";
			return;
		}
		// Meanwhile somebody may have typed on.
		if (query !== input.value.trim())
			return;
		results.replaceChildren(...found.groups.map(({ kind, title, hits }) => element("section", { class: kind },
			element("h2", {}, title), element("ul", {}, ...hits.map(hit)))));
		results.scrollTop = 0;
		say(query, found.count);
	};

	const open = () => {
		if (!dialog.isConnected)
			document.body.append(dialog);
		if (!dialog.open)
			dialog.showModal();
		input.select();
		// The index is loaded while the first word is typed.
		load().catch(() => {});
	};

	let timer;
	input.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(show, 80);
	});
	close.addEventListener("click", () => dialog.close());
	button.addEventListener("click", open);
	// A click beside the dialog; and one on a result that is on this page.
	dialog.addEventListener("click", event => {
		if (event.target === dialog || event.target.closest("a"))
			dialog.close();
	});

	// The arrows go from the words through the results and back.
	const step = way => {
		const stops = [input, ...results.querySelectorAll("summary, li > a:not(details:not([open]) *)")];
		const next = stops.indexOf(document.activeElement) + way;
		if (next >= 0 && next < stops.length) {
			stops[next].focus();
			stops[next].scrollIntoView({ block: "nearest" });
		}
	};
	dialog.addEventListener("keydown", async event => {
		if (event.isComposing)
			return;
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			step(event.key === "ArrowDown" ? 1 : -1);
		} else if (event.key === "Escape") {
			// A search field would only empty itself.
			event.preventDefault();
			dialog.close();
		} else if (event.key === "Enter" && event.target === input) {
			event.preventDefault();
			clearTimeout(timer);
			await show();
			results.querySelector("summary, a")?.click();
		} else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && event.target.matches("summary")) {
			event.target.parentElement.open = event.key === "ArrowRight";
		} else if (event.target !== input && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ") {
			input.focus();
		}
	});
	document.addEventListener("keydown", event => {
		const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
		if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]"))
			return;
		event.preventDefault();
		open();
	});
	document.querySelector(".tools")?.append(button);
}
