// Searches SEARCH_ROWS with lunr, whose index is SEARCH_INDEX: all three stand
// before this in search-index.js.  Ours is how the book's words are asked for,
// and how what was found is shown.
const SEARCH = (() => {
	const KIND = 0, URL = 1, TITLE = 2, WHERE = 3, TEXT = 4, CODE = 5;
	const GROUPS = [
		["call", "Ioctls and errors", 6],
		["function", "Functions", 8],
		["term", "Terms", 4],
		["section", "Sections", 12],
	];
	// They are asked for only when there are no others.
	const SMALL = new Set(("a an and are as at be but by can do does for from has have how i if in into is it its my no not of on or so " +
		"than that the then there this to was what when where which who why will with you").split(" "));
	const words = text => text.toLowerCase().match(/[a-z0-9_]*[a-z0-9][a-z0-9_]*/g) || [];

	// As in tools/book/search-index, which left out what the vectors say as well:
	// which rows have a term.
	const stem = token => token.toString().includes("_") ? token : lunr.stemmer(token).update(word => word.replace(/y$/, "i"));
	lunr.Pipeline.registerFunction(stem, "stem");
	const { terms, ...made } = SEARCH_INDEX;
	const entries = terms.split(" ").map((term, number) => [term, { _index: number, ...Object.fromEntries(made.fields.map(field => [field, {}])) }]);
	const there = {};
	for (const [ref, vector] of made.fieldVectors) {
		const [field, row] = ref.split("/");
		for (let i = 0; i < vector.length; i += 2)
			entries[vector[i]][1][field][row] = there;
	}
	const index = lunr.Index.load({ ...made, invertedIndex: entries.sort(([a], [b]) => a < b ? -1 : 1) });

	// Row → score for one word, as it is, as the beginning of another or, in a name,
	// as a piece of it, and if there is none, misspelled.  Terms gets what it means.
	const look = (word, terms) => {
		const scores = new Map(), { LEADING, TRAILING } = lunr.Query.wildcard;
		const ask = (how, share) => {
			for (const { ref, score, matchData } of index.query(query => query.term(word, how))) {
				scores.set(ref, Math.max(scores.get(ref) || 0, score * share));
				if (!how.wildcard)
					Object.keys(matchData.metadata).forEach(term => terms.add(term));
			}
		};
		ask({}, 1);
		if (word.length > 1)
			ask({ usePipeline: false, wildcard: word.includes("_") ? LEADING | TRAILING : TRAILING }, .5);
		if (!scores.size && word.length > 3)
			ask({ usePipeline: false, editDistance: word.length < 8 ? 1 : 2 }, .5);
		return scores;
	};

	// A function that finds the words of the query, and the terms they mean, in a text.
	const marker = (asked, terms) => {
		const names = [...asked, ...terms].filter(term => term.includes("_")).map(name => name + "[a-z0-9_]*");
		const pattern = new RegExp("(?<![a-z0-9])(?:" + [...names, "[a-z0-9]+"].join("|") + ")", "gi");
		const meant = word => word.includes("_") || asked.some(start => word.startsWith(start)) || terms.has(String(stem(new lunr.Token(word))));
		return text => [...text.matchAll(pattern)].map(match => [match.index, match[0]]).filter(([, word]) => meant(word.toLowerCase()));
	};
	// Text as pairs: a piece, and whether it is a match.
	const pieces = (text, mark) => {
		const list = [];
		let from = 0;
		for (const [at, word] of mark(text)) {
			list.push([text.slice(from, at), false], [word, true]);
			from = at + word.length;
		}
		return [...list, [text.slice(from), false]].filter(([piece]) => piece);
	};
	// The part of a text in which most of the words are.
	const snippet = (text, mark) => {
		const wide = 170, at = mark(text);
		let start = 0, most = -1;
		for (const [index] of at) {
			const near = at.filter(([other]) => other >= index && other < index + wide - 50);
			const value = new Set(near.map(([, word]) => word.toLowerCase())).size * 10 + near.length;
			if (value > most)
				[most, start] = [value, index];
		}
		start = start > 40 ? text.indexOf(" ", start - 40) + 1 : 0;
		let end = Math.min(text.length, start + wide);
		if (end < text.length)
			end = Math.max(text.lastIndexOf(" ", end), start + 1);
		return [...start ? [["… ", false]] : [], ...pieces(text.slice(start, end), mark), ...end < text.length ? [[" …", false]] : []];
	};
	const shown = ({ fields }, mark) => {
		const text = mark(fields[TEXT]).length || !mark(fields[CODE]).length ? fields[TEXT] : fields[CODE];
		// Some titles are the whole text already.
		const says = text && ["section", "term"].includes(fields[KIND]) && !fields[TITLE].includes(text.replace(/\.$/, ""));
		return { url: fields[URL], where: fields[WHERE], title: pieces(fields[TITLE], mark), snippet: says ? snippet(text, mark) : [] };
	};

	// "EINVAL: a wrong target" and "EINVAL from KVM_RUN" in two.
	const parted = title => /^(E[A-Z0-9]+)(?:[:,]| from)? (.*)$/.exec(title)?.slice(1) ?? /^(.*?): (.*)$/.exec(title)?.slice(1) ?? [title, ""];
	const times = (kind, wheres, count) => kind === "call" ? `from ${count} system calls` : kind !== "section" ? `${count} times`
		: wheres.size > 1 ? `in ${wheres.size} chapters` : `${count} times in ${[...wheres][0]}`;
	// Hits whose titles are equal, or begin with just what was asked, are one row with
	// parts.  The entry of a list that was asked for stays by itself.
	const folded = (hits, asked, mark) => {
		const rows = new Map();
		for (const hit of hits) {
			const title = hit.fields[TITLE], [head, rest] = parted(title), all = new Set(words(head));
			const key = hit.exact && hit.fields[KIND] !== "section" ? hit.row : rest && asked.every(word => all.has(word)) ? head : title;
			rows.set(key, [...rows.get(key) || [], hit]);
		}
		return [...rows].map(([key, same]) => {
			if (same.length < 2)
				return shown(same[0], mark);
			// In the order of the book.
			const parts = same.sort((a, b) => a.row - b.row).map(hit => {
				const part = shown(hit, mark), { fields } = hit;
				return fields[TITLE] === key ? { ...part, title: pieces(fields[WHERE], mark), where: "" }
					: { ...part, title: pieces(parted(fields[TITLE])[1], mark), snippet: [] };
			});
			return { url: parts[0].url, title: pieces(key, mark), snippet: [], parts,
				where: times(same[0].fields[KIND], new Set(same.map(({ fields }) => fields[WHERE])), same.length) };
		});
	};

	// A digit is in many places, and says little of them.
	const worth = word => word.length > 2 ? 1 : .3;

	// Whether the query is what a row is called, its title or a form of a term: 2 to the
	// letter, 1 but for capitals, small words and the order.
	const meaning = text => words(text).filter(word => !SMALL.has(word)).sort().join(" ");
	const exactly = (fields, query) => {
		const names = [fields[TITLE], ...fields[KIND] === "term" ? fields[WHERE].split(", ") : []];
		return names.includes(query) ? 2 : meaning(query) && names.some(name => meaning(name) === meaning(query)) ? 1
			: fields[KIND] === "call" && spelled(fields[TITLE], query) ? .5 : 0;
	};
	// Whether all words of an ioctl's name, two at least, are among those of the query:
	// "how do I create a vCPU".
	const spelled = (title, query) => {
		const name = /^KVM_(?!EXIT_)(?:ARM_)?([A-Z0-9]+_[A-Z0-9_]+)$/.exec(title), asked = words(query.replaceAll("_", " "));
		return name && words(name[1].replaceAll("_", " ")).every(word => asked.includes(word));
	};

	// How much longer a name on a list is than its beginning that was asked for.
	const more = (fields, start) => fields[KIND] !== "section" && start.length > 1 && fields[TITLE].toLowerCase().startsWith(start) ?
		fields[TITLE].length : 1000;

	// { count, groups: [{ kind, title, hits: [{ url, where, title, snippet, parts }] }] }.
	// What is called just as the query comes first, on a list before a section; then
	// the group with the best hit.  Only in a section may words be missing.
	const find = query => {
		const typed = [...new Set(words(query))], large = typed.filter(word => !SMALL.has(word));
		const asked = large.length ? large : typed, terms = new Set(), found = new Map();
		const whole = asked.reduce((sum, word) => sum + worth(word), 0);
		for (const word of asked)
			for (const [row, score] of look(word, terms)) {
				const [sum, count] = found.get(row) || [0, 0];
				found.set(row, [sum + score, count + worth(word) / whole]);
			}
		const mark = marker(asked, terms), start = typed.join(" "), name = query.trim().replace(/\(\)$/, "");
		const hits = [...found].map(([row, [score, share]]) => {
			const fields = SEARCH_ROWS[row];
			return { row: Number(row), fields, score: score * share, share, exact: exactly(fields, name), more: more(fields, start) };
		});
		const groups = GROUPS.map(([kind, title, most]) => {
			const best = hits.filter(({ fields, share, exact }) => fields[KIND] === kind && (kind === "section" ? share > .3 :
				share > .99 || exact || asked.includes(fields[TITLE].toLowerCase())))
				.sort((a, b) => b.exact - a.exact || a.more - b.more || b.score - a.score);
			const rows = folded(best, asked, mark).slice(0, most);
			return { kind, title, hits: rows, exact: best[0]?.exact && (kind === "section" ? 1 : 1 + best[0].exact), best: best[0]?.score,
				count: rows.reduce((sum, row) => sum + (row.parts?.length ?? 1), 0) };
		}).filter(group => group.hits.length).sort((a, b) => b.exact - a.exact || (a.exact ? 0 : b.best - a.best));
		return { count: groups.reduce((sum, group) => sum + group.count, 0), groups };
	};
	return { find };
})();
