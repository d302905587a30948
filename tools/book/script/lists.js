// A field above a long list that leaves only the entries with the typed words in
// their names: functions, ioctls, errors, the glossary, the map of KVM.
{
	// What belongs to an element: itself, and what follows up to the next like it.
	const following = (element, stop) => {
		const all = [element];
		for (let next = element.nextElementSibling; next && !next.matches(stop); next = next.nextElementSibling)
			all.push(next);
		return all;
	};

	// An entry is { text, shows }: what is typed is looked for in the text, and the
	// elements are hidden or shown together.
	const entry = (named, ...shows) => ({ text: named.map(({ textContent }) => textContent).join(" ").toLowerCase(), shows });
	// All below an error counts.  Where some of its parts have the words, the rows of its
	// table or what the chapters say, those are what is shown of it.
	const error = says => {
		const all = following(says.previousElementSibling, "h2");
		const parts = all.flatMap(holder => [...holder.querySelectorAll("tbody tr, dt")].map(one => {
			const own = one.matches("tr") ? [one] : following(one, "dt");
			return { ...entry(own, ...own), holder };
		}));
		return { ...entry(all, ...all), name: all[0].textContent.toLowerCase(), parts };
	};
	const narrow = ({ name, parts }, words) => {
		const rest = words.filter(word => !name.includes(word));
		const some = parts.filter(({ text }) => rest.every(word => text.includes(word)));
		for (const { shows, holder } of parts) {
			const gone = some.length > 0 && rest.length > 0;
			shows.forEach(one => { one.hidden = gone; });
			holder.hidden = gone;
		}
		for (const { shows, holder } of some)
			[holder, ...shows].forEach(one => { one.hidden = false; });
	};
	const kinds = {
		"main > .says": ["errors", error],
		"main > dl.listed > div": ["", div => entry([div.querySelector("dt")], div)],
		".glossary > dl > dt": ["terms", dt => entry([dt], ...following(dt, "dt"))],
		"main > .coverage li": ["functions", li => entry([li.querySelector("code") ?? li], li)],
	};

	const build = () => {
		const found = Object.entries(kinds).map(([selector, [name, make]]) => [name, [...document.querySelectorAll(selector)].map(make)])
			.filter(([, entries]) => entries.length > 0);
		if (!found.length)
			return;
		const entries = found.flatMap(([, some]) => some);
		const name = found.length > 1 ? "entries" : found[0][0] || document.querySelector("h1").textContent.toLowerCase();
		// What holds entries is shown while it has one: a heading with all below it, a
		// file of the map.  The rest of a section is no entry and gives way.
		const own = new Set(entries.flatMap(({ shows }) => shows));
		const holders = [...document.querySelectorAll("main > h2, main > .coverage details")].map(element => {
			const all = element.matches("h2") ? following(element, "h2, .turn") : [element];
			return { element, all: all.filter(one => !own.has(one)), inside: entries.filter(({ shows }) => all.some(one => one.contains(shows[0]))) };
		}).filter(({ element }) => !own.has(element));

		const input = kit.make("input", { type: "search", "aria-label": `Filter the ${name}`, placeholder: `Filter ${entries.length} ${name}`,
			autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
		const status = kit.make("p", { class: "left", role: "status" });
		const letters = document.querySelector("main > .letters");
		const bar = kit.make("div", { class: "finder" }, letters, kit.make("div", { class: "ask-list" }, input, status));
		(document.querySelector("main > h2") ?? entries[0].shows[0].closest("main > *")).before(bar);

		let opened = [];
		const filter = () => {
			const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
			let count = 0;
			for (const { text, shows, ...rest } of entries) {
				const fits = words.every(word => text.includes(word));
				count += fits;
				for (const element of shows)
					element.hidden = !fits;
				if (fits && rest.parts)
					narrow(rest, words);
			}
			opened.forEach(details => { details.open = false; });
			opened = [];
			for (const { element, all, inside } of holders) {
				const some = inside.some(({ shows }) => !shows[0].hidden);
				for (const one of all)
					one.hidden = words.length > 0 && !(some && (one === element || inside.some(({ shows }) => one.contains(shows[0]))));
				if (words.length > 0 && some && element.matches("details:not([open])")) {
					element.open = true;
					opened.push(element);
				}
			}
			// What is left may have been above the window, where the bar stays in sight.
			const over = bar.previousElementSibling.getBoundingClientRect().bottom - bar.getBoundingClientRect().top;
			if (words.length > 0 && over < -100)
				scrollBy(0, over);
			status.textContent = words.length ? `${count} of ${entries.length}` : "";
		};
		const clear = () => {
			input.value = "";
			filter();
		};
		input.addEventListener("input", filter);
		input.addEventListener("keydown", event => {
			if (event.key === "Escape" && input.value) {
				event.preventDefault();
				clear();
			}
		});
		// A link to an entry that is filtered out shows it again.
		const follow = () => {
			const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
			if (target?.closest("[hidden]")) {
				clear();
				target.scrollIntoView();
			}
		};
		addEventListener("hashchange", follow);
		// A browser that comes back to the page keeps what was typed.
		filter();
		addEventListener("pageshow", filter);
	};
	build();
}
