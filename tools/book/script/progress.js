// How far a reader has come: where they were, what they have read, and which
// exercises they have tried or solved.  It stays in the browser, which may
// refuse to keep it; then it lasts as long as the page.
const progress = {
	// A page, and the id and the words of the heading there; or nothing.
	at: null,
	// The pages of the chapters that are read, and the sections of others.
	read: new Set(),
	seen: new Map(),
	// "04-vcpu.html#exercise-1" to "tried" or "solved".
	exercises: new Map(),

	// What the browser has, in any form: an older book may have left it.
	load() {
		let kept = {};
		try {
			kept = JSON.parse(kit.kept("progress")) ?? {};
		} catch {
			// Not ours.
		}
		const list = (value) => Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
		const pairs = (value) => Object.entries(value && typeof value === "object" ? value : {});
		progress.at = typeof kept.at?.page === "string" ? kept.at : null;
		progress.read = new Set(list(kept.read));
		progress.seen = new Map(pairs(kept.seen).map(([page, ids]) => [page, new Set(list(ids))]));
		progress.exercises = new Map(pairs(kept.exercises).filter(([, state]) => ["tried", "solved"].includes(state)));
	},

	// Tells whoever shows it.
	changed() {
		document.dispatchEvent(new CustomEvent("progress"));
	},

	save() {
		keep("progress", JSON.stringify({
			at: progress.at,
			read: [...progress.read],
			seen: Object.fromEntries([...progress.seen].map(([page, ids]) => [page, [...ids]])),
			exercises: Object.fromEntries(progress.exercises),
		}));
		progress.changed();
	},

	forget() {
		progress.at = null;
		for (const kept of [progress.read, progress.seen, progress.exercises])
			kept.clear();
		keep("progress", null);
		progress.changed();
	},

	isEmpty: () => !progress.at && !progress.read.size && !progress.seen.size && !progress.exercises.size,

	// A chapter of which no section is left to see is read, until the reader
	// says otherwise.
	setRead(page, isRead) {
		progress.read[isRead ? "add" : "delete"](page);
		progress.seen.delete(page);
		progress.save();
	},

	setExercise(name, state) {
		if (state)
			progress.exercises.set(name, state);
		else
			progress.exercises.delete(name);
		progress.save();
	},
};
progress.load();
// Another page of the book has said something, or this one has slept meanwhile.
addEventListener("storage", ({ key }) => {
	if (key === "progress" || key === null) {
		progress.load();
		progress.changed();
	}
});
addEventListener("pageshow", ({ persisted }) => {
	if (persisted) {
		progress.load();
		progress.changed();
	}
});

// On a chapter's page: notes the section that path.js marks, and when the last
// one has been seen.
{
	const page = document.querySelector(".chapters a.here[title='this page']")?.getAttribute("href");
	const toc = document.querySelector(".toc");
	const end = document.querySelector(".turn");
	const sections = [...toc?.querySelectorAll(":scope > ul > li > a[href^='#']") ?? []];

	const id = (link) => decodeURIComponent(link.hash.slice(1));
	const isInWindow = (link) => {
		const { top } = document.getElementById(id(link))?.getBoundingClientRect() ?? { top: -1 };
		return top >= 0 && top < innerHeight;
	};

	const note = (link) => {
		progress.at = { page, id: id(link), words: link.textContent.trim() };
		const section = sections.find((one) => one.parentElement.contains(link));
		if (section && !progress.read.has(page)) {
			const seen = progress.seen.get(page) ?? new Set();
			progress.seen.set(page, seen.add(id(section)));
		}
		progress.save();
	};

	// At the end of the chapter the last headings may be too low to be marked.
	const atEnd = () => {
		const seen = progress.seen.get(page) ?? new Set();
		if (!progress.read.has(page) && sections.every((link) => seen.has(id(link)) || isInWindow(link)))
			progress.setRead(page, true);
	};

	if (page && sections.length) {
		new MutationObserver((changes) => {
			for (const { target } of changes)
				if (target.hasAttribute("aria-current"))
					note(target);
		}).observe(toc, { attributes: true, attributeFilter: ["aria-current"], subtree: true });
		new IntersectionObserver((entries) => {
			if (entries.at(-1).isIntersecting)
				atEnd();
		}).observe(end);
	}
}
