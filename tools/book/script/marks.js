// Shows how far a reader has come (progress.js): in the menu of chapters, on the
// first page, below a chapter, at its exercises.
{
	const chapters = [...document.querySelectorAll(".chapters li a")];
	const page = chapters.find((link) => link.title === "this page")?.getAttribute("href");
	const titles = new Map(chapters.map((link) => {
		const number = link.querySelector(".no")?.textContent ?? "";
		return [link.getAttribute("href"), [number, link.textContent.replace(/\s+/g, " ").trim().slice(number.length).trim()]];
	}));

	// A sign at a link, and its meaning for who does not see it.
	const signs = { read: ["✓", "read"], solved: ["✓", "solved"], tried: ["○", "tried"] };
	const mark = (link, state) => {
		link.querySelector(":scope > .state")?.remove();
		if (state) {
			const [sign, words] = signs[state];
			link.append(kit.make("span", { class: `state ${state}` }, kit.make("span", { "aria-hidden": "true" }, ` ${sign}`), kit.make("span", { class: "aloud" }, `, ${words}`)));
		}
	};

	// Where the reader was, as a link: "Continue: 7. Who keeps a VM alive, The program".
	const onward = () => {
		const { at } = progress;
		if (!at || !titles.has(at.page))
			return null;
		const [number, title] = titles.get(at.page);
		const hash = typeof at.id === "string" && at.id ? `#${encodeURIComponent(at.id)}` : "";
		return kit.make("a", { class: "onward", href: at.page + hash },
			kit.make("b", {}, `Continue with ${/[A-Z]/.test(number) ? "appendix" : "chapter"} ${number}`), ` ${title}${at.words ? `: ${at.words}` : ""}`);
	};

	// ---- The menu, and the first page.

	const sheet = document.querySelector(".chapters .sheet");
	const kept = kit.make("div", { class: "kept" });
	// It stays the same: a button that is replaced when it is pressed would be a
	// click outside of the menu.
	const forget = kit.button("Forget what I have read", () => {
		progress.forget();
		kit.say("Forgotten");
		sheet.querySelector("a").focus();
	}, { title: "It is kept in this browser, and nowhere else" });
	const showKept = () => {
		const known = chapters.filter((link) => progress.read.has(link.getAttribute("href"))).length;
		kept.hidden = progress.isEmpty();
		const link = progress.at?.page === page ? null : onward();
		kept.replaceChildren(...link ? [link] : [], kit.make("span", {}, `${known} of ${chapters.length} read`), forget);
	};

	const begin = document.querySelector(".begin");
	const showBegin = () => {
		begin.querySelector(".onward")?.remove();
		const link = onward();
		if (link)
			begin.prepend(link);
	};

	// ---- Below a chapter: a switch, for who reads otherwise than by scrolling.

	const turn = document.querySelector(".turn");
	const done = page && turn && kit.button("", () => progress.setRead(page, !progress.read.has(page)), { class: "done" });
	const showDone = () => {
		const isRead = progress.read.has(page);
		done.textContent = isRead ? "✓ You have read this chapter" : "Mark this chapter as read";
		done.setAttribute("aria-pressed", isRead);
	};

	// ---- At an exercise: what the reader says of it.

	const exercises = page ? [...document.querySelectorAll(".exercise[id], .task[id]")] : [];
	const stateOf = (exercise) => progress.exercises.get(`${page}#${exercise.id}`);
	const switches = new Map(exercises.map((exercise) => [exercise, ["tried", "solved"].map((state) => {
		const does = () => progress.setExercise(`${page}#${exercise.id}`, stateOf(exercise) === state ? null : state);
		return [state, kit.button("", does)];
	})]));
	const showSwitches = (exercise) => {
		for (const [state, button] of switches.get(exercise)) {
			const isSo = stateOf(exercise) === state;
			button.textContent = `${isSo ? `${signs[state][0]} ` : ""}${state === "tried" ? "Tried" : "Solved"}`;
			button.setAttribute("aria-pressed", isSo);
		}
	};

	// ---- Links to exercises, wherever they are.

	const toExercises = [...document.querySelectorAll("a.to-exercise")];

	const show = () => {
		for (const link of [...chapters, ...document.querySelectorAll(".contents .to-chapter")])
			mark(link, progress.read.has(link.getAttribute("href")) ? "read" : null);
		for (const link of toExercises)
			mark(link, progress.exercises.get(link.getAttribute("href")));
		showKept();
		if (begin)
			showBegin();
		if (done)
			showDone();
		exercises.forEach(showSwitches);
	};

	sheet?.append(kept);
	if (done)
		turn.before(kit.make("p", { class: "done" }, done));
	for (const [exercise, both] of switches)
		(exercise.querySelector(":scope > .box-title, :scope > p") ?? exercise).append(
			kit.make("span", { class: "states", role: "group", "aria-label": "This exercise" }, ...both.map(([, button]) => button)));
	document.addEventListener("progress", show);
	show();
}
