// TAP: queries and what they find, in search-index.js of the built book.
const fs = require("fs"), vm = require("vm"), zlib = require("zlib");
const out = process.argv[2];
const source = fs.readFileSync(`${out}/search-index.js`, "utf8");
const { rows, find, terms, stem } = vm.runInNewContext(source + `; ({ rows: SEARCH_ROWS, find: SEARCH.find,
	terms: SEARCH_INDEX.terms.split(" "), stem: word => String(lunr.Pipeline.load(["stem"]).runString(word)) })`);

let count = 0;
const ok = (passed, name, why = "") => {
	console.log(`${passed ? "ok" : "not ok"} ${++count} - ${name}`);
	if (!passed && why)
		console.log("# " + String(why).replaceAll("\n", "\n# "));
};
const urls = (query, kind) => find(query).groups.filter(group => !kind || group.kind === kind)
	.flatMap(group => group.hits.map(hit => hit.url));
const text = pieces => pieces.map(([piece]) => piece).join("");
const marks = hit => [hit, ...hit.parts || []].flatMap(({ title, snippet }) => [...title, ...snippet]).filter(([, match]) => match).map(([piece]) => piece.toLowerCase());

// The query, the group, and what is first in it.
for (const [query, kind, first] of [
	["EEXIST KVM_RUN", "call", "errors.html#EEXIST"],
	["EINVAL KVM_RUN", "call", "errors.html#EINVAL-KVM_RUN"],
	["kvm_run", "call", "ioctls.html#KVM_RUN"],
	["KVM_EXIT_MMIO", "call", "errors.html#KVM_EXIT_MMIO"],
	["kvm_vcpu_ioctl", "function", "functions.html#kvm_vcpu_ioctl"],
	["kvm_vcpu_ioctl()", "function", "functions.html#kvm_vcpu_ioctl"],
	["kvm_vcpu_ioct", "function", "functions.html#kvm_vcpu_ioctl"],
	["vcpu_load", "function", "functions.html#vcpu_load"],
	["memslots swap", "function", "functions.html#kvm_swap_active_memslots"],
	["kvm_vcpu_iotcl", "function", "functions.html#kvm_vcpu_ioctl"],
	["hypercals", "term", "glossary.html#hypercall"],
	["stage 2 fault", "term", "glossary.html#stage-2-fault"],
	["psci", "term", "glossary.html#psci"],
	["what is a VMID?", "term", "glossary.html#vmid"],
	["two slots at one IPA", "section", "08-memslot.html#wrong-eexist-two-slots-at-one-ipa"],
	["the world switch", "section", "11-run.html#the-world-switch"],
	["usermod kvm", "section", "01-open.html#wrong-eacces-you-may-not-open-it"],
	["pthread_create", "section", "11-run.html#exercise-3"],
	// The words of those who ask.
	["KVM_EXIT_HLT wfi", "section", "11-run.html#wrong-no-exit-for-an-idle-guest"],
	["idle guest wfi no exit", "section", "11-run.html#wrong-no-exit-for-an-idle-guest"],
	["advance program counter after mmio", "section", "12-mmio.html#wrong-a-program-counter-moved-twice"],
	["KVM_CREATE_VM EINVAL type 0", "section", "03-vm.html#wrong-einval-a-type-that-does-not"],
	["load/store instruction decoding not implemented", "section", "c-exits.html#wrong-enosys-load-store-instruction-decoding-not"],
	["single step interrupt handler", "section", "14-debug.html#wrong-a-step-that-ends-in-the"],
]) {
	const found = urls(query, kind);
	ok(found[0] === first, `"${query}" finds ${first}`, found.slice(0, 5).join("\n") || "nothing");
}

// What has an entry on a list of the book: that entry is the very first.
for (const [query, first] of [
	["EINVAL", "errors.html#EINVAL"],
	["EBUSY", "errors.html#EBUSY"],
	["e2big", "errors.html#E2BIG"],
	["EINVAL from KVM_RUN", "errors.html#EINVAL-KVM_RUN"],
	["KVM_RUN EINVAL", "errors.html#EINVAL-KVM_RUN"],
	["KVM_RUN", "ioctls.html#KVM_RUN"],
	["KVM_EXIT_MMIO", "errors.html#KVM_EXIT_MMIO"],
	["kvm_vcpu_ioctl", "functions.html#kvm_vcpu_ioctl"],
	["handle_exit()", "functions.html#handle_exit"],
	["memslot", "glossary.html#memslot"],
	["stage-2 faults", "glossary.html#stage-2-fault"],
	["SRCU", "glossary.html#srcu"],
	["the world switch", "glossary.html#world-switch"],
	// The beginning of a name: the shortest that begins so.
	["kvm_vcpu_ioct", "functions.html#kvm_vcpu_ioctl"],
	["KVM_CREATE_V", "ioctls.html#KVM_CREATE_VM"],
	// Two are called so, but for the capitals or the order.
	["KVM_CREATE_VM", "ioctls.html#KVM_CREATE_VM"],
	["kvm_create_vm", "functions.html#kvm_create_vm"],
	// In the words of those who do not know how it is spelled.
	["create vcpu", "ioctls.html#KVM_CREATE_VCPU"],
	["how do I create a vCPU", "ioctls.html#KVM_CREATE_VCPU"],
	["create_vcpu fails", "ioctls.html#KVM_CREATE_VCPU"],
	["what does KVM_CREATE_VCPU make, and what refuses it?", "ioctls.html#KVM_CREATE_VCPU"],
	["vcpu init", "ioctls.html#KVM_ARM_VCPU_INIT"],
	["register id", "glossary.html#register-id"],
	["Register ID", "glossary.html#register-id"],
	["arm64", "glossary.html#arm64"],
])
	ok(urls(query)[0] === first, `"${query}" finds ${first} before all else`, urls(query).slice(0, 5).join("\n") || "nothing");

// Equal titles are one row with parts.
const invalid = find("EINVAL").groups;
const causes = invalid.find(group => group.kind === "section").hits[0];
ok(text(causes.title) === "EINVAL" && /^in [12]\d chapters$/.test(causes.where), "the causes of an error are one row", JSON.stringify([causes.title, causes.where]));
ok(causes.parts.length > 25 && causes.parts.every(({ title }) => !text(title).startsWith("EINVAL")), "... whose parts are the conditions");
ok(causes.parts.some(({ title, where, url }) => text(title) === "a wrong PSTATE" && where === "C. Rare exits" && url === "c-exits.html#wrong-einval-a-wrong-pstate"),
	"... each with its chapter and its place");
ok(causes.parts.map(({ url }) => url).join() === causes.parts.map(({ url }) => url).sort((a, b) => rows.findIndex(row => row[1] === a) - rows.findIndex(row => row[1] === b)).join(),
	"... in the order of the book");
const calls = invalid[0].hits;
ok(text(calls[0].title) === "EINVAL" && !calls[0].parts && calls[1].parts.length > 10 && /^from \d+ system calls$/.test(calls[1].where), "an error's entry stands by itself, before the system calls");
ok(find("EINVAL").count > 60 && find("EINVAL").count === invalid.flatMap(group => group.hits).reduce((sum, { parts }) => sum + (parts?.length ?? 1), 0), "each part counts");
ok(!find("wrong PSTATE").groups.some(group => group.hits.some(({ parts }) => parts?.some(({ url }) => url.endsWith("a-wrong-pstate")))), "a condition that is asked for stands by itself");
const into = find("into the kernel").groups[0].hits[0];
ok(into.parts.length > 3 && /^\d+\. /.test(text(into.parts[0].title)) && into.parts.some(({ snippet }) => snippet.length), "a heading of many chapters is one row, too", JSON.stringify(into));
for (const query of ["EINVAL", "EBUSY", "KVM_RUN", "what goes wrong", "vcpu", "the program"]) {
	const twice = find(query).groups.map(group => group.hits.map(({ title, parts }) => text(title) + (parts ? " …" : "")))
		.flatMap(titles => titles.filter((title, index) => titles.indexOf(title) < index));
	ok(!twice.length, `no title is there twice for "${query}"`, twice.join("\n"));
}

// What an entry of What goes wrong is called, and what a row says below its title.
const wrong = rows.filter(row => row[1].includes("#wrong-"));
ok(wrong.length > 70 && !wrong.some(row => /^E[A-Z0-9]+$/.test(row[2])), "the title of a cause says the condition", wrong.map(row => row[2]).filter(title => /^E[A-Z0-9]+$/.test(title)).join("\n"));
const title = id => rows.find(row => row[1].endsWith(id))?.[2];
for (const [id, called] of [
	["11-run.html#wrong-einval", "EINVAL: the argument of KVM_RUN is not 0"],
	["c-exits.html#wrong-einval-from-kvm_set_vcpu_events-2", "EINVAL from KVM_SET_VCPU_EVENTS: a syndrome, on a processor without RAS, the extension for errors, where an SError cannot have one"],
	["15-psci.html#wrong-2", "-2 INVALID_PARAMETERS: there is no such processor, or AFFINITY_INFO’s level in x2 is more than 3"],
	["04-vcpu.html#wrong-enomem", "ENOMEM may come from any allocation"],
	["10-regs.html#wrong-e2big", "E2BIG: The list is longer than your n, which now has the right number"],
])
	ok(title(id) === called, `${id} is "${called}"`, title(id));
const doubled = wrong.filter(row => row[2].includes(": ") && row[4].startsWith(row[2]));
ok(!doubled.length, "... and the text does not say it again", doubled.map(row => row[2]).join("\n"));
const leaks = rows.flatMap(row => row.slice(2, 5)).filter(part => /\]\(|\*\*|``|&[a-z]+;| {2}| [,.;](?![a-z])|:::|<\/?[a-z]+>(?!_EL)|: here$|✓| $|· ·|: the same(:|$)|·$/.test(part));
ok(rows.some(row => row[4].includes("EINVAL · the argument of KVM_RUN is not 0 · kvm_vcpu_ioctl()")), "the cells of a table stand apart");
ok(!leaks.length, "no row has marks of the source in it", leaks.join("\n"));

const groups = query => find(query).groups.map(group => group.kind).join(" ");
ok(groups("user_mem").startsWith("function"), "the group with the best hit is first: a function", groups("user_mem"));
ok(groups("stage 2 fault").startsWith("term"), "... a term", groups("stage 2 fault"));
ok(urls("vcpu_load", "function").includes("functions.html#kvm_arch_vcpu_load"), "a piece of a name finds the name");
ok(urls("abort", "function").includes("functions.html#user_mem_abort"), "... and so does a word of it");
ok(urls("memslots", "term").includes("glossary.html#memslot"), "a plural finds the word");
ok(urls("MEMSLOT").join() === urls("memslot").join(), "capitals do not matter");
for (const query of ["xyzzyqqq", "", "  ", "()", "%$"])
	ok(find(query).count === 0, `"${query}" finds nothing`, urls(query).join("\n"));
ok(find("the").count >= 0 && find("a.*[b(").count >= 0, "no query breaks it");

const digits = find("stage 2 fault").groups.find(group => group.kind === "section").hits;
ok(digits.every(hit => marks(hit).some(piece => piece !== "2")), "a digit alone finds nothing", digits.map(hit => hit.url).join("\n"));

const hit = find("immediate_exit signal").groups.find(group => group.kind === "section").hits[0];
ok(marks(hit).includes("immediate_exit"), "a snippet has the match marked", JSON.stringify(hit));
ok(text(hit.snippet).length < 200, "... and is short");
ok(hit.where.startsWith("11. Run"), "... with its chapter", hit.where);
ok(find("vmid").count === find("vmid").groups.reduce((sum, group) => sum + group.hits.length, 0), "the number of results is right");
ok(!rows.some(row => /Three\.\s+The new one is a data abort/.test(row[4])), "no snippet gives a solution away");

// The index is made by another lunr than the one that reads it.
const known = new Set(terms);
const strange = rows.flatMap(row => row.slice(2).join(" ").toLowerCase().match(/[a-z0-9]+/g) || []).filter(word => !known.has(stem(word)));
ok(known.size > 2000 && !strange.length, `${known.size} terms are what the browser makes of the words, too`, strange.slice(0, 20).join("\n"));
ok(/Copyright .*Oliver Nightingale/.test(source) && source.includes("Permission is hereby granted, free of charge"), "lunr has its license with it");
ok(!source.includes("sourceMappingURL"), "... and names no file that is not there");

// Every address in it leads somewhere.
const ids = {};
const broken = rows.map(row => row[1]).filter(url => {
	const [page, id] = url.split("#");
	if (!ids[page]) {
		const file = `${out}/${page}`;
		ids[page] = fs.existsSync(file) ? new Set([...fs.readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(match => match[1])) : new Set();
	}
	return id === undefined ? !ids[page].size : !ids[page].has(id);
});
ok(!broken.length, `each of ${rows.length} addresses leads somewhere`, broken.join("\n"));
for (const [kind, least] of [["call", 100], ["function", 400], ["term", 50], ["section", 250]]) {
	const many = rows.filter(row => row[0] === kind).length;
	ok(many >= least, `${many} of the kind "${kind}"`);
}
// A page loads it only when its reader begins to search, so it may grow with the
// book. A chapter takes 20 kB with all of its lists; one that takes many more
// says that the index holds something twice.
const CHAPTER = 22000;
const chapters = fs.readdirSync(out).filter(name => /^(\d\d|[a-z])-.*(?<!-tree)\.html$/.test(name)).length;
const size = zlib.gzipSync(source).length;
ok(size < chapters * CHAPTER, `${Math.round(size / 1000)} kB, packed, for ${chapters} chapters`);

// Without scripts there is no button; with them it is loaded when asked for.
const pages = fs.readdirSync(out).filter(name => /^[^.].*\.html$/.test(name)).map(name => fs.readFileSync(`${out}/${name}`, "utf8"));
ok(!pages.some(page => /<script[^>]*search-index|<button[^>]*search/.test(page)), "no page loads the index, or has a button of its own");
ok(pages.every(page => ["functions", "ioctls", "errors", "glossary"].every(name => page.includes(`href="${name}.html"`))), "every page leads to the lists");
console.log(`1..${count}`);
